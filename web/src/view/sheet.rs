//! The image of a page with the cited words marked.

use catalog::{PageLayout, PlacedWord};

use super::source::said_of_scan;
use crate::frame::Frame;

/// In tenths of a point, from the left and the top of the page.
pub(crate) struct Sheet {
    pub(crate) image: String,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) marks: Vec<Mark>,
    /// What there is to say of a page that was read from a scan.
    pub(crate) scan: Option<String>,
}

/// A rectangle over cited words of a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// Marks reach a little over the words.
const EDGE: i32 = 12;

impl Sheet {
    /// `None` where the page has no image.
    pub(crate) fn of(frame: &Frame, layout: &PageLayout, image: String, marked: Option<(usize, usize)>) -> Option<Self> {
        let (width, height) = layout.size.filter(|(width, height)| *width > 0 && *height > 0)?;
        let within = |word: &&PlacedWord| {
            let place = |at: i32| usize::try_from(at).unwrap_or(0);
            marked.is_some_and(|(start, end)| place(word.start) < end && place(word.end) > start)
        };
        let marks = marks(layout.words.iter().filter(within));
        let of_scan = |words: &mut dyn Iterator<Item = &PlacedWord>| {
            let sure: Vec<i32> = words.filter_map(|word| word.confidence.map(i32::from)).collect();
            (!sure.is_empty()).then(|| sure.iter().sum::<i32>() / i32::try_from(sure.len()).unwrap_or(i32::MAX))
        };
        let cited = of_scan(&mut layout.words.iter().filter(within)).map(|c| said_of_scan(frame, "cited", c));
        let scan = cited.or_else(|| of_scan(&mut layout.words.iter()).map(|c| said_of_scan(frame, "page", c)));
        Some(Self { image, width, height, marks, scan })
    }
}

/// Words that stand side by side become one mark.
fn marks<'w>(words: impl Iterator<Item = &'w PlacedWord>) -> Vec<Mark> {
    let mut marks: Vec<[i32; 4]> = Vec::new();
    for PlacedWord { place: [left, top, right, bottom], .. } in words {
        let height = bottom - top;
        let beside = |mark: &&mut [i32; 4]| {
            let level = (mark[1] - top).abs() < height / 2 && (mark[3] - bottom).abs() < height / 2;
            level && (left - mark[2]).abs() < height * 2
        };
        match marks.last_mut().filter(beside) {
            Some(mark) => *mark = [mark[0].min(*left), mark[1].min(*top), mark[2].max(*right), mark[3].max(*bottom)],
            None => marks.push([*left, *top, *right, *bottom]),
        }
    }
    let mark = |[left, top, right, bottom]: [i32; 4]| Mark {
        x: left - EDGE,
        y: top - EDGE,
        width: (right - left + 2 * EDGE).max(1),
        height: (bottom - top + 2 * EDGE).max(1),
    };
    marks.into_iter().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(start: i32, place: [i32; 4], confidence: Option<u8>) -> PlacedWord {
        PlacedWord { start, end: start + 4, place, confidence }
    }

    #[test]
    fn cited_words_of_a_line_are_marked_together() {
        let layout = PageLayout {
            size: Some((5950, 8420)),
            words: vec![
                word(0, [700, 700, 900, 820], None),
                word(5, [930, 700, 1100, 820], None),
                word(10, [700, 850, 900, 970], None),
                word(15, [930, 850, 1000, 970], Some(50)),
            ],
            ..PageLayout::default()
        };
        let sheet = Sheet::of(&Frame::default(), &layout, "image".into(), Some((0, 12))).unwrap();
        assert_eq!(sheet.marks.iter().map(|m| (m.x, m.y, m.width)).collect::<Vec<_>>(), [(688, 688, 424), (688, 838, 224)]);
        assert!(sheet.scan.is_some_and(|said| said.contains("50% sure")));
        assert!(Sheet::of(&Frame::default(), &layout, String::new(), None).unwrap().marks.is_empty());
        assert!(Sheet::of(&Frame::default(), &PageLayout::default(), String::new(), None).is_none());
    }
}
