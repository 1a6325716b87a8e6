//! The order of reading: as the page draws its lines, unless that jumps about, or goes on across columns of text.

use super::lines::Line;

/// Fewer lines don't show columns.
const MIN_LINES: usize = 16;
/// One line of so many at least is drawn after one to its left, where columns are drawn across.
const HOPS: usize = 4;
/// One line of so many may stand across the gap between columns, as headings do.
const ACROSS: usize = 8;
/// Share of all lines that a column has.
const COLUMN: usize = 10;
/// Of the gap between columns, in type sizes.
const GAP: f64 = 0.8;
/// Between words of a line that goes on in the next column, in type sizes.
const CLEAR: f64 = 0.5;
/// Between parts of a page, in type sizes.
const WHITE: f64 = 0.8;
/// Of a page; one with more is no text in columns.
const MAX_BANDS: usize = 200;
const MAX_LINES: usize = 5000;
/// Headers, footers and the like that are drawn first or last.
const MAX_BACK: usize = 3;
/// A line that ends within so many type sizes of its column's edge fills it.
const FULL_LINE: f64 = 4.0;
/// On average; cells of tables are mostly shorter.
const MIN_LINE_CHARS: usize = 20;
/// Lines whose tops are within half a line count as the same row.
const SAME_ROW: f64 = 0.5;

/// Text in the page's main direction first.
pub(super) fn in_reading_order(mut lines: Vec<Line>) -> Vec<Line> {
    let mut counts = [0usize; 4];
    for line in &lines {
        counts[usize::from(line.turns) % 4] += line.text.len();
    }
    let main = (0u8..4).max_by_key(|turns| (counts[usize::from(*turns)], 4 - turns)).unwrap_or(0);
    lines.sort_by_key(|line| (line.turns != main, line.turns));
    let upright = lines.partition_point(|line| line.turns == main);
    let rest = lines.split_off(upright);
    match across(&lines) {
        Some(ordered) => lines = ordered,
        None if jumps_about(&lines) => by_height(&mut lines),
        None => {}
    }
    lines.extend(rest);
    lines
}

fn jumps_about(lines: &[Line]) -> bool {
    let jumps = lines.windows(2).filter(|pair| jumps_up(&pair[0], &pair[1])).count();
    jumps >= 5 && jumps * 4 > lines.len()
}

fn jumps_up(before: &Line, after: &Line) -> bool {
    let overlap = before.x1.min(after.x1) - before.x0.max(after.x0);
    before.cell.is_none()
        && after.cell.is_none()
        && after.y > before.y + 0.5 * before.size
        && overlap > 0.5 * (before.x1 - before.x0).min(after.x1 - after.x0)
}

fn by_height(lines: &mut [Line]) {
    lines.sort_by(|a, b| {
        let row = |line: &Line| (-line.y / (SAME_ROW * line.size.max(1.0))).round();
        row(a).total_cmp(&row(b)).then(a.x0.total_cmp(&b.x0))
    });
}

/// The lines by column, where the page draws columns of text across, line by line; `None` where it does not.
fn across(lines: &[Line]) -> Option<Vec<Line>> {
    if let Some(gaps) = gaps(lines) {
        return Some(by_column(lines.to_vec(), &gaps));
    }
    let parts = self::bands(lines)?;
    if parts.len() > MAX_BANDS {
        return None;
    }
    let mut bands: Vec<Vec<Line>> = Vec::new();
    for mut band in parts {
        // Paragraphs of all columns may end at the same height.
        match bands.last_mut().filter(|last| gaps(&[last.as_slice(), &band].concat()).is_some()) {
            Some(last) => last.append(&mut band),
            None => bands.push(band),
        }
    }
    let gaps: Vec<Option<Vec<f64>>> = bands.iter().map(|band| gaps(band)).collect();
    let ordered = |(band, gaps): (Vec<Line>, &Option<Vec<f64>>)| match gaps {
        Some(gaps) => by_column(band, gaps),
        None => band,
    };
    gaps.iter().any(Option::is_some).then(|| bands.into_iter().zip(&gaps).flat_map(ordered).collect())
}

