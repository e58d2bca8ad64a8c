//! Templates, of HTML and of Markdown.

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use crate::Result;

/// Fills a template; all that is put in is escaped.
pub(crate) fn part(template: &str, values: impl Serialize) -> Result<String> {
    fill(template, Value::from(minijinja::value::Serde(values)))
}

/// Fills a template of Markdown; what is put in cannot mark anything up.
pub(crate) fn text(template: &str, values: serde_json::Value) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let values = Value::from(minijinja::value::Serde(marked_down(values)));
    let mut text = environment.render_str(template, values)?;
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    Ok(format!("{}\n", text.trim_end()))
}

/// The same values with their texts escaped.
fn marked_down(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Json::String(text) => Json::String(escaped(&text)),
        Json::Array(all) => Json::Array(all.into_iter().map(marked_down).collect()),
        Json::Object(all) => {
            Json::Object(all.into_iter().map(|(key, value)| (key, marked_down(value))).collect())
        }
        other => other,
    }
}

/// Text that Markdown shows as it is, in one line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '|' | '*' | '_' | '[' | ']' | '`' | '#' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            other => out.push(other),
        }
    }
    out
}

/// Fills a template with values, of which the unsafe ones are escaped as HTML.
pub(crate) fn fill(template: &str, values: Value) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    Ok(environment.render_str(template, values)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_markdown_marks_up() {
        let filled = text("| {{ a }} |", serde_json::json!({ "a": "x|y*_`<b>[l](u)\n#" }));
        assert_eq!(filled.unwrap(), "| x\\|y\\*\\_\\`&lt;b&gt;\\[l\\](u) \\# |\n");
    }

    #[test]
    fn what_is_put_into_a_template_is_escaped() {
        let html = part("<p>{{ name }}</p>", serde_json::json!({ "name": "<b>\"&" })).unwrap();
        assert_eq!(html, "<p>&lt;b&gt;&quot;&amp;</p>");
    }
}
