//! How the server is: what whoever runs it should know, told by the parts that know it.

use std::sync::Arc;

use futures::future::BoxFuture;

use crate::frame::Frame;

/// One thing that is well, or is not.
#[derive(Clone, Debug, PartialEq)]
pub struct Vital {
    pub well: bool,
    pub state: VitalState,
}

/// What there is to say of it.
#[derive(Clone, Debug, PartialEq)]
pub enum VitalState {
    Version(String),
    Documents {
        documents: i64,
        pages: i64,
        passages: i64,
    },
    /// How many passages the index lacks, and whether they are being put back.
    Index {
        lacking: i64,
        mending: bool,
    },
    LanguageModel(Writing),
    EmbeddingModel(String),
    /// Bytes that are free in the data directory.
    Disk(u64),
    /// It could not be looked at.
    Unknown {
        of: VitalKind,
        reason: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VitalKind {
    Version,
    Documents,
    Index,
    LanguageModel,
    EmbeddingModel,
    Disk,
}

/// Who writes the answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Writing {
    /// A model; and whether it passed the exam, if it took it.
    Model { name: String, passed: Option<bool>, grade: Option<Grade> },
    /// Nobody, as the model that there is did not pass.
    NotPassed { name: String, grade: Option<Grade> },
    /// Nobody, until that is mended.
    Down(String),
    /// Nobody, by configuration.
    Off,
}

/// What became of a model's answers in the exam, as shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grade {
    pub right: f32,
    pub wrong: f32,
}

impl VitalKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Documents => "documents",
            Self::Index => "index",
            Self::LanguageModel => "language-model",
            Self::EmbeddingModel => "embedding-model",
            Self::Disk => "disk",
        }
    }
}

impl Vital {
    pub(crate) fn name(&self, frame: &Frame) -> String {
        let kind = match &self.state {
            VitalState::Version(_) => VitalKind::Version,
            VitalState::Documents { .. } => VitalKind::Documents,
            VitalState::Index { .. } => VitalKind::Index,
            VitalState::LanguageModel(_) => VitalKind::LanguageModel,
            VitalState::EmbeddingModel(_) => VitalKind::EmbeddingModel,
            VitalState::Disk(_) => VitalKind::Disk,
            VitalState::Unknown { of, .. } => *of,
        };
        frame.say_of("vital--", kind.as_str())
    }

    /// A sentence; where it is not well, with what to do.
    pub(crate) fn said(&self, frame: &Frame) -> String {
        match &self.state {
            VitalState::Version(said) | VitalState::EmbeddingModel(said) => said.clone(),
            VitalState::Documents { documents, pages, passages } => {
                let counts = [("vital-documents", documents), ("vital-pages", pages), ("vital-passages", passages)];
                counts.map(|(key, n)| frame.say_n(key, n)).join(", ")
            }
            VitalState::Index { lacking: 0, .. } => frame.say("vital-index-complete"),
            VitalState::Index { lacking, mending: true } => frame.say_n("vital-index-mending", lacking),
            VitalState::Index { lacking, mending: false } => frame.say_n("vital-index-lacking", lacking),
            VitalState::LanguageModel(writing) => said_of_writing(frame, writing),
            VitalState::Disk(bytes) => frame.say_s("vital-disk-free", &frame.tenths(*bytes as f64 / f64::from(1 << 30))),
            VitalState::Unknown { reason, .. } => frame.say_s("vital-unknown", reason),
        }
    }
}

fn said_of_writing(frame: &Frame, writing: &Writing) -> String {
    let (key, about, grade) = match writing {
        Writing::Model { name, passed: Some(true), grade } => ("writing--passed", name.as_str(), *grade),
        Writing::Model { name, passed: Some(false), grade } => ("writing--not-passed", name.as_str(), *grade),
        Writing::Model { name, passed: None, grade } => ("writing--untried", name.as_str(), *grade),
        Writing::NotPassed { name, grade } => ("writing--quotes", name.as_str(), *grade),
        Writing::Down(reason) => ("writing--down", reason.as_str(), None),
        Writing::Off => ("writing--off", "", None),
    };
    let said = frame.say_s(key, about);
    match grade {
        Some(Grade { right, wrong }) => {
            let shares = frame.say_with("writing-grade", (100.0 * right).round() as i64, &format!("{:.0}", 100.0 * wrong));
            format!("{said} {shares}")
        }
        None => said,
    }
}

/// Looks now.
pub type Vitals = Arc<dyn Fn() -> BoxFuture<'static, Vec<Vital>> + Send + Sync>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn how_the_server_is_is_told_in_every_language() {
        let grade = Some(Grade { right: 0.27, wrong: 0.0 });
        let name = || "SmolLM2".to_owned();
        let states = [
            VitalState::Documents { documents: 1, pages: 2, passages: 3 },
            VitalState::Index { lacking: 0, mending: false },
            VitalState::Index { lacking: 1, mending: true },
            VitalState::Index { lacking: 7, mending: false },
            VitalState::LanguageModel(Writing::Model { name: name(), passed: Some(true), grade }),
            VitalState::LanguageModel(Writing::Model { name: name(), passed: Some(false), grade }),
            VitalState::LanguageModel(Writing::Model { name: name(), passed: None, grade: None }),
            VitalState::LanguageModel(Writing::NotPassed { name: name(), grade }),
            VitalState::LanguageModel(Writing::Down("it is down".into())),
            VitalState::LanguageModel(Writing::Off),
            VitalState::Disk(3 << 30),
            VitalState::Unknown { of: VitalKind::Disk, reason: "gone".into() },
        ];
        let german = Frame { language: Language::of("de").unwrap(), ..Frame::default() };
        for state in states {
            let vital = Vital { well: true, state };
            let said = [&Frame::default(), &german].map(|frame| (vital.name(frame), vital.said(frame)));
            assert_ne!(said[0].1, said[1].1);
            for (name, said) in &said {
                let unsaid = |text: &str| text.starts_with("vital-") || text.starts_with("writing-");
                assert!(!unsaid(name) && !unsaid(said) && !said.contains('$'), "{name}: {said}");
            }
        }
        let writing = Vital { well: true, state: VitalState::LanguageModel(Writing::NotPassed { name: name(), grade }) };
        assert_eq!(
            writing.said(&Frame::default()),
            "SmolLM2 has not passed the exam, so answers are quotes. In the exam 27% of its answers were right, 0% wrong."
        );
    }
}
