//! Ruled tables: the cells that level and upright rules make.

use std::collections::{HashMap, HashSet};

use super::{
    geometry::Rect,
    glyphs::Glyph,
    heads::Edge,
    lines::Line,
    rules::{Color, Rule, Rules, Shade},
};

/// Rules that are not further apart are one, in points; so are the ends of rules that meet.
const TOGETHER: f32 = 3.0;
/// How far beyond the outermost upright rules level ones have to reach to make a column without an edge, in points.
const OPEN_COLUMN: f32 = 12.0;
/// Of a page; a chart or a map has more.
const MAX_RULES: usize = 3000;
/// Of a page; drawings have more.
const MAX_GRIDS: usize = 200;
/// Words of a cell and cells of a grid, beyond which nothing is split.
const MAX_WORDS: usize = 1000;
const MAX_WIDE: usize = 500;
/// Of a grid.
const MAX_UNITS: usize = 40_000;
/// Cells of a grid times shades of its page, beyond which its cells have none.
const MAX_SHADED: usize = 2_000_000;
/// Characters of a cell; frames with more hold columns of text.
const MAX_CELL_CHARS: usize = 2500;
/// Of rows with two cells or more that make a table by themselves, and of cells that do so with one such row.
const ENOUGH_ROWS: usize = 2;
const ENOUGH_CELLS: usize = 4;
/// One row of so many may have cells with gaps in them.
const MANY_ROWS: usize = 3;
/// Between columns, in type sizes.
const CLEAR: f32 = 0.6;
const GAPPY: f32 = 1.5;
/// How far ink may stand over an edge, in points.
const LEEWAY: f32 = 1.0;
/// Characters that stand closer are of one word, in type sizes.
const WITHIN_WORD: f64 = 0.2;

/// Which cell of which grid of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct CellId {
    pub(super) grid: usize,
    pub(super) cell: usize,
}

/// From 0, as the page shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
}

impl Place {
    /// Makes it span this unit, too.
    fn reach(&mut self, row: usize, column: usize) {
        let (last_row, last_column) = ((self.row + self.rows - 1).max(row), (self.column + self.columns - 1).max(column));
        self.row = self.row.min(row);
        self.column = self.column.min(column);
        self.rows = last_row + 1 - self.row;
        self.columns = last_column + 1 - self.column;
    }
}

/// What rules are drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Table,
    /// Around parts of the page, each a text of its own.
    Frames,
    /// Anything else: a chart, a drawing, a line below some of the columns.
    Other,
}

/// What is drawn with rules that cross, on the page as shown.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) kind: Kind,
    /// Edges of the columns.
    xs: Vec<f32>,
    /// Edges of the rows.
    ys: Vec<f32>,
    /// For each unit, row by row, its cell: one that spans rows or columns has several.
    units: Vec<usize>,
    pub(super) cells: Vec<Place>,
    /// What each cell is painted with.
    shades: Vec<Option<Color>>,
}

impl Grid {
    pub(super) fn rows(&self) -> usize {
        self.ys.len() - 1
    }

    pub(super) fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    /// Between its columns, or between its rows if those are its columns for someone who turns the page.
    pub(super) fn edges(&self, turned: bool) -> Vec<Edge> {
        let edges = if turned { &self.ys } else { &self.xs };
        let inner = edges.get(1..edges.len() - 1).unwrap_or_default();
        inner.iter().map(|at| (f64::from(at - TOGETHER), f64::from(at + TOGETHER))).collect()
    }

    /// Its outer edges included.
    fn surrounds(&self, x: f32, y: f32) -> bool {
        let within = |edges: &[f32], at: f32| {
            edges.first().is_some_and(|first| first - TOGETHER <= at) && edges.last().is_some_and(|last| at <= last + TOGETHER)
        };
        within(&self.xs, x) && within(&self.ys, y)
    }

    fn area(&self) -> f32 {
        let extent = |edges: &[f32]| edges.last().copied().unwrap_or(0.0) - edges.first().copied().unwrap_or(0.0);
        extent(&self.xs) * extent(&self.ys)
    }

    /// The cell around a point.
    pub(super) fn cell_at(&self, x: f32, y: f32) -> Option<usize> {
        let between = |edges: &[f32], at: f32| edges.partition_point(|edge| *edge <= at).checked_sub(1).filter(|n| n + 1 < edges.len());
        let (column, row) = (between(&self.xs, x)?, between(&self.ys, y)?);
        self.units.get(row * self.columns() + column).copied()
    }
}

