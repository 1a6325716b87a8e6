//! A chart as the table of its numbers.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use quick_xml::events::BytesStart;

use crate::{
    BlockKind, ExtractError,
    slide::Piece,
    table::{Cell, Table},
    xml::{self, Visitor},
};

/// A chart with more points shows a shape, not numbers.
const MAX_POINTS: usize = 5000;
const MAX_SERIES: usize = 100;

pub(super) fn read(source: &str) -> Result<Vec<Piece>, ExtractError> {
    let mut reader = Reader::default();
    xml::visit(source, "a chart", &mut reader)?;
    let mut pieces: Vec<Piece> = reader.titles.into_iter().map(|title| Piece::Text(BlockKind::Paragraph, title)).collect();
    pieces.extend(table(&reader.series).map(Piece::Table));
    Ok(pieces)
}

#[derive(Default)]
struct Reader {
    /// Of the chart, then of its axes.
    titles: Vec<String>,
    series: Vec<Series>,
    in_title: bool,
    slot: Option<Slot>,
    /// The number of the open point.
    point: Option<usize>,
    format: String,
    text: Option<String>,
}

#[derive(Default)]
struct Series {
    name: String,
    categories: BTreeMap<usize, String>,
    values: BTreeMap<usize, String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Name,
    Categories,
    Values,
}

impl Visitor for Reader {
    fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
        match name {
            "Fallback" | "extLst" => return false,
            "title" => {
                self.in_title = true;
                self.titles.push(String::new());
            }
            "ser" if self.series.len() >= MAX_SERIES => return false,
            "ser" => self.series.push(Series::default()),
            "tx" if !self.in_title && !self.series.is_empty() => self.slot = Some(Slot::Name),
            "cat" | "xVal" => self.slot = Some(Slot::Categories),
            "val" | "yVal" => self.slot = Some(Slot::Values),
            "strCache" | "numCache" | "strLit" | "numLit" | "multiLvlStrCache" => self.format.clear(),
            "pt" => self.point = xml::attribute(e, "idx").and_then(|v| v.parse().ok()).filter(|at| *at < MAX_POINTS),
            "v" | "t" | "formatCode" => self.text = Some(String::new()),
            _ => {}
        }
        true
    }

    fn text(&mut self, text: &str) {
        self.text.iter_mut().for_each(|open| open.push_str(text));
    }

    fn end(&mut self, name: &str) {
        match name {
            "title" => self.in_title = false,
            "tx" | "cat" | "xVal" | "val" | "yVal" => self.slot = None,
            "formatCode" => self.format = self.text.take().unwrap_or_default(),
            "v" | "t" => self.end_text(),
            "p" if self.in_title => self.titles.iter_mut().last().into_iter().for_each(|title| title.push(' ')),
            _ => {}
        }
    }
}

impl Reader {
    fn end_text(&mut self) {
        let Some(text) = self.text.take() else { return };
        if self.in_title {
            self.titles.iter_mut().last().into_iter().for_each(|title| title.push_str(&text));
            return;
        }
        let Some((series, slot)) = self.series.last_mut().zip(self.slot) else { return };
        let points = match slot {
            Slot::Name => return series.name.push_str(&text),
            Slot::Categories => &mut series.categories,
            Slot::Values => &mut series.values,
        };
        let Some(at) = self.point else { return };
        // Categories of several levels come with the innermost first.
        let shown = shown(&text, &self.format);
        points.entry(at).and_modify(|known| *known = format!("{shown} {known}")).or_insert(shown);
    }
}

/// A number as the chart shows it, as far as its meaning depends on that: percentages and dates.
fn shown(value: &str, format: &str) -> String {
    let format = format.to_ascii_lowercase();
    let Ok(number) = value.trim().parse::<f64>() else { return value.to_owned() };
    if format.contains('%') {
        return format!("{}%", short(number * 100.0));
    }
    if format.contains("yy") || (format.contains('d') && format.contains("mm")) {
        let days = (1.0..100_000.0).contains(&number).then_some(number as u64);
        let date = days.and_then(|days| NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days)));
        return date.map_or_else(|| value.to_owned(), |date| date.format("%Y-%m-%d").to_string());
    }
    short(number)
}

/// Without the last digits that only computers see: 0.30000000000000004.
fn short(number: f64) -> String {
    let rounded = format!("{number:.6}");
    rounded.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The categories in the first column, a column for each series.
fn table(series: &[Series]) -> Option<Table> {
    let categories = &series.iter().find(|s| !s.categories.is_empty()).or(series.first())?.categories;
    let rows = series.iter().filter_map(|s| s.values.keys().next_back()).chain(categories.keys().next_back()).max()?;
    let cell = |text: &str| Cell { text: text.to_owned(), columns: 1, rows: 1 };
    let mut table = Table::default();
    table.set_headed(true);
    table.push_row(std::iter::once(cell("")).chain(series.iter().map(|s| cell(&s.name))));
    for at in 0..=*rows {
        let of = |points: &BTreeMap<usize, String>| cell(points.get(&at).map_or("", String::as_str));
        let row: Vec<Cell> = std::iter::once(of(categories)).chain(series.iter().map(|s| of(&s.values))).collect();
        if row.iter().any(|cell| !cell.text.is_empty()) {
            table.push_row(row);
        }
    }
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_by_category_and_series() {
        let points = |texts: &[&str]| -> String {
            texts.iter().enumerate().map(|(at, text)| format!("<c:pt idx=\"{at}\"><c:v>{text}</c:v></c:pt>")).collect()
        };
        let series = |name: &str, format: &str, values: &[&str]| {
            format!(
                "<c:ser><c:tx><c:strRef><c:f>A1</c:f><c:strCache>{}</c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache>{}</c:strCache></c:strRef></c:cat>\
                 <c:val><c:numRef><c:numCache><c:formatCode>{format}</c:formatCode>{}</c:numCache></c:numRef></c:val></c:ser>",
                points(&[name]),
                points(&["2019", "2020"]),
                points(values)
            )
        };
        let source = format!(
            "<c:chartSpace><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Staff</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea>{}{}</c:plotArea></c:chart></c:chartSpace>",
            series("Number", "General", &["120", "130.5"]),
            series("Part-time", "0%", &["0.25", "0.3"])
        );
        let pieces = read(&source).unwrap();
        let Some(Piece::Table(table)) = pieces.last() else { panic!("no table") };
        let rows: Vec<String> = table.rows().map(|row| row.text).collect();
        assert_eq!(rows, ["Number | Part-time", "2019 | Number: 120 | Part-time: 25%", "2020 | Number: 130.5 | Part-time: 30%"]);
        assert!(matches!(pieces.first(), Some(Piece::Text(_, title)) if title.trim() == "Staff"));
    }

    #[test]
    fn dates_are_written_out() {
        assert_eq!(shown("45292", "m/d/yyyy"), "2024-01-01");
        assert_eq!(shown("0.30000000000000004", "General"), "0.3");
    }
}
