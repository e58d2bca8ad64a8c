//! The columns of the tables of accounts.

use walkfolio_columns::Column;
use walkfolio_record::{AccountDone, AccountFigures, AccountRow};

pub(super) const CREATED_BY: &str = concat!("walkfolio ", env!("CARGO_PKG_VERSION"));

/// `accounts.parquet`.
pub(super) fn accounts(done: &[AccountDone]) -> Vec<Column> {
    let texts = |name, pick: fn(&AccountRow) -> Option<&str>| {
        Column::texts(name, done.iter().map(|own| pick(&own.row)))
    };
    let numbers = |name, pick: fn(&AccountFigures) -> Option<f64>| {
        let of = |own: &AccountDone| own.row.figures.as_ref().and_then(pick);
        Column::numbers(name, done.iter().map(of))
    };
    let orders = |own: &AccountDone| own.row.figures.map(|figures| i64::from(figures.orders));
    vec![
        texts("account", |row| Some(&row.account)),
        texts("status", |row| Some(row.status.as_str())),
        texts("reason", |row| row.reason.as_deref()),
        texts("hint", |row| row.hint.as_deref()),
        numbers("equity", |own| Some(own.equity)),
        numbers("cash_before", |own| Some(own.cash_before)),
        numbers("cash_after", |own| Some(own.cash_after)),
        Column::integers("orders", done.iter().map(orders)),
        numbers("turnover", |own| Some(own.turnover)),
        numbers("cost", |own| Some(own.cost)),
        numbers("objective", |own| own.objective),
        numbers("bound", |own| own.bound),
        numbers("volatility_before", |own| own.volatility_before),
        numbers("volatility", |own| own.volatility),
        numbers("tracking_error_before", |own| own.tracking_error_before),
        numbers("tracking_error", |own| own.tracking_error),
        numbers("rounding_loss", |own| own.rounding_loss),
        numbers("realized_gains", |own| own.realized_gains),
        numbers("tax", |own| own.tax),
        texts("notes", |row| row.notes.as_deref()),
    ]
}

/// `orders.parquet`: a row an order.
pub(super) fn orders(done: &[AccountDone]) -> Vec<Column> {
    let rows = || done.iter().flat_map(|own| own.orders.iter().map(move |order| (own, order)));
    vec![
        Column::texts("account", rows().map(|(own, _)| Some(own.row.account.as_str()))),
        Column::texts("asset", rows().map(|(_, order)| Some(order.asset.as_str()))),
        Column::texts("side", rows().map(|(_, order)| Some(order.side.as_str()))),
        Column::numbers("shares", rows().map(|(_, order)| Some(order.shares))),
        Column::numbers("price", rows().map(|(_, order)| Some(order.price))),
        Column::numbers("value", rows().map(|(_, order)| Some(order.value))),
        Column::numbers("cost", rows().map(|(_, order)| Some(order.cost))),
    ]
}
