//! What a server streams: lines of server-sent events, each with a piece of JSON. Nothing of it is trusted to be well-formed
//! or to end.

use serde::Deserialize;

/// Bytes of a line; a piece of an answer has some hundred.
const LONGEST_LINE: usize = 1 << 20;

/// A piece of a streamed answer.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Chunk {
    #[serde(default)]
    pub(super) choices: Vec<Choice>,
    #[serde(default)]
    pub(super) usage: Option<Usage>,
    /// Some servers fail in the middle of a stream.
    #[serde(default)]
    pub(super) error: Option<serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    pub(super) delta: Delta,
    #[serde(default)]
    pub(super) finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Delta {
    #[serde(default)]
    pub(super) content: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Usage {
    #[serde(default)]
    pub(super) prompt_tokens: usize,
    #[serde(default)]
    pub(super) completion_tokens: usize,
}

/// What a line of the stream says.
#[derive(Debug)]
pub(super) enum Said {
    Chunk(Box<Chunk>),
    Done,
    /// Not a piece of an answer; its beginning.
    Nonsense(String),
}

/// Cuts a stream of bytes into its lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    bytes: Vec<u8>,
}

impl Lines {
    /// Takes bytes in; what the lines that they complete say.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Said> {
        self.bytes.extend_from_slice(bytes);
        let mut said = Vec::new();
        while let Some(end) = self.bytes.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.bytes.drain(..=end).collect();
            said.extend(read(&String::from_utf8_lossy(&line)));
        }
        if self.bytes.len() > LONGEST_LINE {
            said.push(Said::Nonsense(beginning(&String::from_utf8_lossy(&self.bytes))));
            self.bytes.clear();
        }
        said
    }
}

/// Comments, event names and empty lines say nothing.
fn read(line: &str) -> Option<Said> {
    let line = line.trim();
    let Some(data) = line.strip_prefix("data:") else {
        let silent = line.is_empty() || line.starts_with(':') || ["event:", "id:", "retry:"].iter().any(|field| line.starts_with(field));
        return (!silent).then(|| Said::Nonsense(beginning(line)));
    };
    Some(match data.trim() {
        "[DONE]" => Said::Done,
        data => serde_json::from_str(data).map_or_else(|_| Said::Nonsense(beginning(data)), |chunk| Said::Chunk(Box::new(chunk))),
    })
}

/// The words of an error: `{"error": {"message": "…"}}`, `{"error": "…"}`, `{"message": "…"}`, or the text itself.
pub(super) fn message(body: &str) -> String {
    let parsed: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let words = parsed.as_ref().and_then(|value| words_of(value.get("error").unwrap_or(value)));
    beginning(words.unwrap_or(body))
}

/// The words of an error that came in a stream.
pub(super) fn words_of(error: &serde_json::Value) -> Option<&str> {
    error.as_str().or_else(|| error.get("message")?.as_str())
}

/// Enough of a text to know it by, on one line.
pub(super) fn beginning(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().take(120).collect();
    if cut.len() < line.len() { format!("{cut}\u{2026}") } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(said: Vec<Said>) -> Vec<String> {
        said.into_iter()
            .map(|said| match said {
                Said::Chunk(chunk) => chunk.choices.into_iter().filter_map(|c| c.delta.content).collect(),
                Said::Done => "DONE".into(),
                Said::Nonsense(text) => format!("? {text}"),
            })
            .collect()
    }

    #[test]
    fn a_stream_is_read_wherever_it_is_cut() {
        let stream = ": hello\r\ndata: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}\n\n\
                      data: {\"choices\":[{\"delta\":{\"content\":\"Caf\u{e9}\"}}]}\n\ndata: [DONE]\n\n";
        for cut in 0..stream.len() {
            let mut lines = Lines::default();
            let mut said = lines.push(&stream.as_bytes()[..cut]);
            said.extend(lines.push(&stream.as_bytes()[cut..]));
            assert_eq!(texts(said), ["", "Caf\u{e9}", "DONE"]);
        }
    }

    #[test]
    fn nonsense_is_told_and_bounded() {
        let mut lines = Lines::default();
        assert_eq!(texts(lines.push(b"<html>Welcome</html>\ndata: {oops\n")), ["? <html>Welcome</html>", "? {oops"]);
        let endless = lines.push(&vec![b'x'; LONGEST_LINE + 1]);
        assert_eq!(endless.len(), 1);
        assert!(lines.bytes.is_empty());
    }

    #[test]
    fn errors_are_told_in_the_servers_words() {
        for (body, words) in [
            (r#"{"error":{"message":"model not loaded","code":503}}"#, "model not loaded"),
            (r#"{"error":"model 'x' not found"}"#, "model 'x' not found"),
            (r#"{"object":"error","message":"too long"}"#, "too long"),
            ("<h1>Bad\n Gateway</h1>", "<h1>Bad Gateway</h1>"),
        ] {
            assert_eq!(message(body), words);
        }
    }
}
