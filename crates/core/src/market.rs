//! Everything a study knows about the world, by session.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::sums::blocks::Blocks;
use crate::{
    Benchmark, BenchmarkHoldings, Date, Dated, Error, Factors, Listing, Membership, Prices, Result,
    Returns, Row, Series, Signal, StatedView, Universe,
};

/// Prices, returns, benchmark, factors and cash of the same sessions.
/// All of them share their panel with their periods and pasts: `clone`, [`Market::between`] and
/// [`Past::to_market`](crate::Past::to_market) copy no prices.
///
/// # Shape and units
/// `T` sessions by `N` assets; returns are fractions a session.
/// # Timing
/// Row `t` is a session: `r_t = P_t / P_{t-1} - 1`. A decision at row `t` is handed
/// [`Market::before(t)`](Market::before), and its weights earn row `t` onwards.
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// # let dates = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
/// # let universe = Universe::new(["XLE", "XLF"])?;
/// # let columns = vec![
/// #     [50.0, 55.0, 44.0, 44.0].map(Some).to_vec(),
/// #     vec![None, Some(20.0), Some(25.0), Some(25.0)],
/// # ];
/// # let prices = Prices::new(dates, universe, columns)?;
/// let market = Market::new(prices)?;
/// assert_eq!((market.rows(), market.universe().len()), (4, 2));
/// assert_eq!(market.returns().value(2, 1), Some(0.25));
/// // XLF has its first price on the second session and its first return on the third.
/// assert_eq!(market.returns().listing(1), 2..4);
/// // The first session of a period has no return.
/// let period = market.between(Some(Date::constant(2024, 7, 3)), None)?;
/// assert_eq!((period.rows(), period.returns().value(0, 0)), (3, None));
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Market {
    pub(crate) prices: Prices,
    pub(crate) returns: Returns,
    pub(crate) benchmark: Option<Benchmark>,
    pub(crate) factors: Option<Factors>,
    pub(crate) cash: Option<Series>,
    pub(crate) signals: Vec<Signal>,
    pub(crate) views: Vec<Dated<StatedView>>,
    /// What the benchmark is made of, on the same sessions; none of it is traded.
    pub(crate) constituents: Option<Arc<Market>>,
    pub(crate) benchmark_holdings: Option<Dated<BenchmarkHoldings>>,
    pub(crate) members: Option<Arc<Membership>>,
    /// By universe index; empty where no price was filled.
    pub(crate) filled: Arc<Vec<BTreeSet<Date>>>,
    /// Of returns, benchmark and factors: whoever changes one of these starts them anew.
    pub(crate) sums: Arc<Blocks>,
}

impl Market {
    /// A market of prices alone.
    ///
    /// # Errors
    /// [`Error::ImplausibleReturn`].
    pub fn new(prices: Prices) -> Result<Self> {
        let returns = Returns::from_prices(&prices)?;
        Ok(Self {
            prices,
            returns,
            benchmark: None,
            factors: None,
            cash: None,
            signals: Vec::new(),
            views: Vec::new(),
            constituents: None,
            benchmark_holdings: None,
            members: None,
            filled: Arc::default(),
            sums: Arc::default(),
        })
    }

    /// Adds a benchmark from prices of the same sessions (one column).
    ///
    /// # Errors
    /// [`Error::Shape`] if the sessions differ, [`Error::NoOverlap`] if no session has a return of
    /// both the benchmark and an asset, [`Error::ImplausibleReturn`].
    pub fn with_benchmark(mut self, prices: Prices) -> Result<Self> {
        if prices.dates != self.prices.dates {
            let (expected, found) = (self.rows(), prices.dates.len());
            let what = "the benchmark".to_owned();
            return Err(Error::Shape { what, unit: "common sessions", expected, found });
        }
        let returns = Returns::from_prices(&prices)?;
        let own = returns.listing(0);
        let overlaps = |listing: &Listing| listing.start.max(own.start) < listing.end.min(own.end);
        if !self.returns.listings.iter().any(overlaps) {
            return Err(self.no_overlap(&prices));
        }
        let ticker = prices.universe.tickers()[0].clone();
        self.benchmark = Some(Benchmark { ticker, prices, returns });
        self.sums = Arc::default();
        Ok(self)
    }

