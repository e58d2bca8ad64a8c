//! The assessment of a run or a grid, at the top of its page.

use walkfolio_analysis::assessment::Assessment;

use crate::Result;
use crate::page::part;

const TEMPLATE: &str = include_str!("../templates/verdict.html");

/// Writes the section: the gravest finding next to the label, the others below it.
pub(crate) fn section(found: &Assessment) -> Result<String> {
    let (first, findings) = found.sentences();
    let values = serde_json::json!({
        "tone": found.tone, "label": found.label, "first": first, "findings": findings,
    });
    part(TEMPLATE, values)
}
