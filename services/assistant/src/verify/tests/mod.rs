//! Tables of sentences against sources. Each line is a mistake that a small model makes, or a correct use that must pass.

mod tied;

use super::*;

const LEAVE: &str = "Employees are entitled to 25 days of annual leave per year. Up to five days of annual leave may be carried over to the next year. \
     Carried-over leave must be used by 31 March.";
const MEALS: &str = "The company reimburses up to $50 per day for meals and up to $150 per night for hotels. Alcohol is not reimbursed. \
     Receipts must be submitted within 30 days.";
const GIFTS: &str = "Employees may accept gifts worth less than $100. Employees must not accept cash. Gifts above $100 must be approved by the compliance officer.";
const REMOTE: &str = "Employees may work remotely two days a week, but must not work from abroad. You do not have to give a reason.";

fn exhibits(sources: &[&str]) -> Vec<Exhibit> {
    (1..).zip(sources).map(|(n, text)| Exhibit::new(n, (*text).to_owned(), String::new(), None)).collect()
}

fn judge(sentence: &str, question: &str, sources: &[&str], hints: &[u32]) -> Verdict {
    let case = Case { sentence, sentence_vector: None, question, question_vector: None, hints, earlier: &[], last: None };
    verify(&case, &exhibits(sources), &SupportThresholds::default())
}

fn passes(sentence: &str, source: &str) {
    let verdict = judge(sentence, "What is the rule?", &[source], &[]);
    assert!(matches!(verdict, Verdict::Supported { .. }), "must pass: {sentence}\n{source}\n{verdict:?}");
}

fn is_refused(sentence: &str, source: &str) {
    let verdict = judge(sentence, "What is the rule?", &[source], &[]);
    assert!(!matches!(verdict, Verdict::Supported { .. }), "must not pass: {sentence}\n{source}\n{verdict:?}");
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
        ("Employees are entitled to 25 days of annual leave each year.", LEAVE),
        ("IT must approve all software.", "IT must approve all software. Purchases go through the portal."),
        ("Visitors must be registered.", "In addition, visitors must be registered."),
        ("Teams with over 50 members must name a deputy.", "Teams with more than 50 members must name a deputy."),
    ] {
        passes(sentence, source);
    }
}

