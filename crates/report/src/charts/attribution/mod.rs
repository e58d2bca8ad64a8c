//! Exposures to factors over time, and which part of the returns they explain.

use serde::Serialize;
use walkfolio_analysis::attribution::{Attribution, Explained};
use walkfolio_analysis::format::{UNDEFINED, brief, decimals, percent};
use walkfolio_analysis::line::Line;
use walkfolio_analysis::period::Period;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::period::range;
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("attribution.html");

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "attribution", title: "Attribution", script: include_str!("attribution.js"), draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let found = summary.found;
    Drawn::of(found.attribution.as_ref(), |one| {
        let html = section(one, &found.periods, found.periods_per_year)?;
        Drawn::section(html).with("attribution", &charts(one))
    })
}

/// A t statistic from here on is rarely chance.
const TELLING: f64 = 1.96;

/// What the charts are drawn from.
#[derive(Debug, Serialize)]
struct Charts {
    factors: Vec<String>,
    dates: Vec<String>,
    /// By factor, the exposure of the window that ends with the session.
    exposures: Vec<Line>,
    /// Sums up to each session: cash, every factor, what is specific, and the return.
    parts: Vec<Part>,
}

/// One part of the returns, summed.
#[derive(Debug, Serialize)]
struct Part {
    name: String,
    values: Line,
}

#[derive(Serialize)]
struct Row {
    name: String,
    range: String,
    loadings: Vec<Loading>,
    r_squared: String,
    parts: Vec<String>,
    total: String,
}

#[derive(Serialize)]
struct Loading {
    value: String,
    t: String,
}

/// What the charts are drawn from.
fn charts(found: &Attribution) -> Charts {
    let line = |line: &Line| -> Line { line.iter().map(|value| value.and_then(brief)).collect() };
    let names = ["cash".to_owned()].into_iter().chain(found.factors.iter().cloned());
    let names = names.chain(["specific".to_owned(), "return".to_owned()]);
    Charts {
        factors: found.factors.clone(),
        dates: found.dates.iter().map(ToString::to_string).collect(),
        exposures: found.exposures.iter().map(line).collect(),
        parts: names
            .zip(&found.sums)
            .map(|(name, values)| Part { name, values: line(values) })
            .collect(),
    }
}

/// Writes the section, with a row for each period that is long enough.
fn section(found: &Attribution, periods: &[Period], year: f64) -> Result<String> {
    let known = periods.iter().zip(&found.periods);
    let rows: Vec<Row> =
        known.filter_map(|(period, found)| Some(row(period, found.as_ref()?))).collect();
    let values = serde_json::json!({
        "factors": found.factors,
        "rows": rows,
        "window": found.window,
        "sentence": found.all.as_ref().map(sentence),
        "periods_per_year": year.to_string(),
    });
    part(TEMPLATE, values)
}

/// Which part of the mean return the factors explain, in a sentence.
fn sentence(all: &Explained) -> String {
    let words = match all.specific_t {
        Some(t) if t.abs() >= TELLING => "which is significant",
        _ => "which is not significantly different from zero",
    };
    format!(
        "Of a mean return of {} a year, factors explain {}, cash {}, and {} are specific (t = {}), {words}.",
        percent(all.total),
        percent(all.factors.iter().sum()),
        percent(all.cash),
        percent(all.specific),
        all.specific_t.map_or_else(|| UNDEFINED.to_owned(), |t| decimals(t, 2)),
    )
}

fn row(period: &Period, found: &Explained) -> Row {
    let dash = || UNDEFINED.to_owned();
    let loading = |(value, t): (&f64, &Option<f64>)| Loading {
        value: decimals(*value, 2),
        t: t.map_or_else(dash, |t| decimals(t, 1)),
    };
    let all = [found.specific].into_iter().chain(found.factors.iter().copied()).chain([found.cash]);
    Row {
        name: period.name().to_owned(),
        range: range(period),
        loadings: found.exposures.iter().zip(&found.exposure_t).map(loading).collect(),
        r_squared: found.r_squared.map_or_else(dash, |r| decimals(r, 2)),
        parts: all.map(percent).collect(),
        total: percent(found.total),
    }
}
