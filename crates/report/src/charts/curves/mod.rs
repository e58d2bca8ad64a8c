//! Growth of the best and of the median backtest of a grid.

use serde::Serialize;
use walkfolio_analysis::curves::{Curve, Curves};
use walkfolio_analysis::format::{decimals, inside, measure, short};
use walkfolio_analysis::line::Line;
use walkfolio_analysis::measure::definition;

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::template::part;

const TEMPLATE: &str = include_str!("curves.html");
/// The section.
pub(crate) const CHART: GridChart =
    Chart { id: "curves", title: "Growth", script: include_str!("curves.js"), draw };

/// One line.
#[derive(Serialize)]
struct Drawing {
    role: &'static str,
    name: String,
    dates: Vec<String>,
    value: Line,
}

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.curves.as_ref(), |found| {
        let all = lines(found);
        let drawing = |(role, one): &(&'static str, &Curve)| Drawing {
            role,
            name: summary.axes.cell(one.cell),
            dates: one.dates.iter().map(ToString::to_string).collect(),
            value: one.value.iter().map(|value| value.and_then(short)).collect(),
        };
        let drawings: Vec<Drawing> = all.iter().map(drawing).collect();
        Drawn::section(section(summary, found)?).with("curves", &drawings)
    })
}

fn lines(found: &Curves) -> Vec<(&'static str, &Curve)> {
    let best = std::iter::once(("best", &found.best));
    best.chain(found.median.iter().map(|median| ("median", median))).collect()
}

fn section(summary: &GridSummary<'_>, found: &Curves) -> Result<String> {
    let Some(of) = definition(found.measure) else { return Ok(String::new()) };
    let row = |(role, one): (&'static str, &Curve)| {
        let last = one.value.iter().rev().find_map(|value| *value);
        serde_json::json!({
            "role": role,
            "number": one.cell + 1,
            "name": summary.axes.cell(one.cell),
            "figure": measure(of.unit, Some(one.figure)),
            "last": last.map(|value| format!("${}", decimals(value, 2))),
            "until": one.dates.last().map(ToString::to_string),
        })
    };
    let rows: Vec<_> = lines(found).into_iter().map(row).collect();
    part(TEMPLATE, serde_json::json!({ "measure": inside(of.label), "rows": rows }))
}
