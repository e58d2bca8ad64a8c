//! Solves by number of assets and rows: the first one cold, the next ones each from the last.
//!
//! `cargo bench -p walkfolio-optimize --bench scale -- [filter]` prints a table of times in milliseconds. With
//! `WALKFOLIO_PROBLEMS=DIR` the problems of up to 500 assets are written there with the times and objectives,
//! for `peers.py`.

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

use std::hint::black_box;
use std::time::Instant;

use walkfolio_core::dense::Cholesky;
use walkfolio_core::random::SplitMix64;
use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::matrix_form::{ActiveSet, Dense, Program};
use walkfolio_optimize::{
    Mandate, MinimumVariance, Objective, Optimizer, Penalties, Precision, TrackingError,
};

/// Rebalances of a study, and rows between them.
const MONTHS: usize = 12;
const MONTH: usize = 21;
/// Each table is made so many times; the minimum counts.
const REPEATS: usize = 3;

mod array;
mod problems;
mod returns;

use returns::returns;

struct Case {
    name: &'static str,
    assets: usize,
    rows: usize,
    /// In mean second moments.
    ridge: f64,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Tracking,
    Variance,
    Factors,
}

const fn tracking(name: &'static str, assets: usize, rows: usize, ridge: f64) -> Case {
    Case { name, assets, rows, ridge, kind: Kind::Tracking }
}

const fn variance(name: &'static str, assets: usize, rows: usize) -> Case {
    Case { name, assets, rows, ridge: 0.0, kind: Kind::Variance }
}

const fn factors(name: &'static str, assets: usize) -> Case {
    Case { name, assets, rows: 252, ridge: 0.0, kind: Kind::Factors }
}

const CASES: [Case; 18] = [
    tracking("tracking 11", 11, 252, 0.0),
    tracking("tracking 50", 50, 252, 0.0),
    tracking("tracking 200", 200, 252, 0.0),
    tracking("tracking 200/504", 200, 504, 0.0),
    tracking("tracking 415/1260", 415, 1260, 0.0),
    tracking("ridge 415/252", 415, 252, 0.01),
    tracking("no ridge 400/252", 400, 252, 0.0),
    tracking("ridge 1000/252", 1000, 252, 0.01),
    tracking("ridge 1500/252", 1500, 252, 0.01),
    tracking("no ridge 1500/252", 1500, 252, 0.0),
    variance("variance 20/1000", 20, 1000),
    variance("variance 100/1000", 100, 1000),
    variance("variance 500/1000", 500, 1000),
    variance("variance 415/1260", 415, 1260),
    variance("variance 415/252", 415, 252),
    factors("factors 500", 500),
    factors("factors 1500", 1500),
    factors("factors 5000", 5000),
];

impl Case {
    fn mandates(&self) -> Vec<Mandate> {
        // The benchmark holds a tenth more names.
        let (n, all) = (self.assets, self.assets + self.assets / 10);
        let every = returns(all, self.rows + MONTH * MONTHS);
        let window = |start: usize| {
            let rows = (start..start + self.rows).flat_map(|t| every.row(t)[..n].to_vec());
            Matrix::from_rows(self.rows, n, rows.collect())
        };
        let mean = |t: usize| every.row(t).iter().sum::<f64>() / all as f64;
        let one = |month: usize| {
            let start = month * MONTH;
            let x = window(start);
            let target: Vec<f64> = (start..start + self.rows).map(mean).collect();
            match self.kind {
                Kind::Tracking => self.track(x, &target),
                Kind::Variance => {
                    let covariance = self.second_moment(x);
                    let cap = (3.0 / n as f64).max(0.05);
                    Mandate::long_only(MinimumVariance::new(covariance).unwrap(), cap).unwrap()
                }
                Kind::Factors => self.factors(&x, month),
            }
        };
        (0..MONTHS).map(one).collect()
    }

    fn track(&self, x: Matrix, target: &[f64]) -> Mandate {
        let (cross, square) =
            (x.transpose_times(target), target.iter().map(|r| r * r).sum::<f64>());
        let second = self.second_moment(x);
        let l2 = self.ridge * second.diagonal().iter().sum::<f64>() / self.assets as f64;
        let tracking = TrackingError::from_moments(second, cross, square).unwrap();
        let mandate = Mandate::long_only(tracking, (2.0 / self.assets as f64).max(0.3)).unwrap();
        mandate.with_penalties(Penalties { l1: 0.0, l2 }).unwrap()
    }

    fn second_moment(&self, x: Matrix) -> Covariance {
        if self.rows > self.assets {
            Covariance::gram(&x).unwrap()
        } else {
            Covariance::window(x).unwrap()
        }
    }

