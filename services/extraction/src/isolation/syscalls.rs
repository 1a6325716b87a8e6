//! Which system calls a child may make. All others fail as not permitted.
//!
//! What is missing matters: no sockets, no other processes (`fork`, `clone` without a thread, `execve`), no way to change
//! limits, rights or mounts, no opening for writing, nothing that makes, renames or removes a file.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction,
    SeccompCmpArgLen::{Dword, Qword},
    SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
};

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

/// Flags of `open` that only writing needs.
const WRITING: u64 = (libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC | libc::O_APPEND) as u64;

/// The two filters of a child, to be installed in this order. A `tool` may become another program, which stays bound by them.
pub(super) fn filters(tool: bool) -> Result<[BpfProgram; 2], seccompiler::BackendError> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let mut rules: BTreeMap<c_long, Vec<SeccompRule>> = ALLOWED.iter().chain(ALLOWED_HERE).map(|call| (*call, Vec::new())).collect();
    let mut only_if = |call: c_long, argument: u8, mask: u64, value: u64| {
        let condition = SeccompCondition::new(argument, Dword, SeccompCmpOp::MaskedEq(mask), value)?;
        rules.entry(call).or_default().push(SeccompRule::new(vec![condition])?);
        Ok::<(), seccompiler::BackendError>(())
    };
    only_if(libc::SYS_openat, 2, WRITING, 0)?;
    #[cfg(target_arch = "x86_64")]
    only_if(libc::SYS_open, 1, WRITING, 0)?;
    let thread = libc::CLONE_THREAD as u64;
    only_if(libc::SYS_clone, 0, thread, thread)?;
    // A signal to itself, as `abort` sends one.
    let all = u64::from(u32::MAX);
    only_if(libc::SYS_tgkill, 0, all, u64::from(std::process::id()))?;
    only_if(libc::SYS_prctl, 0, all, libc::PR_SET_NAME as u64)?;
    // Not the commands by which a pipe sends signals to whoever is named its owner.
    for command in [libc::F_DUPFD_CLOEXEC, libc::F_GETFD, libc::F_SETFD, libc::F_GETFL] {
        only_if(libc::SYS_fcntl, 1, all, command as u64)?;
    }
    // To ask for its own limits, not to set any: the whole of a pointer that is null.
    let own = SeccompCondition::new(0, Dword, SeccompCmpOp::Eq, 0)?;
    let asks = SeccompCondition::new(2, Qword, SeccompCmpOp::Eq, 0)?;
    rules.insert(libc::SYS_prlimit64, vec![SeccompRule::new(vec![own, asks])?]);
    if tool {
        rules.insert(libc::SYS_execve, Vec::new());
    }
    // The arguments of clone3 can't be seen by a filter; told that it doesn't exist, the C library falls back to clone.
    let unknown: BTreeMap<c_long, Vec<SeccompRule>> = [(libc::SYS_clone3, Vec::new())].into();
    let not_there = SeccompFilter::new(unknown, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS as u32), arch)?;
    let allowed = SeccompFilter::new(rules, SeccompAction::Errno(libc::EPERM as u32), SeccompAction::Allow, arch)?;
    Ok([not_there.try_into()?, allowed.try_into()?])
}
