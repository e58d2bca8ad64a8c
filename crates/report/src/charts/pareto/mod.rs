//! Which backtests of a grid no other beats in two measures at once.

use serde::Serialize;
use walkfolio_analysis::axes::Axes;
use walkfolio_analysis::format::{counted, inside, measure, short};
use walkfolio_analysis::line::Line;
use walkfolio_analysis::measure::definition;
use walkfolio_analysis::pareto::Pareto;
use walkfolio_analysis::{Definition, Unit};

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::template::part;

const TEMPLATE: &str = include_str!("pareto.html");

/// The section.
pub(crate) const CHART: GridChart =
    Chart { id: "pareto", title: "Pareto", script: include_str!("pareto.js"), draw };

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.pareto.as_ref(), |found| {
        let html = section(found, &summary.axes)?;
        Drawn::section(html).with("pareto", &charts(found, &summary.axes))
    })
}

/// Rows of the table.
const ROWS: usize = 30;

/// What the chart is drawn from.
#[derive(Debug, Serialize)]
struct Charts<'a> {
    measures: Vec<Measure>,
    names: Vec<String>,
    /// By measure and cell.
    values: Vec<Line>,
    efficient: &'a [Vec<Vec<usize>>],
    up: usize,
    across: usize,
}

#[derive(Debug, Serialize)]
struct Measure {
    label: &'static str,
    unit: &'static str,
    better: &'static str,
}

#[derive(Serialize)]
struct Row {
    name: String,
    up: String,
    across: String,
}

/// What the chart is drawn from: six digits are enough for it.
fn charts<'a>(found: &'a Pareto, axes: &Axes<'_>) -> Charts<'a> {
    let line = |line: &Line| -> Line { line.iter().map(|value| value.and_then(short)).collect() };
    Charts {
        measures: (0..found.measures.len()).filter_map(|at| described(found, at)).collect(),
        names: (0..axes.cells.len()).map(|cell| axes.cell(cell)).collect(),
        values: found.values.iter().map(line).collect(),
        efficient: &found.efficient,
        up: found.up,
        across: found.across,
    }
}

/// Writes the section, with a table of the first view.
fn section(found: &Pareto, axes: &Axes<'_>) -> Result<String> {
    let known = definition(found.measures[found.up]).zip(definition(found.measures[found.across]));
    let Some((up, across)) = known else { return Ok(String::new()) };
    let cells = &found.efficient[found.up][found.across];
    let text = |definition: &Definition, place: usize, cell: usize| {
        measure(definition.unit, found.values[place][cell])
    };
    let row = |cell: &usize| Row {
        name: axes.cell(*cell),
        up: text(up, found.up, *cell),
        across: text(across, found.across, *cell),
    };
    let all = found.values[found.up].iter().zip(&found.values[found.across]);
    let compared = all.filter(|(up, across)| up.is_some() && across.is_some()).count();
    let sentence = format!(
        "{} of {} are beaten by no other in {} ({}) and {} ({}) at once.",
        cells.len(),
        counted(compared, "backtest"),
        inside(up.label),
        better(found.lower_is_better[found.up]),
        inside(across.label),
        better(found.lower_is_better[found.across]),
    );
    let rows: Vec<Row> = cells.iter().take(ROWS).map(row).collect();
    let values = serde_json::json!({
        "sentence": sentence,
        "up": up.label,
        "across": across.label,
        "rows": rows,
        "left_out": cells.len().saturating_sub(ROWS),
    });
    part(TEMPLATE, values)
}

fn better(lower: bool) -> &'static str {
    if lower { "lower is better" } else { "higher is better" }
}

fn described(found: &Pareto, at: usize) -> Option<Measure> {
    let definition = definition(found.measures[at])?;
    Some(Measure {
        label: definition.label,
        unit: match definition.unit {
            Unit::Percent => "percent",
            Unit::Count => "count",
            Unit::Ratio | Unit::Number => "number",
        },
        better: better(found.lower_is_better[at]),
    })
}
