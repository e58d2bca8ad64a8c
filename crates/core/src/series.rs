//! Single series of a market: its benchmark, the return of cash.

use std::ops::Range;

use crate::prices::clip;
use crate::returns::check_finite;
use crate::shared::Shared;
use crate::{Date, Error, Listing, Prices, Result, Returns, Row, Ticker};

/// A return series aligned with a market's rows, as fractions.
/// # Examples
/// ```
/// use walkfolio_core::{Date, Series};
///
/// let dates = [Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
/// let cash = Series::new("cash", &dates, vec![0.0, 0.0002], 1..2)?;
/// assert_eq!((cash.value(0), cash.value(1)), (None, Some(0.0002)));
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub(crate) values: Shared<f64>,
    pub(crate) listing: Listing,
}

impl Series {
    /// Checks a series by rows of a market; rows outside `listing` are ignored.
    ///
    /// # Errors
    /// [`Error::Shape`] if its length differs, [`Error::NotFinite`] with the session.
    pub fn new(what: &str, dates: &[Date], values: Vec<f64>, listing: Listing) -> Result<Self> {
        if values.len() != dates.len() {
            let (expected, found) = (dates.len(), values.len());
            return Err(Error::Shape { what: what.to_owned(), unit: "rows", expected, found });
        }
        check_finite(what, dates, &values, &listing)?;
        Ok(Self { values: Shared::new(values), listing })
    }

    /// The rows on which there is a value.
    pub fn listing(&self) -> Listing {
        self.listing.clone()
    }

    /// The value of a row, if it has one.
    pub fn value(&self, row: Row) -> Option<f64> {
        self.listing.contains(&row).then(|| self.values[row])
    }

    /// One more session, on which it has no value.
    pub(crate) fn extend(&mut self) {
        self.values.extend([0.0]);
    }

    /// Rows `rows` only, without a copy of them.
    pub(crate) fn slice(&self, rows: &Range<Row>) -> Self {
        Self { values: self.values.slice(rows.clone()), listing: clip(&self.listing, rows) }
    }
}

/// The portfolio or index that a strategy is measured against.
///
/// # Shape and units
/// `T` returns, fractions a session, aligned with the market's rows.
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// # let dates: Vec<Date> = (1..=2).map(|day| Date::constant(2024, 7, day)).collect();
/// # let column = |name, prices: [f64; 2]| {
/// #     Prices::new(dates.clone(), Universe::new([name])?, vec![prices.map(Some).to_vec()])
/// # };
/// let market = Market::new(column("XLE", [50.0, 55.0])?)?
///     .with_benchmark(column("SPY", [400.0, 500.0])?)?;
/// let benchmark = market.benchmark().unwrap();
/// assert_eq!((benchmark.ticker.as_str(), benchmark.listing()), ("SPY", 1..2));
/// assert_eq!(benchmark.value(1), Some(0.25));
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Benchmark {
    /// Its name.
    pub ticker: Ticker,
    pub(crate) prices: Prices,
    pub(crate) returns: Returns,
}

impl Benchmark {
    /// The return of a session, if it has one.
    pub fn value(&self, row: Row) -> Option<f64> {
        self.returns.value(row, 0)
    }

    /// The rows on which it has a return.
    pub fn listing(&self) -> Listing {
        self.returns.listing(0)
    }
    /// Rows `rows` only, without a copy of them.
    pub(crate) fn slice(&self, rows: &Range<Row>) -> Self {
        Self {
            ticker: self.ticker.clone(),
            prices: self.prices.slice(rows),
            returns: self.returns.slice(rows),
        }
    }
}
