//! The efficient frontier of the last decision.

use serde::Serialize;
use walkfolio_analysis::efficient::{EfficientFrontier, Portfolio};
use walkfolio_analysis::format::{count, counted, decimals, percent, short};

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("efficient.html");

/// The section.
pub(crate) const CHART: RunChart = Chart {
    id: "efficient",
    title: "Efficient frontier",
    script: include_str!("efficient.js"),
    draw,
};

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.efficient_frontier.as_ref(), |found| {
        Drawn::section(section(found)?).with("efficient", &charts(found))
    })
}

/// Weights that a row names.
const NAMED: usize = 8;

/// What the chart is drawn from.
#[derive(Debug, Serialize)]
struct Charts {
    line: Vec<(Option<f64>, Option<f64>)>,
    corners: Vec<Place>,
    chosen: Option<Place>,
    equal_weight: Option<Place>,
    assets: Vec<Place>,
}

/// A portfolio in the chart.
#[derive(Debug, Serialize)]
struct Place {
    name: String,
    x: Option<f64>,
    y: Option<f64>,
}

/// A portfolio in a table.
#[derive(Debug, Serialize, PartialEq)]
pub(crate) struct Row {
    name: String,
    risk_aversion: String,
    expected_return: String,
    volatility: String,
    weights: String,
}

fn section(found: &EfficientFrontier) -> Result<String> {
    let values = serde_json::json!({
        "date": found.date.to_string(),
        "sentence": sentence(found),
        "rows": rows(found),
    });
    part(TEMPLATE, values)
}

/// What all frontiers of a run are like.
pub(crate) fn sentence(found: &EfficientFrontier) -> String {
    let all = format!(
        "{} with a frontier, of {} corners on average",
        counted(found.decisions, "decision"),
        decimals(found.mean_corners, 1)
    );
    match found.off {
        0 => format!("{all}."),
        off => format!(
            "{all}; on {} of them no portfolio has what the study asks for.",
            count(off as f64)
        ),
    }
}

/// Corners, the chosen portfolio in its place among them, and what is not on the frontier.
pub(crate) fn rows(found: &EfficientFrontier) -> Vec<Row> {
    let mut rows = Vec::new();
    for corner in &found.corners {
        rows.push(row(format!("Corner {}", corner.corner), corner, "∞"));
        let chosen = found.chosen.iter().filter(|chosen| chosen.corner == corner.corner);
        rows.extend(chosen.map(|chosen| row("Chosen".to_owned(), chosen, "∞")));
    }
    let equal = found.equal_weight.iter();
    rows.extend(equal.map(|equal| row("Equal weight".to_owned(), equal, "")));
    rows.extend(found.assets.iter().map(|asset| row(name(asset), asset, "")));
    rows
}

fn row(name: String, portfolio: &Portfolio, without: &str) -> Row {
    let aversion = portfolio.risk_aversion.map(|aversion| decimals(aversion, 2));
    let weights = &portfolio.weights;
    let mut named: Vec<String> = weights
        .iter()
        .take(NAMED)
        .map(|(asset, weight)| format!("{asset} {}", percent(*weight)))
        .collect();
    if weights.len() > NAMED {
        named.push(format!("and {} more", weights.len() - NAMED));
    }
    Row {
        name,
        risk_aversion: aversion.unwrap_or_else(|| without.to_owned()),
        expected_return: percent(portfolio.expected_return),
        volatility: percent(portfolio.volatility),
        weights: named.join(", "),
    }
}

/// The name of an asset alone.
fn name(asset: &Portfolio) -> String {
    asset.weights.first().map_or_else(String::new, |(name, _)| name.clone())
}

/// What the chart is drawn from: six digits are enough for it.
fn charts(found: &EfficientFrontier) -> Charts {
    let place = |name: String, portfolio: &Portfolio| Place {
        name,
        x: short(portfolio.volatility),
        y: short(portfolio.expected_return),
    };
    let corner = |corner: &Portfolio| place(format!("corner {}", corner.corner), corner);
    Charts {
        line: found.line.iter().map(|(x, y)| (short(*x), short(*y))).collect(),
        corners: found.corners.iter().map(corner).collect(),
        chosen: found.chosen.as_ref().map(|chosen| place("chosen".to_owned(), chosen)),
        equal_weight: found.equal_weight.as_ref().map(|p| place("equal weight".to_owned(), p)),
        assets: found.assets.iter().map(|asset| place(name(asset), asset)).collect(),
    }
}
