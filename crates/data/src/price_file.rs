//! A table of prices that is being made into a market, with what its readers must know of it.

use std::collections::BTreeSet;
use std::path::Path;

use walkfolio_core::{Date, Note, Prices, Ticker, Universe};

use crate::asked::Asked;
use crate::calendar::Calendar;
use crate::loaded::SourceRecord;
use crate::point_in_time::{Named, split};
use crate::quality::{Cleaning, Column, Panel, clean};
use crate::series::{Basis, Delisting, Series, check_prices};
use crate::table::{Table, Values, check_order};
use crate::{Error, Result};

/// Prices of the requested columns, sorted, rows without a requested price dropped.
#[derive(Debug)]
pub(crate) struct PriceFile {
    /// The file or folder, as it was given.
    pub(crate) file: String,
    pub(crate) table: Table,
    /// One record a file.
    pub(crate) records: Vec<SourceRecord>,
    /// How closes were adjusted.
    pub(crate) notes: Vec<Note>,
    /// What the last holders got, by ticker.
    pub(crate) delistings: Vec<(Ticker, Delisting)>,
    /// Prices that cleaning put where the file has none.
    pub(crate) filled: Vec<(Ticker, Date)>,
    /// What vendors ship with prices: volumes and events.
    series: Vec<Series>,
}

