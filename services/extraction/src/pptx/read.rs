//! The shapes of a slide, layout, master or page of notes.

use quick_xml::events::BytesStart;

use super::{
    bullets::{self, Bullet, Counters, LEVELS, Levels},
    sheet::{Inherited, Placeholder, Sheet, SheetShape},
};
use crate::{
    BlockKind, ExtractError,
    omml::Formula,
    slide::{self, Piece, Place},
    table::{Cell, Table},
    xml::{self, Visitor},
};

pub(super) fn sheet(source: &str, what: &str, inherited: Inherited<'_>) -> Result<Sheet, ExtractError> {
    let mut reader = Reader {
        sheet: Sheet::default(),
        inherited,
        groups: Vec::new(),
        shape: None,
        paragraph: None,
        table: None,
        styles: None,
        style_level: None,
        in_text: false,
        formula: Formula::default(),
    };
    xml::visit(source, what, &mut reader)?;
    Ok(reader.sheet)
}

struct Reader<'s> {
    sheet: Sheet,
    inherited: Inherited<'s>,
    /// Open groups, the innermost last.
    groups: Vec<Group>,
    shape: Option<OpenShape>,
    paragraph: Option<Paragraph>,
    table: Option<OpenTable>,
    /// Which of the master's text styles is open.
    styles: Option<usize>,
    style_level: Option<usize>,
    in_text: bool,
    formula: Formula,
}

#[derive(Default)]
struct Group {
    shape: SheetShape,
    children: Vec<SheetShape>,
}

#[derive(Default)]
struct OpenShape {
    shape: SheetShape,
    counters: Counters,
    hidden: bool,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    level: usize,
    bullet: Option<Bullet>,
    /// The open run is struck: no longer said.
    struck: bool,
}

#[derive(Default)]
struct OpenTable {
    table: Table,
    cells: Vec<Cell>,
    cell: Cell,
    /// The open cell is covered by another.
    covered: bool,
    headed: bool,
}

impl Visitor for Reader<'_> {
    fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
        if self.formula.start(name, e) {
            return true;
        }
        match name {
            // What repeats the choice before it; pages' numbers.
            "Fallback" => return false,
            "fld" if xml::attribute(e, "type").as_deref() == Some("slidenum") => return false,
            "sld" => self.sheet.hidden = matches!(xml::attribute(e, "show").as_deref(), Some("0" | "false")),
            "grpSp" => self.groups.push(Group::default()),
            "sp" | "graphicFrame" | "pic" | "cxnSp" => self.shape = Some(OpenShape::default()),
            "titleStyle" => self.styles = Some(0),
            "bodyStyle" => self.styles = Some(1),
            "otherStyle" => self.styles = Some(2),
            _ => {}
        }
        self.shape_property(name, e);
        self.list_style(name, e);
        self.paragraph_content(name, e);
        self.table_property(name, e);
        true
    }

    fn text(&mut self, text: &str) {
        if self.formula.is_open() {
            self.formula.text(text);
        } else if let Some(paragraph) = self.paragraph.as_mut().filter(|p| self.in_text && !p.struck) {
            paragraph.text.push_str(text);
        }
    }

    fn end(&mut self, name: &str) {
        if self.formula.is_open() {
            let written = self.formula.end();
            self.paragraph.iter_mut().for_each(|p| p.text.push_str(written.as_deref().unwrap_or_default()));
            return;
        }
        match name {
            "t" => self.in_text = false,
            "r" => self.paragraph.iter_mut().for_each(|p| p.struck = false),
            "p" => self.end_paragraph(),
            "tc" => self.end_cell(),
            "tr" => self.end_row(),
            "tbl" => self.end_table(),
            "sp" | "graphicFrame" | "pic" | "cxnSp" => self.end_shape(),
            "grpSp" => self.end_group(),
            "titleStyle" | "bodyStyle" | "otherStyle" => self.styles = None,
            name if bullets::level_of(name).is_some() => self.style_level = None,
            _ => {}
        }
    }
}

