//! Listings that end just before the file does: most often a vendor that is late, not a delisting.

use walkfolio_core::{Date, Note, Ticker};

use super::Named;
use crate::series::Delisting;
use crate::table::Table;

/// Assets that a note names.
const NAMED: usize = 5;

/// Carries the last price of each asset that ends at most `max` rows before the table to its end.
///
/// An asset whose end is stated by a delisting return, and one whose ticker has later prices, ends where
/// it ends. What is filled in is marked by asset and date, so that nothing is traded on it.
pub(crate) fn carried(
    table: &mut Table,
    named: &[Named],
    stated: &[(Ticker, Delisting)],
    max: usize,
) -> (Vec<(Ticker, Date)>, Option<Note>) {
    let (mut filled, mut late) = (Vec::new(), Vec::new());
    let rows = table.dates.len();
    for (place, own) in named.iter().enumerate() {
        let column = &table.columns[place];
        let Some(last) = (0..rows).rev().find(|&row| column.get(row).is_some()) else { continue };
        let missing = rows - 1 - last;
        let again = named[place + 1..].iter().any(|other| other.ticker == own.ticker);
        let known = stated
            .iter()
            .any(|(ticker, end)| *ticker == own.ticker && end.date >= table.dates[last]);
        if missing == 0 || missing > max || again || known {
            continue;
        }
        let price = column.get(last);
        let whole = (0..rows).map(|row| if row > last { price } else { column.get(row) }).collect();
        table.columns[place] = whole;
        filled.extend(table.dates[last + 1..].iter().map(|date| (own.asset.clone(), *date)));
        late.push((own.asset.to_string(), missing));
    }
    (filled, note(&late))
}

fn note(late: &[(String, usize)]) -> Option<Note> {
    let most = late.iter().map(|(_, missing)| *missing).max()?;
    let shown: Vec<&str> = late.iter().take(NAMED).map(|(asset, _)| asset.as_str()).collect();
    let more = late.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let (end, those, rows) = (
        if late.len() == 1 { "ends" } else { "end at most" },
        if late.len() == 1 { "its last price is" } else { "their last prices are" },
        if most == 1 { "row" } else { "rows" },
    );
    Some(Note::warning(format!(
        "{}{more} {end} {most} {rows} before the file; not treated as a delisting unless the study says so: {those} carried on",
        shown.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: &[[Option<f64>; 4]]) -> Table {
        Table {
            dates: (2..6).map(|day| Date::constant(2024, 1, day)).collect(),
            lines: (1..5).collect(),
            columns: columns.iter().map(|column| column.iter().copied().collect()).collect(),
        }
    }

    fn named(names: &[&str]) -> Vec<Named> {
        let ticker = |name: &&str| Ticker::new(name).unwrap();
        names.iter().map(|name| Named { asset: ticker(name), ticker: ticker(name) }).collect()
    }

    #[test]
    fn the_last_price_is_carried_on_and_marked() {
        let late = [Some(1.0), Some(2.0), None, None];
        let long = [Some(1.0); 4];
        let mut read = table(&[late, long]);
        let (filled, note) = carried(&mut read, &named(&["A", "B"]), &[], 2);
        assert_eq!(
            (0..4).map(|row| read.columns[0].get(row)).collect::<Vec<_>>(),
            [1, 2, 2, 2].map(|price| Some(f64::from(price)))
        );
        let day = |day| (Ticker::new("A").unwrap(), Date::constant(2024, 1, day));
        assert_eq!(filled, [day(4), day(5)]);
        insta::assert_snapshot!(note.unwrap().message, @"A ends 2 rows before the file; not treated as a delisting unless the study says so: its last price is carried on");
    }

    #[test]
    fn an_earlier_or_a_stated_end_is_a_delisting() {
        let late = [Some(1.0), Some(2.0), None, None];
        let long = [Some(1.0); 4];
        let stated = [(
            Ticker::new("A").unwrap(),
            Delisting { date: Date::constant(2024, 1, 3), value: -1.0 },
        )];
        for (stated, max) in [(&stated[..], 2), (&[], 1), (&[], 0)] {
            let mut read = table(&[late, long]);
            let found = carried(&mut read, &named(&["A", "B"]), stated, max);
            assert_eq!((read.columns[0].get(2), found), (None, (Vec::new(), None)));
        }
    }
}
