use std::fs;

use footnote_tests::{Footnote, cross_encoder, pdf, write};

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

#[test]
fn each_language_is_searched_by_its_own_words() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let texts = [
        ("en.md", "Employees who resign give written notice of one month to their manager."),
        ("de.md", "Beschäftigte, die kündigen wollen, teilen dies ihrer Führungskraft einen Monat vorher schriftlich mit."),
        ("es.md", "Los empleados que renuncian avisan por escrito a su jefe con un mes de antelación a la fecha de salida."),
        ("ar.md", "على الموظفين الذين يرغبون في الاستقالة إبلاغ مديرهم كتابيا قبل شهر واحد من تاريخ المغادرة."),
        ("zh.md", "员工辞职应提前一个月以书面形式通知其主管。"),
    ];
    for (name, text) in texts {
        write(&folder.path().join(name), format!("{text}\n"));
    }
    let _ = footnote.run(&["ingest", folder.path().to_str().unwrap()]).ok();
    // In other forms of the words than the texts have.
    for (question, name) in [
        ("the manager gets a month's notice from an employee", "en.md"),
        ("Wer kündigt, schreibt den Führungskräften vor wie vielen Monaten?", "de.md"),
        ("¿Con cuántos meses de antelación avisa un empleado de la renuncia?", "es.md"),
        ("كم شهرا قبل المغادرة يجب على الموظف إبلاغ المدير؟", "ar.md"),
        ("辞职要提前多久通知主管？", "zh.md"),
    ] {
        for mode in ["lexical", "hybrid"] {
            let hits = footnote.run(&["search", question, "--mode", mode, "--json"]).ok().json();
            let first = hits["hits"][0]["path"].as_str().unwrap_or_default();
            assert!(first.ends_with(name), "{mode}: {question}: {first}");
        }
    }
    assert_eq!(footnote.run(&["search", "\u{6307}", "--mode", "lexical", "--json"]).ok().json()["hits"].as_array().unwrap().len(), 0);
}

#[test]
fn other_names_of_what_is_asked_are_found_too() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let documents = folder.path().join("documents");
    write(&documents.join("leave.md"), "Staff receive twenty-eight days of paid time off every year.\n");
    write(&documents.join("hours.md"), "Whoever works at that time of the day is paid more.\n");
    write(&documents.join("bonus.md"), "The yearly gratification is paid with the wages of November.\n");
    write(
        &documents.join("privat.md"),
        "Die Datenschutz-Grundverordnung gilt für alle Beschäftigten und für alle Kunden des Unternehmens.\n",
    );
    let _ = footnote.run(&["ingest", documents.to_str().unwrap()]).ok();
    let search = |config: &[&str], question: &str| {
        let found = footnote.run(&[config, &["search", question, "--mode", "lexical", "--json"]].concat()).ok().json();
        let paths =
            found["hits"].as_array().unwrap().iter().map(|hit| hit["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned());
        paths.collect::<Vec<_>>()
    };
    assert_eq!(search(&[], "How much PTO do I get?")[0], "leave.md");
    assert_eq!(search(&[], "pto")[0], "leave.md");
    assert_eq!(search(&[], "GDPR"), ["privat.md"]);
    assert_eq!(search(&[], "Christmas money"), [""; 0]);

    let (list, config) = (folder.path().join("names.txt"), folder.path().join("footnote.toml"));
    write(&list, "# ours\nChristmas money, yearly gratification, 13th salary\n");
    write(&config, format!("[search]\nsynonyms = {:?}\nbuiltin_synonyms = false\n", list.to_str().unwrap()));
    let config = ["--config", config.to_str().unwrap()];
    assert_eq!(search(&config, "Is there Christmas money?")[0], "bonus.md");
    assert_eq!(search(&config, "PTO"), [""; 0], "the built-in ones are off");

    write(&list, "Christmas money, yearly gratification\n\nPTO\n");
    let run = footnote.run(&[&config[..], &["search", "PTO"]].concat());
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("names.txt") && run.stderr.contains("line 3 has one name only"), "{}", run.stderr);
    fs::remove_file(&list).unwrap();
    let run = footnote.run(&[&config[..], &["search", "PTO"]].concat());
    assert!(run.code == 1 && run.stderr.contains("search.synonyms"), "{}", run.stderr);
}

