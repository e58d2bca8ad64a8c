//! The mean of the worst losses by number of assets: the kernel, and Clarabel on the same mandates.
//!
//! `cargo bench -p walkfolio-optimize --bench tails -- [filter]` prints a table of times in milliseconds, each from mandate
//! to weights with a proven bound. With `WALKFOLIO_PROBLEMS=DIR` it writes the returns there for other programs.

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

use std::fmt::Write;
use std::time::Instant;

use walkfolio_core::Matrix;
use walkfolio_optimize::{
    Choice, Constraints, GrossLeverage, Mandate, MeanCvar, MinimumCdar, MinimumCvar, Objective,
    Optimizer, Precision, Settings, Turnover,
};

#[path = "../scale/returns.rs"]
mod returns;

use returns::returns;

const ROWS: usize = 1000;
const MONTH: usize = 21;
const MONTHS: usize = 5;
const SIZES: [usize; 3] = [20, 100, 500];
const CONFIDENCE: f64 = 0.95;

type Made = fn(Matrix) -> Mandate;

const KINDS: [(&str, Made); 6] = [
    ("minimum CVaR", |window| long(MinimumCvar::new(window, CONFIDENCE).unwrap())),
    ("mean-CVaR", |window| {
        let sums = window.transpose_times(&vec![1.0; window.rows()]);
        let mean = sums.iter().map(|sum| sum / window.rows() as f64).collect();
        long(MeanCvar::new(mean, window, CONFIDENCE, 0.05).unwrap())
    }),
    ("CVaR, turnover", |window| {
        let n = window.cols();
        let sum = (n * (n + 1) / 2) as f64;
        let held = (0..n).map(|i| (n - i) as f64 / sum).collect();
        let mandate = long(MinimumCvar::new(window, CONFIDENCE).unwrap());
        let turnover = Turnover::new(held, 0.3).unwrap();
        let constraints = mandate.constraints().clone().with(turnover).unwrap();
        mandate.with_constraints(constraints).unwrap()
    }),
    ("CVaR, short", |window| {
        let n = window.cols();
        let short = Constraints::between(vec![-0.3; n], vec![0.6; n]).unwrap();
        let short = short.with(GrossLeverage::new(1.6).unwrap()).unwrap();
        Mandate::new(MinimumCvar::new(window, CONFIDENCE).unwrap(), short).unwrap()
    }),
    ("CVaR, at most 10 %", |window| {
        let n = window.cols();
        let bounds = Constraints::long_only(n, 0.1).unwrap();
        Mandate::new(MinimumCvar::new(window, CONFIDENCE).unwrap(), bounds).unwrap()
    }),
    ("minimum CDaR", |window| long(MinimumCdar::new(window, CONFIDENCE).unwrap())),
];

fn long(objective: impl Into<Objective>) -> Mandate {
    Mandate::long_only(objective, 1.0).unwrap()
}

fn windows(n: usize) -> Vec<Matrix> {
    let every = returns(n, ROWS + MONTH * MONTHS);
    let one = |month: usize| {
        let rows = (0..ROWS).flat_map(|t| every.row(month * MONTH + t)).copied().collect();
        Matrix::from_rows(ROWS, n, rows)
    };
    (0..MONTHS).map(one).collect()
}

fn write(n: usize, windows: &[Matrix]) {
    let Some(folder) = std::env::var_os("WALKFOLIO_PROBLEMS") else { return };
    for (month, window) in windows.iter().enumerate() {
        let mut text = String::new();
        for row in window.iter_rows() {
            let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
            writeln!(text, "{}", cells.join(",")).unwrap();
        }
        let name = format!("tails-{n}-{month}.csv");
        std::fs::write(std::path::Path::new(&folder).join(name), text).unwrap();
    }
}

/// The median time in milliseconds, the pivots and iterations of all, and the value of the last.
fn timed(mandates: &[Mandate], choice: Choice) -> (f64, u32, f64) {
    let settings = Settings { choice, ..Settings::default() };
    let (mut times, mut work, mut value) = (Vec::new(), 0, 0.0);
    for mandate in mandates {
        let mut optimizer = Optimizer::new(settings.clone());
        let started = Instant::now();
        let found = optimizer.solve(mandate, Precision::Full).unwrap();
        times.push(started.elapsed().as_secs_f64() * 1e3);
        work += found.report.pivots + found.report.iterations;
        value = found.report.objective.unwrap();
    }
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], work, value)
}

fn main() {
    let filter = std::env::args().skip(1).find(|a| !a.starts_with('-')).unwrap_or_default();
    println!("                        n     kernel  pivots        value |  Clarabel  times");
    for n in SIZES {
        let windows = windows(n);
        write(n, &windows);
        for (name, made) in KINDS.iter().filter(|(name, _)| name.contains(&filter)) {
            let mandates: Vec<Mandate> =
                windows.iter().map(|window| made(window.clone())).collect();
            let (kernel, pivots, value) = timed(&mandates, Choice::Kernel);
            let few = if n < 500 { &mandates[..] } else { &mandates[MONTHS - 1..] };
            let (cone, _, _) = timed(few, Choice::Clarabel);
            let (each, times) = (pivots as usize / MONTHS, cone / kernel);
            println!("{name:20}{n:5}{kernel:11.3}{each:8}{value:13.8} |{cone:10.1}{times:7.1}");
        }
    }
}
