//! The kernel on programs made of arbitrary bytes: no panic, no wrong status.
//!
//! `make fuzz TARGET=kernel SECONDS=600`

#![no_main]

use libfuzzer_sys::fuzz_target;
use walkfolio_core::Matrix;
use walkfolio_optimize::matrix_form::{ActiveSet, Answer, Kinks, Program, Stop, Utility};
use walkfolio_optimize::{
    Constraints, GrossLeverage, Mandate, MinimumCdar, MinimumCvar, Objective, Turnover,
};

/// Numbers from bytes: small integers, so that ties and degenerate programs are common.
struct Numbers<'a>(std::slice::Iter<'a, u8>);

impl Numbers<'_> {
    fn byte(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }
    fn number(&mut self) -> f64 {
        f64::from(self.byte() as i8) / 16.0
    }
}

struct Owned {
    h: Matrix,
    a: Matrix,
    g: Vec<f64>,
    lo: Vec<f64>,
    hi: Vec<f64>,
}

fn program(numbers: &mut Numbers<'_>, n: usize, m: usize) -> Owned {
    let rows = 1 + usize::from(numbers.byte()) % (2 * n);
    let window =
        Matrix::from_rows(rows, n, (0..rows * n).map(|_| 0.1 * numbers.number()).collect());
    let a = Matrix::from_rows(
        m,
        n,
        (0..m * n).map(|i| if i < n { 1.0 } else { numbers.number() }).collect(),
    );
    let g = (0..n).map(|_| 0.1 * numbers.number()).collect();
    let (mut lo, mut hi) = (Vec::new(), Vec::new());
    for _ in 0..n {
        let (x, y) = (numbers.number().clamp(-4.0, 4.0), numbers.number().clamp(-4.0, 4.0));
        lo.push(x.min(y));
        hi.push(x.max(y));
    }
    for k in 0..m {
        let (x, y) = (numbers.number(), numbers.number());
        lo.push(if k == 0 { 1.0 } else { x.min(y) });
        hi.push(if k == 0 { 1.0 } else { x.max(y) });
    }
    Owned { h: window.gram(), a, g, lo, hi }
}

/// Violations of optimality, from the program alone.
fn check(p: &Owned, g: &[f64], answer: &Answer) {
    let n = g.len();
    assert!(answer.x.iter().chain(&answer.dual).all(|value| value.is_finite()));
    let hx = p.h.times(&answer.x);
    let carried = p.a.transpose_times(&answer.dual[n..]);
    let size = 1.0 + g.iter().chain(&hx).chain(&carried).fold(0.0f64, |a, b| a.max(b.abs()));
    for i in 0..n {
        let miss = hx[i] - g[i] - carried[i] - answer.dual[i];
        assert!(miss.abs() < 1e-7 * size, "stationarity misses by {miss}");
    }
    let values: Vec<f64> = answer.x.iter().copied().chain(p.a.times(&answer.x)).collect();
    for (i, value) in values.iter().enumerate() {
        assert!(*value > p.lo[i] - 1e-7 && *value < p.hi[i] + 1e-7, "outside its bounds");
        let slack = if answer.dual[i] > 0.0 { value - p.lo[i] } else { p.hi[i] - value };
        assert!((answer.dual[i] / size).abs().min(slack.abs()) < 1e-6, "not complementary");
    }
}

/// The range of the slope of a cost at a value.
fn slopes(cost: &Kinks<'_>, i: usize, x: f64) -> [f64; 2] {
    let (at, up, down) = (cost.at[i], cost.up[i], cost.down[i]);
    [if x > at + 1e-9 { up } else { -down }, if x < at - 1e-9 { -down } else { up }]
}

