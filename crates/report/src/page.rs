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
    fn what_is_put_into_a_template_is_escaped() {
        let html = part("<p>{{ name }}</p>", serde_json::json!({ "name": "<b>\"&" })).unwrap();
        assert_eq!(html, "<p>&lt;b&gt;&quot;&amp;</p>");
    }
}
