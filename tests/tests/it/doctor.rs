//! What the machine lacks is said, with what to do.

use std::process::Command;

use footnote_tests::Footnote;
use serde_json::Value;

fn warnings(mut doctor: Command) -> Vec<String> {
    let output = doctor.output().unwrap();
    assert!(output.status.success(), "warnings are no failure: {}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["warnings"].as_array().unwrap().iter().map(|warning| warning.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_kernel_without_landlock_is_warned_of() {
    let footnote = Footnote::new();
    let doctor = footnote.command(&["doctor", "--json"]);
    let mut without = Command::new(env!("CARGO_BIN_EXE_without-landlock"));
    without.arg(doctor.get_program()).args(doctor.get_args());
    without.envs(doctor.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let found = warnings(without);
    assert!(found.iter().any(|warning| warning.contains("no Landlock") && warning.contains("Linux 5.13")), "{found:?}");
    // Files are read all the same.
    assert!(!found.iter().any(|warning| warning.contains("Tesseract")), "{found:?}");
}

#[test]
fn missing_text_recognition_is_warned_of() {
    let footnote = Footnote::new();
    let doctor = || footnote.command(&["doctor", "--json"]);
    let of_scans = |found: &[String]| found.iter().filter(|warning| warning.contains("Tesseract")).count();
    assert_eq!(of_scans(&warnings(doctor())), 0);

    let mut wanted = doctor();
    wanted.env("FOOTNOTE_INGEST__SCAN_LANGUAGES", "[\"eng\",\"tlh_old\"]");
    let found = warnings(wanted);
    assert!(found.iter().any(|warning| warning.contains("lacks tlh_old") && warning.contains("tesseract-ocr-tlh-old")), "{found:?}");

    let mut nowhere = doctor();
    nowhere.env("PATH", "/nonexistent");
    let found = warnings(nowhere);
    assert!(found.iter().any(|warning| warning.contains("cannot be started") && warning.contains("tesseract-ocr-eng")), "{found:?}");
}
