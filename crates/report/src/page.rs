//! The shell around a page: script, style, data and policy.

use std::io::Read;
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use serde::Serialize;

use crate::chart::Sections;
use crate::{Error, Result};

const SHELL: &str = include_str!("../templates/shell.html");
const STYLE: &str = include_str!("../templates/style.css");
const COMMON: &str = include_str!("../templates/common.js");

const NAVIGATION: &str = include_str!("../templates/navigation.html");

/// Everything that makes one page differ from another.
pub(crate) struct Page<'a, D> {
    /// What the window is called.
    pub title: &'a str,
    /// What is above the sections: HTML that is already escaped.
    pub head: String,
    /// The sections, from top to bottom.
    pub sections: Sections,
    /// What is below them.
    pub foot: String,
    /// What all charts share.
    pub data: &'a D,
}

impl<D: Serialize> Page<'_, D> {
    /// The whole page.
    pub(crate) fn html(&self) -> Result<String> {
        let safe = |text: String| Value::from_safe_string(text);
        let Sections { parts, links, data, scripts } = &self.sections;
        let navigation = if links.is_empty() {
            String::new()
        } else {
            part(NAVIGATION, serde_json::json!({ "links": links }))?
        };
        let body = [self.head.as_str(), &navigation, &parts.concat(), &self.foot].concat();
        let filled = context! {
            title => self.title,
            style => safe(STYLE.to_owned()),
            body => safe(body),
            data => safe(block(self.data, data)?),
            plotting => plotting()?,
            common => safe(COMMON.to_owned()),
            script => safe(format!("\"use strict\";\n{}", scripts.concat())),
        };
        fill(SHELL, filled)
    }
}

/// The style of every page.
pub(crate) fn style() -> &'static str {
    STYLE
}

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

fn fill(template: &str, values: Value) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    Ok(environment.render_str(template, values)?)
}

/// JSON that can be inside a script element: nothing in it can end the element. What all charts
/// share is an object, and the data of each chart a further key of it.
fn block(shared: &impl Serialize, charts: &[(&str, String)]) -> Result<String> {
    let mut text = serde_json::to_string(shared)?;
    if text.ends_with('}') {
        text.pop();
        for (key, data) in charts {
            let comma = if text.ends_with('{') { "" } else { "," };
            text.extend([comma, "\"", key, "\":", data]);
        }
        text.push('}');
    }
    Ok(text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

/// The plotting library's source, which the build has deflated.
fn plotting() -> Result<Value> {
    const DEFLATED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/plotly.js.gz"));
    static SOURCE: OnceLock<Option<Value>> = OnceLock::new();
    let source = SOURCE.get_or_init(|| {
        let mut script = String::new();
        GzDecoder::new(DEFLATED).read_to_string(&mut script).ok()?;
        Some(Value::from_safe_string(script))
    });
    source.clone().ok_or(Error::NoPlotting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_its_script() {
        let block = block(&["</script><!--"], &[]).unwrap();
        assert!(!block.contains('<'));
        assert_eq!(serde_json::from_str::<Vec<String>>(&block).unwrap(), ["</script><!--"]);
    }

    #[test]
    fn the_data_of_each_chart_is_a_key() {
        let shared = serde_json::json!({ "study": "a" });
        let text = block(&shared, &[("b", "[1]".to_owned())]).unwrap();
        assert_eq!(text, r#"{"study":"a","b":[1]}"#);
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
