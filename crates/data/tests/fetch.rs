//! Downloads from servers on loopback that behave, and from some that do not.
//!
//! The bodies of Yahoo are those of `messy/`; servers that break the protocol are plain sockets.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use common::{data, request, sound, ticker};
use httpmock::prelude::*;
use walkfolio_core::{Date, Ticker};
use walkfolio_data::fetch::{
    Backoff, FetchObserver, FetchRequest, Fetched, Limits, Outcome, Revision, Vendor, fetch,
};
use walkfolio_data::snapshot::Snapshot;
use walkfolio_data::{Error, Result};

const MSFT: &str = "messy/yahoo_v8_chart_json/unwrapped/historical-via-chart-MSFT-dividends-2021-02-01-to-2022-01-31.csv.body.json";

struct Quiet;

struct Stop;

impl FetchObserver for Quiet {}

impl FetchObserver for Stop {
    fn cancelled(&self) -> bool {
        true
    }
}

fn limits() -> Limits {
    let backoff =
        Backoff { tries: 3, first: Duration::from_millis(10), longest: Duration::from_secs(2) };
    Limits { time_out: Duration::from_millis(600), largest_body: 1 << 20, backoff }
}

fn asked(vendor: Vendor, base: &str, tickers: &[&str], into: &Path) -> FetchRequest {
    FetchRequest {
        vendor,
        base_url: Some(base.to_owned()),
        tickers: tickers.iter().map(|name| ticker(name)).collect(),
        into: into.to_path_buf(),
        first: None,
        limits: limits(),
        parallel: 2,
    }
}

fn one(request: &FetchRequest) -> Result<Outcome> {
    fetch(request, &Quiet).unwrap().remove(0).outcome
}

/// A chart response of daily closes; the adjusted closes are `factor` times the closes.
fn chart(symbol: &str, closes: &[(i64, f64)], factor: f64) -> String {
    with_opens(symbol, closes, factor, false)
}

/// The same with opens that are 1 below the closes.
fn with_opens(symbol: &str, closes: &[(i64, f64)], factor: f64, opens: bool) -> String {
    let stamps: Vec<String> =
        closes.iter().map(|(day, _)| (day * 86_400 + 52_200).to_string()).collect();
    let values: Vec<String> = closes.iter().map(|(_, close)| close.to_string()).collect();
    let adjusted: Vec<String> =
        closes.iter().map(|(_, close)| (close * factor).to_string()).collect();
    let open: Vec<String> = closes.iter().map(|(_, close)| (close - 1.0).to_string()).collect();
    let open = if opens { format!(r#""open":[{}],"#, open.join(",")) } else { String::new() };
    format!(
        r#"{{"chart":{{"result":[{{"meta":{{"symbol":"{symbol}","currency":"USD","gmtoffset":-18000}},
        "timestamp":[{}],"indicators":{{"quote":[{{{open}"close":[{}]}}],"adjclose":[{{"adjclose":[{}]}}]}}}}],
        "error":null}}}}"#,
        stamps.join(","),
        values.join(","),
        adjusted.join(",")
    )
}

#[test]
fn a_snapshot_without_opens_is_fetched_again_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let base = MockServer::start();
    let update = |closes: &[f64], opens: bool| {
        let mut mock = base.mock(|when, then| {
            when.path("/v8/finance/chart/SPY");
            then.status(200).body(with_opens("SPY", &days(closes), 1.0, opens));
        });
        let outcome =
            one(&asked(Vendor::Yahoo, &base.base_url(), &["SPY"], folder.path())).unwrap();
        mock.delete();
        let read = Snapshot::open(folder.path()).unwrap().series(&ticker("SPY")).unwrap().1;
        (outcome.again, outcome.revisions, read.open)
    };
    assert_eq!(update(&[2.0, 3.0], false), (false, vec![], None));
    let opens = |values: &[f64]| Some(values.iter().copied().map(Some).collect());
    assert_eq!(update(&[2.0, 3.0, 4.0], true), (true, vec![], opens(&[1.0, 2.0, 3.0])));
    let more = update(&[2.0, 3.0, 4.0, 6.0], true);
    assert_eq!(more, (false, vec![], opens(&[1.0, 2.0, 3.0, 5.0])));
}

/// 2024-01-02 and the days after it.
fn days(closes: &[f64]) -> Vec<(i64, f64)> {
    (19_724..).zip(closes.iter().copied()).collect()
}

