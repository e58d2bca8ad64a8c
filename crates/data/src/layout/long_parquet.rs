//! Long Parquet: a row a ticker and session.

use std::collections::HashMap;

use walkfolio_columns::{Column, Table};
use walkfolio_core::Ticker;

use super::record::Header;
use crate::parquet_file::{Cells, Days, damaged, open};
use crate::series::{self, Basis, Delisting, Dividend, Series, Split};
use crate::source::Data;
use crate::{Error, Result};

/// Reads every series of a file, some rows at a time.
pub(super) fn parse(file: &str, data: &Data, bars: bool) -> Result<Vec<Series>> {
    let table = open(file, data)?;
    let names: Vec<String> = table.names().map(str::to_owned).collect();
    let header = Header::find(&names).checked(file)?.with_bars(bars);
    let days = Days::of(file, &table, header.date_column(file)?)?;
    let Some(ticker) = header.ticker else {
        let found = header.names.clone();
        return Err(Error::NoColumn { file: file.to_owned(), column: "ticker".to_owned(), found });
    };
    let places: Vec<usize> = header.used().into_iter().flatten().collect();
    let sizes = sizes(file, &table, ticker)?;
    let mut rows = Rows {
        file,
        header,
        days,
        ticker,
        sizes,
        read: 0,
        found: Vec::new(),
        by_name: HashMap::new(),
    };
    for piece in table.pieces(&places) {
        let piece = piece.map_err(|error| damaged(file, &error))?;
        rows.append(&Piece { file, places: &places, columns: &piece })?;
    }
    if rows.found.is_empty() {
        return Err(Error::NoRows { file: file.to_owned() });
    }
    let settle = |series: Series| settled(series, (file, &table, ticker));
    rows.found.into_iter().map(settle).collect()
}

/// A series in the order of its dates. Its rows are looked up where an error is to name them: nothing else asks for
/// them, and with them a file of closes would take half as much again.
fn settled(
    mut series: Series,
    (file, table, ticker): (&str, &Table<Data>, usize),
) -> Result<Series> {
    let ordered =
        |up: bool| series.dates.windows(2).all(|two| (two[0] < two[1]) == up && two[0] != two[1]);
    if !ordered(true) && !ordered(false) {
        series.lines = rows_of(file, table, (ticker, &series.ticker))?;
    }
    series.settle(file)
}

/// The rows of a ticker, counted from 1.
fn rows_of(
    file: &str,
    table: &Table<Data>,
    (place, ticker): (usize, &Ticker),
) -> Result<Vec<usize>> {
    let is_own = |name: &str| Ticker::new(name).is_ok_and(|own| own == *ticker);
    let (mut rows, mut read) = (Vec::new(), 0);
    for piece in table.pieces(&[place]) {
        let piece = piece.map_err(|error| damaged(file, &error))?;
        let Some(column) = piece.first() else { continue };
        let names = Cells { file, column }.tickers()?;
        let own = names.iter().enumerate().filter(|(_, name)| is_own(name));
        rows.extend(own.map(|(row, _)| read + row + 1));
        read += names.len();
    }
    Ok(rows)
}

/// How many rows each ticker has: series that grow by doubling would take twice their size.
fn sizes(file: &str, table: &Table<Data>, ticker: usize) -> Result<HashMap<String, usize>> {
    let mut sizes: HashMap<String, usize> = HashMap::new();
    for piece in table.pieces(&[ticker]) {
        let piece = piece.map_err(|error| damaged(file, &error))?;
        let Some(column) = piece.first() else { continue };
        for name in (Cells { file, column }).tickers()? {
            match sizes.get_mut(name) {
                Some(rows) => *rows += 1,
                None => {
                    sizes.insert(name.to_owned(), 1);
                }
            }
        }
    }
    Ok(sizes)
}

/// Some rows of the columns that are used.
struct Piece<'a> {
    file: &'a str,
    /// Their places in the file.
    places: &'a [usize],
    columns: &'a [Column],
}

impl<'a> Piece<'a> {
    fn cells(&self, place: usize) -> Option<Cells<'a>> {
        let at = self.places.iter().position(|used| *used == place)?;
        Some(Cells { file: self.file, column: self.columns.get(at)? })
    }

    fn numbers(&self, place: Option<usize>) -> Result<Option<Vec<Option<f64>>>> {
        place.and_then(|place| self.cells(place)).map(|cells| cells.prices()).transpose()
    }
}

struct Rows<'a> {
    file: &'a str,
    header: Header,
    days: Days,
    ticker: usize,
    /// Rows of each ticker.
    sizes: HashMap<String, usize>,
    read: usize,
    found: Vec<Series>,
    by_name: HashMap<String, usize>,
}

