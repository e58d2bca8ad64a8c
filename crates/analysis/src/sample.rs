//! The returns of some sessions as series.

use walkfolio_record::ReturnRow;
use walkfolio_stats::measures::{performance, relative};

/// Fewer sessions than these are too few to resample, to fit or to regress.
pub const MINIMUM_SESSIONS: usize = 60;

/// Series of one length; a series that lacks a session is left out.
pub(crate) struct Sample {
    /// The portfolio's returns, after costs.
    pub own: Vec<f64>,
    /// The benchmark's.
    pub benchmark: Option<Vec<f64>>,
    /// Those of cash.
    pub cash: Option<Vec<f64>>,
}

impl Sample {
    /// The returns of some sessions.
    pub fn of(rows: &[ReturnRow]) -> Self {
        Self {
            own: rows.iter().map(|row| row.portfolio).collect(),
            benchmark: rows.iter().map(|row| row.benchmark).collect(),
            cash: rows.iter().map(|row| row.cash).collect(),
        }
    }

    /// Excess returns: less those of cash, where there is any.
    pub fn excess(&self, returns: &[f64]) -> Vec<f64> {
        performance::risk_free_excess(returns, self.cash.as_deref())
    }

    /// Active returns: less the benchmark's.
    pub fn active(&self) -> Option<Vec<f64>> {
        Some(relative::active_returns(&self.own, self.benchmark.as_deref()?))
    }
}