#[test]
fn yahoo_is_replayed_into_a_snapshot_that_a_study_reads() {
    let Some(path) = data(MSFT) else { return };
    let body = std::fs::read(path).unwrap();
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.method(GET)
            .path("/v8/finance/chart/MSFT")
            .query_param("interval", "1d")
            .query_param("events", "div|split");
        then.status(200).header("content-type", "application/json").body(body);
    });
    let missing = server.mock(|when, then| {
        when.path("/v8/finance/chart/NONE");
        then.status(404).header("content-type", "application/json").body(
            r#"{"chart":{"result":null,"error":{"code":"Not Found","description":"No data found, symbol may be delisted"}}}"#,
        );
    });
    let folder = tempfile::tempdir().unwrap();
    let fetched = fetch(
        &asked(Vendor::Yahoo, &server.base_url(), &["MSFT", "NONE", "MSFT"], folder.path()),
        &Quiet,
    )
    .unwrap();
    let [msft, none] = fetched.as_slice() else { panic!("a ticker twice is one job") };
    let outcome = msft.outcome.as_ref().unwrap();
    assert_eq!((outcome.added, outcome.last), (252, Date::constant(2022, 1, 28)));
    let told = none.outcome.as_ref().unwrap_err().to_string();
    assert!(
        told.ends_with(
            "is a refusal of the vendor: Not Found: No data found, symbol may be delisted"
        ),
        "{told}"
    );
    mock.assert_calls(1);
    missing.assert_calls(1);
    let loaded = sound(&request(folder.path().to_path_buf(), &["MSFT"]));
    assert_eq!((loaded.market.rows(), loaded.notes.len()), (252, 0));
    let read = Snapshot::open(folder.path()).unwrap().series(&ticker("MSFT")).unwrap().1;
    assert_eq!(read.dividends.len(), 4);
    assert!(read.volume.is_some());
    // Opens lie in the range of a session's moves, and are not asked for by a study that trades at the close.
    let opens = read.open.unwrap();
    assert!(
        (0..252).all(|row| (opens[row].unwrap() / read.close.get(row).unwrap() - 1.0).abs() < 0.1)
    );
}

#[test]
fn stooq_is_asked_for_the_american_share() {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.path("/q/d/l/").query_param("s", "spy.us").query_param("i", "d");
        then.status(200).body(
            "Date,Open,High,Low,Close,Volume\n2024-01-02,1,1,1,10,5\n2024-01-03,1,1,1,11,5\n",
        );
    });
    server.mock(|when, then| {
        when.path("/q/d/l/").query_param("s", "qqq.us");
        then.status(200).body("Exceeded the daily hits limit");
    });
    let folder = tempfile::tempdir().unwrap();
    let fetched =
        fetch(&asked(Vendor::Stooq, &server.base_url(), &["SPY", "QQQ"], folder.path()), &Quiet)
            .unwrap();
    assert_eq!(fetched[0].outcome.as_ref().unwrap().rows, 2);
    let told = fetched[1].outcome.as_ref().unwrap_err().to_string();
    assert!(told.ends_with("is a refusal of the vendor: Exceeded the daily hits limit"), "{told}");
    let snapshot = Snapshot::open(folder.path()).unwrap();
    assert_eq!(snapshot.entries()["SPY"].basis.as_deref(), Some("total_return"));
}

#[test]
fn the_french_zip_is_kept_as_it_is() {
    let Some(path) = data("french/F-F_Research_Data_Factors_daily_CSV.zip") else { return };
    let body = std::fs::read(path).unwrap();
    let server = MockServer::start();
    server.mock(|when, then| {
        when.path("/pages/faculty/ken.french/ftp/F-F_Research_Data_Factors_daily_CSV.zip");
        then.status(200).header("content-type", "application/zip").body(&body);
    });
    let folder = tempfile::tempdir().unwrap();
    let outcome = one(&asked(Vendor::French, &server.base_url(), &[], folder.path())).unwrap();
    assert_eq!((outcome.rows, outcome.last), (25_901, Date::constant(2024, 12, 31)));
    let snapshot = Snapshot::open(folder.path()).unwrap();
    let kept = snapshot.factors().unwrap().unwrap();
    assert_eq!(std::fs::read(kept).unwrap(), body);
    let entry = snapshot.entries().values().next().unwrap();
    assert_eq!(entry.vintage.as_deref(), Some("202412"));
}

