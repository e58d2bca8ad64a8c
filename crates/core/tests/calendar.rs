//! The calendar's rules against the published sessions of 2000 to 2026.

use std::path::{Path, PathBuf};

use walkfolio_core::Date;
use walkfolio_core::calendar::{is_early_close, sessions};

fn data(file: &str) -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = std::env::var_os("WALKFOLIO_DATA").map_or(default, PathBuf::from).join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is absent", path.display());
    println!("skipped: real data not found");
    None
}

#[test]
fn every_session_and_early_close_since_2000_is_reproduced() {
    let Some(path) = data("calendar/xnys_sessions_2000_2026.csv") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let published: Vec<(Date, bool)> = text
        .lines()
        .skip(1)
        .map(|line| line.split_once(',').unwrap())
        .map(|(date, early)| (date.parse().unwrap(), early == "True"))
        .collect();
    let by_rule: Vec<(Date, bool)> =
        sessions("2000-01-01".parse().unwrap(), "2026-12-31".parse().unwrap())
            .into_iter()
            .map(|date| (date, is_early_close(date)))
            .collect();
    assert_eq!(by_rule, published);
}