/// The parts of the page between which it is white from side to side, each as it is drawn, if one is drawn after the
/// other.
fn bands(lines: &[Line]) -> Option<Vec<Vec<Line>>> {
    let mut heights: Vec<(f64, f64)> = lines.iter().map(|line| (-line.y - 0.8 * line.size, -line.y + 0.2 * line.size)).collect();
    heights.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut bottoms: Vec<f64> = Vec::new();
    let mut bottom = f64::MAX;
    for (from, to) in heights {
        if from - bottom > WHITE * (to - from) {
            bottoms.push(bottom);
            bottom = to;
        }
        bottom = if bottom == f64::MAX { to } else { bottom.max(to) };
    }
    let band = |line: &Line| bottoms.partition_point(|bottom| *bottom < -line.y);
    let back = lines.windows(2).filter(|pair| band(&pair[1]) < band(&pair[0])).count();
    if back > MAX_BACK {
        return None;
    }
    let mut bands: Vec<Vec<Line>> = vec![Vec::new(); bottoms.len() + 1];
    lines.iter().for_each(|line| bands[band(line)].push(line.clone()));
    Some(bands)
}

/// Where columns of text end that are drawn across.
fn gaps(lines: &[Line]) -> Option<Vec<f64>> {
    let text: Vec<&Line> = lines.iter().filter(|line| line.cell.is_none()).collect();
    // Words of a line that is stretched to its margins hop, too.
    let is_text = |line: &Line| line.text.chars().count() >= MIN_LINE_CHARS / 2;
    let hops = |pair: &&[&Line]| {
        let [before, after] = pair else { return false };
        after.x0 > before.x1 && (before.y - after.y).abs() < 1.2 * before.size && is_text(before) && is_text(after)
    };
    let hops = text.windows(2).filter(hops).count();
    if !(MIN_LINES..MAX_LINES).contains(&text.len()) || hops * HOPS < text.len() {
        return None;
    }
    let mut sizes: Vec<f64> = text.iter().map(|line| line.size).collect();
    sizes.sort_by(f64::total_cmp);
    let size = sizes.get(sizes.len() / 2).copied()?;
    let gaps = free_between(&text, size);
    let column = |at: usize| text.iter().filter(|line| column(line, at, &gaps)).copied().collect::<Vec<_>>();
    let columns: Vec<Vec<&Line>> = (0..=gaps.len()).map(column).collect();
    // The last column may be short.
    let full = columns.iter().filter(|lines| fills(lines)).count();
    (!gaps.is_empty() && full >= 2 && full + 1 >= columns.len()).then_some(gaps)
}

/// The middles of the gaps that nearly all lines leave free.
fn free_between(lines: &[&Line], size: f64) -> Vec<f64> {
    let mut edges: Vec<(f64, i64)> = lines.iter().flat_map(|line| [(line.x0, 1), (line.x1, -1)]).collect();
    edges.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let most = (lines.len() / ACROSS) as i64;
    let mut across = 0;
    let mut since: Option<f64> = None;
    let mut gaps = Vec::new();
    for (x, step) in edges {
        across += step;
        match since {
            None if across <= most => since = Some(x),
            Some(from) if across > most => {
                if x - from >= GAP * size {
                    gaps.push((from + x) / 2.0);
                }
                since = None;
            }
            _ => {}
        }
    }
    let beside = |gap: &f64| {
        let left = lines.iter().filter(|line| line.x1 <= *gap).count();
        let right = lines.iter().filter(|line| line.x0 >= *gap).count();
        left.min(right) * COLUMN >= lines.len()
    };
    gaps.retain(beside);
    gaps
}

fn column(line: &Line, at: usize, gaps: &[f64]) -> bool {
    !crosses(line, gaps) && gaps.partition_point(|gap| *gap < (line.x0 + line.x1) / 2.0) == at
}

fn crosses(line: &Line, gaps: &[f64]) -> bool {
    gaps.iter().any(|gap| line.x0 < *gap && *gap < line.x1)
}

