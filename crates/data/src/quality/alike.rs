//! Series that tell nothing of their own: a price that never changes, two assets with one series.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;

use super::finding::{Finding, Kind, Severity, count};
use super::panel::{Column, Panel};

/// Fewer values than these may be equal by chance.
const LEAST_ROWS: usize = 20;

/// Columns that tell nothing of their own, by position.
///
/// # Examples
/// See [`alike()`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alike {
    /// Columns with one value throughout.
    pub constant: Vec<usize>,
    /// Columns that have the values of an earlier one on every row, each with that one before it.
    pub equal: Vec<(usize, usize)>,
}

/// The columns of a table that are constant or equal to the bit, from 20 values on.
///
/// # Shape and units
/// `rows` values in each of `columns`; `value(row, column)` is `None` where there is none.
/// # Examples
/// ```
/// use walkfolio_data::quality::alike;
///
/// let value = |row: usize, column: usize| match column {
///     0 => Some(100.0),
///     _ => Some(row as f64),
/// };
/// let found = alike(30, 3, value);
/// assert_eq!((found.constant, found.equal), (vec![0], vec![(1, 2)]));
/// ```
pub fn alike(rows: usize, columns: usize, value: impl Fn(usize, usize) -> Option<f64>) -> Alike {
    let mut found = Alike::default();
    let mut first: HashMap<u64, Vec<usize>> = HashMap::new();
    let bits = |row, column| value(row, column).map(f64::to_bits);
    for column in 0..columns {
        let mut known = (0..rows).filter_map(|row| bits(row, column));
        let Some(one) = known.next() else { continue };
        let (mut number, mut changes) = (1, false);
        for other in known {
            number += 1;
            changes |= other != one;
        }
        if number < LEAST_ROWS {
            continue;
        }
        if !changes {
            found.constant.push(column);
            continue;
        }
        let mut hasher = DefaultHasher::new();
        (0..rows).for_each(|row| hasher.write_u64(bits(row, column).unwrap_or(u64::MAX)));
        let earlier = first.entry(hasher.finish()).or_default();
        let same = |other: &usize| (0..rows).all(|row| bits(row, *other) == bits(row, column));
        match earlier.iter().copied().find(same) {
            Some(other) => found.equal.push((other, column)),
            None => earlier.push(column),
        }
    }
    found
}

/// Prices that never change, and assets with the prices of another: a warning each; the value counts
/// the prices.
pub(super) fn find(panel: &Panel) -> (Vec<Finding>, Vec<Finding>) {
    let Some(range) = panel.range() else { return (Vec::new(), Vec::new()) };
    let columns = &panel.columns;
    let found = alike(panel.dates.len(), columns.len(), |row, at| columns[at].prices[row]);
    let finding = |kind, column: &Column, message| {
        let prices = column.prices.iter().flatten().count() as f64;
        Finding::new(kind, Severity::Warning, range, message).of(&column.ticker).sized(prices)
    };
    let known = |at: usize| count(columns[at].prices.iter().flatten().count(), "price");
    let constant = found.constant.iter().map(|&at| {
        let message =
            format!("{} has one price throughout: {} are equal", columns[at].ticker, known(at));
        finding(Kind::ConstantPrice, &columns[at], message)
    });
    let equal = found.equal.iter().map(|&(one, at)| {
        let (ticker, other) = (&columns[at].ticker, &columns[one].ticker);
        let message = format!("{ticker} has the prices of {other}: all {} are equal", known(at));
        finding(Kind::EqualPrices, &columns[at], message)
    });
    (constant.collect(), equal.collect())
}

#[cfg(test)]
mod tests {
    use walkfolio_core::{Date, Ticker, calendar};

    use super::*;
    use crate::quality::inspect;

    #[test]
    fn constant_and_equal_columns_are_one_warning_each() {
        let dates = calendar::sessions(Date::constant(2024, 1, 2), Date::constant(2024, 6, 28));
        let wave = |step: usize| {
            let price = |row: usize| Some(10.0 + ((row * step) % 7) as f64 / 10.0);
            (0..dates.len()).map(price).collect::<Vec<_>>()
        };
        let flat = vec![Some(100.0); dates.len()];
        let column = |name: &str, prices: &[Option<f64>]| {
            Column::new(Ticker::new(name).unwrap(), prices.to_vec())
        };
        let panel = Panel::new(
            "prices.csv",
            dates.clone(),
            vec![
                column("AAA", &wave(1)),
                column("BBB", &wave(2)),
                column("COPY", &wave(1)),
                column("FLAT", &flat),
            ],
        );
        let report = inspect(&panel);
        let found: Vec<String> =
            report.findings.iter().map(|f| format!("{}: {}", f.kind.as_str(), f.message)).collect();
        assert_eq!(
            found,
            [
                "constant_price: FLAT has one price throughout: 124 prices are equal",
                "equal_prices: COPY has the prices of AAA: all 124 prices are equal",
            ]
        );
        assert_eq!(report.worst(), Some(Severity::Warning));
    }
}
