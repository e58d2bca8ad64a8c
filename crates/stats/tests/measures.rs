//! Measures against the independent reference results in `shared/golden`.
#![allow(clippy::unwrap_used, reason = "clippy knows tests by `#[test]`, not by their helpers")]

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs};

use walkfolio_core::Date;
use walkfolio_stats::measures::tail::modified_value_at_risk;
use walkfolio_stats::measures::{Measures, RebalanceRecord, Record, Trade, measure};

/// The files carry 12 digits; the worst error reached is 1.1e-11.
const RELATIVE: f64 = 1e-10;

fn folder(variable: &str, name: &str) -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    let path = env::var_os(variable).map_or(shared, PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    assert!(env::var("CI").as_deref() != Ok("true"), "{} is absent", path.display());
    eprintln!("skipped: real data not found");
    None
}

fn folders() -> Option<(PathBuf, PathBuf)> {
    Some((folder("WALKFOLIO_GOLDEN", "golden")?, folder("WALKFOLIO_DATA", "data")?))
}

/// A table with a header and dates in its first column; empty cells are `None`.
struct Table {
    names: Vec<String>,
    dates: Vec<Date>,
    rows: Vec<Vec<Option<f64>>>,
}

impl Table {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let mut lines = text.lines();
        let names = lines.next().unwrap().split(',').skip(1).map(str::to_owned).collect();
        let (mut dates, mut rows) = (Vec::new(), Vec::new());
        for line in lines {
            let (date, cells) = line.split_once(',').unwrap();
            dates.push(date.parse().unwrap());
            rows.push(cells.split(',').map(|cell| cell.parse().ok()).collect());
        }
        Self { names, dates, rows }
    }

    fn column(&self, name: &str) -> Vec<Option<f64>> {
        let index = self.names.iter().position(|n| n == name).unwrap();
        self.rows.iter().map(|row| row[index]).collect()
    }

    fn full_column(&self, name: &str) -> Vec<f64> {
        self.column(name).into_iter().map(Option::unwrap).collect()
    }
}

/// RF of the French daily file as fractions.
fn risk_free(data: &Path) -> BTreeMap<Date, f64> {
    let path = data.join("french/F-F_Research_Data_Factors_daily.202503.csv");
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .filter_map(|line| {
            let (day, cells) = line.split_once(',')?;
            let day = Date::strptime("%Y%m%d", day.trim()).ok()?;
            let percent: f64 = cells.rsplit(',').next()?.trim().parse().ok()?;
            Some((day, percent / 100.0))
        })
        .collect()
}

/// The numbers of a flat JSON object.
fn numbers(path: &Path) -> BTreeMap<String, f64> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .filter_map(|line| {
            let (key, value) = line.trim().trim_end_matches(',').split_once(':')?;
            Some((key.trim_matches('"').to_owned(), value.trim().parse().ok()?))
        })
        .collect()
}

#[track_caller]
fn agree(what: &str, found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    let error = (found - expected).abs() / expected.abs();
    assert!(error < RELATIVE, "{what}: {found} is not {expected}, relative error {error:e}");
}

/// One period of the long-short study's returns.
struct LongShort {
    dates: Vec<Date>,
    returns: Vec<f64>,
    cash: Vec<f64>,
}

impl LongShort {
    fn read(golden: &Path, data: &Path) -> Self {
        let table = Table::read(&golden.join("long_short/returns_I_S40_90_lambda0.1.csv"));
        let rates = risk_free(data);
        let cash = table.dates.iter().map(|date| rates[date]).collect();
        Self { returns: table.full_column("ret"), dates: table.dates, cash }
    }

    fn rows(&self, first: &str, last: &str) -> Range<usize> {
        let (first, last): (Date, Date) = (first.parse().unwrap(), last.parse().unwrap());
        let start = self.dates.partition_point(|date| *date < first);
        start..self.dates.partition_point(|date| *date <= last)
    }

    fn measure(&self, first: &str, last: &str) -> Measures {
        let Range { start, end } = self.rows(first, last);
        measure(&Record {
            cash: Some((&self.cash[start..end]).into()),
            ..Record::new(&self.dates[start..end], &self.returns[start..end])
        })
    }
}

#[test]
fn long_short_full_sample() {
    let Some((golden, data)) = folders() else { return };
    let expected = numbers(&golden.join("long_short/stats_I_S40_90_lambda0.1.json"));
    let study = LongShort::read(&golden, &data);
    let measures = study.measure("2007-11-14", "2024-03-28");
    let pairs = [
        ("days", "sessions"),
        ("ret_arith", "mean_return_annual"),
        ("ret_geo", "annual_return"),
        ("vol", "volatility"),
        ("sharpe", "sharpe_ratio"),
        ("skew", "skewness"),
        ("exkurt", "excess_kurtosis"),
        ("maxdd", "max_drawdown"),
        ("maxdd10", "max_drawdown_10d"),
        ("VaR95_hist", "var_95"),
        ("CVaR95", "cvar_95"),
    ];
    for (theirs, ours) in pairs {
        agree(ours, measures.get(ours), expected[theirs]);
    }
    // Far outside the domain of the expansion: the formula agrees, the measure says nothing.
    let own = modified_value_at_risk(&study.returns[study.rows("2007-11-14", "2024-03-28")]);
    agree("modified_var_95", own, expected["mVaR95"]);
    assert_eq!(measures.get("modified_var_95"), None);
    let told = measures.notes().iter().any(|n| n.message.starts_with("modified_var_95 is left"));
    assert!(told, "{:?}", measures.notes());
}