/// Those of a page that have two rows and two columns at least.
///
/// Colours show cells where no lines do: within lines they are shades of parts of them.
pub(super) fn grids(rules: &Rules) -> Vec<Grid> {
    let mut grids = crossing(rules.drawn.iter());
    let outside = |rule: &&Rule| {
        let (along, at) = ((rule.from + rule.to) / 2.0, rule.at);
        let (x, y) = if rule.level { (along, at) } else { (at, along) };
        !grids.iter().any(|grid| grid.surrounds(x, y))
    };
    let apart = |edges: &[Rule; 4]| edges.iter().all(|rule| outside(&rule));
    let edges: Vec<Rule> = rules.shades.iter().map(Shade::edges).filter(apart).flatten().collect();
    if !edges.is_empty() {
        let rest: Vec<Rule> = rules.drawn.iter().filter(outside).copied().collect();
        let found = crossing(rest.iter().chain(&edges));
        grids.extend(found);
    }
    grids
}

fn crossing<'r>(rules: impl Iterator<Item = &'r Rule> + Clone) -> Vec<Grid> {
    let level = joined(rules.clone().filter(|rule| rule.level));
    let upright = joined(rules.filter(|rule| !rule.level));
    if level.len().max(upright.len()) > MAX_RULES {
        return Vec::new();
    }
    connected(&level, &upright).into_iter().filter_map(|(level, upright)| grid(&level, &upright)).collect()
}

/// Notes for each character in which cell it stands. Returns the grids that are tables or frames.
pub(super) fn place(glyphs: &mut [Glyph], mut grids: Vec<Grid>, shades: &[Shade]) -> Vec<Grid> {
    if grids.is_empty() || grids.len() > MAX_GRIDS {
        return Vec::new();
    }
    // A table may stand in the cell of another.
    grids.sort_by(|a, b| a.area().total_cmp(&b.area()));
    note(glyphs, &grids);
    let words = words(glyphs);
    let mut own: Vec<Vec<&Word>> = vec![Vec::new(); grids.len()];
    words.iter().for_each(|word| own[word.id.grid].push(word));
    let open = |(grid, own): (Grid, &Vec<&Word>)| grid.split(own);
    let grids: Vec<Grid> = grids.into_iter().zip(&own).map(open).collect();
    note(glyphs, &grids);
    let words = self::words(glyphs);
    let mut own: Vec<Vec<&Word>> = vec![Vec::new(); grids.len()];
    words.iter().for_each(|word| own[word.id.grid].push(word));
    let known = grids.into_iter().zip(&own).map(|(grid, own)| Grid { kind: grid.kind(own), ..grid });
    let mut kept: Vec<Grid> = known.filter(|grid| grid.kind != Kind::Other).collect();
    kept.iter_mut().for_each(|grid| grid.paint(shades));
    if kept.len() < own.len() {
        note(glyphs, &kept);
    }
    kept
}

/// A word in a cell, on the page as shown.
struct Word {
    id: CellId,
    rect: Rect,
    chars: usize,
    letters: usize,
    /// Of its type.
    size: f32,
}

fn words(glyphs: &[Glyph]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut before: Option<&Glyph> = None;
    for glyph in glyphs {
        if let Some(id) = glyph.cell.filter(|_| !glyph.char.is_whitespace()) {
            match words.last_mut().filter(|_| before.is_some_and(|before| before.goes_on_with(glyph))) {
                Some(word) => {
                    word.rect = word.rect.union(glyph.rect);
                    word.chars += 1;
                    word.letters += usize::from(glyph.char.is_alphabetic());
                }
                None => words.push(Word {
                    id,
                    rect: glyph.rect,
                    chars: 1,
                    letters: usize::from(glyph.char.is_alphabetic()),
                    size: glyph.size as f32,
                }),
            }
        }
        before = Some(glyph);
    }
    words
}

