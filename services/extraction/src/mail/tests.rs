//! Messages as they are sent.

use crate::{BlockKind, ExtractError, Extracted, mail::eml::extract};

fn read(message: &str) -> Extracted {
    extract(message.replace('\n', "\r\n").as_bytes()).unwrap()
}

fn texts(extracted: &Extracted) -> Vec<&str> {
    let page = &extracted.pages[0];
    page.blocks.iter().map(|block| &page.text[block.range.clone()]).collect()
}

fn attachments(extracted: &Extracted) -> Vec<(&str, &[u8])> {
    extracted.attachments.iter().map(|a| (a.name.as_str(), a.bytes.as_slice())).collect()
}

fn parts(kind: &str, parts: &[&str]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| format!("--x\n{part}\n")).collect();
    format!("From: a@x.de\nSubject: Hi\nMIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=x\n\n{}--x--\n", parts.concat())
}

#[test]
fn a_simple_message() {
    let extracted =
        read("From: Jane <j@x.de>\nTo: bob@x.de\nSubject: Leave\nDate: Tue, 12 Mar 2024 09:30:00 +0100\n\nYou get 25 days.\n\n-- \nJane\n");
    assert_eq!(extracted.title.as_deref(), Some("Leave"));
    assert_eq!(
        texts(&extracted),
        ["From: Jane <j@x.de>\nTo: bob@x.de\nDate: 12 March 2024, 09:30 +0100\nSubject: Leave", "You get 25 days.", "Jane"]
    );
}

#[test]
fn the_form_with_the_structure_is_read() {
    let plain = "Content-Type: text/plain; charset=utf-8\n\nLeave\nDays\nAnnual\n25";
    let html = "Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<html><head><title>T</title></head>\
        <table><tr><th>Leave<th>Tage f=FCr<tr><td>Annual<td>25</table>";
    let extracted = read(&parts("alternative", &[plain, html]));
    assert_eq!(texts(&extracted)[1..], ["Leave | Tage für", "Annual | Tage für: 25"]);
    let stub = "Content-Type: text/html\n\n<p>See text.</p>";
    assert_eq!(texts(&read(&parts("alternative", &[plain, stub])))[1..], ["Leave\nDays\nAnnual\n25"]);
}

#[test]
fn files_are_attachments() {
    let extracted = read(&parts(
        "mixed",
        &[
            "Content-Type: text/plain\n\nSee files.",
            "Content-Type: application/pdf; name=\"=?utf-8?Q?Gr=C3=BC=C3=9Fe?=\"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\nJVBERg==",
            "Content-Type: image/png; name=logo.png\nContent-ID: <1>\nContent-Transfer-Encoding: base64\n\nAAAA",
            "Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Disposition: attachment\n\nAAAA",
            "Content-Type: text/plain; charset=iso-8859-1; name=a.txt\nContent-Disposition: attachment; filename=../a.txt\nContent-Transfer-Encoding: quoted-printable\n\n=FC",
            "Content-Type: message/rfc822\n\nFrom: b@x.de\nSubject: Inner\n\nText.",
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogSW5uZXIKCng=",
        ],
    ));
    assert_eq!(texts(&extracted)[1..], ["See files."]);
    assert_eq!(
        attachments(&extracted),
        [
            ("Grüße.pdf", b"%PDF" as &[u8]),
            (".._a.txt", "ü".as_bytes()),
            ("Inner.eml", b"From: b@x.de\r\nSubject: Inner\r\n\r\nText."),
            ("Inner (2).eml", b"Subject: Inner\n\nx"),
        ]
    );
}

#[test]
fn files_within_the_text() {
    let extracted = read("From: a@x.de\nSubject: Hi\n\nSee:\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye\n");
    assert_eq!(texts(&extracted)[1..], ["See:\nBye"]);
    assert_eq!(attachments(&extracted), [("cat.txt", b"Cat" as &[u8])]);
}

