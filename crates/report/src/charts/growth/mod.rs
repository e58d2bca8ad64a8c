//! Growth of $100 and drawdown.

use serde::Serialize;
use walkfolio_analysis::format::decimals;
use walkfolio_analysis::growth::Growth;

use crate::Result;
use crate::bands::{Band, bands};
use crate::chart::{Chart, Drawn, RunChart};
use crate::first_allocation::reason;
use crate::page::part;
use crate::summary::Summary;
use crate::wealth::WealthLines;

const TEMPLATE: &str = include_str!("growth.html");
/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "growth", title: "Growth", script: include_str!("growth.js"), draw };

#[derive(Serialize)]
struct Words<'a> {
    benchmark: Option<&'a str>,
    regimes: &'a [Band],
    sentence: Option<String>,
    reason: Option<String>,
}

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let manifest = &summary.run.manifest;
    let benchmark = manifest.benchmark.as_deref();
    let series = Series::of(&summary.found.growth);
    let words = Words {
        benchmark,
        regimes: &bands(manifest),
        sentence: series.sentence(&manifest.study, benchmark),
        reason: reason(summary.run),
    };
    Drawn::section(part(TEMPLATE, words)?).with("series", &series)
}

/// The lines of the first chart.
#[derive(Debug, Serialize)]
struct Series {
    dates: Vec<String>,
    portfolio: WealthLines,
    benchmark: Option<WealthLines>,
}

impl Series {
    /// The growth of a portfolio and, where there is one, of its benchmark.
    fn of(growth: &Growth) -> Self {
        Self {
            dates: growth.dates.iter().map(ToString::to_string).collect(),
            portfolio: WealthLines::of(&growth.portfolio),
            benchmark: growth.benchmark.as_ref().map(WealthLines::of),
        }
    }

    /// What became of the start, in a sentence.
    fn sentence(&self, study: &str, benchmark: Option<&str>) -> Option<String> {
        let end = |growth: &WealthLines| growth.value.iter().rev().find_map(|value| *value);
        let own = end(&self.portfolio)?;
        let beside = self.benchmark.as_ref().and_then(end).zip(benchmark);
        let beside = beside.map_or(String::new(), |(value, name)| {
            format!(" and ${} in {name}", decimals(value, 2))
        });
        let last = self.dates.last()?;
        let first = self.dates.first()?;
        Some(format!(
            "$100 at the first allocation, {first}, had become ${} in {study}{beside} by {last}.",
            decimals(own, 2)
        ))
    }
}
