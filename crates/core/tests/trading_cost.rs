//! Costs of single trades against an independent program (`SOURCE.md` beside the golden files): 1e-12.

#![allow(clippy::unwrap_used)] // a test says what went wrong by failing

use std::path::{Path, PathBuf};

use walkfolio_core::TradingCost;

/// The cells of a golden file, without its head.
fn golden(file: &str) -> Option<Vec<Vec<String>>> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden");
    let folder = std::env::var_os("WALKFOLIO_GOLDEN").map_or(default, PathBuf::from);
    let path = folder.join("advanced").join(file);
    if !path.exists() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is absent", path.display());
        println!("skipped: real data not found");
        return None;
    }
    let text = std::fs::read_to_string(path).unwrap();
    Some(text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect())
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{found} {expected}");
}

#[test]
fn single_trades() {
    let Some(rows) = golden("cost_one_step_PUBLIC.csv") else { return };
    for row in rows {
        let at = |column: usize| row[column].parse::<f64>().unwrap();
        let (traded, value) = (at(0), at(5));
        let impact = TradingCost::impact(at(3), at(2), value, at(1)).unwrap();
        let cost = TradingCost { linear: at(4) * 1e-4, impact };
        near(cost.of(traded / value), at(10));
        near(cost.impact_slope(traded / value), at(11));
        near(TradingCost::linear(at(4) * 1e-4).of(traded / value) * value, at(6));
    }
}

#[test]
fn trades_of_real_volumes() {
    let Some(rows) = golden("cost_from_data_PUBLIC.csv") else { return };
    for row in rows {
        let at = |column: usize| row[column].parse::<f64>().unwrap();
        let impact = TradingCost::impact(at(6), at(2), at(4), at(3)).unwrap();
        near(TradingCost { linear: 0.0, impact }.of(at(5)), at(7));
    }
}
