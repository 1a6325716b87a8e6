//! The header fields of a message or of one of its parts.

use chrono::{DateTime, FixedOffset};
use mail_parser::{Address, ContentType, HeaderName, HeaderValue, MessageParser};

use super::{
    charset,
    header::{self, Header, MAX_ADDRESSES},
};

/// Parsed from text rather than from bytes, so that names in an undeclared encoding come out right.
pub(super) struct Head {
    text: String,
    fields: Vec<mail_parser::Header<'static>>,
}

impl Head {
    /// What follows the fields is left alone.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let bytes = block(bytes);
        let text = charset::decode(bytes, declared(bytes).as_deref()).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
        let parsed = MessageParser::default().parse_headers(text.as_bytes());
        let root = parsed.and_then(|message| message.parts.into_iter().next());
        let fields = root.map_or_else(Vec::new, |root| root.headers.into_iter().map(mail_parser::Header::into_owned).collect());
        Self { text, fields }
    }

    /// Whether these are the header fields of a mail, and not lines of text with a colon.
    pub(super) fn is_mail(&self) -> bool {
        self.fields.iter().any(|field| !matches!(field.name, HeaderName::Other(_)))
    }

    /// The first field of that name that says anything.
    fn field(&self, name: &HeaderName<'static>) -> Option<&mail_parser::Header<'static>> {
        let named = || self.fields.iter().filter(|field| field.name == *name);
        named().find(|field| !matches!(field.value, HeaderValue::Empty)).or_else(|| named().next())
    }

    /// What the field says, as it stands.
    fn raw(&self, name: &HeaderName<'static>) -> Option<String> {
        let field = self.field(name)?;
        let raw = self.text.get(field.offset_start as usize..field.offset_end as usize)?;
        let raw = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        (!raw.is_empty()).then_some(raw)
    }

    pub(super) fn text(&self, name: &HeaderName<'static>) -> Option<String> {
        match &self.field(name)?.value {
            HeaderValue::Text(text) => Some(text.to_string()),
            HeaderValue::TextList(texts) => Some(texts.join(", ")),
            _ => self.raw(name),
        }
    }

    fn addresses(&self, name: &HeaderName<'static>) -> Option<String> {
        let Some(HeaderValue::Address(addresses)) = self.field(name).map(|field| &field.value) else {
            return self.text(name);
        };
        let one =
            |address: &mail_parser::Addr<'_>| header::address(address.name().unwrap_or_default(), address.address().unwrap_or_default());
        let listed = |addresses: &[mail_parser::Addr<'_>]| {
            let shown: Vec<String> = addresses.iter().take(MAX_ADDRESSES).map(one).filter(|a| !a.is_empty()).collect();
            header::listed(&shown, addresses.len())
        };
        let text = match addresses {
            Address::List(addresses) => listed(addresses),
            Address::Group(groups) => {
                let group = |group: &mail_parser::Group<'_>| match group.name.as_deref() {
                    Some(name) if group.addresses.is_empty() => name.to_owned(),
                    Some(name) => format!("{name}: {}", listed(&group.addresses)),
                    None => listed(&group.addresses),
                };
                groups.iter().take(MAX_ADDRESSES).map(group).collect::<Vec<_>>().join(", ")
            }
        };
        if text.is_empty() { self.raw(name) } else { Some(text) }
    }

    /// Only what chrono takes for a date is one.
    fn date(&self) -> Option<DateTime<FixedOffset>> {
        if let Ok(date) = DateTime::parse_from_rfc3339(&self.raw(&HeaderName::Date)?) {
            return Some(date);
        }
        let HeaderValue::DateTime(date) = &self.field(&HeaderName::Date)?.value else { return None };
        DateTime::parse_from_rfc3339(&date.to_rfc3339()).ok()
    }

    /// Those that mail programs show.
    pub(super) fn shown(&self) -> Header {
        let mut header = Header::default();
        header.from(self.addresses(&HeaderName::From).or_else(|| self.addresses(&HeaderName::Sender)));
        header.add("To", self.addresses(&HeaderName::To));
        header.add("Cc", self.addresses(&HeaderName::Cc));
        header.add("Bcc", self.addresses(&HeaderName::Bcc));
        match self.date() {
            Some(date) => header.sent(&date),
            None => header.add("Date", self.raw(&HeaderName::Date)),
        }
        header.subject(self.text(&HeaderName::Subject));
        header
    }

    pub(super) fn content_type(&self) -> Option<&ContentType<'static>> {
        self.field(&HeaderName::ContentType)?.value.as_content_type()
    }

    pub(super) fn disposition(&self) -> Option<&ContentType<'static>> {
        self.field(&HeaderName::ContentDisposition)?.value.as_content_type()
    }

    pub(super) fn has_content_id(&self) -> bool {
        self.field(&HeaderName::ContentId).is_some()
    }

    /// "text/html"; what is undeclared is plain text.
    pub(super) fn media_type(&self) -> String {
        let Some(declared) = self.content_type() else {
            return "text/plain".into();
        };
        format!("{}/{}", declared.ctype(), declared.subtype().unwrap_or_default()).to_ascii_lowercase()
    }

    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        self.content_type()?.attribute(name).map(str::to_owned)
    }

    pub(super) fn file_name(&self) -> Option<String> {
        let name = self.disposition().and_then(|d| d.attribute("filename")).or_else(|| self.content_type()?.attribute("name"))?;
        Some(name.trim().to_owned()).filter(|name| !name.is_empty())
    }
}