/// As [`check`], with a cost: the dual of a variable that rests nowhere is what its cost pays.
fn check_kinked(p: &Owned, cost: &Kinks<'_>, answer: &Answer) {
    let n = p.g.len();
    assert!(answer.x.iter().chain(&answer.dual).all(|value| value.is_finite()));
    let hx = p.h.times(&answer.x);
    let carried = p.a.transpose_times(&answer.dual[n..]);
    let size = 1.0 + p.g.iter().chain(&hx).chain(&carried).fold(0.0f64, |a, b| a.max(b.abs()));
    for i in 0..n {
        let (x, pull) = (answer.x[i], hx[i] - p.g[i] - carried[i]);
        assert!(x > p.lo[i] - 1e-7 && x < p.hi[i] + 1e-7, "outside its bounds");
        let [below, above] = slopes(cost, i, x);
        let (can_fall, can_rise) = (x > p.lo[i] + 1e-6, x < p.hi[i] - 1e-6);
        assert!(!can_rise || pull + above > -1e-6 * size, "rises: {pull} {above}");
        assert!(!can_fall || pull + below < 1e-6 * size, "falls: {pull} {below}");
    }
    for (k, value) in p.a.times(&answer.x).iter().enumerate() {
        let (lo, hi, dual) = (p.lo[n + k], p.hi[n + k], answer.dual[n + k]);
        assert!(*value > lo - 1e-7 && *value < hi + 1e-7, "outside its row");
        let slack = if dual > 0.0 { value - lo } else { hi - value };
        assert!((dual / size).abs().min(slack.abs()) < 1e-6, "not complementary");
    }
}

/// The tail of some losses, with and without limits of absolute values: what is found keeps them and is proven.
fn tail(numbers: &mut Numbers<'_>) {
    let (n, rows) = (1 + usize::from(numbers.byte()) % 6, 1 + usize::from(numbers.byte()) % 30);
    let values = (0..rows * n).map(|_| 0.01 * numbers.number()).collect();
    let window = Matrix::from_rows(rows, n, values);
    let confidence = f64::from(numbers.byte() % 63 + 1) / 64.0;
    let objective: Objective = if numbers.byte() % 2 == 0 {
        MinimumCvar::new(window, confidence).unwrap().into()
    } else {
        MinimumCdar::new(window, confidence).unwrap().into()
    };
    let min: Vec<f64> = (0..n).map(|_| -numbers.number().abs() / 8.0).collect();
    let max = (0..n).map(|_| numbers.number().abs()).collect();
    let mut constraints = Constraints::between(min, max).unwrap();
    if numbers.byte() % 2 == 0 {
        let held = (0..n).map(|_| numbers.number() / 4.0).collect();
        let turnover = Turnover::new(held, numbers.number().abs() / 4.0).unwrap();
        constraints = constraints.with(turnover).unwrap();
    }
    if numbers.byte() % 2 == 0 {
        constraints = constraints.with(GrossLeverage::new(numbers.number().abs()).unwrap()).unwrap();
    }
    let mandate = Mandate::new(objective, constraints).unwrap();
    // An interior point may end early; what the kernel says is exact.
    if let Some(solution) = mandate.solve().ok().filter(|found| found.report.solver == "kernel") {
        let violation = mandate.constraints().violation(&solution.weights);
        assert!(violation < 1e-8, "violated by {violation}");
        assert!(solution.report.gap.is_some_and(|gap| gap < 1e-9), "{:?}", solution.report);
    }
}

fuzz_target!(|data: &[u8]| {
    let mut numbers = Numbers(data.iter());
    let n = 1 + usize::from(numbers.byte()) % 24;
    let m = 1 + usize::from(numbers.byte()) % 2;
    let mut set = ActiveSet::new(n, m);
    for _ in 0..3 {
        let p = program(&mut numbers, n, m);
        let view = Program { h: &p.h, a: &p.a, g: &p.g, lo: &p.lo, hi: &p.hi };
        match set.solve(&view) {
            Ok(answer) => check(&p, &p.g, &answer),
            Err(Stop::Infeasible(ray)) => assert!(ray.proves(&view)),
            Err(_) => {}
        }
        let at: Vec<f64> = (0..n).map(|_| numbers.number()).collect();
        let up: Vec<f64> = (0..n).map(|_| 0.1 * numbers.number().abs()).collect();
        let cost = Kinks { at: &at, up: &up, down: &up };
        match set.solve_kinked(&view, &[cost]) {
            Ok(answer) => check_kinked(&p, &cost, &answer),
            Err(Stop::Infeasible(ray)) => assert!(ray.proves(&view)),
            Err(_) => {}
        }
        let lambda = numbers.number().abs();
        let utility = Utility {
            expected_returns: &p.g,
            covariance: &p.h,
            lambda,
            a: &p.a,
            lo: &p.lo,
            hi: &p.hi,
        };
        match set.maximize_utility(&utility) {
            Ok((answer, theta)) if lambda > 0.0 => {
                let g: Vec<f64> = p.g.iter().map(|rho| theta * rho).collect();
                check(&p, &g, &answer);
            }
            Err(Stop::Infeasible(ray)) => assert!(ray.proves(&view)),
            _ => {}
        }
    }
    tail(&mut numbers);
});
