//! How much is asked, how it goes, and what is cited.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use catalog::{DayOfUse, SLOW_MS, Usage};
use chrono::{Duration, NaiveDate, Utc};
use serde::Deserialize;

use crate::{AppState, asker::Administrator, assets, error::PageError, frame::Frame};

/// Days that can be looked back on.
const SPANS: [i64; 3] = [7, 30, 90];
/// Questions without an answer that are listed.
const UNANSWERED: usize = 10;

#[derive(Template)]
#[template(path = "admin/usage.html")]
struct UsagePage<'a> {
    frame: &'a Frame,
    /// Days, and whether these are looked back on.
    spans: [(i64, bool); 3],
    asked: i64,
    refused: i64,
    stopped: i64,
    slow: i64,
    slow_seconds: i64,
    median: Option<String>,
    p95: Option<String>,
    chart: Chart,
    cited: Vec<(String, String, i64)>,
    unanswered: Vec<(String, String, i64)>,
}

/// A bar a day. The unit is a pixel; the page scales it.
struct Chart {
    width: usize,
    /// Most questions of a day.
    most: i64,
    bars: Vec<Bar>,
}

struct Bar {
    day: String,
    x: usize,
    /// Of all that was asked, and what of it was refused: from the ground up.
    asked: Column,
    refused: Column,
    questions: i64,
    refusals: i64,
}

struct Column {
    y: i64,
    height: i64,
}

const HEIGHT: i64 = 120;
const BAR: usize = 10;
const GAP: usize = 3;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    days: i64,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Administrator { session, administration }: Administrator,
    frame: Frame,
    Query(Wanted { days }): Query<Wanted>,
) -> Result<Html<String>, PageError> {
    let span = if SPANS.contains(&days) { days } else { SPANS[1] };
    let today = state.catalog.now().date_naive();
    let first = today - Duration::days(span - 1);
    let since = first.and_time(chrono::NaiveTime::MIN).and_local_timezone(Utc).earliest().unwrap_or_default();
    let Usage { days, cited, median_ms, p95_ms } = administration.usage(since).await?;
    let sum = |of: fn(&DayOfUse) -> i64| days.iter().map(of).sum();
    let seconds = |ms: i32| format!("{} s", frame.tenths(f64::from(ms) / 1000.0));
    let open = session.desk()?.questions().await?.into_iter().take(UNANSWERED);
    let page = UsagePage {
        frame: &frame,
        spans: SPANS.map(|days| (days, days == span)),
        asked: sum(|day| day.asked),
        refused: sum(|day| day.refused),
        stopped: sum(|day| day.stopped),
        slow: sum(|day| day.slow),
        slow_seconds: i64::from(SLOW_MS / 1000),
        median: median_ms.map(seconds),
        p95: p95_ms.map(seconds),
        chart: chart(&frame, first, today, &days),
        cited: cited.into_iter().map(|(id, title, times)| (format!("/documents/{id}"), title, times)).collect(),
        unanswered: open.map(|q| (format!("/questions/{}", q.id), q.question, q.refused + q.wrong + q.missing)).collect(),
    };
    Ok(Html(page.render()?))
}

fn chart(frame: &Frame, first: NaiveDate, last: NaiveDate, days: &[DayOfUse]) -> Chart {
    let most = days.iter().map(|day| day.asked).max().unwrap_or_default().max(1);
    let column = |n: i64| Column { y: HEIGHT - n * HEIGHT / most, height: n * HEIGHT / most };
    let bar = |(nth, day): (usize, NaiveDate)| {
        let known = days.iter().find(|known| known.day == day);
        let (questions, refusals) = known.map_or((0, 0), |known| (known.asked, known.refused));
        let said = frame.day(day.and_time(chrono::NaiveTime::MIN).and_utc());
        Bar { day: said, x: nth * (BAR + GAP), asked: column(questions), refused: column(refusals), questions, refusals }
    };
    let bars: Vec<Bar> = first.iter_days().take_while(|day| *day <= last).enumerate().map(bar).collect();
    Chart { width: bars.len() * (BAR + GAP), most, bars }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_bar_whether_or_not_anything_was_asked() {
        let day = |n: u32| NaiveDate::from_ymd_opt(2026, 3, n).unwrap();
        let known = [DayOfUse { day: day(2), asked: 4, refused: 1, stopped: 0, slow: 0 }];
        let chart = chart(&Frame::default(), day(1), day(3), &known);
        let heights: Vec<_> = chart.bars.iter().map(|bar| (bar.asked.height, bar.refused.height)).collect();
        assert_eq!(heights, [(0, 0), (120, 30), (0, 0)]);
        assert_eq!((chart.bars[1].asked.y, chart.bars[1].refused.y, chart.most), (0, 90, 4));
    }
}