/// Up to the first empty line.
fn block(bytes: &[u8]) -> &[u8] {
    let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let end = breaks.into_iter().find(|at| matches!(bytes.get(*at..), Some([b'\n', ..] | [b'\r', b'\n', ..])));
    bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default()
}

/// The encoding that the fields declare for the text is the best guess for their own.
fn declared(bytes: &[u8]) -> Option<String> {
    if bytes.is_ascii() {
        return None;
    }
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let (_, label) = text.split_once("charset=")?;
    let label = label.trim_start_matches(['"', ' ']);
    Some(label.split(['"', ' ', ';', '\r', '\n']).next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(head: &str) -> String {
        Head::parse(head.as_bytes()).shown().to_string()
    }

    #[test]
    fn fields_as_mail_programs_show_them() {
        let head = "Received: by x\r\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n to all\r\nFrom: =?iso-8859-1?Q?J=F6rg?= <j@x.de>\r\n\
            To: \"Doe, Jane\" <jane@x.de>, bob@x.de\r\nCc: Team: a@x.de, b@x.de;\r\nDate: Tue, 12 Mar 2024 09:30:00 +0100\r\n\r\n";
        assert_eq!(
            shown(head),
            "From: Jörg <j@x.de>\nTo: Doe, Jane <jane@x.de>, bob@x.de\nCc: Team: a@x.de, b@x.de\nDate: 12 March 2024, 09:30 +0100\nSubject: Grüße to all"
        );
    }

    #[test]
    fn dates_that_are_none_stay_as_they_are() {
        assert_eq!(shown("Date: yesterday, at noon\n\n"), "Date: yesterday, at noon");
        assert_eq!(shown("Date: Tue, 44 Mar 2024 09:30:00 +0000\n\n"), "Date: Tue, 44 Mar 2024 09:30:00 +0000");
        assert_eq!(shown("Date: 2025-07-29T12:42:06.000Z\n\n"), "Date: 29 July 2025, 12:42 +0000");
    }

    #[test]
    fn names_in_undeclared_encodings() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode("From: Иван Петров <i@x.ru>\nSubject: Отпуск сотрудников\n\n");
        assert_eq!(Head::parse(&bytes).shown().to_string(), "From: Иван Петров <i@x.ru>\nSubject: Отпуск сотрудников");
    }

    #[test]
    fn names_in_the_encoding_of_the_text() {
        let (bytes, _, _) = encoding_rs::BIG5.encode("Subject: 語教\nContent-Type: text/plain; charset=\"big5\"\n\n");
        assert_eq!(Head::parse(&bytes).shown().to_string(), "Subject: 語教");
    }

    #[test]
    fn file_names_of_all_standards() {
        let name = |field: &str| Head::parse(format!("Content-Disposition: attachment; {field}\n\n").as_bytes()).file_name().unwrap();
        assert_eq!(name("filename=\"a b.pdf\""), "a b.pdf");
        assert_eq!(name("filename*=UTF-8''%E4%BC%9A%E8%AD%B0.pdf"), "会議.pdf");
        assert_eq!(name("filename*0=\"long \"; filename*1=\"name.pdf\""), "long name.pdf");
        assert_eq!(name("filename=\"=?UTF-8?B?5Lya6K2wLnBkZg==?=\""), "会議.pdf");
        assert_eq!(name("filename=grüße.pdf"), "grüße.pdf");
    }
}
