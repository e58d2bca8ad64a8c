//! A table of prices as a vendor wrote it, errors and all.

use std::borrow::Cow;
use std::collections::BTreeSet;

use walkfolio_core::{Date, Market, Note, Ticker};

use crate::Result;
use crate::calendar::{Calendar, Rhythm};
use crate::series::Series;

/// The columns of one asset, each as long as the panel's dates.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub ticker: Ticker,
    /// Adjusted closes; `None` where the file has no price.
    pub prices: Vec<Option<f64>>,
    /// Units traded.
    pub volumes: Option<Vec<Option<f64>>>,
    /// Closes adjusted for splits, not for dividends.
    pub closes: Option<Vec<Option<f64>>>,
    /// Dividends by ex-date, in the unit of `closes`; 0 on other days.
    pub dividends: Option<Vec<f64>>,
    /// New units for an old one by ex-date: 4 is a split of 4 for 1; 0 or 1 on other days.
    pub splits: Option<Vec<f64>>,
}

impl Column {
    /// Prices alone.
    pub fn new(ticker: Ticker, prices: Vec<Option<f64>>) -> Self {
        Self { ticker, prices, volumes: None, closes: None, dividends: None, splits: None }
    }

    /// The same with the volumes and events of a vendor's series, over `dates`.
    pub(crate) fn with_events(self, own: &Series, dates: &[Date]) -> Self {
        let spread = |values: &Vec<Option<f64>>| spread(&own.dates, values, dates);
        let events = |events: Vec<(Date, f64)>| Some(by_date(&events, dates));
        Self {
            volumes: own.volume.as_ref().map(spread),
            // Only a vendor's own adjustment can be compared with the closes.
            closes: own.adjusted.as_ref().map(|_| spread(&own.close.iter().collect())),
            dividends: events(own.dividends.iter().map(|e| (e.date, e.amount)).collect()),
            splits: events(own.splits.iter().map(|e| (e.date, e.ratio)).collect()),
            ..self
        }
    }

    fn picked(&self, rows: &[usize]) -> Self {
        let pick = |values: &Vec<Option<f64>>| rows.iter().map(|&row| values[row]).collect();
        let plain = |values: &Vec<f64>| rows.iter().map(|&row| values[row]).collect();
        Self {
            ticker: self.ticker.clone(),
            prices: pick(&self.prices),
            volumes: self.volumes.as_ref().map(pick),
            closes: self.closes.as_ref().map(pick),
            dividends: self.dividends.as_ref().map(plain),
            splits: self.splits.as_ref().map(plain),
        }
    }
}

/// Dates by assets, unchecked: what the detectors look at.
///
/// # Shape and units
/// `dates` in the file's order, duplicates included; every column has as many rows.
/// # Examples
/// ```
/// use walkfolio_core::{Date, Ticker};
/// use walkfolio_data::quality::{Column, Kind, Panel, inspect};
///
/// let dates = vec![Date::constant(2024, 1, 3), Date::constant(2024, 1, 2)];
/// let spy = Column::new(Ticker::new("SPY")?, vec![Some(1.0), Some(-1.0)]);
/// let report = inspect(&Panel::new("prices.csv", dates, vec![spy]));
/// let kinds: Vec<Kind> = report.findings.iter().map(|finding| finding.kind).collect();
/// assert_eq!(kinds, [Kind::BadPrice, Kind::UnsortedDates]);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// The file's name, for messages.
    pub name: String,
    /// The dates.
    pub dates: Vec<Date>,
    /// The assets; the benchmark is one of them.
    pub columns: Vec<Column>,
    /// Decimals of the risk-free rate in percent a day, if there are factors.
    pub risk_free_decimals: Option<usize>,
    /// How its files were read, and what of them was not.
    pub notes: Vec<Note>,
    /// The calendar of the dates; found from the dates by default.
    pub calendar: Option<Calendar>,
}

