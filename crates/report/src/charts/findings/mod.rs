//! What speaks for and against a run or a grid beside its assessment, and what its ledger warns of.

use walkfolio_analysis::alerts::Alerts;
use walkfolio_analysis::assessment::Assessment;

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary, RunChart};
use crate::model_words;
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("findings.html");

/// The section.
pub(crate) const CHART: RunChart = Chart { id: "findings", title: "Findings", script: "", draw };

/// The section.
pub(crate) const GRID: GridChart =
    Chart { id: "findings", title: "Findings", script: "", draw: draw_grid };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let alerts = Alerts::of(summary.run.ledger.iter().map(|row| (None, row)));
    let model = summary.found.model.as_ref().map(model_words::assessment);
    section(&summary.found.assessment, alerts.as_ref(), model.as_deref())
}

fn draw_grid(summary: &GridSummary<'_>) -> Result<Drawn> {
    let alerts = Alerts::of(summary.grid.ledger.iter().map(|(cell, row)| (*cell, row)));
    section(&summary.found.assessment, alerts.as_ref(), None)
}

fn section(found: &Assessment, alerts: Option<&Alerts>, model: Option<&str>) -> Result<Drawn> {
    // The sentence of the model says it with its figures.
    let told =
        |text: &str| model.is_some() && text.starts_with("The classifier does not add value");
    let findings: Vec<_> = found.others().into_iter().filter(|one| !told(&one.text)).collect();
    if findings.is_empty() && alerts.is_none() && model.is_none() {
        return Ok(Drawn::default());
    }
    let values = serde_json::json!({ "findings": findings, "alerts": alerts, "model": model });
    Ok(Drawn::section(part(TEMPLATE, values)?))
}
