//! What each rebalance turned over, and what it cost.

use serde::Serialize;
use walkfolio_analysis::Date;
use walkfolio_analysis::format::short;
use walkfolio_analysis::line::Line;
use walkfolio_record::Run;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::page::part;
use crate::summary::Summary;

const TEMPLATE: &str = include_str!("trades.html");
/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "trades", title: "Trades", script: include_str!("trades.js"), draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let trades = Trades::of(summary.run);
    let html = part(TEMPLATE, serde_json::json!({ "charged": trades.are_charged() }))?;
    Drawn::section(html).with("trades", &trades)
}

/// One trade: what was turned over and what it cost, as fractions of equity.
#[derive(Debug, Serialize)]
struct Trades {
    dates: Vec<String>,
    turnover: Line,
    cost: Line,
}

impl Trades {
    /// The trades of a run, in the order of its decisions.
    fn of(run: &Run) -> Self {
        let mut traded: Vec<Date> = run.decisions.iter().map(|row| row.traded).collect();
        traded.dedup();
        let mut trades = Self { dates: Vec::new(), turnover: Vec::new(), cost: Vec::new() };
        for row in run.returns.iter().filter(|row| traded.binary_search(&row.date).is_ok()) {
            trades.dates.push(row.date.to_string());
            trades.turnover.push(short(row.turnover));
            trades.cost.push(short(row.cost));
        }
        trades
    }

    /// Whether anything was paid.
    fn are_charged(&self) -> bool {
        self.cost.iter().flatten().any(|cost| *cost != 0.0)
    }
}
