//! Which system calls a child may make. All others fail as not permitted.
//!
//! What is missing matters: no sockets, no other processes (`fork`, `clone` without a thread, `execve`), no way to change
//! limits, rights or mounts, no opening for writing, nothing that makes, renames or removes a file.
//!
//! A converter writes, within the folder that Landlock leaves to it. Nothing that Landlock doesn't see is on its list
//! either: no rights, owners or times of files, no links, no working directory. It may wait at a socket of its own, at
//! which nobody calls, but call at none.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction,
    SeccompCmpArgLen::{Dword, Qword},
    SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
};

use super::sandbox::Role;

/// Harmless with any arguments.
const ALLOWED: &[c_long] = &[
    // Data, over pipes and files that are open already or opened for reading.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_ppoll,
    // Which files there are.
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    // Memory.
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    // Threads of its own, and waiting.
    libc::SYS_clone3,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_rseq,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Who and where it is.
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_sysinfo,
    libc::SYS_uname,
];

/// What newer processors do without.
#[cfg(target_arch = "x86_64")]
const ALLOWED_HERE: &[c_long] =
    &[libc::SYS_stat, libc::SYS_lstat, libc::SYS_access, libc::SYS_readlink, libc::SYS_poll, libc::SYS_arch_prctl];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_HERE: &[c_long] = &[];

/// What a converter may do besides.
const CONVERTING: &[c_long] = &[
    // Files and folders of its own.
    libc::SYS_pwrite64,
    libc::SYS_ftruncate,
    libc::SYS_fsync,
    libc::SYS_fadvise64,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_unlinkat,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    // Its threads wake each other.
    libc::SYS_pipe2,
    libc::SYS_eventfd2,
    // A socket at which a second start of the program would ask the first to do its work.
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_shutdown,
];

#[cfg(target_arch = "x86_64")]
const CONVERTING_HERE: &[c_long] = &[libc::SYS_mkdir, libc::SYS_rmdir, libc::SYS_unlink, libc::SYS_rename];
#[cfg(not(target_arch = "x86_64"))]
const CONVERTING_HERE: &[c_long] = &[];

/// Flags of `open` that only writing needs.
const WRITING: u64 = (libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC | libc::O_APPEND) as u64;
const ALL: u64 = u32::MAX as u64;

/// Calls, each with what its arguments must be: one of several rules, or anything where there is none.
#[derive(Default)]
struct Allowed(BTreeMap<c_long, Vec<SeccompRule>>);

type Built<T> = Result<T, seccompiler::BackendError>;

impl Allowed {
    fn always(&mut self, calls: &[c_long]) {
        self.0.extend(calls.iter().map(|call| (*call, Vec::new())));
    }

    /// As [`Self::only_if`], where it was always allowed.
    fn instead(&mut self, call: c_long, arguments: &[(u8, u64, u64)]) -> Built<()> {
        self.0.remove(&call);
        self.only_if(call, arguments)
    }

    /// If each of these arguments, as far as the mask goes, has this value.
    fn only_if(&mut self, call: c_long, arguments: &[(u8, u64, u64)]) -> Built<()> {
        let masked =
            |(argument, mask, value): &(u8, u64, u64)| SeccompCondition::new(*argument, Dword, SeccompCmpOp::MaskedEq(*mask), *value);
        self.0.entry(call).or_default().push(SeccompRule::new(arguments.iter().map(masked).collect::<Built<_>>()?)?);
        Ok(())
    }
}

