//! The shell around a page: script, style, data and policy.

use std::sync::OnceLock;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use plotly::Plot;
use serde::Serialize;

use crate::{Error, Result};

const SHELL: &str = include_str!("../templates/shell.html");
const STYLE: &str = include_str!("../templates/style.css");
const COMMON: &str = include_str!("../templates/common.js");

/// Everything that makes one page differ from another.
pub(crate) struct Page<'a, D> {
    /// What the window is called.
    pub title: &'a str,
    /// Its parts, from top to bottom: HTML that is already escaped.
    pub parts: &'a [String],
    /// What the charts are drawn from.
    pub data: &'a D,
    /// The scripts that draw them, in order.
    pub scripts: &'a [&'static str],
}

impl<D: Serialize> Page<'_, D> {
    /// The whole page.
    pub(crate) fn html(&self) -> Result<String> {
        let safe = |text: String| Value::from_safe_string(text);
        let filled = context! {
            title => self.title,
            style => safe(STYLE.to_owned()),
            body => safe(self.parts.concat()),
            data => safe(block(self.data)?),
            plotting => plotting()?,
            common => safe(COMMON.to_owned()),
            script => safe(self.scripts.concat()),
        };
        fill(SHELL, filled)
    }
}

/// Fills a template; all that is put in is escaped.
pub(crate) fn part(template: &str, values: impl Serialize) -> Result<String> {
    fill(template, Value::from(minijinja::value::Serde(values)))
}

/// The section of what is there; nothing of what is not.
pub(crate) fn shown<T>(
    found: Option<T>,
    section: impl FnOnce(T) -> Result<String>,
) -> Result<String> {
    found.map_or_else(|| Ok(String::new()), section)
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

fn fill(template: &str, values: Value) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    Ok(environment.render_str(template, values)?)
}

/// JSON that can stand inside a script element: nothing in it can end the element.
fn block(data: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(data)?;
    Ok(text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

/// The plotting library's source, without the typesetter that comes with it.
fn plotting() -> Result<Value> {
    static SOURCE: OnceLock<Option<Value>> = OnceLock::new();
    let source = SOURCE.get_or_init(|| {
        let all = Plot::offline_js_sources();
        let (_, rest) = all.split_once("<script type=\"text/javascript\">")?;
        let (script, _) = rest.split_once("</script>")?;
        script.contains("plotly.js v").then(|| Value::from_safe_string(script.to_owned()))
    });
    source.clone().ok_or(Error::NoPlotting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_its_script() {
        let block = block(&["</script><!--"]).unwrap();
        assert!(!block.contains('<'));
        assert_eq!(serde_json::from_str::<Vec<String>>(&block).unwrap(), ["</script><!--"]);
    }

    #[test]
    fn the_plotting_library_comes_alone() {
        let source = plotting().unwrap().to_string();
        assert!(source.contains("plotly.js v3"));
        assert!(source.len() < 5_000_000, "{} bytes", source.len());
    }

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
