//! A parser that a hostile file has taken over: it runs where files are read and tries what it must not be able to do.
//!
//! `hostile-parser work MEMORY` reads files as a child of ingest does; the name of a "file" says what to try, its bytes
//! where. `hostile-parser tool MEMORY PROGRAM …` becomes another program, as for text recognition; for a conversion it
//! becomes Perl, and the "document" is what a taken-over converter runs.

use std::{
    ffi::OsString,
    fmt::Display,
    fs::{self, OpenOptions},
    hint::black_box,
    io::Write,
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::net::UnixStream,
    path::Path,
    process::Command,
    time::Duration,
};

use extraction::{
    ExtractError, Extracted, ExtractedPage,
    isolation::{Done, Limits, Link, NOT_STARTED, OldOffice, Task, become_tool, serve},
};

fn main() {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let [mode, memory, rest @ ..] = arguments.as_slice() else { return };
    let limits = Limits { memory: memory.to_str().and_then(|m| m.parse().ok()).unwrap_or(1 << 30), ..Limits::default() };
    let failed = match (mode.to_str(), rest) {
        (Some("tool"), [option, folder, .., document]) if option == "--folder" => {
            become_tool(&limits, Some(Path::new(folder)), Path::new("/usr/bin/perl"), std::slice::from_ref(document)).to_string()
        }
        (Some("tool"), [program, rest @ ..]) => become_tool(&limits, None, Path::new(program), rest).to_string(),
        _ => serve(&limits, &|task, link| perform(&task, link)).map_or_else(|e| e.to_string(), |()| String::new()),
    };
    eprintln!("{failed}");
    std::process::exit(NOT_STARTED.into());
}

fn perform(task: &Task, link: &Link) -> Done {
    let Task::Extract { name, bytes } = task else { return Done::Extracted(Box::new(Err(ExtractError::Stopped))) };
    let place = String::from_utf8_lossy(bytes).into_owned();
    let file = Path::new(&name).file_name().unwrap_or_default().to_string_lossy().into_owned();
    if file == "convert" {
        let converted = link.convert(OldOffice::Word, bytes.clone()).unwrap_or(Err(ExtractError::Stopped));
        return Done::Extracted(Box::new(converted.map(|bytes| page(String::from_utf8_lossy(&bytes).into_owned()))));
    }
    Done::Extracted(Box::new(Ok(page(deed(&file, &place)))))
}

fn page(text: String) -> Extracted {
    let page = ExtractedPage { number: 1, label: None, text, blocks: Vec::new(), layout: None };
    Extracted {
        title: None,
        dated: None,
        format: catalog::Format::Text,
        paged: false,
        pages: vec![page],
        attachments: Vec::new(),
        warnings: Vec::new(),
    }
}

/// Tries it, and says line by line what came of it.
#[expect(clippy::disallowed_methods, reason = "it tries what is not allowed")]
fn deed(name: &str, place: &str) -> String {
    match name {
        "connect" => report(&[
            ("TCP", told(TcpStream::connect(place))),
            ("UDP", told(UdpSocket::bind("127.0.0.1:0"))),
            ("listen", told(TcpListener::bind("127.0.0.1:0"))),
            ("Unix", told(UnixStream::pair())),
        ]),
        "write" => {
            let inside = |file: &str| Path::new(place).join(file);
            report(&[
                ("create", told(fs::write(inside("new"), "x"))),
                ("append", told(OpenOptions::new().append(true).open(inside("there")).and_then(|mut f| f.write_all(b"x")))),
                ("folder", told(fs::create_dir(inside("folder")))),
                ("remove", told(fs::remove_file(inside("there")))),
                ("rename", told(fs::rename(inside("there"), inside("elsewhere")))),
                ("link", told(std::os::unix::fs::symlink("/", inside("link")))),
            ])
        }
        "read" => report(&[("file", told(fs::read(place))), ("folder", told(fs::read_dir("/")))]),
        "fork" => report(&[("program", told(Command::new("/bin/true").status()))]),
        "loosen" => {
            let most = || rustix::process::Rlimit { current: Some(1), maximum: Some(1) };
            let parent = place.parse().ok().and_then(rustix::process::Pid::from_raw);
            report(&[
                ("limit", told(rustix::process::setrlimit(rustix::process::Resource::Cpu, most()))),
                ("limit of another", told(rustix::process::prlimit(parent, rustix::process::Resource::Cpu, most()))),
                ("kill", told(parent.map_or(Ok(()), |pid| rustix::process::kill_process(pid, rustix::process::Signal::TERM)))),
            ])
        }
        "memory" => {
            let mut held: Vec<Vec<u8>> = Vec::new();
            for _ in 0..64 {
                held.push(black_box(vec![1; 64 << 20]));
            }
            format!("{} held", held.len())
        }
        "spin" => loop {
            black_box(0);
        },
        "sleep" => {
            std::thread::sleep(Duration::from_secs(3600));
            "slept".into()
        }
        "flood" => "x".repeat(64 << 20),
        "crash" => std::process::abort(),
        "babble" => {
            // Where the parent expects a frame: an endless one, and then nonsense.
            let mut out = std::io::stdout();
            for _ in 0..1000 {
                if out.write_all(&[0xff; 64]).is_err() {
                    break;
                }
            }
            "babbled".into()
        }
        _ => format!("{} bytes were read", place.len()),
    }
}

fn told<T, E: Display>(result: Result<T, E>) -> String {
    result.map_or_else(|error| error.to_string(), |_| "DONE".into())
}

fn report(deeds: &[(&str, String)]) -> String {
    deeds.iter().map(|(name, outcome)| format!("{name}: {outcome}")).collect::<Vec<_>>().join("\n")
}