#[test]
fn a_figure_is_of_its_year_and_a_time_of_its_zone() {
    let source = "Earnings per share were $3.69 for the third quarter of 2021, improved from $2.75 in the third quarter of 2020.";
    is_refused("Earnings per share were $3.69 for the third quarter of 2020.", source);
    passes("Earnings per share were $3.69 for the third quarter of 2021.", source);
    let source = "The stores open at 15:48 (14:48 GMT) each day.";
    is_refused("The stores open at 15:48 GMT each day.", source);
    passes("The stores open at 14:48 GMT each day.", source);
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
fn hedges_and_the_year_that_is_asked_for_are_kept() {
    is_refused("Meetings are held on Mondays.", "Meetings are mostly held on Mondays.");
    passes("Meetings are mostly held on Mondays.", "Meetings are mostly held on Mondays.");
    is_refused("The tax is the main cause of delays.", "The tax is expected to be the main cause of delays.");
    let bonus = ["The bonus of 2018 went to the team in Vienna."];
    let question = "Which team had the bonus of 2019?";
    assert!(!matches!(judge("The bonus went to the team in Vienna.", question, &bonus, &[]), Verdict::Supported { .. }));
    let question = "Which team had the bonus of 2018?";
    assert!(matches!(judge("The bonus went to the team in Vienna.", question, &bonus, &[]), Verdict::Supported { .. }));
}

#[test]
fn words_that_the_source_lacks_are_refused() {
    let reasons = "The change had two reasons: evidence that open markets grow, and the need to attract capital.";
    is_refused("The need to attract capital was driven by evidence that open markets grow.", reasons);
    let plan = "The plan includes hearing aids, hearing tests and other services for the ear.";
    is_refused("The plan includes hearing aids, hearing devices and other services for the ear.", plan);
    let question = "What fuelled the need to attract capital?";
    let verdict = judge("The need to attract capital was fuelled by evidence that open markets grow.", question, &[reasons], &[]);
    assert!(!matches!(verdict, Verdict::Supported { .. }), "{verdict:?}");
    let office = "The people office will communicate the rules on security to all teams.";
    let question = "Who is responsible for developing and controlling the rules on security?";
    let claim = "The people office is responsible for developing and controlling the rules on security.";
    let verdict = judge(claim, question, &[office], &[]);
    assert!(!matches!(verdict, Verdict::Supported { .. }), "{verdict:?}");
    passes("A deductible refers to the amount that you pay first.", "A deductible is the amount that you pay first.");
    passes("The plan offers hearing aids and hearing tests.", plan);
}

#[test]
fn what_is_excluded_is_not_told_as_covered() {
    is_refused("The plan covers hearing aids and hearing tests.", "The plan excludes hearing aids and hearing tests.");
    is_refused("The policy allows the use of private phones at work.", "The policy prohibits the use of private phones at work.");
    let sheets = "Timesheets must be submitted to the line manager by email.";
    is_refused("Timesheets must be submitted weekly to the line manager by email.", sheets);
    is_refused(
        "Members receive a discount of 20% on tickets at the counter.",
        "Employees receive a discount of 20% on tickets at the counter.",
    );
    is_refused("Both of the plans cover eye exams.", "Both of the plans usually cover eye exams.");
}

#[test]
fn what_is_said_in_other_words_passes() {
    for (sentence, source) in [
        ("The company pays up to $50 per day for meals.", "The company pays up to $50 a day for meals."),
        ("A claim must be made no later than 30 days after the trip.", "A claim must be made within 30 days after the trip."),
        ("Preventive care is covered at no cost.", "Both plans cover preventive care at no cost."),
        ("You must complete the training.", "All employees must complete the training."),
        ("You are entitled to 25 days of leave.", "Every employee is entitled to 25 days of leave."),
        ("Hotels are reimbursed up to 150 dollars per night.", "The company will reimburse up to $150 per night for hotels."),
        ("Employees get 25 vacation days.", "Employees get 25 vacation days and 10 sick days."),
        (
            "Three departments share the budget: sales, marketing and finance.",
            "Three departments share the budget: sales, marketing and finance.",
        ),
        ("You may bring children to the office.", "You may bring children to the office. You must not wear shoes in the yoga room."),
        (
            "Full-time employees are eligible for the bonus.",
            "Full-time employees are eligible for the bonus. Part-time employees are not eligible for the bonus.",
        ),
    ] {
        passes(sentence, source);
    }
}

#[test]
fn what_the_quote_denies_elsewhere_is_not_stated() {
    is_refused("Overtime is paid at weekends.", "Overtime is paid at weekends. Overtime is not paid.");
    let licence = "You must have a licence for a boat on a canal.\nYou do not need a licence for a boat without an engine";
    is_refused("You must have a licence for a boat on a canal.", licence);
    let unrelated = "You must have a licence for a boat on a canal. You do not need to pay for the lock.";
    passes("You must have a licence for a boat on a canal.", unrelated);
}

#[test]
fn a_plan_of_a_like_name_is_another() {
    let plans = ["Northwind Plus covers care for the eyes.", "Northwind Standard covers care for the teeth."];
    let question = "What does Northwind Standard cover?";
    assert_eq!(judge(plans[0], question, &plans, &[]), Verdict::Flawed { flaw: Flaw::BesideTheQuestion });
    assert!(matches!(judge(plans[1], question, &plans, &[]), Verdict::Supported { n: 2, .. }));
    let both = ["All Northwind plans cover care for the heart."];
    assert!(matches!(judge(both[0], question, &both, &[]), Verdict::Supported { .. }));
}

#[test]
fn a_plan_of_a_like_name_is_another_by_its_title_too() {
    let exhibit = |n: u32, title: &str, text: &str| Exhibit::new(n, text.to_owned(), title.to_owned(), None);
    let exhibits = [
        exhibit(1, "Contoso: Northwind Health Standard Plan", "Transport is covered for members who have no other transport."),
        exhibit(2, "Contoso: Northwind Health Plus Plan", "The plan pays no fees that come with the transport."),
        exhibit(3, "Contoso Handbook", "Staff may use the transport on Fridays."),
    ];
    let judge = |sentence: &str, question: &str| {
        let case = Case { sentence, sentence_vector: None, question, question_vector: None, hints: &[], earlier: &[], last: None };
        verify(&case, &exhibits, &SupportThresholds::default())
    };
    let question = "Which transport does Northwind Health Plus cover, and for whom?";
    let standard = "Transport is covered for members who have no other transport.";
    assert_eq!(judge(standard, question), Verdict::Flawed { flaw: Flaw::BesideTheQuestion });
    assert!(matches!(judge(standard, "Which transport is covered by the Northwind Standard plan?"), Verdict::Supported { n: 1, .. }));
    let both = "Which transport do the Northwind Standard plan and Northwind Health Plus cover?";
    assert!(matches!(judge(standard, both), Verdict::Supported { n: 1, .. }));
    assert!(matches!(judge("The plan pays no fees that come with the transport.", question), Verdict::Supported { n: 2, .. }));
    assert!(matches!(judge("Staff may use the transport on Fridays.", question), Verdict::Supported { n: 3, .. }));
}

#[test]
fn a_line_that_heads_what_follows_says_nothing_of_what_stands_before_it() {
    let medicare = "With Medicare you must use a doctor of the network to coordinate benefits.\n\nOther Employer Plans\n\nAsk us first.";
    is_refused("With other employer plans you must use a doctor of the network to coordinate benefits.", medicare);
    let training = "Data Training:\n\nAll employees must complete training once a year.\n\nData Audits:\n\nThe office makes audits.";
    is_refused("Data Audits: All employees must complete training once a year.", training);
    passes("Data Training: All employees must complete training once a year.", training);
}

#[test]
fn a_condition_is_more_than_the_name_of_the_plan() {
    let source = "If Northwind Plus is the secondary plan, then it pays benefits after the primary plan has paid its share.";
    let exhibits = [Exhibit::new(1, source.to_owned(), "Northwind Plus Plan".to_owned(), None)];
    let sentence = "Northwind Plus pays benefits after the primary plan has paid its share.";
    let question = "What are the features of Northwind Plus?";
    let case = Case { sentence, sentence_vector: None, question, question_vector: None, hints: &[], earlier: &[], last: None };
    let verdict = verify(&case, &exhibits, &SupportThresholds::default());
    assert!(matches!(verdict, Verdict::Refused { mismatch: Mismatch::Condition(_), .. }), "{verdict:?}");
}

#[test]
fn titles_of_sources_are_not_repeated() {
    let exhibits = [Exhibit::new(1, "Judges serve at the local division.".to_owned(), "UPC_Agreement".to_owned(), None)];
    for (sentence, flaw) in [
        ("A: UPC_Agreement: Judges serve at the local division.", Some(Flaw::AboutItself)),
        ("UPC_Agreement: Judges serve at the local division.", Some(Flaw::AboutItself)),
        ("The content: The source: UPC_Agreement: Judges serve at the local division.", Some(Flaw::AboutItself)),
        ("The content: Judges serve at the local division.", Some(Flaw::AboutItself)),
        ("Local division: Judges serve at the local division.", None),
        ("Judges serve at the local division.", None),
    ] {
        let case = Case {
            sentence,
            sentence_vector: None,
            question: "Where do they serve?",
            question_vector: None,
            hints: &[],
            earlier: &[],
            last: None,
        };
        let verdict = verify(&case, &exhibits, &SupportThresholds::default());
        match flaw {
            Some(flaw) => assert_eq!(verdict, Verdict::Flawed { flaw }, "{sentence}"),
            None => assert!(matches!(verdict, Verdict::Supported { .. }), "{sentence}: {verdict:?}"),
        }
    }
}

#[test]
fn the_same_of_another_thing_is_not_what_was_asked() {
    let lost = "A lost laptop must be reported within 4 hours. A lost badge must be reported within 24 hours.";
    let earlier = ["A lost laptop must be reported within 4 hours.".to_owned()];
    let judged = |question: &str| {
        let sentence = "A lost badge must be reported within 24 hours.";
        let case = Case { sentence, sentence_vector: None, question, question_vector: None, hints: &[], earlier: &earlier, last: None };
        verify(&case, &exhibits(&[lost]), &SupportThresholds::default())
    };
    let beside = Verdict::Flawed { flaw: Flaw::BesideTheQuestion };
    assert_eq!(judged("Within how many hours must a lost laptop be reported?"), beside);
    for question in ["Within how many hours must a lost laptop or badge be reported?", "What must be done about lost things?"] {
        assert!(matches!(judged(question), Verdict::Supported { .. }), "{question}");
    }
}

#[test]
fn a_sum_is_shown_whole() {
    let fee = "The charge for a copy is a £5 set fee and £1.20 per page.";
    is_refused("The charge for a copy is a £5 set fee.", fee);
    passes("The charge for a copy is a £5 set fee and £1.20 per page.", fee);
    is_refused("The charge for a copy is a £5 set fee.", "The charge for a copy is a £5 set fee, plus £1.20 per page.");
    let staff = "The limit is 20 euros for lunch and 30 euros for dinner.";
    passes("The limit is 20 euros for lunch.", staff);
}

#[test]
fn a_sentence_about_another_than_asked_is_no_answer() {
    let hotels = ["The hotel limit in Vienna is 160 euros a night.", "The hotel limit in Zurich is 230 euros a night."];
    let question = "What is the hotel limit in Zurich?";
    let verdict = judge(hotels[0], question, &hotels, &[]);
    assert_eq!(verdict, Verdict::Flawed { flaw: Flaw::BesideTheQuestion });
    assert!(matches!(judge(hotels[1], question, &hotels, &[]), Verdict::Supported { n: 2, .. }));
    // What no quote speaks of can't be asked for by name.
    assert!(matches!(judge(hotels[0], "What does Anna pay for hotels in Vienna?", &hotels, &[]), Verdict::Supported { n: 1, .. }));
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
        ("You may need to give a reason.", "You must give a reason."),
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

#[test]
fn an_item_is_not_torn_from_the_line_above_its_list() {
    let probation =
        "During probation the following does not apply:\n- Employees may work remotely two days a week.\n- The company pays for a desk.";
    is_refused("Employees may work remotely two days a week.", probation);
    is_refused("The company pays for a desk.", probation);
    let never = "Employees must not:\n- Share their password with anyone.\n- Install software of their own.";
    is_refused("Share their password with anyone.", never);
    is_refused("Employees install software of their own.", never);
    passes("Employees must not share their password with anyone.", never);
    passes("You must not install software of your own.", never);
    let excluded = "The dental plan excludes:\n- Implants and bridges made of gold.\n- Cosmetic treatment of healthy teeth.";
    is_refused("Implants and bridges made of gold.", excluded);
    is_refused("The plan pays cosmetic treatment of healthy teeth.", excluded);
    let part_time = "For contractors from an agency:\n- The notice period is two weeks.";
    is_refused("The notice period is two weeks.", part_time);
    passes("For contractors from an agency the notice period is two weeks.", part_time);
    passes("The company reimburses train tickets in second class.", "The company reimburses:\n- hotels\n- train tickets in second class");
    passes("The notice period is two weeks.", "These rules hold:\n- The notice period is two weeks.\n- It ends on a Friday.");
}

#[test]
fn a_copy_must_be_a_copy_to_the_last_sign() {
    is_refused("The daily rate for meals is €50.", "The daily rate for meals is $50.");
    is_refused("The pension contribution is 5 of the salary.", "The pension contribution is 5% of the salary.");
    is_refused("Gifts from suppliers are allowed.", "Are gifts from suppliers allowed? Ask the compliance officer.");
    is_refused("You may accept gifts from suppliers.", "May you accept gifts from suppliers? Ask the compliance officer.");
    passes("The daily rate for meals is $50.", "- The daily rate for meals\u{a0}is  $50");
}

#[test]
fn an_exception_comes_along_with_its_rule() {
    let source = "Employees may accept gifts below $100. However, cash must never be accepted.";
    let verdict = judge("You may accept gifts below $100.", "May I accept gifts?", &[source], &[]);
    let Verdict::Supported { exception, .. } = verdict else { panic!("{verdict:?}") };
    assert_eq!(exception.as_deref(), Some("However, cash must never be accepted."));
    is_refused("Employees may accept gifts below $100.", "Employees may accept gifts below $100. Except:\n- cash\n- vouchers");
    is_refused("Employees may accept gifts below $100.", "Employees may accept gifts below $100.\n\nExceptions\n\nCash and vouchers.");
}

#[test]
fn an_exception_in_the_next_passage_binds_too() {
    let mut exhibit = Exhibit::new(1, "Employees may accept gifts below $100.".into(), String::new(), None);
    let verdict = |exhibit: &Exhibit| {
        let sentence = "You may accept gifts below $100.";
        let case = Case { sentence, sentence_vector: None, question: "What?", question_vector: None, hints: &[], earlier: &[], last: None };
        verify(&case, std::slice::from_ref(exhibit), &SupportThresholds::default())
    };
    assert!(matches!(verdict(&exhibit), Verdict::Supported { .. }));
    exhibit.following = Some("However, cash must never be accepted.".into());
    assert!(matches!(verdict(&exhibit), Verdict::Refused { mismatch: Mismatch::Condition(_), .. }));
}

#[test]
fn what_points_back_needs_the_sentence_before_it() {
    let sources = exhibits(&["The badge is yours to keep. The laptop is lent. It must be returned on the last day.", "The desk is yours."]);
    let verdict = |last| {
        let earlier = ["The laptop is lent.".to_owned()];
        let sentence = "It must be returned on the last day.";
        let case = Case { sentence, sentence_vector: None, question: "What?", question_vector: None, hints: &[], earlier: &earlier, last };
        verify(&case, &sources, &SupportThresholds::default())
    };
    assert_eq!(verdict(Some((2, 1))), Verdict::Flawed { flaw: Flaw::Dangling });
    assert_eq!(verdict(Some((1, 1))), Verdict::Flawed { flaw: Flaw::Dangling }, "the badge");
    assert!(matches!(verdict(Some((1, 2))), Verdict::Supported { n: 1, .. }));
}

#[test]
fn leads_of_all_kinds_govern_their_items() {
    for lead in [
        "You must not:",
        "Do not:",
        "Don't:",
        "Never:",
        "You cannot:",
        "The following is not allowed.",
        "Employees must not",
        "Some things are not allowed. These include:",
        "Out of scope:",
        "It is illegal to:",
        "Grounds for dismissal:",
        "Myths:",
        "Old rules:",
        "Contractors of an agency:",
        "If you have passed the probation period:",
    ] {
        for mark in ["-", "•", "●", "(ii)", "ii.", "B.", "1.2)", "1.b)", "+", "o", "☐", "➢"] {
            let source =
                format!("{lead}\n{mark} Nothing of this kind here.\n{mark} Employees give vouchers to customers at the end of the year.");
            is_refused("Employees give vouchers to customers at the end of the year.", &source);
        }
    }
    for lead in ["These rules hold:", "In general:", "For example:", "The company offers the following:", "You may do this:"] {
        let source = format!("{lead}\n- Nothing else.\n- Employees give vouchers to customers at the end of the year.");
        passes("Employees give vouchers to customers at the end of the year.", &source);
    }
    is_refused("You may bring your dog to the office every day.", "Myth: You may bring your dog to the office every day.");
    is_refused("The notice period is two weeks.", "Contractors: The notice period is two weeks.");
    is_refused("The lowest temperature is 5 degrees in winter.", "-5 degrees is the lowest temperature in winter.");
}

#[test]
fn a_heading_that_denies_governs_items_and_names() {
    let verdict = |sentence: &str, text: &str, heading: &str| {
        let exhibit = Exhibit::new(1, text.to_owned(), format!("Handbook\n{heading}"), None);
        let case = Case { sentence, sentence_vector: None, question: "What?", question_vector: None, hints: &[], earlier: &[], last: None };
        matches!(verify(&case, &[exhibit], &SupportThresholds::default()), Verdict::Supported { .. })
    };
    let dog = "Bring your dog to the office on Mondays.";
    assert!(!verdict(dog, "• Bring your dog to the office on Mondays.", "Things you must never do"));
    assert!(verdict(dog, "• Bring your dog to the office on Mondays.", "Things that are welcome"));
    assert!(!verdict("Cosmetic surgery and implants of gold.", "Cosmetic surgery and implants of gold.", "Not covered"));
}

#[test]
fn opposites_in_a_few_letters_are_refused() {
    for (sentence, source) in [
        (
            "Employees of the sales department no longer receive a bonus at the end of the year.",
            "Employees of the sales department receive a bonus at the end of the year.",
        ),
        (
            "Employees of the sales department receive a higher bonus at the end of the year.",
            "Employees of the sales department receive a bonus at the end of the year.",
        ),
        ("You are advised to travel alone at night.", "You are advised not to travel alone at night."),
        ("You are advised not to travel alone at night.", "You are advised to travel alone at night."),
        ("Attendance at the training is optional.", "Attendance at the training is not optional."),
        ("Dogs in the office are forbidden.", "Dogs in the office are not forbidden."),
        ("Working at weekends is encouraged.", "Working at weekends is not encouraged."),
        ("The card for the gate is valid.", "The card for the gate is no longer valid."),
        ("All of the plans cover eye exams.", "Some of the plans cover eye exams."),
        ("You must register for the tax with the office.", "Companies must register for the tax with the office."),
        ("You may accept gifts from suppliers.", "You may accept gifts from suppliers. Employees must not accept gifts from suppliers."),
        ("Overtime at weekends is paid.", "Overtime at weekends is paid. Currently, overtime is not paid at weekends."),
        ("The company opens an office in Lima in 2025.", "The company plans to open an office in Lima in 2025."),
        ("You receive a bonus of 10%.", "Directors have a company car. They also receive a bonus of 10%."),
        ("The head office is open to visitors.", "The head office has a canteen. The branch is small. It is open to visitors."),
        (
            "The company pays $50 per day for meals and receipts must be submitted weekly by email.",
            "The company pays $50 per day for meals and receipts must be submitted by email.",
        ),
        ("Complaints about colleagues are handled by HR.", "Complaints about colleagues are usually handled by HR."),
    ] {
        is_refused(sentence, source);
    }
}

#[test]
fn what_an_ordinary_policy_says_passes() {
    for (sentence, source) in [
        (
            "A sick employee must inform HR by phone.",
            "The canteen is closed on Fridays. If an employee is sick for a day, they must inform HR by phone.",
        ),
        ("The form must be signed by HR.", "The manager completes the form. It must be signed by HR."),
        ("The council has 12 members.", "In 2019 the council was founded by the city. It has 12 members."),
        ("Standard rooms cost $150.", "Standard rooms cost $150, and the suites cost $300."),
        ("Managers get 30 days of leave.", "Managers get 30 days of leave, and trainees 20 days of leave."),
        ("A hotel in Berlin is up to $150 per night.", "3 | A hotel in Berlin | up to $150 per night"),
        ("HR keeps the files of former employees for 7 years.", "Human Resources keeps the files of former employees for 7 years."),
        ("The stay must be no longer than 30 days.", "The stay must be no longer than 30 days."),
        ("A stay in the flat is limited to 30 days at most.", "A stay in the flat is limited to at most 30 days."),
    ] {
        passes(sentence, source);
    }
    let twice =
        judge("The council meets twice a year.", "How many times a year does the council meet?", &["The council meets twice a year."], &[]);
    assert!(matches!(twice, Verdict::Supported { .. }), "{twice:?}");
}

#[test]
fn each_mistake_is_called_by_its_name() {
    let reason = |sentence: &str, source: &str| match judge(sentence, "What is the rule?", &[source], &[]) {
        Verdict::Refused { mismatch, .. } => format!("{mismatch:?}"),
        other => panic!("must be refused: {sentence}\n{other:?}"),
    };
    for (sentence, source, kind) in [
        ("Employees are entitled to 26 days of annual leave per year.", LEAVE, "Number("),
        ("The company reimburses up to $150 per day for meals.", MEALS, "Number"),
        (
            "Requests for unpaid leave are sent to the personnel department by 30 May.",
            "Requests for unpaid leave are sent to the personnel department by 31 May.",
            "Date(",
        ),
        ("The canteen of the head office opens at 9:30 on Mondays.", "The canteen of the head office opens at 9:00 on Mondays.", "Time("),
        (
            "All requests for parental leave in Spain go to hr@example.org in writing.",
            "All requests for parental leave in Spain go to pay@example.org in writing.",
            "Address(",
        ),
        (
            "All requests for unpaid parental leave of the personnel are approved in writing by Maria Silva.",
            "All requests for unpaid parental leave of the personnel are approved in writing by Maria Berg.",
            "Name(",
        ),
        ("Employees may accept cash.", GIFTS, "Modality("),
        ("You must give a reason.", REMOTE, "Modality("),
        ("Timesheets must be submitted before the trip.", "Timesheets must be submitted after the trip.", "Opposite("),
        ("Employees receive 30 days of leave.", "Full-time employees receive 30 days of leave.", "Subject("),
        (
            "Timesheets must be submitted weekly to the line manager by email.",
            "Timesheets must be submitted to the line manager by email.",
            "Word(",
        ),
        ("Overtime is paid at weekends.", "Overtime is paid at weekends. Overtime is not paid.", "Contradicted("),
        ("Both of the plans cover eye exams.", "Both of the plans usually cover eye exams.", "Condition("),
        ("Employees supervise managers in the workshop.", "Managers supervise employees in the workshop.", "Roles("),
    ] {
        let found = reason(sentence, source);
        assert!(found.starts_with(kind), "{sentence}: {found}, not {kind}");
    }
}