impl Grid {
    /// Where the rules between columns end below their headings, the columns go on: a cell is split at such an edge if
    /// no word of it stands there.
    fn split(mut self, words: &[&Word]) -> Self {
        let mut by_cell: Vec<Vec<&Word>> = vec![Vec::new(); self.cells.len()];
        words.iter().for_each(|word| by_cell[word.id.cell].push(word));
        let is_wide = |cell: &usize| self.cells[*cell].columns > 1 && by_cell[*cell].len() <= MAX_WORDS;
        let wide: Vec<usize> = (0..self.cells.len()).filter(is_wide).take(MAX_WIDE).collect();
        let edges = |place: Place| place.column + 1..place.column + place.columns;
        let open: HashSet<usize> = wide
            .iter()
            .flat_map(|cell| edges(self.cells[*cell]).filter(|edge| side_by_side(&by_cell[*cell], self.xs[*edge])).collect::<Vec<_>>())
            .collect();
        for cell in wide {
            let place = self.cells[cell];
            // A heading may stand above several columns.
            let is_open = |edge: &usize| open.contains(edge) && (place.row > 0 || side_by_side(&by_cell[cell], self.xs[*edge]));
            let free = |edge: &usize| by_cell[cell].iter().all(|word| !crosses(word, self.xs[*edge]));
            let cuts: Vec<usize> = edges(place).filter(is_open).filter(free).collect();
            cuts.into_iter().rev().for_each(|edge| self.cut(cell, edge));
        }
        self
    }

    /// What is right of the edge becomes a cell of its own.
    fn cut(&mut self, cell: usize, edge: usize) {
        let columns = self.columns();
        let place = self.cells[cell];
        let new = self.cells.len();
        let right = place.column + place.columns - edge;
        self.cells.push(Place { column: edge, columns: right, ..place });
        self.cells[cell].columns -= right;
        let is_right = |(at, unit): &(usize, &mut usize)| **unit == cell && at % columns >= edge;
        self.units.iter_mut().enumerate().filter(is_right).for_each(|(_, unit)| *unit = new);
    }

    /// What a cell is painted with; the smallest box behind it is drawn over the others.
    pub(super) fn shade(&self, cell: usize) -> Option<Color> {
        self.shades.get(cell).copied().flatten()
    }

    /// Notes the shade of each cell.
    fn paint(&mut self, shades: &[Shade]) {
        if self.kind != Kind::Table || self.cells.len() * shades.len() > MAX_SHADED {
            return;
        }
        let area = |rect: &Rect| (rect.right - rect.left) * (rect.bottom - rect.top);
        let shade = |place: &Place| {
            let middle = |edges: &[f32], from: usize, count: usize| (edges[from] + edges[from + count]) / 2.0;
            let (x, y) = (middle(&self.xs, place.column, place.columns), middle(&self.ys, place.row, place.rows));
            let behind = |shade: &&Shade| {
                let Rect { left, top, right, bottom } = shade.rect;
                (left..right).contains(&x) && (top..bottom).contains(&y)
            };
            shades.iter().filter(behind).min_by(|a, b| area(&a.rect).total_cmp(&area(&b.rect))).map(|shade| shade.color)
        };
        self.shades = self.cells.iter().map(shade).collect();
    }

    fn kind(&self, words: &[&Word]) -> Kind {
        let mut by_cell: Vec<Vec<&Word>> = vec![Vec::new(); self.cells.len()];
        words.iter().for_each(|word| by_cell[word.id.cell].push(word));
        let filled: Vec<usize> = (0..self.cells.len()).filter(|cell| !by_cell[*cell].is_empty()).collect();
        let mut in_row: HashMap<usize, usize> = HashMap::new();
        filled.iter().for_each(|cell| *in_row.entry(self.cells[*cell].row).or_default() += 1);
        let columns: HashSet<usize> = filled.iter().map(|cell| self.cells[*cell].column).collect();
        let rows = in_row.values().filter(|cells| **cells > 1).count();
        let enough = rows >= ENOUGH_ROWS || (rows == 1 && in_row.len() > 1 && filled.len() >= ENOUGH_CELLS);
        if !enough || columns.len() < 2 {
            return Kind::Other;
        }
        let chars = |cell: &usize| by_cell[*cell].iter().map(|word| word.chars).sum::<usize>();
        let heights: Vec<Vec<Vec<&Word>>> = filled.iter().map(|cell| heights(&by_cell[*cell])).collect();
        let gappy = |heights: &[Vec<&Word>]| heights.iter().filter(|words| is_gappy(words)).count() * 2 > heights.len();
        let is_text = |heights: &[Vec<&Word>]| {
            let words = || heights.iter().flatten();
            words().map(|word| word.letters).sum::<usize>() * 3 > words().map(|word| word.chars).sum()
        };
        let is_list = |heights: &Vec<Vec<&Word>>| heights.len() >= MANY_ROWS && gappy(heights) && is_text(heights);
        // The headings of a table may look like a list.
        let listed: usize = filled.iter().zip(&heights).filter(|(_, heights)| is_list(heights)).map(|(cell, _)| by_cell[*cell].len()).sum();
        if filled.iter().any(|cell| chars(cell) > MAX_CELL_CHARS) || listed * 2 > words.len() {
            return Kind::Frames;
        }
        // Rules that set off some columns only: how the others stand shows better.
        let parts = |heights: &Vec<Vec<&Word>>| gappy(heights) && (heights.len() == 1 || !is_text(heights));
        let gappy = filled.iter().zip(&heights).filter(|(_, heights)| parts(heights)).map(|(cell, _)| self.cells[*cell].row);
        if gappy.collect::<HashSet<usize>>().len() * MANY_ROWS > in_row.len() { Kind::Other } else { Kind::Table }
    }
}