#[test]
fn passages_that_follow_each_other_are_shown_as_the_stretch_of_the_page_that_they_are() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let rule = |n: i32| {
        format!(
            "Rule {n} on bicycles: whoever parks bicycle number {n} behind the canteen locks it to rack {n}, and takes it home in the evening of day {n}, because the yard is swept in the night."
        )
    };
    let rules: Vec<String> = (1..=24).map(rule).collect();
    write(
        &folder.path().join("bicycles.md"),
        format!("# Bicycles\n\n{}\n\n# Cars\n\nCars are parked below ground, bicycles are not.\n", rules.join("\n\n")),
    );
    let _ = footnote.run(&["ingest", folder.path().to_str().unwrap()]).ok();
    let text = footnote.run(&["documents", "text", "bicycles.md"]).ok().stdout;
    let hits = footnote.run(&["search", "bicycles behind the canteen", "--json"]).ok().json();
    let hits = hits["hits"].as_array().unwrap();
    let of_several: Vec<_> = hits.iter().filter(|hit| hit["passages"].as_array().unwrap().len() > 1).collect();
    assert!(!of_several.is_empty(), "{hits:?}");
    for hit in hits {
        let shown = hit["text"].as_str().unwrap();
        assert!(text.contains(shown), "not a stretch of the page: {shown}");
        assert!(!(shown.contains("canteen") && shown.contains("Cars")), "of two sections: {shown}");
        assert_eq!(hit["passage"], hit["passages"][0]);
    }
    let all: Vec<_> = hits.iter().flat_map(|hit| hit["passages"].as_array().unwrap()).collect();
    assert!(all.iter().enumerate().all(|(at, id)| !all[..at].contains(id)), "none is shown twice");
}

#[test]
fn a_rule_that_runs_over_the_end_of_a_page_is_found_and_shown_as_one() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let pages =
        ["Who comes to work by bicycle may hand in", "unused parking vouchers until the end of March.", "The canteen opens at noon."];
    write(&folder.path().join("rules.pdf"), pdf(&pages));
    footnote.ingest(folder.path());
    let search =
        |k: &str| footnote.run(&["search", "vouchers of people with a bicycle", "--mode", "lexical", "-k", k, "--json"]).ok().json();
    for state in ["ingested", "made again of the catalog"] {
        let found = search("1");
        let hit = &found["hits"][0];
        assert_eq!((&hit["page"], hit["text"].as_str().unwrap()), (&1.into(), [pages[0], pages[1]].join("\n").as_str()), "{state}");
        assert_eq!((&hit["pages"], hit["passages"].as_array().unwrap().len()), (&[1, 2].as_slice().into(), 2));
        std::fs::remove_dir_all(footnote.data.join("index")).unwrap();
        assert_eq!(footnote.run(&["doctor", "--json"]).ok().json()["missing"], 3);
    }
    assert_eq!(search("2")["hits"].as_array().unwrap().len(), 1, "found together, they are one hit");
    let asked = footnote.run(&["ask", "What may people with a bicycle hand in?", "--json"]).ok().json();
    let quotes: Vec<_> =
        asked["citations"].as_array().unwrap().iter().map(|c| (c["page"].as_i64(), c["quote"].as_str().unwrap())).collect();
    assert_eq!(quotes[..2], [(Some(1), pages[0]), (Some(2), pages[1])], "no half of a sentence alone");
    let printed = footnote.run(&["search", "bicycle vouchers", "--mode", "lexical", "-k", "1"]).ok().stdout;
    assert!(printed.contains(&format!("{}\n   page 2\n   {}\n", pages[0], pages[1])), "{printed}");
}

#[test]
fn what_was_looked_for_instead_is_said() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("leave.md"), "# Time off\n\nStaff receive twenty-eight days of paid vacation every year.\n");
    let _ = footnote.run(&["ingest", folder.path().to_str().unwrap()]).ok();
    let found = footnote.run(&["search", "days of vacatoin", "--mode", "lexical", "--json"]).ok().json();
    assert_eq!(found["corrected"][0]["written"], "vacatoin");
    assert_eq!(found["corrected"][0]["taken"], "vacation");
    assert!(found["hits"][0]["text"].as_str().unwrap().contains("vacation"));
    let shown = footnote.run(&["search", "days of vacatoin"]).ok().stdout;
    assert!(
        shown.contains("\u{201c}vacatoin\u{201d} is in no document that you may read")
            && shown.contains("\u{201c}vacation\u{201d} instead"),
        "{shown}"
    );
    let answer = footnote.run(&["ask", "How many days of vacatoin do staff receive every year?", "--json"]).ok().json();
    assert_eq!((&answer["corrected"][0]["taken"], &answer["status"] != "abstained"), (&"vacation".into(), true), "{answer}");
    assert_eq!(answer["question"], "How many days of vacatoin do staff receive every year?");
    assert!(footnote.run(&["search", "days of vacation", "--json"]).ok().json().get("corrected").is_none());
}