impl Rows<'_> {
    fn append(&mut self, piece: &Piece<'_>) -> Result<()> {
        let date = self.header.date_column(self.file)?;
        let dates =
            piece.cells(date).map(|cells| cells.dates(self.read, &self.days)).transpose()?;
        let dates = dates.unwrap_or_default();
        let close = piece.numbers(self.header.close)?;
        let adjusted = piece.numbers(self.header.adjusted)?;
        let volume = piece.numbers(self.header.volume)?;
        let (open, vwap) = (piece.numbers(self.header.open)?, piece.numbers(self.header.vwap)?);
        let dividends = piece.numbers(self.header.dividend)?;
        let splits = piece.numbers(self.header.split)?;
        let delistings = piece.numbers(self.header.delisting)?;
        let tickers = piece.cells(self.ticker).map(|cells| cells.tickers()).transpose()?;
        let (tickers, rows) = (tickers.unwrap_or_default(), dates.len());
        let cell = |column: &Option<Vec<Option<f64>>>, row: usize| column.as_ref()?[row];
        for (row, (date, ticker)) in dates.into_iter().zip(tickers).enumerate() {
            let at = self.series(ticker)?;
            let series = &mut self.found[at];
            series.dates.push(date);
            series.close.push(cell(if close.is_some() { &close } else { &adjusted }, row));
            series.adjusted.iter_mut().for_each(|own| own.push(cell(&adjusted, row)));
            series.volume.iter_mut().for_each(|own| own.push(cell(&volume, row)));
            series.open.iter_mut().for_each(|own| own.push(cell(&open, row)));
            series.vwap.iter_mut().for_each(|own| own.push(cell(&vwap, row)));
            let paid = cell(&dividends, row).filter(|amount| *amount != 0.0);
            series.dividends.extend(paid.map(|amount| Dividend { date, amount }));
            let split = cell(&splits, row).filter(|ratio| *ratio != 0.0 && *ratio != 1.0);
            series.splits.extend(split.map(|ratio| Split { date, ratio }));
            let delisting = cell(&delistings, row);
            series.delistings.extend(delisting.map(|value| Delisting { date, value }));
        }
        self.read += rows;
        Ok(())
    }

    fn series(&mut self, name: &str) -> Result<usize> {
        if let Some(&at) = self.by_name.get(name) {
            return Ok(at);
        }
        let column = |place: Option<usize>| place.map(|_| Vec::new());
        let basis = match self.header.basis() {
            // A long table of closes alone is what its maker says of it.
            Basis::TotalReturn => Basis::Unstated,
            basis => basis,
        };
        let mut series = Series {
            adjusted: column(self.header.adjusted),
            volume: column(self.header.volume),
            open: column(self.header.open),
            vwap: column(self.header.vwap),
            ..Series::empty(series::ticker(self.file, name)?, basis, "long Parquet")
        };
        series.reserve(self.sizes.get(name).copied().unwrap_or_default());
        self.found.push(series);
        self.by_name.insert(name.to_owned(), self.found.len() - 1);
        Ok(self.found.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use walkfolio_columns::write;
    use walkfolio_core::Date;

    use super::*;

    fn read(days: &[i8], tickers: &[&str]) -> Result<Vec<Series>> {
        let date = |day: &i8| Some(Date::constant(2024, 1, *day));
        let columns = [
            Column::dates("date", days.iter().map(date)),
            Column::texts("ticker", tickers.iter().copied().map(Some)),
            Column::numbers("close", days.iter().map(|day| Some(f64::from(*day)))),
        ];
        let bytes = write(&columns, "a test").unwrap();
        parse("long.parquet", &Data::Bytes(bytes.into()), false)
    }

    #[test]
    fn rows_are_sorted_or_named() {
        let found = read(&[2, 3, 3, 4], &["A", "B", "A", "B"]).unwrap();
        assert_eq!(found[0].close, [Some(2.0), Some(3.0)]);
        assert_eq!(found[1].close, [Some(3.0), Some(4.0)]);
        // Newest first.
        assert_eq!(
            read(&[4, 3, 2], &["A"; 3]).unwrap()[0].close,
            [Some(2.0), Some(3.0), Some(4.0)]
        );
        let errors = [
            read(&[2, 9, 3, 3], &["A", "B", "A", "A"]),
            read(&[2, 4, 9, 3], &["A", "A", "B", "A"]),
        ];
        let errors = errors.map(|read| read.unwrap_err().to_string());
        insta::assert_snapshot!(errors.join("\n"), @"
        long.parquet: date 2024-01-03 occurs twice, in rows 3 and 4
        long.parquet: date 2024-01-03 in row 4 follows the later date 2024-01-04; dates must increase
        ");
    }
}
