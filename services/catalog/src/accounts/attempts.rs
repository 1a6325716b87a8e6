//! How often somebody may try.

use chrono::{DateTime, Duration, Utc};

use super::Accounts;
use crate::{Error, Result, db::in_transaction};

/// Failures in a row that lock nothing yet.
const FREE: i32 = 5;
/// Minutes that an address is locked for after the fifth failure, the sixth, and so on: at most 100 guesses a day.
const LOCKED_MINUTES: [i64; 5] = [1, 2, 4, 8, 15];
/// After so long a failure is forgotten.
const FORGOTTEN_HOURS: i64 = 24;

impl Accounts {
    /// Counts an attempt before it is made, so that many at once are no way around it. Whether there is such a person makes no difference.
    pub(super) async fn attempt(&self, email: &str) -> Result<()> {
        let now = self.clock.now();
        let locked: Option<DateTime<Utc>> = in_transaction!(&self.db, |tx| {
            sqlx::query("DELETE FROM sign_in_attempts WHERE last_at < $1")
                .bind(now - Duration::hours(FORGOTTEN_HOURS))
                .execute(&mut *tx)
                .await?;
            // One statement that counts and locks the row: of many at once each is counted.
            let (failures, locked): (i32, Option<DateTime<Utc>>) = sqlx::query_as(
                "INSERT INTO sign_in_attempts (email, failures, last_at) VALUES ($1, 1, $2) ON CONFLICT (email) DO UPDATE \
                 SET failures = CASE WHEN sign_in_attempts.locked_until > $2 THEN sign_in_attempts.failures ELSE sign_in_attempts.failures + 1 END, \
                 last_at = $2 RETURNING failures, locked_until",
            )
            .bind(email)
            .bind(now)
            .fetch_one(&mut *tx)
            .await?;
            let locked = locked.filter(|until| *until > now);
            let step = usize::try_from(failures - FREE).ok().map(|step| LOCKED_MINUTES[step.min(LOCKED_MINUTES.len() - 1)]);
            if let (None, Some(minutes)) = (locked, step) {
                sqlx::query("UPDATE sign_in_attempts SET locked_until = $2 WHERE email = $1")
                    .bind(email)
                    .bind(now + Duration::minutes(minutes))
                    .execute(&mut *tx)
                    .await?;
            }
            locked
        });
        match locked {
            // Rounded up: nobody is to try too early.
            Some(until) => Err(Error::Locked { minutes: ((until - now).num_seconds() + 59) / 60 }),
            None => Ok(()),
        }
    }
}
