//! What each rebalance turned over, and what it cost.

use serde::Serialize;
use walkfolio_analysis::Date;
use walkfolio_analysis::costs::Costs;
use walkfolio_analysis::format::{brief, decimals, percent, short};
use walkfolio_analysis::line::Line;
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
    let trades = Trades::of(summary.run, costs);
    if trades.dates.is_empty() {
        return Ok(Drawn::default());
    }
    let benchmark = summary.run.manifest.benchmark.as_deref();
    let values = serde_json::json!({
        "charged": costs.is_some(),
        "sentence": costs.map(|found| sentence(found, benchmark)),
    });
    Drawn::section(part(TEMPLATE, values)?).with("trades", &trades)
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

/// What was turned over at each trade, a fraction of equity, and what costs have taken so far.
#[derive(Debug, Serialize)]
struct Trades {
    dates: Vec<String>,
    turnover: Line,
    days: Vec<String>,
    lost: Line,
}

impl Trades {
    /// The trades of a run, in the order of its decisions.
    fn of(run: &Run, costs: Option<&Costs>) -> Self {
        let mut traded: Vec<Date> = run.decisions.iter().map(|row| row.traded).collect();
        traded.dedup();
        let days = costs.iter().flat_map(|found| found.dates.iter().map(ToString::to_string));
        let lost = costs.iter().flat_map(|found| &found.lost);
        let mut trades = Self {
            dates: Vec::new(),
            turnover: Vec::new(),
            days: days.collect(),
            lost: lost.map(|value| value.and_then(brief)).collect(),
        };
        for row in run.returns.iter().filter(|row| traded.binary_search(&row.date).is_ok()) {
            trades.dates.push(row.date.to_string());
            trades.turnover.push(short(row.turnover));
        }
        trades
    }
}
