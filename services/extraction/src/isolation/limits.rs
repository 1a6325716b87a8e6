//! What reading one file may cost.

use std::time::Duration;

/// Limits of a child process. Its memory is limited for its whole life, the others for each file.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Address space, in bytes.
    pub memory: u64,
    /// Processor time, to the second.
    pub processor: Duration,
    /// From the task to its result, without the time that text recognition takes.
    pub wall: Duration,
    /// Of a result, in bytes.
    pub output: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 1 << 30, processor: Duration::from_secs(60), wall: Duration::from_secs(120), output: 400 << 20 }
    }
}
