//! What each rebalance turned over, and what it cost.

use serde::Serialize;
use walkfolio_analysis::Date;
use walkfolio_analysis::costs::{AtCost, Costs};
use walkfolio_analysis::format::{decimals, measure, percent, short};
use walkfolio_analysis::line::Line;
use walkfolio_analysis::measure::definition;
use walkfolio_record::Run;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("trades.html");
/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "trades", title: "Trades", script: include_str!("trades.js"), draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let costs = summary.found.costs.as_ref();
    let trades = Trades::of(summary.run);
    if trades.dates.is_empty() {
        return Ok(Drawn::default());
    }
    let benchmark = summary.run.manifest.benchmark.as_deref();
    let sides = &summary.found.at_costs;
    let compared = sides.iter().any(|one| one.excess_return_annual.is_some());
    let values = serde_json::json!({
        "traded": !sides.is_empty(),
        "charged": costs.is_some(),
        "sentence": costs.map(|found| sentence(found, benchmark)),
        "benchmark": benchmark.filter(|_| compared),
        "sides": sides.iter().map(|one| side(one, summary.run)).collect::<Vec<_>>(),
    });
    Drawn::section(part(TEMPLATE, values)?).with("trades", &trades)
}

/// A row of the table of costs.
fn side(one: &AtCost, run: &Run) -> serde_json::Value {
    let shown = |key: &str, value| definition(key).map(|of| measure(of.unit, value));
    serde_json::json!({
        "bps": number(one.per_side_bps),
        "own": one.per_side_bps == run.manifest.resolved.costs.per_side_bps,
        "annual_return": shown("annual_return", one.annual_return),
        "sharpe_ratio": shown("sharpe_ratio", one.sharpe_ratio),
        "excess": shown("excess_return_annual", one.excess_return_annual),
    })
}

/// Basis points without digits that say nothing.
fn number(bps: f64) -> String {
    decimals(bps, usize::from(bps.fract() != 0.0))
}

/// What trading took, in words.
fn sentence(found: &Costs, benchmark: Option<&str>) -> String {
    let annual = found.annual.map_or(String::new(), |cost| format!(", {} a year", percent(cost)));
    let first = format!(
        "Costs took {} of the wealth that there would be without them{annual}.",
        percent(found.last())
    );
    let second = benchmark.zip(found.gross_excess).map(|(name, gross)| {
        found.break_even_bps.map_or_else(
            || format!(" Even before costs the mean return is {} a year below {name}’s.", percent(-gross)),
            |bps| {
                format!(
                    " Before costs the mean return is {} a year above {name}’s; at {} basis points per side nothing of that would be left.",
                    percent(gross),
                    decimals(bps, 1)
                )
            },
        )
    });
    format!("{first}{}", second.unwrap_or_default())
}

/// What was turned over at each trade, a fraction of equity.
#[derive(Debug, Serialize)]
struct Trades {
    dates: Vec<String>,
    turnover: Line,
}

impl Trades {
    /// The trades of a run, in the order of its decisions.
    fn of(run: &Run) -> Self {
        let mut traded: Vec<Date> = run.decisions.iter().map(|row| row.traded).collect();
        traded.dedup();
        let mut trades = Self { dates: Vec::new(), turnover: Vec::new() };
        for row in run.returns.iter().filter(|row| traded.binary_search(&row.date).is_ok()) {
            trades.dates.push(row.date.to_string());
            trades.turnover.push(short(row.turnover));
        }
        trades
    }
}
