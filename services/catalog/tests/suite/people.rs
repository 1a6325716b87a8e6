//! People, their rights, and the trail of what was done.

use catalog::{
    Action, AuditFilter, Catalog, Clock, DocumentFilter, Error, GrantAccess, NewPerson, PassageId, Person, PersonId, Principal, Role,
    Scope, Session, SessionLimits, StagedRevision,
};
use chrono::{Duration, TimeZone, Utc};

use crate::story::{ALL, revision};

pub const PASSWORD: &str = "a lamp beside seven rivers";

pub fn later(minutes: i64) -> Clock {
    Clock::fixed(Utc.with_ymd_and_hms(2026, 3, 1, 9, 30, 0).unwrap() + Duration::minutes(minutes))
}

pub async fn administrator(catalog: &Catalog) -> Session {
    let accounts = catalog.accounts(SessionLimits::default());
    let link = accounts.start_link().await.unwrap().expect("there is no administrator yet");
    let token = accounts.start(link.token.reveal(), "Ada  Moss", "Ada@Example.com", PASSWORD.into(), "test").await.unwrap();
    accounts.session(token.reveal()).await.unwrap().expect("signed in")
}

pub async fn joined(catalog: &Catalog, admin: &Session, name: &str, role: Role) -> PersonId {
    let email = format!("{}@example.com", name.to_lowercase());
    let new = NewPerson { email, name: name.into(), role, groups: Vec::new() };
    let (id, link) = admin.administration().unwrap().invite(&new).await.unwrap();
    catalog.accounts(SessionLimits::default()).accept(link.token.reveal(), PASSWORD.into(), "test").await.unwrap();
    id
}

pub async fn sign_in(catalog: Catalog) {
    let accounts = catalog.accounts(SessionLimits::default());
    assert!(!accounts.has_administrator().await.unwrap());
    let old = accounts.start_link().await.unwrap().unwrap();
    let admin = administrator(&catalog).await;
    assert_eq!(
        (admin.person().name.as_str(), admin.person().email.as_str(), admin.person().role),
        ("Ada Moss", "ada@example.com", Role::Administrator)
    );
    assert!(accounts.start_link().await.unwrap().is_none(), "there is one");
    let second = accounts.start(old.token.reveal(), "Eve", "eve@example.com", PASSWORD.into(), "test").await;
    assert!(matches!(second, Err(Error::Link)), "an earlier link is void");

    // By address and password, whatever its case; nothing tells which of them was wrong.
    let token = accounts.sign_in(" ADA@example.com", PASSWORD.into(), "Firefox\n").await.unwrap();
    let session = accounts.session(token.reveal()).await.unwrap().unwrap();
    assert_eq!(session.own_sessions().await.unwrap()[0].agent, "Firefox");
    assert!(matches!(accounts.sign_in("ada@example.com", "wrong".into(), "").await, Err(Error::Credentials)));
    assert!(matches!(accounts.sign_in("nobody@example.com", PASSWORD.into(), "").await, Err(Error::Credentials)));
    assert!(accounts.session("0000").await.unwrap().is_none());

    // Sessions end by themselves: idle, and after the day's work in any case.
    let at = |minutes| catalog.at(later(minutes)).accounts(SessionLimits::default());
    assert!(at(29).session(token.reveal()).await.unwrap().is_some());
    assert!(at(58).session(token.reveal()).await.unwrap().is_some(), "it was used in between");
    assert!(at(95).session(token.reveal()).await.unwrap().is_none(), "idle for more than half an hour");
    let other = at(100).sign_in("ada@example.com", PASSWORD.into(), "").await.unwrap();
    for minutes in (100..820).step_by(20) {
        assert!(at(minutes).session(other.reveal()).await.unwrap().is_some(), "{minutes}");
    }
    assert!(at(821).session(other.reveal()).await.unwrap().is_none(), "twelve hours");

    // A new password ends all other sessions.
    let here = accounts.sign_in("ada@example.com", PASSWORD.into(), "").await.unwrap();
    let here = accounts.session(here.reveal()).await.unwrap().unwrap();
    assert!(matches!(here.change_password("wrong".into(), "nine quiet blue kettles".into()).await, Err(Error::Credentials)));
    for weak in ["short", "password1234", "ada@example.com", "aaaaaaaaaaaaaaaaaaaa"] {
        assert!(matches!(here.change_password(PASSWORD.into(), weak.into()).await, Err(Error::WeakPassword { .. })), "{weak}");
    }
    here.change_password(PASSWORD.into(), "nine quiet blue kettles".into()).await.unwrap();
    assert!(accounts.session(token.reveal()).await.unwrap().is_none());
    assert_eq!(here.own_sessions().await.unwrap().len(), 1);
    assert!(matches!(accounts.sign_in("ada@example.com", PASSWORD.into(), "").await, Err(Error::Credentials)));
    here.end().await.unwrap();
    assert!(here.own_sessions().await.unwrap().is_empty());
}

