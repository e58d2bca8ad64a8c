//! Risk parity and hierarchical risk parity by number of assets, from a covariance to weights with a proven bound.
//!
//! `cargo bench -p walkfolio-optimize --bench parity` prints medians of each of twelve months solved from nothing.
//! With `WALKFOLIO_PROBLEMS=DIR` the returns are written there with the times and weights, for `libraries.py`.

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

use std::hint::black_box;
use std::time::Instant;

use serde_json::json;
use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{
    HierarchicalRiskParity, Linkage, Mandate, MaximumSharpe, MeanVariance, Optimizer, Precision,
    RiskParity, Solution, Turnover, risk_shares,
};

#[path = "../scale/array.rs"]
mod array;
#[path = "../scale/returns.rs"]
mod returns;

use returns::returns;

const MONTHS: usize = 12;
const MONTH: usize = 21;
const ROWS: usize = 1000;
const REPEATS: usize = 5;
const SIZES: [usize; 3] = [20, 100, 500];
const KINDS: [&str; 4] = ["risk_parity", "hierarchical_risk_parity", "maximum_sharpe", "turnover"];

/// The mean returns and the covariance of a month.
struct Moments {
    means: Vec<f64>,
    covariance: Covariance,
}

fn moments(x: &Matrix, start: usize) -> Moments {
    let n = x.cols();
    let rows = || (start..start + ROWS).map(|t| x.row(t));
    let means: Vec<f64> =
        (0..n).map(|i| rows().map(|row| row[i]).sum::<f64>() / ROWS as f64).collect();
    let scale = ((ROWS - 1) as f64).sqrt();
    let centred = rows().flat_map(|row| row.iter().zip(&means).map(|(r, m)| (r - m) / scale));
    let centred = Matrix::from_rows(ROWS, n, centred.collect());
    Moments { covariance: Covariance::gram(&centred).unwrap(), means }
}

/// Weights in proportion to n, n - 1, ..., 1: what is held.
fn held(n: usize) -> Vec<f64> {
    let sum = (n * (n + 1) / 2) as f64;
    (0..n).map(|i| (n - i) as f64 / sum).collect()
}

/// From moments to weights.
fn solve(kind: &str, of: &Moments) -> Solution {
    let covariance = of.covariance.clone();
    let n = covariance.assets();
    let mandate = match kind {
        "risk_parity" => Mandate::long_only(RiskParity::equal(covariance).unwrap(), 1.0),
        "hierarchical_risk_parity" => {
            let objective = HierarchicalRiskParity::new(&covariance, Linkage::Single).unwrap();
            Mandate::long_only(objective, 1.0)
        }
        "maximum_sharpe" => {
            Mandate::long_only(MaximumSharpe::new(of.means.clone(), covariance).unwrap(), 1.0)
        }
        _ => {
            let objective = MeanVariance::new(of.means.clone(), covariance, 5.0).unwrap();
            let mandate = Mandate::long_only(objective, 1.0).unwrap();
            let turnover = Turnover::new(held(n), 0.15).unwrap();
            let constraints = mandate.constraints().clone().with(turnover).unwrap();
            mandate.with_constraints(constraints)
        }
    };
    Optimizer::default().solve(&mandate.unwrap(), Precision::Full).unwrap()
}

/// The median over the months of the least of some repeats, in milliseconds.
fn timed(kind: &str, months: &[Moments]) -> f64 {
    let least = |of: &Moments| {
        let one = |_| {
            let started = Instant::now();
            black_box(solve(kind, black_box(of)));
            started.elapsed().as_secs_f64() * 1e3
        };
        (0..REPEATS).map(one).fold(f64::INFINITY, f64::min)
    };
    let mut times: Vec<f64> = months.iter().map(least).collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let folder = std::env::var_os("WALKFOLIO_PROBLEMS").map(std::path::PathBuf::from);
    let mut cases = Vec::new();
    for n in SIZES {
        let x = returns(n, ROWS + MONTH * MONTHS);
        let months: Vec<Moments> = (0..MONTHS).map(|month| moments(&x, month * MONTH)).collect();
        for kind in KINDS {
            let ms = timed(kind, &months);
            let found = solve(kind, &months[0]);
            let gap = found.report.gap.unwrap_or(f64::NAN);
            print!("{kind:26} {n:4} {ms:11.4} ms, bound {gap:.0e} away");
            if kind == "risk_parity" {
                let shares = risk_shares(&months[0].covariance, &found.weights);
                let off = shares.iter().map(|s| (s * n as f64 - 1.0).abs()).fold(0.0, f64::max);
                print!(", shares of risk {off:.0e}");
            }
            println!();
            let file = format!("returns_{n}");
            cases.push(json!({
                "kind": kind, "assets": n, "rows": ROWS, "file": file, "ms": ms,
                "weights": found.weights, "held": held(n),
            }));
        }
        if let Some(folder) = &folder {
            let first = (0..ROWS).flat_map(|t| x.row(t).to_vec()).collect::<Vec<f64>>();
            array::write(&folder.join(format!("returns_{n}.npy")), &first, n);
        }
    }
    if let Some(folder) = folder {
        let text = serde_json::to_vec_pretty(&cases).unwrap();
        std::fs::write(folder.join("libraries.json"), text).unwrap();
    }
}
