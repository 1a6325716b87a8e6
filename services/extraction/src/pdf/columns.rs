//! Tables without rules: where the columns are is what all their rows leave free.

use super::{
    heads::{Edge, Head, Heads, Look, Told, head_rows, join_labels},
    hyphens::Vocabulary,
    layout::Laid,
    lines::Line,
    rows::Row,
};
use crate::table::{Cell, Table};

/// Fewer rows don't show where their columns are.
const MIN_ROWS: usize = 3;
/// One row of so many may stand across a gap between columns, as titles do.
const ACROSS: usize = 6;
/// One row of so many at least has something on either side of a gap between columns.
const BESIDE: usize = 3;
/// Between columns, in type sizes: wider than the space between words.
const GAP: f64 = 0.5;
/// Between the words of a row on either side of a gap between columns.
const CLEAR: f64 = 0.4;

/// Adds the rows to the blocks of the page, cut into their columns, those of headings put together. Returns whether any
/// columns can be seen.
pub(super) fn table(rows: &[Row], words: &Vocabulary, heads: &mut Heads, blocks: &mut Vec<Laid>) -> bool {
    let Some((cuts, edges)) = cuts(rows).map(|cuts| cuts.into_iter().unzip::<f64, Edge, Vec<f64>, Vec<Edge>>()) else { return false };
    let rows: Vec<Vec<Vec<Line>>> = rows.iter().map(|row| cut(row, &cuts)).collect();
    let rows = with_units(rows);
    let (titles, rest) = rows.split_at(titles(&rows, &cuts));
    let (count, told) = head(rest);
    let (headings, body) = rest.split_at(count);
    let own = (!headings.is_empty()).then(|| headings_of(headings, told, words));
    let mut shown: Vec<Vec<&Line>> = Vec::new();
    let mut table = Table::default();
    if own.is_some() {
        let columns = headings.iter().map(Vec::len).max().unwrap_or(0);
        let above = |column: usize| headings.iter().filter_map(move |row| row.get(column)).flatten();
        shown.push((0..columns).flat_map(above).collect());
    }
    let mut titled = Table::default();
    titles.iter().for_each(|row| titled.push_row(cells(row, words)));
    let first = blocks.len();
    add(&titled, &titles.iter().map(|row| row.iter().flatten().collect()).collect::<Vec<_>>(), blocks);
    heads.begin(&mut table, edges, own, &blocks[..first]);
    for row in body {
        table.push_row(cells(row, words));
        shown.push(row.iter().flatten().collect());
    }
    add(&table, &shown, blocks);
    if let Some(block) = blocks.get_mut(first) {
        block.apart = true;
    }
    heads.end(blocks);
    true
}

/// The rows of the table, with the lines that each is made of.
fn add(table: &Table, shown: &[Vec<&Line>], blocks: &mut Vec<Laid>) {
    let rows = table.rows().zip(shown).filter(|(text, _)| !text.text.is_empty());
    blocks.extend(rows.map(|(text, lines)| Laid::row(text, lines, false)));
}

fn cells(row: &[Vec<Line>], words: &Vocabulary) -> Vec<Cell> {
    row.iter().map(|lines| Cell { text: words.joined(lines), columns: 1, rows: 1 }).collect()
}

/// One heading for each column, from those above each other.
fn headings_of(headings: &[Vec<Vec<Line>>], told: Told, words: &Vocabulary) -> Head {
    let columns = headings.iter().map(Vec::len).max().unwrap_or(0);
    let mut head = Head { told, cells: Vec::new(), labels: Vec::new() };
    for column in 0..columns {
        let above = headings.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty());
        let texts: Vec<String> = above.map(|lines| words.joined(lines)).collect();
        head.cells.push(Cell { text: texts.join(" "), columns: 1, rows: 1 });
        head.labels.push(join_labels(&texts));
    }
    head
}