pub async fn locked(catalog: Catalog) {
    let admin = administrator(&catalog).await;
    joined(&catalog, &admin, "Ben", Role::Reader).await;
    let at = |minutes| catalog.at(later(minutes)).accounts(SessionLimits::default());
    // Of somebody who is there and of somebody who is not, the same is said.
    for email in ["ben@example.com", "nobody@example.com"] {
        for _ in 0..5 {
            assert!(matches!(at(10).sign_in(email, "wrong".into(), "").await, Err(Error::Credentials)), "{email}");
        }
        assert!(matches!(at(10).sign_in(email, PASSWORD.into(), "").await, Err(Error::Locked { minutes: 1 })), "{email}");
        assert!(matches!(at(12).sign_in(email, "wrong".into(), "").await, Err(Error::Credentials)));
        assert!(matches!(at(12).sign_in(email, PASSWORD.into(), "").await, Err(Error::Locked { minutes: 2 })), "longer each time");
    }
    at(15).sign_in("ben@example.com", PASSWORD.into(), "").await.unwrap();
    for _ in 0..4 {
        assert!(
            matches!(at(15).sign_in("ben@example.com", "wrong".into(), "").await, Err(Error::Credentials)),
            "counted from the start again"
        );
    }
}

pub async fn people(catalog: Catalog) {
    let admin = administrator(&catalog).await;
    let administration = admin.administration().unwrap();
    let new = |email: &str, name: &str| NewPerson { email: email.into(), name: name.into(), role: Role::Reader, groups: Vec::new() };
    assert!(matches!(administration.invite(&new("ben", "Ben")).await, Err(Error::Email(_))));
    assert!(matches!(administration.invite(&new("ben@example.com", " ")).await, Err(Error::Name { .. })));
    assert!(matches!(administration.invite(&new("ADA@example.com", "Ben")).await, Err(Error::EmailTaken(_))));
    let (ben, link) = administration.invite(&new("ben@example.com", "Ben")).await.unwrap();
    let accounts = catalog.accounts(SessionLimits::default());
    assert!(matches!(accounts.sign_in("ben@example.com", String::new(), "").await, Err(Error::Credentials)), "no password was set");
    assert_eq!(accounts.open_link(link.token.reveal()).await.unwrap().person.unwrap().id, ben);
    let late = catalog.at(later(7 * 24 * 60 + 1)).accounts(SessionLimits::default());
    assert!(matches!(late.open_link(link.token.reveal()).await, Err(Error::Link)), "after a week");
    let token = accounts.accept(link.token.reveal(), PASSWORD.into(), "").await.unwrap();
    assert!(matches!(accounts.accept(link.token.reveal(), PASSWORD.into(), "").await, Err(Error::Link)), "only once");
    let session = accounts.session(token.reveal()).await.unwrap().unwrap();
    assert!(matches!(session.administration(), Err(Error::Forbidden)));
    assert!(matches!(session.trail(), Err(Error::Forbidden)));
    assert!(matches!(session.view_as(Some(admin.person().id)).await, Err(Error::Forbidden)));

    // A reset link leaves the old password until it is used, and ends all sessions then.
    let reset = administration.new_link(ben).await.unwrap();
    assert!(accounts.session(token.reveal()).await.unwrap().is_some());
    accounts.accept(reset.token.reveal(), "nine quiet blue kettles".into(), "").await.unwrap();
    assert!(accounts.session(token.reveal()).await.unwrap().is_none());

    // Who is disabled is out at once, and so is a link to them.
    let token = accounts.sign_in("ben@example.com", "nine quiet blue kettles".into(), "").await.unwrap();
    let open = administration.new_link(ben).await.unwrap();
    administration.set_enabled(ben, false).await.unwrap();
    assert!(accounts.session(token.reveal()).await.unwrap().is_none());
    assert!(matches!(accounts.open_link(open.token.reveal()).await, Err(Error::Link)));
    assert!(matches!(accounts.sign_in("ben@example.com", "nine quiet blue kettles".into(), "").await, Err(Error::Credentials)));
    assert!(matches!(catalog.reader(&Principal::Person(ben), None).await, Err(Error::Forbidden)));
    administration.set_enabled(ben, true).await.unwrap();
    accounts.sign_in("ben@example.com", "nine quiet blue kettles".into(), "").await.unwrap();

    // Somebody stays who can put things right.
    let ada = admin.person().id;
    assert!(matches!(administration.set_enabled(ada, false).await, Err(Error::LastAdministrator)));
    assert!(matches!(administration.change(ada, "Ada", Role::Reader).await, Err(Error::LastAdministrator)));
    assert_eq!(administration.person(ada).await.unwrap().role, Role::Administrator, "rolled back");
    administration.change(ben, "Ben", Role::Administrator).await.unwrap();
    administration.change(ada, "Ada", Role::Reader).await.unwrap();
    assert!(matches!(accounts.session("x").await, Ok(None)));
    let names: Vec<String> = administration.people().await.unwrap().into_iter().map(|Person { name, .. }| name).collect();
    assert_eq!(names, ["Ada", "Ben"]);

    let works = administration.create_group("Works council").await.unwrap();
    assert!(matches!(administration.create_group(" Works  council").await, Err(Error::NameTaken(_))));
    administration.set_groups(ben, &[works]).await.unwrap();
    let groups: Vec<(String, i64)> = administration.groups(None).await.unwrap().into_iter().map(|g| (g.name, g.members)).collect();
    assert_eq!(groups, [("Everyone".to_owned(), 2), ("Works council".to_owned(), 1)]);
    assert_eq!(administration.members(works).await.unwrap()[0].id, ben);
    assert_eq!(administration.groups(Some(ada)).await.unwrap().len(), 1);
    let everyone = administration.groups(None).await.unwrap()[0].id;
    assert!(matches!(administration.delete_group(everyone).await, Err(Error::Missing)), "it stays");
    administration.delete_group(works).await.unwrap();
    assert!(matches!(administration.delete_group(works).await, Err(Error::Missing)));
}

