//! Returns in known episodes of stress.

use walkfolio_analysis::format::{UNDEFINED, percent};
use walkfolio_analysis::track::EpisodeReturn;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("episodes.html");
/// The section.
pub(crate) const CHART: RunChart = Chart { id: "episodes", title: "Episodes", script: "", draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let found = &summary.found.track.episodes;
    if found.is_empty() {
        return Ok(Drawn::default());
    }
    let benchmark = summary.run.manifest.benchmark.as_deref();
    let values = serde_json::json!({
        "benchmark": benchmark.filter(|_| found.iter().any(|one| one.benchmark.is_some())),
        "rows": found.iter().map(row).collect::<Vec<_>>(),
    });
    Ok(Drawn::section(part(TEMPLATE, values)?))
}

fn row(found: &EpisodeReturn) -> serde_json::Value {
    let shown = |value: Option<f64>| value.map_or_else(|| UNDEFINED.to_owned(), percent);
    serde_json::json!({
        "name": found.name,
        "first": found.first.to_string(),
        "last": found.last.to_string(),
        "own": percent(found.own),
        "benchmark": shown(found.benchmark),
        "difference": shown(found.benchmark.map(|other| found.own - other)),
        "worst": percent(found.max_drawdown),
    })
}
