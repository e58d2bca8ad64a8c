//! Factor returns and the risk-free rate.

use std::ops::Range;
use std::sync::Arc;

use crate::prices::clip;
use crate::returns::check_finite;
use crate::shared::{Shared, Table};
use crate::{Date, Error, Listing, Matrix, Result};

/// The factor that is the market's return above the risk-free rate.
pub(crate) const MARKET: &str = "Mkt-RF";

/// Daily factor returns and the risk-free rate, aligned with a market's rows, as fractions.
///
/// For the Fama-French three factors the names are `Mkt-RF`, `SMB` and `HML`.
/// # Examples
/// ```
/// use walkfolio_core::{Date, Factors, Matrix};
///
/// let dates = [Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
/// let values = Matrix::from_rows(2, 1, vec![0.01, -0.02]);
/// let factors = Factors::new(&dates, vec!["Mkt-RF".to_owned()], values, vec![0.0002; 2], 0..2)?;
/// assert_eq!((factors.row(1), factors.risk_free(1)), (Some(&[-0.02][..]), Some(0.0002)));
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    pub(crate) names: Arc<[String]>,
    pub(crate) values: Table,
    pub(crate) risk_free: Shared<f64>,
    pub(crate) listing: Listing,
}

impl Factors {
    /// Checks factor returns by rows of a market.
    ///
    /// # Shape and units
    /// `values` is `T x K` and `risk_free` has `T` values, fractions a session; rows outside
    /// `listing` are ignored.
    /// # Errors
    /// [`Error::Shape`] if a size differs, [`Error::NotFinite`] with the factor and the session.
    pub fn new(
        dates: &[Date],
        names: Vec<String>,
        values: Matrix,
        risk_free: Vec<f64>,
        listing: Listing,
    ) -> Result<Self> {
        let shape = |what: &str, unit, expected, found| {
            Err(Error::Shape { what: what.to_owned(), unit, expected, found })
        };
        if values.rows() != dates.len() {
            return shape("the factor table", "rows", dates.len(), values.rows());
        }
        if values.cols() != names.len() {
            return shape("the factor table", "columns", names.len(), values.cols());
        }
        if risk_free.len() != dates.len() {
            return shape("the risk-free rate", "rows", dates.len(), risk_free.len());
        }
        for (k, name) in names.iter().enumerate() {
            let column: Vec<f64> = values.iter_rows().map(|row| row[k]).collect();
            check_finite(&format!("factor {name}"), dates, &column, &listing)?;
        }
        check_finite("the risk-free rate", dates, &risk_free, &listing)?;
        let (values, risk_free) = (Table::new(values), Shared::new(risk_free));
        Ok(Self { names: names.into(), values, risk_free, listing })
    }

    /// Names of the factors, in column order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The rows on which there are factor returns.
    pub fn listing(&self) -> Listing {
        self.listing.clone()
    }

    /// Factor returns of one session, if it has any.
    pub fn row(&self, row: usize) -> Option<&[f64]> {
        self.listing.contains(&row).then(|| self.values.row(row))
    }

    /// The market's return above the risk-free rate on one session: the factor named `Mkt-RF`,
    /// wherever it is. `None` if there is no such factor, or no return.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::{Date, Factors, Matrix};
    ///
    /// let dates = [Date::constant(2024, 1, 2)];
    /// let names = vec!["SMB".to_owned(), "Mkt-RF".to_owned()];
    /// let values = Matrix::from_rows(1, 2, vec![0.01, 0.02]);
    /// let factors = Factors::new(&dates, names, values, vec![0.0], 0..1)?;
    /// assert_eq!(factors.market_excess(0), Some(0.02));
    /// # Ok::<(), walkfolio_core::Error>(())
    /// ```
    pub fn market_excess(&self, row: usize) -> Option<f64> {
        Some(self.row(row)?[self.market_column()?])
    }

    /// Whether one of the factors is the market's return above the risk-free rate.
    pub fn has_market(&self) -> bool {
        self.market_column().is_some()
    }

    /// The column of the market's excess return, if there is one.
    pub(crate) fn market_column(&self) -> Option<usize> {
        self.names.iter().position(|name| name == MARKET)
    }

    /// The risk-free return of one session, if it has one.
    pub fn risk_free(&self, row: usize) -> Option<f64> {
        self.listing.contains(&row).then(|| self.risk_free[row])
    }

    /// One more session, on which no factor has a return.
    pub(crate) fn extend(&mut self) {
        self.values.extend();
        self.risk_free.extend([0.0]);
    }

    /// Rows `rows` only, without a copy of them.
    pub(crate) fn slice(&self, rows: &Range<usize>) -> Self {
        Self {
            names: Arc::clone(&self.names),
            values: self.values.slice(rows),
            risk_free: self.risk_free.slice(rows.clone()),
            listing: clip(&self.listing, rows),
        }
    }
}

/// The factor returns of a window, newest last.
/// # Examples
/// ```
/// use walkfolio_core::FactorWindow;
///
/// // Two sessions of Mkt-RF and SMB; the market's return is Mkt-RF + RF.
/// let values = [0.01, 0.002, -0.02, 0.001];
/// let window = FactorWindow { k: 2, market: Some(0), values: &values, risk_free: &[0.5, 0.25] };
/// assert_eq!(window.row(1), [-0.02, 0.001]);
/// assert_eq!(window.market()?, [0.51, 0.23]);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct FactorWindow<'a> {
    /// Number of factors.
    pub k: usize,
    /// The column of the market's excess return, the factor named `Mkt-RF`.
    pub market: Option<usize>,
    /// `L x K` factor returns by rows.
    pub values: &'a [f64],
    /// `L` risk-free returns.
    pub risk_free: &'a [f64],
}

impl<'a> FactorWindow<'a> {
    /// Factor returns of row `t` of the window.
    pub fn row(&self, t: usize) -> &'a [f64] {
        &self.values[t * self.k..(t + 1) * self.k]
    }

    /// The market's return, `Mkt-RF + RF`, by rows of the window.
    ///
    /// # Errors
    /// [`Error::Absent`] if no factor is named `Mkt-RF`.
    pub fn market(&self) -> Result<Vec<f64>> {
        let what = "a factor named Mkt-RF";
        let column = self.market.ok_or(Error::Absent { what, needed_by: "a market beta" })?;
        Ok((0..self.risk_free.len()).map(|t| self.row(t)[column] + self.risk_free[t]).collect())
    }
}