#[test]
fn mailboxes_hold_messages() {
    let mailbox = "From a@x Mon Jun  1 10:00:00 2009\nSubject: One\n\nText.\n\nFrom b@x Mon Jun  1 11:00:00 2009\nSubject: Two\n\nMore.\n";
    let extracted = read(mailbox);
    assert!(extracted.pages.is_empty());
    assert_eq!(attachments(&extracted).iter().map(|a| a.0).collect::<Vec<_>>(), ["0001 One.eml", "0002 Two.eml"]);
    assert_eq!(texts(&read(mailbox.split("\n\nFrom b").next().unwrap())), ["Subject: One", "Text."]);
}

#[test]
fn saved_web_pages_are_web_pages() {
    let page = "Content-Type: text/html; charset=utf-8\nContent-Location: http://x.de\n\n<html><title>Leave</title><nav>Home</nav><main><h1>Rules</h1><p>25 days.</p></main>";
    let style = "Content-Type: text/css\nContent-Location: http://x.de/a.css\n\np { color: red }";
    let saved = parts("related", &[page, style]).replace("From: a@x.de", "From: <Saved by Blink>");
    let extracted = read(&saved);
    assert_eq!((extracted.title.as_deref(), texts(&extracted)), (Some("Leave"), vec!["Rules", "25 days."]));
    assert_eq!(extracted.pages[0].blocks[0].kind, BlockKind::Heading(1));
    assert!(extracted.attachments.is_empty());
    let word = saved.replace("From: <Saved by Blink>\nSubject: Hi\n", "");
    assert_eq!(texts(&read(&word)), ["Rules", "25 days."]);
}

#[test]
fn encrypted_messages_are_refused_and_signed_ones_read() {
    let pgp =
        parts("encrypted", &["Content-Type: application/pgp-encrypted\n\nVersion: 1", "Content-Type: application/octet-stream\n\nabc"]);
    assert_eq!(extract(pgp.as_bytes()), Err(ExtractError::Encrypted));
    let smime = "From: a@x.de\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHA6CA\n";
    assert_eq!(extract(smime.as_bytes()), Err(ExtractError::Encrypted));
    let signed = parts("signed", &["Content-Type: text/plain\n\nSigned.", "Content-Type: application/pgp-signature\n\nabc"]);
    assert_eq!(texts(&read(&signed))[1..], ["Signed."]);
}

#[test]
fn what_is_declared_wrongly_is_read_all_the_same() {
    let (body, _, _) = encoding_rs::WINDOWS_1251.encode("Отпуск составляет двадцать восемь дней.");
    let message = [b"From: a@x.ru\r\nSubject: x\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" as &[u8], &body].concat();
    assert_eq!(texts(&extract(&message).unwrap())[1..], ["Отпуск составляет двадцать восемь дней."]);
    let cut = "From: a@x.de\nContent-Type: text/html\nContent-Transfer-Encoding: base64;\n\nPHA+SGVsbG8gPGI+Ym9iPC9iPjwvcD4\n";
    assert_eq!(texts(&read(cut))[1..], ["Hello bob"]);
    let stray = parts("mixed", &["Content-Type: text/html\n\n<p>Hello</p>"]).replace("boundary=x", "boundary=y");
    assert_eq!(texts(&read(&stray))[1..], ["Hello"]);
}

#[test]
fn text_that_is_no_mail_is_text() {
    assert_eq!(texts(&read("Shopping: bread\nand milk\n")), ["Shopping: bread\nand milk"]);
    assert_eq!(texts(&read("Just words.")), ["Just words."]);
}

#[test]
fn hostile_structures_end() {
    let nested = "Content-Type: message/rfc822\n\n".repeat(100_000);
    assert!(matches!(extract(nested.as_bytes()), Err(ExtractError::Damaged { .. })));
    let nested = "Content-Type: message/rfc822\n\n".repeat(4_900);
    assert!(extract(format!("From: a@x.de\n{nested}").as_bytes()).is_ok());
    let boundaries: String = (0..4_900).map(|i| format!("Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n")).collect();
    assert!(extract(format!("From: a@x.de\n{boundaries}").as_bytes()).is_ok());
}
