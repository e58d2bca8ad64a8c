//! Pages taken apart.

// Each file of tests takes the parts it needs; helpers outside of test functions unwrap too.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use serde_json::Value;

/// The page without the plotting library, which is not ours.
pub fn own(html: &str) -> String {
    let (before, rest) = html.split_once("<script>").unwrap();
    let (_, after) = rest.split_once("</script>").unwrap();
    format!("{before}{after}")
}

/// One section.
pub fn section<'a>(html: &'a str, id: &str) -> &'a str {
    let start = html.find(&format!("<section id=\"{id}\"")).expect(id);
    html[start..].split_once("</section>").unwrap().0
}

/// What the charts are drawn from.
pub fn data(html: &str) -> Value {
    let (_, rest) = html.split_once("id=\"data\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}
