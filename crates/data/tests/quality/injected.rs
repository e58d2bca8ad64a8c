//! One fault at a random place of sound prices: it is found, and nothing else is accused.
//!
//! Places come from a seeded generator, not from proptest: what is claimed is a rate.

use std::fmt::Write;
use std::ops::Range;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use walkfolio_core::{Date, Ticker, calendar};
use walkfolio_data::quality::{Kind, Panel, Severity, inspect};
use walkfolio_data::{read_prices, read_request};

use crate::common::{Folder, data, request, ticker};

const TRIALS: usize = 60;
const ROWS: usize = 1000;

/// A source of random places.
struct Places(ChaCha8Rng);

impl Places {
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.0.next_u64() % n as u64).unwrap()
    }

    fn between(&mut self, range: Range<usize>) -> usize {
        range.start + self.below(range.end - range.start)
    }
}

/// A stretch of the replica's or the long-short study's prices.
fn stretch(places: &mut Places, files: &[Panel; 2]) -> Panel {
    let whole = &files[places.below(2)];
    let first = places.below(whole.dates.len() - ROWS);
    let rows = first..first + ROWS;
    let mut panel = whole.clone();
    panel.dates = panel.dates[rows.clone()].to_vec();
    for column in &mut panel.columns {
        column.prices = column.prices[rows.clone()].to_vec();
    }
    panel.columns.retain(|column| column.prices.iter().all(Option::is_some));
    panel
}

/// What a fault was put into: an asset, or the file.
type Victim = Option<Ticker>;

/// Puts a fault into prices and says where: rows of an asset, or dates of the file.
type Fault = fn(&mut Panel, &mut Places) -> (Victim, Range<usize>);

/// Counts how often a fault is missed, and fails if another asset is accused.
fn misses(kind: Kind, fault: Fault) -> Option<usize> {
    let read = |file: &str| data(file).map(|path| read_prices(&path).unwrap());
    let files = [read("mtum/prices.csv")?, read("global_etf/prices.csv")?];
    let mut places = Places(ChaCha8Rng::seed_from_u64(7));
    let mut missed = 0;
    for _ in 0..TRIALS {
        let mut panel = stretch(&mut places, &files);
        let sound = panel.dates.clone();
        let (victim, rows) = fault(&mut panel, &mut places);
        let span = (sound[rows.start], sound[rows.end - 1]);
        missed += usize::from(!found(&panel, kind, &victim, span));
    }
    Some(missed)
}

fn found(panel: &Panel, kind: Kind, victim: &Victim, span: (Date, Date)) -> bool {
    let report = inspect(panel);
    for finding in report.findings.iter().filter(|finding| finding.severity > Severity::Note) {
        assert!(
            finding.asset.is_none() || finding.asset == *victim,
            "{kind:?} in {victim:?} {span:?}, and then {}",
            finding.message
        );
    }
    report.findings.iter().any(|finding| {
        finding.kind == kind
            && finding.asset == *victim
            && finding.first <= span.1
            && finding.last >= span.0
    })
}

/// A fault of one asset, on rows of its own.
fn asset(
    panel: &mut Panel,
    places: &mut Places,
    rows: usize,
    change: impl Fn(&mut [Option<f64>], Range<usize>),
) -> (Victim, Range<usize>) {
    let column = places.below(panel.columns.len());
    let first = places.between(10..ROWS - 10 - rows);
    let column = &mut panel.columns[column];
    change(&mut column.prices, first..first + rows);
    (Some(column.ticker.clone()), first..first + rows)
}

fn scale(prices: &mut [Option<f64>], by: f64) {
    for price in prices {
        *price = price.map(|price| price * by);
    }
}

fn at_most(missed: Option<usize>, percent: usize) {
    let Some(missed) = missed else { return };
    assert!(100 * missed <= percent * TRIALS, "{missed} of {TRIALS} are missed");
}

#[test]
fn rows_in_pence_are_always_found() {
    let fault: Fault = |panel, places| {
        let rows = places.between(1..30);
        asset(panel, places, rows, |prices, rows| scale(&mut prices[rows], 100.0))
    };
    at_most(misses(Kind::UnitError, fault), 0);
}

