//! How long a portfolio was below its highest value.

use serde::Serialize;
use walkfolio_analysis::format::count;
use walkfolio_analysis::format::measure;
use walkfolio_analysis::growth::Wealth;
use walkfolio_analysis::measure::definition;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("underwater.html");
/// The measure in the caption.
const ULCER: &str = "ulcer_index";
/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "underwater", title: "Underwater", script: include_str!("underwater.js"), draw };

#[derive(Serialize)]
struct Lines<'a> {
    portfolio: &'a [usize],
    benchmark: Option<&'a [usize]>,
}

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let growth = &summary.found.growth;
    let longest = growth.portfolio.longest_underwater();
    let others = growth.benchmark.as_ref().map_or(0, Wealth::longest_underwater);
    if longest.max(others) == 0 {
        return Ok(Drawn::default());
    }
    let ulcer =
        definition(ULCER).map(|found| measure(found.unit, summary.run.measures.full.get(ULCER)));
    let values = serde_json::json!({
        "Periods": summary.periods(),
        "longest": count(longest as f64),
        "benchmark": summary.run.manifest.benchmark.as_deref().filter(|_| growth.benchmark.is_some()),
        "ulcer": ulcer,
    });
    let lines = Lines {
        portfolio: &growth.portfolio.underwater,
        benchmark: growth.benchmark.as_ref().map(|found| found.underwater.as_slice()),
    };
    Drawn::section(part(TEMPLATE, values)?).with("underwater", &lines)
}
