//! The same study on other days, in other histories, and through episodes and shocks.

use std::fmt::Write;

use serde::Serialize;
use walkfolio_analysis::Unit;
use walkfolio_analysis::format::{UNDEFINED, brief, count, decimals, measure, percent};
use walkfolio_analysis::robustness::{Robustness, Scenario, Spread, Variants};

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("robustness.html");

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "robustness", title: "Robustness", script: include_str!("robustness.js"), draw };

/// Assets that a scenario names.
const NAMED: usize = 3;

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.robustness.as_ref(), |found| {
        let html = part(TEMPLATE, text(found, summary.run.manifest.benchmark.as_deref()))?;
        Drawn::section(html).with("robustness", &charts(found))
    })
}

/// One line of a table.
#[derive(Debug, Serialize)]
struct Line {
    name: String,
    values: Vec<String>,
}

/// A histogram to be drawn.
#[derive(Debug, Serialize)]
struct Bars {
    id: &'static str,
    label: &'static str,
    unit: &'static str,
    own: Option<f64>,
    values: Vec<Option<f64>>,
}

/// What a page and a text say.
pub(crate) fn text(found: &Robustness, benchmark: Option<&str>) -> serde_json::Value {
    let kinds = [
        (&found.start_dates, "chart-start-dates", "Moved decisions", "offsets of the schedule"),
        (&found.worlds, "chart-worlds", "Resampled histories", "resampled histories"),
    ];
    let kinds = kinds.into_iter().filter_map(|(variants, chart, title, of)| {
        let one = variants.as_ref()?;
        Some(serde_json::json!({
            "chart": chart,
            "title": title,
            "sentence": sentence(one, of),
            "rows": one.measures.iter().map(line).collect::<Vec<_>>(),
        }))
    });
    serde_json::json!({
        "benchmark": benchmark,
        "kinds": kinds.collect::<Vec<_>>(),
        "stress": found.stress.iter().map(scenario).collect::<Vec<_>>(),
    })
}

fn sentence(found: &Variants, of: &str) -> String {
    let mut text = format!("{} {of}", count(found.count as f64));
    if found.failed > 0 {
        let _ = write!(text, "; {} more failed", count(found.failed as f64));
    }
    if found.wiped_out > 0 {
        let _ = write!(text, "; in {} equity fell to zero", count(found.wiped_out as f64));
    }
    let first = found.measures.first();
    let spread = first.map(|one| {
        format!(
            ". {}: from {} to {}, a standard deviation of {}",
            one.label,
            measure(one.unit, Some(one.min)),
            measure(one.unit, Some(one.max)),
            measure(one.unit, Some(one.standard_deviation))
        )
    });
    format!("{text}{}.", spread.unwrap_or_default())
}

fn line(one: &Spread) -> Line {
    let shown = |value: f64| measure(one.unit, Some(value));
    let values = vec![
        measure(one.unit, one.own),
        shown(one.mean),
        shown(one.standard_deviation),
        shown(one.min),
        shown(one.p5),
        shown(one.median),
        shown(one.p95),
        shown(one.max),
        one.worse.map_or_else(
            || UNDEFINED.to_owned(),
            |share| format!("{} %", decimals(100.0 * share, 0)),
        ),
    ];
    Line { name: one.label.to_owned(), values }
}

fn scenario(one: &Scenario) -> Line {
    let shown = |value: Option<f64>| value.map_or_else(|| UNDEFINED.to_owned(), percent);
    let at = |pair: Option<(walkfolio_analysis::Date, f64)>| {
        pair.map_or_else(
            || UNDEFINED.to_owned(),
            |(date, value)| format!("{} ({date})", percent(value)),
        )
    };
    let losses = one.assets.iter().filter_map(|(name, _, _, part)| Some((name, (*part)?)));
    let losses: Vec<String> = losses
        .filter(|(_, part)| *part < 0.0)
        .take(NAMED)
        .map(|(name, part)| format!("{name} {}", percent(part)))
        .collect();
    let values = vec![
        shown(one.last),
        shown(one.benchmark),
        percent(one.covered),
        shown(one.mean),
        at(one.worst),
        at(one.best),
        losses.join(", "),
    ];
    Line { name: one.name.clone(), values }
}

fn charts(found: &Robustness) -> Vec<Bars> {
    let kinds = [
        ("chart-start-dates", found.start_dates.as_ref(), ["annual_return", "tracking_error"]),
        ("chart-worlds", found.worlds.as_ref(), ["sharpe_ratio", "tracking_error"]),
    ];
    let bars = |(id, variants, keys): (&'static str, Option<&Variants>, [&str; 2])| {
        let measures = &variants?.measures;
        let one = measures.iter().find(|one| keys.contains(&one.key))?;
        Some(Bars {
            id,
            label: one.label,
            unit: if one.unit == Unit::Percent { "percent" } else { "number" },
            own: one.own.and_then(brief),
            values: one.values.iter().map(|value| brief(*value)).collect(),
        })
    };
    kinds.into_iter().filter_map(bars).collect()
}
