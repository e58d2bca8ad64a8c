//! Factor files, text and zip: whatever the bytes, the reader answers or names the fault.
//!
//! `make fuzz TARGET=french SECONDS=600`

#![no_main]

use libfuzzer_sys::fuzz_target;
use walkfolio_data::read_factors;

fuzz_target!(|data: &[u8]| {
    if let Ok(file) = read_factors("factors.csv", data) {
        assert!(file.rows > 0 && file.first <= file.last);
    }
});
