//! The best k of eleven funds, one month after the other, proven.
//!
//! And the best 40 of 460 made-up stocks that track their mean of 252 rows: what a tenth of a second of work finds, next to
//! ten times as much, without a proof.
//!
//! On real data where it is found (`WALKFOLIO_DATA`, default `../shared/data`), else on random
//! returns with one factor; the name of the group says which.

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::matrix_form::{Dense, Sparse, solve_sparse};
use walkfolio_optimize::{
    Constraints, Holdings, Mandate, Objective, Optimizer, Penalties, Precision, SearchLimits,
    TrackingError,
};

#[path = "scale/returns.rs"]
mod returns;

const ASSETS: [&str; 11] =
    ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH", "AIQ"];
const ROWS: usize = 252;
const MONTHS: usize = 72;

struct Month {
    g: Matrix,
    c: Vec<f64>,
    constant: f64,
    /// Sums of the window's returns.
    means: Vec<f64>,
}

fn month(rows: &[Vec<f64>]) -> Month {
    let values = rows.iter().flat_map(|row| row[..ASSETS.len()].iter().copied()).collect();
    let window = Matrix::from_rows(rows.len(), ASSETS.len(), values);
    let target: Vec<f64> = rows.iter().map(|row| row[ASSETS.len()]).collect();
    let constant = target.iter().map(|r| r * r).sum();
    let means = window.transpose_times(&vec![1.0; rows.len()]);
    Month { g: window.gram(), c: window.transpose_times(&target), constant, means }
}

/// Rows of returns, the benchmark last.
fn real(path: &Path) -> Option<Vec<Vec<f64>>> {
    let text = std::fs::read_to_string(path).ok()?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next()?.split(',').collect();
    let wanted = ASSETS.iter().chain(["MTUM"].iter());
    let columns: Vec<usize> =
        wanted.map(|name| header.iter().position(|c| c == name)).collect::<Option<_>>()?;
    let parse = |line: &str| -> Option<Vec<f64>> {
        let cells: Vec<&str> = line.split(',').collect();
        columns.iter().map(|&j| cells[j].parse().ok()).collect()
    };
    let prices: Vec<Vec<f64>> = lines.filter_map(parse).collect();
    let change = |pair: &[Vec<f64>]| -> Vec<f64> {
        pair[1].iter().zip(&pair[0]).map(|(now, before)| now / before - 1.0).collect()
    };
    Some(prices.windows(2).map(change).collect())
}

fn random() -> Vec<Vec<f64>> {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    let mut row = |_| -> Vec<f64> {
        let common = next();
        let mut row: Vec<f64> = ASSETS.iter().map(|_| 0.01 * (common + next())).collect();
        row.push(row.iter().sum::<f64>() / 11.0 + 0.002 * next());
        row
    };
    (0..2_000).map(&mut row).collect()
}

/// Rows of returns, and where they are from.
fn data() -> (Vec<Vec<f64>>, &'static str) {
    let folder = std::env::var_os("WALKFOLIO_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        Into::into,
    );
    real(&folder.join("mtum/prices.csv"))
        .map_or_else(|| (random(), "random returns"), |rows| (rows, "real data"))
}

fn subset(c: &mut Criterion) {
    let (rows, label) = data();
    let months: Vec<Month> = rows.windows(ROWS).rev().step_by(21).take(MONTHS).map(month).collect();
    let budget = Matrix::from_rows(1, ASSETS.len(), vec![1.0; ASSETS.len()]);
    let mut group = c.benchmark_group(format!("best subset of 11, {label}"));
    for k in 3..=6 {
        let (mut lo, mut hi) = ([0.0; 12], [0.30f64.max(1.0 / f64::from(k)); 12]);
        (lo[11], hi[11]) = (1.0, 1.0);
        let solve = |month: &Month| {
            let program = Sparse {
                g: &month.g,
                c: &month.c,
                constant: month.constant,
                a: &budget,
                lo: &lo,
                hi: &hi,
                max_holdings: usize::try_from(k).ok(),
                min_holdings: None,
                min_position: None,
                trading: None,
            };
            solve_sparse(&program, &SearchLimits::default(), None).unwrap()
        };
        let nodes: u64 = months.iter().map(|month| solve(month).nodes).sum();
        println!("k = {k}: {:.1} nodes", nodes as f64 / months.len() as f64);
        let mut turn = months.iter().cycle();
        group.bench_function(format!("k = {k}"), |bench| {
            bench.iter(|| turn.next().map(|month| black_box(solve(black_box(month)))));
        });
    }
    group.finish();
}

