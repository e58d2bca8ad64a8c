//! `daily` as a timer runs it: fetch, check, decide, and a folder that can be verified later.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::{moments, text, walkfolio};
use serde_json::Value;

const STUDY: &str = r#"
name = "mine"
market = { assets = ["XLE", "XLF", "XLK"], benchmark = "MTUM", source = { kind = "csv" }, files = { prices = "prices.csv", benchmark = "benchmark.csv" } }
walk_forward = { every = "month" }
costs = { per_side_bps = 5 }

[allocate]
objective = { kind = "tracking_error", window = 60 }
bounds = { min = 0.0, max = 0.6 }
"#;

/// A folder with a study, its data and the positions of an account.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("mine.toml"), STUDY).unwrap();
        fs::write(place.path().join("positions.csv"), "ticker,shares\nXLE,40\nCASH,9000\n")
            .unwrap();
        let desk = Self(place);
        desk.sample("7");
        desk
    }

    /// Prices of the sample market.
    fn sample(&self, seed: &str) {
        let _ = fs::remove_dir_all(self.path("data"));
        assert!(self.run(&["sample", "data", "--seed", seed]).status.success());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = walkfolio(arguments);
        command.current_dir(self.0.path()).output().unwrap()
    }

    fn daily(&self, more: &[&str]) -> (String, String, Option<i32>) {
        let own = ["daily", "mine.toml", "--data", "data", "--days", "days", "--on", "2025-06-02"];
        let output = self.run(&[&own[..], &["--holdings", "positions.csv"], more].concat());
        (text(&output.stdout), text(&output.stderr), output.status.code())
    }

    /// The folders of days.
    fn days(&self) -> Vec<String> {
        let names =
            fs::read_dir(self.path("days")).unwrap().map(|entry| entry.unwrap().file_name());
        let names = names.map(|name| name.to_str().unwrap().to_owned());
        names.filter(|name| !name.starts_with('.')).collect()
    }

    fn verify(&self, day: &str) -> (String, Option<i32>) {
        let output = self.run(&["verify", day]);
        (text(&output.stdout), output.status.code())
    }
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    all
}

#[test]
fn a_day_is_decided_once_and_verified_later() {
    let desk = Desk::new();
    let (printed, errors, code) = desk.daily(&[]);
    assert_eq!((errors.as_str(), code), ("", Some(0)), "{printed}");
    assert!(
        printed.contains("\norder ") && printed.ends_with("kept in  days/2025-06-02\n"),
        "{printed}"
    );
    let day = desk.path("days/2025-06-02");
    let first = files(&day);
    let names: Vec<String> = first
        .keys()
        .map(|path| path.strip_prefix(&day).unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "daily.json",
            "decision/decision.json",
            "decision/orders.csv",
            "decision/report.html",
            "decision/target.csv",
            "inputs/data/benchmark.csv",
            "inputs/data/prices.csv",
            "inputs/holdings.csv",
            "inputs/study.toml",
        ]
    );
    // Twice is once.
    let (printed, _, code) = desk.daily(&[]);
    assert_eq!(
        (printed.as_str(), code),
        ("decided before from the same inputs: days/2025-06-02\n", Some(0))
    );
    assert_eq!(files(&day), first);
    // What the folder was made from may change or go: it has its own.
    desk.sample("8");
    fs::remove_file(desk.path("positions.csv")).unwrap();
    let (printed, code) = desk.verify("days/2025-06-02");
    assert_eq!(code, Some(0), "{printed}");
    assert!(
        printed.contains("compared: decision.json, target.csv, report.html, orders.csv"),
        "{printed}"
    );
}

/// A number of the decision, a weight of the target and a share of an order that are not those that were decided.
#[test]
fn a_decision_that_was_changed_is_found() {
    let desk = Desk::new();
    assert_eq!(desk.daily(&[]).2, Some(0));
    let decision = desk.path("days/2025-06-02/decision");
    for (name, digit) in
        [("decision.json", "\"turnover\": 0."), ("target.csv", "0."), ("orders.csv", "buy,")]
    {
        let path = decision.join(name);
        let honest = fs::read_to_string(&path).unwrap();
        let at = honest.find(digit).unwrap_or_else(|| panic!("{name}: {honest}")) + digit.len();
        let other = if &honest[at..=at] == "1" { "2" } else { "1" };
        let changed = format!("{}{other}{}", &honest[..at], &honest[at + 1..]);
        fs::write(&path, changed).unwrap();
        let (printed, code) = desk.verify("days/2025-06-02");
        assert_eq!(code, Some(1), "{name}: {printed}");
        let found = format!("ERROR decision/{name}: decided again it is another");
        assert!(printed.contains(&found), "{name}: {printed}");
        fs::write(&path, honest).unwrap();
    }
    assert_eq!(desk.verify("days/2025-06-02").1, Some(0));
}

