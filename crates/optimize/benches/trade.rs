//! Costs, limits, ratios and frontiers by number of assets: the kernel warm, and Clarabel on the same mandates.
//!
//! `cargo bench -p walkfolio-optimize --bench trade -- [filter]` prints a table of times in milliseconds.

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

use std::hint::black_box;
use std::time::Instant;

use walkfolio_core::{Covariance, Matrix, TradingCost};
use walkfolio_optimize::matrix_form::{Dense, Frontier, Parametric, Program};
use walkfolio_optimize::{
    Choice, Constraints, Costs, GrossLeverage, Mandate, MaximumDiversification, MaximumSharpe,
    MinimumVariance, Objective, Optimizer, Precision, RiskCap, Settings, Turnover,
};

#[path = "scale/returns.rs"]
mod returns;

use returns::returns;

const MONTHS: usize = 12;
const MONTH: usize = 21;
const SIZES: [usize; 3] = [20, 100, 500];
const REPEATS: usize = 3;

#[derive(Clone, Copy)]
enum Kind {
    Variance,
    MeanVariance,
    Costs,
    Turnover,
    Gross,
    Volatility,
    TrackingError,
    SharpeTurnover,
    Sharpe,
    Diversification,
}

const KINDS: [(&str, Kind); 10] = [
    ("minimum variance", Kind::Variance),
    ("mean-variance", Kind::MeanVariance),
    ("linear costs", Kind::Costs),
    ("turnover cap", Kind::Turnover),
    ("gross leverage", Kind::Gross),
    ("volatility cap", Kind::Volatility),
    ("tracking error cap", Kind::TrackingError),
    ("Sharpe, turnover", Kind::SharpeTurnover),
    ("maximum Sharpe", Kind::Sharpe),
    ("diversification", Kind::Diversification),
];

/// Annual moments of the months: a window of two and a half times as many rows as assets, 504 at least.
fn moments(n: usize) -> Vec<(Vec<f64>, Matrix)> {
    let rows = (5 * n / 2).max(504);
    let every = returns(n, rows + MONTH * MONTHS);
    let one = |month: usize| {
        let mut x = Matrix::zeros(rows, n);
        (0..rows).for_each(|t| x.row_mut(t).copy_from_slice(every.row(month * MONTH + t)));
        let mean: Vec<f64> =
            (0..n).map(|i| (0..rows).map(|t| x[(t, i)]).sum::<f64>() / rows as f64).collect();
        for t in 0..rows {
            x.row_mut(t).iter_mut().zip(&mean).for_each(|(x, m)| *x -= m);
        }
        let mut covariance = x.gram();
        let factor = 252.0 / (rows as f64 - 1.0);
        (0..n).for_each(|i| covariance.row_mut(i).iter_mut().for_each(|v| *v *= factor));
        (mean.iter().map(|m| 252.0 * m).collect(), covariance)
    };
    (0..MONTHS).map(one).collect()
}

fn mandate(kind: Kind, (means, matrix): &(Vec<f64>, Matrix), held: &[f64]) -> Mandate {
    let n = means.len();
    let covariance = Covariance::dense(matrix.clone()).unwrap();
    let equal = vec![1.0 / n as f64; n];
    let mean_variance = |aversion: f64| {
        Objective::mean_variance(means.clone(), covariance.clone(), aversion).unwrap()
    };
    let long = Constraints::long_only(n, 1.0).unwrap();
    let turnover = || Turnover::new(held.to_vec(), 0.15).unwrap();
    let made = |objective: Objective, constraints| Mandate::new(objective, constraints).unwrap();
    match kind {
        Kind::Variance => made(MinimumVariance::new(covariance).unwrap().into(), long),
        Kind::MeanVariance => made(mean_variance(5.0), long),
        Kind::Costs => {
            let rates = vec![TradingCost::linear(0.001); n];
            let costs = Costs::new(held.to_vec(), rates, 12.0).unwrap();
            made(mean_variance(5.0), long).with_costs(costs).unwrap()
        }
        Kind::Turnover => made(mean_variance(5.0), long.with(turnover()).unwrap()),
        Kind::Gross => {
            let short = Constraints::between(vec![-0.3; n], vec![0.6; n]).unwrap();
            made(mean_variance(5.0), short.with(GrossLeverage::new(1.6).unwrap()).unwrap())
        }
        Kind::Volatility => {
            let cap = 0.8 * covariance.variance(&equal).sqrt();
            let cap = RiskCap::volatility(covariance.clone(), cap).unwrap();
            made(mean_variance(0.0), long.with(cap).unwrap())
        }
        Kind::TrackingError => {
            let cap = RiskCap::tracking_error(covariance.clone(), equal, 0.03).unwrap();
            made(mean_variance(0.0), long.with(cap).unwrap())
        }
        Kind::SharpeTurnover => made(
            MaximumSharpe::new(means.clone(), covariance).unwrap().into(),
            long.with(turnover()).unwrap(),
        ),
        Kind::Sharpe => made(MaximumSharpe::new(means.clone(), covariance).unwrap().into(), long),
        Kind::Diversification => {
            made(MaximumDiversification::new(covariance).unwrap().into(), long)
        }
    }
}

