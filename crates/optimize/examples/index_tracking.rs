//! The OR-Library's index tracking problems: best k assets, long-only, after a time.
//!
//! `cargo run --release -p walkfolio-optimize --example index_tracking -- [seconds] [first] [last]`

#![allow(clippy::unwrap_used)] // an example may stop at a fault

use std::path::Path;
use std::time::{Duration, Instant};

use walkfolio_core::Matrix;
use walkfolio_optimize::SearchLimits;
use walkfolio_optimize::matrix_form::{Sparse, solve_sparse};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<u64>().unwrap());
    let seconds = arguments.next().unwrap_or(10);
    let (first, last) = (arguments.next().unwrap_or(1), arguments.next().unwrap_or(4));
    let data = std::env::var_os("WALKFOLIO_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        Into::into,
    );
    println!("instance  k   objective       bound  gap %  root %   nodes  seconds");
    for instance in first..=last {
        let file = data.join(format!("index_tracking/indtrack{instance}.txt"));
        let text = std::fs::read_to_string(file).unwrap();
        let values: Vec<f64> = text.split_whitespace().map(|v| v.parse().unwrap()).collect();
        let (window, target) = returns(&values);
        for k in [5, 10] {
            print!("{instance:8} {k:2} ");
            report(&window, &target, k, Duration::from_secs(seconds));
        }
    }
}

fn report(window: &Matrix, target: &[f64], k: usize, time: Duration) {
    let n = window.cols();
    let (mut lo, hi) = (vec![0.0; n + 1], vec![1.0; n + 1]);
    lo[n] = 1.0;
    let program = Sparse {
        g: &window.gram(),
        c: &window.transpose_times(target),
        constant: target.iter().map(|r| r * r).sum(),
        a: &Matrix::from_rows(1, n, vec![1.0; n]),
        lo: &lo,
        hi: &hi,
        max_holdings: Some(k),
        min_holdings: None,
        min_position: None,
        trading: None,
    };
    let limits = SearchLimits { nodes: u64::MAX, work: u64::MAX, time: Some(time), gap: 1e-9 };
    let start = Instant::now();
    let best = solve_sparse(&program, &limits, None).unwrap();
    println!(
        "{:11.6e} {:11.5e} {:6.2} {:7.2} {:7} {:8.3}",
        best.objective,
        best.bound,
        100.0 * best.gap,
        100.0 * (1.0 - best.root.value / best.objective),
        best.nodes,
        start.elapsed().as_secs_f64()
    );
}

/// Weekly returns of the assets and the index, which comes first in the file.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn returns(values: &[f64]) -> (Matrix, Vec<f64>) {
    let (n, weeks) = (values[0] as usize, values[1] as usize);
    let series: Vec<&[f64]> = values[2..].chunks_exact(weeks + 1).take(n + 1).collect();
    let change = |i: usize, t: usize| series[i][t + 1] / series[i][t] - 1.0;
    let rows = (0..weeks).flat_map(|t| (1..=n).map(move |i| (i, t)));
    let window = Matrix::from_rows(weeks, n, rows.map(|(i, t)| change(i, t)).collect());
    (window, (0..weeks).map(|t| change(0, t)).collect())
}
