//! The names of what a run leaves in its folder.

/// A file's name in the folder of a run, and its bytes.
pub type Table = (&'static str, Vec<u8>);

/// The manifest.
pub(crate) const MANIFEST: &str = "run.json";

/// The folder, inside that of a run, that holds its checkpoints until it is complete.
pub(crate) const CHECKPOINTS: &str = ".checkpoint";

/// How far the run has come, next to its checkpoints.
pub(crate) const PROGRESS: &str = ".progress.json";

/// Files that a run may leave besides its manifest; nothing else in the folder is touched.
pub(super) const FILES: &[&str] = &[
    "decisions.parquet",
    "ledger.parquet",
    "timings.parquet",
    "returns.parquet",
    "grid.parquet",
    "cells.parquet",
    "cell_returns.parquet",
    "luck.json",
    "risk.parquet",
    "frontier.parquet",
    "benchmark_holdings.parquet",
    "baselines.parquet",
    "regimes.parquet",
    "factors.parquet",
    "account.parquet",
    "account_orders.parquet",
    "contributions.parquet",
    "effects.parquet",
    "style.parquet",
    "variants.parquet",
    "stress.parquet",
    "paths.parquet",
    "predictions.parquet",
    "classifier.parquet",
    "importance.parquet",
    "features.parquet",
    "models.parquet",
    "measures.json",
    "data-report.json",
    "report.html",
    "report.md",
    "report.xlsx",
];

/// Whether a name in a run's folder is of the run's making, half-written files included.
pub(super) fn is_ours(name: &str) -> bool {
    name == MANIFEST || name == CHECKPOINTS || FILES.contains(&name) || is_half_written(name)
}

/// Whether a file with this name was being written when its run was killed.
pub(super) fn is_half_written(name: &str) -> bool {
    name.strip_prefix('.').is_some_and(|rest| rest.strip_suffix(".tmp").is_some())
}
