//! What a past hands out of the sums of its market.

use std::ops::Range;

use super::products::{factor_head, factor_record, triangle};
use crate::{Error, Matrix, Past, Result, Row};

impl<'a> Past<'a> {
    /// Sums of products over the last `rows` rows, for moments of any window at the cost of a short
    /// one: a window is a difference of two rows of sums, so all look-backs of a grid cost one pass
    /// over the market.
    ///
    /// # No look-ahead
    /// The sums of a past of `t` rows are added up from rows `0..t` of its market in order; nothing
    /// else enters, not even rounding.
    /// # Errors
    /// Those of [`Past::returns`] for the same window.
    /// # Examples
    /// ```
    /// use walkfolio_core::{Date, Market, Prices, Universe};
    ///
    /// let dates = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
    /// let prices = [100.0, 110.0, 99.0, 120.0].map(Some).to_vec();
    /// let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, vec![prices])?)?;
    /// // The two returns known at row 3 are 10 % and -10 %.
    /// let past = market.before(3)?;
    /// let sum = past.sums(&[0], 2)?.returns().unwrap_or_default();
    /// assert!(sum[0].abs() < 1e-15);
    /// assert!(past.sums(&[0], 3).is_err());
    /// # Ok::<(), walkfolio_core::Error>(())
    /// ```
    pub fn sums<'b>(&self, assets: &'b [usize], rows: usize) -> Result<WindowSums<'a, 'b>> {
        let t = self.rows();
        if rows == 0 || assets.iter().any(|&asset| !self.has_returns(asset, rows)) {
            self.returns(assets, rows)?;
        }
        // Without assets `Past::returns` has nothing to object to.
        let start = t.checked_sub(rows).ok_or_else(|| Error::TooShort {
            what: "the market".to_owned(),
            date: self.decision_date(),
            needed: rows,
            found: t,
        })?;
        Ok(WindowSums { past: *self, assets, window: start..t })
    }
}

/// Sums over one window of a past, of some assets; all returns are fractions a session.
///
/// Each kind of sums is made for the whole market when it is first asked for, and `None` where it
/// would take more than 64 MiB, which the market's shape decides: over 4,300 rows beyond 43 assets
/// for products of assets, beyond 190 for regressions on three factors.
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// # let dates = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
/// # let prices = [100.0, 150.0, 75.0, 75.0].map(Some).to_vec();
/// # let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, vec![prices])?)?;
/// // The two returns known at row 3 are 50 % and -50 %.
/// let sums = market.before(3)?;
/// let sums = sums.sums(&[0], 2)?;
/// assert_eq!(sums.returns().unwrap(), [0.0]);
/// assert_eq!(sums.products().unwrap()[(0, 0)], 0.5);
/// assert!(sums.benchmark().is_none());
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct WindowSums<'a, 'b> {
    past: Past<'a>,
    assets: &'b [usize],
    window: Range<Row>,
}

/// Sums of a window for regressions on `K` factors.
///
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// # let dates: Vec<Date> = (1..=3).map(|day| Date::constant(2024, 7, day)).collect();
/// # let prices = [100.0, 150.0, 75.0].map(Some).to_vec();
/// # let names = vec!["Mkt-RF".to_owned()];
/// # let factors = Matrix::from_rows(3, 1, vec![0.0, 0.5, 0.25]);
/// # let factors = Factors::new(&dates, names, factors, vec![0.0; 3], 1..3)?;
/// # let prices = Prices::new(dates, Universe::new(["XLE"])?, vec![prices])?;
/// # let market = Market::new(prices)?.with_factors(factors);
/// // The asset returned 50 %, the factor 50 %.
/// let sums = market.before(2)?.sums(&[0], 1)?.factors().unwrap();
/// assert_eq!((sums.risk_free(), sums.factors(), sums.product(0, 0)), (0.0, &[0.5][..], 0.25));
/// assert_eq!(sums.assets().next().unwrap(), (0.5, 0.25, &[0.25][..]));
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FactorSums {
    k: usize,
    head: Vec<f64>,
    records: Vec<f64>,
}

/// Sums of a window for betas to the market factor `r_M = Mkt-RF + RF`.
///
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// # let dates: Vec<Date> = (1..=3).map(|day| Date::constant(2024, 7, day)).collect();
/// # let prices = [100.0, 150.0, 75.0].map(Some).to_vec();
/// # let names = vec!["Mkt-RF".to_owned()];
/// # let factors = Matrix::from_rows(3, 1, vec![0.0, 0.25, 0.0]);
/// # let factors = Factors::new(&dates, names, factors, vec![0.25; 3], 1..3)?;
/// # let prices = Prices::new(dates, Universe::new(["XLE"])?, vec![prices])?;
/// # let market = Market::new(prices)?.with_factors(factors);
/// // The asset returned 50 %, the market 25 % above a risk-free 25 %.
/// let sums = market.before(2)?.sums(&[0], 1)?.market().unwrap();
/// assert_eq!((sums.sum, sums.square), (0.5, 0.25));
/// assert_eq!(sums.assets, [[0.5, 0.25]]);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MarketSums {
    /// `sum r_M`.
    pub sum: f64,
    /// `sum r_M^2`.
    pub square: f64,
    /// By asset, `sum r` and `sum r r_M`.
    pub assets: Vec<[f64; 2]>,
}

