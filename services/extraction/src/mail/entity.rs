//! A MIME message: the parts that are its text, and those that are files of their own.

use mail_parser::{Message, MessageParser, PartType};

use super::{
    bodies,
    header::Header,
    letter::{self, Lines},
    limits,
    part::Part,
    smime, uuencode,
};
use crate::{Attachment, ExtractError, ExtractedPage, attachment::Names, html};

/// A signature within a signature; nobody signs more often.
const MAX_WRAPPINGS: usize = 3;

const CONTENT_TYPE: &[u8] = b"content-type";

/// What a message holds.
pub(super) struct Content {
    pub(super) page: ExtractedPage,
    pub(super) attachments: Vec<Attachment>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Option<Message<'_>>, ExtractError> {
    limits::check(bytes)?;
    Ok(MessageParser::default().parse(bytes))
}

/// Reads a message below the given header lines.
pub(super) fn read(header: &Header, bytes: &[u8]) -> Result<Content, ExtractError> {
    unwrapped(header, bytes, MAX_WRAPPINGS)
}

fn unwrapped(header: &Header, bytes: &[u8], wrappings: usize) -> Result<Content, ExtractError> {
    let Some(message) = parse(bytes)? else {
        return Err(ExtractError::NoText);
    };
    let entity = Entity { parts: message.parts.iter().map(|part| Part::new(part, bytes)).collect(), message };
    if let Some(sealed) = entity.parts.iter().find(|part| is_sealed(part)) {
        return match smime::content(&sealed.bytes()) {
            Some(inner) if wrappings > 0 => unwrapped(header, &inner, wrappings - 1),
            _ if entity.has_text() => entity.read(header),
            _ => Err(ExtractError::Encrypted),
        };
    }
    if let Some(repaired) = entity.parts.first().filter(|_| entity.parts.len() == 1 && wrappings > 0).and_then(repaired) {
        return unwrapped(header, &repaired, wrappings - 1);
    }
    entity.read(header)
}

/// A message in parts whose boundary is not the declared one: with the first line that stands where one should.
fn repaired(root: &Part<'_>) -> Option<Vec<u8>> {
    let body = root.head.media_type().starts_with("multipart/").then(|| root.bytes())?;
    let mut lines = body.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end);
    let mut boundary = lines.next()?;
    for line in lines {
        let begins_part = line.get(..CONTENT_TYPE.len()).is_some_and(|start| start.eq_ignore_ascii_case(CONTENT_TYPE));
        if begins_part && let Some(boundary) = boundary.strip_prefix(b"--").filter(|b| !b.is_empty() && !b.contains(&b'"')) {
            return Some([b"Content-Type: multipart/mixed; boundary=\"" as &[u8], boundary, b"\"\n\n", &body].concat());
        }
        boundary = line;
    }
    None
}

/// Encrypted, or signed in a way that only shows what it says when it is opened.
fn is_sealed(part: &Part<'_>) -> bool {
    let media = part.head.media_type();
    matches!(media.as_str(), "application/pkcs7-mime" | "application/x-pkcs7-mime" | "multipart/encrypted" | "application/pgp-encrypted")
        || part.head.file_name().is_some_and(|name| name.eq_ignore_ascii_case("smime.p7m"))
}

struct Entity<'m> {
    message: Message<'m>,
    parts: Vec<Part<'m>>,
}

impl Entity<'_> {
    fn read(&self, header: &Header) -> Result<Content, ExtractError> {
        let mut files = Vec::new();
        let text = self.form(header, &self.message.text_body, &mut files);
        let page = if self.message.html_body == self.message.text_body {
            text
        } else {
            bodies::choose(vec![self.form(header, &self.message.html_body, &mut Vec::new()), text])
        }?;
        let nothing = header.page().len() == page.text.len();
        let rest = if nothing { self.unnamed_texts() } else { Vec::new() };
        let page = if rest.is_empty() { page } else { self.form(header, &rest, &mut files)? };
        let mut names = Names::default();
        let mut attachments = self.attachments(&rest, &mut names);
        attachments.extend(files.into_iter().map(|file| Attachment { name: names.file(&file.name, "Attachment"), bytes: file.bytes }));
        Ok(Content { page, attachments })
    }

    /// The body as these parts show it.
    fn form(&self, header: &Header, ids: &[u32], files: &mut Vec<uuencode::File>) -> Result<ExtractedPage, ExtractError> {
        let mut page = header.page();
        for part in ids.iter().filter_map(|id| self.text_part(*id)) {
            let Some(text) = part.text() else { continue };
            if part.is_html() {
                html::body(&text, &mut page)?;
                continue;
            }
            let (text, found) = uuencode::split(&text);
            files.extend(found);
            letter::read(&text, lines(part), &mut page)?;
        }
        page.finish(1, None)
    }

    fn text_part(&self, id: u32) -> Option<&Part<'_>> {
        let is_text = matches!(self.message.parts.get(id as usize)?.body, PartType::Text(_) | PartType::Html(_));
        self.parts.get(id as usize).filter(|_| is_text)
    }

    fn has_text(&self) -> bool {
        let filled = |id: &u32| self.text_part(*id).and_then(Part::text).is_some_and(|text| !text.trim().is_empty());
        self.message.text_body.iter().chain(&self.message.html_body).any(filled)
    }

    /// Text of other kinds than the usual two, which is all that some messages hold.
    fn unnamed_texts(&self) -> Vec<u32> {
        let ids = 0..u32::try_from(self.parts.len()).unwrap_or(u32::MAX);
        let is_attached = |part: &Part<'_>| part.head.disposition().is_some_and(mail_parser::ContentType::is_attachment);
        ids.filter(|id| self.text_part(*id).is_some_and(|part| part.head.file_name().is_none() && !is_attached(part))).collect()
    }

    fn attachments(&self, shown: &[u32], names: &mut Names) -> Vec<Attachment> {
        let bodies = || self.message.html_body.iter().chain(&self.message.text_body).chain(shown);
        let is_body = |id: u32| self.text_part(id).is_some() && bodies().any(|body| *body == id);
        let mut attachments = Vec::new();
        for id in self.message.attachments.iter().filter(|id| !is_body(**id)) {
            let part = self.parts.get(*id as usize).filter(|part| !part.is_decoration() && !part.is_signature());
            let Some((part, name)) = part.and_then(|part| Some((part, part.file_name()?))) else {
                continue;
            };
            let bytes = part.file();
            if !bytes.is_empty() {
                attachments.push(Attachment { name: names.file(&name, "Attachment"), bytes });
            }
        }
        attachments
    }
}

fn lines(part: &Part<'_>) -> Lines {
    let is = |name: &str, value: &str| part.head.parameter(name).is_some_and(|found| found.eq_ignore_ascii_case(value));
    if is("format", "flowed") { Lines::Flowed { delete_space: is("delsp", "yes") } } else { Lines::Fixed }
}
