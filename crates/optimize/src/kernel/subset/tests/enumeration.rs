//! All holdings, one after the other: written from the rules, not from the search.

use walkfolio_core::{Interrupt, Matrix, SolveStatus};

use super::super::SMALLEST_HOLDING;
use super::random::Owned;
use crate::cone::clarabel::run;
use crate::cone::program::{Cone, Program as ConeProgram};
use crate::kernel::{ActiveSet, Program, Stop};
use crate::solution::Precision;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    Kernel,
    Clarabel,
}

/// The smallest objective over all holdings and sides; none if no portfolio keeps the rules.
pub fn enumerate(p: &Owned, method: Method) -> Option<f64> {
    let n = p.c.len();
    let size = p.position.unwrap_or(if p.least.unwrap_or(0) > 0 { SMALLEST_HOLDING } else { 0.0 });
    let ways: usize = if size > 0.0 { 3 } else { 2 };
    let mut best: Option<f64> = None;
    for code in 0..ways.pow(n as u32) {
        let (mut lo, mut hi, mut held, mut rest) = (p.lo.clone(), p.hi.clone(), 0, code);
        for i in 0..n {
            let way = rest % ways;
            rest /= ways;
            held += usize::from(way > 0);
            match (way, ways) {
                (0, _) => (lo[i], hi[i]) = (lo[i].max(0.0), hi[i].min(0.0)),
                (_, 2) => {}
                (1, _) => lo[i] = lo[i].max(size),
                _ => hi[i] = hi[i].min(-size),
            }
        }
        let possible = lo.iter().zip(&hi).all(|(lo, hi)| lo <= hi);
        if possible && held <= p.most.unwrap_or(n) && held >= p.least.unwrap_or(0) {
            let value = match method {
                Method::Kernel if p.trading.is_some() => by_sides(p, &lo, &hi),
                Method::Kernel => by_kernel(p, &lo, &hi),
                Method::Clarabel => by_clarabel(p, &lo, &hi),
            };
            best = value.map_or(best, |value| Some(best.map_or(value, |b| b.min(value))));
        }
    }
    best
}

/// The best of every choice of what is bought and what is sold.
fn by_sides(p: &Owned, lo: &[f64], hi: &[f64]) -> Option<f64> {
    let n = p.c.len();
    let trading = p.trading.as_ref()?;
    let mut best: Option<f64> = None;
    for code in 0..1_usize << n {
        let (mut lo, mut hi, mut g) = (lo.to_vec(), hi.to_vec(), p.c.clone());
        let (mut rows, mut sum, mut paid) = (p.a.values().to_vec(), 0.0, 0.0);
        for i in 0..n {
            let bought = code >> i & 1 == 1;
            let (sign, from) = (if bought { 1.0 } else { -1.0 }, trading.from[i]);
            if bought {
                lo[i] = lo[i].max(from);
            } else {
                hi[i] = hi[i].min(from);
            }
            g[i] -= 0.5 * sign * trading.costs[i];
            rows.push(sign);
            sum += sign * from;
            paid += sign * trading.costs[i] * from;
        }
        if lo.iter().zip(&hi).any(|(lo, hi)| lo > hi) {
            continue;
        }
        lo.push(f64::NEG_INFINITY);
        hi.push(trading.most.map_or(f64::INFINITY, |most| 2.0 * most + sum));
        let a = Matrix::from_rows(p.a.rows() + 1, n, rows);
        let piece = Owned { a, c: g, constant: p.constant - paid, trading: None, ..p.clone() };
        if let Some(value) = by_kernel(&piece, &lo, &hi) {
            best = Some(best.map_or(value, |best| best.min(value)));
        }
    }
    best
}

fn by_kernel(p: &Owned, lo: &[f64], hi: &[f64]) -> Option<f64> {
    let program = Program { h: &p.g, a: &p.a, g: &p.c, lo, hi };
    match ActiveSet::new(p.c.len(), p.a.rows()).solve(&program) {
        Ok(answer) => Some(p.value(&answer.x)),
        Err(Stop::Infeasible(_)) => None,
        Err(_) => by_clarabel(p, lo, hi),
    }
}

fn by_clarabel(p: &Owned, lo: &[f64], hi: &[f64]) -> Option<f64> {
    let (n, m) = (p.c.len(), p.a.rows());
    let mut cone = ConeProgram { scale: 1.0, ..ConeProgram::default() };
    cone.add_variables(n);
    let size = p.size();
    for i in 0..n {
        cone.linear[i] = -p.c[i] / size;
        for j in i..n {
            cone.quadratic.push((i, j, p.g[(i, j)] / size));
        }
    }
    let row = |a: &Matrix, i: usize| -> Vec<(usize, f64)> {
        if i < n { vec![(i, 1.0)] } else { a.row(i - n).iter().copied().enumerate().collect() }
    };
    for i in (0..n + m).filter(|&i| lo[i] == hi[i]) {
        cone.row(row(&p.a, i), lo[i]);
    }
    cone.close(0, Cone::Zero);
    let start = cone.rhs.len();
    for i in (0..n + m).filter(|&i| lo[i] != hi[i]) {
        if hi[i].is_finite() {
            cone.row(row(&p.a, i), hi[i]);
        }
        if lo[i].is_finite() {
            cone.row(row(&p.a, i).into_iter().map(|(j, v)| (j, -v)), -lo[i]);
        }
    }
    cone.close(start, Cone::NonNegative);
    let answer = run(&cone, Precision::Full, &Interrupt::default()).ok()?;
    (answer.status == SolveStatus::Optimal).then(|| p.value(&answer.x))
}
