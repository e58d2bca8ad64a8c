//! The replica's funds, real where they are found, and a market drawn at random.

use std::path::{Path, PathBuf};

use walkfolio_core::{Date, Market, Prices, Row, Signal, Ticker, Universe};
use walkfolio_data::{FileRequest, load};

pub const FUNDS: [&str; 11] =
    ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH", "AIQ"];

/// A folder of shared files, or `None` with a word on standard output; an error under `CI=true`.
pub fn folder(variable: &str, name: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name),
        PathBuf::from,
    );
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is not there", path.display());
    println!("skipped: real {name} not found");
    None
}

pub fn real_market() -> Option<Market> {
    let loaded = load(&FileRequest {
        benchmark: Some(Ticker::new("MTUM").unwrap()),
        ..FileRequest::new(
            folder("WALKFOLIO_DATA", "data")?.join("mtum/prices.csv"),
            Universe::new(FUNDS).unwrap(),
        )
    });
    Some(loaded.unwrap().market)
}

/// Some assets of a file of real prices, if it is there.
pub fn market_of(file: &str, names: &[&str]) -> Option<Market> {
    let loaded = load(&FileRequest::new(
        folder("WALKFOLIO_DATA", "data")?.join(file),
        Universe::new(names).unwrap(),
    ));
    Some(loaded.unwrap().market)
}

/// The row of the first session on or after a date.
pub fn row(market: &Market, date: &str) -> Row {
    market.row_on_or_after(date.parse().unwrap()).unwrap()
}

/// A market of weekdays from 2000-01-03 on: one asset for each `(first row, end row)`, an index as
/// benchmark, and for each asset a signal `pe` of every fiftieth day.
pub fn drawn_market(rows: usize, listings: &[(Row, Row)], seed: u64) -> Market {
    let dates: Vec<Date> = (0..rows).map(weekday).collect();
    let mut draw = Draw(seed);
    let mut column = |(start, end): (Row, Row)| -> Vec<Option<f64>> {
        let mut price = 100.0;
        (0..rows)
            .map(|t| {
                price *= 1.0 + 0.04 * (draw.uniform() - 0.49);
                (start..end).contains(&t).then_some(price)
            })
            .collect()
    };
    let columns: Vec<_> = listings.iter().map(|&listing| column(listing)).collect();
    let index = column((0, rows));
    let names: Vec<String> = (0..listings.len()).map(|i| format!("A{i}")).collect();
    let universe = Universe::new(&names).unwrap();
    let records = |asset: usize| {
        (asset..rows).step_by(50).map(|t| (dates[t], (t as f64).cos() * 20.0)).collect()
    };
    let signal = Signal::new("pe", (0..listings.len()).map(records).collect()).unwrap();
    let index = Prices::new(dates.clone(), Universe::new(["INDEX"]).unwrap(), vec![index]);
    let market = Market::new(Prices::new(dates, universe, columns).unwrap()).unwrap();
    market.with_benchmark(index.unwrap()).unwrap().with_signal(signal).unwrap()
}

/// Weekdays from 2000-01-03 on.
pub fn weekday(t: usize) -> Date {
    let days = 7 * (t / 5) + t % 5;
    Date::constant(2000, 1, 3) + std::time::Duration::from_secs(86_400 * days as u64)
}

/// Uniform numbers between 0 and 1 (`SplitMix64`, Steele et al. 2014).
pub struct Draw(pub u64);

impl Draw {
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}
