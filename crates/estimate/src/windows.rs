//! Moments of any trailing window, from prefix sums.

mod moments;
mod products;
mod sums;

use std::ops::Range;
use std::sync::OnceLock;

use walkfolio_core::{
    Benchmark, Covariance, Error as CoreError, Factors, Market, Matrix, Past, Returns, Row,
};

use self::sums::Sums;
use crate::{FactorModel, Result, TrackingMoments, capm_beta, sample_covariance, sample_mean};

/// A block of sums, built when it is first asked for; `None` if it would be too large.
type Block = OnceLock<Option<Sums>>;

/// Prefix sums of a market's products, from which the moments of every window follow.
///
/// A window is a difference of two rows of sums, so all look-backs of a grid cost one pass over the
/// market. The results agree with [`FactorModel::fit`], [`capm_beta`](crate::capm_beta()),
/// [`sample_mean`](crate::sample_mean()), [`sample_covariance`](crate::sample_covariance()) and
/// [`TrackingMoments::of_window`] to 1e-10 of the standard deviations involved, and so do the errors.
///
/// # No look-ahead
/// The sums of a [`Past`] of `t` rows are added up from rows `0..t` in order; nothing else enters,
/// not even rounding.
///
/// # When a window is estimated from its rows
/// The answer is always that of the estimators above; these cases take their time as well:
/// - a block of sums would take more than 64 MiB, which the market's shape decides: over 4,300 rows
///   beyond 43 assets for products of assets, beyond 190 for regressions on three factors;
/// - subtracting the mean would cancel more than three digits (an asset that hardly moves, a
///   constant market), the factors are close to dependent, or they explain an asset but for 1e-6;
/// - for second moments, there are no more rows than assets.
///
/// # Sharing
/// `Send + Sync`: the cells of a grid share one by an [`Arc`](std::sync::Arc). A `Past` must come
/// from the market that the sums were built from; a market with other values, such as
/// [`Market::poisoned`], needs sums of its own.
///
/// # Examples
/// ```
/// use walkfolio_core::{Date, Market, Prices, Universe};
/// use walkfolio_estimate::Windows;
///
/// let dates = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
/// let prices = [100.0, 110.0, 99.0, 120.0].map(Some).to_vec();
/// let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, vec![prices])?)?;
/// // The two returns known at row 3 are 10 % and -10 %.
/// let mean = Windows::new(&market).sample_mean(&market.before(3)?, &[0], 2, 252.0)?;
/// assert!(mean[0].abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Windows {
    rows: usize,
    returns: Returns,
    factors: Option<Factors>,
    benchmark: Option<Benchmark>,
    factor_sums: Block,
    market_sums: Block,
    return_sums: Block,
    pair_sums: Block,
    benchmark_sums: Block,
}

impl Windows {
    /// Takes what the sums are made of; each block of sums is built when it is first needed.
    pub fn new(market: &Market) -> Self {
        Self {
            rows: market.rows(),
            returns: market.returns().clone(),
            factors: market.factors().cloned(),
            benchmark: market.benchmark().cloned(),
            factor_sums: Block::new(),
            market_sums: Block::new(),
            return_sums: Block::new(),
            pair_sums: Block::new(),
            benchmark_sums: Block::new(),
        }
    }

    /// The regressions of [`FactorModel::fit`] over the last `rows` rows.
    ///
    /// # Errors
    /// Those of [`Past::returns`], [`Past::factors`] and [`FactorModel::fit`];
    /// [`walkfolio_core::Error::Shape`] if the past is of another market.
    pub fn factor_model(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        rows: usize,
    ) -> Result<FactorModel> {
        let window = self.check(past, assets, rows)?;
        let factors = past.factors(rows)?;
        let sums = self.factor_sums().filter(|_| rows > factors.k + 1);
        sums.and_then(|sums| moments::factor_model(&sums.over(&window), factors.k, rows, assets))
            .map_or_else(|| FactorModel::fit(&past.returns(assets, rows)?, &factors), Ok)
    }

    /// The betas of [`capm_beta`](crate::capm_beta()) over the last `rows` rows.
    ///
    /// # Errors
    /// Those of [`Past::returns`], [`Past::factors`] and [`capm_beta`](crate::capm_beta());
    /// [`walkfolio_core::Error::Shape`] if the past is of another market.
    pub fn capm_beta(&self, past: &Past<'_>, assets: &[usize], rows: usize) -> Result<Vec<f64>> {
        let window = self.check(past, assets, rows)?;
        let factors = past.factors(rows)?;
        let sums = self.market_sums().filter(|_| rows > 1);
        sums.and_then(|sums| moments::capm_beta(&sums.over(&window), rows, assets))
            .map_or_else(|| capm_beta(&past.returns(assets, rows)?, &factors), Ok)
    }

