//! How fast files are read in child processes: `throughput FOOTNOTE LIBPDFIUM PROCESSES FILE…` prints one JSON object.
//! `make bench` runs it beside pdftotext.

use std::{ffi::OsString, fs, path::Path, time::Instant};

use extraction::{
    PdfLibrary, Tools, extract,
    isolation::{Limits, Program, TextRecognition, Workers},
};
use futures::{StreamExt, stream};

/// Small files that are read one after the other, to see what the child costs.
const ROUNDS: u32 = 500;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [footnote, library, processes, files @ ..] = arguments.as_slice() else {
        eprintln!("usage: throughput FOOTNOTE LIBPDFIUM PROCESSES FILE…");
        return;
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return eprintln!("{error}"),
    };
    let processes: usize = processes.parse().unwrap_or(1).max(1);
    let limits = Limits::default();
    let memory = OsString::from(limits.memory.to_string());
    let program = Program {
        path: footnote.into(),
        worker: vec!["read-files".into(), library.into(), memory.clone()],
        tool: vec!["run-tool".into(), memory],
    };
    let recognition = TextRecognition::new(program.clone(), vec!["eng".into()], processes);
    let workers = Workers::new(program, limits, recognition, processes);
    let contents: Vec<(String, Vec<u8>)> = files.iter().filter_map(|file| Some((file.clone(), fs::read(file).ok()?))).collect();

    // The children and the library are loaded before the clock starts, as in a run of many files.
    runtime.block_on(read(&workers, &contents[..contents.len().min(processes)], processes));
    let started = Instant::now();
    let pages = runtime.block_on(read(&workers, &contents, processes));
    let seconds = started.elapsed().as_secs_f64();

    let tools = Tools { pdf: PdfLibrary::load(Path::new(library)).ok(), ..Tools::default() };
    let note = b"# Note\n\nThe canteen opens at eleven.\n".to_vec();
    let apart = time(|| drop(runtime.block_on(workers.extract("note.md", note.clone()))));
    let here = time(|| drop(extract(Path::new("note.md"), &note, &tools)));
    println!(
        "{{\"files\":{},\"pages\":{pages},\"seconds\":{seconds:.3},\"pages_per_s\":{:.1},\"isolation_ms_per_file\":{:.3}}}",
        contents.len(),
        pages as f64 / seconds,
        apart - here
    );
}

/// How many pages were read.
async fn read(workers: &Workers, contents: &[(String, Vec<u8>)], processes: usize) -> usize {
    let read = stream::iter(contents)
        .map(|(name, bytes)| async move { workers.extract(name, bytes.clone()).await.map_or(0, |extracted| extracted.pages.len()) });
    read.buffer_unordered(processes).fold(0, |sum, pages| async move { sum + pages }).await
}

/// The mean of many calls, in milliseconds.
fn time(mut call: impl FnMut()) -> f64 {
    let started = Instant::now();
    (0..ROUNDS).for_each(|_| call());
    started.elapsed().as_secs_f64() * 1000.0 / f64::from(ROUNDS)
}
