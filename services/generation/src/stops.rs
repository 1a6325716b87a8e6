//! What ends an answer besides the model's end tokens: the marks of turns, where a model spells them out instead of
//! choosing the token. None of them is ever shown.

/// Nobody writes these in prose. A model may have learnt those of another family than its template's, so all of them
/// end any answer.
pub(crate) const MARKS: [&str; 29] = [
    "<|im_end|>",
    "<|im_start|>",
    "<|im_sep|>",
    "<|endoftext|>",
    "<|end_of_text|>",
    "<|begin_of_text|>",
    "<|end|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|start_of_role|>",
    "<|end_of_role|>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|EOT|>",
    "<end_of_turn>",
    "<start_of_turn>",
    "<|END_OF_TURN_TOKEN|>",
    "</s>",
    "[INST]",
    "[/INST]",
    "<<SYS>>",
    "<</SYS>>",
    "<｜end▁of▁sentence｜>",
    "<｜begin▁of▁sentence｜>",
    "<｜User｜>",
    "<｜Assistant｜>",
];

/// Turns that are marked by words only. They are ordinary words as well, so they count only where the template writes
/// them, and at the beginning of a line.
const WORDS: [&str; 6] = ["User:", "USER:", "Human:", "System:", "### Instruction:", "### Response:"];

/// A model that continues a text goes on with the next question.
const PLAIN: [&str; 3] = ["\nQuestion:", "\nSources:", "\nAnswer:"];

/// The texts that end an answer under this template.
pub(crate) fn of(template: &str, is_plain: bool) -> Vec<String> {
    let words = WORDS.iter().filter(|word| template.contains(*word)).map(|word| format!("\n{word}"));
    let plain = PLAIN.iter().filter(|_| is_plain).map(ToString::to_string);
    MARKS.iter().map(ToString::to_string).chain(words).chain(plain).collect()
}

/// The marks that a template writes: a text with one of these could end its message and begin another.
pub(crate) fn written_by(template: &str) -> impl Iterator<Item = &'static str> {
    // A template may put them together from parts: '<|' + role + '|>'.
    let builds_roles = template.contains("<|' + ") || template.contains("<|\" + ");
    MARKS.into_iter().filter(move |mark| template.contains(mark) || builds_roles && mark.starts_with("<|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_only_where_the_template_writes_them() {
        assert!(of("{{ 'User: ' }}", false).contains(&"\nUser:".to_owned()));
        let stops = of("<|im_start|>", false);
        assert!(stops.contains(&"</s>".to_owned()) && !stops.iter().any(|stop| stop.starts_with('\n')), "{stops:?}");
        assert!(of("", true).contains(&"\nQuestion:".to_owned()));
    }

    #[test]
    fn marks_of_the_template_are_known_also_when_it_builds_them() {
        let marks = |template| written_by(template).collect::<Vec<_>>();
        assert_eq!(marks("[INST] {{ content }} [/INST]"), ["[INST]", "[/INST]"]);
        assert!(marks("{{ '<|' + m.role + '|>' }}").contains(&"<|user|>"));
        assert!(marks("{{ content }}").is_empty());
    }
}