/// The two filters of a child, to be installed in this order. What it becomes stays bound by them.
pub(super) fn filters(role: Role<'_>) -> Built<[BpfProgram; 2]> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let mut allowed = Allowed::default();
    allowed.always(ALLOWED);
    allowed.always(ALLOWED_HERE);
    let thread = libc::CLONE_THREAD as u64;
    allowed.only_if(libc::SYS_clone, &[(0, thread, thread)])?;
    // A signal to itself, as `abort` sends one.
    allowed.only_if(libc::SYS_tgkill, &[(0, ALL, u64::from(std::process::id()))])?;
    allowed.only_if(libc::SYS_prctl, &[(0, ALL, libc::PR_SET_NAME as u64)])?;
    // Not the commands by which a pipe sends signals to whoever is named its owner.
    for command in [libc::F_DUPFD_CLOEXEC, libc::F_GETFD, libc::F_SETFD, libc::F_GETFL] {
        allowed.only_if(libc::SYS_fcntl, &[(1, ALL, command as u64)])?;
    }
    // To ask for its own limits, not to set any: the whole of a pointer that is null.
    let own = SeccompCondition::new(0, Dword, SeccompCmpOp::Eq, 0)?;
    let asks = SeccompCondition::new(2, Qword, SeccompCmpOp::Eq, 0)?;
    allowed.0.insert(libc::SYS_prlimit64, vec![SeccompRule::new(vec![own, asks])?]);
    match role {
        Role::Reader => reading(&mut allowed)?,
        Role::Tool => {
            reading(&mut allowed)?;
            allowed.always(&[libc::SYS_execve]);
        }
        Role::Converter(_) => converting(&mut allowed)?,
    }
    // The arguments of clone3 can't be seen by a filter; told that it doesn't exist, the C library falls back to clone.
    let unknown: BTreeMap<c_long, Vec<SeccompRule>> = [(libc::SYS_clone3, Vec::new())].into();
    let not_there = SeccompFilter::new(unknown, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS as u32), arch)?;
    let allowed = SeccompFilter::new(allowed.0, SeccompAction::Errno(libc::EPERM as u32), SeccompAction::Allow, arch)?;
    Ok([not_there.try_into()?, allowed.try_into()?])
}

/// Opens nothing for writing.
fn reading(allowed: &mut Allowed) -> Built<()> {
    allowed.only_if(libc::SYS_openat, &[(2, WRITING, 0)])?;
    #[cfg(target_arch = "x86_64")]
    allowed.only_if(libc::SYS_open, &[(1, WRITING, 0)])?;
    Ok(())
}

fn converting(allowed: &mut Allowed) -> Built<()> {
    allowed.always(CONVERTING);
    allowed.always(CONVERTING_HERE);
    allowed.always(&[libc::SYS_execve]);
    let (access, truncate) = (libc::O_ACCMODE as u64, libc::O_TRUNC as u64);
    // A file that is opened for reading is emptied all the same if it is to be, and Linux before 6.2 doesn't ask Landlock.
    for rule in [(truncate, 0), (access, libc::O_WRONLY as u64), (access, libc::O_RDWR as u64)] {
        allowed.only_if(libc::SYS_openat, &[(2, rule.0, rule.1)])?;
        #[cfg(target_arch = "x86_64")]
        allowed.only_if(libc::SYS_open, &[(1, rule.0, rule.1)])?;
    }
    // LibreOffice puts its socket where anybody may write if it finds such a place, else where it is told to. So it finds none.
    let writable = libc::W_OK as u64;
    #[cfg(target_arch = "x86_64")]
    allowed.instead(libc::SYS_access, &[(1, writable, 0)])?;
    #[cfg(not(target_arch = "x86_64"))]
    allowed.instead(libc::SYS_faccessat, &[(2, writable, 0)])?;
    allowed.only_if(libc::SYS_mkdirat, &[(0, ALL, u64::from(libc::AT_FDCWD.cast_unsigned()))])?;
    allowed.only_if(libc::SYS_fcntl, &[(1, ALL, libc::F_SETFL as u64)])?;
    // The low bits of the second argument are the type. There is no `connect`, and nothing that sends to an address.
    let (unix, stream) = (libc::AF_UNIX as u64, libc::SOCK_STREAM as u64);
    for call in [libc::SYS_socket, libc::SYS_socketpair] {
        allowed.only_if(call, &[(0, ALL, unix), (1, 0xf, stream), (2, ALL, 0)])?;
    }
    Ok(())
}
