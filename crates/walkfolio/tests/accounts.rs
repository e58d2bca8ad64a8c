//! Many accounts of one decision: each as if it were alone.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use common::study;
use walkfolio::orders::{LotMethod, TradeRules};
use walkfolio::prelude::*;
use walkfolio::record::{AccountDone, AccountStatus};
use walkfolio::{
    AccountBook, AccountHoldings, AccountInput, Ask, Error, Live, Loaded, Observer, Study, Terms,
    decide_accounts,
};

const NAMES: [&str; 11] =
    ["AIQ", "SMH", "XLB", "XLE", "XLF", "XLI", "XLK", "XLP", "XLU", "XLV", "XLY"];
/// What trading costs, and how much is traded.
const COSTS: &[&str] = &["allocate.trading_costs=1.0", "allocate.turnover=0.8"];

/// A number from 0 to below 1 that only depends on two others.
fn chance(a: usize, b: usize) -> f64 {
    let mixed =
        (a as u64 * 7_919 + b as u64 * 104_729 + 12_345).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// Accounts of all kinds: cash, few and many positions, exclusions, bounds and a turnover.
fn files(accounts: usize) -> (Vec<String>, Vec<String>) {
    let (mut own, mut held) = (Vec::new(), Vec::new());
    for at in 0..accounts {
        let exclude = if at % 5 == 3 { NAMES[at % 11] } else { "" };
        let turnover = if at % 4 == 1 { "0.4" } else { "" };
        own.push(format!("A{at:05},{:.2},{exclude},{turnover}\n", 20_000.0 * chance(at, 99)));
        for (place, name) in NAMES.iter().enumerate().filter(|(place, _)| chance(at, *place) < 0.5)
        {
            let shares = (300.0 * chance(at, 50 + place)).floor();
            let max = if at % 6 == 2 && place == 4 { "0.15" } else { "" };
            held.push(format!("A{at:05},{name},{shares},,{max}\n"));
        }
    }
    (own, held)
}

fn book(place: &Path, (own, held): &(Vec<String>, Vec<String>)) -> AccountBook {
    let (a, b) = (place.join("accounts.csv"), place.join("positions.csv"));
    std::fs::write(&a, format!("account,cash,exclude,max_turnover\n{}", own.concat())).unwrap();
    std::fs::write(&b, format!("account,ticker,shares,min,max\n{}", held.concat())).unwrap();
    AccountBook::read(&a, &b).unwrap()
}

fn terms() -> Terms {
    let rules = TradeRules { nodes: 1_000, ..TradeRules::whole(0.0) };
    let method = LotMethod::HighestCost;
    Terms { rules, band_risk: None, method, rates: None, quotes: Vec::new() }
}

fn market(overrides: &[&str]) -> (Study, Loaded) {
    let study = study("mtum-all-eleven.toml", overrides);
    let loaded = study.market(None).unwrap();
    (study, loaded)
}

fn live<'a>(study: &Study, loaded: &'a Loaded) -> Live<'a> {
    study.live(loaded, Ask { on: "2025-06-02".parse().ok(), ..Ask::default() }).unwrap()
}

/// All results, without files.
fn all(live: &Live<'_>, book: &AccountBook) -> Vec<AccountDone> {
    let mut found = Vec::new();
    live.accounts((book, &terms()), 0, &Silent, |done| {
        found.extend(done);
        Ok(())
    })
    .unwrap();
    found
}

#[test]
fn an_account_of_many_has_the_orders_of_the_account_alone() {
    let place = tempfile::tempdir().unwrap();
    let mut all_files = files(40);
    // What an account of its own cannot say is left out.
    all_files.0.iter_mut().for_each(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        *line = format!("{},{},,\n", cells[0], cells[1]);
    });
    all_files.1.iter_mut().for_each(|line| *line = line.replace(",0.15\n", ",\n"));
    let book = book(place.path(), &all_files);
    for overrides in [&[][..], COSTS] {
        let (study, loaded) = market(overrides);
        let live = live(&study, &loaded);
        for (at, done) in all(&live, &book).into_iter().enumerate() {
            let mut text = "ticker,shares\n".to_owned();
            for line in all_files.1.iter().filter(|line| line.starts_with(&done.row.account)) {
                let cells: Vec<&str> = line.split(',').collect();
                let _ = writeln!(text, "{},{}", cells[1], cells[2]);
            }
            let cash = book.entries[at].cash.unwrap();
            let _ = writeln!(text, "CASH,{cash}");
            let file = place.path().join("one.csv");
            std::fs::write(&file, text).unwrap();
            let holdings = AccountHoldings::read(&file).unwrap();
            let input =
                AccountInput { holdings, cash: None, value: None, quotes: Vec::new(), tax: None };
            let alone = live.trade(&input, (&terms().rules, None), &Silent).unwrap().record;
            let account = alone.account.as_ref().unwrap();
            assert_eq!(done.orders, account.orders, "{} {overrides:?}", done.row.account);
            let figures = done.row.figures.unwrap();
            assert_eq!((figures.cash_after, figures.cost), (account.cash_after, account.cost));
            let objective = (figures.objective.unwrap(), alone.solve.objective.unwrap());
            assert!(
                (objective.0 - objective.1).abs() <= 1e-12 * objective.1.abs(),
                "{objective:?}"
            );
        }
    }
}

