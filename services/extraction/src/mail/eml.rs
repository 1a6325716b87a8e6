//! Mail as it is sent (RFC 5322): single messages, mailboxes of them, and web pages saved in the same form.

use catalog::Format;
use mail_parser::{Message, PartType};

use super::{entity, head::Head, limits, mbox, part::Part};
use crate::{ExtractError, Extracted, decode, html, plain};

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    match mbox::messages(bytes)? {
        None => message(bytes),
        Some(messages) => match messages.as_slice() {
            [only] => message(only),
            _ => {
                let attachments = mbox::attachments(messages);
                Ok(Extracted { attachments, ..Extracted::empty(Format::Eml, None) })
            }
        },
    }
}

fn message(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    limits::check(bytes)?;
    let head = Head::parse(bytes);
    if !head.is_mail() {
        return Ok(Extracted { format: Format::Eml, ..plain::extract(&decode::decode(bytes)?)? });
    }
    let header = head.shown();
    if is_web_page(&header.to_string())
        && let Some(page) = entity::parse(bytes)?.and_then(|message| web_page(&message, bytes))
    {
        let page = html::extract(&page)?;
        return Ok(Extracted { title: page.title.or(header.title), dated: page.dated.or(header.dated), ..page });
    }
    let content = entity::read(&header, bytes)?;
    let (pages, attachments) = (vec![content.page], content.attachments);
    Ok(Extracted { dated: header.dated, pages, attachments, ..Extracted::empty(Format::Eml, header.title) })
}

/// Browsers sign what they save; Word gives it none of the fields that a mail has.
fn is_web_page(shown: &str) -> bool {
    let from = shown.lines().find_map(|line| line.strip_prefix("From: ")).unwrap_or_default();
    shown.is_empty() || from.trim_start_matches('<').to_ascii_lowercase().starts_with("saved by")
}

fn web_page(message: &Message<'_>, bytes: &[u8]) -> Option<String> {
    let page = message.parts.iter().find(|part| matches!(part.body, PartType::Html(_)))?;
    Part::new(page, bytes).text()
}