#[test]
fn a_lasting_change_of_unit_is_always_found() {
    let fault: Fault = |panel, places| {
        asset(panel, places, 1, |prices, rows| scale(&mut prices[rows.start..], 0.01))
    };
    at_most(misses(Kind::UnitError, fault), 0);
}

/// A split is missed if its day moves by more than 4 %, or for a volatile asset.
#[test]
fn a_missed_split_is_found_in_nine_of_ten() {
    let fault: Fault = |panel, places| {
        let ratio = [2.0, 3.0, 4.0, 5.0, 10.0, 0.5, 0.1][places.below(7)];
        asset(panel, places, 1, move |prices, rows| scale(&mut prices[..rows.start], ratio))
    };
    at_most(misses(Kind::MissedSplit, fault), 10);
}

/// Three tenths of the price are a spike for all but the wildest weeks.
#[test]
fn a_spike_of_three_tenths_is_found_in_nine_of_ten() {
    let fault: Fault = |panel, places| {
        let rows = places.between(1..3);
        asset(panel, places, rows, |prices, rows| scale(&mut prices[rows], 1.3))
    };
    at_most(misses(Kind::Reversal, fault), 10);
}

#[test]
fn a_lasting_step_of_a_third_is_found() {
    let fault: Fault = |panel, places| {
        asset(panel, places, 1, |prices, rows| scale(&mut prices[rows.start..], 1.4))
    };
    at_most(misses(Kind::Jump, fault), 0);
}

/// A Treasury fund may stand still for so long.
#[test]
fn ten_equal_prices_are_found_in_nine_of_ten() {
    let fault: Fault = |panel, places| {
        asset(panel, places, 10, |prices, rows| {
            let last = prices[rows.start - 1];
            prices[rows].fill(last);
        })
    };
    at_most(misses(Kind::StalePrice, fault), 10);
}

#[test]
fn holes_are_always_found() {
    let fault: Fault = |panel, places| {
        let rows = places.between(1..6);
        asset(panel, places, rows, |prices, rows| prices[rows].fill(None))
    };
    at_most(misses(Kind::Gap, fault), 0);
}

#[test]
fn prices_that_are_none_are_always_found() {
    let fault: Fault = |panel, places| {
        let value = [0.0, -1.0, f64::INFINITY, f64::NAN][places.below(4)];
        asset(panel, places, 1, move |prices, rows| prices[rows].fill(Some(value)))
    };
    at_most(misses(Kind::BadPrice, fault), 0);
}

/// Gold, currencies and Treasury funds follow no one: those are the misses.
#[test]
fn an_asset_a_day_late_is_found_in_two_of_three() {
    let fault: Fault = |panel, places| {
        let column = places.below(panel.columns.len());
        let column = &mut panel.columns[column];
        column.prices.rotate_right(1);
        column.prices[0] = column.prices[1];
        (Some(column.ticker.clone()), 0..ROWS)
    };
    at_most(misses(Kind::Misaligned, fault), 34);
}

/// A fault of the file at one row.
fn file(
    panel: &mut Panel,
    places: &mut Places,
    change: impl Fn(&mut Panel, usize),
) -> (Victim, Range<usize>) {
    let row = places.between(10..ROWS - 10);
    change(panel, row);
    (None, row..row + 1)
}

fn move_row(panel: &mut Panel, from: usize, to: usize) {
    let date = panel.dates.remove(from);
    panel.dates.insert(to, date);
    for column in &mut panel.columns {
        let price = column.prices.remove(from);
        column.prices.insert(to, price);
    }
}

