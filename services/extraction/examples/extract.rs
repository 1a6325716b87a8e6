//! Shows how files are read: `cargo run --release -p extraction --example extract -- [--text|--plain|--blocks] PATH…`.
//! Without a flag, a line for each file: what was read, how fast, or why not.

use std::{fs, path::Path, time::Instant};

use extraction::{Extracted, PdfLibrary, Tools, extract};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = arguments.iter().find(|a| a.starts_with("--")).map_or("", String::as_str);
    let libraries = std::env::var_os("FOOTNOTE_LIB_DIR").unwrap_or_else(|| "lib".into());
    let tools =
        Tools { pdf: PdfLibrary::load(&Path::new(&libraries).join("libpdfium.so")).map_err(|e| eprintln!("{e}")).ok(), ..Tools::default() };
    for path in arguments.iter().filter(|a| !a.starts_with("--")) {
        let Ok(bytes) = fs::read(path) else {
            println!("{path}\tcannot be opened");
            continue;
        };
        let started = Instant::now();
        match extract(Path::new(path), &bytes, &tools) {
            Ok(read) => show(path, &read, flag, started),
            Err(error) => println!("{path}\tfailed\t{}\t{error}", started.elapsed().as_millis()),
        }
    }
}

fn show(path: &str, read: &Extracted, flag: &str, started: Instant) {
    let millis = started.elapsed().as_millis();
    match flag {
        "--text" => read.pages.iter().for_each(|page| println!("{}\u{c}", page.text)),
        "--plain" => read.pages.iter().for_each(|page| println!("{}\u{c}", page.plain_text())),
        "--blocks" => {
            println!("title {:?}", read.title);
            for page in &read.pages {
                println!("== page {} {}", page.number, page.label.as_deref().unwrap_or_default());
                page.blocks.iter().for_each(|block| println!("[{:?}] {}", block.kind, &page.text[block.range.clone()]));
            }
            read.attachments.iter().for_each(|a| println!("== attachment {} ({} bytes)", a.name, a.bytes.len()));
        }
        _ => {
            let chars: usize = read.pages.iter().map(|p| p.text.len()).sum();
            let (pages, attachments) = (read.pages.len(), read.attachments.len());
            println!("{path}\tread\t{millis}\t{pages} pages\t{chars} bytes\t{attachments} attachments\t{:?}", read.title);
        }
    }
}
