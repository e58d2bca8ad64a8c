//! The head of a page: what was run on which data, and what to beware of.

use serde::Serialize;
use walkfolio_analysis::alerts::Alerts;
use walkfolio_analysis::format::{count, counted};
use walkfolio_record::{Manifest, Status, Survivors, WIPED_OUT};

use crate::Result;
use crate::template::part;

const TEMPLATE: &str = include_str!("../templates/head.html");

#[derive(Serialize)]
struct Head<'a> {
    study: &'a str,
    kind: &'a str,
    facts: Vec<(&'a str, String)>,
    hash: &'a str,
    simulated: Option<&'a str>,
    ruined: Option<(String, &'a str)>,
    status: Option<&'a str>,
    alerts: Option<&'a Alerts>,
}

/// What the head says beside its manifest.
pub(crate) struct Top<'a> {
    /// What the page is of.
    pub kind: &'a str,
    /// How much there is, as "73 decisions".
    pub size: String,
    /// What the ledger warns of.
    pub alerts: Option<&'a Alerts>,
}

/// Writes the head.
pub(crate) fn head(manifest: &Manifest, top: Top<'_>) -> Result<String> {
    let status = match manifest.status {
        Status::Complete => None,
        other => Some(other.as_str()),
    };
    let head = Head {
        study: &manifest.study,
        kind: top.kind,
        facts: facts(manifest, top.size),
        hash: &manifest.hash,
        simulated: manifest.simulated(),
        ruined: manifest.ruined.map(|date| (date.to_string(), WIPED_OUT)),
        status,
        alerts: top.alerts,
    };
    part(TEMPLATE, head)
}

/// What was run on which data.
pub(crate) fn facts(manifest: &Manifest, size: String) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let (Some(first), Some(last)) = (manifest.first, manifest.last) {
        facts.push(("Period", format!("{first} to {last}")));
    }
    facts.push(("Size", size));
    if let Some(benchmark) = &manifest.benchmark {
        facts.push(("Benchmark", benchmark.clone()));
    }
    if let Some(found) = &manifest.survivors {
        facts.push(("Universe", survivors(found)));
    }
    facts.push(("Data", manifest.data_label()));
    facts.push(("Version", format!("walkfolio {}", manifest.version)));
    facts
}

/// How much of a study a run holds.
pub(crate) fn size(manifest: &Manifest) -> String {
    let assets = counted(manifest.assets.len(), "asset");
    format!("{} over {assets}", counted(manifest.decisions, "decision"))
}

/// The statement in one line.
pub(crate) fn survivors(found: &Survivors) -> String {
    format!(
        "{} candidates, of which a universe of survivors would have kept {}",
        count(found.candidates as f64),
        count(found.survivors as f64)
    )
}
