//! `decide --accounts` as its user runs it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{moments, text, walkfolio};
use serde_json::Value;

const STUDY: &str = "studies/mtum-all-eleven.toml";

fn files(place: &Path, accounts: &str, positions: &str) -> [String; 3] {
    let path = |name: &str| place.join(name).to_str().unwrap().to_owned();
    let names = [path("accounts.csv"), path("positions.csv"), path("out")];
    std::fs::write(&names[0], accounts).unwrap();
    std::fs::write(&names[1], positions).unwrap();
    names
}

fn decided(names: &[String; 3], more: &[&str]) -> (String, String, Option<i32>) {
    let [accounts, positions, out] = names;
    let own = ["decide", STUDY, "--on", "2025-06-02", "--accounts", accounts];
    let files = ["--account-holdings", positions, "--out", out];
    let output = walkfolio(&[&own[..], &files, more].concat()).output().unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn many_accounts_are_told() {
    let place = tempfile::tempdir().unwrap();
    let names = files(
        place.path(),
        "account,cash,exclude\nA,10000,\nB,500,XLE;XLF\nC,700,QQQ\n",
        "account,ticker,shares\nB,XLE,40\nX,XLE,1\n",
    );
    let (printed, errors, code) = decided(&names, &[]);
    assert_eq!((errors.as_str(), code), ("", Some(1)));
    for told in [
        "mtum-all-eleven: decision for 2025-06-02, from prices until 2025-05-30\n",
        "warning: 1 lines of positions.csv are of 1 accounts",
        "3 accounts: 2 with orders, 0 with nothing to trade, 1 failed\n",
        "FAILED C: QQQ of exclude (line 4 of the accounts) is none of the study's assets\n  help: correct the ticker",
        "results  ",
    ] {
        assert!(printed.contains(told), "{told}: {printed}");
    }
    // Without the one that fails all is well, and the same again leaves the same files.
    let names = files(place.path(), "account,cash,exclude\nA,10000,\n", "account,ticker,shares\n");
    let (printed, _, code) = decided(&names, &["--fractional", "--threads", "1", "--json"]);
    assert_eq!(code, Some(0));
    let found: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(
        (&found["decision"]["accounts"], &found["failures"]),
        (&1.into(), &Value::Array(vec![]))
    );
    let read = |name: &str| std::fs::read(place.path().join("out").join(name)).unwrap();
    let first = ["accounts.json", "accounts.parquet", "orders.parquet"].map(read);
    decided(&names, &["--fractional"]);
    assert_eq!(["accounts.json", "accounts.parquet", "orders.parquet"].map(read), first);
}

/// Two thousand accounts, each a problem of its own.
fn crowd(place: &Path) -> [String; 3] {
    use std::fmt::Write as _;
    let (mut accounts, mut positions) =
        ("account,cash\n".to_owned(), "account,ticker,shares\n".to_owned());
    for at in 0..2_000 {
        writeln!(accounts, "{at:05},{}", 500 + 7 * at).unwrap();
        writeln!(positions, "{at:05},XLE,{}\n{at:05},XLK,{}", 5 + at % 90, at % 41).unwrap();
    }
    files(place, &accounts, &positions)
}

/// Killed or told to stop at any moment, the same command goes on to the same bytes.
#[test]
fn a_signal_at_any_moment_loses_nothing() {
    const FILES: [&str; 3] = ["accounts.json", "accounts.parquet", "orders.parquet"];
    const COSTS: &[&str] = &["--set", "allocate.trading_costs=1.0"];
    let place = tempfile::tempdir().unwrap();
    let [accounts, positions, out] = crowd(place.path());
    let read = |out: &str| FILES.map(|name| std::fs::read(Path::new(out).join(name)).unwrap());
    let whole = [accounts.clone(), positions.clone(), format!("{out}-whole")];
    let started = Instant::now();
    assert_eq!(decided(&whole, COSTS).2, Some(0));
    let most = u64::try_from(started.elapsed().as_millis()).unwrap();
    let begun = |out: &str, wait: u64| {
        let own = ["decide", STUDY, "--on", "2025-06-02", "--accounts", &accounts];
        let own = [&own[..], &["--account-holdings", &positions, "--out", out], COSTS].concat();
        let mut command = walkfolio(&own);
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        child
    };
    // Killed again and again on its way, at moments that look like chance; then each time anew.
    for (at, wait) in moments(most).enumerate().take(8) {
        let mut child = begun(&out, wait);
        child.kill().unwrap();
        child.wait().unwrap();
        if at >= 4 {
            assert_eq!(
                decided(&[accounts.clone(), positions.clone(), out.clone()], COSTS).2,
                Some(0)
            );
            assert_eq!(read(&out), read(&whole[2]), "killed after {wait} ms");
            std::fs::remove_dir_all(&out).unwrap();
        }
    }
    // A signal that it hears: later and later, until it comes while accounts are decided.
    for wait in (30..).step_by(30) {
        let out = format!("{out}-{wait}");
        let child = begun(&out, wait);
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        let ended = child.wait_with_output().unwrap();
        assert_ne!(ended.status.code(), Some(0), "it ended before a signal came in time");
        if ended.status.code() == Some(130) {
            let errors = text(&ended.stderr);
            assert!(errors.contains("stopped: the same command goes on from here"), "{errors}");
            let again = [accounts.clone(), positions.clone(), out.clone()];
            assert_eq!(decided(&again, COSTS).2, Some(0));
            assert_eq!(read(&out), read(&whole[2]));
            break;
        }
    }
}

#[test]
fn options_that_do_not_go_together_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let names = files(place.path(), "account,cash\nA,1\n", "account,ticker,shares\n");
    let (_, errors, code) = decided(&names, &["--cash", "5"]);
    assert_eq!(code, Some(2), "{errors}");
    let (_, errors, code) = decided(&names, &["--holdings", &names[1]]);
    assert!(code == Some(2) && errors.contains("cannot be used with"), "{errors}");
    let alone = walkfolio(&["decide", STUDY, "--accounts", &names[0]]).output().unwrap();
    let errors = text(&alone.stderr);
    assert!(alone.status.code() == Some(2) && errors.contains("--account-holdings"), "{errors}");
    std::fs::create_dir(place.path().join("out")).unwrap();
    std::fs::write(place.path().join("out/notes.txt"), "x").unwrap();
    let (_, errors, code) = decided(&names, &[]);
    assert!(code == Some(2) && errors.contains("has no accounts.json"), "{errors}");
}
