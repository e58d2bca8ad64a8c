//! A backtest that is taken apart.

use std::ops::Range;

use walkfolio_backtest::{Drift, Simulation, Walk};
use walkfolio_core::{Market, Row};
use walkfolio_study::{AttributionSpec, Study};

use crate::Result;

/// A backtest that is taken apart.
pub(crate) struct Taken<'a> {
    pub study: &'a Study,
    pub spec: &'a AttributionSpec,
    pub market: &'a Market,
    pub walk: &'a Walk,
    pub simulation: &'a Simulation,
    pub drift: Drift,
    pub periods_per_year: f64,
    pub(super) spans: Vec<Span>,
}

/// A period that is taken apart.
pub(super) struct Span {
    pub name: String,
    pub rows: Range<Row>,
}

impl Taken<'_> {
    /// The returns of a session before and after costs.
    pub(super) fn earned(&self, row: Row) -> (f64, f64) {
        let at = row - self.simulation.rows.start;
        (self.simulation.gross[at], self.simulation.net[at])
    }

    /// The benchmark's return of a session, where it is known.
    pub(super) fn benchmark(&self, row: Row) -> Option<f64> {
        self.market.benchmark()?.value(row)
    }

    /// The universe index of the benchmark, where it is an asset.
    pub(super) fn benchmark_asset(&self) -> Option<usize> {
        let benchmark = self.market.benchmark()?;
        self.market.universe().position(benchmark.ticker.as_str())
    }

    /// The universe indices of a list of names; `["*"]` is all of them.
    pub(super) fn assets(&self, key: &str, names: &[String]) -> Result<Vec<usize>> {
        let universe = self.market.universe();
        if names == ["*"] {
            return Ok((0..universe.len()).collect());
        }
        names
            .iter()
            .enumerate()
            .map(|(at, name)| self.asset(&format!("{key}[{at}]"), name))
            .collect()
    }

    pub(super) fn asset(&self, key: &str, name: &str) -> Result<usize> {
        let found = self.market.universe().position(name);
        found.ok_or_else(|| {
            let hint = "name assets of the price file".to_owned();
            let message = format!("the data have no asset {name}");
            self.study.error_at(key, message, Some(hint)).into()
        })
    }
}

/// What is left of a difference of sums is 0 where it is rounding alone.
pub(super) fn rounded(value: f64) -> f64 {
    if value.abs() < 1e-13 { 0.0 } else { value }
}
