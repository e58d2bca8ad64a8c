//! Problems for other solvers, as `NumPy` arrays, with what this one made of them.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use walkfolio_core::linear::dot;
use walkfolio_optimize::Solution;
use walkfolio_optimize::matrix_form::Dense;

use crate::array::write;

/// Larger problems are not written: a matrix of 500 assets has 2 MB.
const MOST: usize = 500;

/// A folder that problems are written to.
pub struct Folder {
    path: PathBuf,
    cases: Vec<Value>,
}

impl Folder {
    /// That of `WALKFOLIO_PROBLEMS`, if it is set.
    pub fn asked_for() -> Option<Self> {
        let path = PathBuf::from(std::env::var_os("WALKFOLIO_PROBLEMS")?);
        fs::create_dir_all(&path).unwrap();
        Some(Self { path, cases: Vec::new() })
    }

    /// The months of a case, `min w'Hw / 2 - g'w` with `lo <= (w, 1'w) <= hi`; the times of kernel and
    /// optimizer, first and median, in milliseconds.
    pub fn add(
        &mut self,
        name: &str,
        months: &[Dense],
        solutions: &[Solution],
        [kernel, whole]: [(f64, f64); 2],
    ) {
        let (n, _) = months[0].shape();
        if n > MOST {
            return;
        }
        let file = name.replace([' ', '/'], "_");
        let stack = |part: &dyn Fn(&Dense) -> Vec<f64>| months.iter().flat_map(part).collect();
        let matrix = |own: &Dense| (0..n).flat_map(|i| own.matrix.row(i).to_vec()).collect();
        let parts: [(&str, Vec<f64>, usize); 4] = [
            ("H", stack(&matrix), n * n),
            ("g", stack(&|own| own.linear.clone()), n),
            ("lo", stack(&|own| own.lo.clone()), n + 1),
            ("hi", stack(&|own| own.hi.clone()), n + 1),
        ];
        for (part, values, width) in parts {
            write(&self.path.join(format!("{file}.{part}.npy")), &values, width);
        }
        let value = |(own, solution): (&Dense, &Solution)| {
            let w = &solution.weights;
            0.5 * dot(&own.matrix.times(w), w) - dot(&own.linear, w)
        };
        let values: Vec<f64> = months.iter().zip(solutions).map(value).collect();
        self.cases.push(json!({
            "name": name, "file": file, "assets": n,
            "kernel": [kernel.0, kernel.1], "optimizer": [whole.0, whole.1], "values": values,
        }));
        let all = serde_json::to_vec_pretty(&self.cases).unwrap();
        fs::write(self.path.join("cases.json"), all).unwrap();
    }
}
