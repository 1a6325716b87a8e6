//! A process gives up what reading a file doesn't need. There is no way back.

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, Scope,
    path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::{Limits, syscalls};

/// Why a process could not be bound. Then it must not read anything.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error("its limits could not be set ({0})")]
    Limits(#[from] rustix::io::Errno),
    #[error("Landlock could not be set up ({0})")]
    Landlock(#[from] landlock::RulesetError),
    #[error("seccomp could not be set up ({0}); the kernel must be built with CONFIG_SECCOMP_FILTER")]
    Seccomp(#[from] seccompiler::Error),
}

/// What a process is for.
#[derive(Clone, Copy)]
pub(super) enum Role<'f> {
    /// Reads files that come over a pipe.
    Reader,
    /// Becomes another program, which does so.
    Tool,
    /// Becomes another program, which makes files in this folder.
    Converter(&'f Path),
}

/// What is left to the process.
pub(super) struct Sandbox<'f> {
    pub(super) limits: Limits,
    /// Folders that it may read, and run programs of if it is to become another.
    pub(super) readable: Vec<PathBuf>,
    pub(super) role: Role<'f>,
}

impl Sandbox<'_> {
    /// Binds this process and all it starts. Call it while there is one thread.
    ///
    /// Landlock is as strict as the kernel allows (it came with 5.13, its network rules with 6.7); seccomp alone keeps the
    /// process from sockets, other processes and writing, and is required. A converter writes: only Landlock keeps that to
    /// its folder, and is required too.
    pub(super) fn enter(&self) -> Result<(), SandboxError> {
        let mut most = vec![(Resource::As, self.limits.memory), (Resource::Core, 0)];
        match self.role {
            Role::Reader | Role::Tool => most.extend([(Resource::Fsize, 0), (Resource::Nofile, 64)]),
            Role::Converter(_) => most.extend([
                (Resource::Fsize, self.limits.output as u64),
                (Resource::Nofile, 256),
                // Nobody moves it on: it reads one file and ends.
                (Resource::Cpu, self.limits.processor.as_secs()),
            ]),
        }
        for (resource, most) in most {
            setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
        }
        self.landlock()?;
        let filters = syscalls::filters(self.role).map_err(seccompiler::Error::Backend)?;
        for filter in &filters {
            seccompiler::apply_filter(filter)?;
        }
        Ok(())
    }

    fn landlock(&self) -> Result<(), SandboxError> {
        let abi = ABI::V6;
        let mut rules = Ruleset::default();
        let (reading, writable) = match self.role {
            Role::Reader => (AccessFs::ReadFile | AccessFs::ReadDir, None),
            Role::Tool => (AccessFs::from_read(abi), None),
            Role::Converter(folder) => {
                rules = rules.set_compatibility(CompatLevel::HardRequirement).handle_access(AccessFs::from_all(ABI::V1))?;
                (AccessFs::from_read(abi), Some(folder))
            }
        };
        rules
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .scope(Scope::from_all(abi))?
            .create()?
            .add_rules(path_beneath_rules(&self.readable, reading))?
            .add_rules(path_beneath_rules(writable, own_folder()))?
            .restrict_self()?;
        Ok(())
    }
}

/// Enough to make, change and remove files and folders, and a socket. Not to move one into another folder, which would
/// let folders be nested without an end, nor to run what was made.
fn own_folder() -> BitFlags<AccessFs> {
    AccessFs::ReadFile
        | AccessFs::ReadDir
        | AccessFs::WriteFile
        | AccessFs::Truncate
        | AccessFs::MakeReg
        | AccessFs::MakeDir
        | AccessFs::MakeSock
        | AccessFs::RemoveFile
        | AccessFs::RemoveDir
}