#[test]
fn long_short_regimes() {
    let Some((golden, data)) = folders() else { return };
    let expected = numbers(&golden.join("long_short/stats_I_S40_90_lambda0.1.json"));
    let study = LongShort::read(&golden, &data);
    let regimes = [
        ("before", "2007-07-10", "2007-11-30"),
        ("crisis", "2007-12-01", "2009-06-30"),
        ("after", "2009-07-01", "2020-01-31"),
        ("covid", "2020-02-01", "2020-06-30"),
        ("post", "2020-07-01", "2024-03-28"),
    ];
    let pairs = [
        ("days", "sessions"),
        ("ret_arith", "mean_return_annual"),
        ("vol", "volatility"),
        ("sharpe", "sharpe_ratio"),
        ("maxdd", "max_drawdown"),
    ];
    for (regime, first, last) in regimes {
        let measures = study.measure(first, last);
        for (theirs, ours) in pairs {
            let key = format!("{regime}_{theirs}");
            agree(&key, measures.get(ours), expected[&key]);
        }
    }
}

/// One-way turnover of each rebalance after the first: weights drift between, buy and hold.
fn turnovers(weights: &Table, prices: &Table) -> Vec<f64> {
    let columns: Vec<Vec<Option<f64>>> = weights.names.iter().map(|n| prices.column(n)).collect();
    let bought_at = |date: &Date| prices.dates.partition_point(|d| d < date) - 1;
    let mut all = Vec::new();
    for rebalance in 1..weights.dates.len() {
        let (from, to) =
            (bought_at(&weights.dates[rebalance - 1]), bought_at(&weights.dates[rebalance]));
        let values: Vec<f64> = weights.rows[rebalance - 1]
            .iter()
            .zip(&columns)
            .map(|(weight, prices)| weight.unwrap() * prices[to].unwrap() / prices[from].unwrap())
            .collect();
        let equity: f64 = values.iter().sum();
        let targets = &weights.rows[rebalance];
        let traded = targets.iter().zip(&values).map(|(w, v)| (w.unwrap() - v / equity).abs());
        all.push(0.5 * traded.sum::<f64>());
    }
    all
}

#[test]
fn long_short_turnover_and_gross_exposure() {
    let Some((golden, data)) = folders() else { return };
    let expected = numbers(&golden.join("long_short/stats_I_S40_90_lambda0.1.json"));
    let study = LongShort::read(&golden, &data);
    let weights = Table::read(&golden.join("long_short/weights_I_S40_90_lambda0.1.csv"));
    let prices = Table::read(&data.join("global_etf/prices.csv"));
    let targets: Vec<Vec<f64>> =
        weights.rows.iter().map(|row| row.iter().map(|w| w.unwrap()).collect()).collect();
    let mut traded = turnovers(&weights, &prices);
    traded.insert(0, 0.0);
    let rebalances: Vec<RebalanceRecord<'_>> = (0..targets.len())
        .map(|i| RebalanceRecord {
            date: weights.dates[i],
            target: &targets[i],
            turnover: traded[i],
            cost: 0.0,
            trade: if i == 0 { Trade::Initial } else { Trade::Rebalance },
        })
        .collect();
    let record = Record { rebalances: &rebalances, ..Record::new(&study.dates, &study.returns) };
    let measures = measure(&record);
    agree("gross", measures.get("gross_exposure"), expected["gross"]);
    agree("rebalances", measures.get("rebalances"), expected["n"]);
    agree("turnover", measures.get("turnover_mean"), expected["turn_week_oneway"]);
    // 842 rebalances in 4,210 sessions: one in five.
    let annual = expected["turn_week_oneway"] * 252.0 / 5.0;
    agree("turnover a year", measures.get("turnover_annual"), annual);
}

#[test]
fn mtum_replica_against_mtum() {
    let Some((golden, data)) = folders() else { return };
    let table = Table::read(&golden.join("mtum/returns_all11_5bp.csv"));
    let prices = Table::read(&data.join("mtum/prices.csv"));
    let mtum = prices.column("MTUM");
    let benchmark: Vec<f64> = table
        .dates
        .iter()
        .map(|date| prices.dates.binary_search(date).unwrap())
        .map(|row| mtum[row].unwrap() / mtum[row - 1].unwrap() - 1.0)
        .collect();
    let portfolio = table.full_column("ret");
    let record =
        Record { benchmark: Some((&benchmark).into()), ..Record::new(&table.dates, &portfolio) };
    let measures = measure(&record);
    // The headline figures of SOURCE.md, to their last digit.
    for (key, headline, half) in
        [("tracking_error", 0.0958, 5e-5), ("beta", 0.880, 5e-4), ("r_squared", 0.839, 5e-4)]
    {
        assert!((measures.get(key).unwrap() - headline).abs() <= half, "{key}");
    }
    // More figures of the same series, by a Python program with `math.fsum`.
    let python = [
        ("tracking_error", 0.095_823_753_461_519_82),
        ("information_ratio", -0.158_124_456_117_26),
        ("excess_return_annual", -0.015_152_078_899_217_233),
        ("beta", 0.880_120_782_054_546_1),
        ("alpha_annual", 0.004_739_296_294_805_563),
        ("r_squared", 0.838_604_008_198_878_9),
        ("tracking_error_monthly", 0.084_903_393_431_873_59),
        ("information_ratio_monthly", -0.184_713_423_588_408_53),
        ("sortino_ratio", 0.943_302_962_131_383_6),
        ("annual_return", 0.132_915_809_971_629_22),
        ("benchmark_annual_return", 0.147_668_776_012_018_1),
        ("max_drawdown", -0.323_019_719_350_945_2),
        ("calmar_ratio", 0.411_478_934_594_772_1),
        ("cumulative_return", 1.131_213_432_027_743_6),
    ];
    for (key, expected) in python {
        agree(key, measures.get(key), expected);
    }
}
