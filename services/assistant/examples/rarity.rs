//! Counts in how many of a thousand passages each stem occurs: makes `src/words/common.txt`.
//!
//!     cargo run --release -p assistant --example rarity -- CORPUS.jsonl... > services/assistant/src/words/common.txt
//!
//! Each line of a corpus is an object with a "text". Each corpus weighs the same, whatever its size.
#![expect(clippy::print_stdout, reason = "its output is the file")]

use std::{collections::HashMap, error::Error, fs};

use assistant::words::words;

const LEAST_PER_THOUSAND: f64 = 4.0;

fn main() -> Result<(), Box<dyn Error>> {
    let corpora: Vec<String> = std::env::args().skip(1).collect();
    let mut per_thousand: HashMap<String, f64> = HashMap::new();
    for path in &corpora {
        let passages = fs::read_to_string(path)?.lines().map(text_of).collect::<Result<Vec<_>, _>>()?;
        let share = 1000.0 / (passages.len() as f64 * corpora.len() as f64);
        for text in &passages {
            let mut stems: Vec<String> =
                words(text).into_iter().filter(|w| w.content && w.lower.bytes().all(|b| b.is_ascii_alphabetic())).map(|w| w.stem).collect();
            stems.sort_unstable();
            stems.dedup();
            for stem in stems {
                *per_thousand.entry(stem).or_default() += share;
            }
        }
    }
    let mut common: Vec<(String, f64)> = per_thousand.into_iter().filter(|(_, count)| *count >= LEAST_PER_THOUSAND).collect();
    common.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    for (stem, count) in common {
        println!("{stem} {}", count.round());
    }
    Ok(())
}

fn text_of(line: &str) -> Result<String, serde_json::Error> {
    #[derive(serde::Deserialize)]
    struct Row {
        text: String,
    }
    serde_json::from_str::<Row>(line).map(|row| row.text)
}