    /// Adds factor returns of the same sessions.
    #[must_use]
    pub fn with_factors(mut self, factors: Factors) -> Self {
        self.factors = Some(factors);
        self.sums = Arc::default();
        self
    }

    /// Adds the return of cash, the risk-free rate of Sharpe ratios.
    #[must_use]
    pub fn with_cash(mut self, cash: Series) -> Self {
        self.cash = Some(cash);
        self
    }

    /// Adds what is known of the assets beside prices; one of the same name is replaced.
    ///
    /// # Errors
    /// [`Error::Shape`] unless it has records for each asset of the market.
    pub fn with_signal(mut self, signal: Signal) -> Result<Self> {
        let (expected, found) = (self.universe().len(), signal.assets());
        if expected != found {
            let what = format!("signal {}", signal.name());
            return Err(Error::Shape { what, unit: "assets", expected, found });
        }
        self.signals.retain(|other| other.name() != signal.name());
        self.signals.push(signal);
        Ok(self)
    }

    /// Adds views of the assets; those of the same name are replaced.
    #[must_use]
    pub fn with_views(mut self, views: Dated<StatedView>) -> Self {
        self.views.retain(|other| other.name() != views.name());
        self.views.push(views);
        self
    }

    /// Adds prices of what the benchmark is made of: names that no decision may hold, with their signals.
    ///
    /// # Errors
    /// [`Error::Shape`] unless it has the same sessions.
    pub fn with_constituents(mut self, constituents: Self) -> Result<Self> {
        if constituents.dates() != self.dates() {
            let (expected, found) = (self.rows(), constituents.rows());
            let what = "the constituents of the benchmark".to_owned();
            return Err(Error::Shape { what, unit: "common sessions", expected, found });
        }
        self.constituents = Some(Arc::new(constituents));
        Ok(self)
    }

    /// Adds what the benchmark held at the close of some days, known from then on.
    #[must_use]
    pub fn with_benchmark_holdings(mut self, holdings: Dated<BenchmarkHoldings>) -> Self {
        self.benchmark_holdings = Some(holdings);
        self
    }

    /// Adds the members of an index: a decision may hold those of its last known session only.
    ///
    /// # Errors
    /// [`Error::Shape`] unless it has spells for each asset of the market.
    pub fn with_members(mut self, members: Membership) -> Result<Self> {
        let (expected, found) = (self.universe().len(), members.spells.len());
        if expected != found {
            let what = "the membership of the index".to_owned();
            return Err(Error::Shape { what, unit: "assets", expected, found });
        }
        self.members = Some(Arc::new(members));
        Ok(self)
    }

    /// Marks prices that a file lacks and that were filled in, by universe index.
    ///
    /// On such a session nobody knows whether the asset will trade again: it may not be bought at the
    /// next one, and an index does not count it.
    ///
    /// # Errors
    /// [`Error::Shape`] unless there is an entry for each asset.
    pub fn with_filled(mut self, filled: Vec<BTreeSet<Date>>) -> Result<Self> {
        let (expected, found) = (self.universe().len(), filled.len());
        if expected != found {
            let what = "the table of filled prices".to_owned();
            return Err(Error::Shape { what, unit: "assets", expected, found });
        }
        self.filled = Arc::new(filled);
        Ok(self)
    }

    /// Whether an asset has a price on a session and the file has it too.
    pub fn is_traded(&self, row: Row, asset: usize) -> bool {
        let date = &self.prices.dates[row];
        self.prices.listings[asset].contains(&row)
            && !self.filled.get(asset).is_some_and(|filled| filled.contains(date))
    }