#[test]
fn only_new_sessions_are_fetched_and_revisions_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let base = MockServer::start();
    let update = |closes: &[f64], factor: f64| {
        let mut mock = base.mock(|when, then| {
            when.path("/v8/finance/chart/SPY");
            then.status(200).body(chart("SPY", &days(closes), factor));
        });
        let outcome =
            one(&asked(Vendor::Yahoo, &base.base_url(), &["SPY"], folder.path())).unwrap();
        let calls = mock.calls();
        mock.delete();
        (outcome, calls)
    };
    let (outcome, _) = update(&[1.0, 2.0, 3.0], 1.0);
    assert_eq!((outcome.added, outcome.rows, outcome.again), (3, 3, false));
    let (outcome, calls) = update(&[1.0, 2.0, 3.0, 4.0], 1.0);
    assert_eq!((outcome.added, outcome.rows, outcome.again, calls), (1, 4, false, 1));
    let (outcome, _) = update(&[1.0, 2.0, 3.0, 4.0], 1.0);
    assert_eq!((outcome.added, outcome.again), (0, false));
    // A dividend changes every adjusted close before it: the history comes again.
    let (outcome, calls) = update(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.99);
    assert_eq!((outcome.added, outcome.again, calls), (1, true, 2));
    assert_eq!(outcome.revisions, []);
    // A split halves all closes, which is no revision; one close was revised on top of it.
    let (outcome, _) = update(&[0.5, 1.0, 1.6, 2.0, 2.5], 0.99);
    let date = Date::constant(2024, 1, 4);
    let revision = Revision { date, before: Some(3.0), after: Some(1.6) };
    assert_eq!((outcome.again, outcome.revisions), (true, vec![revision]));
    let read = Snapshot::open(folder.path()).unwrap().series(&ticker("SPY")).unwrap().1;
    assert_eq!(read.close.get(2), Some(1.6));
}

/// A server of plain bytes: the answer to the first request, to the second ..; the last one repeats.
fn raw(answers: Vec<Vec<u8>>, drip: Option<Duration>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let served = Arc::new(AtomicUsize::new(0));
    let count = served.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let at = count.fetch_add(1, Ordering::SeqCst);
            let answer = answers[at.min(answers.len() - 1)].clone();
            std::thread::spawn(move || answer_with(stream, &answer, drip));
        }
    });
    (address, served)
}

fn answer_with(mut stream: TcpStream, answer: &[u8], drip: Option<Duration>) {
    let mut head = [0; 4096];
    let _ = stream.read(&mut head);
    match drip {
        None => {
            let _ = stream.write_all(answer);
        }
        Some(pause) => {
            for byte in answer {
                if stream.write_all(&[*byte]).is_err() {
                    return;
                }
                std::thread::sleep(pause);
            }
        }
    }
}

