//! The prefix sums of a market.

use std::sync::OnceLock;

use super::prefix::Sums;
use super::products;
use crate::{Benchmark, Factors, Returns};

/// A block of sums, made when it is first asked for; `None` if it would be too large.
type Block = OnceLock<Option<Sums>>;

/// The sums of one view of a market, from its first row on.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    factors: Block,
    market: Block,
    returns: Block,
    pairs: Block,
    benchmark: Block,
}

impl Blocks {
    /// Sums for regressions on factors.
    pub(crate) fn factors(&self, returns: &Returns, factors: &Factors) -> Option<&Sums> {
        self.factors.get_or_init(|| products::of_factors(returns, factors)).as_ref()
    }

    /// Sums for betas to the market factor.
    pub(crate) fn market(&self, returns: &Returns, factors: &Factors) -> Option<&Sums> {
        self.market.get_or_init(|| products::of_market(returns, factors)).as_ref()
    }

    /// Sums for means.
    pub(crate) fn returns(&self, returns: &Returns) -> Option<&Sums> {
        self.returns.get_or_init(|| products::of_returns(returns)).as_ref()
    }

    /// Sums for second moments of assets.
    pub(crate) fn pairs(&self, returns: &Returns) -> Option<&Sums> {
        self.pairs.get_or_init(|| products::of_pairs(returns)).as_ref()
    }

    /// Sums for second moments with the benchmark.
    pub(crate) fn benchmark(&self, returns: &Returns, benchmark: &Benchmark) -> Option<&Sums> {
        self.benchmark.get_or_init(|| products::of_benchmark(returns, benchmark)).as_ref()
    }
}

/// What sums are made of is compared, not they.
impl PartialEq for Blocks {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}
