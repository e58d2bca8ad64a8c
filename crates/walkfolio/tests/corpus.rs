//! Every study of the fuzz corpus again, on the stable compiler: no panic, and seeds whose name
//! begins with `no-` are refused, with their faults.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use std::fmt::Write;

use walkfolio::Study;

#[test]
fn studies() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/study");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 10, "{} studies in {folder}", paths.len());
    let mut told = String::new();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        let read = Study::parse("x.toml", text, &[]);
        // What is stored with a run is a study again, and the same one.
        if let Ok(study) = &read {
            let resolved = toml::to_string(&study.resolved()).unwrap();
            let again = Study::parse("x.toml", &resolved, &[]).unwrap_or_else(|error| {
                panic!("{name}: {error}\n{resolved}");
            });
            assert_eq!(again.hash(), study.hash(), "{name}");
        }
        // A fuzzer names what it finds by its SHA-1.
        if name.len() == 40 {
            continue;
        }
        assert_eq!(read.is_err(), name.starts_with("no-"), "{name}");
        match read {
            Ok(study) => writeln!(told, "{name}: {}", study.config().universe().len()).unwrap(),
            Err(error) => writeln!(told, "{name}:\n{error}").unwrap(),
        }
    }
    insta::assert_snapshot!(told, @"");
}
