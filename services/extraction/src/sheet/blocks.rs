//! Finds what belongs together on a sheet: blank rows separate, and blank columns between two tables.

use std::ops::RangeInclusive;

use super::grid::Cell;

/// Tables beside tables below tables: sheets are not cut finer.
const MAX_CUTS: usize = 4;

/// Rows of cells without a blank row between them.
#[derive(Clone, Debug)]
pub(super) struct Block<'c> {
    pub(super) rows: Vec<Vec<&'c Cell>>,
    pub(super) columns: RangeInclusive<u32>,
}

impl Block<'_> {
    /// Some of its rows hold several cells.
    pub(super) fn is_table(&self) -> bool {
        self.rows.iter().any(|row| row.len() > 1)
    }

    /// Rows with several cells: what stands beside another table must be one itself, not a column of it.
    fn stands_alone(&self) -> bool {
        self.rows.iter().filter(|row| row.len() > 1).take(2).count() == 2
    }

    pub(super) fn first_row(&self) -> u32 {
        self.rows.first().and_then(|row| row.first()).map_or(0, |cell| cell.row)
    }

    pub(super) fn last_row(&self) -> u32 {
        self.rows.last().and_then(|row| row.first()).map_or(0, |cell| cell.row)
    }

    /// Cut where the file marks a row as headings: what stands above it is another table.
    pub(super) fn at_heads(self, marked: &[u32]) -> Vec<Self> {
        let is_head = |row: &Vec<&Cell>| row.len() > 1 && row.first().is_some_and(|cell| marked.contains(&cell.row));
        let mut parts = vec![Self { rows: Vec::new(), columns: self.columns.clone() }];
        for row in self.rows {
            if is_head(&row) {
                parts.push(Self { rows: Vec::new(), columns: self.columns.clone() });
            }
            if let Some(part) = parts.last_mut() {
                part.rows.push(row);
            }
        }
        parts.retain(|part| !part.rows.is_empty());
        parts
    }
}

/// From top to bottom, and from left to right where they stand side by side. The cells are in order.
pub(super) fn blocks(cells: &[Cell]) -> Vec<Block<'_>> {
    let rows = cells.chunk_by(|a, b| a.row == b.row).map(|row| row.iter().collect()).collect();
    let mut found = Vec::new();
    cut(rows, MAX_CUTS, &mut found);
    found
}

fn cut<'c>(rows: Vec<Vec<&'c Cell>>, cuts: usize, found: &mut Vec<Block<'c>>) {
    let number = |row: &Vec<&Cell>| row.first().map_or(0, |cell| cell.row);
    for band in rows.chunk_by(|above, below| number(below) - number(above) <= 1) {
        let whole = Block { columns: extent(band), rows: band.to_vec() };
        let beside = side_by_side(&whole);
        if cuts > 0 && beside.len() > 1 && beside.iter().all(Block::stands_alone) {
            beside.into_iter().for_each(|block| cut(block.rows, cuts - 1, found));
        } else {
            found.push(whole);
        }
    }
}

fn extent(rows: &[Vec<&Cell>]) -> RangeInclusive<u32> {
    let first = rows.iter().flatten().map(|cell| cell.column).min().unwrap_or(0);
    first..=rows.iter().flatten().map(|cell| cell.until).max().unwrap_or(first).min(first.saturating_add(16_384))
}

/// The parts between which no row has a cell.
fn side_by_side<'c>(block: &Block<'c>) -> Vec<Block<'c>> {
    let mut extents: Vec<(u32, u32)> = block.rows.iter().flatten().map(|cell| (cell.column, cell.until)).collect();
    extents.sort_unstable();
    let mut parts: Vec<RangeInclusive<u32>> = Vec::new();
    for (first, last) in extents {
        match parts.last_mut() {
            Some(part) if first <= part.end().saturating_add(1) => *part = *part.start()..=last.max(*part.end()),
            _ => parts.push(first..=last),
        }
    }
    if parts.len() < 2 {
        return Vec::new();
    }
    let part_of = |cell: &Cell| parts.partition_point(|part| *part.end() < cell.column);
    let mut split: Vec<Block<'c>> = parts.iter().map(|columns| Block { rows: Vec::new(), columns: columns.clone() }).collect();
    for cells in block.rows.iter().flat_map(|row| row.chunk_by(|a, b| part_of(a) == part_of(b))) {
        if let Some(part) = cells.first().and_then(|first| split.get_mut(part_of(first))) {
            part.rows.push(cells.to_vec());
        }
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(places: &[(u32, u32)]) -> Vec<(u32, u32, usize)> {
        let cells: Vec<Cell> = places.iter().map(|place| Cell::new(*place, "x")).collect();
        blocks(&cells).iter().map(|b| (b.first_row(), *b.columns.start(), b.rows.iter().map(Vec::len).sum())).collect()
    }

    #[test]
    fn blank_rows_separate() {
        assert_eq!(found(&[(0, 0), (1, 0), (1, 1), (3, 0), (900_000, 7)]), [(0, 0, 3), (3, 0, 1), (900_000, 7, 1)]);
    }

    #[test]
    fn tables_beside_each_other() {
        let two = [(0, 0), (0, 1), (0, 3), (0, 4), (1, 0), (1, 1), (1, 3), (1, 4), (2, 3), (2, 4)];
        assert_eq!(found(&two), [(0, 0, 4), (0, 3, 6)]);
        // A value some columns beside its label.
        assert_eq!(found(&[(0, 0), (0, 5), (1, 0), (1, 5)]), [(0, 0, 4)]);
    }
}
