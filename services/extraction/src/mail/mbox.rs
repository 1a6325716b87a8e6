//! Mailboxes: messages in a row, each below a line "From somebody somewhen".

use crate::{Attachment, ExtractError, attachment::Names};

use super::head::Head;

const MAX_MESSAGES: usize = 100_000;

/// The messages, if the bytes are a mailbox: each without the line above it.
pub(super) fn messages(bytes: &[u8]) -> Result<Option<Vec<Vec<u8>>>, ExtractError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut after_blank = true;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if after_blank && is_postmark(line) {
            if messages.len() == MAX_MESSAGES {
                return Err(ExtractError::TooManyFiles { limit: MAX_MESSAGES });
            }
            messages.push(Vec::new());
            after_blank = false;
            continue;
        }
        let Some(message) = messages.last_mut() else {
            return Ok(None);
        };
        message.extend(unescaped(line));
        after_blank = line.trim_ascii().is_empty();
    }
    Ok((!messages.is_empty()).then_some(messages))
}

/// Each message as a document of its own, in the order of the mailbox.
pub(super) fn attachments(messages: Vec<Vec<u8>>) -> Vec<Attachment> {
    let mut names = Names::default();
    let attachment = |(index, bytes): (usize, Vec<u8>)| {
        let subject = Head::parse(&bytes).shown().title.unwrap_or_else(|| "Message".into());
        Attachment { name: names.file(&format!("{:04} {subject}.eml", index + 1), "Message.eml"), bytes }
    };
    messages.into_iter().enumerate().map(attachment).collect()
}

/// "From jane@example.com Mon Jun  1 10:00:00 2009": a sentence may begin with "From" as well, but holds no time and year.
fn is_postmark(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else {
        return false;
    };
    let rest = String::from_utf8_lossy(rest);
    let is_time = |word: &str| {
        let parts: Vec<&str> = word.split(':').collect();
        (2..=3).contains(&parts.len()) && parts.iter().all(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_year =
        |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|b| b.is_ascii_digit());
    rest.len() < 500 && rest.split_whitespace().any(is_time) && rest.split_whitespace().any(is_year)
}

/// Lines of the text that look like the line above a message have a ">" put before them.
fn unescaped(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|b| **b == b'>').count();
    let escaped = marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(b"From "));
    if escaped { line.get(1..).unwrap_or_default() } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        let mailbox = b"From a@x Mon Jun  1 10:00:00 2009\nSubject: One\n\nText.\n>From here on.\nFrom b at 10:00 in 2009\n\n\
            From b@x Mon Jun  1 11:00:00 2009\r\n\r\nNo header.\n\nFrom the desk of Jane\n";
        let messages = messages(mailbox).unwrap().unwrap();
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[0], b"Subject: One\n\nText.\nFrom here on.\nFrom b at 10:00 in 2009\n\n");
        let names: Vec<String> = attachments(messages).into_iter().map(|a| a.name).collect();
        assert_eq!(names, ["0001 One.eml", "0002 Message.eml"]);
    }

    #[test]
    fn a_mail_is_no_mailbox() {
        assert_eq!(messages(b"From: a@x\n\nFrom b@x Mon Jun  1 11:00:00 2009\n"), Ok(None));
        assert_eq!(messages(b""), Ok(None));
    }
}
