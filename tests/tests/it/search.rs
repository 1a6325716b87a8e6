use footnote_tests::{Footnote, write};

#[test]
fn modes_and_collections_are_what_they_say() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let (hr, legal) = (folder.path().join("hr"), folder.path().join("legal"));
    write(&hr.join("leave.md"), "# Time off\n\nStaff receive twenty-eight days of paid vacation every year.\n");
    write(&hr.join("code.md"), "# Codes\n\nForm QX-7731 is filed by the payroll desk.\n");
    write(&legal.join("nda.md"), "# Secrets\n\nConfidential material is never sent to private mail accounts.\n");
    for (collection, path) in [("hr", &hr), ("legal", &legal)] {
        let _ = footnote.run(&["ingest", "--collection", collection, path.to_str().unwrap()]).ok();
    }
    let search = |args: &[&str]| footnote.run(&[&["search", "--json"], args].concat()).ok().json();
    let first =
        |args: &[&str]| search(args)["hits"][0]["path"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();

    assert_eq!(first(&["QX-7731", "--mode", "lexical"]), "code.md");
    assert_eq!(first(&["How long may I go on holiday?", "--mode", "dense"]), "leave.md", "no word in common");
    assert_eq!(first(&["How long may I go on holiday?"]), "leave.md");
    assert_eq!(search(&["holiday", "--mode", "lexical"])["hits"].as_array().unwrap().len(), 0);

    for mode in ["hybrid", "lexical", "dense"] {
        let hits = search(&["confidential vacation payroll mail", "--mode", mode, "--collection", "legal"]);
        let paths: Vec<_> = hits["hits"].as_array().unwrap().iter().map(|h| h["path"].as_str().unwrap()).collect();
        assert!(!paths.is_empty() && paths.iter().all(|p| p.ends_with("nda.md")), "{mode}: {paths:?}");
    }
    let hits = search(&["days", "-k", "1"]);
    let hit = &hits["hits"][0];
    assert_eq!(hit["rank"], 1);
    assert_eq!(hit["headings"][0], "Time off");
    assert!(hit["page"].is_null(), "a format without pages shows none");
    assert!(hits["timings_ms"]["total"].as_f64().unwrap() > 0.0);
}