#[test]
fn a_cross_encoder_has_the_last_word_on_the_order() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let documents = folder.path().join("documents");
    write(&documents.join("canteen.md"), "The canteen opens at noon.\n");
    write(
        &documents.join("list.md"),
        "Telephone list: noon canteen desk, noon canteen kitchen, noon canteen store, noon canteen yard, and many others.\n",
    );
    write(&documents.join("cars.md"), "Cars are parked below ground at noon.\n");
    let _ = footnote.run(&["ingest", documents.to_str().unwrap()]).ok();
    let model = folder.path().join("overlap");
    cross_encoder(&model);
    let config = folder.path().join("footnote.toml");
    let set = |lines: String| write(&config, format!("[reranking]\n{lines}\n"));
    let search = |more: &[&str]| footnote.run(&[&["--config", config.to_str().unwrap(), "search", "canteen noon"], more].concat());
    let names = |found: &serde_json::Value| -> Vec<String> {
        found["hits"].as_array().unwrap().iter().map(|hit| hit["title"].as_str().unwrap().to_lowercase()).collect()
    };

    set(String::new());
    let plain = search(&["--json"]).ok().json();
    assert_eq!((names(&plain)[0].as_str(), plain["timings_ms"].get("rerank")), ("canteen", None), "{plain}");
    // By its counts of equal pairs: eight and the closing token, two and it, one and it.
    set(format!("directory = {:?}", model.to_str().unwrap()));
    let reranked = search(&["--json"]).ok().json();
    assert_eq!(names(&reranked), ["list", "canteen", "cars"]);
    assert!(reranked["timings_ms"]["rerank"].as_f64().unwrap() > 0.0);
    let score = |at: usize| reranked["hits"][at]["score"].as_f64().unwrap();
    let expected = |pairs: f64| 1.0 / (1.0 + (-pairs).exp());
    assert!((score(0) - expected(9.0)).abs() < 1e-4 && (score(2) - expected(2.0)).abs() < 1e-4, "{reranked}");
    // It reads what would not be shown without it, no more than it is told to, and not where one half is asked alone.
    assert_eq!(names(&search(&["--json", "-k", "1"]).ok().json()), ["list"]);
    assert_eq!(names(&search(&["--json", "--mode", "lexical"]).ok().json())[0], names(&plain)[0]);
    // Scores too high to be told apart on the scale that is shown.
    write(&documents.join("long.md"), "noon canteen ".repeat(12));
    write(&documents.join("longest.md"), format!("{}, and then {}", "noon canteen ".repeat(13), "a yard for parking cars ".repeat(12)));
    let _ = footnote.run(&["ingest", documents.to_str().unwrap()]).ok();
    let again = search(&["--json"]).ok().json();
    assert_eq!(
        (names(&again)[..2].join(" "), again["hits"][0]["score"] == again["hits"][1]["score"]),
        ("longest long".into(), true),
        "{again}"
    );
    for name in ["long.md", "longest.md"] {
        let _ = footnote.run(&["documents", "delete", documents.join(name).to_str().unwrap()]).ok();
    }
    set(format!("directory = {:?}\npassages = 1", model.to_str().unwrap()));
    let first_alone = search(&["--json"]).ok().json();
    assert_eq!(names(&first_alone), names(&plain));
    assert!(first_alone["hits"].as_array().unwrap().windows(2).all(|two| two[0]["score"].as_f64() >= two[1]["score"].as_f64()));

    set(format!("directory = {:?}", folder.path().join("nowhere").to_str().unwrap()));
    let run = search(&[]);
    assert!(run.code == 1 && run.stderr.contains("nowhere") && run.stderr.contains("reranking.directory"), "{}", run.stderr);
    let doctor = footnote.run(&["--config", config.to_str().unwrap(), "doctor", "--json"]).ok().json();
    assert!(doctor["warnings"].to_string().contains("nowhere"), "{doctor}");
    set("directory = \"minilm\"\nmodel_file = \"model_int8.onnx\"".into());
    let run = search(&[]);
    assert!(run.code == 1 && run.stderr.contains("expected one score a pair"), "{}", run.stderr);
    set("passages = 0".into());
    let run = search(&[]);
    assert!(run.code == 1 && run.stderr.contains("reranking.passages"), "{}", run.stderr);
}