impl PriceFile {
    /// A table whose dates increase once the study's cleaning has had its say.
    pub(crate) fn checked(file: String, mut table: Table, asked: Asked<'_>) -> Result<Self> {
        if let Some(horizon) = asked.horizon {
            table.cut(horizon);
        }
        table.drop_empty_rows();
        let notes = table.tidy(asked.cleaning);
        check_order(&file, &table.dates, &table.lines)?;
        if table.dates.is_empty() {
            let source = walkfolio_core::Error::Empty { what: "the price table" };
            return Err(Error::Market { file, source });
        }
        let (records, delistings, series) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { file, table, records, notes, delistings, filled: Vec::new(), series })
    }

    /// A wide table.
    ///
    /// # Errors
    /// [`Error::NotPrices`], and those of [`PriceFile::checked`].
    pub(crate) fn of_table(file: String, table: Table, asked: Asked<'_>) -> Result<Self> {
        for (column, ticker) in table.columns.iter().zip(asked.wanted) {
            check_prices(&file, ticker.as_str(), column.iter())?;
        }
        Self::checked(file, table, asked)
    }

    /// Series side by side over the union of their sessions.
    pub(crate) fn of_series(
        file: String,
        mut series: Vec<(String, Series)>,
        records: Vec<SourceRecord>,
        asked: Asked<'_>,
    ) -> Result<Self> {
        let wanted = asked.wanted;
        let dates: BTreeSet<Date> =
            series.iter().flat_map(|(_, own)| &own.dates).copied().collect();
        let dates: Vec<Date> = dates.into_iter().collect();
        let mut columns: Vec<Values> = Vec::with_capacity(wanted.len());
        for (at, ticker) in wanted.iter().enumerate() {
            // A benchmark among the assets is one column of the file.
            if let Some(known) = wanted[..at].iter().position(|other| other == ticker) {
                columns.push(columns[known].clone());
                continue;
            }
            let mut column = vec![None; dates.len()];
            for (file, own) in series.iter_mut().filter(|(_, own)| own.ticker == *ticker) {
                for (date, price) in own.dates.iter().zip(own.total_return(file)?) {
                    if let Ok(row) = dates.binary_search(date) {
                        column[row] = price;
                    }
                }
                own.release(asked.events);
            }
            columns.push(column.into_iter().collect());
        }
        let lines = (1..=dates.len()).collect();
        let mut read = Self::checked(file, Table { dates, lines, columns }, asked)?;
        read.records = records;
        let name = Path::new(&read.file).file_name().unwrap_or_default().to_string_lossy();
        read.notes = notes(&name, &series);
        read.delistings = series.iter().flat_map(|(_, own)| ended(own)).collect();
        if let Some(horizon) = asked.horizon {
            read.delistings.retain(|(_, delisting)| delisting.date <= horizon.known);
        }
        read.series = series.into_iter().map(|(_, own)| own).collect();
        Ok(read)
    }

    /// Tables side by side over the union of their sessions, in the order of `wanted`.
    pub(crate) fn joined(mut parts: Vec<(Vec<Ticker>, Self)>, wanted: &[Ticker]) -> Self {
        let dates = parts.iter().flat_map(|(_, read)| &read.table.dates);
        let dates: BTreeSet<Date> = dates.copied().collect();
        let dates: Vec<Date> = dates.into_iter().collect();
        let mut columns = vec![Values::default(); wanted.len()];
        let places = |part: &[Ticker]| -> Vec<usize> {
            (0..wanted.len()).filter(|&at| part.contains(&wanted[at])).collect()
        };
        for (tickers, read) in &mut parts {
            let width = tickers.len();
            let own = read.table.take_over(&dates, 0..width);
            for (place, column) in places(tickers).into_iter().zip(own) {
                columns[place] = column.collect();
            }
        }
        let lines = (1..=dates.len()).collect();
        let names: Vec<&str> = parts.iter().map(|(_, read)| read.file.as_str()).collect();
        let mut all = Self {
            file: names.join(" and "),
            table: Table { dates, lines, columns },
            records: Vec::new(),
            notes: Vec::new(),
            delistings: Vec::new(),
            filled: Vec::new(),
            series: Vec::new(),
        };
        for (_, read) in parts {
            all.records.extend(read.records);
            all.notes.extend(read.notes);
            all.delistings.extend(read.delistings);
            all.series.extend(read.series);
        }
        all
    }

    /// The assets of the first columns: one a ticker, or more where a long gap divides a series.
    pub(crate) fn named(
        &mut self,
        tickers: &[Ticker],
        longest: Option<usize>,
    ) -> Result<Vec<Named>> {
        let Some(longest) = longest else {
            let whole = |ticker: &Ticker| Named { asset: ticker.clone(), ticker: ticker.clone() };
            return Ok(tickers.iter().map(whole).collect());
        };
        let (named, notes) = split(&mut self.table, tickers, longest)?;
        self.notes.extend(notes);
        Ok(named)
    }

    /// The columns of `wanted` once each, with what their vendor ships with prices.
    pub(crate) fn columns(&self, wanted: &[Ticker]) -> Vec<Column> {
        let mut columns: Vec<Column> = Vec::new();
        for (ticker, prices) in wanted.iter().zip(&self.table.columns) {
            // A benchmark among the assets is one column of the file.
            if columns.iter().any(|column| column.ticker == *ticker) {
                continue;
            }
            let column = Column::new(ticker.clone(), prices.iter().collect());
            let own = self.series.iter().find(|own| own.ticker == *ticker);
            columns.push(match own {
                Some(own) => column.with_events(own, &self.table.dates),
                None => column,
            });
        }
        columns
    }

    /// Leaves out the assets, whose columns are the first, of which no price is known yet.
    pub(crate) fn forget_unknown(&mut self, named: &mut Vec<Named>) {
        let columns = self.table.columns.iter().take(named.len());
        let known: Vec<bool> =
            columns.map(|column| column.iter().any(|price| price.is_some())).collect();
        let mut flags = known.iter();
        named.retain(|_| flags.next().is_some_and(|known| *known));
        let mut flags = known.iter();
        self.table.columns.retain(|_| flags.next().is_none_or(|known| *known));
    }

    /// Leaves out some sessions.
    pub(crate) fn drop_sessions(&mut self, dropped: &BTreeSet<Date>) {
        self.table.drop_dates(dropped);
        self.filled.retain(|(_, date)| !dropped.contains(date));
    }

    /// Applies a study's policies to the columns of `wanted`, and notes what they did; the sessions that
    /// it dropped.
    pub(crate) fn clean(
        &mut self,
        wanted: &[Ticker],
        cleaning: &Cleaning,
        calendar: Option<Calendar>,
    ) -> Result<BTreeSet<Date>> {
        if cleaning.is_empty() {
            // Nobody asks for volumes and events any more.
            self.series = Vec::new();
            return Ok(BTreeSet::new());
        }
        let columns = self.columns(wanted);
        self.series = Vec::new();
        let name = Path::new(&self.file).file_name().unwrap_or_default().to_string_lossy();
        let before = self.table.dates.clone();
        let panel = Panel { calendar, ..Panel::new(&name, self.table.dates.clone(), columns) };
        let cleaned = clean(panel, cleaning)
            .map_err(|finding| Error::Faulty { file: self.file.clone(), finding })?;
        for (ticker, prices) in wanted.iter().zip(&mut self.table.columns) {
            let own = cleaned.panel.columns.iter().find(|column| column.ticker == *ticker);
            if let Some(own) = own {
                *prices = own.prices.iter().copied().collect();
            }
        }
        let dropped =
            |date: &Date| cleaned.panel.dates.binary_search(date).is_err().then_some(*date);
        let dropped: BTreeSet<Date> = before.iter().filter_map(dropped).collect();
        let mut rows = before.iter();
        self.table.lines.retain(|_| rows.next().is_some_and(|date| !dropped.contains(date)));
        self.table.dates = cleaned.panel.dates;
        self.filled = cleaned.filled;
        self.notes.extend(cleaned.notes);
        Ok(dropped)
    }

    /// The prices of `universe`, whose columns begin with `first`; they are taken from the table.
    pub(crate) fn prices(
        &mut self,
        sessions: &[Date],
        universe: Universe,
        first: usize,
    ) -> Result<Prices> {
        let columns = self.table.take_over(sessions, first..first + universe.len());
        Prices::from_columns(sessions.to_vec(), universe, columns)
            .map_err(|source| self.error(source))
    }

    /// An error of the market's own types, in this file.
    pub(crate) fn error(&self, source: walkfolio_core::Error) -> Error {
        Error::Market { file: self.file.clone(), source }
    }
}