#[test]
fn other_inputs_are_refused_and_again_keeps_the_earlier_folder() {
    let desk = Desk::new();
    assert_eq!(desk.daily(&[]).2, Some(0));
    let first = files(&desk.path("days/2025-06-02"));
    fs::write(desk.path("positions.csv"), "ticker,shares\nXLE,41\nCASH,9000\n").unwrap();
    let (_, errors, code) = desk.daily(&[]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("was decided from other inputs: holdings.csv differs"), "{errors}");
    assert!(errors.contains("--again"), "{errors}");
    let (_, errors, code) = desk.daily(&["--band", "0.01"]);
    assert!(code == Some(2) && errors.contains("differs"), "{errors}");
    assert_eq!(desk.daily(&["--again"]).2, Some(0));
    let earlier: Vec<Vec<u8>> = files(&desk.path("days/2025-06-02.1")).into_values().collect();
    assert_eq!(earlier, first.into_values().collect::<Vec<_>>());
    for day in ["days/2025-06-02", "days/2025-06-02.1"] {
        assert_eq!(desk.verify(day).1, Some(0), "{day}");
    }
}

#[test]
fn it_ends_at_the_first_thing_that_is_not_right() {
    let desk = Desk::new();
    // A price that cannot be: the check finds it, and nothing is decided.
    let good = fs::read_to_string(desk.path("data/prices.csv")).unwrap();
    let mut bad: Vec<String> = good.lines().map(str::to_owned).collect();
    // A hundred times the price on one day, as where pence are taken for pounds.
    let cells: Vec<String> = bad[4_000].split(',').map(str::to_owned).collect();
    let price: f64 = cells[1].parse().unwrap();
    bad[4_000] = bad[4_000].replacen(&cells[1], &(100.0 * price).to_string(), 1);
    fs::write(desk.path("data/prices.csv"), bad.join("\n")).unwrap();
    let (printed, errors, code) = desk.daily(&[]);
    assert_eq!(code, Some(1), "{printed}{errors}");
    assert!(errors.starts_with("stopped: the data are not right"), "{errors}");
    assert!(!desk.path("days").exists());
    // It is an error, which stays one. The same price for two weeks is a warning: who knows of it may go on.
    assert_eq!(desk.daily(&["--accept-warnings"]).2, Some(1));
    let mut same: Vec<String> = good.lines().map(str::to_owned).collect();
    for line in &mut same[4_000..4_012] {
        let own = line.split(',').nth(1).unwrap().to_owned();
        *line = line.replacen(&own, &cells[1], 1);
    }
    fs::write(desk.path("data/prices.csv"), same.join("\n")).unwrap();
    assert_eq!(desk.daily(&[]).2, Some(1));
    assert_eq!(desk.daily(&["--accept-warnings"]).2, Some(0));
    fs::remove_dir_all(desk.path("days")).unwrap();
    // A session that the schedule does not ask for.
    fs::write(desk.path("data/prices.csv"), good).unwrap();
    let own = ["daily", "mine.toml", "--data", "data", "--days", "days", "--on", "2025-05-30"];
    let output = desk.run(&own);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stdout).starts_with("nothing to decide"));
    // A vendor that does not answer: nothing is fetched, so nothing is decided.
    let vendor = ["--from", "stooq", "--base-url", "http://127.0.0.1:9"];
    let (_, errors, code) = desk.daily(&vendor);
    assert_eq!(code, Some(2), "{errors}");
    assert!(!desk.path("days").exists());
    // Data that end too long ago for the day of the clock.
    let output = desk.run(&["daily", "mine.toml", "--data", "data", "--days", "days"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("the prices end on 2025-08-12: "),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn what_was_changed_in_a_folder_is_found() {
    let desk = Desk::new();
    assert_eq!(desk.daily(&[]).2, Some(0));
    let place = |name: &str| desk.path("days/2025-06-02").join(name);
    let target = fs::read_to_string(place("decision/target.csv")).unwrap();
    fs::write(place("decision/target.csv"), target.replacen("0.", "0.1", 1)).unwrap();
    let (printed, code) = desk.verify("days/2025-06-02");
    assert_eq!(code, Some(1));
    assert!(
        printed.contains("ERROR decision/target.csv: its SHA-256 is not that of daily.json"),
        "{printed}"
    );
    assert!(
        printed.contains("ERROR decision/target.csv: decided again it is another"),
        "{printed}"
    );
    fs::write(place("decision/target.csv"), target).unwrap();
    // Another input and a manifest that agrees with it: the decision does not.
    let shares = "ticker,shares\nXLE,90\nCASH,9000\n";
    fs::write(place("inputs/holdings.csv"), shares).unwrap();
    let mut day: Value = serde_json::from_slice(&fs::read(place("daily.json")).unwrap()).unwrap();
    day["files"]["inputs/holdings.csv"] = walkfolio::sha256(shares.as_bytes()).into();
    fs::write(place("daily.json"), day.to_string()).unwrap();
    let (printed, code) = desk.verify("days/2025-06-02");
    assert_eq!(code, Some(1));
    assert!(
        printed.contains("ERROR decision/orders.csv: decided again it is another"),
        "{printed}"
    );
    // Another date in the manifest, and a file that it does not have.
    day["date"] = "2025-05-01".into();
    fs::write(place("daily.json"), day.to_string()).unwrap();
    fs::write(place("decision/more.csv"), "x").unwrap();
    let (printed, _) = desk.verify("days/2025-06-02");
    for fault in [
        "ERROR daily.json: date is 2025-05-01, decided again it is 2025-06-02",
        "ERROR decision/more.csv: it is not in daily.json",
    ] {
        assert!(printed.contains(fault), "{printed}");
    }
    fs::remove_file(place("decision/report.html")).unwrap();
    let (printed, _) = desk.verify("days/2025-06-02");
    assert!(printed.contains("ERROR decision/report.html: it is not there"), "{printed}");
}

/// The timer of the book: systemd reads its units, and a shell its line of cron.
#[test]
fn the_recipes_of_the_book_are_valid() {
    let page = common::repository().join("docs/src/cookbook/decide.md");
    let page = fs::read_to_string(page).unwrap();
    let blocks = |kind: &str| -> Vec<String> {
        let fence = format!("```{kind}\n");
        let parts = page.split(&fence).skip(1);
        parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
    };
    let desk = Desk::new();
    let program = env!("CARGO_BIN_EXE_walkfolio");
    let own = |text: &str| {
        let here = text.replace("/usr/local/bin/walkfolio", program);
        here.replace("/srv/walkfolio", desk.0.path().to_str().unwrap())
    };
    let units = blocks("ini");
    assert_eq!(units.len(), 2);
    let places = ["walkfolio.service", "walkfolio.timer"].map(|name| desk.path(name));
    places.iter().zip(&units).for_each(|(place, unit)| fs::write(place, own(unit)).unwrap());
    if let Ok(found) =
        std::process::Command::new("systemd-analyze").arg("verify").args(&places).output()
    {
        let told = text(&found.stderr);
        let of_ours: Vec<&str> = told.lines().filter(|line| line.contains("walkfolio")).collect();
        assert!(found.status.success() && of_ours.is_empty(), "{told}");
    }
    // What the service runs, and what cron runs: with a vendor that does not answer each ends with its code.
    let service = units[0].lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let cron = blocks("crontab").concat();
    let cron = cron.lines().find(|line| line.starts_with("30 18 * * 1-5 ")).unwrap();
    for line in [service, &cron["30 18 * * 1-5 ".len()..]] {
        let line = own(line).replace("--from yahoo", "--from yahoo --base-url http://127.0.0.1:9");
        let mut shell = std::process::Command::new("sh");
        let found = shell.args(["-c", &line]).current_dir(desk.0.path()).output().unwrap();
        assert_eq!(found.status.code(), Some(2), "{line}: {}", text(&found.stderr));
        // Without one it decides; the prices end before today, which is said.
        let line = line.replace("--from yahoo --base-url http://127.0.0.1:9", "--on 2025-06-02");
        let mut shell = std::process::Command::new("sh");
        let found = shell.args(["-c", &line]).current_dir(desk.0.path()).output().unwrap();
        assert_eq!(found.status.code(), Some(0), "{line}: {}", text(&found.stderr));
    }
    assert!(desk.path("days/2025-06-02/daily.json").is_file());
}

/// What a kill leaves is no day, and the next one does not mind.
#[test]
fn a_folder_that_is_half_written_has_no_name() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("days/.2025-06-02.new/inputs")).unwrap();
    fs::write(desk.path("days/.2025-06-02.new/inputs/study.toml"), "half").unwrap();
    assert_eq!(desk.daily(&[]).2, Some(0));
    assert_eq!(desk.days(), ["2025-06-02"]);
    assert!(!desk.path("days/.2025-06-02.new").exists());
    assert_eq!(desk.verify("days/2025-06-02").1, Some(0));
}