/// Through the optimizer: 73 mandates, one after the other, from nothing.
fn chain(c: &mut Criterion) {
    let (rows, label) = data();
    let months: Vec<Month> = rows.windows(ROWS).rev().step_by(21).take(73).map(month).collect();
    let mut group = c.benchmark_group(format!("best four of 11, 73 months, {label}"));
    for returns in [false, true] {
        let mandates: Vec<Mandate> = months.iter().map(|month| mandate(month, returns)).collect();
        let name = if returns { "mean-variance" } else { "tracking error" };
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let mut optimizer = Optimizer::default();
                for mandate in &mandates {
                    black_box(optimizer.solve(black_box(mandate), Precision::Full).unwrap());
                }
            });
        });
    }
    let mandates: Vec<Mandate> = months.iter().map(|month| mandate(month, false)).collect();
    group.bench_function("tracking error, begun from last month's holdings", |bench| {
        bench.iter(|| {
            let mut last: Option<Vec<f64>> = None;
            for mandate in &mandates {
                let dense = Dense::of(black_box(mandate)).unwrap();
                let program = dense.sparse(mandate).unwrap();
                let answer = solve_sparse(&program, &SearchLimits::default(), last.as_deref());
                last = Some(answer.unwrap().x);
            }
        });
    });
    group.finish();
}

/// A month's mandate; the expected returns of a mean-variance are the window's.
fn mandate(month: &Month, returns: bool) -> Mandate {
    let n = ASSETS.len();
    let covariance = Covariance::dense(month.g.clone()).unwrap();
    let objective = if returns {
        Objective::mean_variance(month.means.clone(), covariance, 1.0).unwrap()
    } else {
        TrackingError::from_moments(covariance, month.c.clone(), month.constant).unwrap().into()
    };
    let four = Holdings { max: Some(4), ..Holdings::default() };
    let constraints = Constraints::long_only(n, 0.3).unwrap().with(four).unwrap();
    let penalties = Penalties { l1: 0.01, l2: 0.0 };
    Mandate::new(objective, constraints).unwrap().with_penalties(penalties).unwrap()
}

/// Stocks, rows and months of the search at the size of an index.
const STOCKS: usize = 460;
const STOCK_MONTHS: usize = 6;
/// Half of it, about a tenth of a second, is for portfolios.
const WORK: u64 = 200_000_000;

/// A month of 460 stocks that track the mean of 500, with a ridge of a hundredth of their mean second moment.
fn stocks(all: &Matrix, month: usize) -> Month {
    let start = 21 * month;
    let rows = || (start..start + ROWS).map(|row| all.row(row));
    let values = rows().flat_map(|row| row[..STOCKS].to_vec()).collect();
    let window = Matrix::from_rows(ROWS, STOCKS, values);
    let target: Vec<f64> = rows().map(|row| row.iter().sum::<f64>() / row.len() as f64).collect();
    let mut g = window.gram();
    let ridge = 0.01 * (0..STOCKS).map(|i| g[(i, i)]).sum::<f64>() / STOCKS as f64;
    (0..STOCKS).for_each(|i| g[(i, i)] += ridge);
    let constant = target.iter().map(|r| r * r).sum();
    Month { c: window.transpose_times(&target), g, constant, means: Vec::new() }
}

/// The search at the size of an index: the least of three times, and how much worse it is than with ten times the work.
fn index_size(_: &mut Criterion) {
    let all = returns::returns(500, ROWS + 21 * STOCK_MONTHS);
    let budget = Matrix::from_rows(1, STOCKS, vec![1.0; STOCKS]);
    let (mut lo, mut hi) = (vec![0.0; STOCKS + 1], vec![0.05; STOCKS + 1]);
    (lo[STOCKS], hi[STOCKS]) = (1.0, 1.0);
    let (mut times, mut worse) = (Vec::new(), Vec::new());
    for month in (0..STOCK_MONTHS).map(|month| stocks(&all, month)) {
        let program = Sparse {
            g: &month.g,
            c: &month.c,
            constant: month.constant,
            a: &budget,
            lo: &lo,
            hi: &hi,
            max_holdings: Some(40),
            min_holdings: None,
            min_position: None,
            trading: None,
        };
        let solve = |work: u64| {
            let limits = SearchLimits { nodes: 0, work, ..SearchLimits::default() };
            let started = Instant::now();
            let answer = solve_sparse(black_box(&program), &limits, None).unwrap();
            (started.elapsed().as_secs_f64() * 1e3, answer.objective)
        };
        let (ms, found) = (0..3).map(|_| solve(WORK)).reduce(|a, b| (a.0.min(b.0), b.1)).unwrap();
        let (longer, better) = solve(10 * WORK);
        println!("best 40 of 460: {ms:8.1} ms {found:.6e}, {longer:8.1} ms {better:.6e}");
        times.push(ms);
        worse.push(100.0 * (found / better - 1.0));
    }
    times.sort_by(f64::total_cmp);
    worse.sort_by(f64::total_cmp);
    let last = worse.len() - 1;
    println!(
        "best 40 of 460: median {:.0} ms; worse than with ten times the work by {:.2} % (median), {:.2} % (most)",
        times[last / 2],
        worse[last / 2],
        worse[last]
    );
}

criterion_group!(benches, subset, chain, index_size);
criterion_main!(benches);