impl Reader<'_> {
    fn shape_property(&mut self, name: &str, e: &BytesStart<'_>) {
        let shape = match &mut self.shape {
            Some(open) => {
                open.hidden |= name == "cNvPr" && matches!(xml::attribute(e, "hidden").as_deref(), Some("1" | "true"));
                &mut open.shape
            }
            None => match self.groups.last_mut() {
                Some(group) => &mut group.shape,
                None => return,
            },
        };
        match name {
            "ph" => {
                let value = |name: &str| xml::attribute(e, name).unwrap_or_default();
                shape.placeholder = Some(Placeholder { kind: value("type"), index: value("idx") });
            }
            "off" if shape.place.is_none() => {
                let value = |name: &str| xml::attribute(e, name).and_then(|v| v.parse().ok());
                shape.place = value("y").zip(value("x")).map(|(top, left)| Place { top, left });
            }
            "chart" => shape.pieces.extend(xml::reference(e, "id").map(Piece::Part)),
            "relIds" => shape.pieces.extend(xml::reference(e, "dm").map(Piece::Part)),
            _ => {}
        }
    }

    /// Bullets by level, of a shape or of the master.
    fn list_style(&mut self, name: &str, e: &BytesStart<'_>) {
        if let Some(level) = bullets::level_of(name) {
            self.style_level = Some(level);
        }
        let Some(bullet) = Bullet::read(name, e) else { return };
        if let Some(paragraph) = &mut self.paragraph {
            paragraph.bullet = Some(bullet);
            return;
        }
        let styles: Option<&mut Levels> = match (&mut self.shape, self.styles) {
            (Some(open), _) => Some(&mut open.shape.bullets),
            (None, Some(at)) => self.sheet.text_styles.get_mut(at),
            (None, None) => None,
        };
        if let Some(slot) = styles.zip(self.style_level).and_then(|(levels, level)| levels.get_mut(level)) {
            *slot = Some(bullet);
        }
    }

    fn paragraph_content(&mut self, name: &str, e: &BytesStart<'_>) {
        if name == "p" {
            self.paragraph = Some(Paragraph::default());
        }
        let Some(paragraph) = &mut self.paragraph else { return };
        match name {
            "t" => self.in_text = true,
            "pPr" => paragraph.level = xml::attribute(e, "lvl").and_then(|v| v.parse().ok()).unwrap_or(0).min(LEVELS - 1),
            "rPr" => paragraph.struck = xml::attribute(e, "strike").is_some_and(|v| v != "noStrike"),
            "br" => paragraph.text.push('\n'),
            "tab" => paragraph.text.push(' '),
            _ => {}
        }
    }

    fn table_property(&mut self, name: &str, e: &BytesStart<'_>) {
        if name == "tbl" {
            self.table = Some(OpenTable::default());
        }
        let Some(open) = &mut self.table else { return };
        let is_set = |name: &str| matches!(xml::attribute(e, name).as_deref(), Some("1" | "true"));
        let extent = |name: &str| xml::attribute(e, name).and_then(|v| v.parse().ok()).unwrap_or(1);
        match name {
            "tblPr" => open.headed = is_set("firstRow"),
            "tc" => {
                open.cell = Cell { text: String::new(), columns: extent("gridSpan"), rows: extent("rowSpan") };
                open.covered = is_set("hMerge") || is_set("vMerge");
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let Some(mut paragraph) = self.paragraph.take().filter(|p| !p.text.trim().is_empty()) else { return };
        if let Some(open) = &mut self.table {
            if !open.cell.text.is_empty() {
                open.cell.text.push(' ');
            }
            open.cell.text.push_str(&paragraph.text);
            return;
        }
        let Some(open) = &mut self.shape else { return };
        let placeholder = open.shape.placeholder.as_ref();
        let own = paragraph.bullet.or_else(|| open.shape.bullets.get(paragraph.level).cloned().flatten());
        let bullet = own.or_else(|| self.inherited.bullet(placeholder, paragraph.level)).unwrap_or(Bullet::None);
        let mark = open.counters.mark(paragraph.level, &bullet);
        let kind = match &mark {
            _ if placeholder.is_some_and(Placeholder::is_title) => BlockKind::Heading(1),
            Some(_) => BlockKind::ListItem,
            None => BlockKind::Paragraph,
        };
        if let Some(mark) = mark {
            paragraph.text.insert_str(0, &mark);
        }
        match open.shape.pieces.last_mut() {
            // A title of several lines is one.
            Some(Piece::Text(BlockKind::Heading(_), title)) if kind == BlockKind::Heading(1) => {
                title.push(' ');
                title.push_str(&paragraph.text);
            }
            _ => open.shape.pieces.push(Piece::Text(kind, paragraph.text)),
        }
    }

    fn end_cell(&mut self) {
        if let Some(open) = self.table.as_mut().filter(|open| !open.covered) {
            let cell = std::mem::take(&mut open.cell);
            open.cells.push(cell);
        }
    }

    fn end_row(&mut self) {
        if let Some(open) = &mut self.table {
            open.table.push_row(std::mem::take(&mut open.cells));
        }
    }

    fn end_table(&mut self) {
        if let (Some(mut open), Some(shape)) = (self.table.take(), &mut self.shape) {
            open.table.set_headed(open.headed);
            shape.shape.pieces.push(Piece::Table(open.table));
        }
    }

    fn end_shape(&mut self) {
        let Some(OpenShape { mut shape, .. }) = self.shape.take().filter(|open| !open.hidden) else { return };
        if let Some(placeholder) = &shape.placeholder {
            shape.place = shape.place.or_else(|| self.inherited.place(placeholder));
        }
        // Text boxes that follow each other have lists of their own.
        shape.pieces.push(Piece::Apart);
        self.add(shape);
    }

    /// A group is one shape, within which the order is by place as well.
    fn end_group(&mut self) {
        let Some(Group { mut shape, children }) = self.groups.pop() else { return };
        let ordered = slide::in_reading_order(children.into_iter().map(SheetShape::into_shape).collect());
        shape.pieces = ordered.into_iter().flat_map(|child| child.pieces).collect();
        self.add(shape);
    }

    fn add(&mut self, shape: SheetShape) {
        self.groups.last_mut().map_or(&mut self.sheet.shapes, |group| &mut group.children).push(shape);
    }
}
