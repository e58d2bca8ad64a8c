//! Parquet tables, wide and long: whatever the bytes, the readers answer or name what is wrong.
//!
//! The Parquet library panics on some damaged files; the readers turn that into an error, so panics
//! of other crates do not count here. Those of ours do.
//!
//! `make fuzz TARGET=parquet SECONDS=600`

#![no_main]

use libfuzzer_sys::fuzz_target;
use walkfolio_core::Ticker;
use walkfolio_data::layout::{Layout, parse};
use walkfolio_data::quality::inspect;
use walkfolio_data::read_from;

fn count_own_panics_only() {
    std::panic::set_hook(Box::new(|info| {
        let file = info.location().map_or("", std::panic::Location::file);
        if !file.contains(".cargo/registry") && !file.contains("/rustc/") {
            eprintln!("{info}");
            std::process::abort();
        }
    }));
}

fuzz_target!(init: count_own_panics_only(), |data: &[u8]| {
    if let Ok(panel) = read_from("SPY.parquet", data) {
        assert!(panel.columns.iter().all(|column| column.prices.len() == panel.dates.len()));
        inspect(&panel);
    }
    let Ok(ticker) = Ticker::new("SPY") else { return };
    if let Ok(series) = parse("SPY.parquet", data, Some(Layout::Long), &ticker) {
        assert!(series.iter().all(|own| own.close.len() == own.dates.len()));
    }
});
