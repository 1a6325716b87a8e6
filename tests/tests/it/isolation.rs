//! Files are read in processes that can't do anything else, whatever takes them over.

use std::{
    ffi::OsString,
    fs,
    net::TcpListener,
    os::unix::{fs::MetadataExt, net::UnixListener},
    path::Path,
    process::Command,
    time::Duration,
};

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
    assert!(tokio::time::timeout(Duration::from_millis(500), report(&workers, "sleep", "")).await.is_err());
    ends(|| processes(env!("CARGO_BIN_EXE_hostile-parser"))).await;
}

/// How many processes of this one run that program.
fn processes(program: &str) -> usize {
    let of_us = |id: &str| {
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        status.lines().any(|line| line == format!("PPid:\t{}", std::process::id()))
    };
    let all = fs::read_dir("/proc").unwrap().flatten();
    all.filter(|entry| fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe.to_string_lossy().starts_with(program)))
        .filter(|entry| of_us(&entry.file_name().to_string_lossy()))
        .count()
}

/// Waits until there are none any more.
async fn ends(count: impl Fn() -> usize) {
    for _ in 0..50 {
        if count() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} are left", count());
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

/// What a converter is given that a document has taken over: it tells in its result what came of each deed.
const TAKEN_OVER: &str = r#"
open(OUT, '>', 'document.docx');
sub told { my ($deed, $done) = @_; print OUT "$deed: ", ($done ? 'DONE' : $!), "\n"; }
told('own file', open(F, '>', 'own')); told('own folder', mkdir('folder')); told('own rename', rename('own', 'other'));
told('create', open(F, '>', "$there/new")); told('append', open(F, '>>', "$there/there")); told('folder', mkdir("$there/folder"));
told('remove', unlink("$there/there")); told('take', rename("$there/there", 'taken')); told('empty', truncate("$there/there", 0));
told('link', symlink($there, 'link')); told('hard link', link("$there/there", 'hard'));
told('nest', rename('other', 'folder/other'));
told('rights', chmod(0777, "$there/there")); told('own rights', chmod(04777, 'other')); told('times', utime(1, 1, "$there/there"));
told('read', open(F, '<', "$there/there")); told('list', opendir(D, $there));
told('TCP', socket(S, 2, 1, 0)); told('UDP', socket(S, 2, 2, 0)); told('datagram', socket(S, 1, 2, 0));
socket(U, 1, 1, 0); told('call', connect(U, pack('Sa*', 1, "$there/socket")));
told('process', defined(fork())); told('kill', kill(9, getppid()));
"#;

fn document(there: &Path, script: &str) -> String {
    format!("my $there = '{}';\n{script}", there.display())
}

#[tokio::test]
async fn a_converter_reaches_nothing_but_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("there");
    fs::write(&there, "as it was").unwrap();
    let before = fs::metadata(&there).unwrap();
    let listener = UnixListener::bind(folder.path().join("socket")).unwrap();
    let said = report(&workers(), "convert", &document(folder.path(), TAKEN_OVER)).await.unwrap();
    let done: Vec<&str> = said.lines().filter(|line| line.ends_with("DONE")).collect();
    assert_eq!(done, ["own file: DONE", "own folder: DONE", "own rename: DONE"], "{said}");
    assert_eq!(said.lines().count(), 23, "{said}");
    let after = fs::metadata(&there).unwrap();
    assert_eq!(fs::read_to_string(&there).unwrap(), "as it was");
    assert_eq!((after.mode(), after.mtime()), (before.mode(), before.mtime()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "somebody called");
}

/// The folders in which something that speaks of this place is converted.
fn scratches(there: &Path) -> usize {
    let all = fs::read_dir(std::env::temp_dir()).unwrap().flatten();
    let speaks = |folder: &Path| fs::read_to_string(folder.join("document.doc")).is_ok_and(|d| d.contains(there.to_str().unwrap()));
    all.filter(|entry| entry.file_name().to_string_lossy().starts_with("footnote-conversion-") && speaks(&entry.path())).count()
}

#[tokio::test]
async fn whatever_a_converter_does_it_ends_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path();
    let workers = workers();
    let expected = [
        ("sleep(3600);", "took LibreOffice more than 4 seconds"),
        ("for (1..20000) { open(F, '>', \"file$_\") } sleep(3600);", "unpacks to more than"),
        ("open(F, '>', 'document.docx'); print F 'x' x (9 << 20);", "unpacks to more than 8 MiB"),
        ("mkdir('document.docx');", "could not be converted by LibreOffice"),
        ("exit(0);", "could not be converted by LibreOffice"),
        ("kill(11, $$); exit(81);", "could not be converted by LibreOffice"),
    ];
    for (script, sentence) in expected {
        let error = report(&workers, "convert", &document(there, script)).await.unwrap_err().to_string();
        assert!(error.contains(sentence), "{script}: {error}");
        assert_eq!((scratches(there), processes("/usr/bin/perl")), (0, 0), "after {script}");
        assert_eq!(report(&workers, "good", "abc").await.unwrap(), "3 bytes were read", "after {script}");
    }
    let sleeping = document(there, "sleep(3600);");
    let converting = report(&workers, "convert", &sleeping);
    assert!(tokio::time::timeout(Duration::from_secs(1), converting).await.is_err());
    ends(|| processes("/usr/bin/perl") + scratches(there)).await;
}

#[tokio::test]
async fn no_more_files_are_converted_at_a_time_than_there_are_turns() {
    let folder = tempfile::tempdir().unwrap();
    let script = document(folder.path(), "open(F, '>', 'document.docx'); print F time(), ' '; sleep(1); print F time();");
    let workers = workers();
    let (first, second) = tokio::join!(report(&workers, "convert", &script), report(&workers, "convert", &script));
    let times = |said: Result<String, ExtractError>| {
        let said = said.unwrap();
        let (begin, end) = said.split_once(' ').unwrap();
        (begin.parse::<u64>().unwrap(), end.parse::<u64>().unwrap())
    };
    let (first, second) = (times(first), times(second));
    assert!(first.1 <= second.0 || second.1 <= first.0, "{first:?} and {second:?}");
}
