//! How often somebody may ask: a program that runs wild, or somebody who is not signed in, must not take the server from others.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use catalog::PersonId;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};

use crate::{AppState, error::PageError, frame::Frame};

/// Requests a second of one person, and at once: a page with all its images is a few.
const REQUESTS: (u32, u32) = (50, 300);
/// Requests a second of one address that nobody is signed in from, and at once. A company behind one proxy signs in from one address.
const UNKNOWN: (u32, u32) = (20, 200);
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Requests after which what is known of those who ceased to ask is forgotten.
const FORGET_AFTER: u32 = 10_000;

pub(crate) struct Limits {
    people: DefaultKeyedRateLimiter<PersonId>,
    addresses: DefaultKeyedRateLimiter<String>,
    questions: Option<DefaultKeyedRateLimiter<PersonId>>,
    requests: AtomicU32,
}

fn quota((each_second, at_once): (u32, u32)) -> Quota {
    let number = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(number(each_second)).allow_burst(number(at_once))
}

impl Limits {
    /// Questions a minute of one person, and at once; 0: as many as they like.
    pub(crate) fn new(questions_per_minute: u32) -> Self {
        Self {
            people: RateLimiter::keyed(quota(REQUESTS)),
            addresses: RateLimiter::keyed(quota(UNKNOWN)),
            questions: NonZeroU32::new(questions_per_minute).map(|n| RateLimiter::keyed(Quota::per_minute(n))),
            requests: AtomicU32::new(0),
        }
    }

    /// # Errors
    /// They have asked too much of late.
    pub(crate) fn question(&self, person: PersonId) -> Result<(), PageError> {
        let Some(questions) = &self.questions else { return Ok(()) };
        within(questions, &person)
    }

    fn person(&self, person: PersonId) -> Result<(), PageError> {
        self.forget();
        within(&self.people, &person)
    }

    fn address(&self, address: String) -> Result<(), PageError> {
        self.forget();
        within(&self.addresses, &address)
    }

    fn forget(&self) {
        if self.requests.fetch_add(1, Ordering::Relaxed) % FORGET_AFTER == FORGET_AFTER - 1 {
            self.people.retain_recent();
            self.addresses.retain_recent();
            if let Some(questions) = &self.questions {
                questions.retain_recent();
            }
        }
    }
}

fn within<K: std::hash::Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), PageError> {
    limiter.check_key(key).map_err(|until| {
        let wait = until.wait_time_from(limiter.clock().now()).as_secs().saturating_add(1);
        PageError::said("error-too-often", StatusCode::TOO_MANY_REQUESTS).with(i64::try_from(wait).unwrap_or(i64::MAX), "")
    })
}

/// The same for whoever turns out to be nobody who is known: who sends a wrong token, or a session that has ended.
pub(crate) fn of_nobody(state: &AppState, request: &Request) -> Result<(), PageError> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let address = peer.map(|peer| behind(peer, state.proxies(), request.headers()));
    state.limits().address(address.map(|address| address.to_string()).unwrap_or_default())
}

/// Whom a request comes from: whoever sent it, or whoever a proxy that is trusted had it from. What others say of that is not believed, so
/// the list is read from its end.
fn behind(peer: IpAddr, proxies: &[IpAddr], headers: &HeaderMap) -> IpAddr {
    let lists = headers.get_all(FORWARDED_FOR).into_iter().filter_map(|list| list.to_str().ok()).collect::<Vec<_>>().join(",");
    // Some write the port, too.
    let address = |written: &str| written.parse().ok().or_else(|| written.parse::<SocketAddr>().ok().map(|address| address.ip()));
    let mut before = lists.rsplit(',').map_while(|written| address(written.trim())).map(|address| address.to_canonical());
    let mut address = peer;
    while proxies.contains(&address)
        && let Some(other) = before.next()
    {
        address = other;
    }
    address
}

/// Lets a request pass that comes not too soon after others of the same person, or of the same address where nobody is signed in.
pub(crate) async fn not_too_often(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let person = request.extensions().get::<Frame>().and_then(|frame| frame.person().map(|person| person.id));
    let passed = match person {
        Some(person) => state.limits().person(person),
        None => of_nobody(&state, &request),
    };
    match passed {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_says_whom_a_request_comes_from() {
        let from = |peer: &str, proxies: &[&str], lists: &[&'static str]| {
            let mut headers = HeaderMap::new();
            lists.iter().for_each(|list| _ = headers.append(FORWARDED_FOR, axum::http::HeaderValue::from_static(list)));
            let proxies: Vec<IpAddr> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
            behind(peer.parse().unwrap(), &proxies, &headers).to_string()
        };
        assert_eq!(from("10.0.0.9", &[], &["10.0.0.1"]), "10.0.0.9", "anybody may say so");
        assert_eq!(from("10.0.0.2", &["10.0.0.2"], &["10.0.0.9"]), "10.0.0.9");
        assert_eq!(from("10.0.0.2", &["10.0.0.2"], &["1.2.3.4, 10.0.0.9"]), "10.0.0.9", "what was sent with it is not believed");
        assert_eq!(from("10.0.0.2", &["10.0.0.2", "10.0.0.3"], &["10.0.0.9", "10.0.0.3"]), "10.0.0.9", "through both");
        assert_eq!(from("10.0.0.2", &["10.0.0.2"], &[]), "10.0.0.2");
        assert_eq!(from("10.0.0.2", &["10.0.0.2"], &["unknown"]), "10.0.0.2");
        assert_eq!(from("10.0.0.2", &["10.0.0.2"], &["10.0.0.9:4711"]), "10.0.0.9");
        assert_eq!(from("10.0.0.2", &["10.0.0.2"], &["[fd00::9]:4711"]), "fd00::9");
    }

    #[test]
    fn whoever_asks_too_much_waits_and_others_do_not() {
        let limits = Limits::new(3);
        let (one, other) = (PersonId::new(), PersonId::new());
        for _ in 0..3 {
            assert!(limits.question(one).is_ok());
        }
        assert!(limits.question(one).is_err() && limits.question(other).is_ok());
        let unlimited = Limits::new(0);
        assert!((0..1000).all(|_| unlimited.question(one).is_ok()));
    }
}
