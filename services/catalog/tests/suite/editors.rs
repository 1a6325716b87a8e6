//! Programs that act for somebody, the questions that are open, and what editors answer.

use std::collections::HashSet;

use catalog::{
    Action, AnswerId, AnswerRecord, AuditFilter, AuditRecord, Catalog, Circumstances, Desk, Error, FeedbackVerdict, GrantAccess,
    NewVerified, Object, Outcome, PersonId, Principal, Raised, Reason, Role, Session, SessionLimits,
};
use chrono::Duration;
use serde_json::json;

use crate::{
    people::{PASSWORD, administrator, joined, later},
    story::{ALL, revision},
};

async fn session(catalog: &Catalog, name: &str) -> Session {
    let accounts = catalog.accounts(SessionLimits::default());
    let token = accounts.sign_in(&format!("{}@example.com", name.to_lowercase()), PASSWORD.into(), "test").await.unwrap();
    accounts.session(token.reveal()).await.unwrap().unwrap()
}

pub async fn tokens(catalog: Catalog) {
    let admin = administrator(&catalog).await;
    joined(&catalog, &admin, "Edi", Role::Editor).await;
    let editor = session(&catalog, "Edi").await;
    let collection = catalog.system().ensure_collection("hr").await.unwrap().id;
    let administration = admin.administration().unwrap();
    let everyone = administration.groups(None).await.unwrap()[0].id;
    administration.set_grant(collection, everyone, Some(GrantAccess::Edit)).await.unwrap();

    let reads = editor.create_api_token("  Intranet   search ", false, Some(30)).await.unwrap();
    let publishes = editor.create_api_token("Scanner", true, None).await.unwrap();
    assert!(matches!(editor.create_api_token(" ", false, None).await, Err(Error::Name { .. })));
    let listed = editor.api_tokens().await.unwrap();
    assert_eq!(listed.iter().map(|t| (t.name.as_str(), t.publishes)).collect::<Vec<_>>(), [("Scanner", true), ("Intranet search", false)]);
    assert!(listed.iter().all(|token| token.used_at.is_none()));

    let at = |minutes| catalog.at(later(minutes)).accounts(SessionLimits::default());
    let program = at(1).program(reads.reveal()).await.unwrap().expect("a token");
    assert_eq!((program.person().name.as_str(), program.principal()), ("Edi", editor.principal()));
    assert!(matches!(program.publishes_in("hr").await, Err(Error::Forbidden)), "this token only reads");
    assert!(matches!(program.create_api_token("more", false, None).await, Err(Error::Forbidden)), "a program makes no tokens");
    let other = at(1).program(publishes.reveal()).await.unwrap().unwrap();
    assert_eq!(other.publishes_in("hr").await.unwrap(), collection);
    assert!(other.desk().is_err() && other.administration().is_err(), "what is for people is not for programs");
    assert!(editor.api_tokens().await.unwrap().iter().all(|token| token.used_at.is_some()));
    // A token is no session, and a session no token.
    assert!(at(1).session(reads.reveal()).await.unwrap().is_none());
    for nothing in ["", "footnote_", "footnote_0000"] {
        assert!(at(1).program(nothing).await.unwrap().is_none());
    }

    // It ends by itself, by hand, and with its person.
    let month = 30 * 24 * 60;
    assert!(at(month - 1).program(reads.reveal()).await.unwrap().is_some());
    assert!(at(month + 1).program(reads.reveal()).await.unwrap().is_none());
    assert!(at(month + 1).program(publishes.reveal()).await.unwrap().is_some());
    assert!(matches!(admin.revoke_api_token(listed[1].id).await, Err(Error::Missing)), "it is somebody else's");
    editor.revoke_api_token(listed[1].id).await.unwrap();
    assert!(at(1).program(reads.reveal()).await.unwrap().is_none());
    administration.set_enabled(editor.person().id, false).await.unwrap();
    administration.set_enabled(editor.person().id, true).await.unwrap();
    assert!(at(1).program(publishes.reveal()).await.unwrap().is_none(), "disabled for a while: its tokens are gone");
    assert_eq!(catalog.trail().verify(None).await.unwrap().faults.len(), 0);
}