fn ended(series: &Series) -> impl Iterator<Item = (Ticker, Delisting)> {
    series.delistings.iter().map(|delisting| (series.ticker.clone(), *delisting))
}

/// What the reader of a run must know about where returns come from.
fn notes(file: &str, series: &[(String, Series)]) -> Vec<Note> {
    let mut notes = Vec::new();
    let of = |keep: &dyn Fn(&Series) -> bool| {
        let names = series.iter().filter(|(_, own)| own.adjusted.is_none() && keep(own));
        names.map(|(_, own)| own.ticker.to_string()).collect::<Vec<_>>()
    };
    let unstated = of(&|own| own.basis == Basis::Unstated);
    if !unstated.is_empty() {
        notes.push(Note::warning(format!(
            "{file} does not say whether the closes of {} contain splits and dividends; they are used as they stand",
            some(&unstated)
        )));
    }
    let adjusted = of(&|own| matches!(own.basis, Basis::Raw | Basis::SplitAdjusted));
    if !adjusted.is_empty() {
        notes.push(Note::info(format!(
            "{file}: the closes of {} are adjusted here, by the events of the file",
            some(&adjusted)
        )));
    }
    let currencies: BTreeSet<&str> =
        series.iter().filter_map(|(_, own)| own.currency.as_deref()).collect();
    if currencies.len() > 1 {
        let currencies: Vec<&str> = currencies.into_iter().collect();
        notes.push(Note::warning(format!(
            "{file} has prices in {}; each return is in its own currency",
            currencies.join(", ")
        )));
    }
    notes
}

fn some(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let more = names.len().saturating_sub(SHOWN);
    let shown = names[..names.len() - more].join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}
