//! What is said, of whom, and what ties it to what: words that are all in the source, and mean something else.

use super::*;

#[test]
fn what_is_told_of_one_is_not_told_of_another() {
    for (sentence, source) in [
        ("The Plus plan covers preventive care.", "The Plus plan covers dental care. The Standard plan covers preventive care."),
        ("The plus plan covers preventive care.", "The plus plan covers dental care. The standard plan covers preventive care."),
        ("The Vienna office closes at 6 pm.", "The Vienna office opens at 8 am. The Zurich office closes at 6 pm."),
        ("Contractors may use the gym.", "Contractors may use the canteen. Employees may use the gym."),
        ("Contractors may use the gym.", "Contractors must sign in at the desk. Staff may use the gym."),
        ("The HR department approves leave.", "The HR department keeps the files. The line manager approves leave."),
        (
            "Preventive care is covered by the Plus plan.",
            "Dental care is covered by the Plus plan. Preventive care is covered by the Standard plan.",
        ),
        ("Members of the gold plan see specialists.", "Members of the gold plan pay nothing. Members of the silver plan see specialists."),
    ] {
        is_refused(sentence, source);
    }
    passes("The Plus plan covers preventive care.", "The Plus plan covers dental care. It covers preventive care.");
    passes("Contractors may use the canteen.", "Contractors may use the canteen. Employees may use the gym.");
    let source = "Remote work is allowed two days a week. Employees must obtain written approval.";
    passes("Remote work is allowed two days a week with written approval.", source);
    passes("The Plus plan covers dental care.", "The Plus plan covers dental care. The Standard plan covers preventive care.");
}

#[test]
fn words_are_tied_as_in_the_source() {
    for (sentence, source) in [
        ("The controller must assist the processor with requests.", "The processor must assist the controller with requests."),
        ("The customer grants the licensor a licence.", "The licensor grants the customer a licence."),
        ("The line manager must be informed by the clerk.", "The line manager must inform the clerk."),
        ("Recordings are kept for 72 hours and logs for 30 days.", "Recordings are kept for 30 days and logs for 72 hours."),
        (
            "The risk assessment is carried out after the contract is signed.",
            "The contract is signed after the risk assessment is carried out.",
        ),
        ("The plan covers crowns and implants.", "The plan covers crowns but not implants."),
        ("Interns are entitled to a bonus.", "Managers, not interns, are entitled to a bonus."),
        ("The form must be signed by the employee or the manager.", "The form must be signed by the employee and the manager."),
        ("Employees receive a car and a rail pass.", "Employees receive a car or a rail pass."),
        ("Orders above $10,000 are approved by the director.", "Orders below $10,000 are approved by the director."),
        ("The lessor insures the vehicle.", "The lessor maintains the vehicle and the lessee insures the vehicle."),
        ("Sick leave is unpaid.", "Sick leave requires a certificate. Leave taken without one is unpaid."),
        ("No employees may work from home.", "Not all employees may work from home."),
        ("Employees may claim only travel costs.", "Only employees may claim travel costs."),
    ] {
        is_refused(sentence, source);
    }
    for (sentence, source) in [
        ("With written approval, employees travel by train.", "Employees travel by train with written approval."),
        ("After three attempts, the account is locked.", "The account is locked after three attempts."),
        ("Incidents must be reported by employees within 24 hours.", "Employees must report incidents within 24 hours."),
        ("The period of notice is two months.", "The notice period is two months."),
        ("The plan covers crowns, but not implants.", "The plan covers crowns but not implants."),
        ("The plan covers dental care and hearing aids.", "The plan covers dental care, eye tests and hearing aids."),
    ] {
        passes(sentence, source);
    }
}

#[test]
fn what_is_only_reported_supposed_or_partly_so_is_no_fact() {
    for (sentence, source) in [
        ("Travel time is working time.", "Some employees believe that travel time is working time."),
        ("Employees are entitled to a bonus.", "Nothing in this policy means that employees are entitled to a bonus."),
        ("The company closes in August.", "If the company closed in August, employees would have to take leave."),
        ("The company pays the travel costs.", "The company pays half of the travel costs."),
        ("Employees may work overtime.", "Employees may rarely work overtime."),
        ("The company pays the moving costs.", "As a rule, the company pays the moving costs."),
        ("All invoices are paid within 30 days.", "All invoices are paid within 30 days, save for disputed invoices."),
        ("The supplier is liable for damage.", "The supplier is liable for damage to the extent that it was foreseeable."),
        ("All sites are closed on public holidays.", "All sites are closed on public holidays, but the Leipzig plant stays open."),
        ("Employees are entitled to a bonus.", "The following employees are entitled to a bonus: sales staff and engineers."),
    ] {
        is_refused(sentence, source);
    }
    passes("Travel time is working time.", "Please note that travel time is working time.");
    passes("The company pays half of the travel costs.", "The company pays half of the travel costs.");
}

#[test]
fn a_rule_keeps_what_narrows_it() {
    is_refused("Employees are entitled to a company car.", "Employees who travel more than 100 days a year are entitled to a company car.");
    is_refused("Coaching seems to be essential.", "Coaching is essential.");
    is_refused("Coaching is essential.", "Coaching seems essential.");
    let apps = "The council bans the app on government phones. Personal phones belong to the staff.";
    is_refused("The council bans the app on personal phones.", apps);
    passes("The council bans the app on government phones.", apps);
}

#[test]
fn denials_of_some_are_not_of_all() {
    let source = "The plan does not cover experimental treatments, including injections that are not medically necessary. \
         Members should also be aware that not all therapeutic injections are covered under the plan.";
    is_refused("The plan does not cover therapeutic injections.", source);
    passes("The plan does not cover experimental treatments.", source);
    passes("Not all therapeutic injections are covered under the plan.", source);
}

