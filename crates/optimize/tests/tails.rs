//! Tails of losses under random subsets of all constraints, degenerate ones among them: the kernel against Clarabel, and
//! its bound against both.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

use walkfolio_core::{Covariance, Matrix, TradingCost};
use walkfolio_optimize::{
    Choice, Constraints, Costs, Error, Exposure, GrossLeverage, Group, Mandate, MeanCvar,
    MinimumCdar, MinimumCvar, Objective, Optimizer, Penalties, Precision, RiskCap,
    RobustMeanVariance, Settings, Turnover, solve,
};

/// A small generator: tests must not change with a library's.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * self.next()
    }

    fn is(&mut self, chance: f64) -> bool {
        self.next() < chance
    }

    fn some(&mut self, n: usize, lo: f64, hi: f64) -> Vec<f64> {
        (0..n).map(|_| self.between(lo, hi)).collect()
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // small and positive
    fn count(&mut self, lo: usize, hi: usize) -> usize {
        self.between(lo as f64, hi as f64) as usize
    }
}

/// Returns with a common part: now and then fewer than assets, some rows or assets the same, all of one column equal.
fn window(random: &mut Random, n: usize) -> Matrix {
    let rows = if random.is(0.2) { random.count(1, n + 1) } else { random.count(10, 120) };
    let mut window = Matrix::from_rows(rows, n, random.some(rows * n, -0.03, 0.032));
    for t in 0..rows {
        let common = random.between(-0.02, 0.02);
        window.row_mut(t).iter_mut().for_each(|value| *value += common);
    }
    if random.is(0.15) && rows > 4 {
        let first = window.row(0).to_vec();
        (1..rows / 2).for_each(|t| window.row_mut(t).copy_from_slice(&first));
    }
    if random.is(0.15) && n > 1 {
        (0..rows).for_each(|t| window[(t, 1)] = window[(t, 0)]);
    }
    if random.is(0.1) {
        (0..rows).for_each(|t| window[(t, 0)] = 1e-4);
    }
    if random.is(0.1) {
        // Whole percents: many losses are the same.
        for t in 0..rows {
            window
                .row_mut(t)
                .iter_mut()
                .for_each(|value| *value = (*value * 100.0).round() / 100.0);
        }
    }
    window
}

fn portfolio(random: &mut Random, n: usize) -> Vec<f64> {
    let mut w: Vec<f64> = (0..n).map(|_| (random.next() - 0.3).max(0.0)).collect();
    w[0] += 0.1;
    let sum: f64 = w.iter().sum();
    w.iter().map(|w| w / sum).collect()
}

fn objective(random: &mut Random, kind: usize, window: Matrix) -> Objective {
    let confidence = [0.5, 0.9, 0.95, 0.99, 0.977][random.count(0, 5)];
    let n = window.cols();
    match kind {
        0 => MinimumCvar::new(window, confidence).unwrap().into(),
        1 => {
            let aversion = if random.is(0.1) { 0.0 } else { random.between(0.1, 10.0) };
            MeanCvar::new(random.some(n, -0.05, 0.1), window, confidence, aversion).unwrap().into()
        }
        _ => MinimumCdar::new(window, confidence).unwrap().into(),
    }
}

/// A mandate of a number, with costs and penalties that are linear between kinks.
fn mandate(number: u64) -> Mandate {
    let random = &mut Random(number);
    let n = random.count(1, 9);
    let window = window(random, n);
    let objective = objective(random, (number % 3) as usize, window);
    let held = portfolio(random, n);
    let min = vec![if random.is(0.4) { -random.between(0.1, 0.5) } else { 0.0 }; n];
    let max = vec![random.between(0.35, 1.0).max(1.1 / n as f64); n];
    let mut constraints = Constraints::between(min, max).unwrap();
    let (least, most) = match random.next() {
        chance if chance < 0.15 => (random.between(0.0, 0.9), random.between(0.9, 1.1)),
        chance if chance < 0.25 => (0.0, 0.0),
        _ => (1.0, 1.0),
    };
    constraints = constraints.with_net_leverage(least, most).unwrap();
    if random.is(0.35) {
        constraints =
            constraints.with(GrossLeverage::new(random.between(0.9, 1.6)).unwrap()).unwrap();
    }
    if random.is(0.35) {
        let max = if random.is(0.1) { 0.0 } else { random.between(0.01, 0.5) };
        constraints = constraints.with(Turnover::new(held.clone(), max).unwrap()).unwrap();
    }
    if random.is(0.3) {
        let (middle, values) = (random.between(0.2, 0.8), random.some(n, 0.0, 1.0));
        let row = Exposure::new("exposure", values, middle - 0.2, middle + 0.2).unwrap();
        constraints = constraints.with(row).unwrap();
    }
    if random.is(0.3) {
        let members: Vec<usize> = (0..n).filter(|i| i % 2 == 0).collect();
        let group = Group::new("group", n, &members).unwrap();
        constraints = constraints.with(group.at_most(random.between(0.3, 0.9)).unwrap()).unwrap();
    }
    let mut mandate = Mandate::new(objective, constraints).unwrap();
    if random.is(0.3) {
        let rate = |random: &mut Random| TradingCost::linear(random.between(0.0, 0.004));
        let rates = (0..n).map(|_| rate(random)).collect();
        mandate = mandate.with_costs(Costs::new(held, rates, 1.0).unwrap()).unwrap();
    }
    if random.is(0.2) {
        let l1 = random.between(0.0, 0.005);
        mandate = mandate.with_penalties(Penalties { l1, l2: 0.0 }).unwrap();
    }
    mandate
}

