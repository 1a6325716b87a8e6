//! Shows how files are read: `cargo run --release -p ingest --example extract -- [--text|--blocks|--passages] PATH…`.
//! Without a flag, a line for each file: what was read, how fast, or why not.

use std::{fs, path::Path, time::Instant};

use ingest::{chunk, extract};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = arguments.iter().find(|a| a.starts_with("--")).map_or("", String::as_str);
    for path in arguments.iter().filter(|a| !a.starts_with("--")) {
        let Ok(bytes) = fs::read(path) else {
            println!("{path}\tcannot be opened");
            continue;
        };
        let started = Instant::now();
        match extract::extract(Path::new(path), &bytes) {
            Ok(read) => show(path, &read, flag, started),
            Err(error) => println!("{path}\tfailed\t{}\t{error}", started.elapsed().as_millis()),
        }
    }
}

fn show(path: &str, read: &extract::Extracted, flag: &str, started: Instant) {
    let millis = started.elapsed().as_millis();
    let settings = chunk::ChunkSettings { target_tokens: 200, max_tokens: 256 };
    let title = read.title.clone().unwrap_or_default();
    match flag {
        "--text" => read.pages.iter().for_each(|page| println!("{}\u{c}", page.text)),
        "--blocks" => {
            println!("title {:?}", read.title);
            for page in &read.pages {
                println!("== page {} {}", page.number, page.label.as_deref().unwrap_or_default());
                page.blocks.iter().for_each(|block| println!("[{:?}] {}", block.kind, &page.text[block.range.clone()]));
            }
        }
        "--passages" => {
            for passage in chunk::chunk(read, &title, &settings, &|text| text.len().div_ceil(4)) {
                println!(
                    "== page {} {}..{} {}\n{}",
                    passage.page,
                    passage.start,
                    passage.end,
                    chunk::context_header(&title, &passage.headings),
                    passage.text
                );
            }
        }
        _ => {
            let passages = chunk::chunk(read, &title, &settings, &|text| text.len().div_ceil(4)).len();
            let chars: usize = read.pages.iter().map(|p| p.text.len()).sum();
            println!("{path}\tread\t{millis}\t{} pages\t{chars} bytes\t{passages} passages\t{:?}", read.pages.len(), read.title);
        }
    }
}
