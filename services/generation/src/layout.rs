//! How messages become a prompt: by the template in the file, by what is known of the family, or as plain text that the
//! model completes.

use std::path::Path;

use serde::Serialize;

use crate::{header::Header, stops};

/// A layout and what ends an answer in it.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Jinja.
    pub(crate) source: String,
    pub(crate) origin: Origin,
    /// Texts that end the answer, besides the model's own end tokens.
    pub(crate) stops: Vec<String>,
}

/// Where the layout of the prompt comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Origin {
    /// The chat template in the file.
    File,
    /// The file has none, but names its family or shows it by its tokens.
    KnownFamily { layout: &'static str },
    /// The model was not made for conversations: it continues a text.
    PlainCompletion,
}

macro_rules! layouts {
    ($($name:literal),* $(,)?) => {
        /// By the names that llama.cpp has for them, which stand in place of a template in some files.
        const LAYOUTS: &[(&str, &str)] = &[$(($name, include_str!(concat!("layouts/", $name, ".jinja")))),*];
    };
}

layouts!(
    "chatml",
    "deepseek",
    "deepseek2",
    "deepseek3",
    "falcon",
    "falcon3",
    "gemma",
    "granite",
    "llama2",
    "llama3",
    "mistral-v1",
    "mistral-v3",
    "mistral-v3-tekken",
    "phi3",
    "phi4",
    "rwkv-world",
    "zephyr",
);

const PLAIN: &str = include_str!("layouts/plain.jinja");

/// Conversational models of which files without a template are about: words in their names, and their layout. Only
/// these: a base model, which completes texts, often has the tokens of a conversation as well.
const NAMES: &[(&[&str], &str)] = &[
    (&["openhermes"], "chatml"),
    (&["orca", "2"], "chatml"),
    (&["smollm2", "instruct"], "chatml"),
    (&["qwen", "instruct"], "chatml"),
    (&["qwen", "chat"], "chatml"),
    (&["tinyllama", "chat"], "zephyr"),
    (&["llama", "2", "chat"], "llama2"),
    (&["llama", "3", "instruct"], "llama3"),
    (&["mistral", "nemo", "instruct"], "mistral-v3-tekken"),
    (&["mistral", "instruct"], "mistral-v1"),
    (&["mixtral", "instruct"], "mistral-v1"),
    (&["phi", "3", "instruct"], "phi3"),
    (&["gemma", "it"], "gemma"),
    (&["falcon", "3", "instruct"], "falcon3"),
    (&["falcon", "instruct"], "falcon"),
    (&["deepseek", "coder", "instruct"], "deepseek"),
    (&["deepseek", "chat"], "deepseek2"),
    (&["granite", "instruct"], "granite"),
];

impl Layout {
    /// Never fails: whatever the file, plain completion is left.
    pub(crate) fn choose(header: &Header, path: &Path) -> Self {
        let template = header.text("tokenizer.chat_template").map(str::trim).filter(|template| !template.is_empty());
        if let Some(template) = template.filter(|template| template.contains('{')) {
            return Self::new(template, Origin::File);
        }
        let family = template.and_then(named).or_else(|| family(header, path));
        match family {
            Some((layout, source)) => Self::new(source, Origin::KnownFamily { layout }),
            None => Self::new(PLAIN, Origin::PlainCompletion),
        }
    }

    fn new(source: &str, origin: Origin) -> Self {
        let stops = stops::of(source, origin == Origin::PlainCompletion);
        Self { source: source.to_owned(), origin, stops }
    }
}

fn named(name: &str) -> Option<(&'static str, &'static str)> {
    LAYOUTS.iter().copied().find(|(known, _)| *known == name)
}

fn family(header: &Header, path: &Path) -> Option<(&'static str, &'static str)> {
    if matches!(header.architecture(), "rwkv6" | "rwkv7") {
        return named("rwkv-world");
    }
    let file = path.file_stem().unwrap_or_default().to_string_lossy();
    let by_name = [header.text("general.name").unwrap_or_default(), &file].into_iter().find_map(|name| {
        let parts = parts(name);
        NAMES.iter().find(|(words, _)| words.iter().all(|word| parts.iter().any(|part| part == word)))
    });
    let layout = by_name.map(|(_, layout)| *layout);
    let by_tokens = || (header.has_mark("<|im_start|>") && header.has_mark("<|im_end|>")).then_some("chatml");
    layout.or_else(by_tokens).and_then(named)
}

/// "Llama-3.1-8B-Instruct" is llama, 3, 1, 8b, instruct. Where a digit follows letters, both parts count by themselves as
/// well: "Qwen2" is qwen2, qwen, 2.
fn parts(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let apart = |word: &str| {
        let digits = word.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        let (letters, digits) = word.split_at(digits);
        [word, letters, digits].map(str::to_owned)
    };
    words.flat_map(apart).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::{Value, tests::header};

    fn origin(values: &[(&str, Value)], file: &str) -> Origin {
        Layout::choose(&header(values), Path::new(file)).origin
    }

    fn known(layout: &'static str) -> Origin {
        Origin::KnownFamily { layout }
    }

    #[test]
    fn the_files_own_template_comes_first_and_may_be_a_name() {
        let template = |text: &str| [("tokenizer.chat_template", Value::Text(text.into())), ("general.name", Value::Text("Orca 2".into()))];
        assert_eq!(origin(&template("{{ messages[0].content }}"), "x.gguf"), Origin::File);
        assert_eq!(origin(&template("rwkv-world"), "x.gguf"), known("rwkv-world"));
        assert_eq!(origin(&template("something"), "x.gguf"), known("chatml"));
        assert_eq!(origin(&template(" "), "x.gguf"), known("chatml"));
    }

    #[test]
    fn families_are_known_by_their_names() {
        let cases = [
            ("openhermes-2.5-mistral-7b.Q4_K_M", "chatml"),
            ("Orca-2-7b", "chatml"),
            ("Qwen1.5-7B-Chat", "chatml"),
            ("tinyllama-1.1b-chat-v1.0", "zephyr"),
            ("llama-2-7b-chat.Q4_0", "llama2"),
            ("Meta-Llama-3.1-8B-Instruct", "llama3"),
            ("Mistral-Nemo-Instruct-2407", "mistral-v3-tekken"),
            ("mixtral-8x7b-instruct-v0.1", "mistral-v1"),
            ("Phi-3-mini-4k-instruct", "phi3"),
            ("gemma-2-2b-it", "gemma"),
            ("falcon-7b-instruct", "falcon"),
            ("Falcon3-1B-Instruct", "falcon3"),
        ];
        for (name, layout) in cases {
            assert_eq!(origin(&[], &format!("{name}.gguf")), known(layout), "{name}");
            assert_eq!(origin(&[("general.name", Value::Text(name.into()))], "model.gguf"), known(layout), "{name}");
        }
        for name in ["llama-2-7b", "Mistral-7B-v0.1", "bloomz-560m", "distilgpt2", "gemma-2b", "falcon-7b"] {
            assert_eq!(origin(&[], &format!("{name}.gguf")), Origin::PlainCompletion, "{name}");
        }
    }

    #[test]
    fn the_tokens_of_a_conversation_tell_it() {
        let tokens = |marks| [("tokenizer.ggml.tokens", Value::Vocabulary { tokens: 300, marks })];
        assert_eq!(origin(&tokens(vec!["<|im_start|>", "<|im_end|>"]), "x.gguf"), known("chatml"));
        assert_eq!(origin(&tokens(vec!["<|im_end|>"]), "x.gguf"), Origin::PlainCompletion);
    }
}
