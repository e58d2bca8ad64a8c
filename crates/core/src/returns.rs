//! Simple returns by session and asset.

use std::ops::Range;
use std::sync::Arc;

use crate::prices::clip;
use crate::shared::Table;
use crate::{Date, Error, Listing, Matrix, Prices, Result, Row, Universe};

/// The largest one-session return taken as real: 300 %.
pub const MAX_PLAUSIBLE_RETURN: f64 = 3.0;

/// Simple returns `r_t = P_t / P_{t-1} - 1`, `T` sessions by `N` assets, as fractions.
///
/// Row `t` is session `t` of the prices; an asset's first return is the session after its first
/// price.
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
/// let returns = Returns::from_prices(&prices)?;
/// assert_eq!(returns.value(0, 0), None);
/// assert_eq!(returns.value(2, 1), Some(0.25));
/// assert_eq!(returns.listing(1), 2..4);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Returns {
    pub(crate) universe: Universe,
    values: Table,
    pub(crate) listings: Vec<Listing>,
    /// Zeros in place of the first row of a view that starts later than its table: no price of the
    /// view comes before that row, so it has no return.
    blank: Option<Arc<[f64]>>,
}

impl Returns {
    /// The returns of prices.
    ///
    /// # Errors
    /// [`Error::ImplausibleReturn`] above [`MAX_PLAUSIBLE_RETURN`].
    pub fn from_prices(prices: &Prices) -> Result<Self> {
        let (rows, n) = (prices.dates.len(), prices.universe.len());
        let mut values = Matrix::zeros(rows, n);
        let mut listings = Vec::with_capacity(n);
        for (asset, listing) in prices.listings.iter().enumerate() {
            for row in listing.start + 1..listing.end {
                let (from, to) = (prices.values[(row - 1, asset)], prices.values[(row, asset)]);
                let value = to / from - 1.0;
                if value > MAX_PLAUSIBLE_RETURN {
                    let asset = prices.universe.tickers()[asset].clone();
                    let date = prices.dates[row];
                    return Err(Error::ImplausibleReturn { asset, date, value, from, to });
                }
                values[(row, asset)] = value;
            }
            listings.push((listing.start + 1).min(listing.end)..listing.end);
        }
        let values = Table::new(values);
        Ok(Self { universe: prices.universe.clone(), values, listings, blank: None })
    }

    /// Number of sessions.
    pub(crate) fn sessions(&self) -> usize {
        self.values.rows()
    }

    /// The assets, in column order.
    pub fn universe(&self) -> &Universe {
        &self.universe
    }

    /// The rows on which an asset has a return.
    pub fn listing(&self, asset: usize) -> Listing {
        self.listings[asset].clone()
    }

    /// The return of an asset on a session, if it has one.
    pub fn value(&self, row: Row, asset: usize) -> Option<f64> {
        self.listings[asset].contains(&row).then(|| self.values[(row, asset)])
    }

    /// All returns of one session, 0 where an asset has none.
    ///
    /// An asset that is held past its last close earns its delisting return on the next session,
    /// where one is known, and is cash from then on.
    pub fn row_or_zero(&self, row: Row) -> &[f64] {
        match &self.blank {
            Some(blank) if row == 0 => blank,
            _ => self.values.row(row),
        }
    }

    /// What a holder earns on the session after an asset's last close; 0 if nothing is known of it.
    pub fn delisting(&self, asset: usize) -> f64 {
        let end = self.listings[asset].end;
        if end < self.values.rows() { self.values[(end, asset)] } else { 0.0 }
    }

    /// Sets what a holder earns on the session after an asset's last close.
    pub(crate) fn end_with(&mut self, asset: usize, value: f64) {
        let end = self.listings[asset].end;
        if end < self.values.rows() {
            self.row_mut(end)[asset] = value;
        }
    }

    /// The returns of rows, one after the other; row 0 has none.
    pub(crate) fn rows(&self, rows: Range<Row>) -> &[f64] {
        let n = self.universe.len();
        &self.values.values()[rows.start * n..rows.end * n]
    }

    /// The returns of a session, to write.
    pub(crate) fn row_mut(&mut self, row: Row) -> &mut [f64] {
        if self.blank.take().is_some() {
            self.values.row_mut(0).fill(0.0);
        }
        self.values.row_mut(row)
    }

    /// One more session, on which nothing has a return.
    pub(crate) fn extend(&mut self) {
        self.values.extend();
    }

    /// Rows `rows` only, without a copy of them.
    pub(crate) fn slice(&self, rows: &Range<Row>) -> Self {
        let with_return = (rows.start + 1).min(rows.end)..rows.end;
        let listings = self.listings.iter().map(|listing| {
            let inner = clip(listing, &with_return);
            inner.start + 1..inner.end + 1
        });
        Self {
            universe: self.universe.clone(),
            values: self.values.slice(rows),
            listings: listings.collect(),
            blank: Some(vec![0.0; self.universe.len()].into()),
        }
    }
}

impl PartialEq for Returns {
    fn eq(&self, other: &Self) -> bool {
        let rows = self.values.rows();
        self.universe == other.universe
            && self.listings == other.listings
            && rows == other.values.rows()
            && (0..rows).all(|row| self.row_or_zero(row) == other.row_or_zero(row))
    }
}

/// Checks that a row-aligned series is finite on its listing.
pub(crate) fn check_finite(
    what: &str,
    dates: &[Date],
    values: &[f64],
    listing: &Listing,
) -> Result<()> {
    match listing.clone().find(|&row| !values[row].is_finite()) {
        None => Ok(()),
        Some(row) => {
            Err(Error::NotFinite { what: what.to_owned(), date: dates[row], value: values[row] })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_above_300_percent_is_refused() {
        let dates = vec![Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
        let universe = Universe::new(["AET.L"]).unwrap();
        let prices = Prices::new(dates, universe, vec![vec![Some(1.5), Some(150.0)]]).unwrap();
        assert_eq!(
            Returns::from_prices(&prices).unwrap_err().to_string(),
            "AET.L returns 9900.0 % on 2024-01-03 (price 1.5 to 150); more than 300 % in one session is taken as a fault of the file"
        );
    }
}
