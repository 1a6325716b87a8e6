//! PDF: the text of each page by its positions, headings from the outline or from type sizes.
//!
//! PDFium (`library`) gives the characters of a page with their places (`glyphs`), and the rules that it draws (`rules`),
//! which make tables (`grid`). `lines` puts characters together to lines, `order` puts those into the order of reading.
//! `layout` makes paragraphs, `ruled` reads the tables with rules, `rows` and `columns` those without; `heads` knows the
//! headings of columns that hold for the next table, too. `boxes` notes where the words stand. Pages without text are
//! drawn (`draw`) and looked at (`scan`). `file` opens the objects of the file with lopdf for `outline` and `info`, what
//! the file says about itself, and `forms`, what was added to it.

mod boxes;
mod columns;
mod draw;
mod file;
mod forms;
mod geometry;
mod glyphs;
mod grid;
mod headings;
mod heads;
mod hyphens;
mod info;
mod layout;
mod library;
mod lines;
mod order;
mod outline;
mod rows;
mod ruled;
mod rules;
mod running;
mod scan;

use std::time::{Duration, Instant};

use catalog::Format;
use pdfium_render::prelude::PdfDocument;

pub(crate) use draw::png;
pub(crate) use file::names_its_table;
pub use library::PdfLibrary;

use crate::{
    BlockKind, ExtractError, Extracted, ExtractedPage, Layout, Tools, clean, isolation::GrayImage, page::PageBuilder, table::RowText,
};
use geometry::Frame;
use grid::Grid;
use heads::Heads;
use layout::Laid;
use lines::Line;

const MAX_TITLE_CHARS: usize = 120;
const MAX_PAGES: usize = 50_000;
/// Pages whose images are held at once, some ten megabytes each.
const TOGETHER: usize = 4;
/// Between two words on how far it is.
const PACE: Duration = Duration::from_millis(500);

/// Finds the words in images: for each the table that Tesseract writes, or why there is none.
pub(crate) type Recognize<'r> = &'r (dyn Fn(Vec<GrayImage>) -> Vec<Result<String, ExtractError>> + Sync);

pub(crate) fn extract(bytes: &[u8], library: &PdfLibrary, tools: &Tools<'_>) -> Result<Extracted, ExtractError> {
    // What can still be found of such a file looks like all of it, and isn't.
    if file::is_cut_off(bytes) {
        return Err(ExtractError::damaged(file::CUT_OFF));
    }
    let Pages { frames, lines: mut pages, grids, warnings } = read_pages(bytes, library, tools)?;
    let objects = file::objects(bytes);
    let ids: Vec<lopdf::ObjectId> = objects.iter().flat_map(|o| o.page_iter().take(MAX_PAGES)).collect();
    let mut comments = Vec::new();
    if let Some(objects) = &objects {
        for ((id, frame), lines) in ids.iter().zip(&frames).zip(&mut pages) {
            let added = forms::additions(objects, *id, frame);
            forms::fill_in(lines, added.values);
            comments.push(added.comments);
        }
    }
    pages.iter_mut().zip(&grids).for_each(|(lines, grids)| grid::place_lines(lines, grids));
    let words = hyphens::Vocabulary::of(pages.iter().flatten());
    let mut heads = Heads::default();
    let mut laid: Vec<Vec<Laid>> =
        pages.iter().zip(&grids).map(|(lines, grids)| layout::layout(lines, grids, &words, &mut heads)).collect();
    let sizes: Vec<(f32, f32)> = frames.iter().map(Frame::size).collect();
    running::remove(&mut laid, &sizes);
    let outline = objects.as_ref().map(|o| outline::read(o, &ids)).unwrap_or_default();
    headings::mark(&mut laid, &outline);
    for (blocks, comments) in laid.iter_mut().zip(comments) {
        blocks.extend(comments.into_iter().map(|(text, rect)| Laid::comment(text, rect)));
    }
    let mut labels = objects.as_ref().map(|o| info::labels(o, ids.len())).unwrap_or_default();
    labels.resize(frames.len(), None);

    let mut read = Vec::with_capacity(laid.len());
    for (number, ((blocks, label), frame)) in (1..).zip(laid.into_iter().zip(labels).zip(&frames)) {
        read.push(finished(number, label, blocks, frame)?);
    }
    let title = objects.as_ref().and_then(info::title).or_else(|| read.first().and_then(printed_title));
    let title = title.and_then(|t| clean::title(&t));
    let attachments = objects.as_ref().map(|o| forms::files(o, &ids)).unwrap_or_default();
    let dated = objects.as_ref().and_then(info::dated);
    Ok(Extracted { dated, paged: true, pages: read, attachments, warnings, ..Extracted::empty(Format::Pdf, title) })
}

/// How each page is shown, its lines of text, and its ruled tables.
struct Pages {
    frames: Vec<Frame>,
    lines: Vec<Vec<Line>>,
    grids: Vec<Vec<Grid>>,
    warnings: Vec<String>,
}

