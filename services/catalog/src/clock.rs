use chrono::{DateTime, SubsecRound, Utc};

/// The time, passed in so that tests can set it.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Option<DateTime<Utc>>);

impl Clock {
    #[must_use]
    pub const fn system() -> Self {
        Self(None)
    }

    #[must_use]
    pub const fn fixed(time: DateTime<Utc>) -> Self {
        Self(Some(time))
    }

    /// In whole microseconds: PostgreSQL keeps no more, and what is read must equal what was written.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.unwrap_or_else(Utc::now).trunc_subsecs(6)
    }
}
