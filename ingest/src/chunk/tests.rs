//! What must hold for every document, and how passages look.

use std::path::Path;

use super::*;
use extraction::{BlockKind, Tools, extract};

/// About what a WordPiece tokenizer counts: a token for five letters, one for anything else but spaces.
fn count(text: &str) -> usize {
    let word = |word: &str| {
        let letters = word.chars().filter(|c| c.is_ascii_alphanumeric()).count();
        if letters > 100 { 1 } else { letters.div_ceil(5) + word.chars().count() - letters }
    };
    text.split_whitespace().map(word).sum()
}

const SETTINGS: ChunkSettings = ChunkSettings { target_tokens: 200, max_tokens: 256 };

fn passages(markdown: &str) -> Vec<NewPassage> {
    let extracted = extract(Path::new("a.md"), markdown.as_bytes(), &Tools::default()).unwrap();
    let passages = chunk(&extracted, "Title", &SETTINGS, &count);
    check(&extracted, "Title", &passages);
    passages
}

/// The properties that hold for every document.
fn check(extracted: &Extracted, title: &str, passages: &[NewPassage]) {
    for page in &extracted.pages {
        let chars: Vec<char> = page.text.chars().collect();
        let mut covered = vec![0u8; chars.len()];
        for passage in passages.iter().filter(|p| p.page == page.number) {
            let (start, end) = (passage.start as usize, passage.end as usize);
            assert_eq!(chars[start..end].iter().collect::<String>(), passage.text);
            assert_eq!(passage.text.trim(), passage.text);
            let tokens = count(&context_header(title, &passage.headings)) + count(&passage.text) + 2;
            assert!(tokens <= SETTINGS.max_tokens, "{tokens} tokens: {}", passage.text);
            covered[start..end].iter_mut().for_each(|c| *c += 1);
        }
        let mut heading = vec![false; chars.len()];
        for block in page.blocks.iter().filter(|b| matches!(b.kind, BlockKind::Heading(_))) {
            let range = text::char_range(&page.text, block.range.clone());
            heading[range].fill(true);
        }
        for (at, c) in chars.iter().enumerate().filter(|(_, c)| !c.is_whitespace()) {
            assert!(
                covered[at] == 1 || (heading[at] && covered[at] == 0),
                "{c} at {at} of page {} is in {} passages",
                page.number,
                covered[at]
            );
        }
    }
    let mut sorted = passages.to_vec();
    sorted.sort_by_key(|p| (p.page, p.start));
    assert_eq!(sorted, passages);
}

#[test]
fn sections_are_not_mixed_and_small_paragraphs_are_merged() {
    let made = passages("# Leave\n\nOne.\n\nTwo.\n\n- three\n- four\n\n## Carry-over\n\nFive.\n\n# Travel\n\nSix.");
    let seen: Vec<(Vec<&str>, &str)> = made.iter().map(|p| (p.headings.iter().map(String::as_str).collect(), p.text.as_str())).collect();
    assert_eq!(
        seen,
        [(vec!["Leave"], "One.\n\nTwo.\n\n• three\n• four"), (vec!["Leave", "Carry-over"], "Five."), (vec!["Travel"], "Six."),]
    );
}

#[test]
fn long_paragraphs_are_cut_at_sentences_into_even_parts() {
    let sentence = "Employees who work here get twenty five days of paid leave. ";
    let made = passages(&sentence.repeat(40));
    assert!(made.iter().all(|p| p.text.ends_with("leave.") && p.text.starts_with("Employees")));
    let lengths: Vec<usize> = made.iter().map(|p| count(&p.text)).collect();
    assert!(lengths.iter().all(|l| (120..=254).contains(l)), "{lengths:?}");
}

#[test]
fn announcements_stay_with_their_lists() {
    let paragraph = "Some words about the matter at hand that fill the passage up to nearly its target. ".repeat(9);
    let items: String = (0..9).map(|i| format!("- item {i} with a few words more than just its number\n")).collect();
    let made = passages(&format!("{paragraph}\n\nThe following are covered:\n\n{items}"));
    assert!(made[1].text.starts_with("The following are covered:\n\n• item 0"), "{:?}", made[1].text);
}

#[test]
fn headings_that_nothing_follows_are_not_lost() {
    let made = passages("# One\n\n# Two\n\nText.\n\n# Three\n");
    assert_eq!(made.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), ["One\n\nTwo\n\nText.\n\nThree"]);
    assert_eq!(made[0].headings, ["Two"]);
    assert_eq!(passages("# Only\n")[0].text, "Only");
}

#[test]
fn rows_stay_whole() {
    let rows: String = (0..60).map(|i| format!("| Class {i} | {} | see section {i}. Then ask. |\n", i * 10)).collect();
    let made = passages(&format!("| Class | Limit | Note |\n|---|---|---|\n{rows}"));
    assert!(made.len() > 2);
    assert!(made.iter().all(|p| p.text.starts_with("Class ") && p.text.ends_with(['.', 'e'])), "{made:?}");
}

#[test]
fn what_has_no_sentences_words_or_sense_is_cut_all_the_same() {
    for text in ["x".repeat(10_000), "wort ".repeat(5000), "休".repeat(3000), "? ".repeat(4000), "a|b,c;".repeat(3000), "é".repeat(4000)]
    {
        assert!(passages(&text).len() > 2);
    }
}

#[test]
fn a_passage_stays_on_its_page_and_headings_carry_over() {
    let mut extracted = extract(Path::new("a.md"), b"# Leave\n\nOne.", &Tools::default()).unwrap();
    let mut second = extract(Path::new("a.md"), b"Two.", &Tools::default()).unwrap().pages.remove(0);
    second.number = 2;
    extracted.pages.push(second);
    let made = chunk(&extracted, "Leave", &SETTINGS, &count);
    check(&extracted, "Leave", &made);
    assert_eq!(made.iter().map(|p| (p.page, p.headings.len())).collect::<Vec<_>>(), [(1, 1), (2, 1)]);
}

/// `FOOTNOTE_TEST_DOCUMENTS` may name a folder with more documents than the repository has.
#[test]
fn the_properties_hold_for_real_documents() {
    let mut folders = vec![format!("{}/..", std::env::var("CARGO_MANIFEST_DIR").unwrap())];
    folders.extend(std::env::var("FOOTNOTE_TEST_DOCUMENTS"));
    let mut read = 0;
    for folder in folders {
        let hidden = |name: &std::ffi::OsStr| matches!(name.to_str(), Some("target" | "models" | "lib" | "node_modules" | ".git"));
        let files = walkdir::WalkDir::new(folder).into_iter().filter_entry(|e| !hidden(e.file_name())).flatten();
        for file in files.filter(|f| f.file_type().is_file() && extraction::is_supported(f.path())) {
            let bytes = std::fs::read(file.path()).unwrap();
            if let Ok(extracted) = extract(file.path(), &bytes, &Tools::default()) {
                let title = extracted.title.clone().unwrap_or_default();
                check(&extracted, &title, &chunk(&extracted, &title, &SETTINGS, &count));
                read += 1;
            }
        }
    }
    assert!(read > 0);
}

#[test]
fn long_documents_are_quick() {
    let paragraph =
        "Employees who work here get twenty-five days of paid leave. See § 4.3.2 for details, e.g. on carrying over. ".repeat(6);
    let text = format!("## Section\n\n{paragraph}\n\n").repeat(3000);
    assert!(text.len() > 2_000_000);
    let started = std::time::Instant::now();
    assert!(passages(&text).len() >= 3000);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
