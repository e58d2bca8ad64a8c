//! A tiny reader of one vendor's file an asset, for the faults that they ship.

use std::collections::BTreeMap;
use std::path::Path;

use walkfolio_columns::{Table, date_of};
use walkfolio_core::{Date, Ticker};
use walkfolio_data::quality::{Column, Panel};

/// Names of a column, the first that is there wins.
const PRICES: [&str; 7] =
    ["adj close", "adjusted_close", "price", "close", "zamkniecie", "<close>", "value"];

/// A file of one asset: dates, closes, and what else it gives.
pub fn asset(path: &Path) -> Panel {
    asset_by(path, &PRICES)
}

/// The same with a column of prices of one's choice.
pub fn asset_by(path: &Path, prices: &[&str]) -> Panel {
    let name = path.file_name().unwrap().to_str().unwrap();
    let ticker = name.split([' ', '_', '.']).next().unwrap().split("-1d").next().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.trim_start_matches(['\u{feff}', '\n', '\r']);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> =
        reader.headers().unwrap().iter().map(str::to_ascii_lowercase).collect();
    let place = |names: &[&str]| {
        names.iter().find_map(|name| header.iter().position(|column| column == name))
    };
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let numbers = |place: Option<usize>| {
        let number =
            |row: &csv::StringRecord| row.get(place?)?.trim().replace(',', "").parse().ok();
        rows.iter().map(number).collect::<Vec<Option<f64>>>()
    };
    let given = |names: &[&str]| place(names).map(|place| numbers(Some(place)));
    let events = |names: &[&str]| {
        given(names).map(|values| values.into_iter().map(Option::unwrap_or_default).collect())
    };
    let days = place(&["date", "datetime", "timestamp", "data", "<date>"]).unwrap();
    let column = Column {
        volumes: given(&["volume", "wolumen", "<vol>"]),
        closes: given(&["close"]),
        dividends: gains(events(&["dividends", "dividend_amount"])),
        splits: events(&["stock splits", "split_coefficient"]),
        ..Column::new(Ticker::new(ticker).unwrap(), numbers(place(prices)))
    };
    let dates = rows.iter().map(|row| date(&row[days])).collect();
    Panel::new(name, dates, vec![column])
}

fn gains(dividends: Option<Vec<f64>>) -> Option<Vec<f64>> {
    dividends.filter(|dividends| dividends.iter().any(|dividend| *dividend != 0.0))
}

fn date(text: &str) -> Date {
    let text = text.split([' ', 'T']).next().unwrap();
    if let [month, day, year] = text.split('/').collect::<Vec<_>>()[..] {
        return format!("{year}-{month}-{day}").parse().unwrap();
    }
    text.parse().unwrap()
}

/// Rows of `date, ticker, price` by date and ticker.
pub fn long(path: &Path) -> Panel {
    let table = Table::open(std::fs::File::open(path).unwrap()).unwrap();
    let place = |name: &str| table.names().position(|found| found == name).unwrap();
    let places = ["date", "ticker", "close"].map(place);
    let mut cells: BTreeMap<Date, BTreeMap<String, f64>> = BTreeMap::new();
    for piece in table.pieces(&places) {
        let [dates, names, prices] = &piece.unwrap()[..] else { panic!("three columns") };
        for row in 0..dates.values.len() {
            let days = dates.integer(row).unwrap().div_euclid(86_400_000_000);
            let (day, name) = (date_of(days).unwrap(), names.text(row).unwrap());
            let price = prices.number(row).unwrap();
            cells.entry(day).or_default().insert(name.to_owned(), price);
        }
    }
    let mut names: Vec<&String> = cells.values().flat_map(BTreeMap::keys).collect();
    names.sort_unstable();
    names.dedup();
    let column = |name: &&String| {
        let prices = cells.values().map(|day| day.get(*name).copied()).collect();
        Column::new(Ticker::new(name).unwrap(), prices)
    };
    let columns = names.iter().map(column).collect();
    Panel::new(
        path.file_name().unwrap().to_str().unwrap(),
        cells.keys().copied().collect(),
        columns,
    )
}
