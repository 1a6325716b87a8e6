//! Names made of figures and single letters: "section 4(2)", "§ 12 Abs. 3", "Form W-4", "Annex A". As words they fall apart into what is
//! everywhere ("4", "2") or is a stop word ("a"); here each is one word, the same however it is written, in every language.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// What a text is divided into, in English and German: one a line, as it is indexed, then how else it is written. A passage may begin with
/// the bare number of one.
const DIVISIONS: &str = "\
    § section sections sec paragraf
    article articles art arts artikel artikels
    clause clauses klausel
    paragraph paragraphs para paras absatz absatzes abs
    rule rules regel
    regulation regulations reg
    chapter chapters kapitel kap
    part parts teil
    abschnitt
    item items punkt
    step steps schritt
    principle grundsatz
    question frage
    initiative initiatives
    objective objectives ziel
    requirement anforderung
    control";
/// What else has numbers or letters.
const OTHERS: &str = "\
    annex annexes anhang anlage
    appendix appendices
    schedule schedules
    exhibit exhibits
    form forms formular
    table tables tabelle
    figure fig abbildung abb
    no nr number nummer ziffer ziff
    letter buchstabe lit
    subsection subsections
    subclause subclauses
    sentence satz
    level levels stufe
    class classes klasse
    category categories kategorie
    type types typ
    tier tiers
    phase phases
    option options
    version versions
    note notes";
/// What stands between numbers of the same kind: "sections 12 and 13".
const JOINING: [&str; 6] = ["and", "or", "to", "und", "oder", "bis"];
/// Stop words that are something else in capitals.
const IN_CAPITALS: [&str; 2] = ["IT", "WHO"];

/// Letters before a hyphen and figures, at most: "COVID-19".
const PREFIX: usize = 8;
/// Letters behind figures and a hyphen: "990-PF".
const SUFFIX: usize = 3;
/// Longer ones are no names.
const FIGURES: usize = 16;
/// "4(2)(a)(ii)" has four.
const PARTS: usize = 6;
/// What a number is a part of counts this much of it: of "section 4(2)", "section 4".
const WHOLE_WEIGHT: f32 = 0.15;
/// Marks a number that begins a line.
const BEGINNING: char = '#';

struct Label {
    name: &'static str,
    divides: bool,
}

static LABELS: LazyLock<HashMap<&'static str, Label>> = LazyLock::new(|| {
    let lines = DIVISIONS.lines().map(|line| (line, true)).chain(OTHERS.lines().map(|line| (line, false)));
    let of_line = |(line, divides): (&'static str, bool)| {
        let name = line.split_whitespace().next().unwrap_or_default();
        line.split_whitespace().map(move |written| (written, Label { name, divides }))
    };
    lines.flat_map(of_line).collect()
});

/// What is indexed of a text; its headings, if any, are lines of it.
pub(super) fn of_text(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for identifier in Scan::new(text, false).identifiers() {
        if identifier.begins {
            found.extend(identifier.prefixes().map(|prefix| format!("{BEGINNING}{prefix}")));
        }
        found.extend(identifier.names());
    }
    found.extend(in_capitals(text));
    found
}

/// What is looked for, and how much it counts: also passages that begin with the bare number, and less than the number itself what it is
/// a part of.
pub(super) fn of_question(text: &str) -> BTreeMap<String, f32> {
    let mut found: BTreeMap<String, f32> = in_capitals(text).map(|word| (word, 1.0)).collect();
    for identifier in Scan::new(text, true).identifiers() {
        let number = identifier.prefixes().last().unwrap_or_default();
        let mut names = identifier.names();
        if identifier.divides || (identifier.label.is_none() && is_telling(&number)) {
            names.extend(identifier.prefixes().map(|prefix| format!("{BEGINNING}{prefix}")));
        }
        for name in names {
            let counts = if name.ends_with(&number) { 1.0 } else { WHOLE_WEIGHT };
            let known = found.entry(name).or_default();
            *known = known.max(counts);
        }
    }
    found
}

