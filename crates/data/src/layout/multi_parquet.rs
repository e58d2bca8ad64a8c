//! Parquet with a column a field and ticker.

use walkfolio_core::Ticker;

use super::record::Header;
use crate::Result;
use crate::parquet_file::{Cells, Days, damaged, open};
use crate::series::{Dividend, Series, Split};
use crate::source::Data;

/// Reads the columns of each header.
pub(super) fn read(
    file: &str,
    data: &Data,
    headers: &[(Ticker, Header)],
    bars: bool,
) -> Result<Vec<Series>> {
    let columns = Columns { file, table: open(file, data)? };
    let Some((_, first)) = headers.first() else { return Ok(Vec::new()) };
    let place = first.date_column(file)?;
    let days = Days::of(file, &columns.table, place)?;
    let mut dates = Vec::new();
    for piece in columns.table.pieces(&[place]) {
        for column in piece.map_err(|error| damaged(file, &error))? {
            dates.extend(Cells { file, column: &column }.dates(dates.len(), &days)?);
        }
    }
    let one = |(ticker, header): &(Ticker, Header)| {
        header.date_column(file)?;
        let close = columns.numbers(header.close)?;
        let adjusted = columns.numbers(header.adjusted)?;
        let events = |place: Option<usize>, neutral: &[f64]| -> Result<Vec<_>> {
            let values = columns.numbers(place)?.unwrap_or_default();
            let known = dates.iter().copied().zip(values);
            let events = known.filter_map(|(date, value)| Some((date, value?)));
            Ok(events.filter(|(_, value)| !neutral.contains(value)).collect())
        };
        let dividends = events(header.dividend, &[0.0])?.into_iter();
        let splits = events(header.split, &[0.0, 1.0])?.into_iter();
        let series = Series {
            dates: dates.clone(),
            lines: (1..=dates.len()).collect(),
            close: close.or_else(|| adjusted.clone()).unwrap_or_default().into_iter().collect(),
            adjusted,
            volume: columns.numbers(header.volume)?,
            open: columns.numbers(header.open.filter(|_| bars))?,
            vwap: columns.numbers(header.vwap.filter(|_| bars))?,
            dividends: dividends.map(|(date, amount)| Dividend { date, amount }).collect(),
            splits: splits.map(|(date, ratio)| Split { date, ratio }).collect(),
            ..Series::empty(ticker.clone(), header.basis(), "wide Parquet")
        };
        series.settle(file)
    };
    headers.iter().map(one).collect()
}

struct Columns<'a> {
    file: &'a str,
    table: walkfolio_columns::Table<Data>,
}

impl Columns<'_> {
    fn numbers(&self, place: Option<usize>) -> Result<Option<Vec<Option<f64>>>> {
        let Some(place) = place else { return Ok(None) };
        let mut values = Vec::new();
        for piece in self.table.pieces(&[place]) {
            for column in piece.map_err(|error| damaged(self.file, &error))? {
                values.extend(Cells { file: self.file, column: &column }.prices()?);
            }
        }
        Ok(Some(values))
    }
}
