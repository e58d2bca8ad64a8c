//! The assessment of a run or a grid, at the top of its page.

use walkfolio_analysis::assessment::Assessment;

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("assessment.html");

/// The section.
pub(crate) const CHART: RunChart = Chart { id: "assessment", title: "", script: "", draw };

/// The section.
pub(crate) const GRID: GridChart =
    Chart { id: "assessment", title: "", script: "", draw: draw_grid };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    section(&summary.found.assessment)
}

fn draw_grid(summary: &GridSummary<'_>) -> Result<Drawn> {
    section(&summary.found.assessment)
}

/// Writes the section.
fn section(found: &Assessment) -> Result<Drawn> {
    let values = serde_json::json!({ "tone": found.tone, "sentence": found.sentence });
    Ok(Drawn::section(part(TEMPLATE, values)?))
}
