//! What every page is drawn within: who is signed in, in which language, and where.

use std::{convert::Infallible, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use catalog::{Person, Role, Session};
use fluent_bundle::FluentArgs;

use crate::language::Language;

/// Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frame {
    pub(crate) session: Option<Arc<Session>>,
    pub(crate) language: Language,
    /// Path and query of the request.
    pub(crate) address: String,
}

impl Frame {
    pub(crate) fn say(&self, key: &str) -> String {
        self.language.say(key, &FluentArgs::new())
    }

    /// With a number, `$n`.
    pub(crate) fn say_n(&self, key: &str, n: impl Number) -> String {
        let mut args = FluentArgs::new();
        args.set("n", n.number());
        self.language.say(key, &args)
    }

    /// With a text, `$s`.
    pub(crate) fn say_s(&self, key: &str, s: &str) -> String {
        let mut args = FluentArgs::new();
        args.set("s", s);
        self.language.say(key, &args)
    }

    /// With both.
    pub(crate) fn say_with(&self, key: &str, n: i64, s: &str) -> String {
        let mut args = FluentArgs::new();
        args.set("n", n);
        args.set("s", s);
        self.language.say(key, &args)
    }

    /// "role--reader" of "role--" and "reader".
    pub(crate) fn say_of(&self, family: &str, member: &str) -> String {
        self.say(&format!("{family}{member}"))
    }

    /// The same of a name in English, where the language has one of its own for it.
    pub(crate) fn say_of_name(&self, family: &str, name: &str) -> String {
        let key = format!("{family}{}", name.to_lowercase().trim_start_matches("an ").trim_start_matches("a ").replace(' ', "-"));
        let said = self.say(&key);
        if said == key { name.to_owned() } else { said }
    }

    pub(crate) fn code(&self) -> &'static str {
        self.language.code()
    }

    /// Who is signed in.
    pub(crate) fn person(&self) -> Option<&Person> {
        self.session.as_deref().map(Session::person)
    }

    /// Whose rights count.
    pub(crate) fn effective(&self) -> Option<&Person> {
        self.session.as_deref().map(Session::effective)
    }

    pub(crate) fn viewing_as(&self) -> Option<&Person> {
        self.session.as_deref().and_then(Session::viewing_as)
    }

    pub(crate) fn administers(&self) -> bool {
        self.effective().is_some_and(|person| person.role == Role::Administrator)
    }

    /// Whether there may be collections to publish in.
    pub(crate) fn publishes(&self) -> bool {
        self.viewing_as().is_none() && self.effective().is_some_and(|person| matches!(person.role, Role::Editor | Role::Administrator))
    }

    pub(crate) fn audits(&self) -> bool {
        self.effective().is_some_and(|person| matches!(person.role, Role::Auditor | Role::Administrator))
    }

    /// For the menu: whether the page is at that address or below it.
    pub(crate) fn is_at(&self, address: &str) -> bool {
        let path = self.address.split('?').next().unwrap_or_default();
        path == address || path.strip_prefix(address).is_some_and(|rest| rest.starts_with('/'))
    }

    /// "53,211", as it is written in the language.
    pub(crate) fn thousands(&self, number: usize) -> String {
        let digits = number.to_string();
        let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
        groups.join(&self.say("mark-thousands"))
    }

    /// "0.1", as it is written in the language.
    pub(crate) fn tenths(&self, number: f64) -> String {
        format!("{number:.1}").replace('.', &self.say("mark-decimal"))
    }

    /// A day, as it is written in the language.
    pub(crate) fn day(&self, time: chrono::DateTime<chrono::Utc>) -> String {
        let mut args = FluentArgs::new();
        args.set("day", time.format("%-d").to_string());
        args.set("year", time.format("%Y").to_string());
        args.set("month", self.say_of("month--", &time.format("%-m").to_string()));
        self.language.say("date", &args)
    }

    /// A day with the time, in UTC.
    pub(crate) fn moment(&self, time: chrono::DateTime<chrono::Utc>) -> String {
        format!("{}, {}", self.day(time), time.format("%H:%M UTC"))
    }
}

/// What templates count with.
pub(crate) trait Number {
    fn number(self) -> i64;
}

impl Number for i64 {
    fn number(self) -> i64 {
        self
    }
}

impl Number for &i64 {
    fn number(self) -> i64 {
        *self
    }
}

impl Number for i32 {
    fn number(self) -> i64 {
        self.into()
    }
}

impl Number for &i32 {
    fn number(self) -> i64 {
        (*self).into()
    }
}

impl<S: Sync> FromRequestParts<S> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
