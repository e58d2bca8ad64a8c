//! `walkfolio serve` over a real socket.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;
#[path = "browser/server.rs"]
mod server;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{repository, text};
use server::Server;

impl Server {
    /// Sends bytes and reads until the server ends the connection.
    fn send(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, address: &str) -> String {
        self.send(&format!(
            "GET {address} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        ))
    }
}

fn walkfolio(place: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_walkfolio"));
    command.args(arguments).current_dir(place).env("NO_COLOR", "1");
    command
}

fn run(place: &Path, study: &str, more: &[&str]) {
    let study = repository().join("studies").join(study);
    let output = walkfolio(place, &[&["run", study.to_str().unwrap(), "--bulk"], more].concat())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn pages_come_over_a_socket() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let short = ["--set", "walk_forward.last=2020-06-30"];
    run(place, "mtum-all-eleven.toml", &[&short[..], &["--out", "runs/all"]].concat());
    run(place, "mtum-best-subset.toml", &[&short[..], &["--out", "runs/five"]].concat());
    let server = Server::start(place, &[]);
    let page = server.get("/?sort=te");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(page.contains("content-security-policy: default-src 'none'"));
    assert!(page.contains("<a href=\"&#x2f;run&#x2f;all&#x2f;\">all</a>"), "{page}");
    let report = server.get("/run/all/");
    assert!(report.contains("HTTP/1.1 200 OK") && report.contains("id=\"plotting\""));
    assert!(report.trim_end().ends_with("</html>"));
    let compared = server.get("/compare?run=all&run=five");
    assert!(compared.contains("2 runs side by side"), "{}", &compared[..500]);
    // Two requests on one connection, of which the first has a head and no body.
    let host = server.address;
    let two = server.send(&format!(
        "HEAD / HTTP/1.1\r\nHost: {host}\r\n\r\nGET /state HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    ));
    assert_eq!(two.matches("HTTP/1.1 200 OK").count(), 2, "{two}");
    assert!(!two.contains("<!doctype") && two.trim_end().ends_with('}'), "{two}");
    let length = |page: &str| {
        let (_, rest) = page.split_once("content-length: ").unwrap();
        rest.split("\r\n").next().unwrap().parse::<usize>().unwrap()
    };
    assert_eq!(length(&two), server.get("/").split_once("\r\n\r\n").unwrap().1.len());
}

#[test]
fn what_is_no_request_for_a_page_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let server = Server::start(place.path(), &["."]);
    let host = server.address;
    let first =
        |request: String| server.send(&request).lines().next().unwrap_or_default().to_owned();
    let with = |line: &str, headers: &str| {
        first(format!("{line} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"))
    };
    assert_eq!(with("GET /", &format!("Host: {host}\r\n")), "HTTP/1.1 200 OK");
    assert_eq!(with("GET /", "Host: evil.example\r\n"), "HTTP/1.1 421 Misdirected Request");
    assert_eq!(with("GET /", ""), "HTTP/1.1 421 Misdirected Request");
    let length = format!("Host: {host}\r\nContent-Length: 3\r\n");
    assert_eq!(with("POST /", &length), "HTTP/1.1 405 Method Not Allowed");
    assert_eq!(
        with("GET /../../etc/passwd", &format!("Host: {host}\r\n")),
        "HTTP/1.1 404 Not Found"
    );
    assert_eq!(first("nonsense\r\n\r\n".to_owned()), "HTTP/1.1 400 Bad Request");
    let long = format!("Host: {host}\r\nX: {}\r\n", "x".repeat(200_000));
    assert!(with("GET /", &long).contains(" 431 "), "a head without end is not read");
    // One that is silent keeps nobody waiting.
    let _silent = TcpStream::connect(host).unwrap();
    assert_eq!(with("GET /", &format!("Host: {host}\r\n")), "HTTP/1.1 200 OK");
}

#[test]
fn ctrl_c_ends_it_at_once() {
    let place = tempfile::tempdir().unwrap();
    let mut server = Server::start(place.path(), &["."]);
    let _open = TcpStream::connect(server.address).unwrap();
    let began = Instant::now();
    Command::new("kill").args(["-INT", &server.process.id().to_string()]).status().unwrap();
    let status = server.process.wait().unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[test]
fn what_cannot_be_served_says_why() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let told = |arguments: &[&str]| {
        let output = walkfolio(place, &[&["serve"], arguments].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        text(&output.stderr)
    };
    assert!(told(&[]).contains("runs is not a folder of runs: it does not exist"));
    run(place, "mtum-all-eleven.toml", &["--set", "walk_forward.last=2020-03-31", "--out", "one"]);
    let said = told(&["one"]);
    assert!(said.contains("one is a run, not a folder of runs"), "{said}");
    let server = Server::start(place, &["."]);
    let said = told(&[".", "--port", &server.address.port().to_string()]);
    assert!(said.contains("--port 0 takes a free one"), "{said}");
    let said = told(&[".", "--port", "0", "--host", "203.0.113.7"]);
    assert!(said.contains("--host is an address of this machine"), "{said}");
}

/// A run that is at work is in the table with its progress, and in `runs`; one that was killed is told from it.
#[test]
fn a_run_that_is_under_way_is_shown() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    std::fs::create_dir(place.join("runs")).unwrap();
    let study = repository().join("studies/mtum-replica-tuned.toml");
    let mut long =
        walkfolio(place, &["run", study.to_str().unwrap(), "--out", "runs/long", "--threads", "1"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
    let server = Server::start(place, &[]);
    let began = Instant::now();
    let state = loop {
        let state = server.get("/state");
        if state.contains("decisions") {
            break state;
        }
        let ended = long.try_wait().unwrap();
        assert!(ended.is_none() && began.elapsed() < Duration::from_mins(2), "{state}");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(state.contains("\"name\":\"long\"") && state.contains("decisions"), "{state}");
    let page = server.get("/");
    assert!(page.contains("<progress max="), "{page}");
    let output = walkfolio(place, &["runs"]).output().unwrap();
    let list = text(&output.stdout);
    assert!(list.starts_with("long  running  ") && list.contains(" decisions"), "{list}");
    long.kill().unwrap();
    long.wait().unwrap();
    assert!(server.get("/state").contains("\"running\":[]"));
    let page = server.get("/run/long/");
    assert!(page.contains("run --resume goes on"), "{page}");
    let list = text(&walkfolio(place, &["runs", "--json"]).output().unwrap().stdout);
    assert!(list.contains("\"state\":\"killed\""), "{list}");
}
