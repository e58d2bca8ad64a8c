//! Files that end with a decision, or go on otherwise: what was known before stays, unless a fault is
//! put back.

use std::fmt::Write;
use std::path::Path;

use jiff::ToSpan;
use walkfolio_columns::Column;
use walkfolio_core::{Date, Market, Signal, SignalKind, Ticker, Universe};

use super::{Horizon, Later, Role};
use crate::point_in_time::PointInTime;
use crate::quality::known::tests::messy;
use crate::quality::known::whole_file::put_back;
use crate::quality::{Cleaning, Kind, Panel, Policy};
use crate::{CsvForm, FactorRequest};
use crate::{Error, FileRequest, SignalRequest, load, read_signal};

/// The kinds whose verdicts knew the whole file once, with a policy each.
const FAULTS: [(Kind, Policy); 4] = [
    (Kind::Jump, Policy::Winsorize { limit: 0.1 }),
    (Kind::StalePrice, Policy::Mask),
    (Kind::SparseSession, Policy::Drop),
    (Kind::Reversal, Policy::Mask),
];
const FILL: (Kind, Policy) = (Kind::Gap, Policy::ForwardFill { limit_days: 30 });

fn csv(panel: &Panel) -> String {
    let names: Vec<&str> = panel.columns.iter().map(|column| column.ticker.as_str()).collect();
    let mut text = format!("date,{}\n", names.join(","));
    for (row, date) in panel.dates.iter().enumerate() {
        let cell = |price: Option<f64>| price.map_or(String::new(), |price| price.to_string());
        let cells = panel.columns.iter().map(|column| cell(column.prices[row]));
        writeln!(text, "{date},{}", cells.collect::<Vec<String>>().join(",")).unwrap();
    }
    text
}

fn parquet(panel: &Panel) -> Vec<u8> {
    let dates = Column::dates("date", panel.dates.iter().copied().map(Some));
    let own =
        panel.columns.iter().map(|own| Column::numbers(own.ticker.as_str(), own.prices.clone()));
    walkfolio_columns::write(&std::iter::once(dates).chain(own).collect::<Vec<Column>>(), "x")
        .unwrap()
}

/// The request of a file with a panel's assets.
fn request(file: &Path, panel: &Panel, rules: &[(Kind, Policy)]) -> FileRequest {
    let assets = panel.columns.iter().map(|column| column.ticker.clone()).collect();
    FileRequest {
        cleaning: Cleaning::new(rules.iter().copied()),
        ..FileRequest::new(file, Universe::from_tickers(assets).unwrap())
    }
}

/// What a decision after a row sees of prices: those that the file has, and those filled in.
fn seen(market: &Market, row: usize) -> Vec<(bool, Option<u64>)> {
    let asset = |asset: usize| {
        let price = market.prices().value(row, asset).map(f64::to_bits);
        let traded = market.is_traded(row, asset);
        // Whether a gap that is still open will be filled is not known.
        (traded, price.filter(|_| traded))
    };
    (0..market.universe().len()).map(asset).collect()
}

/// The first of many decisions that sees other prices once the later rows of a file are attacked.
fn leak(request: &FileRequest, only: Option<Role>) -> Option<(Date, Later)> {
    let whole = load(request).unwrap().market;
    (61..261).step_by(2).find_map(|row| {
        let (known, decision) = (whole.dates()[row - 1], whole.dates()[row]);
        [Later::Removed, Later::Perturbed].into_iter().find_map(|later| {
            let horizon = Some(Horizon { known, decision, later, only });
            let attacked = load(&FileRequest { horizon, ..request.clone() }).unwrap().market;
            let differs = attacked.dates()[..row] != whole.dates()[..row]
                || (0..row).any(|row| seen(&attacked, row) != seen(&whole, row))
                || before(&attacked, row) != before(&whole, row);
            differs.then_some((decision, later))
        })
    })
}

/// The benchmark's prices before a row.
fn before(market: &Market, row: usize) -> Vec<Option<u64>> {
    let value = |row: usize| market.benchmark()?.value(row).map(f64::to_bits);
    (0..row).map(value).collect()
}

