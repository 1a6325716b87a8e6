//! Tables of sentences against sources. Each line is a mistake that a small model makes, or a correct use that must pass.

use super::*;

const LEAVE: &str = "Employees are entitled to 25 days of annual leave per year. Up to five days of annual leave may be carried over to the next year. \
     Carried-over leave must be used by 31 March.";
const MEALS: &str = "The company reimburses up to $50 per day for meals and up to $150 per night for hotels. Alcohol is not reimbursed. \
     Receipts must be submitted within 30 days.";
const GIFTS: &str = "Employees may accept gifts worth less than $100. Employees must not accept cash. Gifts above $100 must be approved by the compliance officer.";
const REMOTE: &str = "Employees may work remotely two days a week, but must not work from abroad. You do not have to give a reason.";

fn exhibits(sources: &[&str]) -> Vec<Exhibit> {
    let exhibit = |(i, text): (usize, &&str)| Exhibit {
        n: u32::try_from(i).unwrap() + 1,
        text: (*text).to_owned(),
        context: String::new(),
        sentences: text::sentences(text),
        vectors: vec![],
    };
    sources.iter().enumerate().map(exhibit).collect()
}

fn judge(sentence: &str, question: &str, sources: &[&str], hints: &[u32]) -> Verdict {
    let case = Case { sentence, sentence_vector: None, question, question_vector: None, hints, earlier: &[] };
    verify(&case, &exhibits(sources), &SupportThresholds::default())
}

fn passes(sentence: &str, source: &str) {
    let verdict = judge(sentence, "What is the rule?", &[source], &[]);
    assert!(matches!(verdict, Verdict::Supported { .. }), "must pass: {sentence}\n{verdict:?}");
}

fn is_refused(sentence: &str, source: &str) {
    let verdict = judge(sentence, "What is the rule?", &[source], &[]);
    assert!(!matches!(verdict, Verdict::Supported { .. }), "must not pass: {sentence}\n{verdict:?}");
}

#[test]
fn correct_sentences_pass() {
    for (sentence, source) in [
        ("Up to five days of annual leave may be carried over to the next year.", LEAVE),
        ("You may carry over up to 5 days of annual leave to the next year.", LEAVE),
        ("Employees are entitled to twenty-five days of annual leave.", LEAVE),
        ("Carried-over leave must be used by March 31.", LEAVE),
        ("The company reimburses up to $150 per night for hotels.", MEALS),
        ("Hotels are reimbursed up to 150 dollars per night.", MEALS),
        ("Alcohol is not reimbursed.", MEALS),
        ("Receipts must be submitted within thirty days.", MEALS),
        ("You may accept gifts worth less than $100.", GIFTS),
        ("You must not accept cash.", GIFTS),
        ("Gifts above $100 must be approved by the compliance officer.", GIFTS),
        ("Employees may work remotely two days a week.", REMOTE),
        ("Employees must not work from abroad.", REMOTE),
        ("You don't have to give a reason.", REMOTE),
    ] {
        passes(sentence, source);
    }
}

#[test]
fn wrong_numbers_are_refused() {
    for (sentence, source) in [
        ("Up to ten days of annual leave may be carried over to the next year.", LEAVE),
        ("Up to five weeks of annual leave may be carried over to the next year.", LEAVE),
        ("At least five days of annual leave may be carried over to the next year.", LEAVE),
        ("Employees are entitled to 25 working days of annual leave.", LEAVE),
        ("Receipts must be submitted within 30 months.", MEALS),
        ("Employees may work remotely three days a week.", REMOTE),
        ("You may accept gifts worth less than €100.", GIFTS),
        ("You may accept gifts worth more than $100.", GIFTS),
    ] {
        is_refused(sentence, source);
    }
}

