//! The figures that matter and the table of all measures.

use serde::Serialize;
use serde_json::Value;
use walkfolio::measures::{Definition, Unit, definitions};
use walkfolio::{MeasureTable, Run};

use crate::certainty::Certainty;
use crate::format::{interval, measure};
use crate::period::Period;

/// A figure on a card.
#[derive(Serialize)]
pub(crate) struct Card {
    label: &'static str,
    value: String,
    formula: &'static str,
    aside: Option<String>,
    interval: Option<String>,
}

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

/// The five cards of a run.
pub(crate) fn cards(run: &Run, certainty: &Certainty) -> Vec<Card> {
    let full = &run.measures.full;
    let card = |key| {
        let definition = definition(key)?;
        Some(Card {
            label: definition.label,
            value: measure(definition.unit, full.get(key)),
            formula: definition.formula,
            aside: aside(key, full),
            interval: certainty.own(key).map(|found| interval(definition.unit, &found)),
        })
    };
    headline(&run.manifest.resolved).into_iter().filter_map(card).collect()
}

/// What a figure is best read beside.
fn aside(key: &str, full: &MeasureTable) -> Option<String> {
    let (other, unit, words) = match key {
        "annual_return" => ("benchmark_annual_return", Unit::Percent, "benchmark"),
        "tracking_error" => ("tracking_error_monthly", Unit::Percent, "from months"),
        "information_ratio" => ("information_ratio_monthly", Unit::Ratio, "from months"),
        "beta" => ("r_squared", Unit::Number, "R²"),
        "turnover_annual" => ("cost_annual", Unit::Percent, "cost a year"),
        "holdings_mean" => ("effective_holdings", Unit::Number, "effective"),
        "volatility" => ("beta", Unit::Number, "beta"),
        "sharpe_ratio" => ("sortino_ratio", Unit::Ratio, "Sortino"),
        "max_drawdown" => ("max_drawdown_10d", Unit::Percent, "in 10 sessions"),
        "gross_exposure" => ("turnover_annual", Unit::Percent, "turnover a year"),
        _ => return None,
    };
    full.get(other).map(|value| format!("{words} {}", measure(unit, Some(value))))
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
    formula: &'static str,
    source: &'static str,
    values: Vec<String>,
}

/// The full sample and every regime, measure by measure.
pub(crate) fn table(run: &Run, periods: &[Period<'_>]) -> Table {
    let column =
        |period: &Period<'_>| Column { name: period.name.to_owned(), range: period.range.clone() };
    let row = |definition: &Definition| Row {
        label: definition.label,
        formula: definition.formula,
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
