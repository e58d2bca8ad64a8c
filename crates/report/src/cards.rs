//! The five figures that matter, each with the interval in which its true value may lie.

use serde::Serialize;
use walkfolio_analysis::format::{ends, measure};
use walkfolio_analysis::headline::Figure;
use walkfolio_analysis::measure::definition;
use walkfolio_analysis::part;
use walkfolio_analysis::{Findings, Unit};
use walkfolio_record::{MeasureTable, Run};

/// A figure on a card.
#[derive(Serialize)]
pub(crate) struct Card {
    /// The measure's key.
    pub key: &'static str,
    /// Its name.
    pub label: &'static str,
    /// Its value in its unit.
    pub value: String,
    /// How it is computed.
    pub formula: String,
    /// Where the formula comes from.
    pub source: &'static str,
    /// What it is best read beside.
    pub aside: Option<String>,
    /// The ends of its interval.
    pub interval: Option<String>,
    /// The same as numbers.
    #[serde(skip)]
    pub ends: Option<(f64, f64)>,
}

/// The five cards of a run.
pub(crate) fn cards(run: &Run, found: &Findings) -> Vec<Card> {
    let full = &run.measures.full;
    let card = |figure: &Figure| {
        let definition = definition(figure.key)?;
        let interval = figure.interval;
        Some(Card {
            key: figure.key,
            label: definition.label,
            value: measure(definition.unit, figure.value),
            formula: definition.formula_for(found.periods_per_year),
            source: definition.source,
            aside: aside(figure.key, full),
            interval: interval.map(|found| ends(definition.unit, found.low, found.high)),
            ends: interval.map(|found| (found.low, found.high)),
        })
    };
    found.headline.iter().filter_map(card).collect()
}

/// What a figure is best read beside.
fn aside(key: &str, full: &MeasureTable) -> Option<String> {
    let (other, unit, words) = match key {
        "annual_return" => ("benchmark_annual_return", Unit::Percent, "benchmark"),
        "tracking_error" => ("tracking_error_monthly", Unit::Percent, "from months"),
        "information_ratio" => ("information_ratio_monthly", Unit::Ratio, "from months"),
        "excess_return_annual" => ("annual_return", Unit::Percent, "own, compounded"),
        "beta" => ("r_squared", Unit::Number, "R²"),
        "turnover_annual" => ("cost_annual", Unit::Percent, "cost a year"),
        "volatility" => ("gross_exposure", Unit::Number, "gross exposure"),
        "sharpe_ratio" => ("sortino_ratio", Unit::Ratio, "Sortino"),
        "max_drawdown" => ("max_drawdown_10d", Unit::Percent, "in 10 sessions"),
        "gross_exposure" => ("turnover_annual", Unit::Percent, "turnover a year"),
        _ => return full.sample(key).map(part::words),
    };
    let of = |key| full.sample(key).map(part::words);
    let beside = full.get(other).map(|value| {
        let other = of(other).filter(|part| Some(part) != of(key).as_ref());
        let part = other.map_or(String::new(), |part| format!(" ({part})"));
        format!("{words} {}{part}", measure(unit, Some(value)))
    });
    let said: Vec<String> = beside.into_iter().chain(of(key)).collect();
    (!said.is_empty()).then(|| said.join("; "))
}
