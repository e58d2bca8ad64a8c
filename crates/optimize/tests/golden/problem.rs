//! The test problems of the golden files.

use std::path::{Path, PathBuf};

use serde_json::Value;
use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{Constraints, Mandate, Optimizer, Precision};

const PROBLEMS: [&str; 3] = ["A2019", "B2020", "R1"];

/// The golden files, where they are found.
pub fn folder() -> Option<PathBuf> {
    let golden = std::env::var_os("WALKFOLIO_GOLDEN").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden"),
        Into::into,
    );
    let folder = golden.join("advanced");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is absent", folder.display());
    println!("skipped: real data not found");
    None
}

pub fn problems() -> Vec<Problem> {
    let Some(folder) = folder() else { return Vec::new() };
    PROBLEMS.iter().map(|name| Problem::read(&folder, name)).collect()
}

pub struct Problem {
    pub name: String,
    pub assets: Vec<String>,
    pub covariance: Covariance,
    /// Annual.
    pub mean: Vec<f64>,
    /// Current holdings, in proportion to n, n - 1, ..., 1.
    pub current: Vec<f64>,
    pub json: Value,
}

impl Problem {
    fn read(folder: &Path, name: &str) -> Self {
        let json = |file: String| -> Value {
            serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap()
        };
        let moments = json(format!("mu_{name}.json"));
        let json = json(format!("obj_{name}.json"));
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
        let numbers = |value: &Value| serde_json::from_value::<Vec<f64>>(value.clone()).unwrap();
        Self {
            covariance: Covariance::dense(sigma).unwrap(),
            mean: numbers(&moments["historical"]),
            current: numbers(&json["inputs"]["previous_weights"]),
            name: name.to_owned(),
            assets,
            json,
        }
    }

    pub fn n(&self) -> usize {
        self.assets.len()
    }

    pub fn equal(&self) -> Vec<f64> {
        vec![1.0 / self.n() as f64; self.n()]
    }

    pub fn long_only(&self) -> Constraints {
        Constraints::long_only(self.n(), 1.0).unwrap()
    }

    /// The bounds of a solution.
    pub fn between(&self, parameters: &Value) -> Constraints {
        let bound = |key: &str| vec![parameters[key].as_f64().unwrap(); self.n()];
        Constraints::between(bound("min_weight"), bound("max_weight")).unwrap()
    }

    pub fn solution(&self, name: &str) -> &Value {
        &self.json["solutions"][name]
    }

    pub fn parameter(&self, solution: &str, key: &str) -> f64 {
        self.solution(solution)["parameters"][key].as_f64().unwrap()
    }

    /// The mandate has the value and the weights of a solution, and keeps its constraints.
    pub fn check(&self, mandate: &Mandate, solution: &str, value: f64) {
        let weights = self.solution(solution)["weights"].clone();
        let weights: Vec<f64> = serde_json::from_value(weights).unwrap();
        let found = Optimizer::default().solve(mandate, Precision::Full);
        let found = found.unwrap_or_else(|error| panic!("{} {solution}: {error}", self.name));
        let objective = found.report.objective.unwrap();
        let off = (objective - value).abs() / value.abs();
        assert!(off <= 1e-9, "{} {solution}: {objective} {value}, {off:e}", self.name);
        let apart = found.weights.iter().zip(&weights).map(|(w, expected)| (w - expected).abs());
        let apart = apart.fold(0.0, f64::max);
        assert!(
            apart <= 1e-7,
            "{} {solution}: {apart:e} {:?} {weights:?}",
            self.name,
            found.weights
        );
        let violation = mandate.constraints().violation(&found.weights);
        assert!(violation <= 1e-9, "{} {solution}: violated by {violation:e}", self.name);
    }
}
