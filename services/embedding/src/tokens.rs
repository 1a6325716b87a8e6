//! Text to token ids. The tokenizer file's own truncation and padding are switched off: the limit is applied
//! here, and padding belongs to the batch.

use std::{ops::Range, path::Path};

use tokenizers::{Encoding, Tokenizer, TruncationParams, TruncationStrategy};

use crate::{Error, Result, onnx::Row};

/// Of two texts at a time. The longer one loses its end where both are too long.
pub(crate) struct PairTokens(Tokenizer);

impl PairTokens {
    pub(crate) fn load(path: &Path, max_tokens: usize) -> Result<Self> {
        let bad = |reason: String| Error::BadFile { path: path.to_owned(), what: "a tokenizer", reason };
        let mut tokenizer = Tokenizer::from_file(path).map_err(|e| bad(e.to_string()))?;
        let truncation =
            TruncationParams { max_length: max_tokens, strategy: TruncationStrategy::LongestFirst, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(|e| bad(e.to_string()))?;
        tokenizer.with_padding(None);
        Ok(Self(tokenizer))
    }

    pub(crate) fn encode(&self, pairs: Vec<(String, String)>) -> Result<Vec<Row>> {
        let encodings = self.0.encode_batch_fast(pairs, true).map_err(refused)?;
        let row = |e: &Encoding| Row {
            ids: e.get_ids().iter().map(|&id| i64::from(id)).collect(),
            first: e.get_type_ids().iter().position(|&of| of == 1).unwrap_or(e.get_ids().len()),
            detailed: false,
        };
        Ok(encodings.iter().map(row).collect())
    }
}

fn refused(error: tokenizers::Error) -> Error {
    Error::Inference(format!("the tokenizer refused a text: {error}"))
}

/// For each token the bytes of the text that it stands for; none for special tokens.
pub(crate) type Places = Vec<Option<Range<usize>>>;

#[derive(Debug)]
pub(crate) struct Tokens {
    tokenizer: Tokenizer,
    max_tokens: usize,
}

impl Tokens {
    pub(crate) fn load(path: &Path, max_tokens: usize) -> Result<Self> {
        let bad = |reason: String| Error::BadFile { path: path.to_owned(), what: "a tokenizer", reason };
        let mut tokenizer = Tokenizer::from_file(path).map_err(|e| bad(e.to_string()))?;
        tokenizer.with_truncation(None).map_err(|e| bad(e.to_string()))?;
        tokenizer.with_padding(None);
        Ok(Self { tokenizer, max_tokens })
    }

    /// Ids with special tokens. A longer text loses its end, the closing special token stays.
    pub(crate) fn encode(&self, texts: Vec<String>) -> Result<Vec<Row>> {
        let encodings = self.tokenizer.encode_batch_fast(texts, true).map_err(refused)?;
        Ok(encodings.iter().map(|e| Row::single(self.limited(e.get_ids()))).collect())
    }

    /// As [`Self::encode`], with the bytes of the text that each token stands for; none for special tokens.
    pub(crate) fn encode_with_places(&self, texts: Vec<String>) -> Result<Vec<(Row, Places)>> {
        let encodings = self.tokenizer.encode_batch(texts, true).map_err(refused)?;
        let places = |e: &Encoding| {
            let all = e.get_offsets().iter().zip(e.get_special_tokens_mask());
            let mut places: Places = all.map(|(&(start, end), &special)| (special == 0).then_some(start..end)).collect();
            if places.len() > self.max_tokens {
                // The last one is the closing special token then.
                places.truncate(self.max_tokens - 1);
                places.push(None);
            }
            places
        };
        Ok(encodings.iter().map(|e| (Row { detailed: true, ..Row::single(self.limited(e.get_ids())) }, places(e))).collect())
    }

    /// Tokens of the text alone, without special tokens and without a limit.
    pub(crate) fn count(&self, text: &str) -> usize {
        // A text that the tokenizer refuses has no tokens to count; embedding it reports the error.
        self.tokenizer.encode_fast(text, false).map_or(0, |e| e.get_ids().len())
    }

    /// Tokens of the text as [`Self::count`], and how many of them stand for what the model has no token for.
    pub(crate) fn count_unknown(&self, text: &str) -> (usize, usize) {
        let Ok(encoding) = self.tokenizer.encode(text, false) else { return (0, 0) };
        let unknown = encoding.get_tokens().iter().filter(|token| matches!(token.as_str(), "[UNK]" | "<unk>")).count();
        (encoding.get_tokens().len(), unknown)
    }

    /// The number of the model's token for this word where it begins a text or follows a space.
    pub(crate) fn number(&self, word: &str) -> Option<u32> {
        // WordPiece, SentencePiece and byte-level BPE write it so.
        ["", "\u{2581}", "\u{120}"].iter().find_map(|before| self.tokenizer.token_to_id(&format!("{before}{word}")))
    }

    fn limited(&self, ids: &[u32]) -> Vec<i64> {
        let mut ids: Vec<i64> = ids.iter().map(|&id| i64::from(id)).collect();
        if ids.len() > self.max_tokens
            && let Some(&last) = ids.last()
        {
            ids.truncate(self.max_tokens - 1);
            ids.push(last);
        }
        ids
    }
}