    /// The means of [`sample_mean`](crate::sample_mean()) over the last `rows` rows, times
    /// `periods_per_year`.
    ///
    /// # Errors
    /// Those of [`Past::returns`]; [`walkfolio_core::Error::Shape`] if the past is of another
    /// market.
    pub fn sample_mean(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        rows: usize,
        periods_per_year: f64,
    ) -> Result<Vec<f64>> {
        let window = self.check(past, assets, rows)?;
        let Some(sums) = self.return_sums() else {
            return sample_mean(&past.returns(assets, rows)?, periods_per_year);
        };
        let mut mean = sums.over(&window).records(0, 1, assets);
        for sum in &mut mean {
            *sum = *sum / rows as f64 * periods_per_year;
        }
        Ok(mean)
    }

    /// The covariance of [`sample_covariance`](crate::sample_covariance()) over the last `rows`
    /// rows, times `periods_per_year`.
    ///
    /// # Errors
    /// Those of [`Past::returns`] and [`sample_covariance`](crate::sample_covariance());
    /// [`walkfolio_core::Error::Shape`] if the past is of another market.
    pub fn sample_covariance(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        rows: usize,
        periods_per_year: f64,
    ) -> Result<Covariance> {
        let window = self.check(past, assets, rows)?;
        let dense = || {
            let (returns, pairs) = self.return_sums().zip(self.pair_sums(assets, rows))?;
            let moment = self.second_moment(pairs, &window, assets);
            let scale = periods_per_year / (rows - 1) as f64;
            moments::covariance(&returns.over(&window), moment, rows, assets, scale)
        };
        dense()
            .map(Covariance::Dense)
            .map_or_else(|| sample_covariance(&past.returns(assets, rows)?, periods_per_year), Ok)
    }

    /// The moments of [`TrackingMoments::of_window`] over the last `rows` rows.
    ///
    /// # Errors
    /// Those of [`Past::returns`], [`Past::benchmark`] and [`TrackingMoments::of_window`];
    /// [`walkfolio_core::Error::Shape`] if the past is of another market.
    pub fn tracking(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        rows: usize,
    ) -> Result<TrackingMoments> {
        let window = self.check(past, assets, rows)?;
        let benchmark = past.benchmark(rows)?;
        let sums = self.pair_sums(assets, rows).zip(self.benchmark_sums());
        let Some((pairs, products)) = sums else {
            return TrackingMoments::of_window(&past.returns(assets, rows)?, benchmark);
        };
        let products = products.over(&window);
        Ok(TrackingMoments {
            second_moment: Covariance::Dense(self.second_moment(pairs, &window, assets)),
            cross: products.records(1, 1, assets),
            benchmark_square: products.value(0),
        })
    }

    /// The rows of a window, or the error that [`Past::returns`] gives for it.
    fn check(&self, past: &Past<'_>, assets: &[usize], rows: usize) -> Result<Range<Row>> {
        let t = past.rows();
        self.check_market(past)?;
        if rows == 0 || assets.iter().any(|&asset| !past.has_returns(asset, rows)) {
            past.returns(assets, rows)?;
        }
        // Without assets `Past` has nothing to object to.
        let start = t.checked_sub(rows).ok_or_else(|| CoreError::TooShort {
            what: "the market".to_owned(),
            date: past.decision_date(),
            needed: rows,
            found: t,
        })?;
        Ok(start..t)
    }

    fn check_market(&self, past: &Past<'_>) -> Result<()> {
        let shape = |unit, expected, found| {
            let what = "the market of this past, unlike that of the window sums,".to_owned();
            Err(CoreError::Shape { what, unit, expected, found }.into())
        };
        let (expected, found) = (self.returns.universe().len(), past.universe().len());
        if expected != found {
            return shape("assets", expected, found);
        }
        if past.rows() >= self.rows {
            return shape("rows", self.rows, past.rows() + 1);
        }
        Ok(())
    }

    fn second_moment(&self, pairs: &Sums, window: &Range<Row>, assets: &[usize]) -> Matrix {
        moments::second_moment(&pairs.over(window), self.returns.universe().len(), assets)
    }

    fn factor_sums(&self) -> Option<&Sums> {
        let factors = self.factors.as_ref()?;
        let build = || products::of_factors(self.rows, &self.returns, factors);
        self.factor_sums.get_or_init(build).as_ref()
    }

    fn market_sums(&self) -> Option<&Sums> {
        let factors = self.factors.as_ref()?;
        let build = || products::of_market(self.rows, &self.returns, factors);
        self.market_sums.get_or_init(build).as_ref()
    }

    fn return_sums(&self) -> Option<&Sums> {
        self.return_sums.get_or_init(|| products::of_returns(self.rows, &self.returns)).as_ref()
    }

    /// Sums of products of assets, where a window has more rows than assets.
    fn pair_sums(&self, assets: &[usize], rows: usize) -> Option<&Sums> {
        if rows <= assets.len() || rows < 2 {
            return None;
        }
        self.pair_sums.get_or_init(|| products::of_pairs(self.rows, &self.returns)).as_ref()
    }

    fn benchmark_sums(&self) -> Option<&Sums> {
        let benchmark = self.benchmark.as_ref()?;
        let build = || products::of_benchmark(self.rows, &self.returns, benchmark);
        self.benchmark_sums.get_or_init(build).as_ref()
    }
}
