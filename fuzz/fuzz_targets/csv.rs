//! Price tables of text: whatever the bytes, each reader answers or names what is wrong.
//!
//! `make fuzz TARGET=csv SECONDS=600`

#![no_main]

use libfuzzer_sys::fuzz_target;
use walkfolio_core::Ticker;
use walkfolio_data::adjust::{Reinvested, factors};
use walkfolio_data::layout::{Layout, parse};
use walkfolio_data::quality::inspect;
use walkfolio_data::read_from;

fuzz_target!(|data: &[u8]| {
    // Wide tables, and every other layout that a header tells, through the detectors.
    if let Ok(panel) = read_from("SPY.csv", data) {
        assert!(panel.columns.iter().all(|column| column.prices.len() == panel.dates.len()));
        let report = inspect(&panel);
        assert_eq!(report.rows, panel.dates.len());
    }
    let Ok(ticker) = Ticker::new("SPY") else { return };
    for layout in [None, Some(Layout::Long), Some(Layout::OneTicker)] {
        let Ok(series) = parse("SPY.csv", data, layout, &ticker) else { continue };
        for own in series {
            assert!(own.dates.windows(2).all(|pair| pair[0] < pair[1]));
            assert_eq!(own.close.len(), own.dates.len());
            assert_eq!(own.lines.len(), own.dates.len());
            let _ = own.total_return("SPY.csv");
            let _ = factors("SPY.csv", &own, Reinvested::CloseBefore);
        }
    }
});
