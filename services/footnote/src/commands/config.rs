use std::process::ExitCode;

use anyhow::Result;
use figment::Figment;
use serde_json::Value;

use crate::{
    config::{self, Config},
    output,
};

/// Every setting as `key = value  # where from`.
pub fn show(config: &Config, sources: &Figment) -> Result<ExitCode> {
    let mut lines = Vec::new();
    flatten("", &serde_json::to_value(config)?, &mut lines);
    for (key, value) in lines {
        // Who looks over a shoulder, or is sent this for help, must not see it.
        let value = if key.ends_with("api_key") && value != "null" { "\"(set)\"".to_owned() } else { value };
        output::line(&format!("{key} = {value}  # {}", config::origin(&key, sources.find_metadata(&key))));
    }
    Ok(ExitCode::SUCCESS)
}

fn flatten(prefix: &str, value: &Value, lines: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(&key, value, lines);
            }
        }
        other => lines.push((prefix.to_owned(), other.to_string())),
    }
}
