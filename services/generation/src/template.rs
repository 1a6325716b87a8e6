//! The model's own chat template (Jinja, as Hugging Face renders it): messages to the text of a prompt.

use chrono::{DateTime, Utc};
use minijinja::{Environment, ErrorKind, context};
use minijinja_contrib::pycompat::unknown_method_callback;
use std::fmt::Write;

use crate::{Error, Message, Result, Role};

const NAME: &str = "chat";

pub(crate) struct ChatTemplate {
    environment: Environment<'static>,
    special: SpecialTokens,
    /// The template refuses or drops system messages (Gemma, older Mistral): they open the first user message.
    joins_system: bool,
}

/// Texts of tokens that templates name; empty where the model has none.
#[derive(Clone, Debug, Default)]
pub(crate) struct SpecialTokens {
    pub(crate) bos: String,
    pub(crate) eos: String,
}

impl ChatTemplate {
    /// Compiles the template and tries it.
    ///
    /// # Errors
    /// `Template` when it can't be compiled, or doesn't even render a user's message.
    pub(crate) fn new(source: String, special: SpecialTokens, clock: fn() -> DateTime<Utc>) -> Result<Self> {
        let environment = environment(source, clock).map_err(|error| failed(&error))?;
        let mut template = Self { environment, special, joins_system: false };
        let user = Message::user("u5er");
        if !template.render(std::slice::from_ref(&user))?.contains("u5er") {
            return Err(Error::Template { reason: "it leaves the question out".into() });
        }
        let both = template.render(&[Message::system("5ystem"), user]);
        template.joins_system = !both.is_ok_and(|text| text.contains("5ystem") && text.contains("u5er"));
        Ok(template)
    }

    pub(crate) fn takes_system_messages(&self) -> bool {
        !self.joins_system
    }

    /// The prompt's text, up to where the answer begins.
    ///
    /// # Errors
    /// `Template` when the template refuses the messages, for instance two of the user's in a row.
    pub(crate) fn render(&self, messages: &[Message]) -> Result<String> {
        let joined = if self.joins_system { join_system(messages) } else { messages.to_vec() };
        let template = self.environment.get_template(NAME).map_err(|error| failed(&error))?;
        let values = context! {
            messages => joined,
            add_generation_prompt => true,
            bos_token => self.special.bos,
            eos_token => self.special.eos,
            // Models that can think aloud first (Qwen 3, Granite) are asked not to: a CPU has no time for it.
            enable_thinking => false,
            thinking => false,
        };
        let mut prompt = template.render(values).map_err(|error| failed(&error))?;
        // Some have no such switch and begin the thoughts (DeepSeek R1): they end at once.
        if prompt.trim_end().ends_with("<think>") {
            prompt.push_str("\n</think>\n\n");
        }
        Ok(prompt)
    }
}

fn environment(source: String, clock: fn() -> DateTime<Utc>) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_unknown_method_callback(unknown_method_callback);
    environment.add_function("raise_exception", |message: String| -> Result<String, minijinja::Error> {
        Err(minijinja::Error::new(ErrorKind::InvalidOperation, message))
    });
    environment.add_function("strftime_now", move |format: String| -> Result<String, minijinja::Error> {
        let mut text = String::new();
        let written = write!(text, "{}", clock().format(&format));
        let invalid = |_| minijinja::Error::new(ErrorKind::InvalidOperation, format!("unknown date format {format:?}"));
        written.map_err(invalid).map(|()| text)
    });
    environment.add_template_owned(NAME, source)?;
    Ok(environment)
}

fn join_system(messages: &[Message]) -> Vec<Message> {
    let (system, mut rest): (Vec<Message>, Vec<Message>) = messages.iter().cloned().partition(|message| message.role == Role::System);
    let mut opening: Vec<String> = system.into_iter().map(|message| message.content).collect();
    match rest.iter_mut().find(|message| message.role == Role::User) {
        Some(first) => {
            opening.push(std::mem::take(&mut first.content));
            first.content = opening.join("\n\n");
        }
        None if !opening.is_empty() => rest.insert(0, Message::user(opening.join("\n\n"))),
        None => {}
    }
    rest
}