fn kernel() -> Optimizer {
    Optimizer::new(Settings { choice: Choice::Kernel, ..Settings::default() })
}

#[test]
fn the_kernel_and_clarabel_agree_on_random_mandates() {
    let (mut solved, mut conflicts, mut instead) = (0, 0, 0);
    for number in 0..3000 {
        let mandate = mandate(number);
        let sense = if mandate.objective().is_minimized() { 1.0 } else { -1.0 };
        match (kernel().solve(&mandate, Precision::Full), solve(&mandate, Precision::Full)) {
            (Ok(own), Ok(other)) => {
                solved += 1;
                if own.report.solver != "kernel" {
                    println!("INSTEAD {number}: {:?}", own.note);
                    instead += 1;
                    continue;
                }
                let violation = mandate.constraints().violation(&own.weights);
                assert!(violation <= 1e-10, "{number}: violated by {violation:e}");
                let (value, bound) = (own.report.objective.unwrap(), own.report.bound.unwrap());
                let gap = sense * (value - bound);
                assert!(gap.abs() <= 1e-11 * (0.1 + value.abs()), "{number}: gap {gap:e}");
                let theirs = other.report.objective.unwrap();
                let worse = sense * (value - theirs);
                assert!(worse <= 1e-9, "{number}: {value} {theirs} {:?}", own.report);
                assert!(worse >= -1e-7, "{number}: {value} {theirs} {:?}", other.report);
            }
            (Err(Error::Infeasible(_)), Err(Error::Infeasible(_))) => conflicts += 1,
            (own, other) => panic!("{number}: {own:?} {other:?}"),
        }
    }
    let counts = format!("{solved} solved, {instead} of them by Clarabel, {conflicts} in conflict");
    println!("{counts}");
    assert!(solved > 1500 && conflicts > 200 && instead < 6, "{counts}");
}

#[test]
fn what_is_not_linear_goes_to_clarabel() {
    let random = &mut Random(7);
    let window = Matrix::from_rows(60, 4, random.some(240, -0.03, 0.032));
    let covariance = Covariance::gram(&window).unwrap();
    let long = || Constraints::long_only(4, 1.0).unwrap();
    let cap = RiskCap::volatility(covariance, 0.1).unwrap();
    let impact = TradingCost { linear: 0.0, impact: 0.01 };
    let costs = Costs::new(vec![0.25; 4], vec![impact; 4], 1.0).unwrap();
    let cvar = || MinimumCvar::new(window.clone(), 0.9).unwrap();
    let plain = Mandate::new(cvar(), long()).unwrap();
    let ridge = Penalties { l1: 0.0, l2: 0.1 };
    let all = [
        (Mandate::new(cvar(), long().with(cap).unwrap()).unwrap(), "volatility"),
        (plain.clone().with_costs(costs).unwrap(), "impact"),
        (plain.with_penalties(ridge).unwrap(), "l2 penalty"),
    ];
    for (mandate, why) in all {
        let solution = mandate.solve().unwrap();
        assert_eq!(solution.report.solver, "clarabel");
        assert!(solution.report.gap.unwrap() < 1e-8, "{:?}", solution.report);
        let error = kernel().solve(&mandate, Precision::Full).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn robust_means_agree_with_clarabel() {
    let mut by_kernel = 0;
    for number in 0..400 {
        let random = &mut Random(number);
        let n = random.count(1, 9);
        let rows = if random.is(0.15) { n } else { 3 * n };
        let window = Matrix::from_rows(rows, n, random.some(rows * n, -0.2, 0.2));
        let covariance = Covariance::gram(&window).unwrap();
        let (lambda, aversion) = (random.between(0.0, 0.5), random.between(0.0, 6.0));
        let mean = random.some(n, -0.05, 0.2);
        let objective =
            RobustMeanVariance::new(mean, covariance.clone(), lambda, aversion).unwrap();
        let held = portfolio(random, n);
        let mut constraints =
            Constraints::between(vec![if random.is(0.4) { -0.3 } else { 0.0 }; n], vec![1.0; n])
                .unwrap();
        if random.is(0.4) {
            let turnover = Turnover::new(held.clone(), random.between(0.05, 0.4)).unwrap();
            constraints = constraints.with(turnover).unwrap();
        }
        if random.is(0.3) {
            let cap = RiskCap::volatility(covariance, random.between(0.3, 0.6)).unwrap();
            constraints = constraints.with(cap).unwrap();
        }
        let mut mandate = Mandate::new(objective, constraints).unwrap();
        if random.is(0.4) {
            let rates = vec![TradingCost::linear(random.between(0.0, 0.02)); n];
            mandate = mandate.with_costs(Costs::new(held, rates, 1.0).unwrap()).unwrap();
        }
        match (mandate.solve(), solve(&mandate, Precision::Full)) {
            (Ok(own), Ok(other)) => {
                by_kernel += usize::from(own.report.solver == "kernel");
                let [a, b] = [own, other].map(|found| found.report.objective.unwrap());
                assert!(b - a <= 1e-9 && a - b <= 1e-6, "{number}: {a} {b}");
            }
            (Err(Error::Infeasible(_)), Err(Error::Infeasible(_))) => {}
            (own, other) => panic!("{number}: {own:?} {other:?}"),
        }
    }
    println!("{by_kernel} by the kernel");
    assert!(by_kernel > 250, "{by_kernel}");
}
