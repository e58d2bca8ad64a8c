//! What each rebalance turned over, and what it cost.

use serde::Serialize;
use walkfolio_analysis::format::short;
use walkfolio_analysis::line::Line;
use walkfolio_record::Run;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::decisions::dates;
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
        let dates = dates(&run.decisions);
        let decided = |date: &str| dates.binary_search_by(|other| other.as_str().cmp(date)).is_ok();
        let rows = run.returns.iter().map(|row| (row.date.to_string(), row));
        let mut trades = Self { dates: Vec::new(), turnover: Vec::new(), cost: Vec::new() };
        for (date, row) in rows.filter(|(date, _)| decided(date)) {
            trades.dates.push(date);
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
