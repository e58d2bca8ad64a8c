//! Objectives and constraints against independent programs (`SOURCE.md` beside the golden files).
//!
//! Daily covariances times 252; the files' objective is half of the variance. Tolerances are those of
//! the source: 1e-9 of the objective, 1e-7 of a weight.

#![allow(clippy::unwrap_used)] // a test says what went wrong by failing

use std::path::{Path, PathBuf};

use serde_json::Value;
use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{Choice, Mandate, MinimumVariance, Optimizer, Precision, Settings};

const PROBLEMS: [&str; 3] = ["A2019", "B2020", "R1"];

/// The golden files, where they are found.
fn folder() -> Option<PathBuf> {
    let golden = std::env::var_os("WALKFOLIO_GOLDEN").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden"),
        Into::into,
    );
    let folder = golden.join("advanced");
    folder.is_dir().then_some(folder)
}

struct Problem {
    assets: Vec<String>,
    covariance: Covariance,
    json: Value,
}

impl Problem {
    fn read(folder: &Path, name: &str) -> Self {
        let text = std::fs::read_to_string(folder.join(format!("obj_{name}.json"))).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        let assets: Vec<String> = serde_json::from_value(json["assets"].clone()).unwrap();
        let n = assets.len();
        let mut sigma = Matrix::zeros(n, n);
        let text = std::fs::read_to_string(folder.join(format!("cov_{name}.csv"))).unwrap();
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let at = |name: &str| assets.iter().position(|asset| asset == name).unwrap();
            let (i, j) = (at(cells[0]), at(cells[1]));
            let value = cells[2].parse::<f64>().unwrap() * 252.0;
            (sigma[(i, j)], sigma[(j, i)]) = (value, value);
        }
        Self { covariance: Covariance::dense(sigma).unwrap(), assets, json }
    }

    /// Both solvers give the weights and the variance of a solution.
    fn check(&self, mandate: &Mandate, solution: &str) {
        let expected = &self.json["solutions"][solution];
        let weights: Vec<f64> = serde_json::from_value(expected["weights"].clone()).unwrap();
        let variance = 2.0 * expected["objective"].as_f64().unwrap();
        for choice in [Choice::Auto, Choice::Clarabel] {
            let settings = Settings { choice, ..Settings::default() };
            let found = Optimizer::new(settings).solve(mandate, Precision::Full).unwrap();
            let value = found.report.objective.unwrap();
            assert!((value - variance).abs() <= 1e-9 * variance, "{choice:?}: {value} {variance}");
            // An interior point ends before the last digits of a flat optimum.
            let tolerance = if choice == Choice::Auto { 1e-7 } else { 1e-4 };
            for (at, (w, expected)) in found.weights.iter().zip(&weights).enumerate() {
                let asset = &self.assets[at];
                assert!((w - expected).abs() <= tolerance, "{choice:?} {asset}: {w} {expected}");
            }
            assert!(mandate.constraints().violation(&found.weights) < 1e-8);
        }
    }
}

#[test]
fn minimum_variance_long_only() {
    let Some(folder) = folder() else { return };
    for name in PROBLEMS {
        let problem = Problem::read(&folder, name);
        let objective = MinimumVariance::new(problem.covariance.clone()).unwrap();
        let mandate = Mandate::long_only(objective, 1.0).unwrap();
        problem.check(&mandate, "min_variance_long_only");
    }
}
