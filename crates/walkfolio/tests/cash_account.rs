//! Studies with `[account]`: their decisions carried out in shares and cash.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fmt::Write;
use std::path::Path;

use common::study;
use walkfolio::record::{AccountDayRow, AccountRun};
use walkfolio::{Loaded, Run, Silent, Study, verify_folder};

const STUDY: &str = "mtum-all-eleven.toml";
const UNTIL: &str = "walk_forward.last=2020-03-31";
/// Everything that costs.
const FULL: &str = "account={ capital = 250000, cash_rate = '1%', borrow_rate = '4%', minimum_commission = 1.0, per_share = 0.005, \
    min_trade = 200, bands = 0.002, initial_margin = 0.5, maintenance_margin = 0.25 }";

fn run(set: &[&str]) -> (Study, Loaded, Run) {
    let study = study(STUDY, set);
    let loaded = study.market(None).unwrap();
    let run = study.run(&loaded, &Silent).unwrap();
    (study, loaded, run)
}

fn account(run: &Run) -> &AccountRun {
    run.account.as_ref().unwrap()
}

#[test]
fn no_other_number_moves() {
    let (_, _, without) = run(&[UNTIL]);
    let (_, _, with) = run(&[UNTIL, FULL]);
    assert_eq!(with.decisions, without.decisions);
    assert_eq!(with.returns, without.returns);
    assert_eq!(with.measures, without.measures);
    assert_eq!(with.without_costs, without.without_costs);
    assert_eq!(with.risk, without.risk);
    // The ledger has the same rows, and those of the account after them.
    assert_eq!(with.ledger[..without.ledger.len()], without.ledger[..]);
    let more = &with.ledger[without.ledger.len()..];
    assert!(!more.is_empty() && more.iter().all(|row| row.message.starts_with("account: ")));
    assert!(without.account.is_none());
}

#[test]
fn cash_is_conserved_session_by_session() {
    let (_, _, run) = run(&[UNTIL, FULL]);
    let mut before = 250_000.0;
    for row in &account(&run).days {
        let change = row.dividends + row.proceeds + row.financing + row.flows
            - row.bought
            - row.costs
            - row.commissions;
        assert!((before + change - row.cash).abs() < 1e-9 * 250_000.0, "{row:?}");
        assert!((row.cash + row.long - row.short - row.value).abs() < 1e-9 * 250_000.0);
        before = row.cash;
    }
    let paid: f64 = account(&run).days.iter().map(|row| row.commissions).sum();
    assert!(paid > 0.0 && account(&run).orders.iter().all(|order| order.shares.fract() == 0.0));
}

/// Whole shares of a larger account come nearer to the backtest of weights; so does its report.
#[test]
fn larger_accounts_agree_with_the_backtest_of_weights() {
    let apart = |capital: &str| {
        let set = format!("account={{ capital = {capital} }}");
        let (_, _, run) = run(&[UNTIL, "costs.per_side_bps=0", &set]);
        let found = walkfolio::Findings::of(&run);
        found.account.unwrap().apart_annual.unwrap()
    };
    let found = ["1e4", "1e6", "1e8", "1e10"].map(apart);
    assert!(found.windows(2).all(|pair| pair[1] < 0.1 * pair[0]), "{found:?}");
    assert!(found[3] < 1e-8, "{found:?}");
}

/// Fractions without financing are the weights, to rounding; with costs they differ by the square of a trade's cost.
#[test]
fn fractions_are_the_backtest_of_weights() {
    let set = "account={ capital = 1000, whole_shares = false }";
    for (bps, most) in [("costs.per_side_bps=0", 1e-11), ("costs.per_side_bps=25", 1e-5)] {
        let (_, _, run) = run(&[UNTIL, bps, set]);
        let growth = |rows: &mut dyn Iterator<Item = f64>| rows.map(|r| 1.0 + r).product::<f64>();
        let own = growth(&mut account(&run).days.iter().filter_map(|row| row.net));
        let weights = growth(&mut run.returns.iter().map(|row| row.portfolio));
        assert!((own / weights - 1.0).abs() < most, "{bps}: {own} {weights}");
    }
}

#[test]
fn a_session_of_an_account_does_not_know_what_comes_after() {
    let (_, _, long) = run(&["walk_forward.last=2020-06-30", FULL]);
    let (_, _, short) = run(&[UNTIL, FULL]);
    // At the last close the longer run trades for the decision of the session after it.
    let days = &account(&short).days[..account(&short).days.len() - 1];
    assert_eq!(account(&long).days[..days.len()], days[..]);
    let orders = &account(&short).orders;
    assert!(!orders.is_empty());
    assert_eq!(account(&long).orders[..orders.len()], orders[..]);
}