fn in_capitals(text: &str) -> impl Iterator<Item = String> {
    text.unicode_words().filter(|word| IN_CAPITALS.contains(word)).map(ToOwned::to_owned)
}

struct Identifier {
    /// What it is the number of, as it is indexed.
    label: Option<String>,
    divides: bool,
    /// "4(2)(a)": "4", "2", "a".
    parts: Vec<String>,
    /// The whole one before that it is a part of: "§ 12" of "§ 12 Abs. 3".
    within: Option<String>,
    /// Whether a line begins with it.
    begins: bool,
}

impl Identifier {
    /// "4", "4.2", "4.2a": who asks for a part is helped by the whole, and what names a part also names the whole.
    fn prefixes(&self) -> impl Iterator<Item = String> {
        let mut prefix = String::new();
        self.parts.iter().map(move |part| {
            let ends = prefix.chars().next_back().map(char::is_numeric);
            // "W-4" and "W4" are the same, "1-1" and "11" are not.
            if ends.is_some_and(|ends| part.chars().next().is_some_and(|c| c.is_numeric() == ends)) {
                prefix.push('.');
            }
            prefix.push_str(part);
            prefix.clone()
        })
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.prefixes().filter(|prefix| is_telling(prefix)).collect();
        if let Some(label) = &self.label {
            names.extend(self.prefixes().map(|prefix| format!("{label} {prefix}")));
        }
        if self.within.is_some() {
            names.push(self.whole());
        }
        names
    }

    fn whole(&self) -> String {
        let number = self.prefixes().last().unwrap_or_default();
        [self.within.as_deref(), self.label.as_deref(), Some(&number)].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// A number that is a name by itself: "4.3.2", "w4"; not "4" or "b".
fn is_telling(prefix: &str) -> bool {
    let has = |kind: fn(char) -> bool| prefix.contains(kind);
    has(char::is_numeric) && (has(char::is_alphabetic) || has(|c| c == '.'))
}

/// What a number is of, and which word begins it.
struct Labelled {
    name: String,
    divides: bool,
    at: usize,
}

/// The words of a text and what is between them.
struct Scan<'t> {
    text: &'t str,
    words: Vec<(usize, &'t str)>,
    /// A question: written with less care, and what it has too much is not found.
    lenient: bool,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str, lenient: bool) -> Self {
        Self { text, words: text.unicode_word_indices().collect(), lenient }
    }

    fn identifiers(&self) -> Vec<Identifier> {
        let mut found: Vec<Identifier> = Vec::new();
        let (mut at, mut last_end) = (0, 0);
        while at < self.words.len() {
            let before = found.last();
            let label = self.label(at).or_else(|| self.carried(at, last_end, before?));
            let Some(end) = self.end(at, label.is_some()) else {
                at += 1;
                continue;
            };
            // Where it begins, with its label.
            let first = label.as_ref().map_or(at, |label| label.at);
            let is_part = first == last_end && first < at && self.adjoins(first);
            let within = before.filter(|before| is_part && before.label.is_some()).map(Identifier::whole);
            let divides = label.as_ref().is_none_or(|label| label.divides);
            let parts = self.words[at..end].iter().map(|(_, word)| word.nfkc().collect::<String>().to_lowercase()).collect();
            let begins = divides && self.begins_line(first, at, end);
            found.push(Identifier { divides: label.is_some() && divides, label: label.map(|label| label.name), parts, within, begins });
            (at, last_end) = (end, end);
        }
        found
    }

    fn word(&self, at: usize) -> &'t str {
        self.words.get(at).map_or("", |(_, word)| word)
    }

