use std::path::{Path, PathBuf};

use walkfolio_core::{Error as CoreError, Market, MarketImpact, Universe};

use super::*;
use crate::{Later, load};

const IMPACT: MarketImpact =
    MarketImpact { coefficient: 1.0, portfolio_value: 1.0, volatility_window: 2, volume_window: 2 };

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// The mean of two sessions that a rate before a row was made with.
fn volume(market: &Market, row: usize) -> f64 {
    let past = market.before(row).unwrap();
    let returns = past.returns(&[0], 2).unwrap();
    let mean = f64::midpoint(returns[(0, 0)], returns[(1, 0)]);
    let squares = (returns[(0, 0)] - mean).powi(2) + (returns[(1, 0)] - mean).powi(2);
    squares / IMPACT.rate(&past, 0).unwrap().powi(2)
}

const WIDE: &str = "date,XLE\n2024-01-02,40\n2024-01-03,41\n2024-01-04,39\n2024-01-05,42\n";
const CLOSES: &str = "date,XLE\n2024-01-02,50\n2024-01-03,51\n2024-01-04,49\n2024-01-05,52\n";
const SHARES: &str = "date,ticker,volume\n2024-01-04,XLE,300\n2024-01-02,XLE,100\n2024-01-03,XLE,200\n2024-01-05,XLE,900\n2024-01-04,SPY,7\n";

#[test]
fn shares_are_multiplied_by_closes_of_their_day() {
    let folder = tempfile::tempdir().unwrap();
    let prices = write(folder.path(), "prices.csv", WIDE);
    let files = VolumeFiles {
        volumes: Some(write(folder.path(), "volumes.csv", SHARES)),
        closes: Some(write(folder.path(), "closes.csv", CLOSES)),
    };
    let request = FileRequest {
        volumes: Some(files.clone()),
        ..FileRequest::new(prices, Universe::new(["XLE"]).unwrap())
    };
    let loaded = load(&request).unwrap();
    let roles: Vec<&str> = loaded.sources.iter().map(|own| own.role).collect();
    assert_eq!(roles, ["prices", "volumes", "closes"]);
    let expected = f64::midpoint(200.0 * 51.0, 300.0 * 49.0);
    assert!((volume(&loaded.market, 3) - expected).abs() < 1e-9);

    // What a decision does not know may change: its rate does not, and a later one does.
    let day = |day| Date::constant(2024, 1, day);
    for later in [Later::Removed, Later::Perturbed] {
        let horizon = Horizon { known: day(4), decision: day(5), later, only: None };
        let attacked = load(&FileRequest { horizon: Some(horizon), ..request.clone() }).unwrap();
        assert_eq!(volume(&attacked.market, 3).to_bits(), volume(&loaded.market, 3).to_bits());
        assert_ne!(attacked.market.signals(), loaded.market.signals());
    }

    let alone = VolumeFiles { closes: None, ..files };
    let error = load(&FileRequest { volumes: Some(alone), ..request }).unwrap_err();
    let told = "prices.csv does not say what was traded of XLE: its closes contain dividends, which volumes do not";
    assert!(error.to_string().ends_with(told), "{error}");
    assert!(error.hint().is_some());
}

#[test]
fn record_files_have_both_columns() {
    let folder = tempfile::tempdir().unwrap();
    let rows =
        ["2024-01-02,50,40,100", "2024-01-03,51,41,200", "2024-01-04,49,39,", "2024-01-05,52,42,5"];
    let text = format!("Date,Close,Adj Close,Volume\n{}\n", rows.join("\n"));
    let path = write(folder.path(), "XLE.csv", &text);
    let request = FileRequest {
        volumes: Some(VolumeFiles::default()),
        ..FileRequest::new(path.clone(), Universe::new(["XLE"]).unwrap())
    };
    let market = load(&request).unwrap().market;
    // The session without a volume is left out of the mean.
    assert!((volume(&market, 3) - 200.0 * 51.0).abs() < 1e-9);

    write(folder.path(), "XLE.csv", &text.replace("Volume", "Open"));
    let error = load(&request).unwrap_err().to_string();
    assert!(error.ends_with("what was traded of XLE: it has no column of volumes"), "{error}");

    write(folder.path(), "XLE.csv", &text);
    let volumes = write(folder.path(), "volumes.csv", "date,XLE\n2024-01-03,-5\n");
    let files = VolumeFiles { volumes: Some(volumes), closes: None };
    let error = load(&FileRequest { volumes: Some(files), ..request.clone() }).unwrap_err();
    assert!(error.to_string().contains("what was traded of XLE: a value is below 0"), "{error}");

    // A file that says nothing of an asset is a warning, and a decision that needs it an error.
    let volumes =
        write(folder.path(), "volumes.csv", "date,SPY,XLE\n2024-01-03,5,\n2024-01-05,,7\n");
    let files = VolumeFiles { volumes: Some(volumes), closes: None };
    let market = load(&FileRequest { volumes: Some(files), ..request }).unwrap().market;
    let error = IMPACT.rate(&market.before(3).unwrap(), 0).unwrap_err();
    assert!(matches!(error, CoreError::NoTradedValue { .. }), "{error}");
}