/// The messy panel without what no policy of the four is for.
fn panel() -> Panel {
    let mut panel = messy();
    // A step of units is refused unless it is masked.
    for price in &mut panel.columns[2].prices[150..160] {
        *price = price.map(|price| price / 100.0);
    }
    // Four prices are missing on a session, and two of them for some more: that these come back is not known
    // before they do.
    for column in &mut panel.columns[3..5] {
        column.prices[200] = None;
    }
    for column in &mut panel.columns[1..3] {
        column.prices[200..206].fill(None);
    }
    panel
}

#[test]
fn each_fault_of_cleaning_is_found_when_it_is_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let panel = panel();
    let files = [folder.path().join("prices.csv"), folder.path().join("prices.parquet")];
    std::fs::write(&files[0], csv(&panel)).unwrap();
    std::fs::write(&files[1], parquet(&panel)).unwrap();
    for file in &files {
        for (kind, policy) in FAULTS {
            let request = request(file, &panel, &[(kind, policy), FILL]);
            let (name, found) = (file.display(), leak(&request, Some(Role::Prices)));
            // What a reversal is, is known a row later, there and here: a warning says so.
            let expected = kind == Kind::Reversal;
            assert_eq!(found.is_some(), expected, "{name} {kind:?} {found:?}");
            let found = put_back(|| leak(&request, Some(Role::Prices)));
            assert!(found.is_some(), "{name} {kind:?} is not found");
        }
    }
}

#[test]
fn a_line_in_the_file_of_a_benchmark_is_found_there_alone() {
    let folder = tempfile::tempdir().unwrap();
    let panel = panel();
    let (prices, index) = (folder.path().join("p.csv"), folder.path().join("index.csv"));
    std::fs::write(&prices, csv(&panel)).unwrap();
    let mut alone = Panel { columns: panel.columns[..1].to_vec(), ..panel.clone() };
    alone.columns[0].ticker = Ticker::new("IDX").unwrap();
    alone.columns[0].prices[220] = Some(-1.0);
    std::fs::write(&index, csv(&alone)).unwrap();
    let of = |policy| FileRequest {
        benchmark_prices: Some(index.clone()),
        benchmark: Some(Ticker::new("IDX").unwrap()),
        ..request(&prices, &panel, &[(Kind::BadPrice, policy), FILL])
    };
    assert_eq!(leak(&of(FILL.1), Some(Role::Benchmark)), None);
    let request = of(Policy::Interpolate);
    assert!(leak(&request, Some(Role::Benchmark)).is_some());
    assert_eq!(leak(&request, Some(Role::Signals)), None);
}

#[test]
fn factors_that_begin_after_a_decision_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (prices, factors) = (folder.path().join("p.csv"), folder.path().join("f.csv"));
    std::fs::write(&prices, "date,A\n2024-01-02,1\n2024-01-03,2\n2024-01-04,3\n2024-01-05,4\n")
        .unwrap();
    let text = ",Mkt-RF,SMB,HML,RF\n20240104,1,1,1,0.020\n20240105,1,1,1,0.020\n";
    std::fs::write(&factors, text).unwrap();
    let day = |day| Date::constant(2024, 1, day);
    let horizon = Horizon {
        known: day(2),
        decision: day(3),
        later: Later::Removed,
        only: Some(Role::Factors),
    };
    let whole = FileRequest {
        factors: Some(FactorRequest::french3(factors)),
        ..FileRequest::new(prices, Universe::new(["A"]).unwrap())
    };
    assert!(load(&whole).is_ok());
    let attacked = load(&FileRequest { horizon: Some(horizon), ..whole });
    assert!(matches!(attacked, Err(Error::NoRows { .. })), "{attacked:?}");
}