async fn refused(catalog: &Catalog, person: PersonId, question: &str) -> AnswerId {
    let record = AnswerRecord {
        id: AnswerId::new(),
        person: Some(person),
        conversation: None,
        question: question.into(),
        collection: None,
        status: "abstained".into(),
        model: None,
        record: json!({}),
        created_at: chrono::DateTime::UNIX_EPOCH,
    };
    given(catalog, &record, Circumstances::default()).await;
    record.id
}

async fn given(catalog: &Catalog, record: &AnswerRecord, circumstances: Circumstances) {
    catalog.answers().begin(record, circumstances).await.unwrap();
    catalog.answers().finish(record, &Outcome { total_ms: 4000, cited: Vec::new() }, circumstances).await.unwrap();
}

fn raised(key: &str, person: PersonId, answer: AnswerId) -> Raised {
    Raised { key: key.into(), question: format!("{key}?"), person, answer, collection: None, reason: Reason::Refused }
}

async fn open(desk: &Desk) -> Vec<(String, i64, i64, i64)> {
    desk.questions().await.unwrap().into_iter().map(|q| (q.key, q.refused, q.wrong, q.missing)).collect()
}

pub async fn questions(catalog: Catalog) {
    let admin = administrator(&catalog).await;
    let administration = admin.administration().unwrap();
    let system = catalog.system();
    let [hr, legal] = [system.ensure_collection("hr").await.unwrap().id, system.ensure_collection("legal").await.unwrap().id];
    let staged = [system.stage(&revision(hr, "/hr/a", "A")).await.unwrap(), system.stage(&revision(legal, "/legal/a", "B")).await.unwrap()];
    system.publish(&staged.iter().map(|s| s.revision_id).collect::<Vec<_>>()).await.unwrap();
    let reader = joined(&catalog, &admin, "Rea", Role::Reader).await;
    let lawyer = joined(&catalog, &admin, "Lex", Role::Reader).await;
    let editor = joined(&catalog, &admin, "Edi", Role::Editor).await;
    let desk_of_hr = administration.create_group("HR desk").await.unwrap();
    let lawyers = administration.create_group("Lawyers").await.unwrap();
    let everyone = administration.groups(None).await.unwrap()[0].id;
    administration.set_groups(editor, &[desk_of_hr]).await.unwrap();
    administration.set_groups(lawyer, &[lawyers]).await.unwrap();
    administration.set_grant(hr, desk_of_hr, Some(GrantAccess::Edit)).await.unwrap();
    administration.set_grant(legal, lawyers, Some(GrantAccess::Read)).await.unwrap();
    let desk = session(&catalog, "Edi").await.desk().unwrap();
    let whole = admin.desk().unwrap();
    assert!(session(&catalog, "Rea").await.desk().is_err());

    // Nobody who asked may read what they edit: the administrator alone sees it.
    let questions = catalog.questions();
    let first = refused(&catalog, reader, "parking?").await;
    questions.raise(&raised("parking", reader, first)).await.unwrap();
    questions.raise(&raised("parking", reader, first)).await.unwrap();
    assert_eq!(open(&desk).await, []);
    assert_eq!(open(&whole).await, [("parking".to_owned(), 1, 0, 0)], "an answer counts once");
    administration.set_grant(hr, everyone, Some(GrantAccess::Read)).await.unwrap();
    let second = refused(&catalog, lawyer, "contracts?").await;
    questions.raise(&Raised { collection: Some(legal), ..raised("contracts", lawyer, second) }).await.unwrap();
    let third = refused(&catalog, lawyer, "parking?").await;
    questions.raise(&raised("parking", lawyer, third)).await.unwrap();
    assert_eq!(open(&desk).await, [("parking".to_owned(), 2, 0, 0)], "what was asked of another collection is for its editors");
    assert_eq!(open(&whole).await.len(), 2);

    // What people say of answers.
    let fourth = refused(&catalog, reader, "parking?").await;
    assert!(matches!(questions.say(first, lawyer, FeedbackVerdict::Wrong, "").await, Err(Error::Missing)), "it was given to another");
    questions.say(first, reader, FeedbackVerdict::Wrong, " not so\u{0} ").await.unwrap();
    questions.say(first, reader, FeedbackVerdict::Missing, "the bay").await.unwrap();
    let said = questions.feedback(first, reader).await.unwrap().unwrap();
    assert_eq!((said.verdict, said.comment.as_str()), (FeedbackVerdict::Missing, "the bay"));
    questions.raise(&Raised { reason: Reason::Missing, ..raised("parking", reader, first) }).await.unwrap();
    assert_eq!(open(&desk).await, [("parking".to_owned(), 2, 0, 0)], "a refusal stays one");
    questions.raise(&Raised { reason: Reason::Missing, ..raised("parking", reader, fourth) }).await.unwrap();
    assert_eq!(open(&desk).await, [("parking".to_owned(), 2, 0, 1)]);
    let id = desk.questions().await.unwrap()[0].id;
    assert_eq!(desk.comments(id).await.unwrap(), ["the bay"]);
    questions.withdraw(fourth).await.unwrap();
    questions.withdraw(first).await.unwrap();
    assert_eq!(open(&desk).await, [("parking".to_owned(), 2, 0, 0)], "the refusals still wait");
    // Asked and said within a collection that they do not edit, it is not theirs to see.
    let fifth = refused(&catalog, lawyer, "parking?").await;
    questions.say(fifth, lawyer, FeedbackVerdict::Wrong, "of the law firm").await.unwrap();
    questions.raise(&Raised { collection: Some(legal), reason: Reason::Wrong, ..raised("parking", lawyer, fifth) }).await.unwrap();
    assert_eq!(open(&desk).await, [("parking".to_owned(), 2, 0, 0)]);
    assert_eq!(desk.comments(id).await.unwrap(), ["the bay"]);
    assert_eq!(whole.comments(id).await.unwrap().len(), 2);

    // Answered with a source that they may edit.
    let new = |passage| NewVerified { key: "parking".into(), question: "parking?".into(), text: " In bay 17. ".into(), passage };
    let [own, other] = [staged[0].passage_ids[1], staged[1].passage_ids[1]];
    assert!(matches!(desk.answer(Some(id), &new(other)).await, Err(Error::Forbidden)));
    assert!(matches!(desk.answer(Some(id), &new(catalog::PassageId::new())).await, Err(Error::NoSource)));
    let empty = NewVerified { text: "  ".into(), ..new(own) };
    assert!(matches!(desk.answer(Some(id), &empty).await, Err(Error::AnswerLength { .. })));
    let verified = desk.answer(Some(id), &new(own)).await.unwrap();
    assert_eq!(open(&desk).await, []);
    assert!(matches!(desk.answer(Some(id), &new(own)).await, Err(Error::Missing)), "it is answered");
    let found = questions.verified("parking").await.unwrap();
    assert_eq!((found[0].id, found[0].text.as_str(), found[0].author.as_str()), (verified, "In bay 17.", "Edi"));
    assert!(questions.verified("park").await.unwrap().is_empty());
    let may = catalog.reader(&Principal::Person(reader), None).await.unwrap();
    assert_eq!(may.passage_saying(found[0].document, &found[0].source, &ALL).await.unwrap().unwrap().id, own);
    assert!(desk.verified().await.unwrap()[0].live);

    // A new revision that says the same carries it; one that does not leaves the answer without a source.
    let same = system.stage(&catalog::NewRevision { content_hash: "other bytes".into(), ..revision(hr, "/hr/a", "A") }).await.unwrap();
    system.publish(&[same.revision_id]).await.unwrap();
    assert!(desk.verified().await.unwrap()[0].live);
    assert_eq!(may.passage_saying(found[0].document, &found[0].source, &ALL).await.unwrap().unwrap().id, same.passage_ids[1]);
    let next = system.stage(&revision(hr, "/hr/a", "A, changed")).await.unwrap();
    system.publish(&[next.revision_id]).await.unwrap();
    assert!(!desk.verified().await.unwrap()[0].live);
    assert!(may.passage_saying(found[0].document, &found[0].source, &ALL).await.unwrap().is_none());
    administration.set_grant(hr, desk_of_hr, Some(GrantAccess::Read)).await.unwrap();
    assert!(matches!(desk.retire(verified).await, Err(Error::Missing)), "they edit it no more");
    whole.retire(verified).await.unwrap();
    assert!(questions.verified("parking").await.unwrap().is_empty());
    whole.dismiss(whole.questions().await.unwrap()[0].id).await.unwrap();
    assert_eq!(open(&whole).await, []);
    // Asked again, it waits again.
    questions.raise(&raised("parking", lawyer, refused(&catalog, lawyer, "parking?").await)).await.unwrap();
    assert_eq!(open(&whole).await, [("parking".to_owned(), 1, 0, 0)]);

    // What the charts count.
    let usage = administration.usage(catalog.now() - Duration::days(1)).await.unwrap();
    let day = &usage.days[0];
    assert_eq!((usage.days.len(), day.asked, day.refused, day.slow, day.stopped), (1, 6, 6, 6, 0));
    assert_eq!((usage.median_ms, usage.p95_ms), (Some(4000), Some(4000)));
    assert!(administration.usage(catalog.now() + Duration::days(1)).await.unwrap().days.is_empty());

    // A person's questions go with a deleted document as its answers' counts do; the trail is whole.
    system.delete_document(staged[0].document_id).await.unwrap();
    assert_eq!(catalog.trail().verify(None).await.unwrap().faults.len(), 0);
}