fn crosses(word: &Word, edge: f32) -> bool {
    word.rect.left < edge - LEEWAY && word.rect.right > edge + LEEWAY
}

/// Whether words stand on both sides of an edge, clear of each other wherever they are on the same height.
fn side_by_side(words: &[&Word], edge: f32) -> bool {
    let (left, right): (Vec<&Word>, Vec<&Word>) = words.iter().partition(|word| word.rect.middle().0 < edge);
    let clear = |a: &&Word| right.iter().all(|b| !level(a, b) || b.rect.left - a.rect.right > CLEAR * a.size);
    !left.is_empty() && !right.is_empty() && !words.iter().any(|word| crosses(word, edge)) && left.iter().all(clear)
}

fn level(a: &Word, b: &Word) -> bool {
    let (from, to) = (a.rect.top.max(b.rect.top), a.rect.bottom.min(b.rect.bottom));
    to - from > 0.5 * (a.rect.bottom - a.rect.top).min(b.rect.bottom - b.rect.top)
}

/// The words on each height, from left to right.
fn heights<'w>(words: &[&'w Word]) -> Vec<Vec<&'w Word>> {
    let mut words = words.to_vec();
    words.sort_by(|a, b| a.rect.middle().1.total_cmp(&b.rect.middle().1));
    let mut heights: Vec<Vec<&Word>> = Vec::new();
    for word in words {
        match heights.last_mut().filter(|height| level(height[0], word)) {
            Some(height) => height.push(word),
            None => heights.push(vec![word]),
        }
    }
    heights.iter_mut().for_each(|height| height.sort_by(|a, b| a.rect.left.total_cmp(&b.rect.left)));
    heights
}

/// Whether a line has a gap as wide as between columns.
fn is_gappy(line: &[&Word]) -> bool {
    line.windows(2).any(|pair| pair[1].rect.left - pair[0].rect.right > GAPPY * pair[0].size)
}

fn note(glyphs: &mut [Glyph], grids: &[Grid]) {
    let mut before: Option<Glyph> = None;
    for glyph in glyphs {
        let (x, y) = glyph.rect.middle();
        glyph.cell = cell(grids, x, y);
        // What is too wide for its cell doesn't go on in the next one: words stay whole.
        if let Some(before) = before.filter(|before| before.goes_on_with(glyph)) {
            glyph.cell = before.cell;
        }
        before = Some(glyph.clone());
    }
}

/// For lines that were found by other ways than characters.
pub(super) fn place_lines(lines: &mut [Line], grids: &[Grid]) {
    for line in lines.iter_mut().filter(|line| line.cell.is_none()) {
        let Some(rect) = line.words.iter().map(|word| word.rect).reduce(Rect::union) else { continue };
        let (x, y) = rect.middle();
        line.cell = cell(grids, x, y);
    }
}

/// The innermost.
fn cell(grids: &[Grid], x: f32, y: f32) -> Option<CellId> {
    grids.iter().enumerate().find_map(|(grid, table)| table.cell_at(x, y).map(|cell| CellId { grid, cell }))
}

impl Glyph {
    fn goes_on_with(&self, next: &Self) -> bool {
        let gap = next.x0 - self.x1;
        let level = (self.y - next.y).abs() < WITHIN_WORD * next.size;
        !next.placed
            && !self.char.is_whitespace()
            && !next.char.is_whitespace()
            && self.turns == next.turns
            && level
            && gap.abs() < WITHIN_WORD * next.size
    }
}

