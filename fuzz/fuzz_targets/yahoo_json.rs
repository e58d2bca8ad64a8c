//! Chart responses: whatever the bytes, the reader answers or names what is wrong.
//!
//! `make fuzz TARGET=yahoo_json SECONDS=600`

#![no_main]

use libfuzzer_sys::fuzz_target;
use walkfolio_core::Ticker;
use walkfolio_data::layout::{Layout, parse};
use walkfolio_data::quality::{Panel, inspect};

fuzz_target!(|data: &[u8]| {
    let Ok(ticker) = Ticker::new("X") else { return };
    let Ok(series) = parse("X.json", data, Some(Layout::YahooChart), &ticker) else { return };
    for own in &series {
        assert!(own.dates.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(own.close.len(), own.dates.len());
        let _ = own.total_return("X.json");
    }
    if let Ok(panel) = Panel::of_series("X.json", &series) {
        inspect(&panel);
    }
});
