//! Resampled histories: blocks of sessions of a whole market.

use std::collections::BTreeSet;
use std::ops::Range;

use walkfolio_core::random::SplitMix64;
use walkfolio_core::{Benchmark, Factors, Market, Matrix, Prices, Row, Series, Universe};
use walkfolio_study::{BlockMethod, Study, WorldsSpec};

use crate::Result;

/// The sessions whose returns each session may receive: those that have one of everything listed on it.
pub(super) struct Pools {
    ranges: Vec<Range<Row>>,
}

impl Pools {
    /// The pools of a market.
    ///
    /// # Errors
    /// If a pool is shorter than two blocks, or the market has signals, which no return follows.
    pub fn of(study: &Study, market: &Market, spec: &WorldsSpec) -> Result<Self> {
        if let Some(signal) = market.signals().first() {
            let message = format!(
                "the signal {} belongs to the history that was, and cannot follow another",
                signal.name()
            );
            let hint = "remove the bootstrap, or the features of files".to_owned();
            return Err(study.error_at("robustness.bootstrap", message, Some(hint)).into());
        }
        let ranges: Vec<Range<Row>> = (0..market.rows()).map(|row| pool(market, row)).collect();
        let needed = 2 * spec.block as usize;
        let short = ranges.iter().enumerate().skip(1).find(|(_, range)| range.len() < needed);
        if let Some((row, range)) = short {
            let message = format!(
                "on {} only {} sessions have returns of everything that is listed there, fewer than two blocks of {}",
                market.dates()[row],
                range.len(),
                spec.block
            );
            let hint =
                "shorten robustness.bootstrap.block, or leave out series with few common sessions";
            return Err(study
                .error_at("robustness.bootstrap", message, Some(hint.to_owned()))
                .into());
        }
        Ok(Self { ranges })
    }

    /// The source of each row in a history; always the same ones for the same seed and number.
    pub fn sources(&self, spec: &WorldsSpec, number: usize) -> Vec<Row> {
        let mut random = SplitMix64::stream(u64::from(spec.seed), number);
        let block = spec.block as usize;
        let (mut source, mut left) = (0, 0);
        let mut before: &Range<Row> = &(0..0);
        let mut all = vec![0; self.ranges.len()];
        for (row, pool) in self.ranges.iter().enumerate().skip(1) {
            let ends = match spec.method {
                BlockMethod::Stationary => random.unit() * (block as f64) < 1.0,
                BlockMethod::Circular => left == 0,
            };
            // A block that another pool does not have ends: histories would meet at that pool's first session.
            let begins = ends || (pool != before && !pool.contains(&(source + 1)));
            before = pool;
            if begins {
                source = pool.start + random.below(pool.len());
                left = block;
            } else {
                source += 1;
                // After the last session of a pool comes its first.
                if !pool.contains(&source) {
                    source = pool.start;
                }
            }
            left = left.saturating_sub(1);
            all[row] = source;
        }
        all
    }
}

/// The rows that have a return of everything that has one on a row.
fn pool(market: &Market, row: Row) -> Range<Row> {
    let returns = market.returns();
    let assets = (0..market.universe().len()).map(|asset| returns.listing(asset));
    let others = [
        market.benchmark().map(Benchmark::listing),
        market.factors().map(Factors::listing),
        market.cash().map(Series::listing),
    ];
    let all = assets.chain(others.into_iter().flatten());
    let both =
        |one: Range<Row>, other: Range<Row>| one.start.max(other.start)..one.end.min(other.end);
    all.filter(|listing| listing.contains(&row)).fold(1..market.rows(), both)
}

/// The market with the returns of other sessions: row `t` has those of row `sources[t]`. Dates, listings and
/// members stay; prices begin at their level and follow the returns.
pub(super) fn resampled(market: &Market, sources: &[Row]) -> Result<Market> {
    let (dates, universe, returns) = (market.dates(), market.universe(), market.returns());
    let columns = (0..universe.len())
        .map(|asset| column(market.prices(), asset, |row| returns.value(sources[row], asset)));
    let prices = Prices::from_columns(dates.to_vec(), universe.clone(), columns)?;
    let mut new = Market::new(prices)?;
    if let Some(own) = market.benchmark() {
        let name = Universe::new([own.ticker.as_str()])?;
        let column = levels(own, sources);
        new = new.with_benchmark(Prices::from_columns(dates.to_vec(), name, [column])?)?;
    }
    if let Some(own) = market.factors() {
        new = new.with_factors(factors(market, own, sources)?);
    }
    if let Some(own) = market.cash() {
        let value = |row: Row| own.value(row).and(own.value(sources[row])).unwrap_or(0.0);
        let values = (0..dates.len()).map(value).collect();
        new = new.with_cash(Series::new("cash", dates, values, own.listing())?);
    }
    if let Some(members) = market.members() {
        new = new.with_members(members.clone())?;
    }
    let filled = |asset: usize| -> BTreeSet<_> {
        let rows = market.prices().listing(asset);
        rows.filter(|&row| !market.is_traded(row, asset)).map(|row| dates[row]).collect()
    };
    let ends = |asset: usize| Some(returns.delisting(asset)).filter(|value| *value != 0.0);
    let all = 0..universe.len();
    let new = new.with_filled(all.clone().map(filled).collect())?;
    Ok(new.with_delisting_returns(&all.map(ends).collect::<Vec<_>>())?)
}

/// The level of the benchmark, 100 at its first price; none of its figures depends on the level.
fn levels(own: &Benchmark, sources: &[Row]) -> Vec<Option<f64>> {
    let listing = own.listing();
    let mut all = vec![None; sources.len()];
    let mut level = Some(100.0);
    for row in listing.start.saturating_sub(1)..listing.end {
        if row >= listing.start {
            level = level.zip(own.value(sources[row])).map(|(level, value)| level * (1.0 + value));
        }
        all[row] = level;
    }
    all
}

/// Prices that begin at a listing's first and follow the returns of each later row.
fn column(prices: &Prices, asset: usize, value: impl Fn(Row) -> Option<f64>) -> Vec<Option<f64>> {
    let listing = prices.listing(asset);
    let mut all = vec![None; prices.dates().len()];
    let mut level = listing.clone().next().and_then(|first| prices.value(first, asset));
    for row in listing.clone() {
        if row > listing.start {
            level = level.zip(value(row)).map(|(level, value)| level * (1.0 + value));
        }
        all[row] = level;
    }
    all
}

fn factors(market: &Market, own: &Factors, sources: &[Row]) -> Result<Factors> {
    let count = own.names().len();
    let rows = market.rows();
    let mut values = Matrix::zeros(rows, count);
    let mut risk_free = vec![0.0; rows];
    for row in own.listing().filter(|row| *row > 0) {
        if let (Some(found), Some(rate)) = (own.row(sources[row]), own.risk_free(sources[row])) {
            values.row_mut(row).copy_from_slice(found);
            risk_free[row] = rate;
        }
    }
    // The first row of a market has no return; what factors have there stays.
    if let (Some(found), Some(rate)) = (own.row(0), own.risk_free(0)) {
        values.row_mut(0).copy_from_slice(found);
        risk_free[0] = rate;
    }
    Ok(Factors::new(market.dates(), own.names().to_vec(), values, risk_free, own.listing())?)
}
