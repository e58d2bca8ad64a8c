//! A universe that changes: entries, exits, reuse, delistings, and an index of its members.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::collections::BTreeMap;
use std::fmt::Write;

use walkfolio::{Loaded, Run, Silent, Study};
use walkfolio_core::{Date, calendar};

const STUDY: &str = r#"
name = "members"

[market]
source = { kind = "csv" }
files  = { prices = "prices.csv", members = "members.csv" }
assets = ["*"]
benchmark = "INDEX"
index  = "equal_weight"
max_gap = 5

[walk_forward]
every = "month"

[allocate]
objective = { kind = "tracking_error", window = 20 }
bounds    = { min = 0.0, max = 0.9 }
"#;

/// BBB leaves the index in April and comes back in July; DDD is delisted after 14 June at half its
/// last close; EEE has no price in May and June; LATE lists in March. OUT is never a member.
const MEMBERS: &str = "ticker,start,end\n\
    AAA,2023-01-03,\nBBB,2023-01-03,2024-03-28\nBBB,2024-07-01,\nDDD,2023-01-03,\n\
    EEE,2023-01-03,\nLATE,2024-03-01,\n";

fn day(month: i8, day: i8) -> Date {
    Date::constant(2024, month, day)
}

fn listed(ticker: &str, date: Date) -> bool {
    match ticker {
        "DDD" => date <= day(6, 14),
        "EEE" => !(day(5, 1)..=day(6, 28)).contains(&date),
        "LATE" => date >= day(3, 1),
        _ => true,
    }
}

fn price(ticker: &str, row: usize) -> f64 {
    let seed = ticker.bytes().map(usize::from).sum::<usize>();
    let wave = (row * (seed % 13 + 3) + seed) % 17;
    50.0 + (seed % 40) as f64 + wave as f64 * 0.4
}

const TICKERS: [&str; 6] = ["AAA", "BBB", "DDD", "EEE", "LATE", "OUT"];

/// Writes the files and loads them.
fn market(study: &str) -> (tempfile::TempDir, Study, Loaded) {
    let folder = tempfile::tempdir().unwrap();
    let mut prices = "date,ticker,close,delisting_return\n".to_owned();
    for (row, date) in calendar::sessions(day(1, 2), day(12, 31)).iter().enumerate() {
        for ticker in TICKERS.iter().filter(|ticker| listed(ticker, *date)) {
            let end = if (*ticker, *date) == ("DDD", day(6, 14)) { "-0.5" } else { "" };
            writeln!(prices, "{date},{ticker},{},{end}", price(ticker, row)).unwrap();
        }
    }
    std::fs::write(folder.path().join("prices.csv"), prices).unwrap();
    std::fs::write(folder.path().join("members.csv"), MEMBERS).unwrap();
    let path = folder.path().join("study.toml");
    std::fs::write(&path, study).unwrap();
    let study = Study::load(&path, &[]).unwrap();
    let loaded = study.market(None).unwrap();
    (folder, study, loaded)
}

fn run() -> (Study, Loaded, Run) {
    let (_folder, study, loaded) = market(STUDY);
    let run = study.run(&loaded, &Silent).unwrap();
    (study, loaded, run)
}

/// What was held after each decision, by month.
fn held(run: &Run) -> BTreeMap<Date, Vec<&str>> {
    let mut held: BTreeMap<Date, Vec<&str>> = BTreeMap::new();
    for row in run.decisions.iter().filter(|row| row.weight != 0.0) {
        held.entry(row.date).or_default().push(&row.asset);
    }
    held
}

#[test]
fn decisions_hold_members_of_their_day_only() {
    let (_, _, run) = run();
    assert_eq!(run.manifest.assets, ["AAA", "BBB", "DDD", "EEE", "EEE_2", "LATE", "OUT"]);
    let mut bought = BTreeMap::new();
    for (date, assets) in held(&run) {
        for asset in assets {
            let first = bought.entry(asset.to_owned()).or_insert((date, date));
            first.1 = date;
            let allowed = match asset {
                // A member on the session before 1 April, and again from 1 July on, which the
                // decision of that day does not know.
                "BBB" => date <= day(4, 1) || date > day(7, 1),
                "DDD" => date <= day(6, 14),
                "EEE" => date <= day(5, 1),
                "EEE_2" => date > day(7, 1),
                "LATE" => date >= day(4, 1),
                "OUT" => false,
                _ => true,
            };
            assert!(allowed, "{asset} on {date}");
        }
    }
    // Each of them is held at one time, so that the rule had something to forbid.
    for asset in ["AAA", "BBB", "DDD", "EEE", "EEE_2", "LATE"] {
        assert!(bought.contains_key(asset), "{asset} is never held: {bought:?}");
    }
    assert!(bought["BBB"].0 < day(4, 2) && bought["BBB"].1 > day(7, 1), "{bought:?}");
}

