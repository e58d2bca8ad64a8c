//! What a universe of today's survivors would have kept of the candidates.

use serde::Serialize;
use walkfolio_analysis::format::{count, percent};
use walkfolio_record::{Count, Survivors};

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::head::survivors as sentence;
use crate::page::part;
use crate::summary::Summary;

const TEMPLATE: &str = include_str!("survivors.html");

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "survivors", title: "Survivorship bias", script: "", draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Drawn::of(summary.run.manifest.survivors.as_ref(), section)
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

/// Writes the section; empty where every candidate survives.
fn section(found: &Survivors) -> Result<Drawn> {
    let decision =
        |label: &str, at: &Count| row(format!("{label}, {}", at.date), at.candidates, at.survivors);
    let rows = vec![
        row("Any decision".to_owned(), found.candidates, found.survivors),
        decision("First decision", &found.first),
        decision("Last decision", &found.last),
        row("Held after a decision".to_owned(), found.held, found.held_survivors),
    ];
    let lost = found.held - found.held_survivors;
    let held = match lost {
        0 => "Every asset that was held survives".to_owned(),
        _ => format!(
            "{} of the {} assets that were held do not survive, and a study of survivors could not have held them",
            count(lost as f64),
            count(found.held as f64)
        ),
    };
    Ok(Drawn::section(part(TEMPLATE, Section { sentence: sentence(found), held, rows })?))
}

fn row(label: String, candidates: usize, survivors: usize) -> Row {
    let share = if candidates == 0 { 0.0 } else { survivors as f64 / candidates as f64 };
    Row {
        label,
        candidates: count(candidates as f64),
        survivors: count(survivors as f64),
        share: percent(share),
    }
}
