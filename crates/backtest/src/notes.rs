//! What a simulation has to report, in words.

use walkfolio_core::{Market, Note, Row};

/// An asset that had ended before it could be bought.
pub(crate) fn ended_before_trade(market: &Market, asset: usize, weight: f64) -> Note {
    let name = &market.universe().tickers()[asset];
    let last = market.dates()[market.returns().listing(asset).end - 1];
    let percent = 100.0 * weight;
    Note::warning(format!(
        "{name} ended on {last}, before the trade: {percent:.2} % of equity stays cash in its place"
    ))
}

/// An asset that ends while it is held; `row` is the first one after its last close.
pub(crate) fn ended_while_held(market: &Market, asset: usize, row: Row) -> Note {
    let name = &market.universe().tickers()[asset];
    let last = market.dates()[row - 1];
    let delisting = market.returns().delisting(asset);
    Note::info(if delisting == 0.0 {
        format!(
            "{name} ends on {last} while held; it is sold at that close and earns nothing until the next rebalance"
        )
    } else {
        let earned = format!("{:+.2}", 100.0 * delisting).replace('-', "−");
        format!(
            "{name} ends on {last} while held; it earns its delisting return of {earned} % and is cash until the next rebalance"
        )
    })
}

/// Equity at or below zero after a trade that cost this fraction of it.
pub(crate) fn wipeout(cost: f64) -> Note {
    let why = if cost >= 1.0 { "the cost of the trade exceeds equity" } else { "equity is gone" };
    Note::warning(format!("wipeout: {why}; the backtest ends here with a return of −100 %"))
}