#[test]
fn a_delisting_is_told_and_paid() {
    let (_, loaded, run) = run();
    let told = run.ledger.iter().map(|row| row.message.as_str());
    let told: Vec<&str> = told.filter(|message| message.starts_with("DDD")).collect();
    assert_eq!(
        told,
        [
            "DDD ends on 2024-06-14 while held; it earns its delisting return of −50.00 % and is cash until the next rebalance"
        ]
    );
    let row = loaded.market.row_on_or_after(day(6, 17)).unwrap();
    assert_eq!(loaded.market.returns().value(row, 2), None);
    // The day's return holds the loss: recomputed from the weights of June, drifted.
    let june: Vec<(usize, f64)> = (0..)
        .zip(&loaded.market.universe().tickers().to_vec())
        .filter_map(|(asset, ticker)| {
            let own = |row: &&walkfolio::DecisionRow| {
                row.date == day(6, 3) && row.asset == ticker.as_str()
            };
            Some((asset, run.decisions.iter().find(own)?.weight))
        })
        .collect();
    let first = loaded.market.row_on_or_after(day(6, 3)).unwrap();
    let grown = |asset: usize| {
        let returns = loaded.market.returns();
        (first..row).map(|row| 1.0 + returns.value(row, asset).unwrap_or(0.0)).product::<f64>()
    };
    let (mut before, mut gain) = (0.0, 0.0);
    for (asset, weight) in june {
        let value = weight * grown(asset);
        let paid = if asset == 2 { Some(-0.5) } else { loaded.market.returns().value(row, asset) };
        before += value;
        gain += value * paid.unwrap_or(0.0);
    }
    let found = run.returns.iter().find(|row| row.date == day(6, 17)).unwrap().gross;
    assert!((found - gain / before).abs() < 1e-12 && found < -0.02, "{found} {}", gain / before);
}

#[test]
fn the_index_is_the_mean_of_its_members() {
    let (_, _, run) = run();
    let sessions = calendar::sessions(day(1, 2), day(12, 31));
    let member = |ticker: &str, date: Date| match ticker {
        "BBB" => date <= day(3, 28) || date >= day(7, 1),
        "OUT" => false,
        _ => true,
    };
    for found in &run.returns {
        let row = sessions.binary_search(&found.date).unwrap();
        let before = sessions[row - 1];
        let returns: Vec<f64> = TICKERS
            .iter()
            .filter(|ticker| member(ticker, before) && listed(ticker, before))
            .filter_map(|ticker| match (listed(ticker, found.date), *ticker) {
                (true, _) => Some(price(ticker, row) / price(ticker, row - 1) - 1.0),
                (false, "DDD") => Some(-0.5),
                (false, _) => None,
            })
            .collect();
        let mean = returns.iter().sum::<f64>() / returns.len() as f64;
        let index = found.benchmark.unwrap();
        assert!((index - mean).abs() < 1e-13, "{}: {index} {mean}", found.date);
    }
}

#[test]
fn survivors_are_counted_and_nothing_looks_ahead() {
    let (study, loaded, run) = run();
    let found = run.manifest.survivors.unwrap();
    // DDD and EEE do not survive, EEE_2 does; OUT is no candidate.
    assert_eq!((found.candidates, found.survivors), (6, 4));
    assert_eq!((found.held, found.held_survivors), (6, 4));
    assert_eq!((found.first.candidates, found.first.survivors), (4, 2));
    let audit = study.audit(&loaded, &Silent).unwrap();
    assert!(audit.decisions > 5 && audit.leak.is_none(), "{audit:?}");
}

