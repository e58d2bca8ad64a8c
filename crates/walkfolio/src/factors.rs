//! The factor returns of a run's sessions, for the attribution of its returns.

use std::ops::Range;

use walkfolio_core::{Date, Market};

/// Factor returns beside a run's returns.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorTable {
    /// Names of the factors; the first is the market's excess return.
    pub names: Vec<String>,
    /// One row per session that has factor returns, in order.
    pub rows: Vec<FactorRow>,
}

/// The factor returns of one session, as fractions.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorRow {
    /// The session.
    pub date: Date,
    /// One return per factor.
    pub values: Vec<f64>,
    /// The risk-free return.
    pub risk_free: f64,
}

/// The factors of a backtest's sessions; none where the market has no factors.
pub(crate) fn factor_table(market: &Market, rows: &Range<usize>) -> Option<FactorTable> {
    let factors = market.factors()?;
    let row = |row: usize| {
        let (values, risk_free) = (factors.row(row)?.to_vec(), factors.risk_free(row)?);
        Some(FactorRow { date: market.dates()[row], values, risk_free })
    };
    Some(FactorTable {
        names: factors.names().to_vec(),
        rows: rows.clone().filter_map(row).collect(),
    })
}
