//! The tables of positions in an export.

use super::broker::Broker;
use super::header::{Header, Role, plain};
use super::parse::{Row, Rows};
use crate::Result;

/// Columns that only trades have, in statements that list both.
const OF_TRADES: [&str; 6] =
    ["buy/sell", "tradeid", "tradeprice", "trade price", "t. price", "proceeds"];

/// Lines of positions below their header.
#[derive(Debug)]
pub(super) struct Section {
    pub header: Header,
    pub rows: Vec<Row>,
    /// Whether the lines of lots repeat what a summary has.
    pub has_summaries: bool,
}

/// Every table of positions: exports of several accounts, and statements with several kinds of assets, repeat the header.
///
/// # Errors
/// [`Error::NoHoldings`](crate::Error::NoHoldings) for a file without such a header.
pub(super) fn sections(rows: &Rows, broker: Broker) -> Result<Vec<Section>> {
    let stated: Vec<Row> = rows.all.iter().filter(|row| is_open(&row.cells[0])).cloned().collect();
    let is_statement = broker == Broker::InteractiveBrokers && !stated.is_empty();
    let all = if is_statement { &stated } else { &rows.all };
    let mut sections: Vec<Section> = Vec::new();
    // The first cell of a flex query's header, with which the headers of its other tables begin, too.
    let mut first: Option<&str> = None;
    let mut is_inside = false;
    for row in all {
        let header = Header::of(row);
        if is_of_positions(&header, row) {
            let rows = Vec::new();
            sections.push(Section { header, rows, has_summaries: false });
            first = (broker == Broker::InteractiveBrokers && !is_statement)
                .then(|| row.cells[0].as_str());
            is_inside = true;
        } else if first.is_some_and(|first| row.cells[0] == first) {
            is_inside = false;
        } else if let Some(last) = sections.last_mut().filter(|_| is_inside) {
            last.has_summaries |=
                last.header.text(row, Role::Level).eq_ignore_ascii_case("summary");
            last.rows.push(row.clone());
        }
    }
    if sections.is_empty() { Err(rows.no_holdings()) } else { Ok(sections) }
}

/// The name of a statement's table of positions; with lots by FIFO it is that of long or short ones.
pub(super) fn is_open(name: &str) -> bool {
    matches!(name, "Open Positions" | "Long Open Positions" | "Short Open Positions")
}

fn is_of_positions(header: &Header, row: &Row) -> bool {
    let amount = [Role::Shares, Role::Value, Role::Weight].iter().any(|role| header.has(*role));
    let is_of_trades = row.cells.iter().any(|cell| OF_TRADES.contains(&plain(cell).as_str()));
    header.has(Role::Ticker) && amount && !is_of_trades
}

/// The currency of the account: what a statement says, or that of most lines.
pub(super) fn currency(rows: &Rows, sections: &[Section]) -> Option<String> {
    let told = |row: &&Row| {
        row.cells[0] == "Account Information"
            && row.cells.iter().any(|cell| cell == "Base Currency")
    };
    let stated = rows.all.iter().find(told).and_then(|row| {
        row.cells.iter().rev().find(|cell| !cell.is_empty() && *cell != "Base Currency")
    });
    if let Some(stated) = stated {
        return Some(stated.clone());
    }
    let of = |own: &'_ Section| -> Vec<String> {
        own.rows.iter().map(|row| own.header.text(row, Role::Currency).to_owned()).collect()
    };
    let mut all: Vec<String> = sections.iter().flat_map(of).filter(|own| !own.is_empty()).collect();
    all.sort_unstable();
    let most = all.chunk_by(|a, b| a == b).rev().max_by_key(|own| own.len());
    most.map(|own| own[0].clone())
}
