//! The form that asks: the question, the collection, and under "Filter" which documents to look in.

use std::collections::BTreeSet;

use catalog::{ConversationId, Format, Kinds};
use search::{WrittenFilter, language_name};

use super::home::collections;
use crate::{asker::Asker, error::PageError, frame::Frame};

pub(crate) struct AskForm {
    pub(crate) question: String,
    /// The conversation that it goes on with.
    pub(crate) conversation: Option<ConversationId>,
    pub(crate) collections: Vec<String>,
    pub(crate) collection: String,
    pub(crate) filter: WrittenFilter,
    /// What there is to choose from, as values and names. What was asked for is among it, also where nobody has it.
    pub(crate) types: Vec<(String, String)>,
    pub(crate) languages: Vec<(String, String)>,
}

impl AskForm {
    pub(crate) async fn new(
        frame: &Frame,
        asker: &Asker,
        question: &str,
        filter: WrittenFilter,
        conversation: Option<ConversationId>,
    ) -> Result<Self, PageError> {
        let Kinds { formats, languages } = asker.reader.kinds().await?;
        let names: BTreeSet<&str> = formats.into_iter().map(Format::name).collect();
        let types = names.into_iter().map(|name| (short_names(name), frame.say_of_name("format--", name)));
        let name = |code: &str| language_name(code).map_or_else(|| code.to_owned(), |name| frame.say_of_name("language--", name));
        let languages = languages.into_iter().map(|code| (code.clone(), name(&code)));
        Ok(Self {
            question: question.to_owned(),
            conversation,
            collections: collections(asker).await?,
            collection: asker.collection.clone(),
            types: with(types.collect(), &filter.formats),
            languages: with(languages.collect(), &filter.languages),
            filter,
        })
    }

    /// Whether the filter is shown.
    pub(crate) fn is_filtered(&self) -> bool {
        self.filter != WrittenFilter::default()
    }
}

/// Of all formats that people call so.
fn short_names(name: &str) -> String {
    let formats = Format::OF_DOCUMENTS.into_iter().filter(|format| format.name() == name);
    formats.map(Format::as_str).collect::<Vec<_>>().join(",")
}

/// The choices with the one that was made in the address, in the order of their names.
fn with(mut choices: Vec<(String, String)>, chosen: &str) -> Vec<(String, String)> {
    if !chosen.is_empty() && !choices.iter().any(|(value, _)| value == chosen) {
        choices.push((chosen.to_owned(), chosen.to_owned()));
    }
    choices.sort_by(|a, b| a.1.cmp(&b.1));
    choices
}