/// Sums of a window for tracking a benchmark `r_b`.
///
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// # let dates: Vec<Date> = (1..=3).map(|day| Date::constant(2024, 7, day)).collect();
/// # let column = |name, prices: [f64; 3]| {
/// #     Prices::new(dates.clone(), Universe::new([name])?, vec![prices.map(Some).to_vec()])
/// # };
/// # let market = Market::new(column("XLE", [100.0, 150.0, 75.0])?)?
/// #     .with_benchmark(column("SPY", [100.0, 50.0, 50.0])?)?;
/// // The asset returned 50 %, the benchmark -50 %.
/// let sums = market.before(2)?.sums(&[0], 1)?.benchmark().unwrap();
/// assert_eq!((sums.square, sums.cross), (0.25, vec![-0.25]));
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BenchmarkSums {
    /// `sum r_b^2`.
    pub square: f64,
    /// By asset, `sum r r_b`.
    pub cross: Vec<f64>,
}

impl WindowSums<'_, '_> {
    /// By asset, `sum r`.
    pub fn returns(&self) -> Option<Vec<f64>> {
        let market = self.past.market;
        let sums = market.sums.returns(&market.returns)?;
        Some(sums.over(&self.window).records(0, 1, self.assets))
    }

    /// `R'R`, the sums of products of two assets: `N x N`, symmetric to the bit.
    pub fn products(&self) -> Option<Matrix> {
        let (market, n) = (self.past.market, self.past.universe().len());
        let sums = market.sums.pairs(&market.returns)?.over(&self.window);
        let mut out = Matrix::zeros(self.assets.len(), self.assets.len());
        for (i, &first) in self.assets.iter().enumerate() {
            for (value, &second) in out.row_mut(i)[i..].iter_mut().zip(&self.assets[i..]) {
                *value = sums.value(triangle(n, first.min(second), first.max(second)));
            }
        }
        out.mirror();
        Some(out)
    }

    /// Sums with the benchmark; `None` too if it lacks returns of the window.
    pub fn benchmark(&self) -> Option<BenchmarkSums> {
        let market = self.past.market;
        self.past.benchmark(self.window.len()).ok()?;
        let sums = market.sums.benchmark(&market.returns, market.benchmark.as_ref()?)?;
        let sums = sums.over(&self.window);
        Some(BenchmarkSums { square: sums.value(0), cross: sums.records(1, 1, self.assets) })
    }

    /// Sums with the market factor; `None` too if the factors lack rows of the window.
    pub fn market(&self) -> Option<MarketSums> {
        let market = self.past.market;
        self.past.factors(self.window.len()).ok()?;
        let sums = market.sums.market(&market.returns, market.factors.as_ref()?)?;
        let sums = sums.over(&self.window);
        let records = sums.records(2, 2, self.assets);
        let assets = records.chunks_exact(2).map(|record| [record[0], record[1]]).collect();
        Some(MarketSums { sum: sums.value(0), square: sums.value(1), assets })
    }

    /// Sums with all factors; `None` too if they lack rows of the window.
    pub fn factors(&self) -> Option<FactorSums> {
        let market = self.past.market;
        let k = self.past.factors(self.window.len()).ok()?.k;
        let sums = market.sums.factors(&market.returns, market.factors.as_ref()?)?;
        let sums = sums.over(&self.window);
        let mut head = Vec::with_capacity(factor_head(k));
        sums.append(0..factor_head(k), &mut head);
        let records = sums.records(factor_head(k), factor_record(k), self.assets);
        Some(FactorSums { k, head, records })
    }
}

impl FactorSums {
    /// `sum r_f`.
    pub fn risk_free(&self) -> f64 {
        self.head[0]
    }

    /// By factor, `sum f`.
    pub fn factors(&self) -> &[f64] {
        &self.head[1..=self.k]
    }

    /// `sum f_a f_b`, for factors `a` and `b`.
    pub fn product(&self, a: usize, b: usize) -> f64 {
        self.head[self.k + 1 + triangle(self.k, a.min(b), a.max(b))]
    }

    /// By asset, with the excess return `y = r - r_f`: `sum y`, `sum y^2` and, by factor, `sum y f`.
    pub fn assets(&self) -> impl ExactSizeIterator<Item = (f64, f64, &[f64])> {
        let records = self.records.chunks_exact(factor_record(self.k));
        records.map(|record| (record[0], record[1], &record[2..]))
    }
}
