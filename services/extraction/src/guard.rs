//! Keeps what a parser does to itself away from the caller.

use std::{cell::Cell, panic, sync::Once, thread};

use super::ExtractError;

/// Enough for the deepest nesting that the readers allow, with a wide margin.
const STACK_BYTES: usize = 64 << 20;

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a reader on a thread of its own: with a large stack, and a panic ends as an error.
pub(crate) fn contained<T: Send>(read: impl FnOnce() -> Result<T, ExtractError> + Send) -> Result<T, ExtractError> {
    silence_contained_panics();
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("extract".into()).stack_size(STACK_BYTES).spawn_scoped(scope, || {
            CONTAINED.set(true);
            read()
        });
        match thread.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(ExtractError::Stopped),
        }
    })
}

/// A parser's panic message would stand between the lines that ingest prints, and says nothing to its reader.
fn silence_contained_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if CONTAINED.try_with(Cell::get).unwrap_or(false) {
                tracing::debug!(location = ?info.location(), "extract.panic");
            } else {
                usual(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        assert_eq!(contained::<()>(|| panic!("broken font")), Err(ExtractError::Stopped));
        assert_eq!(contained(|| Ok(1)), Ok(1));
    }
}