/// Rules on the same line, put together where they touch.
fn joined<'r>(rules: impl Iterator<Item = &'r Rule>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = rules.copied().collect();
    rules.sort_by(|a, b| a.at.total_cmp(&b.at));
    // Chains of close lines are cut where they get too wide to be one.
    let mut lines: Vec<Vec<Rule>> = Vec::new();
    for rule in rules {
        match lines.last_mut().filter(|line| rule.at - line[0].at <= TOGETHER) {
            Some(line) => line.push(rule),
            None => lines.push(vec![rule]),
        }
    }
    let mut joined: Vec<Rule> = Vec::new();
    for mut line in lines {
        let at = line.iter().map(|rule| rule.at).sum::<f32>() / line.len() as f32;
        line.sort_by(|a, b| a.from.total_cmp(&b.from));
        let first = joined.len();
        for rule in line {
            match joined[first..].last_mut().filter(|last| rule.from <= last.to + TOGETHER) {
                Some(last) => last.to = last.to.max(rule.to),
                None => joined.push(Rule { at, ..rule }),
            }
        }
    }
    joined
}

/// Level and upright rules that hang together.
fn connected(level: &[Rule], upright: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut sets = Sets::new(level.len() + upright.len());
    for (l, across) in level.iter().enumerate() {
        for (u, down) in upright.iter().enumerate() {
            if meets(across, down) {
                sets.join(l, level.len() + u);
            }
        }
    }
    let mut places: HashMap<usize, usize> = HashMap::new();
    let mut found: Vec<(Vec<Rule>, Vec<Rule>)> = Vec::new();
    for (at, rule) in level.iter().chain(upright).enumerate() {
        let place = *places.entry(sets.first(at)).or_insert(found.len());
        if place == found.len() {
            found.push((Vec::new(), Vec::new()));
        }
        let (level, upright) = &mut found[place];
        if rule.level { level.push(*rule) } else { upright.push(*rule) }
    }
    found
}

/// Numbers that belong together, each set known by its first.
struct Sets(Vec<usize>);

impl Sets {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn first(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.0[a.max(b)] = a.min(b);
    }
}

fn meets(level: &Rule, upright: &Rule) -> bool {
    let within = |at: f32, rule: &Rule| rule.from - TOGETHER <= at && at <= rule.to + TOGETHER;
    within(upright.at, level) && within(level.at, upright)
}

fn grid(level: &[Rule], upright: &[Rule]) -> Option<Grid> {
    let xs = edges(upright, level);
    let ys = edges(level, upright);
    let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
    if columns < 2 || rows < 2 || columns * rows > MAX_UNITS {
        return None;
    }
    let mut cells: Vec<Place> = Vec::new();
    let mut numbers: HashMap<usize, usize> = HashMap::new();
    let mut units = units(&xs, &ys, level, upright);
    for (at, unit) in units.iter_mut().enumerate() {
        let (row, column) = (at / columns, at % columns);
        let number = *numbers.entry(*unit).or_insert(cells.len());
        if number == cells.len() {
            cells.push(Place { row, column, rows: 1, columns: 1 });
        }
        cells[number].reach(row, column);
        *unit = number;
    }
    Some(Grid { kind: Kind::Table, xs, ys, units, cells, shades: Vec::new() })
}

/// Where rules stand, and where the ones across them end if that is further out.
fn edges(rules: &[Rule], across: &[Rule]) -> Vec<f32> {
    let mut edges: Vec<f32> = Vec::new();
    let mut places: Vec<f32> = rules.iter().map(|rule| rule.at).collect();
    places.sort_by(f32::total_cmp);
    for at in places {
        if edges.last().is_none_or(|last| at - last > TOGETHER) {
            edges.push(at);
        }
    }
    // One rule that is longer may be the one below a heading: most have to be.
    let outermost = |far: &dyn Fn(&Rule) -> f32| {
        let mut ends: Vec<f32> = across.iter().map(far).collect();
        ends.sort_by(f32::total_cmp);
        ends.get(ends.len() / 2).copied()
    };
    if let (Some(first), Some(from)) = (edges.first().copied(), outermost(&|rule| rule.from))
        && first - from > OPEN_COLUMN
    {
        edges.insert(0, from);
    }
    if let (Some(last), Some(to)) = (edges.last().copied(), outermost(&|rule| rule.to))
        && to - last > OPEN_COLUMN
    {
        edges.push(to);
    }
    edges
}