#[test]
fn faults_of_dates_are_always_found() {
    let duplicate: Fault = |panel, places| {
        file(panel, places, |panel, row| {
            panel.dates.insert(row, panel.dates[row]);
            for column in &mut panel.columns {
                column.prices.insert(row, column.prices[row]);
            }
        })
    };
    at_most(misses(Kind::DuplicateDate, duplicate), 0);
    let disorder: Fault = |panel, places| {
        let (victim, rows) = file(panel, places, |panel, row| move_row(panel, row, row - 1));
        (victim, rows.start - 1..rows.end)
    };
    at_most(misses(Kind::UnsortedDates, disorder), 0);
    let missing: Fault = |panel, places| {
        file(panel, places, |panel, row| {
            panel.dates.remove(row);
            for column in &mut panel.columns {
                column.prices.remove(row);
            }
        })
    };
    at_most(misses(Kind::MissingSession, missing), 0);
    let saturday: Fault = |panel, places| {
        let friday = |row: &usize| panel.dates[*row].weekday() == jiff::civil::Weekday::Friday;
        let fridays: Vec<usize> = (10..ROWS - 10).filter(friday).collect();
        let row = fridays[places.below(fridays.len())];
        let date = panel.dates[row].tomorrow().unwrap();
        panel.dates.insert(row + 1, date);
        for column in &mut panel.columns {
            column.prices.insert(row + 1, column.prices[row]);
        }
        (None, row..row + 2)
    };
    at_most(misses(Kind::ExtraSession, saturday), 0);
}

/// Dates of another time zone, from a random row on.
#[test]
fn dates_a_day_off_are_always_found() {
    let early: Fault = |panel, places| {
        let first = places.between(0..ROWS - 150);
        for date in &mut panel.dates[first..] {
            *date = date.yesterday().unwrap();
        }
        panel.dates.dedup();
        for column in &mut panel.columns {
            column.prices.truncate(panel.dates.len());
        }
        (None, first..ROWS)
    };
    at_most(misses(Kind::ShiftedDates, early), 0);
    let late: Fault = |panel, _| {
        for date in &mut panel.dates {
            *date = date.tomorrow().unwrap();
        }
        (None, 0..ROWS)
    };
    at_most(misses(Kind::ShiftedDates, late), 0);
}

#[test]
fn a_delisted_asset_without_volume_is_found() {
    let fault: Fault = |panel, places| {
        let column = places.below(panel.columns.len());
        let first = places.between(10..ROWS - 10);
        let column = &mut panel.columns[column];
        let mut volumes = vec![Some(1e6); ROWS];
        volumes[first..].fill(Some(0.0));
        column.volumes = Some(volumes);
        (Some(column.ticker.clone()), first..ROWS)
    };
    at_most(misses(Kind::ZeroVolume, fault), 0);
}

/// Prices that follow one market, a column each.
fn followers(columns: usize, rows: usize) -> Vec<Vec<f64>> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut uniform = || f64::from(random.next_u32()) / f64::from(u32::MAX) - 0.5;
    let mut prices = vec![vec![100.0]; columns];
    for _ in 1..rows {
        let market = 0.03 * uniform();
        for column in &mut prices {
            let last = column[column.len() - 1];
            column.push(last * (1.0 + market + 0.01 * uniform()));
        }
    }
    prices
}

/// Neither its dates nor its prices are wrong; only what it is set beside tells.
#[test]
fn a_benchmark_alone_a_day_late_is_found() {
    let sessions = calendar::sessions(Date::constant(2020, 1, 2), Date::constant(2021, 12, 31));
    let prices = followers(5, sessions.len());
    let table = |names: &str, columns: &[&[f64]], late: usize| {
        let mut text = format!("date,{names}\n");
        for (row, date) in sessions.iter().enumerate().skip(late) {
            let cells: Vec<String> =
                columns.iter().map(|column| column[row - late].to_string()).collect();
            writeln!(text, "{date},{}", cells.join(",")).unwrap();
        }
        text
    };
    let folder = Folder::new();
    let columns: Vec<&[f64]> = prices[..4].iter().map(Vec::as_slice).collect();
    let mut request =
        request(folder.file("p.csv", table("A,B,C,D", &columns, 0)), &["A", "B", "C", "D"]);
    request.benchmark = Some(ticker("M"));
    for (late, found) in [(0, vec![]), (1, vec![("M".to_owned(), Some(1.0))])] {
        request.benchmark_prices = Some(folder.file("m.csv", table("M", &[&prices[4]], late)));
        let report = inspect(&read_request(&request).unwrap());
        let shifted = report.findings.iter().filter(|finding| finding.kind == Kind::Misaligned);
        let shifted: Vec<_> = shifted
            .map(|finding| (finding.asset.as_ref().unwrap().to_string(), finding.value))
            .collect();
        assert_eq!(shifted, found, "{late} days late");
    }
}
