//! The table of all measures, and which of them matter most.

use serde::Serialize;
use serde_json::Value;
use walkfolio::Run;
use walkfolio::measures::{Definition, definitions};

use crate::format::measure;
use crate::period::Period;

/// The keys that matter most for an objective, in order.
pub(crate) fn headline(resolved: &Value) -> [&'static str; 5] {
    let tracking = resolved["allocate"]["objective"]["kind"] == "tracking_error";
    if tracking {
        ["tracking_error", "information_ratio", "beta", "turnover_annual", "holdings_mean"]
    } else {
        ["annual_return", "volatility", "sharpe_ratio", "max_drawdown", "gross_exposure"]
    }
}

/// The definition of a key.
pub(crate) fn definition(key: &str) -> Option<&'static Definition> {
    definitions().iter().find(|definition| definition.key == key)
}

/// The table of all measures.
#[derive(Serialize)]
pub(crate) struct Table {
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
    values: Vec<String>,
}

/// The full sample and every regime, measure by measure.
pub(crate) fn table(run: &Run, periods: &[Period<'_>], a_year: f64) -> Table {
    let column =
        |period: &Period<'_>| Column { name: period.name.to_owned(), range: period.range.clone() };
    let row = |definition: &Definition| Row {
        label: definition.label,
        formula: definition.formula_for(a_year),
        source: definition.source,
        values: periods
            .iter()
            .map(|period| measure(definition.unit, period.own.get(definition.key)))
            .collect(),
    };
    Table {
        columns: periods.iter().map(column).collect(),
        rows: definitions().iter().map(row).collect(),
        without_cash: run.returns.iter().all(|row| row.cash.is_none()),
    }
}
