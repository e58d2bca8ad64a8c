//! The memory that a panel of 5,000 assets by 10,000 days takes while it loads: `make bench-memory`.
//!
//! The panel is written once, to the path given.

#[path = "../tests/panel/mod.rs"]
mod panel;

use std::path::PathBuf;

use panel::{Size, peak_of_load, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let size = Size { assets: 5_000, rows: 10_000 };
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().ok_or("usage: panel_memory FILE [load]")?);
    if arguments.next().is_none() {
        write(&path, size)?;
        // Another process loads it: what the writer has used does not count.
        let mut load = std::process::Command::new(std::env::current_exe()?);
        let status = load.arg(&path).arg("load").status()?;
        return if status.success() { Ok(()) } else { Err("the panel does not load".into()) };
    }
    let peak = peak_of_load(&path, size)?;
    let market = size.market_bytes();
    println!(
        "{} assets x {} days: {} MB of prices and returns, {} MB at the peak of loading, {:.2} times",
        size.assets,
        size.rows,
        market / 1_000_000,
        peak / 1_000_000,
        peak as f64 / market as f64
    );
    Ok(())
}
