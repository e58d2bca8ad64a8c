//! Adjusted closes by session and asset.

use std::ops::Range;

use crate::shared::{Shared, Table};
use crate::{Date, Error, Matrix, Result, Row, Universe};

/// The rows on which an asset has a value: a half-open interval, possibly empty.
pub type Listing = Range<Row>;

/// Adjusted closes, `T` sessions by `N` assets.
///
/// An asset may list late and delist early; in between it has a price on every session. Rows
/// outside its listing hold no value (never `NaN`).
/// # Errors
/// A table is checked when it is built, with the asset and the session of the first fault.
/// # Examples
/// ```
/// use walkfolio_core::{Date, Prices, Universe};
///
/// let dates = vec![Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
/// let universe = Universe::new(["XLE", "XLF"])?;
/// let prices = Prices::new(dates, universe, vec![vec![Some(50.0), Some(52.0)], vec![None, Some(25.0)]])?;
/// assert_eq!((prices.value(1, 0), prices.value(0, 1)), (Some(52.0), None));
/// assert_eq!(prices.listing(1), 1..2);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    pub(crate) dates: Shared<Date>,
    pub(crate) universe: Universe,
    pub(crate) values: Table,
    pub(crate) listings: Vec<Listing>,
}

impl Prices {
    /// Checks a table of prices given by columns, one per asset of the universe.
    ///
    /// # Shape and units
    /// `columns[asset][row]`, `None` where there is no price; adjusted for splits and dividends.
    /// # Errors
    /// [`Error::Empty`] and [`Error::Shape`] for a table of the wrong size;
    /// [`Error::DuplicateDate`] and [`Error::UnsortedDates`]; [`Error::BadPrice`],
    /// [`Error::NoPrices`] and [`Error::MissingPrice`] with the asset and the session.
    pub fn new(
        dates: Vec<Date>,
        universe: Universe,
        columns: Vec<Vec<Option<f64>>>,
    ) -> Result<Self> {
        check_dates(&dates)?;
        if columns.len() != universe.len() {
            return Err(shape("the price table", "columns", universe.len(), columns.len()));
        }
        Self::from_columns(dates, universe, columns)
    }

    /// As [`Prices::new`], from columns that are made one after the other: what they are made from
    /// can be dropped on the way, so that a large table never stands in memory twice.
    ///
    /// # Shape and units
    /// As [`Prices::new`]; each column yields `T` values.
    /// # Errors
    /// As [`Prices::new`]; the number of columns is known, and checked, at the end.
    /// # Examples
    /// ```
    /// use walkfolio_core::{Date, Prices, Universe};
    ///
    /// let dates = vec![Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
    /// let columns = [[Some(50.0), Some(52.0)], [None, Some(25.0)]];
    /// let prices = Prices::from_columns(dates, Universe::new(["XLE", "XLF"])?, columns)?;
    /// assert_eq!(prices.value(1, 1), Some(25.0));
    /// # Ok::<(), walkfolio_core::Error>(())
    /// ```
    pub fn from_columns<C>(
        dates: Vec<Date>,
        universe: Universe,
        columns: impl IntoIterator<Item = C>,
    ) -> Result<Self>
    where
        C: IntoIterator<Item = Option<f64>>,
    {
        check_dates(&dates)?;
        let mut values = Matrix::zeros(dates.len(), universe.len());
        let mut listings = Vec::with_capacity(universe.len());
        let mut column = Vec::with_capacity(dates.len());
        for (asset, cells) in columns.into_iter().enumerate() {
            if asset == universe.len() {
                return Err(shape("the price table", "columns", universe.len(), asset + 1));
            }
            column.clear();
            column.extend(cells);
            if column.len() != dates.len() {
                let what = format!("the price column of {}", universe.tickers()[asset]);
                return Err(shape(&what, "rows", dates.len(), column.len()));
            }
            let listing = check_column(&dates, &universe, asset, &column)?;
            for row in listing.clone() {
                values[(row, asset)] = column[row].unwrap_or_default();
            }
            listings.push(listing);
        }
        if listings.len() != universe.len() {
            return Err(shape("the price table", "columns", universe.len(), listings.len()));
        }
        Ok(Self { dates: Shared::new(dates), universe, values: Table::new(values), listings })
    }

    /// The sessions, strictly increasing.
    pub fn dates(&self) -> &[Date] {
        &self.dates
    }

    /// The assets, in column order.
    pub fn universe(&self) -> &Universe {
        &self.universe
    }

    /// The rows on which an asset has a price.
    pub fn listing(&self, asset: usize) -> Listing {
        self.listings[asset].clone()
    }

    /// The price of an asset, if it is listed.
    pub fn value(&self, row: Row, asset: usize) -> Option<f64> {
        self.listings[asset].contains(&row).then(|| self.values[(row, asset)])
    }

    /// The same prices for some of the assets, in the order asked for.
    ///
    /// # Errors
    /// [`Error::UnknownAsset`] with the names there are.
    pub fn select(&self, universe: &Universe) -> Result<Self> {
        let picks = universe
            .tickers()
            .iter()
            .map(|ticker| {
                self.universe.position(ticker.as_str()).ok_or_else(|| Error::UnknownAsset {
                    asset: ticker.clone(),
                    place: "the price table".to_owned(),
                    known: self.universe.tickers().to_vec(),
                })
            })
            .collect::<Result<Vec<usize>>>()?;
        let mut values = Matrix::zeros(self.dates.len(), picks.len());
        for row in 0..self.dates.len() {
            let from = self.values.row(row);
            for (to, &pick) in values.row_mut(row).iter_mut().zip(&picks) {
                *to = from[pick];
            }
        }
        Ok(Self {
            dates: self.dates.clone(),
            universe: universe.clone(),
            values: Table::new(values),
            listings: picks.iter().map(|&pick| self.listing(pick)).collect(),
        })
    }