    /// Adds what a holder of an asset earns on the session after its last close, by universe index.
    ///
    /// It is no part of the asset's returns: no window sees it. It says nothing of an asset that
    /// has a price on the market's last session.
    ///
    /// # Units
    /// Fractions: -0.3 loses 30 % of the last close, -1 everything.
    /// # Errors
    /// [`Error::Shape`] unless there is an entry for each asset, [`Error::BadDelistingReturn`] below
    /// -1 or if it is no number.
    pub fn with_delisting_returns(mut self, values: &[Option<f64>]) -> Result<Self> {
        let (expected, found) = (self.universe().len(), values.len());
        if expected != found {
            let what = "the table of delisting returns".to_owned();
            return Err(Error::Shape { what, unit: "assets", expected, found });
        }
        for (asset, value) in
            values.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?)))
        {
            if !value.is_finite() || value < -1.0 {
                let asset = self.universe().tickers()[asset].clone();
                return Err(Error::BadDelistingReturn { asset, value });
            }
            self.returns.end_with(asset, value);
        }
        self.sums = Arc::default();
        Ok(self)
    }

    /// The sessions, strictly increasing.
    pub fn dates(&self) -> &[Date] {
        &self.prices.dates
    }

    /// Number of sessions.
    pub fn rows(&self) -> usize {
        self.prices.dates.len()
    }

    /// The assets.
    pub fn universe(&self) -> &Universe {
        &self.prices.universe
    }

    /// Adjusted closes of the assets.
    pub fn prices(&self) -> &Prices {
        &self.prices
    }

    /// Simple returns of the assets.
    pub fn returns(&self) -> &Returns {
        &self.returns
    }

    /// The benchmark, if there is one.
    pub fn benchmark(&self) -> Option<&Benchmark> {
        self.benchmark.as_ref()
    }

    /// What is known of the assets beside prices.
    pub fn signals(&self) -> &[Signal] {
        &self.signals
    }

    /// Prices of what the benchmark is made of, if the market has them.
    pub fn constituents(&self) -> Option<&Self> {
        self.constituents.as_deref()
    }

    /// What the benchmark held, if it is stated.
    pub fn benchmark_holdings(&self) -> Option<&Dated<BenchmarkHoldings>> {
        self.benchmark_holdings.as_ref()
    }

    /// The members of the index, if the market has one.
    pub fn members(&self) -> Option<&Membership> {
        self.members.as_deref()
    }

    /// Factor returns, if there are any.
    pub fn factors(&self) -> Option<&Factors> {
        self.factors.as_ref()
    }

    /// The return of cash, if it is known.
    pub fn cash(&self) -> Option<&Series> {
        self.cash.as_ref()
    }

    /// The row of the first session on or after a date.
    pub fn row_on_or_after(&self, date: Date) -> Option<Row> {
        let row = self.dates().partition_point(|&other| other < date);
        (row < self.rows()).then_some(row)
    }

    /// The market of a period: its first return is on or after `first_return`, its last session
    /// on or before `last`.
    ///
    /// # Errors
    /// [`Error::DateOutside`] if a date has no session on the wanted side.
    pub fn between(&self, first_return: Option<Date>, last: Option<Date>) -> Result<Self> {
        let outside = |which, date| Error::DateOutside {
            which,
            date,
            first: self.dates()[0],
            last: self.dates()[self.rows() - 1],
        };
        let start = match first_return {
            None => 0,
            Some(date) if date < self.dates()[0] => {
                return Err(outside("first", date));
            }
            Some(date) => {
                let row = self.row_on_or_after(date);
                row.ok_or_else(|| outside("first", date))?.saturating_sub(1)
            }
        };
        let end = match last {
            None => self.rows(),
            Some(date) => self.dates().partition_point(|&other| other <= date),
        };
        if end <= start + 1 {
            let date = last.unwrap_or(self.dates()[start]);
            return Err(outside("last", date));
        }
        Ok(self.slice(&(start..end)))
    }

    /// Rows `rows` only, without a copy of them; the first of them has no return.
    pub(crate) fn slice(&self, rows: &Range<Row>) -> Self {
        Self {
            prices: self.prices.slice(rows),
            returns: self.returns.slice(rows),
            benchmark: self.benchmark.as_ref().map(|benchmark| benchmark.slice(rows)),
            factors: self.factors.as_ref().map(|factors| factors.slice(rows)),
            cash: self.cash.as_ref().map(|cash| cash.slice(rows)),
            signals: self.signals.clone(),
            views: self.views.clone(),
            constituents: self.constituents.as_ref().map(|own| Arc::new(own.slice(rows))),
            benchmark_holdings: self.benchmark_holdings.clone(),
            members: self.members.clone(),
            filled: Arc::clone(&self.filled),
            sums: Arc::default(),
        }
    }

    fn no_overlap(&self, prices: &Prices) -> Error {
        let listing = prices.listing(0);
        let start = self.prices.listings.iter().map(|listing| listing.start).min();
        let end = self.prices.listings.iter().map(|listing| listing.end).max();
        Error::NoOverlap {
            benchmark: prices.universe.tickers()[0].clone(),
            first: prices.dates[listing.start],
            last: prices.dates[listing.end - 1],
            assets_first: prices.dates[start.unwrap_or_default()],
            assets_last: prices.dates[end.unwrap_or(1) - 1],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: i8 = 12;

    fn days() -> Vec<Date> {
        (1..=ROWS).map(|day| Date::constant(2024, 7, day)).collect()
    }

    /// A lists early, B ends after row 6, C ends right at the start of the views below.
    fn prices(rows: Range<usize>) -> Prices {
        let price = |row: usize, listing: Range<usize>| {
            listing.contains(&row).then(|| 10.0 + ((7 * row) % 5) as f64)
        };
        let column = |listing: Range<usize>| {
            rows.clone().map(move |row| price(row, listing.clone())).collect::<Vec<_>>()
        };
        let universe = Universe::new(["A", "B", "C"]).unwrap();
        let columns = [0..12, 2..7, 1..5].map(column);
        Prices::from_columns(days()[rows.clone()].to_vec(), universe, columns).unwrap()
    }

    fn benchmark(rows: Range<usize>) -> Prices {
        let column = rows.clone().map(|row| Some(100.0 + ((3 * row) % 4) as f64));
        let universe = Universe::new(["INDEX"]).unwrap();
        Prices::from_columns(days()[rows.clone()].to_vec(), universe, [column]).unwrap()
    }

    fn market(rows: Range<usize>, delisting: [Option<f64>; 3]) -> Market {
        let market = Market::new(prices(rows.clone())).unwrap();
        let market = market.with_benchmark(benchmark(rows)).unwrap();
        market.with_delisting_returns(&delisting).unwrap()
    }

    #[test]
    fn a_period_is_the_market_of_its_own_prices() {
        let whole = market(0..12, [None, Some(-0.5), Some(-0.4)]);
        let first = days()[5];
        let period = whole.between(Some(first), Some(days()[9])).unwrap();
        assert_eq!(period, market(4..10, [None, Some(-0.5), Some(-0.4)]));
        assert_eq!(period.returns().row_or_zero(0), [0.0; 3]);
        assert_eq!(period.returns().row_or_zero(1)[2], -0.4);
        assert_eq!(period.returns().value(0, 0), None);
        assert!(whole.returns().value(4, 0).is_some());
        // The delisting return of C came before the first session that has a return.
        let later = whole.between(Some(days()[6]), None).unwrap();
        assert_eq!(later.returns().row_or_zero(0), [0.0; 3]);
    }

    #[test]
    fn periods_and_pasts_share_the_panel() {
        let whole = market(0..12, [None; 3]);
        let period = whole.between(Some(days()[3]), None).unwrap();
        let known = period.before(6).unwrap().to_market();
        let row = |market: &Market, row| market.returns().row_or_zero(row).as_ptr();
        assert_eq!(row(&whole, 5), row(&period, 3));
        assert_eq!(row(&whole, 5), row(&known, 3));
        assert_eq!(row(&whole, 5), row(&whole.clone(), 5));
        let poisoned = period.poisoned(4, crate::Poison::Values);
        assert_ne!(row(&poisoned, 3), row(&period, 3));
        assert_eq!(poisoned.returns().row_or_zero(0), [0.0; 3]);
        assert_eq!(poisoned.returns().row_or_zero(3), period.returns().row_or_zero(3));
        assert_ne!(poisoned.returns().row_or_zero(4), period.returns().row_or_zero(4));
    }
}
