//! What a universe of today's survivors would have kept of the candidates.

use serde::Serialize;
use walkfolio_record::{Count, Manifest, Survivors};

use crate::Result;
use crate::page::part;
use walkfolio_analysis::format::{count, percent};

const TEMPLATE: &str = include_str!("../templates/survivors.html");

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
pub(crate) fn section(manifest: &Manifest) -> Result<String> {
    let Some(found) = &manifest.survivors else { return Ok(String::new()) };
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
    part(TEMPLATE, Section { sentence: sentence(found), held, rows })
}

/// The statement in one line.
pub(crate) fn sentence(found: &Survivors) -> String {
    format!(
        "{} candidates, of which a universe of survivors would have kept {}",
        count(found.candidates as f64),
        count(found.survivors as f64)
    )
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
