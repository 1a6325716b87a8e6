//! Answers on the demo documents: whatever is shown carries a quote that is where it says it is.

use footnote_tests::{Footnote, cut_in_two, demo_questions, with_demo, write};
use serde_json::Value;

/// Characters `start..end` of a page, through the command line.
fn characters(footnote: &Footnote, citation: &Value) -> String {
    let document = citation["document"].as_str().unwrap();
    let text = match citation["page"].as_i64() {
        Some(page) => footnote.run(&["documents", "text", document, "--page", &page.to_string()]),
        None => footnote.run(&["documents", "text", document]),
    };
    let (start, end) = (citation["start"].as_u64().unwrap() as usize, citation["end"].as_u64().unwrap() as usize);
    text.ok().stdout.chars().skip(start).take(end - start).collect()
}

fn check(footnote: &Footnote, answer: &Value) {
    let citations = answer["citations"].as_array().unwrap();
    for citation in citations {
        assert_eq!(characters(footnote, citation), citation["quote"].as_str().unwrap(), "{}", answer["question"]);
    }
    for sentence in answer["sentences"].as_array().unwrap() {
        let numbers = sentence["citations"].as_array().unwrap();
        assert!(!numbers.is_empty(), "{sentence} has no footnote");
        for number in numbers {
            assert!(citations.iter().any(|c| c["n"] == *number), "{number} leads nowhere in {answer}");
        }
    }
    let shown = answer["sentences"].as_array().unwrap().len();
    match answer["status"].as_str().unwrap() {
        "abstained" => assert!(shown == 0 && citations.is_empty(), "{answer}"),
        "answered" | "quoted" => assert!(shown > 0 && !citations.is_empty(), "{answer}"),
        other => panic!("{other}"),
    }
}

#[test]
fn every_sentence_cites_and_every_quote_is_at_its_place() {
    let footnote = with_demo();
    let questions = demo_questions();
    let answerable: Vec<&Value> = questions.iter().filter(|q| q["answerable"] == true).step_by(4).collect();
    assert!(answerable.len() >= 5);
    let mut carried = 0;
    for question in &answerable {
        let answer = footnote.run(&["ask", "--json", question["question"].as_str().unwrap()]).ok().json();
        check(&footnote, &answer);
        let quotes: String = answer["citations"].as_array().unwrap().iter().map(|c| c["quote"].as_str().unwrap()).collect();
        let needed = question["must_contain"].as_array().unwrap();
        carried += usize::from(needed.iter().all(|n| quotes.to_lowercase().contains(&n.as_str().unwrap().to_lowercase())));
    }
    assert!(carried * 2 >= answerable.len(), "{carried} of {} answers carry what is needed", answerable.len());
}

#[test]
fn what_the_documents_do_not_say_is_not_answered() {
    let footnote = with_demo();
    let answer = footnote.run(&["ask", "--json", "What is the boiling point of tungsten on the moon?"]).ok().json();
    assert_eq!(answer["status"], "abstained", "{answer}");
    check(&footnote, &answer);
    let empty = Footnote::new();
    let answer = empty.run(&["ask", "--json", "How many days of leave do I have?"]).ok().json();
    assert_eq!(answer["status"], "abstained");
}

#[test]
fn without_a_language_model_the_documents_speak() {
    let footnote = with_demo();
    let question = demo_questions().into_iter().find(|q| q["answerable"] == true).unwrap();
    let mut command = footnote.command(&["ask", "--json", question["question"].as_str().unwrap()]);
    command.env("FOOTNOTE_GENERATION__ENABLED", "false");
    let output = command.output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["status"], "quoted", "{answer}");
    check(&footnote, &answer);
}

/// Whoever reads only its end doesn't know what it is about.
#[test]
fn a_sentence_that_the_end_of_a_page_cuts_in_two_is_quoted_whole() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let (bytes, whole, question) = cut_in_two();
    write(&folder.path().join("journeys.pdf"), bytes);
    footnote.ingest(folder.path());
    let mut command = footnote.command(&["ask", "--json", question]);
    command.env("FOOTNOTE_GENERATION__ENABLED", "false");
    let answer: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    check(&footnote, &answer);
    let sentence = &answer["sentences"][0];
    assert!(sentence["text"].as_str().unwrap().starts_with(whole), "{answer}");
    let pages: Vec<&Value> = answer["citations"].as_array().unwrap().iter().map(|citation| &citation["page"]).collect();
    assert_eq!((sentence["citations"].clone(), pages), (serde_json::json!([1, 2]), vec![&serde_json::json!(1), &serde_json::json!(2)]));
}

/// Torn from the line above its list an item may say the opposite.
#[test]
fn an_item_out_of_a_long_list_comes_with_the_line_that_introduces_it() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let mut text = "# Laptops\n\nEmployees must never do any of these things with a company laptop:\n\n".to_owned();
    for number in 1..30 {
        text.push_str(&format!("- carry it through corridor number {number} of the old building while the alarm system is switched on\n"));
    }
    text.push_str("- install games from the internet on it\n");
    write(&folder.path().join("laptops.md"), &text);
    assert_eq!(footnote.ingest(folder.path())[0]["status"], "indexed");
    let mut command = footnote.command(&["ask", "--json", "May I install games from the internet on the company laptop?"]);
    let output = command.env("FOOTNOTE_GENERATION__ENABLED", "false").output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    check(&footnote, &answer);
    let citation = answer["citations"].as_array().unwrap().iter().find(|c| c["quote"].as_str().unwrap().contains("games"));
    let citation = citation.unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(citation["lead"], "Employees must never do any of these things with a company laptop:");
    assert!(answer["answer"].as_str().unwrap().contains("Employees must never"), "{answer}");
}