/// A signal at any moment, heard or not, leaves the day or none, and the next one decides it.
#[test]
fn a_signal_at_any_moment_loses_nothing() {
    let desk = Desk::new();
    assert_eq!(desk.daily(&[]).2, Some(0));
    let whole = files(&desk.path("days/2025-06-02"));
    let own = ["daily", "mine.toml", "--data", "data", "--days", "days", "--on", "2025-06-02"];
    let run = || {
        let mut command = walkfolio(&[&own[..], &["--holdings", "positions.csv"]].concat());
        command.stdout(Stdio::null()).stderr(Stdio::null()).current_dir(desk.0.path());
        command.spawn().unwrap()
    };
    // How long it takes here.
    fs::remove_dir_all(desk.path("days")).unwrap();
    let begun = Instant::now();
    run().wait().unwrap();
    let most = u64::try_from(begun.elapsed().as_millis()).unwrap();
    let signals = ["-KILL", "-TERM"].into_iter().cycle();
    for (wait, signal) in moments(most).zip(signals).take(16) {
        fs::remove_dir_all(desk.path("days")).unwrap();
        let mut child = run();
        std::thread::sleep(Duration::from_millis(wait));
        // It may have ended before.
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        child.wait().unwrap();
        let (printed, errors, code) = desk.daily(&[]);
        assert_eq!(code, Some(0), "{signal} after {wait} ms: {printed}{errors}");
        assert_eq!(files(&desk.path("days/2025-06-02")), whole, "{signal} after {wait} ms");
        assert_eq!(desk.days(), ["2025-06-02"], "{signal} after {wait} ms");
    }
}