/// One change of a table of the account: its file and column.
type Edit = (&'static str, &'static str, fn(&mut AccountRun));

#[test]
fn a_tampered_account_is_found() {
    let (study, loaded, honest) = run(&[UNTIL, FULL]);
    assert_eq!(study.verify(&honest, &loaded, &Silent).unwrap().faults, []);
    let edits: [Edit; 8] = [
        ("account.parquet", "value", |own| own.days[3].value += 1e-9),
        ("account.parquet", "cash", |own| own.days[5].cash -= 1e-6),
        ("account.parquet", "financing", |own| own.days[7].financing = 0.5),
        ("account.parquet", "commissions", |own| own.days[0].commissions += 0.01),
        ("account.parquet", "return", |own| own.days[9].net = None),
        ("account_orders.parquet", "shares", |own| own.orders[2].shares += 1.0),
        ("account_orders.parquet", "price", |own| drop(own.orders.remove(1))),
        ("measures.json", "account.full", |own| {
            let swapped = own
                .measures
                .full
                .iter()
                .map(|(key, value)| (key.to_owned(), value.map(|v| 2.0 * v)));
            own.measures.full = swapped.collect();
        }),
    ];
    for (file, column, change) in edits {
        let mut run = honest.clone();
        change(run.account.as_mut().unwrap());
        let found = study.verify(&run, &loaded, &Silent).unwrap().faults;
        let is = |fault: &walkfolio::Fault| fault.file == file && fault.column.starts_with(column);
        assert!(found.iter().any(is), "{file} {column}: {found:?}");
    }
    let mut run = honest;
    run.account = None;
    let found = study.verify(&run, &loaded, &Silent).unwrap().faults;
    assert!(found.iter().any(|fault| fault.file == "account.parquet"), "{found:?}");
}

#[test]
fn a_folder_holds_the_account_and_every_byte_of_it_is_verified() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("run");
    let set = ["walk_forward.last=2019-12-31", FULL];
    let study = study(STUDY, &set);
    study.run_to(&folder).unwrap();
    let read = walkfolio::read_run(&folder).unwrap();
    let (_, _, fresh) = run(&set);
    assert_eq!(read.account, fresh.account);
    assert_eq!(verify_folder(&folder, None, &Silent).unwrap().faults, []);
    for name in ["account.parquet", "account_orders.parquet"] {
        let whole = std::fs::read(folder.join(name)).unwrap();
        std::fs::write(folder.join(name), [&whole[..], b" "].concat()).unwrap();
        let faults = verify_folder(&folder, None, &Silent).unwrap().faults;
        assert!(faults.iter().any(|fault| fault.file == name), "{name}: {faults:?}");
        std::fs::write(folder.join(name), whole).unwrap();
    }
}

#[test]
fn a_grid_carries_out_each_cell() {
    let set =
        ["walk_forward.last=2019-12-31", FULL, "grid={ 'account.capital' = [20000, 2000000] }"];
    let study = study(STUDY, &set);
    let loaded = study.market(None).unwrap();
    let grid = study.run_grid(&loaded, None, &Silent).unwrap();
    for (at, cell) in grid.cells.iter().enumerate() {
        let run = study.cell(at + 1).unwrap().run(&loaded, &Silent).unwrap();
        assert_eq!(cell.account.as_ref(), Some(&account(&run).measures));
        assert_eq!(
            cell.measure("account.volatility"),
            account(&run).measures.full.get("volatility")
        );
    }
    assert_ne!(grid.cells[0].account, grid.cells[1].account);
    assert!(grid.measure_keys().contains(&"account.max_drawdown".to_owned()));
}