/// How many of the first rows are headings that stand above several columns: they are no heading of any of them.
fn titles(rows: &[Vec<Vec<Line>>], cuts: &[f64]) -> usize {
    let (count, _) = head(rows);
    let crosses = |line: &Line| cuts.iter().any(|cut| line.x0 < *cut && *cut < line.x1);
    let is_above = |line: &Line, below: &Line| {
        let overlap = line.x1.min(below.x1) - line.x0.max(below.x0);
        overlap > 0.5 * (line.x1 - line.x0).min(below.x1 - below.x0)
    };
    let stands_between = |at: usize| {
        rows[at].iter().enumerate().any(|(column, cell)| {
            let mut below = rows[at + 1..count].iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty());
            let beside = below.next().is_some_and(|next| !cell.iter().any(|line| next.iter().any(|below| is_above(line, below))));
            cell.iter().any(crosses) || (!cell.is_empty() && beside)
        })
    };
    (0..count.saturating_sub(1)).rev().find(|at| stands_between(*at)).map_or(0, |at| at + 1)
}

fn head(rows: &[Vec<Vec<Line>>]) -> (usize, Told) {
    head_rows(&rows.iter().map(|row| Look::row(row)).collect::<Vec<_>>())
}

/// Where columns end, and between which places they could.
fn cuts(rows: &[Row]) -> Option<Vec<(f64, Edge)>> {
    let lines = || rows.iter().flat_map(Row::lines);
    if rows.len() < MIN_ROWS || lines().any(|line| line.turns != 0 || line.words.is_empty()) {
        return None;
    }
    let mut sizes: Vec<f64> = lines().map(|line| line.size).collect();
    sizes.sort_by(f64::total_cmp);
    let size = sizes.get(sizes.len() / 2).copied()?;
    // What each row covers, and from where to where it has anything.
    let covered: Vec<Vec<(f64, f64)>> = rows.iter().map(covered).collect();
    let mut edges: Vec<(f64, i32, i32)> = Vec::new();
    for row in &covered {
        let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
        edges.extend([(first.1, 0, 1), (last.0, 0, -1)]);
        row.iter().for_each(|(from, to)| edges.extend([(*from, 1, 0), (*to, -1, 0)]));
    }
    edges.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (most, enough) = ((rows.len() / ACROSS) as i32, (rows.len() / BESIDE).max(2) as i32);
    let (mut across, mut beside) = (0, 0);
    let mut free: Vec<Vec<(f64, f64, i32)>> = Vec::new();
    let mut open = false;
    for pair in edges.windows(2) {
        across += pair[0].1;
        beside += pair[0].2;
        let is_free = across <= most && beside >= enough;
        if is_free {
            let part = (pair[0].0, pair[1].0, across);
            match free.last_mut().filter(|_| open) {
                Some(gap) => gap.push(part),
                None => free.push(vec![part]),
            }
        }
        // Edges at the same place are one step.
        open = is_free || (open && pair[1].0 - pair[0].0 <= f64::EPSILON);
    }
    let cuts: Vec<(f64, Edge)> = free.iter().filter_map(|gap| cut_within(gap, size)).collect();
    (!cuts.is_empty()).then_some(cuts)
}

/// The middle of the widest part that the fewest rows cover.
fn cut_within(gap: &[(f64, f64, i32)], size: f64) -> Option<(f64, Edge)> {
    let (from, to) = (gap.first()?.0, gap.last()?.1);
    let fewest = gap.iter().filter(|part| part.1 > part.0).map(|part| part.2).min()?;
    let best = gap.iter().filter(|part| part.2 == fewest).max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)))?;
    (to - from >= GAP * size && best.1 - best.0 >= GAP * size / 2.0).then(|| ((best.0 + best.1) / 2.0, (from, to)))
}

/// The places of a row's words, put together where they overlap, from left to right.
fn covered(row: &Row) -> Vec<(f64, f64)> {
    let mut places: Vec<(f64, f64)> = row.lines().flat_map(|line| &line.words).map(|word| (word.left(), word.right())).collect();
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut covered: Vec<(f64, f64)> = Vec::new();
    for (from, to) in places {
        match covered.last_mut().filter(|last| from <= last.1) {
            Some(last) => last.1 = last.1.max(to),
            None => covered.push((from, to)),
        }
    }
    covered
}

