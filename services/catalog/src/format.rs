//! What a file was read as, and what people call it.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum Format {
    Markdown,
    Html,
    Text,
    Csv,
    Rtf,
    Docx,
    Doc,
    Odt,
    Pptx,
    Ppt,
    Odp,
    Xlsx,
    Xls,
    Ods,
    Eml,
    Msg,
    Pdf,
    /// Holds files, and no text of its own.
    Zip,
}

impl Format {
    /// Those that documents have.
    pub const OF_DOCUMENTS: [Self; 17] = [
        Self::Pdf,
        Self::Docx,
        Self::Doc,
        Self::Odt,
        Self::Rtf,
        Self::Pptx,
        Self::Ppt,
        Self::Odp,
        Self::Xlsx,
        Self::Xls,
        Self::Ods,
        Self::Csv,
        Self::Html,
        Self::Markdown,
        Self::Text,
        Self::Eml,
        Self::Msg,
    ];

    /// Its short name, as it is stored and written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Text => "text",
            Self::Csv => "csv",
            Self::Rtf => "rtf",
            Self::Docx => "docx",
            Self::Doc => "doc",
            Self::Odt => "odt",
            Self::Pptx => "pptx",
            Self::Ppt => "ppt",
            Self::Odp => "odp",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Eml => "eml",
            Self::Msg => "msg",
            Self::Pdf => "pdf",
            Self::Zip => "zip",
        }
    }

    /// The formats that a person means: by short name, file ending, or what such files are called. None where it is no such word.
    #[must_use]
    pub fn named(name: &str) -> Vec<Self> {
        let name = name.trim().trim_start_matches('.').to_lowercase();
        let all: &[Self] = match name.as_str() {
            "word" => &[Self::Docx, Self::Doc],
            "powerpoint" => &[Self::Pptx, Self::Ppt],
            "excel" => &[Self::Xlsx, Self::Xls],
            "mail" | "email" | "e-mail" | "mbox" => &[Self::Eml, Self::Msg],
            "web" | "htm" | "xhtml" | "mht" | "mhtml" => &[Self::Html],
            "md" | "mdx" => &[Self::Markdown],
            "txt" => &[Self::Text],
            "tsv" => &[Self::Csv],
            "docm" | "dotx" | "dotm" => &[Self::Docx],
            "dot" => &[Self::Doc],
            "fodt" | "ott" => &[Self::Odt],
            "pptm" | "potx" | "ppsx" => &[Self::Pptx],
            "pps" | "pot" => &[Self::Ppt],
            "fodp" | "otp" => &[Self::Odp],
            "xlsm" | "xlsb" | "xltx" => &[Self::Xlsx],
            "ots" => &[Self::Ods],
            own => return Self::OF_DOCUMENTS.into_iter().filter(|format| format.as_str() == own).collect(),
        };
        all.to_vec()
    }

    /// What people call such a file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Markdown => "Markdown",
            Self::Html => "Web page",
            Self::Text => "Text",
            Self::Csv => "CSV table",
            Self::Rtf => "RTF",
            Self::Docx | Self::Doc => "Word",
            Self::Odt => "OpenDocument text",
            Self::Pptx | Self::Ppt => "PowerPoint",
            Self::Odp => "OpenDocument presentation",
            Self::Xlsx | Self::Xls => "Excel",
            Self::Ods => "OpenDocument spreadsheet",
            Self::Eml | Self::Msg => "E-mail",
            Self::Pdf => "PDF",
            Self::Zip => "ZIP archive",
        }
    }

    /// Whether its pages end where the paper does, so that text runs on from one to the next.
    #[must_use]
    pub fn runs_over_pages(self) -> bool {
        matches!(self, Self::Pdf)
    }

    /// What its pages are called; `None` where it has none, and nothing may claim a page number.
    #[must_use]
    pub fn page_name(self) -> Option<&'static str> {
        match self {
            Self::Pdf => Some("page"),
            Self::Pptx | Self::Ppt | Self::Odp => Some("slide"),
            Self::Xlsx | Self::Xls | Self::Ods => Some("sheet"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_name_is_the_one_that_is_stored() {
        for format in Format::OF_DOCUMENTS.into_iter().chain([Format::Zip]) {
            assert_eq!(serde_json::to_value(format).unwrap(), format.as_str());
        }
    }

    #[test]
    fn people_may_say_what_the_program_is_called() {
        assert_eq!(Format::named("PDF"), [Format::Pdf]);
        assert_eq!(Format::named(" .xlsm"), [Format::Xlsx]);
        assert_eq!(Format::named("word"), [Format::Docx, Format::Doc]);
        assert!(Format::named("zip").is_empty(), "its files are documents of their own formats");
        assert!(Format::named("").is_empty() && Format::named("picture").is_empty());
    }
}