/// A file of a folder.
fn file(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// Two assets, 40 sessions of January to March 2024 and a benchmark; A pays 1 on the 20th session and is split two for one on the
/// 30th. Adjusted closes and opens are made here, as a vendor makes them.
fn files(folder: &Path) {
    let (mut closes, mut adjusted) = ("date,A,B\n".to_owned(), "date,A,B\n".to_owned());
    let mut opens = closes.clone();
    let mut date = jiff::civil::date(2024, 1, 1);
    let (mut total, mut before) = (50.0, 100.0);
    let mut events = "date,ticker,dividend,split\n".to_owned();
    for row in 0..40_u32 {
        let drift = 1.0 + 0.002 * f64::from(row % 7) - 0.005;
        let (dividend, split) = match row {
            20 => (1.0, 1.0),
            30 => (0.0, 2.0),
            _ => (0.0, 1.0),
        };
        let close = if row == 0 { 100.0 } else { (before * drift - dividend) / split };
        if row > 0 {
            total *= (close * split + dividend) / before;
        }
        if dividend > 0.0 || split > 1.0 {
            writeln!(events, "{date},A,{dividend},{split}").unwrap();
        }
        let other = 20.0 + 0.1 * f64::from(row % 5);
        writeln!(closes, "{date},{close},{other}").unwrap();
        writeln!(opens, "{date},{},{}", 1.01 * total, 0.99 * other).unwrap();
        writeln!(adjusted, "{date},{total},{other}").unwrap();
        before = close;
        date = date.checked_add(jiff::Span::new().days(if row % 5 == 4 { 3 } else { 1 })).unwrap();
    }
    file(folder, "adjusted.csv", &adjusted);
    file(folder, "close.csv", &closes);
    file(folder, "open.csv", &opens);
    file(folder, "events.csv", &events);
    file(folder, "flows.csv", "date,amount\n2024-02-05,-2000\n2024-02-10,500\n");
    let text = "name = 'files'\nmarket = { assets = ['A', 'B'], files = { prices = 'adjusted.csv' } }\n\
        walk_forward = { every = '10d', execution_lag = 1 }\n\
        allocate = { objective = { kind = 'equal_weight' }, bounds = { min = 0.0, max = 1.0 } }\n";
    file(folder, "study.toml", text);
}

fn of_files(folder: &Path, account: &str) -> Run {
    let study = Study::load(&folder.join("study.toml"), &[format!("account={account}")]).unwrap();
    let loaded = study.market(None).unwrap();
    study.run(&loaded, &Silent).unwrap()
}

#[test]
fn unadjusted_closes_with_events_have_the_return_of_adjusted_ones() {
    let place = tempfile::tempdir().unwrap();
    files(place.path());
    let folder = place.path();
    let adjusted = of_files(folder, "{ capital = 1e6, whole_shares = false }");
    let raw = "{ capital = 1e6, whole_shares = false, prices = 'unadjusted', closes = 'close.csv', events = 'events.csv' }";
    let unadjusted = of_files(folder, raw);
    let days = |run: &Run| -> Vec<AccountDayRow> { account(run).days.clone() };
    let (one, other) = (days(&adjusted), days(&unadjusted));
    let paid: f64 = other.iter().map(|row| row.dividends).sum();
    assert!(paid > 1_000.0, "{paid}");
    // The dividend waits in cash until the next trade: half a percent of the account for some sessions.
    for (a, b) in one.iter().zip(&other) {
        assert!((a.value / b.value - 1.0).abs() < 2e-4, "{} {}", a.value, b.value);
    }
    let until = other.iter().position(|row| row.dividends > 0.0).unwrap();
    for (a, b) in one.iter().zip(&other).take(until + 1) {
        assert!((a.value / b.value - 1.0).abs() < 1e-12);
    }
    // The split doubles the shares and moves nothing.
    assert!(account(&unadjusted).days.iter().all(|row| row.proceeds == 0.0));
    // Without the file of events the two closes tell the dividend, and a split is refused.
    let silent = "{ capital = 1e6, prices = 'unadjusted', closes = 'close.csv' }";
    let study = Study::load(&folder.join("study.toml"), &[format!("account={silent}")]).unwrap();
    let error = study.market(None).unwrap_err();
    assert!(error.to_string().contains("no dividend explains it"), "{error}");
}

#[test]
fn flows_and_opens_are_read_from_files() {
    let place = tempfile::tempdir().unwrap();
    files(place.path());
    let folder = place.path();
    let run = of_files(
        folder,
        "{ capital = 10000, execution = 'open', opens = 'open.csv', flows = 'flows.csv' }",
    );
    let orders = &account(&run).orders;
    let open = |text: &str, asset: usize, date: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(date)).unwrap();
        line.split(',').nth(1 + asset).unwrap().parse().unwrap()
    };
    let opens = std::fs::read_to_string(folder.join("open.csv")).unwrap();
    for order in orders.iter().filter(|order| order.reason == "rebalance") {
        let asset = usize::from(order.asset == "B");
        assert_eq!(order.price, open(&opens, asset, &order.date.to_string()));
    }
    assert!(orders.iter().any(|order| order.reason == "withdrawal"));
    let flows: Vec<(String, f64)> = account(&run)
        .days
        .iter()
        .filter(|row| row.flows != 0.0)
        .map(|row| (row.date.to_string(), row.flows))
        .collect();
    // 10 February 2024 is a Saturday.
    assert_eq!(flows, [("2024-02-05".to_owned(), -2_000.0), ("2024-02-12".to_owned(), 500.0)]);
    assert_eq!(
        run.manifest.sources.iter().map(|own| own.role.as_str()).collect::<Vec<_>>(),
        ["prices", "open", "flows"]
    );
    let found = walkfolio::Findings::of(&run).account.unwrap();
    assert_eq!((found.money.contributed, found.money.withdrawn), (500.0, -2_000.0));
    let audited =
        "account={ capital = 10000, execution = 'open', opens = 'open.csv', flows = 'flows.csv' }";
    let study = Study::load(&folder.join("study.toml"), &[audited.to_owned()]).unwrap();
    let loaded = study.market(None).unwrap();
    assert_eq!(study.audit(&loaded, &Silent).unwrap().leak, None);
    assert!(found.money_weighted_annual.is_some());
}

