//! The memory that a panel takes while it loads, 5,000 assets by 10,000 days if no size is given:
//! `make bench-memory`, or `panel_memory panel.csv 1500 2500`.
//!
//! The panel is written once, to the path given, as CSV or Parquet by its extension.

#[path = "../tests/panel/mod.rs"]
mod panel;

use std::path::PathBuf;

use panel::{Size, peak_of_load, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    const USAGE: &str = "usage: panel_memory FILE [ASSETS DAYS] [load]";
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = PathBuf::from(arguments.first().ok_or(USAGE)?);
    let number = |at: usize| arguments.get(at).and_then(|text| text.parse().ok());
    let size = Size { assets: number(1).unwrap_or(5_000), rows: number(2).unwrap_or(10_000) };
    if arguments.last().is_none_or(|last| last != "load") {
        write(&path, size)?;
        // Another process loads it: what the writer has used does not count.
        let mut load = std::process::Command::new(std::env::current_exe()?);
        let status = load.args(&arguments).arg("load").status()?;
        return if status.success() { Ok(()) } else { Err("the panel does not load".into()) };
    }
    let peak = peak_of_load(&path, size)?;
    let market = size.market_bytes();
    println!(
        "{} assets x {} days: {:.1} MB of prices and returns, {:.1} MB at the peak of loading, {:.2} times",
        size.assets,
        size.rows,
        market as f64 / 1e6,
        peak as f64 / 1e6,
        peak as f64 / market as f64
    );
    Ok(())
}
