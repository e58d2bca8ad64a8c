//! Random mandates with random subsets of all constraints, degenerate ones among them: what they must satisfy is
//! written down here again, and no small trade that keeps it is better.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

use walkfolio_core::{Covariance, Matrix, TradingCost};
use walkfolio_optimize::{
    Conflict, Constraint, Constraints, Costs, Error, Exposure, GrossLeverage, Group, Mandate,
    MaximumDiversification, MaximumSharpe, MeanVariance, MinimumVariance, Objective, Part, RiskCap,
    RobustUtility, TrackingError, Turnover,
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

    fn some(&mut self, n: usize, lo: f64, hi: f64) -> Vec<f64> {
        (0..n).map(|_| self.between(lo, hi)).collect()
    }

    fn is(&mut self, chance: f64) -> bool {
        self.next() < chance
    }

    /// Long weights that sum to 1, some of them 0.
    fn portfolio(&mut self, n: usize) -> Vec<f64> {
        let mut w: Vec<f64> = (0..n).map(|_| (self.next() - 0.3).max(0.0)).collect();
        w[0] += 0.1;
        let sum: f64 = w.iter().sum();
        w.iter().map(|w| w / sum).collect()
    }
}

/// What a portfolio must satisfy, as it is stated: how far some weights are outside.
enum Limit {
    Gross(f64),
    Turnover(Vec<f64>, f64),
    /// Window of the covariance, what the weights are compared with, limit.
    Risk(Matrix, Vec<f64>, f64),
    Range(Vec<f64>, f64, f64),
}

/// `sqrt(w'X'X w)`.
fn deviation(window: &Matrix, w: &[f64]) -> f64 {
    window
        .iter_rows()
        .map(|row| row.iter().zip(w).map(|(x, w)| x * w).sum::<f64>().powi(2))
        .sum::<f64>()
        .sqrt()
}

/// Of a window as an estimator keeps it.
fn covariance_of(window: &Matrix) -> Covariance {
    if window.rows() > window.cols() {
        Covariance::gram(window).unwrap()
    } else {
        Covariance::window(window.clone()).unwrap()
    }
}

fn apart(w: &[f64], from: &[f64]) -> Vec<f64> {
    w.iter().zip(from).map(|(w, from)| w - from).collect()
}

impl Limit {
    fn outside(&self, w: &[f64]) -> f64 {
        let size = |w: &[f64]| w.iter().map(|w| w.abs()).sum::<f64>();
        match self {
            Self::Gross(max) => size(w) - max,
            Self::Turnover(held, max) => 0.5 * size(&apart(w, held)) - max,
            Self::Risk(window, from, max) => deviation(window, &apart(w, from)) - max,
            Self::Range(values, min, max) => {
                let at: f64 = values.iter().zip(w).map(|(value, w)| value * w).sum();
                (min - at).max(at - max)
            }
        }
    }

    fn constraint(&self, number: usize) -> Constraint {
        match self {
            Self::Gross(max) => GrossLeverage::new(*max).unwrap().into(),
            Self::Turnover(held, max) => Turnover::new(held.clone(), *max).unwrap().into(),
            Self::Risk(window, from, max) => {
                let covariance = covariance_of(window);
                RiskCap::tracking_error(covariance, from.clone(), *max).unwrap().into()
            }
            Self::Range(values, min, max) if number.is_multiple_of(2) => {
                Exposure::new("exposure", values.clone(), *min, *max).unwrap().into()
            }
            Self::Range(values, min, max) => {
                let members: Vec<usize> = (0..values.len()).filter(|&i| values[i] == 1.0).collect();
                let group = Group::new("group", values.len(), &members).unwrap();
                group.at_least(*min).unwrap().at_most(*max).unwrap().into()
            }
        }
    }
}

struct Case {
    min: Vec<f64>,
    max: Vec<f64>,
    /// The smallest and largest sum.
    net: (f64, f64),
    limits: Vec<Limit>,
    mandate: Mandate,
}

impl Case {
    fn outside(&self, w: &[f64]) -> f64 {
        let bounds = (0..w.len()).map(|i| (self.min[i] - w[i]).max(w[i] - self.max[i]));
        let sum: f64 = w.iter().sum();
        let sum = (self.net.0 - sum).max(sum - self.net.1);
        bounds.chain(self.limits.iter().map(|limit| limit.outside(w))).fold(sum, f64::max)
    }
}

