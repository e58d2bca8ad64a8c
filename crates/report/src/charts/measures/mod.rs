//! The table of all measures.

use serde::Serialize;
use walkfolio_analysis::format::measure;
use walkfolio_analysis::part;
use walkfolio_analysis::period::Period;
use walkfolio_analysis::{Definition, Findings, definitions};
use walkfolio_record::Run;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::page;
use crate::period::range;
use crate::summary::Summary;

const TEMPLATE: &str = include_str!("measures.html");
/// The section.
pub(crate) const CHART: RunChart = Chart { id: "measures", title: "Measures", script: "", draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let table = table(summary.run, summary.found);
    Ok(Drawn::section(page::part(TEMPLATE, serde_json::json!({ "table": table }))?))
}

/// The table of all measures.
#[derive(Serialize)]
struct Table {
    columns: Vec<Column>,
    rows: Vec<Row>,
    without_cash: bool,
}

#[derive(Serialize)]
struct Column {
    name: String,
    range: String,
}

#[derive(Serialize)]
struct Row {
    label: &'static str,
    formula: String,
    source: &'static str,
    values: Vec<Field>,
}

/// A value, and the part of its period that it is taken from or why there is none.
#[derive(Serialize)]
struct Field {
    text: String,
    part: Option<String>,
}

fn field(run: &Run, definition: &Definition, period: &Period) -> Field {
    let (own, key) = (&period.own, definition.key);
    let reason = || part::left_out(run, period.of_returns(run), own, key).map(str::to_owned);
    Field {
        text: measure(definition.unit, own.get(key)),
        part: own.sample(key).map(part::words).or_else(reason),
    }
}

/// The full sample and every regime, measure by measure.
fn table(run: &Run, found: &Findings) -> Table {
    let periods = &found.periods;
    let column = |period: &Period| Column { name: period.name().to_owned(), range: range(period) };
    let row = |definition: &Definition| Row {
        label: definition.label,
        formula: definition.formula_for(found.periods_per_year),
        source: definition.source,
        values: periods.iter().map(|period| field(run, definition, period)).collect(),
    };
    Table {
        columns: periods.iter().map(column).collect(),
        rows: definitions().iter().map(row).collect(),
        without_cash: run.manifest.resolved.market.factors.is_none()
            && run.manifest.resolved.market.risk_free.is_none()
            && run.returns.iter().all(|row| row.cash.is_none()),
    }
}
