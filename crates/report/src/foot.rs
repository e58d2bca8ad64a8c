//! The foot of a page: how it came about, down to the bytes.

use serde::Serialize;
use walkfolio_analysis::format::{count, seconds};
use walkfolio_record::Manifest;

use crate::Result;
use crate::template::part;

const TEMPLATE: &str = include_str!("../templates/foot.html");

/// Whether a study made what a page shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Studied {
    Yes,
    No,
}

#[derive(Serialize)]
struct Foot<'a> {
    studied: bool,
    resolved: String,
    sources: Vec<Source<'a>>,
    stages: Vec<(&'static str, String)>,
    started: String,
    threads: usize,
    version: &'a str,
    hash: &'a str,
}

#[derive(Serialize)]
struct Source<'a> {
    role: &'a str,
    name: &'a str,
    format: &'a str,
    sha256: &'a str,
    range: String,
    rows: String,
    vintage: Option<&'a str>,
}

/// Writes the foot. A series that no study made has neither a study nor times.
pub(crate) fn foot(manifest: &Manifest, studied: Studied) -> Result<String> {
    let sources = manifest.sources.iter().map(|source| Source {
        role: &source.role,
        name: &source.name,
        format: &source.format,
        sha256: &source.sha256,
        range: source.range(),
        rows: count(source.rows as f64),
        vintage: source.vintage.as_deref(),
    });
    let taken = manifest.seconds;
    let stages =
        [("decide", taken.decide), ("simulate", taken.simulate), ("measure", taken.measure)];
    part(
        TEMPLATE,
        Foot {
            studied: studied == Studied::Yes,
            resolved: serde_json::to_string_pretty(&manifest.resolved.to_json())?,
            sources: sources.collect(),
            // A grid's backtests are simulated and measured as a part of being decided.
            stages: stages
                .into_iter()
                .filter(|(_, value)| *value > 0.0)
                .map(|(stage, value)| (stage, seconds(value)))
                .collect(),
            started: manifest.started.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            threads: manifest.threads,
            version: &manifest.version,
            hash: &manifest.hash,
        },
    )
}
