//! The page of one backtest.

use serde::Serialize;
use walkfolio_analysis::Findings;
use walkfolio_analysis::alerts::Alerts;
use walkfolio_record::Run;

use crate::Result;
use crate::bands::{Band, bands};
use crate::chart::{RunPart, Sections};
use crate::charts::RUN;
use crate::foot::foot;
use crate::head::{Top, head, size};
use crate::page::Page;
use crate::summary::Summary;

/// What all charts share over time: the range in view, and the shades of the regimes.
const TIMELINE: &str = include_str!("../templates/timeline.js");

#[derive(Serialize)]
struct Data<'a> {
    study: &'a str,
    benchmark: Option<&'a str>,
    regimes: Vec<Band>,
    /// What a period of its returns is called, of several.
    periods: String,
}

/// Writes the report of a backtest as one HTML page that needs nothing else.
///
/// # Errors
/// [`Error::Template`](crate::Error::Template) or [`Error::Data`](crate::Error::Data) if the page
/// cannot be put together.
pub fn html(run: &Run) -> Result<String> {
    page(&Summary::of(run, &Findings::of(run)))
}

/// The page of a run that is summed up already.
pub(crate) fn page(summary: &Summary<'_>) -> Result<String> {
    let manifest = &summary.run.manifest;
    let alerts = Alerts::of(summary.run.ledger.iter().map(|row| (None, row)));
    let top = Top { kind: "Backtest", size: size(manifest), alerts: alerts.as_ref() };
    page_of(summary, RUN, head(manifest, top)?)
}

/// A page of some parts.
pub(crate) fn page_of(summary: &Summary<'_>, parts: &[RunPart], head: String) -> Result<String> {
    let manifest = &summary.run.manifest;
    let mut sections = Sections::of(parts, |chart| (chart.draw)(summary))?;
    sections.scripts.insert(0, TIMELINE);
    let data = Data {
        study: &manifest.study,
        benchmark: manifest.benchmark.as_deref(),
        regimes: bands(manifest),
        periods: summary.periods().to_lowercase(),
    };
    let foot = foot(manifest, summary.studied())?;
    Page { title: &manifest.study, head, sections, foot, data: &data }.html()
}