fn window(random: &mut Random, n: usize) -> Matrix {
    // Fewer rows than assets, and assets that are the same, are among them.
    let rows = if random.is(0.15) { n.max(3) - 1 } else { 3 * n };
    let mut window = Matrix::from_rows(rows, n, random.some(rows * n, -0.2, 0.2));
    for t in 0..rows {
        let common = random.between(-0.1, 0.1);
        window.row_mut(t).iter_mut().for_each(|value| *value += common);
    }
    if n > 2 && random.is(0.15) {
        (0..rows).for_each(|t| window[(t, 1)] = window[(t, 0)]);
    }
    window
}

fn objective(random: &mut Random, kind: usize, window: &Matrix) -> Objective {
    let n = window.cols();
    let covariance = covariance_of(window);
    let mean = random.some(n, -0.05, 0.2);
    match kind {
        0 => MeanVariance::new(mean, covariance, 3.0).unwrap().into(),
        1 => MinimumVariance::new(covariance).unwrap().into(),
        2 => RobustUtility::new(mean, covariance, 0.4).unwrap().into(),
        3 => {
            let benchmark = random.portfolio(n);
            let (cross, square) = (covariance.times(&benchmark), covariance.variance(&benchmark));
            TrackingError::from_moments(covariance, cross, square).unwrap().into()
        }
        4 => MaximumSharpe::new(mean, covariance).unwrap().into(),
        _ => MaximumDiversification::new(covariance).unwrap().into(),
    }
}

fn limits(random: &mut Random, window: &Matrix, held: &[f64]) -> Vec<Limit> {
    let n = held.len();
    let mut limits = Vec::new();
    if random.is(0.4) {
        limits.push(Limit::Gross(random.between(1.0, 1.6)));
    }
    if random.is(0.5) {
        let max = if random.is(0.1) { 0.0 } else { random.between(0.01, 0.4) };
        limits.push(Limit::Turnover(held.to_vec(), max));
    }
    let typical = (window.values().iter().map(|x| x * x).sum::<f64>() / n as f64).sqrt();
    if random.is(0.4) {
        let max = typical * random.between(0.3, 1.2);
        limits.push(Limit::Risk(window.clone(), vec![0.0; n], max));
    }
    if random.is(0.4) {
        let max = typical * random.between(0.05, 0.6);
        limits.push(Limit::Risk(window.clone(), random.portfolio(n), max));
    }
    if random.is(0.4) {
        let middle = random.between(0.2, 0.8);
        let values = if limits.len() % 2 == 0 {
            random.some(n, 0.0, 1.0)
        } else {
            (0..n).map(|i| f64::from(u8::from(i % 2 == 0))).collect()
        };
        limits.push(Limit::Range(values, middle - 0.1, middle + 0.1));
    }
    limits
}

fn case(number: u64) -> Case {
    let random = &mut Random(number);
    let n =
        [2, 3, 4, 5, 6].into_iter().find(|n| random.is(1.0 / (7 - n) as f64)).unwrap_or(6_usize);
    let window = window(random, n);
    let objective = objective(random, (number % 6) as usize, &window);
    let held = random.portfolio(n);
    let limits = limits(random, &window, &held);
    let min = vec![if random.is(0.4) { -0.3 } else { 0.0 }; n];
    let max = vec![random.between(0.35, 1.0).max(1.1 / n as f64); n];
    let net = match random.next() {
        chance if chance < 0.2 && number % 6 < 4 => {
            (random.between(0.0, 0.9), random.between(0.9, 1.1))
        }
        chance if chance < 0.3 => (0.8, 0.8),
        _ => (1.0, 1.0),
    };
    let mut constraints = Constraints::between(min.clone(), max.clone()).unwrap();
    constraints = constraints.with_net_leverage(net.0, net.1).unwrap();
    for (at, limit) in limits.iter().enumerate() {
        constraints = constraints.with(limit.constraint(at)).unwrap();
    }
    let mut mandate = Mandate::new(objective, constraints).unwrap();
    if number % 6 < 4 && random.is(0.5) {
        let impact = if random.is(0.5) { 0.05 } else { 0.0 };
        let rates = (0..n).map(|_| TradingCost { linear: random.between(0.0, 0.02), impact });
        mandate = mandate.with_costs(Costs::new(held, rates.collect(), 1.0).unwrap()).unwrap();
    }
    Case { min, max, net, limits, mandate }
}