#[test]
fn an_asset_without_a_known_price_is_not_there_yet() {
    let folder = tempfile::tempdir().unwrap();
    let prices = folder.path().join("p.csv");
    let text = "date,A,NEW\n2024-01-02,1,\n2024-01-03,2,\n2024-01-04,3,5\n2024-01-05,4,6\n";
    std::fs::write(&prices, text).unwrap();
    let day = |day| Date::constant(2024, 1, day);
    let at = |later| FileRequest {
        horizon: Some(Horizon { known: day(2), decision: day(3), later, only: None }),
        ..FileRequest::new(prices.clone(), Universe::new(["A", "NEW"]).unwrap())
    };
    let names = |later| -> Vec<String> {
        let market = load(&at(later)).unwrap().market;
        market.universe().tickers().iter().map(ToString::to_string).collect()
    };
    assert_eq!(names(Later::Removed), ["A"]);
    assert_eq!(names(Later::Perturbed), ["A", "NEW"]);
}

#[test]
fn every_later_value_is_another_one() {
    let known = Date::constant(2023, 12, 31);
    let decision = Date::constant(2024, 1, 1);
    let horizon = Horizon { known, decision, later: Later::Perturbed, only: None };
    for (date, column) in decision.series(1.day()).take(366).zip((0..5).cycle()) {
        let value = horizon.value(date, column, 1.0);
        assert!((0.75..=1.25).contains(&value) && value != 1.0, "{date} {column} {value}");
    }
    assert_eq!(horizon.value(known, 0, 1.0), 1.0);
}

/// What a horizon leaves of two values before and two after a decision.
fn signal(later: Later) -> Signal {
    let path = std::env::temp_dir().join("walkfolio-horizon-signal.csv");
    let text = "date,asset,value\n2024-01-30,XLE,1\n2024-01-31,XLE,2\n2024-02-01,XLE,3\n2024-02-02,XLE,4\n";
    std::fs::write(&path, text).unwrap();
    let day = Date::constant(2024, 1, 31);
    let horizon =
        Some(Horizon { known: day, decision: Date::constant(2024, 2, 1), later, only: None });
    let (name, kind, csv) = ("cap".to_owned(), SignalKind::MarketCap, CsvForm::default());
    let request = SignalRequest { name, kind, path, csv, horizon };
    read_signal(&request, &Universe::new(["XLE"]).unwrap()).unwrap().signal
}

#[test]
fn signals_are_known_up_to_the_horizon() {
    let days =
        [(1, 30), (1, 31), (2, 1), (2, 2)].map(|(month, day)| Date::constant(2024, month, day));
    let whole = days.into_iter().zip([1.0, 2.0, 3.0, 4.0]).collect();
    let whole = Signal::new("cap", vec![whole]).unwrap();
    assert_eq!(signal(Later::Removed).dates(), days[..3]);
    let perturbed = signal(Later::Perturbed);
    assert_eq!(perturbed.dates(), whole.dates());
    assert_ne!(perturbed, whole);
}

#[test]
fn members_are_known_up_to_the_horizon() {
    let folder = tempfile::tempdir().unwrap();
    let panel = panel();
    let (prices, members) = (folder.path().join("p.csv"), folder.path().join("m.csv"));
    std::fs::write(&prices, csv(&panel)).unwrap();
    let (leaves, joins) = (panel.dates[150], panel.dates[200]);
    let stays: Vec<String> = (2..6).map(|at| format!("A{at},{},\n", panel.dates[0])).collect();
    let stays = stays.concat();
    let text = format!("ticker,start,end\nA0,{},{leaves}\nA1,{joins},\n{stays}", panel.dates[0]);
    std::fs::write(&members, text).unwrap();
    let point_in_time = PointInTime { members: Some(members), ..PointInTime::default() };
    let request = FileRequest { point_in_time, ..request(&prices, &panel, &[FILL]) };
    let member = |row: usize, asset: usize, known: usize| {
        let (known, decision) = (panel.dates[known], panel.dates[known + 1]);
        let later = Later::Perturbed;
        let horizon = Some(Horizon { known, decision, later, only: Some(Role::Members) });
        let market = load(&FileRequest { horizon, ..request.clone() }).unwrap().market;
        market.members().unwrap().is_member(asset, panel.dates[row])
    };
    // On the last day before it leaves nobody knows that A0 will, nor that A1 will join.
    assert!(member(170, 0, 149) && !member(170, 0, 160));
    assert!(!member(250, 1, 199) && member(250, 1, 200));
}
