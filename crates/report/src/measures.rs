//! The table of all measures, and which of them matter most.

use serde::Serialize;
use walkfolio_analysis::format::measure;
use walkfolio_analysis::period::Period;
use walkfolio_analysis::{Definition, Findings, definitions, stated};
use walkfolio_record::{Manifest, Run};

use crate::period::range;

/// The keys that matter most for an objective, in order.
pub(crate) fn headline(manifest: &Manifest) -> [&'static str; 5] {
    if stated::tracks(manifest) {
        ["tracking_error", "information_ratio", "beta", "turnover_annual", "holdings_mean"]
    } else {
        ["annual_return", "volatility", "sharpe_ratio", "max_drawdown", "gross_exposure"]
    }
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
pub(crate) fn table(run: &Run, found: &Findings) -> Table {
    let periods = &found.periods;
    let column = |period: &Period| Column { name: period.name().to_owned(), range: range(period) };
    let row = |definition: &Definition| Row {
        label: definition.label,
        formula: definition.formula_for(found.periods_per_year),
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