/// No trade among up to four assets that keeps the limits is better.
fn best_nearby(case: &Case, weights: &[f64], random: &mut Random) {
    let n = weights.len();
    let sense = if case.mandate.objective().is_minimized() { 1.0 } else { -1.0 };
    let value = sense * case.mandate.value(weights);
    for _ in 0..3000 {
        let size = 10f64.powf(random.between(-6.0, -1.0));
        let mut trade: Vec<f64> =
            (0..n).map(|_| if random.is(0.6) { random.between(-1.0, 1.0) } else { 0.0 }).collect();
        let mean = trade.iter().sum::<f64>() / n as f64;
        let kept = if case.net.0 < case.net.1 && random.is(0.5) { 0.0 } else { mean };
        for by in &mut trade {
            *by = size * (*by - kept);
        }
        let other: Vec<f64> = weights.iter().zip(&trade).map(|(w, by)| w + by).collect();
        if case.outside(&other) <= 0.0_f64.max(1e-12) {
            let better = value - sense * case.mandate.value(&other);
            assert!(
                better <= 1e-8 * value.abs().max(0.1),
                "{better:e} better: {other:?} {weights:?}"
            );
        }
    }
}

/// Some parts of the constraints; the sum of the weights is one of them.
fn only(case: &Case, is: impl Fn(Part) -> bool) -> Constraints {
    let n = case.min.len();
    let min = if is(Part::Min) { case.min.clone() } else { vec![-50.0; n] };
    let max = if is(Part::Max) { case.max.clone() } else { vec![50.0; n] };
    let constraints = Constraints::between(min, max).unwrap();
    let mut constraints = constraints.with_net_leverage(case.net.0, case.net.1).unwrap();
    for (at, limit) in case.limits.iter().enumerate().filter(|(at, _)| is(Part::Listed(*at))) {
        constraints = constraints.with(limit.constraint(at)).unwrap();
    }
    constraints
}

/// The members alone conflict, without any of them the others do not, and each change of one of them resolves it;
/// how many changes there are.
fn check_conflict(case: &Case, conflict: &Conflict) -> usize {
    let mut sigma = Matrix::zeros(case.min.len(), case.min.len());
    (0..case.min.len()).for_each(|i| sigma[(i, i)] = 0.04);
    let sigma = Covariance::dense(sigma).unwrap();
    let of = |constraints: Constraints| {
        Mandate::new(MinimumVariance::new(sigma.clone()).unwrap(), constraints).unwrap().solve()
    };
    let is_infeasible = |constraints| matches!(of(constraints), Err(Error::Infeasible(_)));
    let parts: Vec<Part> = conflict.members.iter().map(|member| member.part).collect();
    assert!(is_infeasible(only(case, |part| parts.contains(&part))), "{conflict}");
    for gone in parts.iter().filter(|part| **part != Part::Budget) {
        let rest = only(case, |part| part != *gone && parts.contains(&part));
        assert!(!parts.contains(&Part::Budget) || !is_infeasible(rest), "{conflict}: {gone:?}");
    }
    for change in &conflict.relaxations {
        let solved = of(case.mandate.constraints().widened(change.part, change.limits));
        assert!(solved.is_ok(), "{conflict}: {change:?} {:?}", solved.err());
    }
    conflict.relaxations.len()
}

#[test]
fn random_mandates_are_best_or_in_conflict() {
    let (mut solved, mut conflicts, mut resolved, mut without_gain) = (0, 0, 0, 0);
    for number in 0..600 {
        let case = case(number);
        match case.mandate.solve() {
            Ok(solution) => {
                solved += 1;
                let outside = case.outside(&solution.weights);
                assert!(outside <= 1e-8, "{number}: outside by {outside:e}");
                best_nearby(&case, &solution.weights, &mut Random(number));
                let gap = solution.report.gap.unwrap();
                assert!(gap <= 1e-9, "{number}: gap {gap:e} {:?}", solution.report);
            }
            Err(Error::Infeasible(conflict)) => {
                conflicts += 1;
                resolved += usize::from(check_conflict(&case, &conflict) > 0);
            }
            Err(Error::NoGain { largest, .. }) => {
                without_gain += 1;
                assert!(largest <= 1e-9, "{number}: {largest}");
            }
            Err(error) => panic!("{number}: {error}"),
        }
    }
    let counts = format!(
        "{solved} solved, {conflicts} in conflict, {resolved} by one change, {without_gain} without a gain"
    );
    println!("{counts}");
    assert!(solved > 200 && resolved > 50, "{counts}");
}
