//! How much memory reading takes at most.
//!
//! Measured by the kernel's own record of the process, in a process of its own: an allocator that
//! counts would need `unsafe`, which the crate forbids.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod panel;

use std::io::Read;
use std::path::Path;
use std::process::Command;

use panel::{Size, peak_of_check, peak_of_load, resident, write, write_long};
use walkfolio_data::read_from;

const MIB: usize = 1 << 20;
/// Names the panel to a process that is to load it.
const PANEL: &str = "WALKFOLIO_TEST_PANEL";
const SIZE: Size = Size { assets: 1_000, rows: 4_000 };

/// Runs one test of this file in a process of its own.
fn alone(test: &str, variable: &str, value: &Path) -> bool {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(variable, value);
    command.status().unwrap().success()
}

/// The peak is at most 1.3 times a market's size.
fn within_bound(peak: usize) {
    let market = SIZE.market_bytes();
    println!("{} MiB at the peak, {} MiB of market", peak / MIB, market / MIB);
    assert!(10 * peak < 13 * market, "{peak} bytes for {market}");
}

/// Runs a test of this file alone, on a panel of each format.
fn alone_on_panels(test: &str) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["panel.parquet", "panel.csv"] {
        let path = folder.path().join(name);
        write(&path, SIZE).unwrap();
        assert!(alone(test, PANEL, &path), "{name}");
    }
}

#[test]
fn a_panel_loads_in_little_more_than_its_size() {
    let Some(path) = std::env::var_os(PANEL) else {
        return alone_on_panels("a_panel_loads_in_little_more_than_its_size");
    };
    let peak = peak_of_load(Path::new(&path), SIZE).unwrap();
    let market = SIZE.market_bytes();
    assert!(peak >= market, "a market of {market} bytes took {peak}: the measure is wrong");
    within_bound(peak);
}

/// A row names its ticker and its session, so that a series with its dates is put together
/// before it is a column: 12 bytes a price, next to the 16 of the market.
#[test]
fn a_long_file_loads_in_few_times_the_size_of_its_market() {
    const LONG: Size = Size { assets: 1_500, rows: 2_500 };
    let Some(path) = std::env::var_os(PANEL) else {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.parquet");
        write_long(&path, LONG).unwrap();
        let name = "a_long_file_loads_in_few_times_the_size_of_its_market";
        assert!(alone(name, PANEL, &path));
        return;
    };
    let (peak, market) = (peak_of_load(Path::new(&path), LONG).unwrap(), LONG.market_bytes());
    println!("{} MiB at the peak, {} MiB of market", peak / MIB, market / MIB);
    assert!(2 * peak < 5 * market, "{peak} bytes for {market}");
}

#[test]
fn a_check_takes_no_more_than_the_market() {
    let Some(path) = std::env::var_os(PANEL) else {
        return alone_on_panels("a_check_takes_no_more_than_the_market");
    };
    let (peak, report) = peak_of_check(Path::new(&path)).unwrap();
    assert_eq!(report.coverage.len(), SIZE.assets);
    within_bound(peak);
}

/// A line of 10 GB, with a count of what was taken from it.
struct Endless<'a> {
    start: &'static [u8],
    taken: &'a mut u64,
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        const SIZE: u64 = 10_000_000_000;
        if !self.start.is_empty() {
            let read = self.start.read(buffer)?;
            return Ok(read);
        }
        if *self.taken >= SIZE {
            return Ok(0);
        }
        buffer.fill(b'1');
        *self.taken += buffer.len() as u64;
        Ok(buffer.len())
    }
}

#[test]
fn a_line_without_end_is_refused_while_it_is_read() {
    const LINE: &str = "WALKFOLIO_TEST_LINE";
    if std::env::var_os(LINE).is_none() {
        assert!(alone("a_line_without_end_is_refused_while_it_is_read", LINE, Path::new("1")));
        return;
    }
    let before = resident("VmRSS").unwrap();
    for (start, told) in [
        (&b"date,SPY\n2024-01-02,"[..], "x.csv line 2 has more than 1048576 bytes"),
        (b"date,", "x.csv line 1 has more than 1048576 bytes"),
        (b"{\"chart\":", "x.csv holds more than 64 MiB"),
    ] {
        let (mut taken, json) = (0, start[0] == b'{');
        let name = if json { "x" } else { "x.csv" };
        let error = read_from(name, Endless { start, taken: &mut taken }).unwrap_err();
        assert_eq!(error.to_string(), told.replace("x.csv", name));
        if !json {
            assert!(taken < 2 * MIB as u64, "{taken} bytes were read");
            let grown = resident("VmHWM").unwrap() - before;
            assert!(grown < 6 * MIB, "the process grew by {grown} bytes");
        }
    }
}
