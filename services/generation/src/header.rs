//! What the header of a GGUF file says of the model.

use std::collections::HashMap;

#[derive(Clone, Debug, Default)]
pub(crate) struct Header {
    pub(crate) values: HashMap<String, Value>,
    pub(crate) tensors: Tensors,
    pub(crate) file_bytes: u64,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Number(u64),
    Numbers(Vec<u64>),
    Text(String),
    /// How many tokens it has, and which of the known marks of turns are among them.
    Vocabulary {
        tokens: u64,
        marks: Vec<&'static str>,
    },
    Other,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tensors {
    /// Numbers in all of them.
    pub(crate) parameters: u64,
    /// What they take in the file and in memory.
    pub(crate) bytes: u64,
}

impl Header {
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.values.get(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn architecture(&self) -> &str {
        self.text("general.architecture").unwrap_or_default()
    }

    pub(crate) fn tokens(&self) -> u64 {
        match self.values.get("tokenizer.ggml.tokens") {
            Some(Value::Vocabulary { tokens, .. }) => *tokens,
            _ => 0,
        }
    }

    pub(crate) fn has_mark(&self, mark: &str) -> bool {
        matches!(self.values.get("tokenizer.ggml.tokens"), Some(Value::Vocabulary { marks, .. }) if marks.contains(&mark))
    }

    /// A number of the architecture, such as `block_count`; of one that differs from layer to layer, the largest.
    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        match self.of_architecture(key)? {
            Value::Number(number) => Some(*number),
            Value::Numbers(numbers) => numbers.iter().copied().max(),
            _ => None,
        }
    }

    /// A number of the architecture, added up over the layers.
    pub(crate) fn over_layers(&self, key: &str) -> Option<u64> {
        match self.of_architecture(key)? {
            Value::Number(number) => Some(number.saturating_mul(self.number("block_count")?)),
            Value::Numbers(numbers) => Some(numbers.iter().copied().fold(0, u64::saturating_add)),
            _ => None,
        }
    }

    /// How the weights are stored, as llama.cpp's files are named ("Q4_K_M").
    pub(crate) fn quantization(&self) -> &'static str {
        let Some(Value::Number(kind)) = self.values.get("general.file_type") else { return "not stated" };
        usize::try_from(*kind).ok().and_then(|kind| FILE_TYPES.get(kind)).copied().filter(|name| !name.is_empty()).unwrap_or("not known")
    }

    fn of_architecture(&self, key: &str) -> Option<&Value> {
        self.values.get(&format!("{}.{key}", self.architecture()))
    }
}

/// By number, as in `llama_ftype` of llama.h; empty where a number is no longer used.
#[rustfmt::skip]
const FILE_TYPES: [&str; 39] = [
    "F32", "F16", "Q4_0", "Q4_1", "", "", "", "Q8_0", "Q5_0", "Q5_1", "Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L", "Q4_K_S", "Q4_K_M", "Q5_K_S",
    "Q5_K_M", "Q6_K", "IQ2_XXS", "IQ2_XS", "Q2_K_S", "IQ3_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ3_M", "IQ2_S", "IQ2_M", "IQ4_XS",
    "IQ1_M", "BF16", "", "", "", "TQ1_0", "TQ2_0", "MXFP4",
];

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A header of an architecture "test".
    pub(crate) fn header(values: &[(&str, Value)]) -> Header {
        let architecture = ("general.architecture".to_owned(), Value::Text("test".into()));
        let values = values.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).chain([architecture]).collect();
        Header { values, ..Header::default() }
    }

    #[test]
    fn numbers_may_differ_from_layer_to_layer() {
        let layers = ("test.block_count", Value::Number(3));
        let same = header(&[layers.clone(), ("test.attention.head_count_kv", Value::Number(4))]);
        let different = header(&[layers, ("test.attention.head_count_kv", Value::Numbers(vec![0, 2, 8]))]);
        assert_eq!((same.number("attention.head_count_kv"), same.over_layers("attention.head_count_kv")), (Some(4), Some(12)));
        assert_eq!((different.number("attention.head_count_kv"), different.over_layers("attention.head_count_kv")), (Some(8), Some(10)));
        assert_eq!(same.number("context_length"), None);
    }

    #[test]
    fn quantization_has_its_usual_name() {
        let named = |kind| header(&[("general.file_type", Value::Number(kind))]).quantization();
        assert_eq!([3, 15, 32, 4, 1000].map(named), ["Q4_1", "Q4_K_M", "BF16", "not known", "not known"]);
        assert_eq!(header(&[]).quantization(), "not stated");
    }
}