/// For each unit the first one of its cell: units without a rule between them are one cell.
fn units(xs: &[f32], ys: &[f32], level: &[Rule], upright: &[Rule]) -> Vec<usize> {
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    let covers = |rules: &[Rule], at: f32, from: f32, to: f32| {
        let middle = (from + to) / 2.0;
        rules.iter().any(|rule| (rule.at - at).abs() <= TOGETHER && rule.from <= middle && middle <= rule.to)
    };
    let mut sets = Sets::new(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            let at = row * columns + column;
            if column > 0 && !covers(upright, xs[column], ys[row], ys[row + 1]) {
                sets.join(at - 1, at);
            }
            if row > 0 && !covers(level, ys[row], xs[column], xs[column + 1]) {
                sets.join(at - columns, at);
            }
        }
    }
    (0..columns * rows).map(|at| sets.first(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(at: f32, from: f32, to: f32) -> Rule {
        Rule { level: true, at, from, to }
    }

    fn upright(at: f32, from: f32, to: f32) -> Rule {
        Rule { level: false, at, from, to }
    }

    fn grids(rules: &[Rule]) -> Vec<Grid> {
        super::grids(&Rules { drawn: rules.to_vec(), shades: Vec::new() })
    }

    #[test]
    fn shades_within_lines_are_no_cells() {
        let drawn = vec![
            level(0.0, 0.0, 100.0),
            level(20.0, 0.0, 100.0),
            level(40.0, 0.0, 100.0),
            upright(0.0, 0.0, 40.0),
            upright(50.0, 0.0, 40.0),
            upright(100.0, 0.0, 40.0),
        ];
        let shade = |left, top, right, bottom| Shade { rect: Rect { left, top, right, bottom }, color: (200, 200, 200) };
        let [grid] = super::grids(&Rules { drawn, shades: vec![shade(5.0, 2.0, 45.0, 12.0)] }).try_into().unwrap();
        assert_eq!((grid.rows(), grid.columns()), (2, 2));
        let cell = |x: f32, y: f32| shade(x, y, x + 50.0, y + 20.0);
        let shades = vec![cell(0.0, 0.0), cell(50.0, 0.0), cell(0.0, 20.0), cell(50.0, 20.0)];
        let [grid] = super::grids(&Rules { drawn: Vec::new(), shades }).try_into().unwrap();
        assert_eq!((grid.rows(), grid.columns()), (2, 2));
    }

    #[test]
    fn rules_make_cells() {
        // Two rows of two cells, drawn cell by cell, the lower right one in two pieces.
        let rules = [
            level(10.0, 0.0, 50.0),
            level(10.2, 50.5, 100.0),
            level(30.0, 0.0, 100.0),
            level(50.0, 0.0, 100.0),
            upright(0.0, 10.0, 50.0),
            upright(50.0, 10.0, 50.0),
            upright(100.0, 10.0, 30.0),
            upright(100.3, 31.0, 50.0),
        ];
        let [grid] = grids(&rules).try_into().unwrap();
        assert_eq!((grid.rows(), grid.columns(), grid.cells.len()), (2, 2, 4));
        assert_eq!(grid.cell_at(75.0, 40.0), Some(3));
        assert_eq!(grid.cell_at(75.0, 60.0), None);
    }

    #[test]
    fn cells_span_where_a_rule_is_missing() {
        // The first column spans both rows; the right edge is open.
        let rules =
            [level(0.0, 0.0, 100.0), level(20.0, 40.0, 100.0), level(40.0, 0.0, 100.0), upright(0.0, 0.0, 40.0), upright(40.0, 0.0, 40.0)];
        let [grid] = grids(&rules).try_into().unwrap();
        assert_eq!((grid.rows(), grid.columns()), (2, 2));
        assert_eq!(grid.cells[0], Place { row: 0, column: 0, rows: 2, columns: 1 });
        assert_eq!(grid.cell_at(20.0, 5.0), grid.cell_at(20.0, 35.0));
        assert_ne!(grid.cell_at(70.0, 5.0), grid.cell_at(70.0, 35.0));
    }

    #[test]
    fn frames_and_underlines_are_no_tables() {
        let frame = [level(0.0, 0.0, 100.0), level(50.0, 0.0, 100.0), upright(0.0, 0.0, 50.0), upright(100.0, 0.0, 50.0)];
        assert!(grids(&frame).is_empty());
        let side_by_side = [frame.as_slice(), &[upright(50.0, 0.0, 50.0)]].concat();
        assert!(grids(&side_by_side).is_empty());
        assert!(grids(&[level(10.0, 0.0, 80.0), level(30.0, 0.0, 80.0)]).is_empty());
    }
}
