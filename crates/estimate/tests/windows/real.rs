//! The long-short study's twelve funds, on real data where it is found.

use std::path::{Path, PathBuf};

use walkfolio_core::{Date, Market, Ticker, Universe};
use walkfolio_data::{FactorRequest, FileRequest, load};

use crate::compare::Worst;

const FUNDS: [&str; 12] =
    ["FXE", "EWJ", "GLD", "QQQ", "SPY", "SHV", "DBA", "USO", "XBI", "ILF", "EPP", "FEZ"];

/// The folder of real data, or `None` with a word on standard output; an error under `CI=true`.
fn data() -> Option<PathBuf> {
    let path = std::env::var_os("WALKFOLIO_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is not there", path.display());
    println!("skipped: real data not found");
    None
}

fn market(data: &Path) -> Market {
    let loaded = load(&FileRequest {
        factors: Some(FactorRequest::french3(
            data.join("french/F-F_Research_Data_Factors_daily.202503.csv"),
        )),
        benchmark: Some(Ticker::new("SPY").unwrap()),
        ..FileRequest::new(data.join("global_etf/prices.csv"), Universe::new(FUNDS).unwrap())
    });
    loaded.unwrap().market
}

/// Some funds list after the table's first session, in 2006 and 2007.
#[test]
fn every_fifth_row_of_2007_to_2024() {
    let Some(data) = data() else { return };
    let market = market(&data);
    let first = market.row_on_or_after(Date::constant(2007, 3, 1)).unwrap();
    let last = market.row_on_or_after(Date::constant(2024, 3, 28)).unwrap();
    let mut worst = Worst::default();
    let mut compared = 0;
    for t in (first..=last).step_by(5) {
        let past = market.before(t).unwrap();
        for rows in [40, 60, 90, 120, 180] {
            let assets: Vec<usize> =
                (0..FUNDS.len()).filter(|&asset| past.has_returns(asset, rows)).collect();
            worst.add(&past, &assets, rows);
            compared += 1;
        }
    }
    println!("{compared} windows of real data: {worst:?}");
    assert!(compared > 4_000);
    assert!(worst.largest() < 1e-10, "{worst:?}");
}
