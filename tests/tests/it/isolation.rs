//! Files are read in processes that can't do anything else, whatever takes them over.

use std::{ffi::OsString, fs, net::TcpListener, process::Command, time::Duration};

use extraction::{
    ExtractError,
    isolation::{Conversion, Helpers, Limits, Program, TextRecognition, Workers},
};

const MEMORY: u64 = 512 << 20;

fn workers() -> Workers {
    let program = Program {
        path: env!("CARGO_BIN_EXE_hostile-parser").into(),
        worker: vec!["work".into(), OsString::from(MEMORY.to_string())],
        tool: vec!["tool".into(), OsString::from(MEMORY.to_string())],
    };
    let limits = Limits { memory: MEMORY, processor: Duration::from_secs(1), wall: Duration::from_secs(4), output: 8 << 20 };
    let helpers = Helpers {
        recognition: TextRecognition::new(program.clone(), vec!["eng".into()], 1),
        conversion: Conversion::new(program.clone(), limits, 1),
    };
    Workers::new(program, limits, helpers, 2)
}

/// What a taken-over parser reports of its deed.
async fn report(workers: &Workers, deed: &str, place: &str) -> Result<String, ExtractError> {
    workers.extract(deed, place.as_bytes().to_vec()).await.map(|read| read.pages.into_iter().map(|page| page.text).collect())
}

#[tokio::test]
async fn it_reaches_no_network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let said = report(&workers(), "connect", &listener.local_addr().unwrap().to_string()).await.unwrap();
    assert_eq!(said.matches("not permitted").count(), 4, "{said}");
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "somebody connected");
}

#[tokio::test]
async fn it_writes_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("there");
    fs::write(&there, "as it was").unwrap();
    let said = report(&workers(), "write", folder.path().to_str().unwrap()).await.unwrap();
    assert_eq!(said.matches("not permitted").count(), 6, "{said}");
    assert_eq!(fs::read_to_string(&there).unwrap(), "as it was");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn it_reads_no_other_file() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    let said = report(&workers(), "read", secret.path().to_str().unwrap()).await.unwrap();
    assert!(!said.contains("DONE"), "{said}");
}

#[tokio::test]
async fn it_starts_no_process_and_stays_bound() {
    let workers = workers();
    let said = report(&workers, "fork", "").await.unwrap();
    assert!(said.contains("not permitted"), "{said}");
    let said = report(&workers, "loosen", &std::process::id().to_string()).await.unwrap();
    assert_eq!(said.matches("not permitted").count(), 3, "{said}");
}

#[tokio::test]
async fn what_it_costs_is_one_file_and_one_sentence() {
    let workers = workers();
    let expected = [
        ("memory", "needs more than 512 MiB of memory"),
        ("spin", "took more than 1 seconds of processor time"),
        ("sleep", "took more than 4 seconds of time"),
        ("flood", "unpacks to more than 8 MiB"),
        ("crash", "the reader stopped unexpectedly"),
        ("babble", "unpacks to more than 8 MiB"),
    ];
    for (deed, sentence) in expected {
        let error = report(&workers, deed, "").await.unwrap_err().to_string();
        assert!(error.contains(sentence), "{deed}: {error}");
        // The next file is read as if nothing had been.
        assert_eq!(report(&workers, "good", "abc").await.unwrap(), "3 bytes were read", "after {deed}");
    }
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_no_process() {
    let workers = workers();
    let mine = || {
        let path = env!("CARGO_BIN_EXE_hostile-parser");
        let all = fs::read_dir("/proc").unwrap().flatten();
        let of_us = |id: &str| {
            let parent = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
            parent.lines().any(|line| line == format!("PPid:\t{}", std::process::id()))
        };
        all.filter(|entry| fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe.to_string_lossy().starts_with(path)))
            .filter(|entry| of_us(&entry.file_name().to_string_lossy()))
            .count()
    };
    assert!(tokio::time::timeout(Duration::from_millis(500), report(&workers, "sleep", "")).await.is_err());
    for _ in 0..50 {
        if mine() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} processes are left", mine());
}

/// Tesseract and its like are bound in the same way before they begin.
#[test]
fn a_tool_can_do_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    fs::write(&secret, "secret\n").unwrap();
    let script = format!(
        "echo begin; read line < '{0}' && echo \"$line\"; echo x > '{0}.copy'; /bin/true && echo started; echo end",
        secret.display()
    );
    let output =
        Command::new(env!("CARGO_BIN_EXE_hostile-parser")).args(["tool", &MEMORY.to_string(), "/bin/sh", "-c", &script]).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("begin") && !said.contains("secret\n"), "{said}");
    assert!(!said.contains("started"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{said}");
}
