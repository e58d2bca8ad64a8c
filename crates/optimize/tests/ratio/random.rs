//! Small random programs against local searches, sampled portfolios and a grid.

use walkfolio_core::Matrix;
use walkfolio_optimize::matrix_form::{
    Certificate, RatioAnswer, RatioSolver, Stop, verify_certificate,
};

use crate::golden::{Date, budget_rows};

/// A small generator: tests must not change with a library's.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
    pub fn between(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * self.next()
    }
    pub fn index(&mut self, n: usize) -> usize {
        ((self.next() * n as f64) as usize).min(n - 1)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Flavour {
    Plain,
    Duplicated,
    NoPrice,
    Calm,
    Nonpositive,
    Dear,
    WideFloor,
}

const FLAVOURS: [Flavour; 7] = [
    Flavour::Plain,
    Flavour::Duplicated,
    Flavour::NoPrice,
    Flavour::Calm,
    Flavour::Nonpositive,
    Flavour::Dear,
    Flavour::WideFloor,
];

fn covariance(random: &mut Random, n: usize, flavour: Flavour) -> Matrix {
    let mut window = Matrix::zeros(3 * n + 4, n);
    let scale = 10f64.powf(random.between(-2.0, 0.0));
    for t in 0..window.rows() {
        let common = random.between(-1.0, 1.0);
        for (j, value) in window.row_mut(t).iter_mut().enumerate() {
            let own = if flavour == Flavour::Calm && j == 1 { 1e-4 } else { 1.0 };
            *value = scale * own * (common + random.between(-1.0, 1.0));
        }
        if flavour == Flavour::Duplicated {
            let copy = window[(t, 0)];
            window[(t, n - 1)] = copy;
        }
    }
    let mut gram = window.gram();
    let rows = window.rows() as f64;
    for i in 0..n {
        gram.row_mut(i).iter_mut().for_each(|value| *value /= rows);
    }
    gram
}

fn numerator(random: &mut Random, n: usize, flavour: Flavour) -> Vec<f64> {
    let mut numerator: Vec<f64> = (0..n).map(|_| random.between(-0.3, 0.5)).collect();
    if flavour == Flavour::Nonpositive {
        numerator.iter_mut().for_each(|a| *a = -a.abs() - 0.01);
    }
    if flavour == Flavour::Duplicated {
        numerator[n - 1] = numerator[0];
    }
    numerator
}

fn program(random: &mut Random, flavour: Flavour) -> Date {
    let n = 2 + random.index(7);
    sized(random, n, flavour)
}

fn sized(random: &mut Random, n: usize, flavour: Flavour) -> Date {
    let benchmark_at = random.index(n);
    let covariance = covariance(random, n, flavour);
    let numerator = numerator(random, n, flavour);
    let row = random.next() < 0.5;
    let beta: Vec<f64> = (0..n).map(|_| random.between(0.2, 1.6)).collect();
    let size = n + 1 + usize::from(row);
    let long_only = random.next() < 0.5 || flavour == Flavour::Nonpositive;
    let reach = if long_only { 0.0 } else { 1.5 };
    let (mut lo, mut hi) = (vec![-reach; size], vec![1.0 + reach; size]);
    (lo[n], hi[n]) = (1.0, 1.0);
    if row {
        let centre = random.between(0.6, 1.2);
        (lo[n + 1], hi[n + 1]) = (centre - 0.4, centre + 0.4);
        if random.next() < 0.2 {
            hi[n + 1] = f64::INFINITY;
        }
    }
    let tradable = n < 3 || random.next() < 0.6;
    let mut benchmark = vec![0.0; n];
    benchmark[benchmark_at] = 1.0;
    let mut floor = random.between(0.01, 0.2);
    if flavour == Flavour::WideFloor {
        floor = random.between(0.5, 3.0);
    }
    if !tradable {
        (lo[benchmark_at], hi[benchmark_at]) = (0.0, 0.0);
        // A copy of the benchmark would make it tradable.
        floor = if flavour == Flavour::Duplicated { floor } else { 0.0 };
    }
    let lambda = match flavour {
        Flavour::NoPrice => 0.0,
        Flavour::Dear => random.between(2.0, 30.0),
        _ => random.between(0.05, 1.0),
    };
    let a = budget_rows(n, row.then_some(&beta[..]));
    Date { numerator, covariance, benchmark, floor, lambda, a, lo, hi }
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

pub fn objective(p: &Date, x: &[f64]) -> f64 {
    let apart: Vec<f64> = x.iter().zip(&p.benchmark).map(|(x, e)| x - e).collect();
    let norm = |v: &[f64]| dot(v, &p.covariance.times(v)).max(0.0).sqrt();
    dot(&p.numerator, x) / norm(&apart).max(p.floor) - p.lambda * norm(x)
}

fn feasible(p: &Date, x: &[f64]) -> bool {
    let values = x.iter().copied().chain(p.a.times(x));
    values.zip(p.lo.iter().zip(&p.hi)).all(|(v, (lo, hi))| v >= lo - 1e-12 && v <= hi + 1e-12)
}

/// A feasible portfolio, if chance finds one.
fn sample(p: &Date, random: &mut Random) -> Option<Vec<f64>> {
    let n = p.numerator.len();
    for _ in 0..50 {
        let mut x: Vec<f64> = (0..n).map(|i| random.between(p.lo[i], p.hi[i])).collect();
        let first = random.index(n);
        for k in 0..2 * n {
            let i = (first + k) % n;
            let rest = 1.0 - x.iter().sum::<f64>();
            x[i] = (x[i] + rest).clamp(p.lo[i], p.hi[i]);
        }
        if feasible(p, &x) {
            return Some(x);
        }
    }
    None
}

/// Transfers between pairs as long as they help, in ever smaller steps.
fn improve(p: &Date, mut x: Vec<f64>) -> (f64, Vec<f64>) {
    let n = x.len();
    let (mut value, mut step) = (objective(p, &x), 0.3);
    while step > 1e-6 {
        let before = value;
        for i in 0..n {
            for j in (0..n).filter(|&j| j != i) {
                let mut next = x.clone();
                next[i] += step;
                next[j] -= step;
                let reached = objective(p, &next);
                if reached > value && feasible(p, &next) {
                    (value, x) = (reached, next);
                }
            }
        }
        if value <= before {
            step *= 0.5;
        }
    }
    (value, x)
}

/// A grid for two or three assets.
fn grid(p: &Date) -> f64 {
    let n = p.numerator.len();
    let mut best = f64::NEG_INFINITY;
    if n > 3 {
        return best;
    }
    let points =
        |i: usize| (0..=200).map(move |k| p.lo[i] + (p.hi[i] - p.lo[i]) * f64::from(k) / 200.0);
    for x in points(0) {
        for y in points(1) {
            let mut w = vec![x, y];
            if n == 3 {
                w.push(1.0 - x - y);
            } else {
                w[1] = 1.0 - x;
            }
            if feasible(p, &w) {
                best = best.max(objective(p, &w));
            }
        }
    }
    best
}

/// Changes of a certificate that must not go unnoticed.
fn tamper(p: &Date, certificate: &Certificate) {
    let rejects = |change: &dyn Fn(&mut Certificate), what: &str| {
        let mut other = certificate.clone();
        change(&mut other);
        let outcome = verify_certificate(&p.view(), &other);
        assert!(outcome.is_err(), "{what} went unnoticed: {outcome:?}\n{p:?}\n{certificate:?}");
    };
    rejects(&|c| c.bound -= 1e-3, "a lower bound");
    rejects(&|c| c.value += 1e-3 * (1.0 + c.value.abs()), "another value");
    rejects(&|c| c.x[0] += 1e-3, "another portfolio");
    rejects(&|c| c.cap.rows[0] += 1e3, "another multiplier of the cap");
    rejects(&|c| c.cap.witness[0] = f64::NAN, "no witness");
    rejects(&|c| c.cap.share = 1.5, "a share above 1");
    let last = certificate.intervals.iter().map(|i| i.right.deviation).fold(0.0, f64::max);
    let proven = certificate.bound <= certificate.value + 1e-6;
    for (k, interval) in certificate.intervals.iter().enumerate() {
        // The last one may be spare, where the cap begins to suffice just before it.
        if proven && interval.right.deviation < last {
            rejects(&|c| drop(c.intervals.remove(k)), "a hole");
        }
        rejects(&|c| c.intervals[k].left.tangent.rows[0] += 1e3, "another multiplier");
        rejects(&|c| c.intervals[k].right.tangent.deviation += 1e-3, "another price");
    }
}

fn check(p: &Date, answer: &RatioAnswer, random: &mut Random, label: &str) -> bool {
    assert!(feasible_within(p, &answer.x, 1e-9), "{label}: infeasible {:?}\n{p:?}", answer.x);
    let found = objective(p, &answer.x);
    assert!(
        (found - answer.value).abs() < 1e-9 * (1.0 + found.abs()),
        "{label}: {found} is not {}\n{p:?}\n{:?}",
        answer.value,
        answer.x
    );
    let verified = verify_certificate(&p.view(), &answer.certificate)
        .unwrap_or_else(|error| panic!("{label}: {error}\n{p:?}\n{answer:?}"));
    assert!(verified >= answer.value);
    tamper(p, &answer.certificate);
    let mut best = grid(p);
    for _ in 0..50 {
        let Some(x) = sample(p, random) else { break };
        best = best.max(objective(p, &x)).max(improve(p, x).0);
    }
    let size = 1.0 + best.abs();
    assert!(best <= answer.bound + 1e-9 * size, "{label}: {best} above {}", answer.bound);
    best <= answer.value + 1e-6 * size
}

fn feasible_within(p: &Date, x: &[f64], slack: f64) -> bool {
    let values = x.iter().copied().chain(p.a.times(x));
    values.zip(p.lo.iter().zip(&p.hi)).all(|(v, (lo, hi))| v >= lo - slack && v <= hi + slack)
}

#[test]
fn beats_local_searches_and_bounds_every_sample() {
    for flavour in FLAVOURS {
        let (mut solved, mut infeasible, mut unproven, mut gap) = (0, 0, 0, 0.0f64);
        let mut positive_gap = 0.0f64;
        let mut stopped = Vec::new();
        for round in 0..150 {
            let mut random = Random(1000 * flavour as u64 + round);
            let p = program(&mut random, flavour);
            let label = format!("{flavour:?} {round}");
            match RatioSolver::new(p.numerator.len(), p.a.rows()).solve(&p.view(), 1e-6) {
                Ok(answer) => {
                    let best = check(&p, &answer, &mut random, &label);
                    let nonpositive = answer.value < 0.0;
                    assert!(best, "{label}: a local search is better\n{p:?}");
                    solved += 1;
                    if answer.gap() > 1e-6 * (1.0 + 1e-9) {
                        unproven += 1;
                    }
                    gap = gap.max(answer.gap());
                    if !nonpositive {
                        positive_gap = positive_gap.max(answer.gap());
                    }
                }
                Err(Stop::Infeasible(_)) => {
                    assert!(sample(&p, &mut random).is_none(), "{label}: feasible");
                    infeasible += 1;
                }
                Err(other) => stopped.push(format!("{label}: {other:?}")),
            }
        }
        println!(
            "{flavour:?}: {solved} solved, {infeasible} infeasible, {unproven} unproven, gap {gap:.1e} ({positive_gap:.1e} where J > 0), stopped {stopped:?}",
        );
        assert!(stopped.is_empty(), "{stopped:?}");
        assert!(positive_gap < 1e-5, "{flavour:?}: {positive_gap:e}");
    }
}

#[test]
fn many_assets_are_proven_as_well() {
    for (n, rounds) in [(18, 20), (28, 10), (40, 4)] {
        for round in 0..rounds {
            let mut random = Random(7000 + round);
            let p = sized(&mut random, n, Flavour::Plain);
            let answer = RatioSolver::new(n, p.a.rows()).solve(&p.view(), 1e-6).unwrap();
            let verified = verify_certificate(&p.view(), &answer.certificate).unwrap();
            assert!(verified <= answer.bound + 1e-9);
            assert!(answer.gap() <= 1e-6, "{n} {round}: {:e}", answer.gap());
        }
    }
}
