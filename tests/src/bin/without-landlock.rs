//! `without-landlock PROGRAM …` becomes a program for which the kernel has no Landlock.

use std::{collections::BTreeMap, os::unix::process::CommandExt, process::Command};

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

fn main() {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [program, rest @ ..] = arguments.as_slice() else { return };
    #[expect(clippy::disallowed_methods, reason = "it becomes the program that is tested")]
    match bind() {
        Ok(()) => eprintln!("{}", Command::new(program).args(rest).exec()),
        Err(error) => eprintln!("{error}"),
    }
}

/// The calls of Landlock fail as on a kernel that was built without it.
fn bind() -> Result<(), Box<dyn std::error::Error>> {
    let calls = [libc::SYS_landlock_create_ruleset, libc::SYS_landlock_add_rule, libc::SYS_landlock_restrict_self];
    let rules = calls.map(|call| (call, Vec::new()));
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let missing = SeccompAction::Errno(libc::ENOSYS.cast_unsigned());
    let filter = SeccompFilter::new(BTreeMap::from(rules), SeccompAction::Allow, missing, arch)?;
    seccompiler::apply_filter(&BpfProgram::try_from(filter)?)?;
    Ok(())
}