/// Prices without averages: an error of the key before anything is decided, in `run`, too. With a file of them all goes
/// on, and the file is kept with the day and with the run.
#[test]
fn prices_of_trades_that_are_missing_are_said_before_the_work() {
    let desk = Desk::new();
    let study = STUDY.replace("every = \"month\"", "every = \"month\", execution_lag = 1");
    let with = |account: &str| {
        let account = format!("\n[account]\ncapital = 1e5\nexecution = \"vwap\"\n{account}");
        fs::write(desk.path("mine.toml"), format!("{study}{account}")).unwrap();
    };
    with("");
    let (_, errors, code) = desk.daily(&[]);
    assert_eq!(code, Some(2));
    for told in ["account.execution", "no column vwap", "account.vwap"] {
        assert!(errors.contains(told), "{told}: {errors}");
    }
    assert!(!desk.path("days").exists() || desk.days().is_empty());
    let run = ["run", "mine.toml", "--data", "data", "--bulk", "--out", "run"];
    let refused = desk.run(&run);
    assert!(text(&refused.stderr).contains("account.execution"), "{}", text(&refused.stderr));
    assert!(refused.status.code() == Some(2) && !desk.path("run/run.json").exists());
    fs::copy(desk.path("data/prices.csv"), desk.path("data/vwap.csv")).unwrap();
    with("vwap = \"vwap.csv\"\n");
    let (printed, errors, code) = desk.daily(&[]);
    assert_eq!((errors.as_str(), code), ("", Some(0)), "{printed}");
    assert!(desk.path("days/2025-06-02/inputs/data/vwap.csv").is_file());
    assert_eq!(desk.verify("days/2025-06-02").1, Some(0));
    assert!(desk.run(&run).status.success());
    assert_eq!(desk.verify("run").1, Some(0));
    fs::write(desk.path("data/vwap.csv"), "date,XLE,XLF,XLK\n2025-06-02,1,1,1\n").unwrap();
    let changed = desk.run(&["verify", "run"]);
    assert_eq!(changed.status.code(), Some(2), "{}", text(&changed.stdout));
}

/// Four at the same time: one decides, and the others find its day.
#[test]
fn several_at_once_decide_one_day() {
    let desk = Desk::new();
    let own = ["daily", "mine.toml", "--data", "data", "--days", "days", "--on", "2025-06-02"];
    let mut children: Vec<Child> = (0..4)
        .map(|_| {
            let mut command = walkfolio(&[&own[..], &["--holdings", "positions.csv"]].concat());
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.current_dir(desk.0.path()).spawn().unwrap()
        })
        .collect();
    let ended: Vec<Output> =
        children.drain(..).map(|child| child.wait_with_output().unwrap()).collect();
    for output in &ended {
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    let printed = ended.iter().map(|output| text(&output.stdout));
    assert_eq!(printed.filter(|text| text.starts_with("decided before")).count(), 3);
    assert_eq!(
        (desk.days(), desk.verify("days/2025-06-02").1),
        (vec!["2025-06-02".to_owned()], Some(0))
    );
}

/// What cannot be decided again leaves the earlier day where it is.
#[test]
fn an_error_of_again_keeps_the_earlier_day() {
    let desk = Desk::new();
    assert_eq!(desk.daily(&[]).2, Some(0));
    let first = files(&desk.path("days/2025-06-02"));
    fs::write(desk.path("positions.csv"), "ticker,shares\nXLE,-40\nCASH,0\n").unwrap();
    let (_, errors, code) = desk.daily(&["--again"]);
    assert!(code == Some(2) && errors.contains("nothing can be bought with it"), "{errors}");
    assert_eq!(
        (desk.days(), files(&desk.path("days/2025-06-02"))),
        (vec!["2025-06-02".to_owned()], first)
    );
}