#[test]
fn limits_of_an_account_hold() {
    let place = tempfile::tempdir().unwrap();
    let all_files = files(60);
    let book = book(place.path(), &all_files);
    let (study, loaded) = market(&["allocate.trading_costs=0.1"]);
    let live = live(&study, &loaded);
    let mut limited = 0;
    for (at, done) in all(&live, &book).into_iter().enumerate() {
        let entry = &book.entries[at];
        let Some(figures) = done.row.figures else {
            let reason = done.row.reason.unwrap();
            assert!(reason.contains("max_turnover of the account 0.4"), "{reason}");
            continue;
        };
        assert!(figures.cash_after >= 0.0);
        // Whole shares may trade a little more or less than the target does.
        if let Some(most) = entry.max_turnover
            && figures.cash_before < 0.999 * figures.equity
        {
            let cash = figures.cash_before / figures.equity;
            assert!(figures.turnover < most + 0.5 * cash + 0.02, "{entry:?} {figures:?}");
            limited += 1;
        }
        for name in &entry.exclude {
            assert!(done.orders.iter().all(|order| order.asset != *name || order.side == "sell"));
            let held = book.holdings(at).positions.into_iter().find(|own| own.ticker == *name);
            let sold = done.orders.iter().find(|order| order.asset == *name);
            assert_eq!(held.map(|_| true), sold.map(|_| true), "{entry:?}");
            limited += 1;
        }
    }
    assert!(limited > 15, "{limited}");
}

/// All in one asset of which 30 % may be held: 70 % must be traded, whichever asset it is, and no more than 72 % is.
#[test]
fn the_turnover_of_an_account_counts_each_holding_once() {
    let place = tempfile::tempdir().unwrap();
    let (study, loaded) = market(&[]);
    let live = live(&study, &loaded);
    let names = live.market().universe().tickers();
    let own = (0..names.len()).map(|at| format!("A{at:02},0,,0.72\n")).collect();
    let held = names.iter().enumerate().map(|(at, name)| format!("A{at:02},{name},9000,,\n"));
    let book = book(place.path(), &(own, held.collect()));
    for done in all(&live, &book) {
        let figures = done.row.figures.unwrap_or_else(|| panic!("{:?}", done.row.reason));
        assert!((0.69..0.73).contains(&figures.turnover), "{}", figures.turnover);
    }
}

#[test]
fn neither_the_order_of_accounts_nor_threads_nor_other_accounts_change_a_bit() {
    let place = tempfile::tempdir().unwrap();
    let (study, loaded) = market(COSTS);
    let live = live(&study, &loaded);
    let tables = |name: &str, files: &(Vec<String>, Vec<String>), threads: usize| {
        let book = book(place.path(), files);
        let out = place.path().join(name);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| decide_accounts(&live, (&book, &terms()), &out, &Silent)).unwrap();
        ["accounts.parquet", "orders.parquet"].map(|file| std::fs::read(out.join(file)).unwrap())
    };
    let sorted = files(300);
    let mut mixed = sorted.clone();
    mixed.0.sort_by_key(|line| line.bytes().rev().collect::<Vec<u8>>());
    mixed.1.sort_by_key(|line| line.bytes().rev().collect::<Vec<u8>>());
    assert_ne!(sorted.0, mixed.0);
    let first = tables("one", &sorted, 1);
    assert_eq!(first, tables("three", &sorted, 3));
    // The positions of an account may come in any order, too.
    assert_eq!(first, tables("mixed", &mixed, 2));
    let of_all = all(&live, &book(place.path(), &sorted));
    let few = (sorted.0[120..140].to_vec(), sorted.1.clone());
    let of_few = all(&live, &book(place.path(), &few));
    assert_eq!(of_few[..], of_all[120..140]);
}

/// Ends the work once so many accounts are done.
struct Until(usize, AtomicUsize);

