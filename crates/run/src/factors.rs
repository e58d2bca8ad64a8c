//! The factor returns of a run's sessions, for the attribution of its returns.

use std::ops::Range;

use walkfolio_core::Market;
use walkfolio_record::{FactorRow, FactorTable};

/// The factors of a backtest's sessions and the risk-free rate that returns are measured against there; none
/// where the market has no factors.
pub(crate) fn factor_table(market: &Market, rows: &Range<usize>) -> Option<FactorTable> {
    let factors = market.factors()?;
    let row = |row: usize| {
        let cash = market.cash().map_or_else(|| factors.risk_free(row), |cash| cash.value(row));
        let (values, risk_free) = (factors.row(row)?.to_vec(), cash?);
        Some(FactorRow { date: market.dates()[row], values, risk_free })
    };
    Some(FactorTable {
        names: factors.names().to_vec(),
        rows: rows.clone().filter_map(row).collect(),
    })
}
