//! A series as a Parquet file: a row a session.

use std::collections::BTreeMap;

use walkfolio_columns::Column;
use walkfolio_core::{Date, Ticker};

use crate::Result;
use crate::parquet_file::{Cells, Days, damaged, open};
use crate::series::{Basis, Dividend, Series, Split};
use crate::source::Data;

type Numbers = Vec<Option<f64>>;

/// The bytes of a file: `date`, `close`, `adjusted`, `volume`, `open`, `dividend`, `split`; without the columns that the
/// series has not.
///
/// An event on a day without a session has a row of its own, without a close.
pub(super) fn write(series: &Series) -> Result<Vec<u8>> {
    let mut dates = series.dates.clone();
    dates.extend(series.dividends.iter().map(|event| event.date));
    dates.extend(series.splits.iter().map(|event| event.date));
    dates.sort_unstable();
    dates.dedup();
    let spread = |name, own| Column::numbers(name, spread(&dates, &series.dates, own));
    let mut columns = vec![Column::dates("date", dates.iter().copied().map(Some)).required()];
    let closes: Vec<Option<f64>> = series.close.iter().collect();
    columns.push(spread("close", &closes));
    let Series { adjusted, volume, open, .. } = series;
    for (name, own) in [("adjusted", adjusted), ("volume", volume), ("open", open)] {
        columns.extend(own.as_ref().map(|own| spread(name, own)));
    }
    let paid = series.dividends.iter().map(|event| (event.date, event.amount));
    let split = series.splits.iter().map(|event| (event.date, event.ratio));
    let paid = events(&dates, paid, |sum, amount| sum + amount);
    let split = events(&dates, split, |product, ratio| product * ratio);
    columns.push(Column::numbers("dividend", paid));
    columns.push(Column::numbers("split", split));
    // Without a version: the same data has the same hash, whoever stored it.
    walkfolio_columns::write(&columns, "walkfolio")
        .map_err(|error| damaged(series.ticker.as_str(), &error))
}

/// Values of sessions over more dates.
fn spread(dates: &[Date], own: &[Date], values: &[Option<f64>]) -> Numbers {
    let value = |date: &Date| own.binary_search(date).ok().and_then(|row| values[row]);
    dates.iter().map(value).collect()
}

/// Events by date; two of one day become one.
fn events(
    dates: &[Date],
    own: impl Iterator<Item = (Date, f64)>,
    join: impl Fn(f64, f64) -> f64,
) -> Numbers {
    let mut by_date = BTreeMap::<Date, f64>::new();
    for (date, value) in own {
        by_date.entry(date).and_modify(|sum| *sum = join(*sum, value)).or_insert(value);
    }
    dates.iter().map(|date| by_date.get(date).copied()).collect()
}

/// Reads what [`write`] wrote; basis and currency are in the manifest.
pub(super) fn read(file: &str, bytes: Vec<u8>, ticker: &Ticker) -> Result<Series> {
    let table = open(file, &Data::Bytes(bytes.into()))?;
    let has = |name: &str| table.names().any(|found| found == name);
    let mut series = Series {
        adjusted: has("adjusted").then(Vec::new),
        volume: has("volume").then(Vec::new),
        open: has("open").then(Vec::new),
        ..Series::empty(ticker.clone(), Basis::Unstated, "snapshot Parquet")
    };
    let places: Vec<usize> = (0..table.names().count()).collect();
    for piece in table.pieces(&places) {
        append(&mut series, file, &piece.map_err(|error| damaged(file, &error))?)?;
    }
    series.settle(file)
}

fn append(series: &mut Series, file: &str, columns: &[Column]) -> Result<()> {
    let cells = |name: &str| {
        let column = columns.iter().find(|column| column.name == name);
        let column = column.ok_or_else(|| damaged(file, &format!("it has no column {name}")));
        column.map(|column| Cells { file, column })
    };
    let before = series.dates.len();
    let dates = cells("date")?.dates(before, &Days::default())?;
    series.lines.extend(before + 1..=before + dates.len());
    series.close.extend(cells("close")?.prices()?);
    let Series { adjusted, volume, open, .. } = series;
    for (name, own) in [("adjusted", adjusted), ("volume", volume), ("open", open)] {
        if let Some(own) = own {
            own.extend(cells(name)?.prices()?);
        }
    }
    for (&date, amount) in dates.iter().zip(cells("dividend")?.prices()?) {
        series.dividends.extend(amount.map(|amount| Dividend { date, amount }));
    }
    for (&date, ratio) in dates.iter().zip(cells("split")?.prices()?) {
        series.splits.extend(ratio.map(|ratio| Split { date, ratio }));
    }
    series.dates.extend(dates);
    Ok(())
}