/// Whether lines are running text: most of them end at their common edge.
fn fills(lines: &[&Line]) -> bool {
    let edge = lines.iter().map(|line| line.x1).fold(f64::MIN, f64::max);
    let full = lines.iter().filter(|line| edge - line.x1 < FULL_LINE * line.size).count();
    let chars: usize = lines.iter().map(|line| line.text.chars().count()).sum();
    !lines.is_empty() && full * 2 >= lines.len() && chars >= MIN_LINE_CHARS * lines.len()
}

/// Column by column, between what stands across them.
fn by_column(lines: Vec<Line>, gaps: &[f64]) -> Vec<Line> {
    let mut lines: Vec<Line> = lines.into_iter().flat_map(|line| line.cut(gaps, CLEAR)).collect();
    lines.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x0.total_cmp(&b.x0)));
    let mut columns: Vec<Vec<Line>> = vec![Vec::new(); gaps.len() + 1];
    let mut ordered = Vec::with_capacity(lines.len());
    for line in lines {
        if crosses(&line, gaps) {
            columns.iter_mut().for_each(|column| ordered.append(column));
            ordered.push(line);
        } else {
            columns[gaps.partition_point(|gap| *gap < (line.x0 + line.x1) / 2.0)].push(line);
        }
    }
    columns.iter_mut().for_each(|column| ordered.append(column));
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x0: f64, y: f64) -> Line {
        let x1 = x0 + 5.0 * text.len() as f64;
        Line { text: text.into(), x0, x1, y, size: 10.0, bold: false, turns: 0, words: Vec::new(), cell: None }
    }

    #[test]
    fn columns_that_are_drawn_across_are_read_one_after_the_other() {
        let title = line("A title that stands across all of the columns of the page below it, and is long", 0.0, 200.0);
        let row = |i: u8| {
            let y = 180.0 - 12.0 * f64::from(i);
            // The columns stand on heights of their own.
            [("left", 0.0, y), ("middle", 150.0, y - 3.0), ("right", 310.0, y + 2.0)]
                .map(|(name, x, y)| line(&format!("{i} {name} fills its line"), x, y))
        };
        let lines: Vec<Line> = std::iter::once(title).chain((0..9).flat_map(row)).collect();
        let read: Vec<String> = in_reading_order(lines).into_iter().map(|line| line.text).collect();
        assert!(read[0].starts_with("A title"));
        assert!(read[1..10].iter().all(|text| text.contains("left")) && read[10..19].iter().all(|text| text.contains("middle")));
    }

    #[test]
    fn columns_may_be_a_part_of_the_page() {
        let row = |i: u8| {
            let y = 180.0 - 12.0 * f64::from(i);
            [("left", 0.0), ("right", 150.0)].map(|(name, x)| line(&format!("{i} {name} fills its line"), x, y))
        };
        let below =
            (0..20u8).map(|i| line("Lines that go across the whole page, from one side to the other", 0.0, 20.0 - 12.0 * f64::from(i)));
        let lines: Vec<Line> = (0..9).flat_map(row).chain(below).collect();
        let read: Vec<String> = in_reading_order(lines).into_iter().map(|line| line.text).collect();
        assert!(read[..9].iter().all(|text| text.contains("left")) && read[9..18].iter().all(|text| text.contains("right")));
    }

    #[test]
    fn tables_are_left_as_they_are_drawn() {
        let row = |i: u8| {
            let y = 180.0 - 12.0 * f64::from(i);
            [line(&"label".repeat(usize::from(i % 3) + 1), 0.0, y), line("25", 200.0, y), line("30", 250.0, y)]
        };
        let lines: Vec<Line> = (0..9).flat_map(row).collect();
        let drawn: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
        assert_eq!(in_reading_order(lines).into_iter().map(|line| line.text).collect::<Vec<_>>(), drawn);
    }

    #[test]
    fn what_jumps_about_is_read_by_height() {
        let lines: Vec<Line> = (0..24u8).map(|i| line("words", 0.0, -12.0 * f64::from(u16::from(i) * 11 % 24))).collect();
        let read: Vec<f64> = in_reading_order(lines).into_iter().map(|line| line.y).collect();
        assert!(read.is_sorted_by(|a, b| a > b));
    }
}