fn http(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn sound_answer() -> Vec<u8> {
    http("200 OK", "", chart("SPY", &days(&[1.0, 2.0]), 1.0).as_bytes())
}

fn from_raw(answers: Vec<Vec<u8>>) -> (Result<Outcome>, usize, Duration) {
    let (base, served) = raw(answers, None);
    let folder = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let outcome = one(&asked(Vendor::Yahoo, &base, &["SPY"], folder.path()));
    (outcome, served.load(Ordering::SeqCst), begun.elapsed())
}

#[test]
fn passing_faults_are_tried_again() {
    let truncated = {
        let mut answer = sound_answer();
        answer.truncate(answer.len() - 20);
        answer
    };
    let faults = [
        ("500", http("500 Internal Server Error", "", b"")),
        ("503", http("503 Service Unavailable", "", b"<html>busy</html>")),
        ("429", http("429 Too Many Requests", "", b"Too Many Requests\r\n")),
        ("truncated", truncated),
        ("page", http("200 OK", "content-type: text/html\r\n", b"<!DOCTYPE html><p>consent</p>")),
        ("empty", http("200 OK", "", b"")),
        ("silence", Vec::new()),
        ("noise", b"\x00\x01\x02\r\n\r\n".to_vec()),
    ];
    for (name, fault) in faults {
        let (outcome, served, _) = from_raw(vec![fault, sound_answer()]);
        assert_eq!(outcome.unwrap_or_else(|error| panic!("{name}: {error}")).rows, 2, "{name}");
        assert_eq!(served, 2, "{name}");
    }
}

#[test]
fn retry_after_is_honoured() {
    let busy = |seconds: u32| {
        http("429 Too Many Requests", &format!("retry-after: {seconds}\r\n"), b"Too Many Requests")
    };
    let (outcome, served, took) = from_raw(vec![busy(1), sound_answer()]);
    assert_eq!((outcome.unwrap().rows, served), (2, 2));
    assert!(took >= Duration::from_secs(1) && took < Duration::from_secs(5), "{took:?}");
    let (outcome, served, _) = from_raw(vec![busy(3_600), sound_answer()]);
    let error = outcome.unwrap_err().to_string();
    assert!(error.ends_with("429 Too Many Requests and asks to wait 3600 s"), "{error}");
    assert_eq!(served, 1);
}

#[test]
fn lasting_faults_are_named() {
    let cases = [
        ("for ever 500", http("500 Internal Server Error", "", b"")),
        ("forbidden", http("403 Forbidden", "", b"no")),
        ("picture", http("200 OK", "content-type: image/png\r\n", b"\x89PNG....")),
        ("page", http("200 OK", "content-type: text/html\r\n", b"<html>login</html>")),
        ("large", http("200 OK", "", &vec![b' '; (1 << 20) + 1])),
        ("other ticker", http("200 OK", "", chart("QQQ", &days(&[1.0]), 1.0).as_bytes())),
        ("not json", http("200 OK", "content-type: application/json\r\n", b"{\"chart\": ")),
        ("no text", http("200 OK", "", b"{\"chart\": \"\xff\"}")),
    ];
    let mut told = Vec::new();
    for (name, answer) in cases {
        let (outcome, served, _) = from_raw(vec![answer]);
        let error = outcome.unwrap_err().to_string();
        let (before, after) = error.split_once("http://").unwrap();
        let after = after.find(' ').map_or("", |space| &after[space..]);
        told.push(format!("{name}, {served} requests: {before}URL{after}"));
    }
    insta::assert_snapshot!(told.join("\n"), @"
    for ever 500, 3 requests: URL cannot be fetched (3 tries): the server answers 500 Internal Server Error
    forbidden, 1 requests: URL cannot be fetched (1 try): the server answers 403 Forbidden
    picture, 1 requests: URL cannot be fetched (1 try): the server answers with image/png
    page, 3 requests: URL cannot be fetched (3 tries): the server answers with a web page
    large, 1 requests: URL cannot be fetched (1 try): the body has more than 1048576 bytes
    other ticker, 1 requests: URL holds QQQ, not SPY
    not json, 1 requests: URL is damaged: EOF while parsing a value at line 1 column 10
    no text, 1 requests: URL line 1 is not UTF-8: it has byte 0xFF, 'ÿ' in Latin-1
    ");
}

#[test]
fn a_slow_drip_ends_at_the_time_out() {
    let (base, _) = raw(vec![sound_answer()], Some(Duration::from_millis(20)));
    let folder = tempfile::tempdir().unwrap();
    let mut request = asked(Vendor::Yahoo, &base, &["SPY"], folder.path());
    request.limits.backoff.tries = 1;
    let begun = Instant::now();
    let error = one(&request).unwrap_err().to_string();
    assert!(error.contains("timeout"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert!(!Snapshot::is_at(folder.path()));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzip_is_unpacked_and_a_bomb_of_it_refused() {
    let header = "content-encoding: gzip\r\ncontent-type: application/json\r\n";
    let packed = gzip(chart("SPY", &days(&[1.0, 2.0]), 1.0).as_bytes());
    let (outcome, served, _) = from_raw(vec![http("200 OK", header, &packed)]);
    assert_eq!((outcome.unwrap().rows, served), (2, 1));
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 100_000);
    let (outcome, served, _) = from_raw(vec![http("200 OK", header, &bomb)]);
    let error = outcome.unwrap_err().to_string();
    assert!(error.ends_with("the body has more than 1048576 bytes"), "{error}");
    assert_eq!(served, 1);
}

#[test]
fn a_ticker_is_never_a_path() {
    for text in ["../../x", "a/b", "a\\b", "x?y=1", "x#y", "x y", "..", "%2e%2e"] {
        let name = Ticker::new(text).unwrap().file_name();
        assert!(!name.contains(['/', '\\', '?', '#', ' ']) && !name.starts_with('.'), "{name}");
    }
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.path("/v8/finance/chart/%5EGSPC");
        then.status(200).body(chart("^GSPC", &days(&[1.0, 2.0]), 1.0));
    });
    let outside = server.mock(|when, then| {
        when.path("/v8/finance/chart/..%2Fx%3Fy");
        then.status(200).body(chart("../x?y", &days(&[1.0, 2.0]), 1.0));
    });
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for name in ["^GSPC", "../x?y"] {
        one(&asked(Vendor::Yahoo, &server.base_url(), &[name], &data)).unwrap();
    }
    mock.assert_calls(1);
    outside.assert_calls(1);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let snapshot = Snapshot::open(&data).unwrap();
    assert_eq!(snapshot.series(&Ticker::new("../x?y").unwrap()).unwrap().1.close.len(), 2);
}

#[test]
fn nobody_listening_and_a_stop_end_a_fetch() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let request = asked(Vendor::Yahoo, &format!("http://{free}"), &["SPY", "QQQ"], folder.path());
    let error = one(&request).unwrap_err();
    assert!(matches!(error, Error::Fetch { tries: 3, .. }), "{error}");
    let fetched: Vec<Fetched> = fetch(&request, &Stop).unwrap();
    assert!(fetched.iter().all(|one| matches!(one.outcome, Err(Error::Fetch { tries: 0, .. }))));
}