/// What somebody gets of these revisions, by every way to them.
async fn seen(catalog: &Catalog, who: &Principal, all: &[StagedRevision]) -> Vec<bool> {
    let reader = catalog.reader(who, None).await.unwrap();
    let listed = reader.documents(&DocumentFilter::default()).await.unwrap();
    let mut seen = Vec::new();
    for staged in all {
        let by_id = reader.document(staged.document_id).await.unwrap().is_some();
        let ids: Vec<PassageId> = staged.passage_ids.clone();
        for (way, found) in [
            ("list", listed.iter().any(|d| d.id == staged.document_id)),
            ("passages", !reader.passages(&ids, &ALL).await.unwrap().is_empty()),
            ("page", reader.page(staged.revision_id, 1).await.unwrap().is_some()),
            ("pages", !reader.pages(staged.revision_id).await.unwrap().is_empty()),
            ("layout", reader.page_layout(staged.revision_id, 1).await.unwrap().is_some()),
            ("page count", reader.page_count(staged.revision_id).await.unwrap() > 0),
            ("hash", reader.content_hash(staged.revision_id).await.unwrap().is_some()),
            ("hashes", !reader.revision_hashes(&[staged.revision_id]).await.unwrap().is_empty()),
            ("headings", !reader.page_headings(staged.revision_id, 1).await.unwrap().is_empty()),
            ("revision", reader.revision_document(staged.revision_id).await.unwrap().is_some()),
            ("name", !reader.document_named(&staged.document_id.to_string()).await.unwrap().is_empty()),
        ] {
            assert_eq!(found, by_id, "{way}");
        }
        seen.push(by_id);
    }
    assert_eq!(listed.len(), seen.iter().filter(|s| **s).count());
    assert_eq!(reader.document_count(&DocumentFilter::default()).await.unwrap(), listed.len() as i64);
    let in_scope: Vec<bool> = match reader.scope() {
        Scope::Everything => vec![true; all.len()],
        Scope::Within { collections, except } => {
            let operator = catalog.reader(&Principal::LocalOperator, None).await.unwrap();
            let mut inside = Vec::new();
            for staged in all {
                let document = operator.document(staged.document_id).await.unwrap().unwrap();
                inside.push(collections.contains(&document.collection_id) && !except.contains(&staged.revision_id));
            }
            inside
        }
    };
    assert_eq!(in_scope, seen, "the indexes get what the catalog says");
    seen
}

