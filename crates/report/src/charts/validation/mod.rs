//! How choices among the backtests do on sessions that they have not seen.

use walkfolio_analysis::format::{UNDEFINED, decimals, measure};
use walkfolio_analysis::measure::definition;
use walkfolio_analysis::validation::Validation;

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::template::part;

const TEMPLATE: &str = include_str!("validation.html");

/// The section.
pub(crate) const CHART: GridChart =
    Chart { id: "validation", title: "Cross-validation", script: "", draw };

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.cross_validation.as_ref(), |found| {
        Ok(Drawn::section(part(TEMPLATE, text(found))?))
    })
}

/// What a page and a text say.
pub(crate) fn text(found: &Validation) -> serde_json::Value {
    let known = definition(&found.criterion);
    let shown = |value: Option<f64>| {
        known.map_or_else(|| UNDEFINED.to_owned(), |definition| measure(definition.unit, value))
    };
    let share = found.same_choice.map(|share| format!("{} %", decimals(100.0 * share, 0)));
    serde_json::json!({
        "reason": found.reason,
        "label": known.map_or(found.criterion.as_str(), |definition| definition.label),
        "splits": found.splits,
        "paths": found.paths,
        "rows": [
            ("Best backtest, chosen on all sessions", shown(found.in_sample)),
            ("Paths of choices out of sample: mean", shown(found.mean)),
            ("Median", shown(found.median)),
            ("Minimum", shown(found.min)),
            ("Maximum", shown(found.max)),
            (
                "Choices that are that backtest",
                share.unwrap_or_else(|| UNDEFINED.to_owned()),
            ),
            ("Backtests that are chosen at least once", found.chosen_cells.to_string()),
        ],
    })
}
