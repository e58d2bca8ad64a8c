//! Study files: whatever the text, all faults are told or the study is valid and stays so.
//!
//! `make fuzz TARGET=study SECONDS=600`

#![no_main]

use libfuzzer_sys::fuzz_target;
use walkfolio::study::Study;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Study::parse("study.toml", text, &[]) {
        Ok(study) => {
            // What is stored with a run is a study again.
            let Ok(resolved) = toml::to_string(&study.resolved()) else { return };
            let again = Study::parse("resolved.toml", &resolved, &[]);
            assert!(again.is_ok_and(|again| again.hash() == study.hash()), "{resolved}");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