#[test]
fn swapped_amounts_are_refused() {
    for (sentence, source) in [
        ("The company reimburses up to $150 per day for meals.", MEALS),
        ("The company reimburses up to $50 per night for hotels.", MEALS),
        ("The company reimburses up to $150 for meals.", MEALS),
        ("Employees are entitled to five days of annual leave per year.", LEAVE),
        ("Up to 25 days of annual leave may be carried over to the next year.", LEAVE),
        ("Adults pay 20 euros for the annual card.", "Adults pay 30 euros for the annual card; children pay 20 euros for the annual card."),
    ] {
        is_refused(sentence, source);
    }
}

#[test]
fn dates_and_names_must_be_the_sources() {
    is_refused("Carried-over leave must be used by 30 March.", LEAVE);
    is_refused("Carried-over leave must be used by 31 May.", LEAVE);
    is_refused("Carried-over leave must be used by 31 March 2024.", LEAVE);
    is_refused("Gifts above $100 must be approved by Contoso's compliance officer.", GIFTS);
    is_refused("Alcohol is not reimbursed, see hr@example.com.", MEALS);
    passes("Please write to the Human Resources team at hr@example.com.", "Please write to the Human Resources team at hr@example.com.");
    is_refused("Please write to the HR team at hr@example.org.", "Please write to the Human Resources team at hr@example.com.");
}

#[test]
fn negation_and_modality_must_agree() {
    for (sentence, source) in [
        ("Alcohol is reimbursed.", MEALS),
        ("Alcohol is also reimbursed.", MEALS),
        ("Receipts must not be submitted within 30 days.", MEALS),
        ("Receipts may be submitted within 30 days.", MEALS),
        ("Employees may accept cash.", GIFTS),
        ("Employees must accept gifts worth less than $100.", GIFTS),
        ("Employees must not accept gifts worth less than $100.", GIFTS),
        ("Gifts above $100 may be approved by the compliance officer.", GIFTS),
        ("Employees may work from abroad.", REMOTE),
        ("Employees must not work remotely.", REMOTE),
        ("You must give a reason.", REMOTE),
        ("You must not give a reason.", REMOTE),
        ("Employees should work remotely two days a week.", REMOTE),
        ("Employees are not entitled to 25 days of annual leave.", LEAVE),
    ] {
        is_refused(sentence, source);
    }
}

#[test]
fn dropped_conditions_are_refused() {
    let source = "You may accept a gift from a supplier unless a tender is under way. If the gift is food, it must be shared.";
    is_refused("You may accept a gift from a supplier.", source);
    passes("You may accept a gift from a supplier unless a tender is under way.", source);
    let verdict = judge("A gift of food must be shared.", "Must a gift of food be shared by the team?", &[source], &[]);
    assert!(!matches!(verdict, Verdict::Refused { mismatch: Mismatch::Condition(_), .. }), "{verdict:?}");
}

#[test]
fn parties_keep_their_places() {
    let source = "The employee must notify the manager in writing.";
    passes("The employee must notify the manager in writing.", source);
    is_refused("The manager must notify the employee in writing.", source);
    is_refused("The employer must notify the manager in writing.", source);
}

#[test]
fn facts_of_different_sources_are_not_merged() {
    let verdict = judge("Gifts above $100 must be submitted within 30 days.", "When?", &[GIFTS, MEALS], &[1, 2]);
    assert!(!matches!(verdict, Verdict::Supported { .. }), "{verdict:?}");
}

#[test]
fn a_wrong_footnote_number_is_put_right() {
    let verdict = judge("Receipts must be submitted within 30 days.", "When must receipts be submitted?", &[GIFTS, LEAVE, MEALS], &[1]);
    assert!(matches!(verdict, Verdict::Supported { n: 3, .. }), "{verdict:?}");
}

#[test]
fn other_languages_pass_word_for_word_only() {
    let source = "Urlaub darf bis zu fünf Tage übertragen werden. Er muss bis zum 31. März genommen werden.";
    passes("Urlaub darf bis zu fünf Tage übertragen werden.", source);
    is_refused("Urlaub darf nicht bis zu fünf Tage übertragen werden.", source);
}