fn read_pages(bytes: &[u8], library: &PdfLibrary, tools: &Tools<'_>) -> Result<Pages, ExtractError> {
    let document = library.open(bytes)?;
    let mut frames = Vec::new();
    let mut pages: Vec<Vec<Line>> = Vec::new();
    let mut grids: Vec<Vec<Grid>> = Vec::new();
    let mut pictures = Vec::new();
    let count = usize::try_from(document.pages().len()).unwrap_or(0).min(MAX_PAGES);
    let mut told = Instant::now();
    for (number, page) in document.pages().iter().take(MAX_PAGES).enumerate() {
        if told.elapsed() >= PACE {
            told = Instant::now();
            tell(tools, number, count);
        }
        let frame = glyphs::frame(&page);
        let mut glyphs = glyphs::glyphs(&page, &frame);
        let need = scan::need(&page, &frame, &glyphs);
        if need != scan::Need::None {
            pictures.push(number);
        }
        let rules = if glyphs.is_empty() { rules::Rules::default() } else { rules::rules(&page, &frame) };
        grids.push(grid::place(&mut glyphs, grid::grids(&rules), &rules.shades));
        // Characters that mean nothing would only hide what is to be seen.
        pages.push(if need == scan::Need::Instead { Vec::new() } else { lines::lines(glyphs) });
        frames.push(frame);
    }
    if pages.is_empty() {
        return Err(ExtractError::damaged("no page can be found in it"));
    }
    let mut warnings = Vec::new();
    for (batch, numbers) in pictures.chunks(TOGETHER).enumerate() {
        let Some(recognize) = tools.recognize else { break };
        tell(tools, numbers.first().copied().unwrap_or(0), count);
        let Err(error) = recognize_pages(&document, numbers, recognize, &frames, &mut pages) else { continue };
        // Without the program the other pictures stay unread, too.
        let hopeless = matches!(error, ExtractError::NoRecognition { .. });
        let unread = if hopeless { &pictures[batch * TOGETHER..] } else { numbers };
        if unread.len() == pages.len() || (hopeless && pages.iter().all(Vec::is_empty)) {
            return Err(error);
        }
        let unread: Vec<String> = unread.iter().map(|number| (number + 1).to_string()).collect();
        warnings.push(format!("{error}; what its pages {} show as pictures was not read", unread.join(", ")));
        if hopeless {
            break;
        }
    }
    Ok(Pages { frames, lines: pages, grids, warnings })
}

/// Says which page is read now, counted from 0 here.
fn tell(tools: &Tools<'_>, number: usize, count: usize) {
    if let Some(progress) = tools.progress {
        let told = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        progress(told(number + 1), told(count));
    }
}

/// Adds to the lines of pages what text recognition finds on them.
fn recognize_pages(
    document: &PdfDocument<'_>,
    numbers: &[usize],
    recognize: Recognize<'_>,
    frames: &[Frame],
    pages: &mut [Vec<Line>],
) -> Result<(), ExtractError> {
    let drawn = |number: &usize| {
        let page = document.pages().get(i32::try_from(*number).ok()?).ok()?;
        Some((*number, draw::gray(&page)?))
    };
    let (numbers, images): (Vec<usize>, Vec<GrayImage>) = numbers.iter().filter_map(drawn).unzip();
    // Lines are made from the table and the image's size; the pixels themselves go away with the question.
    let sizes: Vec<GrayImage> = images.iter().map(|i| GrayImage { pixels: Vec::new(), ..*i }).collect();
    if images.is_empty() {
        return Ok(());
    }
    for ((number, size), table) in numbers.into_iter().zip(sizes).zip(recognize(images)) {
        let found = scan::lines(&table?, &size, &frames[number]);
        scan::add(&mut pages[number], found);
    }
    Ok(())
}

fn finished(number: i32, label: Option<String>, blocks: Vec<Laid>, frame: &Frame) -> Result<ExtractedPage, ExtractError> {
    let mut page = PageBuilder::default();
    for block in &blocks {
        if block.apart {
            page.apart();
        }
        match block.kind {
            BlockKind::TableHead | BlockKind::TableRow => {
                let row = RowText { head: block.kind == BlockKind::TableHead, text: block.text.clone(), cells: block.cells.clone() };
                page.push_row(&row);
            }
            kind => page.push(kind, &block.text),
        }
    }
    let mut page = page.finish(number, label)?;
    let (width, height) = frame.size();
    let words = boxes::locate(&page.text, blocks.iter().flat_map(|block| &block.words));
    page.layout = Some(Layout { width, height, words });
    Ok(page)
}

/// What the first page has in the largest type. A cover has the publisher's name and the title, in either order: both count.
fn printed_title(first: &ExtractedPage) -> Option<String> {
    let at = first.blocks.iter().position(|b| b.kind == BlockKind::Heading(1))?;
    let is_cover = first.text.chars().count() <= MAX_TITLE_CHARS;
    let lines = first.blocks[at..].iter().take(if is_cover { 2 } else { 1 }).take_while(|b| matches!(b.kind, BlockKind::Heading(_)));
    let title = lines.filter_map(|b| first.text.get(b.range.clone())).collect::<Vec<_>>().join(": ");
    (title.chars().count() <= MAX_TITLE_CHARS).then_some(title)
}

#[cfg(test)]
mod tests;