    /// What stands before a word.
    fn gap(&self, at: usize) -> &'t str {
        let from = at.checked_sub(1).and_then(|before| self.words.get(before)).map_or(0, |(start, word)| start + word.len());
        let to = self.words.get(at).map_or(self.text.len(), |(start, _)| *start);
        &self.text[from..to]
    }

    /// What a number is of, by the word or sign before it.
    fn label(&self, at: usize) -> Option<Labelled> {
        let gap = visible(self.gap(at));
        if gap.ends_with('§') {
            return Some(Labelled { name: "§".into(), divides: true, at });
        }
        let before = at.checked_sub(1)?;
        let word = self.word(before).to_lowercase();
        if let Some(label) = LABELS.get(word.as_str()).filter(|_| matches!(gap.as_str(), "" | "." | "(" | ".(" | "-")) {
            return Some(Labelled { name: label.name.to_owned(), divides: label.divides, at: before });
        }
        // "Vitamin C": any word may have a letter behind it.
        let letter = self.word(at);
        let is_letter = is_letter(letter) && self.gap(at) == " " && word.chars().count() >= 3 && word.chars().all(char::is_alphabetic);
        let is_meant = self.lenient || (letter.chars().all(char::is_uppercase) && letter != "I");
        (is_letter && is_meant).then_some(Labelled { name: word, divides: false, at: before })
    }

    /// "sections 12 and 13": what the first is of, the next is, too.
    fn carried(&self, at: usize, last_end: usize, before: &Identifier) -> Option<Labelled> {
        let gap = visible(self.gap(at));
        let joined = at == last_end + 1 && JOINING.contains(&self.word(last_end)) && self.adjoins(last_end) && gap.is_empty();
        let goes_on = joined || (at == last_end && matches!(gap.as_str(), "," | "&" | "/"));
        let name = before.label.clone().filter(|_| goes_on && is_figures(self.word(at)))?;
        Some(Labelled { name, divides: before.divides, at })
    }

    /// Whether but a comma or a space is before a word.
    fn adjoins(&self, at: usize) -> bool {
        matches!(visible(self.gap(at)).as_str(), "" | ",")
    }

    /// Where the number ends that begins with this word, if one does.
    fn end(&self, at: usize, labelled: bool) -> Option<usize> {
        let word = self.word(at);
        let prefixes = word.chars().count() <= PREFIX
            && word.chars().all(char::is_alphabetic)
            && matches!(self.gap(at + 1), "-" | "\u{2010}" | "\u{2011}" | "/")
            && is_figures(self.word(at + 1));
        let bare = (is_letter(word) || is_roman(word)) && labelled && self.is_number(at);
        if !is_figures(word) && !prefixes && !bare {
            return None;
        }
        let mut end = at + 1;
        while end < self.words.len() && end - at < PARTS && self.goes_on(end) {
            end += 1;
        }
        Some(end)
    }

    /// "this part a", "in part I think": a small "a" and an "I" are mostly words.
    fn is_number(&self, at: usize) -> bool {
        let bracketed = self.gap(at).ends_with('(');
        let after_letter = at.checked_sub(1).is_some_and(|before| matches!(self.word(before), "lit" | "Buchstabe" | "buchstabe"));
        self.lenient || bracketed || after_letter || !matches!(self.word(at), "a" | "i")
    }

    /// Whether this word belongs to the number that the one before is of.
    fn goes_on(&self, at: usize) -> bool {
        let (word, gap) = (self.word(at), self.gap(at));
        let is_suffix = word.chars().count() <= SUFFIX && word.chars().all(|c| c.is_alphabetic() && (self.lenient || c.is_uppercase()));
        let short = is_letter(word) || is_roman(word);
        match gap {
            "-" | "\u{2010}" | "\u{2011}" => is_figures(word) || short || is_suffix,
            "/" | "." | "\u{2013}" | "(" | ")(" | ".(" | ")." => is_figures(word) || short,
            // "4. (2)" is "4(2)", "30 (thirty)" is not one.
            _ => {
                matches!(visible(gap).as_str(), "(" | ")(" | ".(")
                    && (short || (is_figures(word) && word.chars().count() <= SUFFIX))
                    && self.gap(at + 1).starts_with(')')
            }
        }
    }

    /// Whether a line begins with what goes from `first` (its label), `at` (its number) to `end`.
    fn begins_line(&self, first: usize, at: usize, end: usize) -> bool {
        let gap = self.gap(first);
        if !(first == 0 || gap.contains('\n')) || gap.ends_with('(') {
            return false;
        }
        let after = self.gap(end);
        let is_heading =
            after.starts_with(['.', ')', ':', '\n', '\t']) || visible(after).starts_with(['|', '\u{2013}', '\u{2014}', '-', '(']);
        let is_title = self.word(end).chars().next().is_none_or(char::is_uppercase);
        first < at || gap.contains('§') || self.word(at).contains('.') || is_heading || is_title
    }
}

