//! Passwords: Argon2id with the parameters that OWASP's password storage cheat sheet names first (19 MiB, two passes, one lane).

use std::time::Duration;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::{sync::Semaphore, time::timeout};

use crate::{Error, Result};

/// Characters. ASVS 2.1.1 and 2.1.2: at least 12, and 64 are to be allowed.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;
/// Each takes a core and 19 MiB for some 30 ms: many who sign in at once must not stall who asks.
static TURNS: Semaphore = Semaphore::const_new(2);
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether a password is good enough for somebody of that name.
///
/// # Errors
/// [`Error::WeakPassword`], which says what to do.
pub fn check_password(password: &str, name: &str, email: &str) -> Result<()> {
    let length = password.chars().count();
    if !LENGTH.contains(&length) {
        return Err(Error::WeakPassword { reason: if length < *LENGTH.start() { Weakness::Short } else { Weakness::Long } });
    }
    let estimate = zxcvbn::zxcvbn(password, &[name, email, "footnote"]);
    if estimate.score() < zxcvbn::Score::Three {
        return Err(Error::WeakPassword { reason: Weakness::Guessable });
    }
    Ok(())
}

/// What is wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    Short,
    Long,
    Guessable,
}

impl std::fmt::Display for Weakness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Short => write!(f, "has fewer than {} characters", LENGTH.start()),
            Self::Long => write!(f, "has more than {} characters", LENGTH.end()),
            Self::Guessable => f.write_str("is easy to guess; several words that don't belong together are a good one"),
        }
    }
}

pub(super) async fn hash(password: String) -> Result<String> {
    in_turn(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|e| Error::Random(e.to_string()))
    })
    .await?
}

/// Whether it is the password. Takes as long where there is none: the time doesn't tell whether somebody has an account.
pub(super) async fn is_right(password: String, hash: Option<String>) -> Result<bool> {
    // More would be hashed for nothing.
    if password.chars().count() > *LENGTH.end() {
        return Ok(false);
    }
    in_turn(move || match hash.as_deref().map(PasswordHash::new) {
        Some(Ok(hash)) => Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
        _ => Argon2::default().hash_password(password.as_bytes()).is_err(),
    })
    .await
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let turn = timeout(PATIENCE, TURNS.acquire()).await.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)?;
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| Error::Busy);
    drop(turn);
    done
}