fn failed(error: &minijinja::Error) -> Error {
    Error::Template { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(source: &str) -> Result<ChatTemplate> {
        let special = SpecialTokens { bos: "<bos>".into(), eos: "<eos>".into() };
        ChatTemplate::new(source.into(), special, || DateTime::from_timestamp(1_800_000_000, 0).unwrap())
    }

    fn prompt(source: &str) -> String {
        let messages = [Message::system("Be brief."), Message::user("Why?")];
        template(source).unwrap().render(&messages).unwrap()
    }

    #[test]
    fn system_messages_join_the_user_where_the_template_refuses_them() {
        let source = "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}\
                      {% endif %}<{{ m.role }}>{{ m.content | trim }}{% endfor %}";
        assert_eq!(prompt(source), "<bos><user>Be brief.\n\nWhy?");
    }

    #[test]
    fn system_messages_join_the_user_where_the_template_drops_them() {
        let source = "{% for m in messages if m['role'] != 'system' %}[INST] {{ m['content'].strip() }} [/INST]{% endfor %}";
        assert_eq!(prompt(source), "[INST] Be brief.\n\nWhy? [/INST]");
    }

    #[test]
    fn blocks_leave_no_white_space_and_the_date_comes_from_the_clock() {
        let source = "{%- for m in messages %}\n    {% if loop.first %}\n{{ strftime_now('%d %b %Y') }}\n    {% endif %}\n{{ m.content }}\n{% endfor %}";
        assert_eq!(prompt(source), "15 Jan 2027\nBe brief.\nWhy?\n");
    }

    #[test]
    fn what_templates_use_of_python_works() {
        let source = "{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% if not m.content.startswith('x') %}\
                      {{ m.role.upper() }}{{ m.content.split(' ')[-1] }}{% endif %}{% if ns.n == 2 %}{% break %}{% endif %}{% endfor %}\
                      {{ (messages[1:] | list | length) }}{{ tools is defined }}{{ messages[0].content | tojson }}";
        assert_eq!(prompt(source), "SYSTEMbrief.USERWhy?1False\"Be brief.\"");
    }

    #[test]
    fn a_model_is_not_let_think_aloud() {
        assert_eq!(
            prompt("{{ messages[0].content + '<|Assistant|><think>\\n' }}"),
            "Be brief.\n\nWhy?<|Assistant|><think>\n\n</think>\n\n"
        );
    }

    #[test]
    fn a_template_that_fails_says_so() {
        let broken = template("{% for %}").err().unwrap().to_string();
        assert!(broken.starts_with("The model's chat template can't be rendered (syntax error"), "{broken}");
        let refusing = template("{{ raise_exception('never') }}").err().unwrap().to_string();
        assert!(refusing.contains("never"), "{refusing}");
        assert!(template("{{ strftime_now('%Q!') }}").is_err());
    }

    /// Not a check: renders every template of a folder, for instance llama.cpp's models/templates, to look at.
    /// `CHAT_TEMPLATES=DIR cargo test --release -p generation --lib templates_of_a_folder -- --ignored --nocapture`
    #[test]
    #[ignore = "needs a folder of templates"]
    fn templates_of_a_folder() {
        let folder = std::env::var_os("CHAT_TEMPLATES").unwrap();
        let mut failed = 0;
        for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "jinja") {
                let text = template(&std::fs::read_to_string(&file).unwrap()).and_then(|template| {
                    Ok((template.takes_system_messages(), template.render(&[Message::system("Be brief."), Message::user("Why?")])?))
                });
                failed += usize::from(text.is_err());
                println!("{}: {text:?}", file.display());
            }
        }
        assert_eq!(failed, 0);
    }
}
