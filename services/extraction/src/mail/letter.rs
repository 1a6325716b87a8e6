//! A body of plain text: quotes, flowed lines, PGP's armour.

use super::quotes;
use crate::{ExtractError, page::PageBuilder, plain};

/// How the sender's program broke the lines (RFC 3676).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// As they are, wrapped or not.
    Fixed,
    /// A line that ends with a space goes on in the next one; with `DelSp` the space is not part of the text.
    Flowed { delete_space: bool },
}

/// Adds the text to the page.
pub(super) fn read(text: &str, lines: Lines, page: &mut PageBuilder) -> Result<(), ExtractError> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if is_encrypted(&text) {
        return Err(ExtractError::Encrypted);
    }
    let text = without_signature(&text);
    for (depth, quoted) in quotes::split(&text) {
        let mut part = PageBuilder::default();
        let text = match lines {
            Lines::Fixed => quoted,
            Lines::Flowed { delete_space } => joined(&quoted, delete_space),
        };
        let into = if depth == 0 { &mut *page } else { &mut part };
        match lines {
            Lines::Fixed => drop(plain::read(&text, into)),
            Lines::Flowed { .. } => plain::read_unwrapped(&text, into),
        }
        quotes::push(depth, part, page)?;
    }
    Ok(())
}

fn is_encrypted(text: &str) -> bool {
    text.trim_start().starts_with("-----BEGIN PGP MESSAGE-----")
}

/// A signed text without what proves it.
fn without_signature(text: &str) -> String {
    const OPENING: &str = "-----BEGIN PGP SIGNED MESSAGE-----\n";
    let Some((before, signed)) = text.split_once(OPENING) else {
        return text.to_owned();
    };
    // Below the opening is the name of the hash, and an empty line.
    let signed = signed.split_once("\n\n").map_or(signed, |(_, signed)| signed);
    let (signed, proof) = signed.split_once("-----BEGIN PGP SIGNATURE-----").unwrap_or((signed, ""));
    let after = proof.split_once("-----END PGP SIGNATURE-----").map_or("", |(_, after)| after);
    let signed: Vec<&str> =
        signed.split('\n').map(|line| line.strip_prefix("- ").filter(|l| l.starts_with(['-', 'F'])).unwrap_or(line)).collect();
    [before, &signed.join("\n"), after].concat()
}

/// Flowed lines as the paragraphs that they were.
fn joined(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        // A space in front protects what would be taken for a mark.
        let line = line.strip_prefix(' ').unwrap_or(line);
        let flows = line.ends_with(' ') && line != "-- " && lines.peek().is_some_and(|next| !next.trim().is_empty() && *next != "-- ");
        if flows {
            out.push_str(if delete_space { line.trim_end_matches(' ') } else { line });
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BlockKind;

    fn texts(text: &str, lines: Lines) -> Vec<String> {
        let mut page = PageBuilder::default();
        read(text, lines, &mut page).unwrap();
        let page = page.finish(1, None).unwrap();
        page.blocks.iter().map(|b| page.text[b.range.clone()].to_owned()).collect()
    }

    #[test]
    fn flowed_lines_are_joined() {
        let text = "Employees who travel for more than eight hours \r\nget an allowance.\r\n\r\n- one \r\nmore\r\n- two\r\n\r\n > kept\r\n-- \r\nJane\r\nHR\r\n";
        let flowed = Lines::Flowed { delete_space: false };
        assert_eq!(
            texts(text, flowed),
            ["Employees who travel for more than eight hours get an allowance.", "- one more", "- two", "> kept\nJane\nHR"]
        );
        assert_eq!(texts("会議の \n案内", Lines::Flowed { delete_space: true }), ["会議の案内"]);
    }

    #[test]
    fn replies_keep_their_quotes() {
        let text = "Yes.\n\nOn Monday Jane wrote:\n> May I carry over\n> five days?\n>\n> > Who asks?\n>> Me\n\nBob";
        assert_eq!(
            texts(text, Lines::Fixed),
            ["Yes.", "On Monday Jane wrote:", "> May I carry over\n> five days?", "> > Who asks?\n> > Me", "Bob"]
        );
    }

    #[test]
    fn signed_text_is_read_and_encrypted_text_refused() {
        let signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nThe budget is 5000.\n- - ask Bob\n-----BEGIN PGP SIGNATURE-----\n\nabc=\n-----END PGP SIGNATURE-----\nfooter";
        assert_eq!(texts(signed, Lines::Fixed), ["The budget is 5000.", "- ask Bob", "footer"]);
        let mut page = PageBuilder::default();
        let error = read("\n-----BEGIN PGP MESSAGE-----\n\nabc\n", Lines::Fixed, &mut page);
        assert_eq!(error, Err(ExtractError::Encrypted));
    }

    #[test]
    fn headings_within_quotes_head_nothing() {
        let mut page = PageBuilder::default();
        read("> GENERAL RULES\n>\n> - one", Lines::Fixed, &mut page).unwrap();
        let kinds: Vec<BlockKind> = page.finish(1, None).unwrap().blocks.iter().map(|b| b.kind).collect();
        assert_eq!(kinds, [BlockKind::Paragraph, BlockKind::ListItem]);
    }
}
