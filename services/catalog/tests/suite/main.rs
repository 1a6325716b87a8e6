//! One suite that executes every query, told to SQLite and, where Debian's PostgreSQL is installed, to that as well.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and drives other programs"
)]

mod editors;
mod people;
mod postgres;
mod schema;
mod story;

use catalog::{Catalog, Clock};
use chrono::{TimeZone, Utc};
use postgres::Cluster;

/// Runs a story on a fresh database of each kind.
async fn on_both(name: &str, story: impl AsyncFn(Catalog)) {
    let clock = Clock::fixed(Utc.with_ymd_and_hms(2026, 3, 1, 9, 30, 0).unwrap() + chrono::Duration::nanoseconds(123_456_789));
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/catalog.sqlite", folder.path().display());
    story(Catalog::open_at(&url, clock).await.unwrap()).await;
    match Cluster::start() {
        Some(cluster) => story(Catalog::open_at(&cluster.url(), clock).await.unwrap()).await,
        None => eprintln!("{name}: not run on PostgreSQL, which is not installed"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_lives_changes_and_goes() {
    on_both("life", story::life).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_its_collections_only() {
    on_both("scope", story::scope).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_lets_pass_what_it_says() {
    on_both("filters", story::filters).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leftovers_of_a_crash_are_listed_and_discarded() {
    on_both("leftovers", story::leftovers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_is_all_or_nothing() {
    on_both("publish", story::publish_is_atomic).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_patterns_are_taken_literally() {
    on_both("names", story::names).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_jobs_are_claimed_once_each() {
    on_both("jobs", story::jobs).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_and_settings_come_back_as_they_went() {
    on_both("answers", story::answers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_passages_fit_into_one_document() {
    on_both("many", story::many).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_an_account_signs_in_and_stays_for_a_while() {
    on_both("sign_in", people::sign_in).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_attempts_lock_an_address() {
    on_both("locked", people::locked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_invited_changed_and_disabled() {
    on_both("people", people::people).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_hold_for_every_way_to_a_document() {
    on_both("rights", people::rights).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_a_chain() {
    on_both("trail", people::trail).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_file_holds_is_restricted_and_deleted_with_it() {
    on_both("within", people::within).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_act_for_whoever_made_their_tokens() {
    on_both("tokens", editors::tokens).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_questions_wait_for_the_editors_of_what_their_askers_may_read() {
    on_both("questions", editors::questions).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pseudonym_is_opened_by_two_administrators_together() {
    on_both("pseudonyms", editors::pseudonyms).await;
}