pub async fn rights(catalog: Catalog) {
    let admin = administrator(&catalog).await;
    let administration = admin.administration().unwrap();
    let system = catalog.system();
    let mut all = Vec::new();
    let mut collections = Vec::new();
    for (name, path) in [("hr", "/hr/open.pdf"), ("hr", "/hr/council.pdf"), ("legal", "/legal/a.pdf")] {
        let collection = system.ensure_collection(name).await.unwrap().id;
        collections.push(collection);
        all.push(system.stage(&revision(collection, path, path)).await.unwrap());
    }
    system.publish(&all.iter().map(|s| s.revision_id).collect::<Vec<_>>()).await.unwrap();
    let (hr, legal) = (collections[0], collections[2]);
    let reader = joined(&catalog, &admin, "Rea", Role::Reader).await;
    let editor = joined(&catalog, &admin, "Edi", Role::Editor).await;
    let auditor = joined(&catalog, &admin, "Aud", Role::Auditor).await;
    let [of_reader, of_editor, of_auditor] = [reader, editor, auditor].map(Principal::Person);
    for who in [&of_reader, &of_editor, &of_auditor] {
        assert_eq!(seen(&catalog, who, &all).await, [false, false, false], "nothing is open by itself");
    }
    assert_eq!(seen(&catalog, &admin.principal(), &all).await, [true, true, true]);

    let everyone = administration.groups(None).await.unwrap()[0].id;
    let works = administration.create_group("Works council").await.unwrap();
    let legals = administration.create_group("Legal").await.unwrap();
    administration.set_grant(hr, everyone, Some(GrantAccess::Read)).await.unwrap();
    administration.restrict(all[1].document_id, Some(&[works])).await.unwrap();
    assert_eq!(administration.restriction(all[1].document_id).await.unwrap(), Some(vec![works]));
    assert_eq!(administration.restriction(all[0].document_id).await.unwrap(), None);
    administration.set_grant(legal, legals, Some(GrantAccess::Edit)).await.unwrap();
    administration.set_groups(reader, &[works]).await.unwrap();
    administration.set_groups(editor, &[legals]).await.unwrap();
    assert_eq!(seen(&catalog, &of_reader, &all).await, [true, true, false]);
    assert_eq!(seen(&catalog, &of_editor, &all).await, [true, false, true], "editing one collection opens no other's restricted documents");
    assert_eq!(seen(&catalog, &of_auditor, &all).await, [true, false, false]);
    assert_eq!(catalog.reader(&of_auditor, None).await.unwrap().collections().await.unwrap(), ["hr"], "not even the name of another");
    match catalog.reader(&of_auditor, Some("legal")).await {
        Err(Error::NoSuchCollection { known, .. }) => assert_eq!(known, ["hr"]),
        other => panic!("{other:?}"),
    }
    let narrowed = catalog.reader(&of_reader, Some("hr")).await.unwrap();
    assert_eq!(*narrowed.scope(), Scope::Within { collections: vec![hr], except: Vec::new() });

    // A new revision of a restricted document is restricted as well.
    let next = system.stage(&revision(hr, "/hr/council.pdf", "the next")).await.unwrap();
    system.publish(&[next.revision_id]).await.unwrap();
    all[1] = next;
    assert_eq!(seen(&catalog, &of_auditor, &all).await, [true, false, false]);
    // Editing a collection shows its restricted documents, to editors only.
    administration.set_grant(hr, legals, Some(GrantAccess::Edit)).await.unwrap();
    assert_eq!(seen(&catalog, &of_editor, &all).await, [true, true, true]);
    administration.change(editor, "Edi", Role::Reader).await.unwrap();
    assert_eq!(seen(&catalog, &of_editor, &all).await, [true, false, true]);
    administration.change(editor, "Edi", Role::Editor).await.unwrap();

    // A reader that was made before sees what is taken away no longer.
    let before = catalog.reader(&of_reader, None).await.unwrap();
    assert!(before.document(all[1].document_id).await.unwrap().is_some());
    administration.set_groups(reader, &[]).await.unwrap();
    assert!(before.document(all[1].document_id).await.unwrap().is_none());
    administration.delete_group(works).await.unwrap();
    assert_eq!(seen(&catalog, &of_reader, &all).await, [true, false, false], "without the group it is still restricted");
    administration.set_grant(hr, everyone, None).await.unwrap();
    assert_eq!(seen(&catalog, &of_reader, &all).await, [false, false, false]);
    assert!(before.documents(&DocumentFilter::default()).await.unwrap().is_empty());
    administration.restrict(all[1].document_id, None).await.unwrap();
    assert!(matches!(administration.set_grant(hr, works, Some(GrantAccess::Read)).await, Err(Error::Missing)));

    // As an administrator sees it who views as somebody.
    let accounts = catalog.accounts(SessionLimits::default());
    let token = accounts.sign_in("ada@example.com", PASSWORD.into(), "").await.unwrap();
    accounts.session(token.reveal()).await.unwrap().unwrap().view_as(Some(editor)).await.unwrap();
    let session = accounts.session(token.reveal()).await.unwrap().unwrap();
    assert_eq!(session.principal(), of_editor);
    assert!(matches!(session.administration(), Err(Error::Forbidden)), "what they would not get");
    assert_eq!(session.editable().await.unwrap().len(), 2);
    session.view_as(None).await.unwrap();
    assert_eq!(accounts.session(token.reveal()).await.unwrap().unwrap().principal(), admin.principal());
}

