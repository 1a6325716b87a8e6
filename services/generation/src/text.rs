//! From bytes of tokens to text that may be let out: whole characters, nothing of a stop string.

pub(crate) struct Text {
    /// The beginning of a character whose other bytes are still to come.
    bytes: Vec<u8>,
    /// What may turn out to be the beginning of a stop string.
    held: String,
    stops: Vec<String>,
    stopped: bool,
}

impl Text {
    pub(crate) fn new(stops: &[String]) -> Self {
        let stops = stops.iter().filter(|stop| !stop.is_empty()).cloned().collect();
        Self { bytes: Vec::new(), held: String::new(), stops, stopped: false }
    }

    /// Takes a token's bytes; returns what can be let out now, possibly nothing.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> String {
        if self.stopped {
            return String::new();
        }
        self.bytes.extend_from_slice(bytes);
        self.decode();
        if let Some(end) = self.stops.iter().filter_map(|stop| self.held.find(stop.as_str())).min() {
            self.held.truncate(end);
            self.stopped = true;
            return std::mem::take(&mut self.held);
        }
        let kept = self.held.split_off(self.held.len() - self.beginning_of_a_stop());
        std::mem::replace(&mut self.held, kept)
    }

    /// Whether a stop string was met.
    pub(crate) fn stopped(&self) -> bool {
        self.stopped
    }

    /// What was held back. Half a character at the very end is left out.
    pub(crate) fn finish(self) -> String {
        self.held
    }

    fn decode(&mut self) {
        let mut rest = self.bytes.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.held.push_str(text);
                    rest = &[];
                    break;
                }
                Err(error) => {
                    let (text, after) = rest.split_at(error.valid_up_to());
                    self.held.push_str(&String::from_utf8_lossy(text));
                    let Some(invalid) = error.error_len() else {
                        rest = after;
                        break;
                    };
                    self.held.push(char::REPLACEMENT_CHARACTER);
                    rest = &after[invalid..];
                }
            }
        }
        self.bytes = rest.to_vec();
    }

    /// Length of the longest end of the held text with which a stop string begins.
    fn beginning_of_a_stop(&self) -> usize {
        let beginning = |stop: &String| (1..stop.len()).rev().find(|&n| stop.is_char_boundary(n) && self.held.ends_with(&stop[..n]));
        self.stops.iter().filter_map(beginning).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    fn pieces(stops: &[&str], tokens: &[&[u8]]) -> (Vec<String>, bool) {
        let stops: Vec<String> = stops.iter().map(ToString::to_string).collect();
        let mut text = Text::new(&stops);
        let mut pieces: Vec<String> = tokens.iter().map(|token| text.push(token)).collect();
        let stopped = text.stopped();
        pieces.push(text.finish());
        (pieces, stopped)
    }

    #[test]
    fn a_character_is_held_until_it_is_whole() {
        let (out, _) = pieces(&[], &[b"Caf\xc3", b"\xa9 \xe2", b"\x82", b"\xac"]);
        assert_eq!(out, ["Caf", "é ", "", "€", ""]);
    }

    #[test]
    fn broken_bytes_become_the_replacement_character_and_half_a_character_is_left_out() {
        let (out, _) = pieces(&[], &[b"a\xffb", b"c\xe2\x82"]);
        assert_eq!(out.concat(), "a\u{fffd}bc");
    }

    #[test]
    fn a_stop_string_over_several_tokens_is_never_let_out() {
        let (out, stopped) = pieces(&["\n\nQuestion:"], &[b"Yes.", b"\n", b"\nQues", b"tion: more", b"unseen"]);
        assert!(stopped);
        assert_eq!(out.concat(), "Yes.");
    }

    #[test]
    fn what_only_looks_like_a_stop_comes_out() {
        let (out, stopped) = pieces(&["END", ""], &[b"the E", b"N", b"T ", b"EN"]);
        assert!(!stopped);
        assert_eq!(out, ["the ", "", "ENT ", "", "EN"]);
    }

    #[test]
    fn the_earliest_of_several_stops_counts() {
        let (out, _) = pieces(&["bb", "aab"], &[b"xaabb"]);
        assert_eq!(out.concat(), "x");
    }
}