/// Bars of A and B with a volume-weighted average price that is 1 % above and 1 % below the close.
fn bars(folder: &Path) {
    let closes = std::fs::read_to_string(folder.join("adjusted.csv")).unwrap();
    let mut bars = "date,ticker,close,vwap,volume\n".to_owned();
    for line in closes.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let price = |at: usize| cells[at].parse::<f64>().unwrap();
        writeln!(bars, "{},A,{},{},500", cells[0], price(1), 1.01 * price(1)).unwrap();
        writeln!(bars, "{},B,{},{},900", cells[0], price(2), 0.99 * price(2)).unwrap();
    }
    file(folder, "bars.csv", &bars);
}

#[test]
fn trades_are_made_at_the_average_price_of_the_next_session() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    files(folder);
    bars(folder);
    let text = std::fs::read_to_string(folder.join("study.toml")).unwrap();
    file(folder, "study.toml", &text.replace("adjusted.csv", "bars.csv"));
    let run = of_files(folder, "{ capital = 10000, execution = 'vwap' }");
    let (days, orders) = (&account(&run).days, &account(&run).orders);
    let traded: Vec<_> = run.decisions.iter().map(|row| row.traded).collect();
    assert!(orders.len() > 4);
    for order in orders {
        // With a lag of 1 the session of the decision trades; its weights earn from the next one on.
        assert!(run.decisions.iter().any(|row| row.date == order.date), "{}", order.date);
        assert!(!traded.contains(&order.date) || order.date != traded[0]);
        let closes = std::fs::read_to_string(folder.join("adjusted.csv")).unwrap();
        let line = closes.lines().find(|line| line.starts_with(&order.date.to_string())).unwrap();
        let at = if order.asset == "A" { 1 } else { 2 };
        let close: f64 = line.split(',').nth(at).unwrap().parse().unwrap();
        let average = if at == 1 { 1.01 * close } else { 0.99 * close };
        assert!((order.price / average - 1.0).abs() < 1e-12, "{order:?}");
    }
    // What the first trade pays above the close of A, and saves on B, is in the value of its session.
    let first = days[0].date;
    let gained: f64 = orders
        .iter()
        .filter(|order| order.date == first)
        .map(|order| {
            order.shares
                * order.price
                * if order.asset == "A" { 1.0 / 1.01 - 1.0 } else { 1.0 / 0.99 - 1.0 }
        })
        .sum();
    assert!((days[0].value - 10_000.0 - gained).abs() < 1e-6, "{} {gained}", days[0].value);
    // A file of its own has the same.
    let mut alone = "date,ticker,close\n".to_owned();
    for line in std::fs::read_to_string(folder.join("bars.csv")).unwrap().lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        writeln!(alone, "{},{},{}", cells[0], cells[1], cells[3]).unwrap();
    }
    file(folder, "average.csv", &alone);
    let again = of_files(folder, "{ capital = 10000, execution = 'vwap', vwap = 'average.csv' }");
    assert_eq!(account(&again).orders.len(), orders.len());
    for (own, other) in orders.iter().zip(&account(&again).orders) {
        assert!((own.price / other.price - 1.0).abs() < 1e-12 && own.shares == other.shares);
    }
}

