//! The order in which a study lists its assets decides nothing.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::collections::BTreeMap;

use common::on_real_data;
use walkfolio::Silent;

/// Weights to the bit, by date and asset.
fn decisions(name: &str, assets: &[&str], more: &[&str]) -> Option<BTreeMap<String, u64>> {
    let listed = format!("market.assets={assets:?}");
    let overrides: Vec<&str> =
        std::iter::once(listed.as_str()).chain(more.iter().copied()).collect();
    let (study, loaded) = on_real_data(name, &overrides)?;
    let run = study.run(&loaded, &Silent).unwrap();
    let row = |row: &walkfolio::DecisionRow| {
        (format!("{} {}", row.date, row.asset), row.weight.to_bits())
    };
    Some(run.decisions.iter().map(row).collect())
}

#[test]
fn a_study_decides_alike_however_its_assets_are_listed() {
    let listed = ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH", "AIQ"];
    let mut backwards = listed;
    backwards.reverse();
    let mut mixed = listed;
    mixed.rotate_left(4);
    mixed.swap(1, 9);
    let recent = ["walk_forward.first=2023-12-01"];
    for name in ["mtum-replica.toml", "mtum-best-subset.toml"] {
        let Some(expected) = decisions(name, &listed, &recent) else { return };
        assert!(expected.values().any(|bits| f64::from_bits(*bits) > 0.0), "{name}");
        for other in [backwards, mixed] {
            assert_eq!(
                decisions(name, &other, &recent),
                Some(expected.clone()),
                "{name} {other:?}"
            );
        }
    }
}