#[test]
fn a_number_stays_with_the_name_that_it_belongs_to() {
    let offices = "The company has offices in Spain, Austria and Denmark. The office in Austria has 120 employees.";
    is_refused("The company has 120 employees in Spain.", offices);
    is_refused("The office in Denmark has 120 employees.", offices);
    passes("The office in Austria has 120 employees.", offices);
}

#[test]
fn of_whom_it_holds_is_kept() {
    let charities = "Charities can claim back the tax by registering with the office.";
    is_refused("You can claim back the tax by registering with the office.", charities);
    passes("Charities can claim back the tax by registering with the office.", charities);
    let court = "The Council meets twice a year. Court Administration is also a liaison to the courts.";
    is_refused("The Council is also a liaison to the courts.", court);
    is_refused("Employees are entitled to 30 days of leave.", "Full-time employees are entitled to 30 days of leave.");
    is_refused("Employees receive 30 days of leave.", "Full-time employees receive 30 days of leave.");
    is_refused(
        "The liability of the office for damage that its staff cause at work is governed by the law of the state.",
        "The non-contractual liability of the office for damage that its staff cause at work shall be governed by the law of the state.",
    );
    let verdict = judge(
        "You are entitled to 30 days of leave.",
        "How much leave do full-time employees have?",
        &["Full-time employees are entitled to 30 days of leave."],
        &[],
    );
    assert!(matches!(verdict, Verdict::Supported { .. }), "what the question says need not be said again: {verdict:?}");
}

#[test]
fn what_holds_for_the_reader_is_not_told_of_others() {
    let network = "You may see providers out of the network, but you will be responsible for a greater portion of the costs.";
    is_refused("Providers of the network will be responsible for a greater portion of the costs.", network);
    passes("You will be responsible for a greater portion of the costs.", network);
    passes("You may see providers out of the network.", network);
}

#[test]
fn sentences_are_not_mixed() {
    let audits = "The audit of Ostra Bank in Lima relied upon work of the network firms in India and Peru. \
        The audit of Westra Bank in Oslo relied upon work of the network firms in France and Germany.";
    is_refused("The audit of Westra Bank relied upon work of the network firms in India and France.", audits);
    passes("The audit of Westra Bank in Oslo relied upon work of the network firms in France and Germany.", audits);
    passes("The audit of Westra Bank relied upon work of the network firms in France.", audits);
    let pointing = "Ostra Bank has its seat in Lima. It was audited by Brod & Kleist in Norway.";
    passes("Ostra Bank was audited by Brod & Kleist in Norway.", pointing);
}

#[test]
fn of_two_things_that_are_asked_about_each_has_its_own() {
    let networks = "You pay more out-of-network. In-network providers have agreed to accept the payment that is offered by the plan.";
    is_refused("Out-of-network providers have agreed to accept the payment that is offered by the plan.", networks);
    passes("In-network providers have agreed to accept the payment that is offered by the plan.", networks);
    let therapies = "Gene therapy is the introduction of genetic material into cells to mend a gene. The plan covers cellular immunotherapy and gene therapy.";
    let judged = |sentence: &str| judge(sentence, "What are cellular immunotherapy and gene therapy?", &[therapies], &[]);
    let exchanged = judged("Cellular immunotherapy is the introduction of genetic material into cells to mend a gene.");
    assert!(!matches!(exchanged, Verdict::Supported { .. }), "{exchanged:?}");
    let right = judged("Gene therapy is the introduction of genetic material into cells to mend a gene.");
    assert!(matches!(right, Verdict::Supported { .. }), "{right:?}");
}

#[test]
fn they_are_those_of_the_sentence_before() {
    let taxes = "The office has lost staff. Globally, tax authorities use new ways to help. They are utilizing technology to improve services to taxpayers.";
    is_refused("The office is utilizing technology to improve services to taxpayers.", taxes);
    passes("Tax authorities globally are utilizing technology to improve services to taxpayers.", taxes);
    passes(
        "You are required to give two weeks of notice to the manager.",
        "The office is open. It is required to give two weeks of notice to the manager.",
    );
}

#[test]
fn a_figure_of_a_table_is_of_its_row() {
    let contents = "Estimated allocation of funds | 128\nStakeholders impacted by the Strategic Operating Plan | 132";
    is_refused("The estimated allocation of funds for the Strategic Operating Plan is 132.", contents);
    passes("The estimated allocation of funds is 128.", contents);
}

#[test]
fn a_date_is_of_what_its_sentence_says() {
    is_refused("The bridge was opened in 1998.", "The bridge was opened after long works. In 1998 the mayor left his office.");
    is_refused("The bridge was opened in 1998.", "The bridge was opened by the mayor. In 1998 the bridge was closed.");
    is_refused("The bridge was opened in 1998.", "The bridge was opened by the mayor. It was closed in 1998.");
    passes("The bridge was opened in 1998.", "The mayor left his office. In 1998 the bridge was opened.");
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
fn parties_keep_their_places() {
    let source = "The employee must notify the manager in writing.";
    passes("The employee must notify the manager in writing.", source);
    is_refused("The manager must notify the employee in writing.", source);
    is_refused("The employer must notify the manager in writing.", source);
    is_refused(
        "The manager must notify the employee in writing by Friday.",
        "The employee must notify the manager in writing by email, by Friday.",
    );
    passes("The manager must be notified by the employee in writing.", source);
}

#[test]
fn facts_of_different_sources_are_not_merged() {
    let verdict = judge("Gifts above $100 must be submitted within 30 days.", "When?", &[GIFTS, MEALS], &[1, 2]);
    assert!(!matches!(verdict, Verdict::Supported { .. }), "{verdict:?}");
}
