//! What a universe of today's survivors would have kept of the candidates.

use serde::Serialize;
use walkfolio_analysis::format::{count, percent};
use walkfolio_analysis::survivorship::{AtDecision, Share, Survivorship};
use walkfolio_record::Survivors;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::head::survivors as sentence;
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("survivors.html");

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "survivors", title: "Survivorship bias", script: "", draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let both = summary.run.manifest.survivors.as_ref().zip(summary.found.survivorship.as_ref());
    Drawn::of(both, |(counted, found)| section(counted, found))
}

#[derive(Serialize)]
struct Section {
    sentence: String,
    held: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    label: String,
    candidates: String,
    survivors: String,
    share: String,
}

/// Writes the section.
fn section(counted: &Survivors, found: &Survivorship) -> Result<Drawn> {
    let decision = |label: &str, at: &AtDecision| row(format!("{label}, {}", at.date), &at.share);
    let rows = vec![
        row("Any decision".to_owned(), &found.any),
        decision("First decision", &found.first),
        decision("Last decision", &found.last),
        row("Held after a decision".to_owned(), &found.held),
    ];
    let held = match found.held_lost {
        0 => "Every asset that was held survives".to_owned(),
        lost => format!(
            "{} of the {} assets that were held do not survive, and a study of survivors could not have held them",
            count(lost as f64),
            count(found.held.assets as f64)
        ),
    };
    Ok(Drawn::section(part(TEMPLATE, Section { sentence: sentence(counted), held, rows })?))
}

fn row(label: String, found: &Share) -> Row {
    Row {
        label,
        candidates: count(found.assets as f64),
        survivors: count(found.survivors as f64),
        share: percent(found.share.unwrap_or(0.0)),
    }
}