/// The error names the key, and comes before anything is decided: also of a snapshot, which has closes alone, and of a
/// market that was loaded in another way.
#[test]
fn prices_of_trades_that_are_missing_are_an_error_of_the_key() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    files(folder);
    let of = |account: &str| {
        let set = [format!("account={account}")];
        Study::load(&folder.join("study.toml"), &set).unwrap()
    };
    for (account, key, column) in [
        ("{ capital = 1e4, execution = 'vwap' }", "account.execution", "vwap"),
        ("{ capital = 1e4, execution = 'open' }", "account.execution", "open"),
    ] {
        let error = of(account).market(None).unwrap_err().to_string();
        assert!(
            error.contains(key) && error.contains(&format!("has no column {column} of A, B")),
            "{error}"
        );
    }
    let plain = of("{ capital = 1e4 }").market(None).unwrap();
    let other = Loaded { account: None, ..plain };
    for (account, key) in [
        ("{ capital = 1e4, execution = 'open', opens = 'open.csv' }", "account.execution"),
        ("{ capital = 1e4, prices = 'unadjusted', closes = 'close.csv' }", "account.prices"),
        ("{ capital = 1e4, flows = 'flows.csv' }", "account.flows"),
    ] {
        let error = of(account).run(&other, &Silent).unwrap_err().to_string();
        assert!(error.contains(key) && error.contains("was loaded without"), "{error}");
    }
}

/// Files of events and flows with a header alone: nothing happened.
#[test]
fn a_header_alone_is_no_event_and_no_flow() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    files(folder);
    file(folder, "events.csv", "date,ticker,dividend,split\n");
    file(folder, "flows.csv", "date,amount\n");
    // B alone, which has neither dividends nor splits.
    let text = std::fs::read_to_string(folder.join("study.toml")).unwrap();
    file(folder, "study.toml", &text.replace("['A', 'B']", "['B']"));
    let raw = "capital = 1e4, prices = 'unadjusted', closes = 'close.csv'";
    let with =
        of_files(folder, &format!("{{ {raw}, events = 'events.csv', flows = 'flows.csv' }}"));
    let without = of_files(folder, &format!("{{ {raw} }}"));
    assert_eq!(account(&with).days, account(&without).days);
    let record = with.manifest.sources.iter().find(|own| own.role == "events").unwrap();
    assert_eq!((record.rows, record.range()), (0, "no rows".to_owned()));
}

#[test]
fn what_cannot_be_is_said_with_the_key() {
    let of = |account: &str, more: &[&str]| {
        let mut set: Vec<String> = more.iter().map(ToString::to_string).collect();
        set.push(format!("account={account}"));
        let path = common::repository().join("studies").join("minimum-variance.toml");
        let error = Study::load(&path, &set).unwrap_err();
        error
            .faults
            .iter()
            .map(|fault| {
                format!(
                    "{}: {} ({})",
                    fault.path,
                    fault.message,
                    fault.hint.clone().unwrap_or_default()
                )
            })
            .collect::<Vec<_>>()
            .join("\n")
    };
    let all = [
        of("{ capital = 0 }", &[]),
        of("{ capital = 1e6, cash_rate = '2' }", &[]),
        of("{ capital = 1e6, borrow_rate = 'risk_free + x%' }", &[]),
        of("{ capital = 1e6, initial_margin = 0.5 }", &[]),
        of("{ capital = 1e6, initial_margin = 0.2, maintenance_margin = 0.3 }", &[]),
        of("{ capital = 1e6, execution = 'open' }", &[]),
        of("{ capital = 1e6, closes = 'close.csv' }", &[]),
        of("{ capital = 1e6, opens = 'open.csv' }", &[]),
        of("{ capital = 1e6, bands = 2 }", &[]),
        of("{ capital = 1e6, bands = { XYZ = 0.01 } }", &[]),
        of("{ capital = 1e6 }", &["walk_forward.drift='constant_weights'"]),
        of("{ capital = 1e6, min_trade = -1, per_share = -1 }", &[]),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn the_audit_covers_the_account() {
    let (study, loaded, _) = run(&["walk_forward.last=2019-12-31", FULL]);
    let audit = study.audit(&loaded, &Silent).unwrap();
    assert!(audit.complete && audit.decisions > 0);
    assert_eq!(audit.leak, None);
}