    /// One more session, on which nothing is listed.
    pub(crate) fn extend(&mut self, date: Date) {
        self.dates.extend([date]);
        self.values.extend();
    }

    /// Rows `rows` only, without a copy of them.
    pub(crate) fn slice(&self, rows: &Range<Row>) -> Self {
        Self {
            dates: self.dates.slice(rows.clone()),
            universe: self.universe.clone(),
            values: self.values.slice(rows),
            listings: self.listings.iter().map(|listing| clip(listing, rows)).collect(),
        }
    }
}

/// The part of a listing inside `rows`, counted from the start of `rows`.
pub(crate) fn clip(listing: &Listing, rows: &Range<Row>) -> Listing {
    let start = listing.start.clamp(rows.start, rows.end) - rows.start;
    let end = listing.end.clamp(rows.start, rows.end) - rows.start;
    start..end.max(start)
}

fn shape(what: &str, unit: &'static str, expected: usize, found: usize) -> Error {
    Error::Shape { what: what.to_owned(), unit, expected, found }
}

fn check_dates(dates: &[Date]) -> Result<()> {
    if dates.is_empty() {
        return Err(Error::Empty { what: "the price table" });
    }
    for (index, pair) in dates.windows(2).enumerate() {
        let (previous, date) = (pair[0], pair[1]);
        if date == previous {
            return Err(Error::DuplicateDate { date, first: index + 1, second: index + 2 });
        }
        if date < previous {
            let earlier = dates[..index].iter().position(|&other| other == date);
            return Err(match earlier {
                Some(first) => Error::DuplicateDate { date, first: first + 1, second: index + 2 },
                None => Error::UnsortedDates { date, previous, row: index + 2 },
            });
        }
    }
    Ok(())
}

fn check_column(
    dates: &[Date],
    universe: &Universe,
    asset: usize,
    column: &[Option<f64>],
) -> Result<Listing> {
    let name = || universe.tickers()[asset].clone();
    let first = column.iter().position(Option::is_some);
    let last = column.iter().rposition(Option::is_some);
    let (Some(first), Some(last)) = (first, last) else {
        let (first, last) = (dates[0], dates[dates.len() - 1]);
        return Err(Error::NoPrices { asset: name(), first, last });
    };
    for (row, price) in column.iter().enumerate().take(last + 1).skip(first) {
        match price {
            None => {
                let (first, last) = (dates[first], dates[last]);
                return Err(Error::MissingPrice { asset: name(), date: dates[row], first, last });
            }
            Some(value) if !value.is_finite() || *value <= 0.0 => {
                return Err(Error::BadPrice { asset: name(), date: dates[row], value: *value });
            }
            Some(_) => {}
        }
    }
    Ok(first..last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(days: &[i8]) -> Vec<Date> {
        days.iter().map(|&day| Date::constant(2024, 1, day)).collect()
    }

    fn one(dates: Vec<Date>, column: Vec<Option<f64>>) -> Result<Prices> {
        Prices::new(dates, Universe::new(["SPY"]).unwrap(), vec![column])
    }

    #[test]
    fn a_listing_is_where_the_prices_are() {
        let prices = one(days(&[2, 3, 4, 5]), vec![None, Some(1.0), Some(2.0), None]).unwrap();
        assert_eq!(prices.listing(0), 1..3);
        assert_eq!(prices.value(0, 0), None);
        assert_eq!(prices.value(2, 0), Some(2.0));
    }

    #[test]
    fn columns_one_after_the_other_are_counted() {
        let made = |columns: usize| {
            let columns = (0..columns).map(|_| [Some(1.0), Some(2.0)]);
            let universe = Universe::new(["SPY", "QQQ"]).unwrap();
            Prices::from_columns(days(&[2, 3]), universe, columns)
        };
        assert_eq!(made(2).unwrap().value(1, 1), Some(2.0));
        for columns in [1, 3] {
            assert!(
                matches!(made(columns), Err(Error::Shape { expected: 2, found, .. }) if found == columns)
            );
        }
    }

    #[test]
    fn each_fault_names_its_place() {
        let messages: Vec<String> = [
            one(days(&[2, 3, 3]), vec![Some(1.0); 3]),
            one(days(&[2, 4, 3]), vec![Some(1.0); 3]),
            one(days(&[2, 4, 3, 4]), vec![Some(1.0); 4]),
            one(days(&[2, 3, 4]), vec![Some(1.0), None, Some(1.0)]),
            one(days(&[2, 3]), vec![Some(1.0), Some(0.0)]),
            one(days(&[2, 3]), vec![Some(1.0), Some(f64::NAN)]),
            one(days(&[2, 3]), vec![None, None]),
        ]
        .into_iter()
        .map(|result| result.unwrap_err().to_string())
        .collect();
        assert_eq!(
            messages,
            [
                "date 2024-01-03 occurs twice, in rows 2 and 3",
                "date 2024-01-03 in row 3 follows the later date 2024-01-04; dates must increase",
                "date 2024-01-03 in row 3 follows the later date 2024-01-04; dates must increase",
                "SPY has no price on 2024-01-03, inside its listing from 2024-01-02 to 2024-01-04",
                "SPY has price 0 on 2024-01-03; a price must be a positive, finite number",
                "SPY has price NaN on 2024-01-03; a price must be a positive, finite number",
                "SPY has no price at all between 2024-01-02 and 2024-01-03",
            ]
        );
    }
}