    /// A mean-variance of a factor model: loadings that drift a little from month to month.
    fn factors(&self, x: &Matrix, month: usize) -> Mandate {
        let n = self.assets;
        let mut random = SplitMix64::new(77);
        let (mut loadings, mut means, mut own) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..n {
            let drift = 0.02 * x[(month % self.rows, i)] / 0.01;
            loadings.extend([1.0, 0.0, 0.0].map(|at| at + 0.5 * (random.unit() - 0.5) + drift));
            own.push(0.04 + 0.08 * random.unit());
            means.push(0.05 + 0.04 * random.unit() + 0.01 * drift);
        }
        let factor = Matrix::from_rows(3, 3, vec![0.03, 0.0, 0.0, 0.0, 0.01, 0.0, 0.0, 0.0, 0.01]);
        let covariance =
            Covariance::factor(Matrix::from_rows(n, 3, loadings), factor, own).unwrap();
        let objective = Objective::mean_variance(means, covariance, 4.0).unwrap();
        Mandate::long_only(objective, 0.05).unwrap()
    }
}

/// First and median of the rest in milliseconds, by a closure that solves month `i`.
fn timed(mut solve: impl FnMut(usize)) -> (f64, f64) {
    let mut times: Vec<f64> = (0..MONTHS)
        .map(|month| {
            let started = Instant::now();
            solve(month);
            started.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    let first = times.remove(0);
    times.sort_by(f64::total_cmp);
    (first, times[times.len() / 2])
}

/// The least of some repeats.
fn least(mut once: impl FnMut() -> (f64, f64)) -> (f64, f64) {
    (0..REPEATS).map(|_| once()).fold((f64::MAX, f64::MAX), |a, b| (a.0.min(b.0), a.1.min(b.1)))
}

/// What a factorization of `n` assets takes, at the widest registers of this machine.
fn factorization(n: usize) {
    let x = returns(n, 2 * n);
    let (gram, floors) = (x.gram(), vec![0.0; n]);
    let mut factor = Cholesky::default();
    let (_, ms) =
        least(|| timed(|_| factor.set(|i| black_box(&gram).row(i).iter().copied(), &floors)));
    let operations = (n as f64).powi(3) / 3.0;
    println!("cholesky {n}         {ms:13.4} ms, {:.1} GFlop/s", operations / ms / 1e6);
}

impl Case {
    /// The kernel alone, from the matrices of the months: first and median, and changes of the active set.
    fn by_kernel(&self, dense: &[Dense]) -> ((f64, f64), u32) {
        let (n, m) = dense[0].shape();
        let near = vec![1.0 / n as f64; n];
        let open = self.rows < n && self.ridge == 0.0 && self.kind != Kind::Factors;
        let mut pivots = 0;
        let times = least(|| {
            let mut set = ActiveSet::new(n, m);
            pivots = 0;
            let mut solve = |program: &Program<'_>| {
                if open { set.solve_nearest(program, &near) } else { set.solve(program) }
            };
            timed(|month| match black_box(solve(&dense[month].program())) {
                Ok(answer) => pivots += answer.pivots,
                Err(stop) => print!(" {}", &format!("{stop:?}")[..5]),
            })
        });
        (times, pivots)
    }
}

fn main() {
    let filter = std::env::args().skip(1).find(|a| !a.starts_with('-')).unwrap_or_default();
    let mut problems = problems::Folder::asked_for();
    println!(
        "                        kernel: first  median  pivots | optimizer: first  median  held  solver"
    );
    for case in CASES.iter().filter(|case| case.name.contains(&filter)) {
        let mandates = case.mandates();
        print!("{:20}", case.name);
        let mut kernel = None;
        let dense: Vec<Dense> = if case.assets <= 1000 {
            mandates.iter().map(|mandate| Dense::of(mandate).unwrap()).collect()
        } else {
            Vec::new()
        };
        if dense.is_empty() {
            print!("{:31}|", "");
        } else {
            let ((first, median), pivots) = case.by_kernel(&dense);
            print!("{first:13.4} {median:9.4} {pivots:5}   |");
            kernel = Some((first, median));
        }
        let mut last = Vec::new();
        let whole = least(|| {
            let mut optimizer = Optimizer::default();
            last.clear();
            timed(|month| {
                last.push(optimizer.solve(&mandates[month], Precision::Full).unwrap());
            })
        });
        let end = &last[MONTHS - 1];
        let held = end.weights.iter().filter(|w| **w != 0.0).count();
        println!("{:14.4} {:9.4} {held:5}  {}", whole.0, whole.1, end.report.solver);
        if let (Some(folder), Some(kernel)) = (&mut problems, kernel) {
            folder.add(case.name, &dense, &last, [kernel, whole]);
        }
    }
    factorization(400);
}
