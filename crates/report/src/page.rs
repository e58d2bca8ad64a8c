//! The shell around a page: script, style, data and policy.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use minijinja::context;
use minijinja::value::Value;
use serde::Serialize;

use crate::Result;
use crate::base64::encoded;
use crate::chart::Sections;
use crate::template::{fill, part};

const SHELL: &str = include_str!("../templates/shell.html");
const STYLE: &str = include_str!("../templates/style.css");
const COMMON: &str = include_str!("../templates/common.js");

const NAVIGATION: &str = include_str!("../templates/navigation.html");

/// The plotting library, deflated by the build.
const PLOTTING: &str = include_str!(concat!(env!("OUT_DIR"), "/plotly.js.gz.txt"));
/// How hard the data of a page are deflated: the last tenth of their size would take most of the time.
const PACKING: u32 = 6;

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
        let Sections { html, contents, data, scripts } = &self.sections;
        let has_contents = contents.iter().any(|part| !part.is_empty());
        let navigation = if has_contents {
            part(NAVIGATION, serde_json::json!({ "title": self.title, "parts": contents }))?
        } else {
            String::new()
        };
        let body = [self.head.as_str(), &html.concat(), &self.foot].concat();
        let filled = context! {
            title => self.title,
            style => safe(STYLE.to_owned()),
            navigation => safe(navigation),
            body => safe(body),
            data => safe(packed(&block(self.data, data)?)?),
            plotting => safe(PLOTTING.to_owned()),
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

/// The data of a page as JSON: what all charts share is an object, and the data of each chart a further
/// key of it.
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
    Ok(text)
}

/// A text deflated, as letters of which none can end a script element.
fn packed(text: &str) -> Result<String> {
    let mut deflated = GzEncoder::new(Vec::new(), Compression::new(PACKING));
    deflated.write_all(text.as_bytes())?;
    Ok(encoded(&deflated.finish()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(text: &str) -> String {
        let value = |letter: u8| match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        let letters: Vec<u8> = text.bytes().filter(|letter| *letter != b'=').collect();
        let bytes = letters.chunks(4).flat_map(|four| {
            let bits = four.iter().fold(0_u32, |bits, one| bits << 6 | u32::from(value(*one)));
            let bits = bits << (6 * (4 - four.len()));
            let bytes = bits.to_be_bytes();
            bytes[1..].iter().copied().take(four.len() * 3 / 4).collect::<Vec<u8>>()
        });
        let mut out = String::new();
        let bytes: Vec<u8> = bytes.collect();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut out)
            .unwrap();
        out
    }

    #[test]
    fn packed_data_cannot_end_their_script_and_are_read_back() {
        for text in ["</script><!--", "", "a", "ab", "äöü&"] {
            let found = packed(text).unwrap();
            assert!(found.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b)));
            assert_eq!(unpacked(&found), text);
        }
    }

    #[test]
    fn the_data_of_each_chart_is_a_key() {
        let shared = serde_json::json!({ "study": "a" });
        let text = block(&shared, &[("b", "[1]".to_owned())]).unwrap();
        assert_eq!(text, r#"{"study":"a","b":[1]}"#);
    }

    #[test]
    fn the_plotting_library_comes_alone() {
        let source = unpacked(PLOTTING);
        assert!(source.contains("plotly.js v3") && !source.contains("MathJax.loader"));
        assert!(PLOTTING.len() < 2_000_000, "{} bytes", PLOTTING.len());
    }
}
