//! What readers remarked beside a text: it says who said it, so that nobody takes it for the text.

/// "Comment by Ann: Is this still right?"
pub(crate) fn said(author: &str, text: &str) -> String {
    let author = author.trim();
    if author.is_empty() { format!("Comment: {text}") } else { format!("Comment by {author}: {text}") }
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn a_comment_says_whose_it_is() {
        assert_eq!(said(" Ann ", "Still right?"), "Comment by Ann: Still right?");
        assert_eq!(said("", "Still right?"), "Comment: Still right?");
    }
}
