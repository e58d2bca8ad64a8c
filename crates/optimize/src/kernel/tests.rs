//! The kernel against Clarabel, against its own optimality conditions, and against cycling.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]
#![allow(clippy::needless_range_loop)] // indices run over variables and rows together

use walkfolio_core::{Interrupt, Matrix, SolveStatus};

use super::*;

mod kinks;
mod paths;
use crate::cone::clarabel::run;
use crate::cone::program::{Cone, Program as ConeProgram};
use crate::solution::Precision;

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
    fn index(&mut self, n: usize) -> usize {
        ((self.next() * n as f64) as usize).min(n - 1)
    }
    fn chance(&mut self, p: f64) -> bool {
        self.next() < p
    }
}

/// A program that owns its data.
#[derive(Clone, Debug)]
struct Owned {
    h: Matrix,
    a: Matrix,
    g: Vec<f64>,
    lo: Vec<f64>,
    hi: Vec<f64>,
}

impl Owned {
    fn view(&self) -> Program<'_> {
        Program { h: &self.h, a: &self.a, g: &self.g, lo: &self.lo, hi: &self.hi }
    }
    fn value(&self, x: &[f64]) -> f64 {
        let hx = self.h.times(x);
        x.iter().zip(&hx).zip(&self.g).map(|((x, hx), g)| x * (0.5 * hx - g)).sum()
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Flavour {
    Plain,
    Duplicated,
    Singular,
    Ties,
    FixedSome,
    Vertex,
}

const FLAVOURS: [Flavour; 6] = [
    Flavour::Plain,
    Flavour::Duplicated,
    Flavour::Singular,
    Flavour::Ties,
    Flavour::FixedSome,
    Flavour::Vertex,
];

fn program(random: &mut Random, n: usize, m: usize, flavour: Flavour) -> Owned {
    let rows = if flavour == Flavour::Singular { (n / 2).max(1) } else { 3 * n + 5 };
    let scale = 10f64.powf(random.between(-4.0, 0.0));
    let mut window = Matrix::zeros(rows, n);
    for t in 0..rows {
        let common = random.between(-1.0, 1.0);
        for (j, value) in window.row_mut(t).iter_mut().enumerate() {
            let own = if j == 0 { 0.05 } else { 1.0 };
            *value =
                scale * (common * (0.3 + j as f64 / n as f64) + own * random.between(-1.0, 1.0));
        }
        if flavour == Flavour::Duplicated && n > 2 {
            let copy = window[(t, 1)];
            window[(t, 2)] = copy;
        }
    }
    let h = window.gram();
    let mut a = Matrix::zeros(m, n);
    for k in 0..m {
        for value in a.row_mut(k) {
            *value = if k == 0 { 1.0 } else { random.between(-0.5, 1.5) };
        }
    }
    let size = h[(n / 2, n / 2)];
    let mut g: Vec<f64> = (0..n).map(|_| size * random.between(-1.0, 1.0)).collect();
    if flavour == Flavour::Duplicated && n > 2 {
        g[2] = g[1];
    }
    if flavour == Flavour::Ties {
        g.fill(0.0);
    }
    let (mut lo, mut hi) = (vec![0.0f64; n + m], vec![0.0f64; n + m]);
    let short = random.chance(0.5);
    for i in 0..n {
        lo[i] = if short { -2.0 } else { 0.0 };
        hi[i] = if short { 2.0 } else { random.between(1.5 / n as f64, 1.0) };
        if flavour == Flavour::FixedSome && random.chance(0.3) {
            hi[i] = lo[i].max(0.0);
            lo[i] = hi[i];
        }
    }
    if flavour == Flavour::Vertex {
        // Bounds so tight that nearly everything is at one of them.
        hi[..n].fill(1.0 / (n as f64 - 0.5).max(1.0));
        lo[..n].fill(0.0);
    }
    for k in 0..m {
        let centre = if k == 0 { 1.0 } else { random.between(-0.2, 0.8) };
        let width = if k == 0 || random.chance(0.3) { 0.0 } else { random.between(0.0, 0.5) };
        (lo[n + k], hi[n + k]) = (centre - width, centre + width);
    }
    Owned { h, a, g, lo, hi }
}

/// The same program for Clarabel.
fn by_clarabel(p: &Owned) -> (SolveStatus, f64) {
    let (n, m) = (p.g.len(), p.a.rows());
    let mut cone = ConeProgram { scale: 1.0, ..ConeProgram::default() };
    cone.add_variables(n);
    let size = (0..n).map(|i| p.h[(i, i)]).sum::<f64>() / n as f64;
    for i in 0..n {
        cone.linear[i] = -p.g[i] / size;
        for j in i..n {
            cone.quadratic.push((i, j, p.h[(i, j)] / size));
        }
    }
    let row = |i: usize| -> Vec<(usize, f64)> {
        if i < n { vec![(i, 1.0)] } else { p.a.row(i - n).iter().copied().enumerate().collect() }
    };
    for i in (0..n + m).filter(|&i| p.lo[i] == p.hi[i]) {
        cone.row(row(i), p.lo[i]);
    }
    cone.close(0, Cone::Zero);
    let start = cone.rhs.len();
    for i in (0..n + m).filter(|&i| p.lo[i] != p.hi[i]) {
        cone.row(row(i), p.hi[i]);
        cone.row(row(i).into_iter().map(|(j, v)| (j, -v)), -p.lo[i]);
    }
    cone.close(start, Cone::NonNegative);
    let answer = run(&cone, Precision::Full, &Interrupt::default()).unwrap();
    (answer.status, p.value(&answer.x))
}

/// Violations of optimality from the raw data, relative.
fn kkt_error(p: &Owned, answer: &Answer) -> f64 {
    let (n, m) = (p.g.len(), p.a.rows());
    let hx = p.h.times(&answer.x);
    let ax = p.a.times(&answer.x);
    let size = (0..n).map(|i| p.h[(i, i)]).sum::<f64>() / n as f64;
    let largest = p.g.iter().chain(&hx).fold(size, |a, b| a.max(b.abs()));
    let mut worst = 0.0f64;
    for i in 0..n {
        let row_part: f64 = (0..m).map(|k| p.a[(k, i)] * answer.dual[n + k]).sum();
        let gradient = hx[i] - p.g[i] - row_part;
        worst = worst.max((gradient - answer.dual[i]).abs() / largest);
    }
    let values = answer.x.iter().chain(&ax);
    for (i, &value) in values.enumerate() {
        worst = worst.max((p.lo[i] - value).max(value - p.hi[i]) / 3.0);
        let dual = answer.dual[i] / largest;
        let slack = if dual > 0.0 { value - p.lo[i] } else { p.hi[i] - value };
        worst = worst.max((dual.abs().min(1.0) * slack.abs()).min(dual.abs()));
    }
    worst
}

struct Tally {
    solved: usize,
    infeasible: usize,
    stopped: Vec<String>,
    most_pivots: u32,
    worst_kkt: f64,
    worst_gap: f64,
}

fn check(p: &Owned, outcome: Result<Answer, Stop>, label: &str, tally: &mut Tally) {
    let (status, reference) = by_clarabel(p);
    match outcome {
        Ok(answer) => {
            let error = kkt_error(p, &answer);
            tally.worst_kkt = tally.worst_kkt.max(error);
            assert!(error < 1e-9, "{label}: KKT {error:e}\n{p:?}\n{answer:?}");
            let value = p.value(&answer.x);
            let size = (0..p.g.len()).map(|i| p.h[(i, i)]).sum::<f64>() / p.g.len() as f64;
            let gap = (value - reference) / (value.abs() + size);
            if status == SolveStatus::Optimal {
                tally.worst_gap = tally.worst_gap.max(gap.abs());
                assert!(gap < 1e-8, "{label}: worse than Clarabel by {gap:e}");
            }
            tally.most_pivots = tally.most_pivots.max(answer.pivots);
            tally.solved += 1;
        }
        Err(Stop::Infeasible(ray)) => {
            assert!(ray.proves(&p.view()), "{label}: the ray proves nothing; {status}");
            assert!(status != SolveStatus::Optimal, "{label}: Clarabel has an answer");
            tally.infeasible += 1;
        }
        Err(other) => tally.stopped.push(format!("{label}: {other:?}, Clarabel {status}")),
    }
}

fn tally() -> Tally {
    Tally {
        solved: 0,
        infeasible: 0,
        stopped: Vec::new(),
        most_pivots: 0,
        worst_kkt: 0.0,
        worst_gap: 0.0,
    }
}

fn report(name: &str, tally: &Tally) {
    println!(
        "{name}: {} solved, {} infeasible, {} stopped, at most {} pivots, KKT {:.1e}, gap {:.1e}",
        tally.solved,
        tally.infeasible,
        tally.stopped.len(),
        tally.most_pivots,
        tally.worst_kkt,
        tally.worst_gap
    );
    for line in tally.stopped.iter().take(10) {
        println!("  {line}");
    }
}

#[test]
fn agrees_with_clarabel_from_nothing() {
    for flavour in FLAVOURS {
        let mut tally = tally();
        let mut random = Random(flavour as u64);
        for round in 0..400 {
            let n = 2 + random.index(if round % 10 == 0 { 58 } else { 14 });
            let m = 1 + random.index(2);
            let p = program(&mut random, n, m, flavour);
            let outcome = ActiveSet::new(n, m).solve(&p.view());
            check(&p, outcome, &format!("{flavour:?} {round} n {n} m {m}"), &mut tally);
        }
        report(&format!("{flavour:?}, cold"), &tally);
        assert!(tally.stopped.len() <= 4, "{:?}", tally.stopped);
    }
}

#[test]
fn agrees_with_clarabel_from_unrelated_answers() {
    for flavour in FLAVOURS {
        let mut tally = tally();
        let mut random = Random(100 + flavour as u64);
        for n in [2, 3, 5, 8, 12, 14, 20, 30, 45, 60] {
            let m = 2;
            let mut warm = ActiveSet::new(n, m);
            for round in 0..40 {
                let any = FLAVOURS[random.index(FLAVOURS.len())];
                let p = program(&mut random, n, m, if round % 2 == 0 { flavour } else { any });
                let outcome = warm.solve(&p.view());
                check(&p, outcome, &format!("{flavour:?} {round} n {n}"), &mut tally);
            }
        }
        report(&format!("{flavour:?}, warm"), &tally);
        assert!(tally.stopped.len() <= 4, "{:?}", tally.stopped);
    }
}

#[test]
fn warm_and_cold_give_the_same_bits() {
    let mut random = Random(7);
    for n in [4, 11, 14, 25, 40] {
        let mut p = program(&mut random, n, 1, Flavour::Plain);
        let mut warm = ActiveSet::new(n, 1);
        for _ in 0..60 {
            for g in &mut p.g {
                *g *= random.between(0.9, 1.1);
            }
            let a = warm.solve(&p.view()).unwrap();
            let b = ActiveSet::new(n, 1).solve(&p.view()).unwrap();
            let bits = |x: &[f64]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&a.x), bits(&b.x));
        }
    }
}