/// Without spaces and marks that show nothing.
fn visible(gap: &str) -> String {
    gap.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')).collect()
}

fn is_figures(word: &str) -> bool {
    word.len() <= FIGURES && word.contains(char::is_numeric)
}

fn is_letter(word: &str) -> bool {
    word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Only of small numbers: with "l" and "c", "civil" would be one.
fn is_roman(word: &str) -> bool {
    let is = |one: &[u8]| word.bytes().all(|b| one.contains(&b));
    (1..=5).contains(&word.len()) && (is(b"ivx") || is(b"IVX"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_one_however_it_is_written() {
        for (texts, name) in [
            (vec!["under section 4(2) of", "Section 4 (2)", "sec. 4.(2)", "§ 4(2)"], "§ 4.2"),
            (vec!["Rule \u{200e}6.2.1(a)(i), what", "rules 6.2.1 (a) (i)"], "rule 6.2.1a.i"),
            (vec!["Form W-4", "form w-4", "the W\u{2011}4 form", "W4"], "w4"),
            (vec!["nach § 12 Abs. 3 gilt", "§ 12 Absatz 3", "§12, Abs. 3"], "§ 12 paragraph 3"),
            (vec!["Articles 5, 12 and 13", "Art. 13", "Artikel 13"], "article 13"),
            (vec!["a 401(k) plan", "401 (k)", "401k"], "401k"),
            (vec!["in Annex A.", "ANNEX A", "Anhang A"], "annex a"),
            (vec!["Schedule II to this Act", "schedule ii"], "schedule ii"),
            (vec!["A-12/b"], "a12b"),
            (vec!["I-9 and COVID-19"], "covid19"),
            (vec!["I-9 and COVID-19"], "i9"),
            (vec!["Form 990-PF"], "990pf"),
            (vec!["Vitamin C and others", "VITAMIN C"], "vitamin c"),
            (vec!["the IT policy"], "IT"),
            (vec!["Initiative 1.3"], "initiative 1.3"),
            (vec!["clause 46(b)"], "clause 46b"),
            (vec!["Art. 6 Abs. 1 lit. f DSGVO"], "article 6 paragraph 1 letter f"),
        ] {
            for text in texts {
                let found = of_text(text);
                assert!(found.iter().any(|found| found == name), "{text}: {found:?}");
                assert!(of_question(text).contains_key(name), "{text}");
            }
        }
        for text in ["It was decided in part a year ago", "within 30 (thirty) days", "in 1988", "who is it for"] {
            assert_eq!(of_text(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_section_is_found_by_the_bare_number_that_it_begins_with() {
        for text in ["12. (1) Where a bank", "Intro\n12 Approval of mergers", "Section 12", "§ 12 Fristen", "12 | Fair values"] {
            assert!(of_text(text).contains(&"#12".to_owned()), "{text}: {:?}", of_text(text));
        }
        for text in ["as in 12. There", "(12) the", "12 days are", "Table 12", "under section 12 of"] {
            assert!(!of_text(text).contains(&"#12".to_owned()), "{text}: {:?}", of_text(text));
        }
        assert!(of_question("what is section 12?").contains_key("#12"));
        assert!(!of_question("what is in table 12?").contains_key("#12"));
        assert!(of_question("4.3.2 leave").contains_key("#4.3.2"));
    }
}
