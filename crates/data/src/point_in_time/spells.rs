//! One ticker, several assets: gaps, and what each of the assets paid at its end.

use std::ops::Range;

use walkfolio_core::{Date, Market, Note, Ticker};

use super::named::Named;
use crate::Result;
use crate::series::Delisting;
use crate::table::{Table, Values};

/// Splits columns at gaps of more than `longest` rows; columns beyond `tickers` are left alone.
///
/// The first asset keeps the ticker's name, later ones are called `AMD_2`, `AMD_3` .., as far as no
/// ticker is called so.
pub(crate) fn split(
    table: &mut Table,
    tickers: &[Ticker],
    longest: usize,
) -> Result<(Vec<Named>, Vec<Note>)> {
    let (mut named, mut columns, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    let mut old = std::mem::take(&mut table.columns).into_iter();
    for (ticker, column) in tickers.iter().zip(old.by_ref()) {
        let spells = spells(&column, longest);
        let is_free = |name: &String| !tickers.iter().any(|other| other.as_str() == name);
        let mut free = (2..).map(|number| format!("{ticker}_{number}")).filter(is_free);
        for (number, rows) in spells.iter().enumerate() {
            let asset = match number {
                0 => ticker.clone(),
                _ => Ticker::new(&free.next().unwrap_or_default())?,
            };
            if number > 0 {
                notes.push(returned(&asset, ticker, &table.dates, (&spells[number - 1], rows)));
            }
            named.push(Named { asset, ticker: ticker.clone() });
            let part = (0..column.len()).map(|row| column.get(row).filter(|_| rows.contains(&row)));
            columns.push(part.collect());
        }
    }
    columns.extend(old);
    table.columns = columns;
    Ok((named, notes))
}

/// The rows of a column between gaps of more than `longest` rows; all of them if it is empty.
fn spells(column: &Values, longest: usize) -> Vec<Range<usize>> {
    let mut spells: Vec<Range<usize>> = Vec::new();
    for row in (0..column.len()).filter(|&row| column.get(row).is_some()) {
        match spells.last_mut() {
            Some(spell) if row - spell.end <= longest => spell.end = row + 1,
            _ => spells.push(row..row + 1),
        }
    }
    if spells.is_empty() {
        spells.push(0..column.len());
    }
    spells
}

fn returned(
    asset: &Ticker,
    ticker: &Ticker,
    dates: &[Date],
    (before, rows): (&Range<usize>, &Range<usize>),
) -> Note {
    let (left, back) = (dates[before.end - 1], dates[rows.start]);
    Note::info(format!(
        "{ticker} has no price after {left} and before {back}: from then on it is the asset {asset}"
    ))
}

/// The delisting return of each asset: the one stated on or after its last close, and before the
/// first price of the next asset of its ticker.
pub(crate) fn delisting_returns(
    market: &Market,
    named: &[Named],
    stated: &[(Ticker, Delisting)],
) -> (Vec<Option<f64>>, Vec<Note>) {
    let mut values = vec![None; named.len()];
    let mut notes = Vec::new();
    let last = |asset: usize| {
        let end = market.prices().listing(asset).end;
        (market.dates()[end - 1], end == market.rows())
    };
    for (ticker, delisting) in stated {
        let own = (0..named.len()).filter(|&asset| named[asset].ticker == *ticker);
        let ended = own.rev().find(|&asset| last(asset).0 <= delisting.date);
        match ended {
            Some(asset) if !last(asset).1 => {
                let other = values[asset].replace(delisting.value);
                if let Some(other) = other.filter(|other| *other != delisting.value) {
                    notes.push(Note::warning(format!(
                        "{ticker} has two delisting returns, {other} and {}; the second is used",
                        delisting.value
                    )));
                }
            }
            _ => notes.push(Note::warning(format!(
                "the delisting return of {ticker} on {} is not used: {}",
                delisting.date,
                if ended.is_some() {
                    "its last close is on the last session, and nothing follows it"
                } else {
                    "it has later prices, or none before"
                }
            ))),
        }
    }
    (values, notes)
}

#[cfg(test)]
mod tests {
    use walkfolio_core::{Prices, Universe};

    use super::*;

    fn day(day: i8) -> Date {
        Date::constant(2024, 1, day)
    }

    fn table() -> Table {
        let there = |rows: &[usize]| (0..8).map(|row| rows.contains(&row).then_some(1.0)).collect();
        Table {
            dates: (2..10).map(day).collect(),
            lines: (2..10).collect(),
            columns: vec![there(&[0, 1, 3, 6, 7]), there(&[2, 3]), there(&[0, 5])],
        }
    }

    fn tickers() -> Vec<Ticker> {
        ["AMD", "XLE"].map(|name| Ticker::new(name).unwrap()).to_vec()
    }

    #[test]
    fn a_long_gap_makes_another_asset_and_a_short_one_does_not() {
        let mut split_table = table();
        let (named, notes) = split(&mut split_table, &tickers(), 1).unwrap();
        let names: Vec<&str> = named.iter().map(|named| named.asset.as_str()).collect();
        assert_eq!(names, ["AMD", "AMD_2", "XLE"]);
        assert_eq!(
            notes[0].message,
            "AMD has no price after 2024-01-05 and before 2024-01-08: from then on it is the asset AMD_2"
        );
        let rows = |column: usize| -> Vec<usize> {
            (0..8).filter(|&row| split_table.columns[column].get(row).is_some()).collect()
        };
        // The last column is the benchmark's, which is never split.
        let found: Vec<Vec<usize>> = (0..4).map(rows).collect();
        assert_eq!(found, [vec![0, 1, 3], vec![6, 7], vec![2, 3], vec![0, 5]]);
        let (whole, notes) = split(&mut table(), &tickers(), 2).unwrap();
        assert_eq!((whole.len(), notes.len()), (2, 0));
    }

    #[test]
    fn each_end_has_its_own_delisting_return() {
        let mut table = table();
        table.columns[0] = (0..8).map(|row| (![4, 5].contains(&row)).then_some(1.0)).collect();
        table.columns.pop();
        let (named, _) = split(&mut table, &tickers(), 1).unwrap();
        let universe =
            Universe::from_tickers(named.iter().map(|own| own.asset.clone()).collect()).unwrap();
        let columns = table.columns.iter().map(Values::iter);
        let prices = Prices::from_columns(table.dates, universe, columns).unwrap();
        let market = Market::new(prices).unwrap();
        let at = |ticker: &str, on, value| {
            (Ticker::new(ticker).unwrap(), Delisting { date: day(on), value })
        };
        let stated =
            [at("AMD", 5, -0.3), at("AMD", 9, -0.5), at("XLE", 6, -1.0), at("XLE", 4, 0.1)];
        let (values, notes) = delisting_returns(&market, &named, &stated);
        // AMD_2 has a price on the last session; the 4th is before XLE's last close.
        assert_eq!(values, [Some(-0.3), None, Some(-1.0)]);
        assert_eq!(notes.len(), 2);
    }
}