/// The lines of each column. What stands across a cut stays whole, in the column in which it begins.
fn cut(row: &Row, cuts: &[f64]) -> Vec<Vec<Line>> {
    let mut columns: Vec<Vec<Line>> = vec![Vec::new(); cuts.len() + 1];
    for piece in row.lines().flat_map(|line| line.cut(cuts, CLEAR)) {
        columns[cuts.partition_point(|cut| *cut < middle_or_start(&piece, cuts))].push(piece);
    }
    for column in &mut columns {
        column.sort_by(|a, b| if (a.y - b.y).abs() < 0.3 * a.size { a.x0.total_cmp(&b.x0) } else { b.y.total_cmp(&a.y) });
    }
    columns
}

/// Ink may stand a little over the edge: the middle says where a piece is, unless it goes on into other columns.
fn middle_or_start(piece: &Line, cuts: &[f64]) -> f64 {
    let across = cuts.iter().filter(|cut| (piece.x0..piece.x1).contains(*cut)).count();
    if across > 1 { piece.x0 } else { (piece.x0 + piece.x1) / 2.0 }
}

/// Signs of currencies that stand in columns of their own go to the figures behind them, those of shares to the figures
/// before them.
fn with_units(mut rows: Vec<Vec<Vec<Line>>>) -> Vec<Vec<Vec<Line>>> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let only = |rows: &[Vec<Vec<Line>>], column: usize, signs: &str| {
        let mut texts = rows.iter().filter_map(|row| row.get(column)).flatten().map(|line| line.text.trim()).peekable();
        texts.peek().is_some() && texts.all(|text| text.chars().all(|c| signs.contains(c)))
    };
    for column in (0..columns).rev() {
        let to = if column + 1 < columns && only(&rows, column, "$€£¥₹") {
            column + 1
        } else if column > 0 && only(&rows, column, "%)") {
            column - 1
        } else {
            continue;
        };
        for row in rows.iter_mut().filter(|row| row.len() == columns) {
            let own = std::mem::take(&mut row[column]);
            let (before, after) = if to > column { (own, std::mem::take(&mut row[to])) } else { (std::mem::take(&mut row[to]), own) };
            row[to] = beside(before, after);
            row.remove(column);
        }
        return with_units(rows);
    }
    rows
}

