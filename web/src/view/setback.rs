//! Why a job failed, in the language of whoever looks.

use catalog::Setback;
use extraction::ExtractError;

use crate::frame::Frame;

/// `kept` is the job's result; `written` says the same in English, and is all there is to say of a failure that is not known by kind.
pub(crate) fn said_of_setback(frame: &Frame, kept: Option<&serde_json::Value>, written: &str) -> String {
    let setback = kept.and_then(|kept| serde_json::from_value::<Setback>(kept.clone()).ok());
    let said = match setback {
        Some(Setback::Deleted) => Some(frame.say("job-deleted")),
        Some(Setback::NoCollection) => Some(frame.say("job-no-collection")),
        Some(Setback::Restricted) => Some(frame.say("job-restricted")),
        Some(Setback::OtherFile) => Some(frame.say("job-other-file")),
        Some(Setback::Unread { cause, kept }) => serde_json::from_value(cause).ok().map(|cause| {
            let said = said_of_cause(frame, &cause);
            if kept { format!("{said} {}", frame.say("job-kept")) } else { said }
        }),
        None => None,
    };
    said.unwrap_or_else(|| format!("{} {written}", frame.say("job-failed")))
}

fn said_of_cause(frame: &Frame, cause: &ExtractError) -> String {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let long = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let told = |member: &str, n: i64, s: &str| frame.say_with(&format!("unread--{member}"), n, s);
    match cause {
        ExtractError::Empty => told("empty", 0, ""),
        ExtractError::Misnamed { found, .. } => told("misnamed", 0, &frame.say_of_name("kind--", found)),
        ExtractError::Unsupported { found } => told("unsupported", 0, &frame.say_of_name("kind--", found)),
        ExtractError::NeedsLibreOffice { found } => told("needs-libreoffice", 0, &frame.say_of_name("kind--", found)),
        ExtractError::NotConverted => told("not-converted", 0, ""),
        ExtractError::TooSlowToConvert { seconds } | ExtractError::TooSlow { seconds, .. } => told("too-slow", long(*seconds), ""),
        ExtractError::Damaged { detail } => told("damaged", 0, detail),
        ExtractError::Encrypted => told("encrypted", 0, ""),
        ExtractError::NoTextLayer => told("no-words", 0, ""),
        ExtractError::NoText => told("no-text", 0, ""),
        ExtractError::Binary => told("binary", 0, ""),
        ExtractError::TooLarge { limit_mib } => told("too-large", count(*limit_mib), ""),
        ExtractError::TooManyFiles { limit } => told("too-many-files", count(*limit), ""),
        ExtractError::TooManyCells { limit } => told("too-many-cells", count(*limit), ""),
        ExtractError::TooDeep { limit } => told("too-deep", count(*limit), ""),
        ExtractError::Missing { tool } => told("missing-tool", 0, tool),
        ExtractError::TooMuchMemory { limit_mib } => told("too-much-memory", long(*limit_mib), ""),
        ExtractError::NoRecognition { reason } => told("no-recognition", 0, reason),
        ExtractError::NoReader { reason } => told("no-reader", 0, reason),
        ExtractError::Stopped => told("stopped", 0, ""),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::language::Language;

    #[test]
    fn a_failure_is_told_in_the_language_of_whoever_looks() {
        let german = Frame { language: Language::of("de").unwrap(), ..Frame::default() };
        let kept = |cause: &ExtractError, kept| json!(Setback::Unread { cause: json!(cause), kept });
        let said = said_of_setback(&german, Some(&kept(&ExtractError::Encrypted, true)), "is encrypted");
        assert!(said.contains("verschlüsselt") && said.contains("frühere Fassung") && !said.contains("encrypted"), "{said}");
        let said = said_of_setback(&german, Some(&kept(&ExtractError::TooLarge { limit_mib: 512 }, false)), "");
        assert!(said.contains("512") && !said.contains("frühere"), "{said}");
        let image = ExtractError::Misnamed { extension: "pdf".into(), found: "a PNG image".into() };
        let said = said_of_setback(&german, Some(&kept(&image, false)), "");
        assert!(said.contains("ein PNG-Bild"), "{said}");
        let odd = ExtractError::Unsupported { found: "a ZIP archive of a rare compression method".into() };
        assert!(said_of_setback(&german, Some(&kept(&odd, false)), "").contains("(a ZIP archive of a rare"));
        // What another version wrote is told as it was written.
        for unknown in [None, Some(json!({ "document": "x" })), Some(json!(Setback::Unread { cause: json!("Unheard"), kept: false }))] {
            assert_eq!(said_of_setback(&Frame::default(), unknown.as_ref(), "was odd"), "could not be read: was odd");
        }
    }

    #[test]
    fn every_cause_is_told() {
        let s = || "x".to_owned();
        let causes = [
            ExtractError::Empty,
            ExtractError::Misnamed { extension: s(), found: s() },
            ExtractError::Unsupported { found: s() },
            ExtractError::NeedsLibreOffice { found: s() },
            ExtractError::NotConverted,
            ExtractError::TooSlow { seconds: 1, of: s() },
            ExtractError::Damaged { detail: s() },
            ExtractError::Encrypted,
            ExtractError::NoTextLayer,
            ExtractError::NoText,
            ExtractError::Binary,
            ExtractError::TooLarge { limit_mib: 1 },
            ExtractError::TooManyFiles { limit: 1 },
            ExtractError::TooManyCells { limit: 1 },
            ExtractError::TooDeep { limit: 1 },
            ExtractError::Missing { tool: s() },
            ExtractError::TooMuchMemory { limit_mib: 1 },
            ExtractError::NoRecognition { reason: s() },
            ExtractError::NoReader { reason: s() },
            ExtractError::Stopped,
        ];
        for cause in causes {
            let said = said_of_cause(&Frame::default(), &cause);
            assert!(said.ends_with(['.', '?']) && !said.starts_with("unread"), "{cause:?}: {said}");
        }
    }
}
