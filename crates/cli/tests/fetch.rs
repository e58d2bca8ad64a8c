//! `walkfolio fetch` against a server on loopback.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

use common::{text, walkfolio};
use insta::assert_snapshot;

/// Answers Stooq's questions for SPY and QQQ, and refuses all others.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 2048];
            let read = stream.read(&mut head).unwrap_or(0);
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let known = head.contains("s=spy.us") || head.contains("s=qqq.us");
            let body = if known {
                "Date,Open,High,Low,Close,Volume\n2024-01-02,1,1,1,10,5\n2024-01-03,1,1,1,11,5\n"
            } else {
                "No data"
            };
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    address
}

fn fetch(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = walkfolio(&["fetch"]);
    command.args(arguments).current_dir(folder);
    command.env_remove("WALKFOLIO_STOOQ_URL").output().unwrap()
}

#[test]
fn a_snapshot_is_made_and_brought_up_to_date() {
    let (folder, url) = (tempfile::tempdir().unwrap(), server());
    let arguments =
        ["--tickers", "SPY,QQQ", "--from", "stooq", "--into", "data", "--base-url", &url];
    let first = fetch(folder.path(), &arguments);
    assert!(first.status.success(), "{}", text(&first.stderr));
    assert_snapshot!(text(&first.stdout), @"
    SPY  2 new sessions, 2 to 2024-01-03
    QQQ  2 new sessions, 2 to 2024-01-03
    snapshot  data
    ");
    let second = fetch(folder.path(), &arguments);
    assert_snapshot!(text(&second.stdout), @"
    SPY  nothing new, 2 to 2024-01-03
    QQQ  nothing new, 2 to 2024-01-03
    snapshot  data
    ");
    assert!(folder.path().join("data/manifest.json").exists());
}

#[test]
fn what_fails_is_told_and_the_rest_is_kept() {
    let (folder, url) = (tempfile::tempdir().unwrap(), server());
    let mut command =
        walkfolio(&["fetch", "--tickers", "SPY,NONE", "--from", "stooq", "--into", "data"]);
    // The address comes from the environment here.
    let command = command.current_dir(folder.path()).env("WALKFOLIO_STOOQ_URL", &url);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(text(&output.stdout), @"
    SPY   2 new sessions, 2 to 2024-01-03
    snapshot  data
    ");
    assert_snapshot!(text(&output.stderr).replace(&url, "URL"), @"
    × URL/q/d/l/?s=none.us&i=d is a refusal of the vendor: No data
    help: check the ticker and the dates; vendors refuse too many requests for a while
    ");
}

#[test]
fn what_was_fetched_is_told_as_json() {
    let (folder, url) = (tempfile::tempdir().unwrap(), server());
    let arguments = ["--tickers", "SPY,NONE", "--from", "stooq", "--into", "data", "--json"];
    let output = fetch(folder.path(), &[&arguments[..], &["--base-url", &url]].concat());
    assert_eq!(output.status.code(), Some(2));
    let json: serde_json::Value = serde_json::from_str(&text(&output.stdout)).unwrap();
    assert_eq!(json["into"], "data");
    let spy = serde_json::json!({
        "name": "SPY", "added": 2, "rows": 2, "last": "2024-01-03", "again": false, "revisions": []
    });
    assert_eq!(json["fetched"][0], spy);
    assert!(json["fetched"][1]["error"].as_str().unwrap().contains("refusal"), "{json}");
}

#[test]
fn calls_that_name_nothing_that_can_be_fetched_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let long = "x".repeat(65);
    let calls: [&[&str]; 3] = [
        &["--from", "yahoo", "--into", "data"],
        &["--tickers", &long, "--from", "yahoo", "--into", "data"],
        &["--tickers", "SPY", "--from", "bloomberg", "--into", "data"],
    ];
    let told: Vec<String> = calls
        .iter()
        .map(|arguments| {
            let output = fetch(folder.path(), arguments);
            assert_eq!(output.status.code(), Some(2));
            text(&output.stderr)
        })
        .collect();
    assert_snapshot!(told.join("\n"), @r#"
      × nothing to fetch
      help: name a study, or tickers with --tickers SPY,QQQ

    error: invalid value 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' for '--tickers <A,B>': ticker "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" is not valid: it is longer than 64 characters

    For more information, try '--help'.

    error: invalid value 'bloomberg' for '--from <VENDOR>'
      [possible values: yahoo, stooq, french]

    For more information, try '--help'.
    "#);
    assert!(!folder.path().join("data").exists());
}

#[test]
fn a_studys_snapshot_takes_the_place_of_its_files() {
    let (folder, url) = (tempfile::tempdir().unwrap(), server());
    let study = "name = \"two\"\n[market]\nassets = [\"SPY\", \"QQQ\"]\nbenchmark = \"SPY\"\n\
        [walk_forward]\nevery = \"1d\"\n[allocate]\n\
        objective = { kind = \"tracking_error\", window = 2 }\n\
        bounds = { min = 0.0, max = 1.0 }\n";
    std::fs::write(folder.path().join("two.toml"), study).unwrap();
    let arguments = ["two.toml", "--from", "stooq", "--into", "data", "--base-url", &url];
    let output = fetch(folder.path(), &arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    // Two sessions are too few to decide on: the study gets as far as saying so.
    let mut command = walkfolio(&["run", "two.toml", "--data", "data", "--out", "run"]);
    let output = command.current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(!text(&output.stderr).contains("manifest"), "{}", text(&output.stderr));
}