/// First and median of the rest in milliseconds.
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

fn least(repeats: usize, mut once: impl FnMut() -> (f64, f64)) -> (f64, f64) {
    (0..repeats).map(|_| once()).fold((f64::MAX, f64::MAX), |a, b| (a.0.min(b.0), a.1.min(b.1)))
}

/// The mandates of all months, each from the last month's portfolio.
fn mandates(kind: Kind, moments: &[(Vec<f64>, Matrix)]) -> Vec<Mandate> {
    let n = moments[0].0.len();
    let weights: Vec<f64> = (0..n).map(|i| (n - i) as f64).collect();
    let sum: f64 = weights.iter().sum();
    let mut held: Vec<f64> = weights.iter().map(|w| w / sum).collect();
    let mut optimizer = Optimizer::default();
    let one = |of: &(Vec<f64>, Matrix)| {
        let mandate = mandate(kind, of, &held);
        held = optimizer.solve(&mandate, Precision::Full).unwrap().weights;
        mandate
    };
    moments.iter().map(one).collect()
}

fn frontier(moments: &[(Vec<f64>, Matrix)]) {
    let n = moments[0].0.len();
    let mut corners = 0;
    let (first, median) = least(1, || {
        timed(|month| {
            let mandate = mandate(Kind::Variance, &moments[month], &[]);
            let dense = Dense::of(&mandate).unwrap();
            let path = Parametric {
                program: Program { h: &moments[month].1, ..dense.program() },
                costs: &[],
                reward: &moments[month].0,
                prices: &[],
                most: f64::INFINITY,
            };
            corners = black_box(Frontier::trace(&path).unwrap()).corners().len();
        })
    });
    println!("{:20}{n:5}{first:13.4}{median:9.4} {corners:7} corners", "exact frontier");
}

fn main() {
    let filter = std::env::args().skip(1).find(|a| !a.starts_with('-')).unwrap_or_default();
    println!("                        n       first   median  pivots  solver | Clarabel  times");
    for n in SIZES {
        let moments = moments(n);
        for (name, kind) in KINDS.iter().filter(|(name, _)| name.contains(&filter)) {
            let mandates = mandates(*kind, &moments);
            let (mut pivots, mut solver) = (0, "");
            let (first, median) = least(REPEATS, || {
                let mut optimizer = Optimizer::default();
                pivots = 0;
                timed(|month| {
                    let found = optimizer.solve(&mandates[month], Precision::Full).unwrap();
                    pivots += found.report.pivots;
                    solver = found.report.solver;
                })
            });
            let settings = Settings { choice: Choice::Clarabel, ..Settings::default() };
            let started = Instant::now();
            let few = &mandates[MONTHS - if n < 500 { 11 } else { 2 }..];
            for mandate in few {
                let mut optimizer = Optimizer::new(settings.clone());
                black_box(optimizer.solve(mandate, Precision::Full).unwrap());
            }
            let cone = started.elapsed().as_secs_f64() * 1e3 / few.len() as f64;
            let times = cone / median;
            println!(
                "{name:20}{n:5}{first:13.4}{median:9.4} {pivots:7}  {solver} |{cone:9.3}{times:7.1}"
            );
        }
        if "exact frontier".contains(&filter) {
            frontier(&moments);
        }
    }
}
