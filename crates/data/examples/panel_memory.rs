//! The memory that a panel takes while it is loaded and while it is checked, 5,000 assets by 10,000 days
//! if no size is given: `make bench-memory`, or `panel_memory panel.csv 1500 2500`.
//!
//! The panel is written once, to the path given, as CSV or Parquet by its extension.

#[path = "../tests/panel/mod.rs"]
#[allow(dead_code, reason = "the tests write a long panel, too")]
mod panel;

use std::path::PathBuf;

use panel::{Size, peak_of_check, peak_of_load, write};

/// What a process of its own does, so that what others have used does not count.
const TASKS: [&str; 2] = ["load", "check"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    const USAGE: &str = "usage: panel_memory FILE [ASSETS DAYS] [load|check]";
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = PathBuf::from(arguments.first().ok_or(USAGE)?);
    let number = |at: usize| arguments.get(at).and_then(|text| text.parse().ok());
    let size = Size { assets: number(1).unwrap_or(5_000), rows: number(2).unwrap_or(10_000) };
    let task = arguments.last().filter(|last| TASKS.contains(&last.as_str()));
    let Some(task) = task else {
        write(&path, size)?;
        for task in TASKS {
            let mut alone = std::process::Command::new(std::env::current_exe()?);
            if !alone.args(&arguments).arg(task).status()?.success() {
                return Err(format!("the panel does not {task}").into());
            }
        }
        return Ok(());
    };
    let peak = if task == "load" { peak_of_load(&path, size)? } else { peak_of_check(&path)?.0 };
    let market = size.market_bytes();
    println!(
        "{task} {} assets x {} days: {:.1} MB of prices and returns, {:.1} MB at the peak, {:.2} times",
        size.assets,
        size.rows,
        market as f64 / 1e6,
        peak as f64 / 1e6,
        peak as f64 / market as f64
    );
    Ok(())
}
