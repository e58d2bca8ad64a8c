//! Estimators of the covariance against independent programs: `golden/advanced/SOURCE.md`.

use std::fs;
use std::path::Path;

use walkfolio_core::{Covariance, Market, Past, Prices, Universe};
use walkfolio_estimate::covariance::{CovarianceEstimator, LedoitWolf, ShrinkageTarget};
use walkfolio_estimate::{Scale, Units};

use crate::data::{FUNDS, folder, market_of, row, weekday};

const DAILY: Scale = Scale { units: Units::Daily, periods_per_year: 252.0 };

/// The names and one column of a golden file: the upper triangle, by rows.
fn golden(folder: &Path, problem: &str, column: &str) -> Vec<([String; 2], f64)> {
    let text = fs::read_to_string(folder.join(format!("cov_{problem}.csv"))).unwrap();
    let place = text.lines().next().unwrap().split(',').position(|name| name == column).unwrap();
    let line = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        ([cells[0].to_owned(), cells[1].to_owned()], cells[place].parse().unwrap())
    };
    text.lines().skip(1).map(line).collect()
}

/// The largest difference, in units of `sqrt(S_ii S_jj)` of the golden matrix.
fn largest(found: &Covariance, names: &[&str], golden: &[([String; 2], f64)]) -> f64 {
    let at = |name: &str| names.iter().position(|other| *other == name).unwrap();
    let own = |name: &str| {
        golden.iter().find(|(pair, _)| pair.iter().all(|other| other == name)).unwrap().1
    };
    let dense = found.to_dense();
    assert_eq!(golden.len(), names.len() * (names.len() + 1) / 2);
    let difference = |(pair, value): &([String; 2], f64)| {
        let [i, j] = pair;
        (dense[(at(i), at(j))] - value).abs() / (own(i) * own(j)).sqrt()
    };
    golden.iter().map(difference).fold(0.0, f64::max)
}

/// Made-up returns as prices, with one row more for the decision.
fn made_up(folder: &Path, problem: &str) -> Market {
    let text = fs::read_to_string(folder.join(format!("input_returns_{problem}.csv"))).unwrap();
    let names: Vec<&str> = text.lines().next().unwrap().split(',').skip(1).collect();
    let mut columns = vec![vec![Some(100.0)]; names.len()];
    for line in text.lines().skip(1) {
        for (column, cell) in columns.iter_mut().zip(line.split(',').skip(1)) {
            let last = column.last().copied().flatten().unwrap();
            column.push(Some(last * (1.0 + cell.parse::<f64>().unwrap())));
        }
    }
    for column in &mut columns {
        column.push(Some(100.0));
    }
    let dates = (0..columns[0].len()).map(weekday).collect();
    Market::new(Prices::new(dates, Universe::new(names).unwrap(), columns).unwrap()).unwrap()
}

fn compare(estimator: &dyn CovarianceEstimator, past: &Past<'_>, folder: &Path, problem: &str) {
    let names: Vec<&str> =
        past.universe().tickers().iter().map(walkfolio_core::Ticker::as_str).collect();
    let assets: Vec<usize> = (0..names.len()).collect();
    let found = estimator.estimate(past, &assets, DAILY).unwrap();
    let worst = largest(&found, &names, &golden(folder, problem, "lw_identity"));
    println!("{problem}: largest difference {worst:.1e}");
    assert!(worst < 1e-10, "{problem}: {worst}");
}

fn ledoit_wolf(window: u32) -> LedoitWolf {
    LedoitWolf { window, target: ShrinkageTarget::Identity }
}

#[test]
fn ledoit_wolf_towards_a_scaled_identity() {
    let Some(folder) = folder("WALKFOLIO_GOLDEN", "golden/advanced") else { return };
    let market = made_up(&folder, "R1");
    compare(&ledoit_wolf(40), &market.before(41).unwrap(), &folder, "R1");

    let global =
        ["FXE", "EWJ", "GLD", "QQQ", "SPY", "SHV", "DBA", "USO", "XBI", "ILF", "EPP", "FEZ"];
    let problems = [
        ("A2019", "mtum/prices.csv", &FUNDS[..10], 252, "2019-06-03"),
        ("B2020", "global_etf/prices.csv", &global[..], 120, "2020-03-30"),
    ];
    for (problem, file, names, rows, decision) in problems {
        let Some(market) = market_of(file, names) else { return };
        let past = market.before(row(&market, decision)).unwrap();
        compare(&ledoit_wolf(rows), &past, &folder, problem);
    }
}
