//! The closes of a series by name.

use std::ops::Range;

use libm::log;
use walkfolio_core::{Past, Row};

use crate::{Error, Result};

/// The known closes of a series, without a gap, from its first on.
pub(super) struct Closes {
    /// The row of the first one.
    pub(super) first: Row,
    pub(super) prices: Vec<f64>,
}

impl Closes {
    /// Of an asset or the benchmark; without a name, of the benchmark.
    ///
    /// # Errors
    /// [`Error::UnknownSeries`], and [`Error::NoBenchmark`] where there is none.
    pub(super) fn of(past: &Past<'_>, name: Option<&str>) -> Result<Self> {
        let benchmark = past.benchmark_name();
        let name = name.or(benchmark).ok_or(Error::NoBenchmark)?;
        let rows = 0..past.rows();
        if let Some(asset) = past.universe().position(name) {
            return Ok(Self::collected(rows, |row| past.price(row, asset)));
        }
        if benchmark == Some(name) {
            return Ok(Self::collected(rows, |row| past.benchmark_price(row)));
        }
        Err(Error::UnknownSeries { name: name.to_owned() })
    }

    fn collected(rows: Range<Row>, price: impl Fn(Row) -> Option<f64>) -> Self {
        let first = rows.clone().find(|&row| price(row).is_some()).unwrap_or(rows.end);
        Self { first, prices: (first..rows.end).map_while(price).collect() }
    }

    /// The row after the last close.
    pub(super) fn end(&self) -> Row {
        self.first + self.prices.len()
    }

    /// The last `count` closes up to a row, its own included; `None` unless all are there.
    pub(super) fn up_to(&self, row: Row, count: usize) -> Option<&[f64]> {
        let end = (row + 1).checked_sub(self.first)?;
        self.prices.get(end.checked_sub(count)?..end)
    }

    /// `ln(P_t / P_{t-1})`, the first of them that of row `first + 1`.
    pub(super) fn log_returns(&self) -> Vec<f64> {
        self.prices.windows(2).map(|pair| log(pair[1] / pair[0])).collect()
    }
}