#[test]
fn the_data_report_tells_of_gaps_that_split_a_series() {
    let (_folder, study, _) = market(STUDY);
    let report = study.check(None).unwrap();
    let gaps: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.kind == walkfolio::quality::Kind::Gap)
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(gaps, ["EEE lacks 41 prices from 2024-05-01 to 2024-06-28"]);
}

#[test]
fn what_contradicts_itself_is_refused() {
    let faults = |from: &str, to: &str| {
        Study::parse("x.toml", &STUDY.replace(from, to), &[]).unwrap_err().to_string()
    };
    let told = [
        faults("benchmark = \"INDEX\"", ""),
        faults("members = \"members.csv\"", "benchmark = \"spy.csv\""),
        faults("[\"*\"]", "[\"AAA\", \"INDEX\"]"),
        faults("= 5\n", "= 0\n"),
        faults(
            "source = { kind = \"csv\" }\nfiles  = { prices = \"prices.csv\", members = \"members.csv\" }",
            "source = { kind = \"sample\" }",
        ),
        faults("\"equal_weight\"", "\"cap_weight\""),
    ];
    insta::assert_snapshot!(told.join("\n"), @r#"
    x.toml:9: market.index: needs a name: market.benchmark is missing (add benchmark = "INDEX" to [market])
    x.toml:16: allocate.objective: tracks a benchmark, and there is none (add benchmark = "..." to [market])
    x.toml:6: market.files.benchmark: has prices of a benchmark, and market.index makes them of the assets (remove one of the two)
    x.toml:8: market.benchmark: INDEX is an asset, and the index cannot bear its name (give it another name)
    x.toml:10: market.max_gap: must be at least 1, found 0 (20 is a month)
    x.toml:6: market.assets: "*" stands for the assets of a file, and none is named (name the assets, or add files = { prices = "prices.csv" })
    x.toml:9: market.index: unknown value "cap_weight" (one of: equal_weight)
    "#);
}

/// Half a year of the shipped study: who is held is a member, and bad sessions are gone.
#[test]
fn the_index_of_the_day_is_tracked_on_real_data() {
    let overrides = [
        "walk_forward.first=2017-09-01",
        "walk_forward.last=2017-11-30",
        "market.first=2016-06-01",
    ];
    let Some((study, loaded)) = common::on_real_data("sp500-tracking.toml", &overrides) else {
        return;
    };
    for stray in [Date::constant(2017, 4, 14), Date::constant(2017, 11, 8)] {
        assert!(!loaded.market.dates().contains(&stray));
    }
    let universe = loaded.market.universe();
    let (amd, again) = (universe.position("AMD").unwrap(), universe.position("AMD_2").unwrap());
    assert!(loaded.market.prices().listing(amd).end < loaded.market.prices().listing(again).start);
    let run = study.run(&loaded, &Silent).unwrap();
    for row in run.decisions.iter().filter(|row| row.weight != 0.0) {
        let asset = universe.position(&row.asset).unwrap();
        let before = loaded.market.row_on_or_after(row.date).unwrap() - 1;
        assert!(loaded.market.prices().value(before, asset).is_some(), "{row:?}");
    }
    let most = held(&run).values().map(Vec::len).max();
    assert_eq!(most, Some(40));
    let error = run.measures.full.get("tracking_error").unwrap();
    assert!((0.005..0.06).contains(&error), "{error}");
    let found = run.manifest.survivors.unwrap();
    assert!(found.survivors < found.candidates && found.candidates > 450, "{found:?}");
}

#[test]
fn a_run_is_verified_on_its_own_data_only() {
    let (folder, study, loaded) = market(STUDY);
    let run = study.run(&loaded, &Silent).unwrap();
    let found = study.verify(&run, &loaded, &Silent).unwrap();
    assert!(found.faults.is_empty() && found.decisions > 5, "{found:?}");
    let mut tampered = run.clone();
    tampered.manifest.survivors.as_mut().unwrap().held = 5;
    assert_eq!(study.verify(&tampered, &loaded, &Silent).unwrap().faults.len(), 1);
    let members = folder.path().join("members.csv");
    std::fs::write(&members, MEMBERS.replace("2024-03-28", "2024-03-27")).unwrap();
    let other = study.market(None).unwrap();
    let told = study.verify(&run, &other, &Silent).unwrap_err().to_string();
    assert!(told.contains("members members.csv has SHA-256"), "{told}");
}

/// Two files that are the same until a price comes back, or does not.
#[test]
fn a_gap_that_has_not_ended_decides_nothing() {
    let clean = "[clean]\ngap = { kind = \"forward_fill\", limit_days = 10 }\n";
    let text = STUDY
        .replace(", members = \"members.csv\"", "")
        .replace("max_gap = 5", "max_gap = 10")
        .replace("every = \"month\"", "every = \"1d\"")
        .replace("[walk_forward]", &format!("{clean}[walk_forward]"));
    let run = |back: bool| {
        let folder = tempfile::tempdir().unwrap();
        let mut prices = "date,AAA,BBB,DDD\n".to_owned();
        for (row, date) in calendar::sessions(day(1, 2), day(4, 30)).iter().enumerate() {
            let gone = *date >= day(3, 20) && (!back || *date < day(3, 26));
            let bbb = if gone { String::new() } else { price("BBB", row).to_string() };
            writeln!(prices, "{date},{},{bbb},{}", price("AAA", row), price("DDD", row)).unwrap();
        }
        std::fs::write(folder.path().join("prices.csv"), prices).unwrap();
        let path = folder.path().join("study.toml");
        std::fs::write(&path, &text).unwrap();
        let study = Study::load(&path, &[]).unwrap();
        let loaded = study.market(None).unwrap();
        let run = study.run(&loaded, &Silent).unwrap();
        (loaded, run)
    };
    let ((filled, a), (_, b)) = (run(true), run(false));
    // The decision of the 26th still knows sessions up to the 25th only.
    let until = |run: &Run| -> Vec<(Date, String, u64)> {
        let rows = run.decisions.iter().filter(|row| row.date <= day(3, 26));
        rows.map(|row| (row.date, row.asset.clone(), row.weight.to_bits())).collect()
    };
    assert_eq!(until(&a), until(&b));
    let index = |run: &Run| -> Vec<Option<f64>> {
        let rows = run.returns.iter().filter(|row| row.date < day(3, 26));
        rows.map(|row| row.benchmark).collect()
    };
    assert_eq!(index(&a), index(&b));
    // There is something to decide: BBB is held before, and again once it is back.
    let held = |date| {
        a.decisions.iter().any(|row| row.date == date && row.asset == "BBB" && row.weight > 0.0)
    };
    assert!(held(day(3, 20)) && !held(day(3, 21)) && !held(day(3, 26)));
    let row = filled.market.row_on_or_after(day(3, 21)).unwrap();
    assert!(filled.market.prices().value(row, 1).is_some() && !filled.market.is_traded(row, 1));
}

/// After ruin decisions are made and not carried out: they count nowhere.
#[test]
fn ruin_ends_what_is_counted() {
    let text = STUDY
        .replace("index  = \"equal_weight\"", "")
        .replace("\"INDEX\"", "\"FUND\"")
        .replace("[\"*\"]", "[\"AAA\", \"DDD\"]")
        .replace("max = 0.9", "max = 1.0");
    let (folder, study, _) = market(STUDY);
    drop(study);
    let mut prices = "date,AAA,DDD,FUND\n".to_owned();
    for (row, date) in calendar::sessions(day(1, 2), day(12, 31)).iter().enumerate() {
        let fund = price("DDD", row).to_string();
        let ddd = if *date <= day(6, 14) { fund.as_str() } else { "" };
        writeln!(prices, "{date},{},{ddd},{fund}", price("AAA", row)).unwrap();
    }
    let members = "ticker,start,end,delisting_return\nAAA,2023-01-03,,\n\
        DDD,2023-01-03,2024-06-14,-1\n";
    std::fs::write(folder.path().join("prices.csv"), prices).unwrap();
    std::fs::write(folder.path().join("members.csv"), members).unwrap();
    let path = folder.path().join("ruin.toml");
    std::fs::write(&path, text).unwrap();
    let study = Study::load(&path, &[]).unwrap();
    let loaded = study.market(None).unwrap();
    let run = study.run(&loaded, &Silent).unwrap();
    assert_eq!(run.manifest.ruined, Some(day(6, 17)));
    let found = run.manifest.survivors.clone().unwrap();
    assert_eq!((found.candidates, found.held, found.held_survivors), (2, 1, 0));
    assert_eq!(found.last.date, day(6, 3));
    let verified = study.verify(&run, &loaded, &Silent).unwrap();
    assert!(verified.faults.is_empty(), "{verified:?}");
}

/// Loads the small market with other files.
fn loaded(study: &str, prices: &str, members: &str) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("prices.csv"), prices).unwrap();
    std::fs::write(folder.path().join("members.csv"), members).unwrap();
    let path = folder.path().join("study.toml");
    std::fs::write(&path, study).unwrap();
    let loaded =
        Study::load(&path, &[]).unwrap().market(None).map_err(|error| error.to_string())?;
    let tickers = loaded.market.universe().tickers().iter().map(ToString::to_string);
    Ok(tickers.chain(loaded.notes.into_iter().map(|note| note.message)).collect())
}

