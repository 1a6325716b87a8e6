//! A process gives up what reading a file doesn't need. There is no way back.

use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, Scope, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::syscalls;

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

/// What is left to the process.
pub(super) struct Sandbox {
    /// Address space, in bytes.
    pub(super) memory: u64,
    /// Folders that it may read, and run programs of if it is a `tool`.
    pub(super) readable: Vec<PathBuf>,
    /// It is to become another program.
    pub(super) tool: bool,
}

impl Sandbox {
    /// Binds this process and all it starts. Call it while there is one thread.
    ///
    /// Landlock is as strict as the kernel allows (it came with 5.13, its network rules with 6.7); seccomp alone keeps the
    /// process from sockets, other processes and writing, and is required.
    pub(super) fn enter(&self) -> Result<(), SandboxError> {
        for (resource, most) in [(Resource::As, self.memory), (Resource::Core, 0), (Resource::Fsize, 0), (Resource::Nofile, 64)] {
            setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
        }
        self.landlock()?;
        let filters = syscalls::filters(self.tool).map_err(seccompiler::Error::Backend)?;
        for filter in &filters {
            seccompiler::apply_filter(filter)?;
        }
        Ok(())
    }

    fn landlock(&self) -> Result<(), SandboxError> {
        let abi = ABI::V6;
        let reading = if self.tool { AccessFs::from_read(abi) } else { AccessFs::ReadFile | AccessFs::ReadDir };
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .scope(Scope::from_all(abi))?
            .create()?
            .add_rules(path_beneath_rules(&self.readable, reading))?
            .restrict_self()?;
        Ok(())
    }
}