/// Two columns as one.
fn beside(before: Vec<Line>, after: Vec<Line>) -> Vec<Line> {
    let mut lines = before;
    for line in after {
        match lines.iter_mut().find(|known| (known.y - line.y).abs() < 0.3 * line.size) {
            Some(known) => {
                known.text.push(' ');
                known.text.push_str(&line.text);
                known.x1 = known.x1.max(line.x1);
                known.words.extend(line.words);
            }
            None => lines.push(line),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::{geometry::Rect, lines::Word};

    /// Words with their left edges, five points a letter.
    fn row(y: f64, bold: bool, words: &[(&str, f64)]) -> Row {
        let word = |(text, x): &(&str, f64)| {
            let (x, top) = (*x as f32, -y as f32);
            let rect = Rect { left: x, top: top - 8.0, right: x + 5.0 * text.len() as f32, bottom: top };
            Word { text: (*text).to_owned(), rect, confidence: None }
        };
        let line = |words: Vec<Word>| Line {
            text: words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "),
            x0: words.first().map_or(0.0, Word::left),
            x1: words.last().map_or(0.0, Word::right),
            y,
            size: 10.0,
            bold,
            turns: 0,
            words,
            cell: None,
        };
        Row::of(vec![vec![line(words.iter().map(word).collect())]])
    }

    fn texts(rows: &[Row]) -> Vec<String> {
        let mut blocks = Vec::new();
        assert!(table(rows, &Vocabulary::default(), &mut Heads::default(), &mut blocks));
        blocks.into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn figures_that_stand_close_are_cut_where_all_rows_are_free() {
        let rows = [
            row(200.0, true, &[("2022", 130.0), ("2023", 170.0)]),
            row(188.0, false, &[("Google", 0.0), ("Services", 33.0), ("$", 120.0), ("61", 140.0), ("$", 158.0), ("619", 172.0)]),
            row(176.0, false, &[("Cloud", 0.0), ("58", 140.0), ("745", 172.0)]),
            row(164.0, false, &[("Other", 0.0), ("Bets", 28.0), ("440", 135.0), ("288", 172.0)]),
        ];
        assert_eq!(
            texts(&rows),
            [
                "2022 | 2023",
                "Google Services | 2022: $ 61 | 2023: $ 619",
                "Cloud | 2022: 58 | 2023: 745",
                "Other Bets | 2022: 440 | 2023: 288"
            ]
        );
    }

    #[test]
    fn columns_that_are_empty_in_a_row_keep_their_headings() {
        let rows = [
            row(200.0, true, &[("Name", 0.0), ("Days", 60.0), ("Note", 120.0)]),
            row(188.0, false, &[("Ann", 0.0), ("25", 60.0), ("none", 120.0)]),
            row(176.0, false, &[("Bob", 0.0), ("late", 120.0)]),
            row(164.0, false, &[("Eve", 0.0), ("30", 60.0), ("new", 120.0)]),
        ];
        assert_eq!(texts(&rows)[2], "Bob | Note: late");
    }

    #[test]
    fn headings_hold_beyond_a_gap() {
        let part = |y: f64, name: &'static str| {
            let first = row(y, true, &[("Name", 0.0), ("2022", 60.0), ("2023", 120.0)]);
            let rest = [1.0, 2.0, 3.0].map(|n| row(y - 12.0 * n, false, &[(name, 0.0), ("25", 70.0), ("30", 130.0)]));
            std::iter::once(first).chain(rest).collect::<Vec<Row>>()
        };
        let (above, below) = (part(200.0, "Ann"), part(100.0, "Bob"));
        let (mut heads, mut blocks) = (Heads::default(), Vec::new());
        assert!(table(&above, &Vocabulary::default(), &mut heads, &mut blocks));
        assert!(table(&below[1..], &Vocabulary::default(), &mut heads, &mut blocks));
        assert_eq!(blocks.last().unwrap().text, "Bob | 2022: 25 | 2023: 30");
        assert_eq!(blocks.len(), 7);
    }

    #[test]
    fn headings_above_several_columns_are_rows_of_their_own() {
        let rows = [
            row(200.0, true, &[("Quarter", 82.0), ("Year", 180.0)]),
            row(188.0, true, &[("Q1", 60.0), ("Q2", 120.0), ("2022", 180.0)]),
            row(176.0, false, &[("Ann", 0.0), ("25", 60.0), ("30", 120.0), ("55", 180.0)]),
            row(164.0, false, &[("Bob", 0.0), ("15", 60.0), ("20", 120.0), ("35", 180.0)]),
            row(152.0, false, &[("Eve", 0.0), ("10", 60.0), ("10", 120.0), ("20", 180.0)]),
        ];
        assert_eq!(texts(&rows)[..3], ["Quarter | Year", "Q1 | Q2 | 2022", "Ann | Q1: 25 | Q2: 30 | 2022: 55"]);
    }

    #[test]
    fn sums_in_bold_are_no_headings() {
        let rows: Vec<Row> =
            (0..4).map(|n| row(200.0 - 12.0 * f64::from(n), n == 0, &[("Total", 0.0), ("25", 60.0), ("30", 120.0)])).collect();
        assert_eq!(texts(&rows), ["Total | 25 | 30"; 4]);
    }

    #[test]
    fn running_text_has_no_columns() {
        let words = |shift: f64| (0..8).map(|n| ("words", f64::from(n) * 30.0 + shift)).collect::<Vec<_>>();
        let rows: Vec<Row> = (0..5).map(|n| row(200.0 - 12.0 * f64::from(n), false, &words(7.0 * f64::from(n)))).collect();
        assert!(!table(&rows, &Vocabulary::default(), &mut Heads::default(), &mut Vec::new()));
    }
}
