//! What a simulation has to report, in words.

use walkfolio_core::{Date, Market, Note, Row};

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

/// Flows of days on which the account is not open.
pub(crate) fn flows_outside(count: usize, (opening, last): (Date, Date)) -> Note {
    Note::warning(format!(
        "{count} flows are not paid: they are not after {opening}, when the account is opened, and by {last}"
    ))
}

/// An account that was paid out as a whole.
pub(crate) fn paid_out(amount: f64) -> Note {
    Note::warning(format!(
        "a withdrawal takes all that the account is worth, {amount:.2}: the account ends here"
    ))
}

/// An account that is worth nothing.
pub(crate) fn account_wipeout(value: f64) -> Note {
    Note::warning(format!(
        "wipeout: the account is worth {value:.2}; it ends here with a return of −100 %"
    ))
}