impl Panel {
    /// Some of the rows.
    pub(crate) fn picked(&self, rows: &[usize]) -> Self {
        Self {
            name: self.name.clone(),
            dates: rows.iter().map(|&row| self.dates[row]).collect(),
            columns: self.columns.iter().map(|column| column.picked(rows)).collect(),
            risk_free_decimals: self.risk_free_decimals,
            notes: self.notes.clone(),
            calendar: self.calendar,
        }
    }

    /// A panel without factors.
    pub fn new(name: &str, dates: Vec<Date>, columns: Vec<Column>) -> Self {
        Self {
            name: name.to_owned(),
            dates,
            columns,
            risk_free_decimals: None,
            notes: Vec::new(),
            calendar: None,
        }
    }

    /// The prices of a market's assets.
    pub fn of_market(name: &str, market: &Market) -> Self {
        let prices = market.prices();
        let tickers = market.universe().tickers().iter().enumerate();
        let column = |(asset, ticker): (usize, &Ticker)| {
            let values = (0..market.rows()).map(|row| prices.value(row, asset)).collect();
            Column::new(ticker.clone(), values)
        };
        Self::new(name, market.dates().to_vec(), tickers.map(column).collect())
    }

    /// A vendor's series side by side over the union of their sessions.
    ///
    /// # Errors
    /// Those of [`Series::total_return`], for a series without adjusted closes.
    pub fn of_series(name: &str, series: &[Series]) -> Result<Self> {
        let dates: BTreeSet<Date> = series.iter().flat_map(|own| &own.dates).copied().collect();
        let dates: Vec<Date> = dates.into_iter().collect();
        let column = |own: &Series| {
            let prices = spread(&own.dates, &own.total_return(name)?, &dates);
            Ok(Column::new(own.ticker.clone(), prices).with_events(own, &dates))
        };
        Ok(Self::new(name, dates.clone(), series.iter().map(column).collect::<Result<_>>()?))
    }

    /// The first and the last date by value.
    pub(crate) fn range(&self) -> Option<(Date, Date)> {
        Some((*self.dates.iter().min()?, *self.dates.iter().max()?))
    }

    /// The calendar that the dates of a sorted panel follow.
    pub(crate) fn rhythm(&self) -> Rhythm {
        Rhythm::of(&self.dates, self.calendar, || {
            self.columns.iter().map(|column| {
                let priced = self.dates.iter().zip(&column.prices);
                let dates = priced.filter(|(_, price)| price.is_some()).map(|(date, _)| *date);
                (column.ticker.clone(), dates.collect())
            })
        })
    }

    /// The rows in the order of their dates; of equal dates the first of the file.
    pub(crate) fn ordered(&self) -> Cow<'_, Self> {
        if self.dates.is_sorted_by(|before, date| before < date) {
            return Cow::Borrowed(self);
        }
        let mut rows: Vec<usize> = (0..self.dates.len()).collect();
        rows.sort_by_key(|&row| self.dates[row]);
        rows.dedup_by_key(|row| self.dates[*row]);
        Cow::Owned(self.picked(&rows))
    }
}

/// Values of some dates over others, both sorted.
pub(crate) fn spread(from: &[Date], values: &[Option<f64>], dates: &[Date]) -> Vec<Option<f64>> {
    dates.iter().map(|date| from.binary_search(date).ok().and_then(|row| values[row])).collect()
}

/// Events on the first of the dates that is not before them; 0 elsewhere.
fn by_date(events: &[(Date, f64)], dates: &[Date]) -> Vec<f64> {
    let mut values = vec![0.0; dates.len()];
    for (date, value) in events {
        if let Some(row) = values.get_mut(dates.partition_point(|other| other < date)) {
            *row += value;
        }
    }
    values
}

/// Whether a value can be a price.
pub(crate) fn is_price(value: f64) -> bool {
    value.is_finite() && value > 0.0
}