/// A long table of AAA, of BBB until 14 June and again from July on, and of what else is asked for.
fn long_table(other: &str) -> String {
    let mut table = "date,ticker,close,delisting_return\n".to_owned();
    for (row, date) in calendar::sessions(day(1, 2), day(12, 31)).iter().enumerate() {
        for ticker in ["AAA", "BBB", other] {
            let gone = ticker == "BBB" && (day(6, 15)..day(7, 15)).contains(date);
            let end = if ticker == "BBB" && *date == day(6, 14) { "-0.5" } else { "" };
            if !gone && !ticker.is_empty() {
                writeln!(table, "{date},{ticker},{},{end}", price(ticker, row)).unwrap();
            }
        }
    }
    table
}

#[test]
fn a_name_that_is_taken_is_not_given_again() {
    let stays = "ticker,start,end\nAAA,2023-01-03,\nBBB,2023-01-03,\nBBB_2,2023-01-03,\n";
    let told = loaded(STUDY, &long_table("BBB_2"), stays).unwrap();
    assert_eq!(told[..4], ["AAA", "BBB", "BBB_3", "BBB_2"]);
}

#[test]
fn files_that_disagree_or_end_early_are_told() {
    let stays = "ticker,start,end,delisting_return\nAAA,2023-01-03,,\n\
        BBB,2023-01-03,2024-06-14,-0.25\n";
    let told = loaded(STUDY, &long_table(""), stays).unwrap();
    let two = "BBB has two delisting returns, -0.5 and -0.25; the second is used";
    assert!(told.iter().any(|note| note == two), "{told:?}");
    let lists = |last: &str| format!("date,tickers\n2024-01-02,\"AAA,BBB\"\n{last},AAA\n");
    let early = loaded(STUDY, &long_table(""), &lists("2024-06-03")).unwrap();
    let warned = |told: &[String]| told.iter().any(|note| note.contains("is taken to hold until"));
    assert!(warned(&early), "{early:?}");
    assert!(!warned(&loaded(STUDY, &long_table(""), &lists("2024-12-02")).unwrap()));
}

#[test]
fn an_index_has_a_name_and_members_of_its_own() {
    let stays = "ticker,start,end\nAAA,2023-01-03,\nBBB,2023-01-03,\n";
    let named = STUDY.replace("\"INDEX\"", "\"AAA\"");
    let told = loaded(&named, &long_table(""), stays).unwrap_err();
    assert!(told.contains("AAA is in the price file, and market.index makes its own"), "{told}");
    let never = loaded(STUDY, &long_table(""), "ticker,start,end\nAAA,2030-01-02,\n").unwrap_err();
    assert!(never.contains("the index INDEX cannot be made of the assets"), "{never}");
    let sample = STUDY.replace("kind = \"csv\"", "kind = \"sample\"");
    let told = loaded(&sample, "", stays).unwrap_err();
    assert!(told.contains("the sample market has none"), "{told}");
    let mixed = STUDY.replace("[\"*\"]", "[\"AAA\", \"*\"]");
    let told = Study::parse("x.toml", &mixed, &[]).unwrap_err().to_string();
    assert!(told.contains("must stand alone"), "{told}");
}