#[test]
fn an_impossible_budget_is_proven_impossible() {
    let p = Owned {
        h: Matrix::from_rows(2, 2, vec![1.0, 0.0, 0.0, 1.0]),
        a: Matrix::from_rows(1, 2, vec![1.0, 1.0]),
        g: vec![0.0; 2],
        lo: vec![0.0, 0.0, 1.0],
        hi: vec![0.3, 0.3, 1.0],
    };
    let Err(Stop::Infeasible(ray)) = ActiveSet::new(2, 1).solve(&p.view()) else {
        panic!("feasible")
    };
    assert!(ray.proves(&p.view()), "{ray:?}");
}

#[test]
fn two_assets_by_hand() {
    // min 1/2 (x^2 + 4 y^2), x + y = 1: x = 0.8, y = 0.2; with x <= 0.5: y = 0.5.
    let mut p = Owned {
        h: Matrix::from_rows(2, 2, vec![1.0, 0.0, 0.0, 4.0]),
        a: Matrix::from_rows(1, 2, vec![1.0, 1.0]),
        g: vec![0.0; 2],
        lo: vec![0.0, 0.0, 1.0],
        hi: vec![1.0, 1.0, 1.0],
    };
    let mut set = ActiveSet::new(2, 1);
    let answer = set.solve(&p.view()).unwrap();
    assert!((answer.x[0] - 0.8).abs() < 1e-15 && (answer.x[1] - 0.2).abs() < 1e-15);
    p.hi[0] = 0.5;
    let answer = set.solve(&p.view()).unwrap();
    assert_eq!(answer.x, [0.5, 0.5]);
    // Stationarity at x: 0.5 - lambda = z, lambda = 4 * 0.5 = 2, so z = -1.5 at the upper bound.
    assert!((answer.dual[0] + 1.5).abs() < 1e-14);
    assert_eq!(answer.pivots, 1);
}