/// A mail and what is attached to it, an archive and its members.
pub async fn within(catalog: Catalog) {
    let admin = administrator(&catalog).await;
    let administration = admin.administration().unwrap();
    let system = catalog.system();
    let hr = system.ensure_collection("hr").await.unwrap().id;
    let everyone = administration.groups(None).await.unwrap()[0].id;
    let works = administration.create_group("Works council").await.unwrap();
    administration.set_grant(hr, everyone, Some(GrantAccess::Read)).await.unwrap();
    let reader = Principal::Person(joined(&catalog, &admin, "Rea", Role::Reader).await);
    let member = joined(&catalog, &admin, "Mem", Role::Reader).await;
    administration.set_groups(member, &[works]).await.unwrap();
    let mut all = Vec::new();
    for path in ["/hr/mail.eml", "/hr/mail.eml/a.pdf", "/hr/mail.eml2", "/hr/MAIL.eml/b.pdf"] {
        all.push(system.stage(&revision(hr, path, path)).await.unwrap());
    }
    system.publish(&all.iter().map(|s| s.revision_id).collect::<Vec<_>>()).await.unwrap();
    assert_eq!(seen(&catalog, &reader, &all).await, [true; 4]);
    administration.restrict(all[0].document_id, Some(&[works])).await.unwrap();
    assert_eq!(seen(&catalog, &reader, &all).await, [false, false, true, true], "with what is in it, and nothing beside it");
    // What is read of it later is restricted as it is.
    let late = system.stage(&revision(hr, "/hr/mail.eml/c.zip/d.pdf", "late")).await.unwrap();
    system.publish(&[late.revision_id]).await.unwrap();
    all.push(late);
    assert_eq!(seen(&catalog, &reader, &all).await, [false, false, true, true, false]);
    assert_eq!(seen(&catalog, &Principal::Person(member), &all).await, [true; 5]);
    // So is the same file under another name, and no other.
    let renamed = system.stage(&revision(hr, "/hr/mail-renamed.eml", "/hr/mail.eml")).await.unwrap();
    let other = system.stage(&revision(hr, "/hr/mail-other.eml", "other bytes")).await.unwrap();
    system.publish(&[renamed.revision_id, other.revision_id]).await.unwrap();
    let may = catalog.reader(&Principal::Person(member), None).await.unwrap();
    assert!(may.document(renamed.document_id).await.unwrap().is_some());
    let open = catalog.reader(&reader, None).await.unwrap();
    assert!(open.document(renamed.document_id).await.unwrap().is_none());
    assert!(open.document(other.document_id).await.unwrap().is_some());
    assert!(system.is_restricted(all[0].document_id).await.unwrap() && !system.is_restricted(other.document_id).await.unwrap());
    for gone in [renamed, other] {
        assert!(system.delete_document(gone.document_id).await.unwrap());
    }
    // Until the index is cleared, it must not tell of what is gone.
    assert!(system.delete_document(all[0].document_id).await.unwrap());
    let left = catalog.reader(&Principal::LocalOperator, None).await.unwrap().documents(&DocumentFilter::default()).await.unwrap();
    assert_eq!(
        left.iter().map(|d| d.path.as_str()).collect::<Vec<_>>(),
        ["/hr/MAIL.eml/b.pdf", "/hr/mail.eml2"],
        "gone with what was in it"
    );
    let scope = catalog.reader(&reader, None).await.unwrap();
    let Scope::Within { except, .. } = scope.scope() else { panic!("{scope:?}") };
    assert!([0, 1, 4].iter().all(|gone| except.contains(&all[*gone].revision_id)), "{except:?}");
}