impl Observer for Until {
    fn decided(&self) {
        self.1.fetch_add(1, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.1.load(Ordering::Relaxed) >= self.0
    }
}

#[test]
fn what_is_interrupted_goes_on_to_the_same_bytes() {
    let place = tempfile::tempdir().unwrap();
    let (study, loaded) = market(&[]);
    let live = live(&study, &loaded);
    let book = book(place.path(), &files(900));
    let read = |out: PathBuf| {
        ["accounts.json", "accounts.parquet", "orders.parquet"]
            .map(|file| std::fs::read(out.join(file)).unwrap())
    };
    let whole = place.path().join("whole");
    decide_accounts(&live, (&book, &terms()), &whole, &Silent).unwrap();
    let out = place.path().join("out");
    for stop in [300, 600] {
        let until = Until(stop, AtomicUsize::new(0));
        let stopped = decide_accounts(&live, (&book, &terms()), &out, &until).unwrap_err();
        assert!(stopped.to_string().contains("stopped"), "{stopped}");
        assert!(!out.exists());
    }
    let counted = Until(usize::MAX, AtomicUsize::new(0));
    decide_accounts(&live, (&book, &terms()), &out, &counted).unwrap();
    assert_eq!(read(out.clone()), read(whole));
    assert_eq!(counted.1.load(Ordering::Relaxed), 900);
    assert!(!place.path().join(".out.parts").exists());
}

#[test]
fn an_account_that_fails_says_why_and_the_others_go_on() {
    let place = tempfile::tempdir().unwrap();
    let own =
        ["A,1000,SPY,", "B,many,,", "C,-90000,,", "D,5000,,", "E,5000,,", "F,5000,XLE,", "G,0,,"];
    let own = own.map(|line| format!("{line}\n")).to_vec();
    let held = [
        "C,XLE,100,,",
        "D,XLE,,0.3,0.2",
        "E,XLE,,0.9,",
        "F,XLE,,0.1,",
        "G,XLE,10,,",
        "G,SPY,5,,",
        "Z,XLE,4,,",
    ];
    let held = held.map(|line| format!("{line}\n")).to_vec();
    let book = book(place.path(), &(own, held));
    let (study, loaded) = market(&[]);
    let done = all(&live(&study, &loaded), &book);
    let reason = |at: usize| {
        let row = &done[at].row;
        assert_eq!((row.status, row.figures), (AccountStatus::Failed, None), "{row:?}");
        assert!(row.hint.as_ref().is_some_and(|hint| !hint.is_empty()), "{row:?}");
        row.reason.clone().unwrap()
    };
    assert_eq!(reason(0), "SPY of exclude (line 2 of the accounts) is none of the study's assets");
    assert!(reason(1).ends_with("line 3, column cash, has \"many\": it must be a number"));
    assert!(reason(2).starts_with("the account is worth -"), "{}", reason(2));
    assert_eq!(
        reason(3),
        "XLE must be at least 0.3 and at most 0.2 of the account (line 3 of the positions)"
    );
    assert!(
        reason(4).starts_with("the account holds at least 0.9 of XLE, the study from 0 to 0.3: "),
        "{}",
        reason(4)
    );
    assert!(reason(5).starts_with("XLE must be at least 0.1 and at most 0"), "{}", reason(5));
    let last = &done[6].row;
    assert_eq!(last.status, AccountStatus::Trades);
    let told = last.notes.as_ref().unwrap();
    assert!(told.contains("no assets of the study, left alone and not counted: SPY"), "{told}");
    assert!(book.notes[0].message.contains("1 lines of positions.csv"), "{:?}", book.notes);
}

#[test]
fn gains_of_an_account_are_limited() {
    let place = tempfile::tempdir().unwrap();
    let (a, b) = (place.path().join("a.csv"), place.path().join("b.csv"));
    std::fs::write(&a, "account,cash,max_gains\nA,0,\nB,0,500\nC,0,500\n").unwrap();
    let lots =
        |name: &str| format!("{name},XLE,400,4000,2015-05-01\n{name},XLF,900,9000,2016-05-01\n");
    let text =
        format!("account,ticker,shares,cost_basis,date\n{}{}C,XLE,10,,\n", lots("A"), lots("B"));
    std::fs::write(&b, text).unwrap();
    let book = AccountBook::read(&a, &b).unwrap();
    let (study, loaded) = market(&[]);
    let done = all(&live(&study, &loaded), &book);
    let gains = |at: usize| done[at].row.figures.unwrap().realized_gains.unwrap();
    assert!(gains(0) > 5_000.0, "{}", gains(0));
    assert!(gains(1) <= 500.0 && gains(1) > 0.0, "{}", gains(1));
    let objective = |at: usize| done[at].row.figures.unwrap().objective.unwrap();
    assert!(objective(1) > objective(0));
    let reason = done[2].row.reason.as_ref().unwrap();
    assert_eq!(reason, "max_gains is 500, and no position of the account has a lot");
}

#[test]
fn a_book_that_cannot_be_read_is_an_error() {
    let place = tempfile::tempdir().unwrap();
    let (a, b) = (place.path().join("a.csv"), place.path().join("b.csv"));
    std::fs::write(&a, "account,cash\nA,1\nA,2\n").unwrap();
    std::fs::write(&b, "account,ticker,shares\n").unwrap();
    let error = Error::from(AccountBook::read(&a, &b).unwrap_err());
    assert!(error.to_string().contains("each account has one line"), "{error}");
    assert!(error.hint().is_some());
}
