//! Places of bars and curves; the template draws them.

use crate::report::{Kinds, Percentiles, Retrieval};

/// All charts are drawn in these units, and scaled by the page.
const WIDTH: f64 = 640.0;
const LABEL: f64 = 84.0;
const BAR: f64 = 12.0;
const GAP: f64 = 12.0;

/// A group of bars for each measure, one for each way of searching.
pub(super) struct Bars {
    pub(super) height: f64,
    pub(super) groups: Vec<Group>,
}

pub(super) struct Group {
    pub(super) label: &'static str,
    pub(super) y: f64,
    pub(super) bars: Vec<Bar>,
}

pub(super) struct Bar {
    pub(super) class: &'static str,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) text: String,
}

impl Bars {
    /// Of the measures at these places.
    pub(super) fn new(rows: &[&Retrieval], shown: &[usize]) -> Self {
        let mut top = 0.0;
        let groups: Vec<Group> = shown
            .iter()
            .filter_map(|at| {
                let (label, _) = *rows.first()?.ranking.measures().get(*at)?;
                let y = top;
                top += rows.len() as f64 * BAR + GAP;
                let bar = |(number, row): (usize, &&Retrieval)| {
                    let value = row.ranking.measures()[*at].1;
                    let width = value * (WIDTH - LABEL - 60.0);
                    Bar { class: row.mode.as_str(), x: LABEL, y: y + number as f64 * BAR, width, text: format!("{value:.3}") }
                };
                Some(Group { label, y: y + rows.len() as f64 * BAR / 2.0 + 4.0, bars: rows.iter().enumerate().map(bar).collect() })
            })
            .collect();
        Self { height: top, groups }
    }
}

/// How questions ended, side by side.
pub(super) struct Stack {
    pub(super) name: &'static str,
    pub(super) all: usize,
    pub(super) parts: Vec<Bar>,
}

impl Stack {
    pub(super) fn new(name: &'static str, kinds: Kinds) -> Self {
        let mut left = 0.0;
        let parts = [("answered", kinds.answered), ("quoted", kinds.quoted), ("abstained", kinds.abstained)];
        let part = |(class, count): (&'static str, usize)| {
            let (x, width) = (left, count as f64 / kinds.all().max(1) as f64 * WIDTH);
            left += width;
            Bar { class, x, y: 0.0, width, text: format!("{count} {class}") }
        };
        Self { name, all: kinds.all(), parts: parts.into_iter().map(part).collect() }
    }
}

/// For each share of the questions, the time within which they were done.
pub(super) struct Curve {
    pub(super) lines: Vec<Line>,
    /// Where a time is on the level axis.
    pub(super) ticks: Vec<(f64, String)>,
}

pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) points: String,
    pub(super) percentiles: Percentiles,
}

/// Of a curve.
const HEIGHT: f64 = 160.0;
const POINTS: usize = 100;

impl Curve {
    pub(super) fn new(series: &[(&'static str, Vec<f64>)]) -> Self {
        let most = series.iter().flat_map(|(_, times)| times).copied().fold(1.0, f64::max);
        let at = |ms: f64| ms / most * WIDTH;
        let line = |(name, times): &(&'static str, Vec<f64>)| {
            let mut sorted = times.clone();
            sorted.sort_by(f64::total_cmp);
            let point = |step: usize| {
                let place = (step * sorted.len() / POINTS).min(sorted.len() - 1);
                format!("{:.1},{:.1}", at(sorted[place]), HEIGHT - step as f64 / POINTS as f64 * HEIGHT)
            };
            let points = if sorted.is_empty() { String::new() } else { (0..=POINTS).map(point).collect::<Vec<_>>().join(" ") };
            Line { name, points, percentiles: Percentiles::of(sorted) }
        };
        let step = step(most);
        let tick = |n: u32| {
            let ms = f64::from(n) * step;
            (at(ms), if most >= 2000.0 { format!("{} s", ms / 1000.0) } else { format!("{ms} ms") })
        };
        let ticks = (0..).map(tick).take_while(|(x, _)| *x <= WIDTH).take(12).collect();
        Self { lines: series.iter().filter(|(_, times)| !times.is_empty()).map(line).collect(), ticks }
    }
}

/// 1, 2 or 5 times a power of ten, so that there are four to ten of them.
fn step(most: f64) -> f64 {
    let power = 10f64.powf((most / 4.0).log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|factor| factor * power).find(|step| most / step >= 4.0).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!([7.0, 45.0, 3200.0, 1.0].map(step), [1.0, 10.0, 500.0, 0.2]);
    }

    #[test]
    fn a_curve_rises_from_the_shortest_to_the_longest() {
        let curve = Curve::new(&[("a", vec![10.0, 20.0, 40.0]), ("b", vec![])]);
        assert_eq!(curve.lines.len(), 1);
        assert!(curve.lines[0].points.starts_with("160.0,160.0") && curve.lines[0].points.ends_with("640.0,0.0"));
        assert_eq!(curve.ticks[1], (160.0, "10 ms".to_owned()));
    }

    #[test]
    fn parts_of_a_stack_fill_it() {
        let stack = Stack::new("x", Kinds { answered: 1, quoted: 2, abstained: 1 });
        let places: Vec<(f64, f64)> = stack.parts.iter().map(|part| (part.x, part.width)).collect();
        assert_eq!(places, [(0.0, 160.0), (160.0, 320.0), (480.0, 160.0)]);
    }
}