pub async fn trail(catalog: Catalog) {
    let admin = administrator(&catalog).await;
    let ben = joined(&catalog, &admin, "Ben", Role::Auditor).await;
    for _ in 0..20 {
        admin.note(Action::DocumentSeen, catalog::Object::Person(ben), &serde_json::json!({ "page": "naïve \u{0} „x“" })).await.unwrap();
    }
    let trail = admin.trail().unwrap();
    let whole = trail.verify(None).await.unwrap();
    assert!(whole.faults.is_empty() && whole.records >= 24, "{whole:?}");
    let all = trail.after(&AuditFilter::default(), 0, 100).await.unwrap();
    assert_eq!(all.len() as i64, whole.last_seq);
    assert_eq!((all[0].actor.as_str(), all[0].action.as_str()), ("nobody", "person.joined"));
    assert_eq!(all[0].object, format!("person:{}", admin.person().id));
    let of_ben = AuditFilter { actor: Some(format!("person:{ben}")), ..AuditFilter::default() };
    let actions: Vec<String> = trail.before(&of_ben, None, 10).await.unwrap().into_iter().map(|r| r.action).collect();
    assert_eq!(actions, ["session.started", "person.joined"], "the latest first");
    let seen = AuditFilter { action: Some(Action::DocumentSeen), ..AuditFilter::default() };
    assert_eq!(trail.count(&seen).await.unwrap(), 20);
    let future = AuditFilter { since: Some(Utc.with_ymd_and_hms(2027, 1, 1, 0, 0, 0).unwrap()), ..AuditFilter::default() };
    assert_eq!(trail.count(&future).await.unwrap(), 0);
    assert!(trail.verify(Some((5, &all[4].hash))).await.unwrap().faults.is_empty());
    assert_eq!(trail.verify(Some((5, "0"))).await.unwrap().faults[0].seq, 5);
    assert_eq!(trail.verify(Some((5000, "0"))).await.unwrap().faults[0].seq, 5000);

    // Many at once make one chain.
    let session = std::sync::Arc::new(admin.clone());
    let many = (0..16).map(|_| {
        let session = session.clone();
        tokio::spawn(async move { session.note(Action::DocumentSeen, catalog::Object::Nothing, &serde_json::Value::Null).await.unwrap() })
    });
    for one in many.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    let after = trail.verify(None).await.unwrap();
    assert_eq!((after.faults.len(), after.last_seq), (0, whole.last_seq + 16));

    // What is older than it must be kept goes, and the rest can still be verified.
    let later = catalog.at(later(60));
    later.trail().note(Action::TrailRead).await.unwrap();
    let gone = later.trail().forget_before(Utc.with_ymd_and_hms(2026, 3, 1, 10, 0, 0).unwrap()).await.unwrap();
    assert_eq!(gone as i64, after.last_seq);
    let rest = trail.verify(None).await.unwrap();
    assert_eq!((rest.faults.len(), rest.records), (0, 2), "what was noted later, and the cut itself: {rest:?}");
    assert_eq!(later.trail().forget_before(Utc.with_ymd_and_hms(2026, 3, 1, 10, 0, 0).unwrap()).await.unwrap(), 0);
}
