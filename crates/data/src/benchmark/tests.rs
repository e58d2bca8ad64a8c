//! Holdings, constituents and capitalizations from files, whole and attacked.

use walkfolio_core::{Date, Universe};

use super::BenchmarkFiles;
use crate::{FileRequest, Horizon, Later, Loaded, Result, Role, load};

const PRICES: &str =
    "date,XLE,XLF\n2024-01-02,1,5\n2024-01-03,2,5\n2024-01-04,3,6\n2024-01-05,4,6\n";
const NAMES: &str = "date,AA,BB\n2024-01-01,9,\n2024-01-02,10,\n2024-01-03,11,20\n2024-01-04,12,21\n2024-01-05,13,22\n";
const CAPS: &str = "date,ticker,sector,market_cap\n2023-12-29,AA,x,500\n2024-01-04,AA,x,600\n";
const HOLDINGS: &str =
    "date,ticker,weight\n2024-01-02,AA,60\n2024-01-02,CASH,40\n2024-01-04,AA,1\n2024-01-04,BB,3\n";

fn day(day: i8) -> Date {
    Date::constant(2024, 1, day)
}

fn loaded(holdings: &str, horizon: Option<Horizon>) -> Result<Loaded> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let benchmark_files = BenchmarkFiles {
        holdings: Some(write("holdings.csv", holdings)),
        constituents: Some(write("names.csv", NAMES)),
        capitalizations: Some(write("caps.csv", CAPS)),
    };
    let prices = write("prices.csv", PRICES);
    let request = FileRequest::new(prices, Universe::new(["XLE", "XLF"]).unwrap());
    load(&FileRequest { benchmark_files, horizon, ..request })
}

#[test]
fn names_of_the_benchmark_are_on_the_sessions_of_the_assets() {
    let Loaded { market, sources, notes, .. } = loaded(HOLDINGS, None).unwrap();
    let names = market.constituents().unwrap();
    assert_eq!(names.dates(), market.dates());
    assert_eq!((names.prices().value(0, 0), names.prices().value(0, 1)), (Some(10.0), None));
    let past = market.before(3).unwrap();
    let own = past.constituents().unwrap();
    assert_eq!(own.signal("market_cap", 0).unwrap(), Some(600.0));
    let earlier = past.before(2).unwrap().constituents().unwrap();
    assert_eq!(earlier.signal("market_cap", 0).unwrap(), Some(500.0));
    assert_eq!(own.signal("market_cap", 1).unwrap(), None);
    let (date, newest) = past.benchmark_holdings().unwrap();
    assert_eq!((date, newest.weights["BB"]), (day(4), 0.75));
    let (date, first) = past.before(2).unwrap().benchmark_holdings().unwrap();
    assert_eq!((date, first.weights["AA"]), (day(2), 0.6));
    assert!(past.before(0).unwrap().benchmark_holdings().is_none());
    let roles: Vec<&str> = sources.iter().map(|own| own.role).collect();
    assert_eq!(roles, ["prices", "constituents", "capitalizations", "benchmark holdings"]);
    let said: Vec<&str> = notes.iter().map(|note| note.message.as_str()).collect();
    let lacking = "holdings.csv: names without prices have 20.00 % of the weight as a mean over 2 days, at most 40.00 % on 2024-01-02; the others are scaled up";
    assert!(said.contains(&lacking), "{said:?}");
}

#[test]
fn bad_holdings_are_refused_with_their_day() {
    let cases = [
        ("2024-01-02,AA,-1", "AA has the weight -1"),
        ("2024-01-02,AA,0", "no weight is above 0"),
        ("2024-01-02,AA,1\n2024-01-02,AA,2", "AA is listed twice"),
        ("2024-01-02,ZZ,1", "no name has prices"),
    ];
    for (rows, expected) in cases {
        let error = loaded(&format!("date,ticker,weight\n{rows}\n"), None).unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains("2024-01-02"), "{error}");
    }
}

/// What is known on 2024-01-03, by file and by what becomes of later rows.
#[test]
fn later_rows_are_cut_or_perturbed_file_by_file() {
    let whole = loaded(HOLDINGS, None).unwrap().market;
    for later in [Later::Removed, Later::Perturbed] {
        for only in
            [None, Some(Role::Holdings), Some(Role::Constituents), Some(Role::Capitalizations)]
        {
            let horizon = Horizon { known: day(3), decision: day(4), later, only };
            let market = loaded(HOLDINGS, Some(horizon)).unwrap().market;
            let (own, other) = (whole.before(2).unwrap(), market.before(2).unwrap());
            assert_eq!(own.benchmark_holdings(), other.benchmark_holdings());
            let names = |past: &walkfolio_core::Past<'_>| {
                let own = past.constituents().unwrap();
                ([0, 1].map(|row| own.price(row, 0)), own.signal("market_cap", 0).unwrap())
            };
            assert_eq!(names(&own), names(&other));
            let attacked = |role| only.is_none_or(|only| only == role);
            let differ = whole.benchmark_holdings() != market.benchmark_holdings();
            assert_eq!(differ, attacked(Role::Holdings), "{later:?} {only:?}");
            let (own, other) = (whole.constituents().unwrap(), market.constituents().unwrap());
            assert_eq!(own.signals() != other.signals(), attacked(Role::Capitalizations));
            // The session of the decision.
            let price = |names: &walkfolio_core::Market| names.prices().value(2, 0);
            assert_eq!(price(own) != price(other), attacked(Role::Constituents));
        }
    }
}