/// The trail under pseudonyms, and what it takes to open one.
pub async fn pseudonyms(catalog: Catalog) {
    let admin = administrator(&catalog).await;
    joined(&catalog, &admin, "Eve", Role::Administrator).await;
    let reader = joined(&catalog, &admin, "Rea", Role::Reader).await;
    joined(&catalog, &admin, "Aud", Role::Auditor).await;
    let all = async || catalog.trail().after(&AuditFilter::default(), 0, 1000).await.unwrap();
    let earlier = refused(&catalog, reader, "canteen?").await;
    let before = all().await.len();
    catalog.trail().set_pseudonymous(true).await.unwrap();
    let rea = session(&catalog, "Rea").await;
    rea.note(Action::SearchMade, Object::Nothing, &json!({ "query": "leave" })).await.unwrap();
    let id = refused(&catalog, reader, "parking?").await;
    catalog.questions().say(id, reader, FeedbackVerdict::Helpful, "").await.unwrap();
    let auditor = session(&catalog, "Aud").await.trail().unwrap();
    assert!(auditor.is_pseudonymous().await.unwrap());

    let written = all().await;
    let own: Vec<_> = written[before..].iter().filter(|record| record.actor.starts_with("pseudonym:")).collect();
    let of_reader = auditor.asker(id).await.unwrap().unwrap();
    assert!(of_reader.starts_with("pseudonym:"));
    let actions: Vec<&str> = own.iter().filter(|record| record.actor == of_reader).map(|record| record.action.as_str()).collect();
    assert_eq!(
        actions,
        ["session.started", "search.made", "question.asked", "answer.given", "feedback.given"],
        "the same for the same person"
    );
    let told = written[before..].iter().map(|record| format!("{} {} {}", record.actor, record.object, record.details)).collect::<String>();
    assert!(!told.contains(&reader.to_string()) && !told.contains("Rea"), "{told}");
    assert!(auditor.names().await.unwrap().iter().all(|(who, _)| who.starts_with("person:")), "nobody is named");
    // Nothing puts the pseudonym beside the name: not a view that is taken on, not sessions that are ended, not a password that is wrong.
    let eve = catalog.accounts(SessionLimits::default());
    let token = eve.sign_in("eve@example.com", PASSWORD.into(), "test").await.unwrap();
    eve.session(token.reveal()).await.unwrap().unwrap().view_as(Some(reader)).await.unwrap();
    let viewing = eve.session(token.reveal()).await.unwrap().unwrap();
    viewing.note(Action::SearchMade, Object::Nothing, &json!({ "query": "leave" })).await.unwrap();
    let record =
        AnswerRecord { person: Some(viewing.person().id), id: AnswerId::new(), ..catalog.answers().get(id).await.unwrap().unwrap() };
    given(&catalog, &record, viewing.circumstances()).await;
    let in_office = all().await.split_off(all().await.len() - 3);
    assert!(in_office.iter().all(|record| record.actor == viewing.actor().to_string()), "in office, and so by name: {in_office:?}");
    assert_eq!(auditor.asker(record.id).await.unwrap(), Some(viewing.actor().to_string()));
    viewing.view_as(None).await.unwrap();
    admin.administration().unwrap().end_sessions(reader).await.unwrap();
    let last = all().await.pop().unwrap();
    assert_eq!((last.actor, last.object), (admin.actor().to_string(), format!("person:{reader}")));
    assert!(matches!(eve.sign_in("rea@example.com", "wrong".into(), "").await, Err(Error::Credentials)));
    assert_eq!(all().await.pop().unwrap().object, "");
    let joined = all().await.iter().map(|record| format!("{} {} {}", record.actor, record.object, record.details)).any(|told| {
        told.contains(of_reader.trim_start_matches("pseudonym:")) && (told.contains("person:") || told.contains(&reader.to_string()))
    });
    assert!(!joined);
    // Nor does an answer that was asked for before, or is looked at after: no id of one stands beside both.
    let no_answer_joins = async || {
        let of = |records: &[AuditRecord], kind: &str| -> HashSet<String> {
            let theirs = records.iter().filter(|record| record.actor.starts_with(kind) && record.object.starts_with("answer:"));
            theirs.map(|record| record.object.clone()).collect()
        };
        let records = all().await;
        let (by_name, hidden) = (of(&records, "person:"), of(&records, "pseudonym:"));
        assert!(!by_name.is_empty() && !hidden.is_empty() && by_name.is_disjoint(&hidden), "{by_name:?} {hidden:?}");
    };
    catalog.questions().say(earlier, reader, FeedbackVerdict::Wrong, "").await.unwrap();
    rea.note(Action::AnswerSeen, Object::Answer(earlier), &json!(null)).await.unwrap();
    no_answer_joins().await;
    // What is done in office is done by name.
    admin.administration().unwrap().create_group("Works council").await.unwrap();
    assert_eq!(all().await.last().unwrap().actor, admin.actor().to_string());

    // Two administrators together, and for a day.
    let (ada, eve) = (admin.trail().unwrap(), session(&catalog, "Eve").await.trail().unwrap());
    assert!(matches!(auditor.request_disclosure(&of_reader, "why not").await, Err(Error::Forbidden)));
    assert!(matches!(ada.request_disclosure("pseudonym:0000000000000000", "a case").await, Err(Error::Missing)));
    assert!(matches!(ada.request_disclosure(&of_reader, "  ").await, Err(Error::Name { .. })));
    let request = ada.request_disclosure(&of_reader, "case 7").await.unwrap();
    assert!(matches!(ada.approve_disclosure(request).await, Err(Error::SecondAdministrator)));
    assert!(matches!(auditor.approve_disclosure(request).await, Err(Error::Forbidden)));
    assert!(auditor.disclosures().await.unwrap()[0].is_waiting());
    eve.approve_disclosure(request).await.unwrap();
    assert!(matches!(eve.approve_disclosure(request).await, Err(Error::Missing)), "it is open");
    assert!(auditor.names().await.unwrap().contains(&(of_reader.clone(), "Rea".to_owned())));
    let known = &auditor.disclosures().await.unwrap()[0];
    assert_eq!((known.requester.as_str(), known.approver.as_deref()), ("Ada Moss", Some("Eve")));
    let tomorrow = catalog.at(later(24 * 60 + 1)).trail();
    assert!(tomorrow.names().await.unwrap().iter().all(|(who, _)| *who != of_reader), "a day later it is closed");
    let opened: Vec<_> = all().await.into_iter().filter(|record| record.action.starts_with("pseudonym.")).collect();
    assert_eq!(opened.iter().map(|r| r.action.as_str()).collect::<Vec<_>>(), ["pseudonym.requested", "pseudonym.opened"]);
    assert!(opened[1].actor.starts_with("person:") && opened[1].details.contains("case 7"), "{opened:?}");

    // Switched off and on again, a person keeps their pseudonym; the chain is whole.
    catalog.trail().set_pseudonymous(false).await.unwrap();
    rea.note(Action::SearchMade, Object::Nothing, &json!(null)).await.unwrap();
    assert_eq!(all().await.last().unwrap().actor, format!("person:{reader}"));
    catalog.questions().say(id, reader, FeedbackVerdict::Missing, "").await.unwrap();
    rea.note(Action::AnswerSeen, Object::Answer(id), &json!(null)).await.unwrap();
    no_answer_joins().await;
    catalog.trail().set_pseudonymous(true).await.unwrap();
    rea.note(Action::SearchMade, Object::Nothing, &json!(null)).await.unwrap();
    assert_eq!(all().await.last().unwrap().actor, of_reader);
    assert_eq!(catalog.trail().verify(None).await.unwrap().faults.len(), 0);
}
