//! The search against enumeration, against published weights, and against itself.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::needless_range_loop)] // indices run over assets in several places together
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

mod enumeration;
mod random;
mod real;

use std::time::Duration;

use walkfolio_core::Matrix;

use super::*;
use enumeration::{Method, enumerate};
use random::{Flavour, Owned, Random, program, with_trading};

/// The answer keeps every rule and its bound is below its objective.
fn check_rules(p: &Owned, answer: &SparseAnswer) {
    let n = p.c.len();
    let held = answer.x.iter().filter(|x| **x != 0.0).count();
    assert!(held <= p.most.unwrap_or(n), "{held} held\n{p:?}\n{answer:?}");
    assert!(held >= p.least.unwrap_or(0), "{held} held\n{p:?}\n{answer:?}");
    let size = p.position.unwrap_or(if p.least.is_some() { SMALLEST_HOLDING } else { 0.0 });
    let ax = p.a.times(&answer.x);
    for (i, &value) in answer.x.iter().chain(&ax).enumerate() {
        assert!(value >= p.lo[i] - 1e-9 && value <= p.hi[i] + 1e-9, "{i}: {value}\n{p:?}");
        assert!(i >= n || value == 0.0 || value.abs() >= size - 1e-9, "{i}: {value}\n{p:?}");
    }
    if let Some(most) = p.trading.as_ref().and_then(|trading| trading.most) {
        assert!(p.turnover(&answer.x) <= most + 1e-9, "{p:?}\n{answer:?}");
    }
    assert!(answer.bound <= answer.objective && answer.gap >= 0.0);
    assert!((p.value(&answer.x) - answer.objective).abs() <= 1e-12 * p.size());
}

/// A search from nothing that nothing interrupts.
fn course(limits: SearchLimits) -> Course<'static> {
    Course { limits, start: None, interrupt: Interrupt::default(), from: None }
}

/// Random programs of a flavour against enumeration.
fn compare(flavour: Flavour, rounds: usize, largest: usize, method: Method) {
    compare_by(Search::ByStructure, (flavour, Trades::Free), rounds, (largest, method));
}

/// Whether the programs have costs of trading.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trades {
    Free,
    Cost,
}

fn compare_by(
    search: Search,
    (flavour, trades): (Flavour, Trades),
    rounds: usize,
    (largest, method): (usize, Method),
) {
    let mut random = Random(1 + flavour as u64);
    let (mut solved, mut infeasible, mut open, mut nodes, mut worst) = (0, 0, 0, 0, 0.0f64);
    for round in 0..rounds {
        let n = 2 + random.index(largest - 1);
        let p = program(&mut random, n, flavour);
        let p = if trades == Trades::Cost { with_trading(&mut random, p) } else { p };
        let reference = enumerate(&p, method);
        match solve_by(&p.view(), course(SearchLimits::default()), search) {
            Ok(answer) => {
                check_rules(&p, &answer);
                let best = reference.unwrap_or_else(|| panic!("{round}: infeasible\n{p:?}"));
                let error = (answer.objective - best) / p.size();
                worst = worst.max(error.abs());
                let enough = match (method, trades) {
                    (Method::Clarabel, _) => 1e-7,
                    (Method::Kernel, Trades::Cost) => 1e-9,
                    (Method::Kernel, Trades::Free) => 1e-10,
                };
                assert!(error.abs() < enough, "{round}: {error:e} {best:e}\n{p:?}\n{answer:?}");
                let root = match trades {
                    Trades::Free => root_value(&p, &answer.root),
                    Trades::Cost => answer.root.value,
                };
                assert!(root <= best + enough * p.size(), "{round}\n{p:?}");
                assert!(answer.bound <= best + enough * p.size(), "{round}\n{p:?}\n{answer:?}");
                if answer.stopped.is_some() {
                    open += 1;
                } else {
                    assert!(answer.gap <= 1e-8, "{round}: {answer:?}\n{p:?}");
                }
                (solved, nodes) = (solved + 1, nodes + answer.nodes);
            }
            Err(NoSubset::Infeasible | NoSubset::Relaxation(Stop::Infeasible(_))) => {
                assert!(reference.is_none(), "{round}: {reference:?}\n{p:?}");
                infeasible += 1;
            }
            Err(other) => panic!("{round}: {other:?}, {reference:?}\n{p:?}"),
        }
    }
    println!(
        "{search:?} {flavour:?}: {solved} solved, {infeasible} infeasible, {open} open, {nodes} nodes, \
         worst {worst:.1e}"
    );
    assert!(open * 200 <= rounds, "{open} of {rounds} open");
}

#[test]
fn agrees_with_enumeration_long_only() {
    for flavour in [Flavour::Plain, Flavour::Duplicated, Flavour::Singular, Flavour::Ties] {
        compare(flavour, 700, 9, Method::Kernel);
    }
}

#[test]
fn agrees_with_enumeration_with_positions_and_shorts() {
    for flavour in [Flavour::Positions, Flavour::Short, Flavour::ShortPositions, Flavour::Forced] {
        compare(flavour, 500, 6, Method::Kernel);
    }
}

#[test]
fn trades_agree_with_enumeration() {
    for flavour in [
        Flavour::Plain,
        Flavour::Positions,
        Flavour::Short,
        Flavour::ShortPositions,
        Flavour::Forced,
        Flavour::MeanVariance,
    ] {
        compare_by(Search::ByStructure, (flavour, Trades::Cost), 300, (5, Method::Kernel));
    }
}

#[test]
fn agrees_with_enumeration_for_returns_against_risk() {
    for flavour in [Flavour::MeanVariance, Flavour::MeanVarianceShort, Flavour::Linear] {
        compare(flavour, 500, 6, Method::Kernel);
    }
}

#[test]
fn the_frontier_agrees_with_enumeration() {
    for flavour in [
        Flavour::Plain,
        Flavour::Duplicated,
        Flavour::Singular,
        Flavour::Ties,
        Flavour::Positions,
        Flavour::Forced,
        Flavour::MeanVariance,
        Flavour::Linear,
    ] {
        compare_by(Search::BestFirst, (flavour, Trades::Free), 500, (8, Method::Kernel));
    }
}

#[test]
fn both_searches_agree_for_more_assets() {
    let mut random = Random(21);
    let (mut nodes, mut worst) = ((0, 0), 0.0f64);
    for round in 0..40 {
        let n = 21 + random.index(10);
        let flavours =
            [Flavour::Plain, Flavour::Positions, Flavour::Duplicated, Flavour::MeanVariance];
        let flavour = flavours[round % 4];
        let mut p = program(&mut random, n, flavour);
        p.most = Some(2 + random.index(4));
        p.least = None;
        let limits = SearchLimits { nodes: 200_000, ..SearchLimits::default() };
        let one = solve_by(&p.view(), course(limits), Search::DepthFirst);
        let two = solve_by(&p.view(), course(limits), Search::BestFirst);
        match (one, two) {
            (Ok(one), Ok(two)) => {
                check_rules(&p, &two);
                let error = (one.objective - two.objective).abs() / p.size();
                assert!(error < 1e-10 && two.stopped.is_none(), "{round}: {one:?} {two:?}");
                assert!((root_value(&p, &two.root) - two.root.value).abs() < 1e-12 * p.size());
                nodes = (nodes.0 + one.nodes, nodes.1 + two.nodes);
                worst = worst.max(error);
            }
            (Err(_), Err(_)) => {}
            (one, two) => panic!("{round}: {one:?} {two:?}\n{p:?}"),
        }
    }
    println!("nodes depth first and best first {nodes:?}, worst {worst:.1e}");
}

/// `G - D` is positive semidefinite across the budget.
fn check_definite(p: &Owned, root: &RootBound) {
    let n = p.c.len();
    let mean = p.size();
    let mut rest = p.g.clone();
    for row in (0..p.a.rows()).filter(|&row| p.lo[n + row] == p.hi[n + row]) {
        for i in 0..n {
            for j in 0..n {
                rest[(i, j)] += 1e3 * mean * p.a[(row, i)] * p.a[(row, j)];
            }
        }
    }
    for i in 0..n {
        rest[(i, i)] += 1e-8 * mean - root.diagonal[i];
        // What cannot be held does not matter.
        let least = p.position.unwrap_or(f64::MIN_POSITIVE);
        if p.lo[i] > -least && p.hi[i] < least {
            rest[(i, i)] += 1e6 * mean;
        }
    }
    assert!(rest.cholesky().is_some(), "not definite: {root:?}\n{p:?}");
}

/// The root bound computed again from what proves it, and the data.
///
/// # Panics
/// If `G - D` is not positive semidefinite across the budget.
fn root_value(p: &Owned, root: &RootBound) -> f64 {
    let n = p.c.len();
    let k = p.most.unwrap_or(n) as f64;
    check_definite(p, root);
    let forced = (0..n).filter(|&i| p.lo[i] > 0.0 || p.hi[i] < 0.0).count() as f64;
    let delta: Vec<f64> = root.diagonal.iter().map(|d| d.sqrt()).collect();
    let total: f64 = delta.iter().zip(&root.x).map(|(d, x)| d * x).sum();
    let gx = p.g.times(&root.x);
    let (mut value, mut gradient) = (p.constant, vec![0.0; n]);
    for i in 0..n {
        let hx = gx[i] - root.diagonal[i] * root.x[i] + delta[i] * total / (k - forced).max(1.0);
        gradient[i] = 2.0 * (hx - p.c[i]);
        value -= root.x[i] * hx;
    }
    for (row, y) in root.multipliers.iter().enumerate() {
        let bound = if *y > 0.0 { p.lo[n + row] } else { p.hi[n + row] };
        if *y != 0.0 && bound.is_finite() {
            value += 2.0 * y * bound;
            for i in 0..n {
                gradient[i] -= 2.0 * y * p.a[(row, i)];
            }
        }
    }
    let size = p.position.unwrap_or(0.0);
    for i in 0..n {
        let lo = if p.lo[i] > 0.0 { p.lo[i].max(size) } else { p.lo[i] };
        value += gradient[i] * if gradient[i] > 0.0 { lo } else { p.hi[i] };
    }
    value
}

#[test]
fn agrees_with_enumeration_by_clarabel() {
    for flavour in random::FLAVOURS {
        compare(flavour, 12, 5, Method::Clarabel);
    }
}

#[test]
fn too_few_assets_for_the_cap_are_infeasible() {
    let mut p = program(&mut Random(5), 5, Flavour::Plain);
    p.a = Matrix::from_rows(1, 5, vec![1.0; 5]);
    (p.lo, p.hi) = (vec![0.0; 6], vec![0.3; 6]);
    (p.lo[5], p.hi[5]) = (1.0, 1.0);
    (p.most, p.least, p.position) = (Some(3), None, None);
    let outcome = solve_sparse(&p.view(), &SearchLimits::default(), None);
    assert_eq!(outcome, Err(NoSubset::Infeasible));
    p.position = Some(-0.1);
    let outcome = solve_sparse(&p.view(), &SearchLimits::default(), None);
    assert_eq!(outcome, Err(NoSubset::Position(-0.1)));
}

#[test]
fn a_wide_gap_is_admitted() {
    let mut p = program(&mut Random(3), 12, Flavour::Plain);
    (p.most, p.least, p.position) = (Some(4), None, None);
    p.hi[..12].fill(1.0);
    let exact = solve_sparse(&p.view(), &SearchLimits::default(), None).unwrap();
    let limits = SearchLimits { gap: 0.5, ..SearchLimits::default() };
    let rough = solve_sparse(&p.view(), &limits, None).unwrap();
    assert!(rough.bound <= exact.objective && rough.gap <= 0.5, "{rough:?}");
    assert!(rough.objective >= exact.objective && rough.nodes <= exact.nodes);
}

#[test]
fn a_limit_leaves_a_bound_and_the_same_bits_come_again() {
    let mut random = Random(11);
    for n in [12, 30, 60] {
        let mut p = program(&mut random, n, Flavour::Plain);
        (p.most, p.least, p.position) = (Some(4), None, None);
        p.hi[..n].fill(1.0);
        let limits = SearchLimits { nodes: 5, ..SearchLimits::default() };
        let answer = solve_sparse(&p.view(), &limits, None).unwrap();
        assert!(answer.nodes <= 5 && answer.bound <= answer.objective);
        assert_eq!(answer, solve_sparse(&p.view(), &limits, None).unwrap());
        let longer = SearchLimits { time: Some(Duration::from_secs(1)), ..SearchLimits::default() };
        let better = solve_sparse(&p.view(), &longer, Some(&answer.x)).unwrap();
        assert!(better.objective <= answer.objective && better.bound >= answer.bound - 1e-15);
    }
}

/// With thousands of pairs only promising assets enter: what is found must be hard to improve by any
/// exchange at all, also where the programs that may be tried are fewer than the pairs.
#[test]
fn promising_exchanges_leave_little_to_any_other() {
    for (seed, n, k) in [(5, 210, 20), (6, 180, 40)] {
        exchanges_leave_little(&tracking(&mut Random(seed), n, 300, k), k);
    }
}

fn exchanges_leave_little(p: &Owned, k: usize) {
    let n = p.c.len();
    assert!((n - k) * k > problem::ALL_PAIRS);
    let limits = SearchLimits { nodes: 0, ..SearchLimits::default() };
    let answer = solve_sparse(&p.view(), &limits, None).unwrap();
    check_rules(p, &answer);
    assert_eq!((answer.nodes, answer.stopped), (0, Some(Limit::Nodes)));
    assert_eq!(answer, solve_sparse(&p.view(), &limits, None).unwrap());
    let view = p.view();
    let clock = Clock::new(limits, Interrupt::default());
    let problem = Problem::new(&view, &clock).unwrap();
    assert_eq!(answer.x.iter().filter(|x| **x != 0.0).count(), k);
    let gain = gain_of_an_exchange(&problem, &answer.x, answer.objective);
    assert!(gain < 1e-9, "an exchange gains {gain:e}");
    // So it is after one descent from a poor start, which also fills the places that are left; new
    // starts find better ones.
    let mut once = incumbent::Incumbent::new(&problem);
    once.descend(&problem, &(0..k / 2).collect::<Vec<_>>(), &answer.x);
    let (x, value) = (once.x.clone().unwrap(), once.value);
    assert_eq!(x.iter().filter(|x| **x != 0.0).count(), k);
    let gain = gain_of_an_exchange(&problem, &x, value);
    assert!(gain < 1e-9, "after one descent an exchange gains {gain:e}");
    once.perturb(&problem, 0, 0);
    assert!(once.value < value - problem.rounding(), "{} {value}", once.value);
}

/// Interrupted again and again, a search ends in the bits of one that never was, and soon after each time.
#[test]
fn an_interrupted_search_goes_on_to_the_same_bits() {
    let mut random = Random(5);
    let free = tracking(&mut random, 150, 200, 20);
    let cost = with_trading(&mut random, free.clone());
    let limits = SearchLimits { nodes: 2, work: 40_000_000, ..SearchLimits::default() };
    let mut rounds = 0;
    for p in [free, cost] {
        let whole = solve_by(&p.view(), course(limits), Search::ByStructure).unwrap();
        let (mut from, mut looks) = (None::<SearchState>, 150);
        let answer = loop {
            let interrupt = Interrupt::after(looks);
            let course =
                Course { interrupt: interrupt.clone(), from: from.clone(), ..course(limits) };
            match solve_by(&p.view(), course, Search::ByStructure) {
                Ok(answer) => break answer,
                Err(NoSubset::Interrupted(state)) => {
                    assert!(interrupt.looks() <= looks + 100, "{} {looks}", interrupt.looks());
                    rounds += u32::from(from != state.as_deref().cloned());
                    from = state.and_then(|state| SearchState::of(&state.words()));
                    // Enough for what cannot be taken up, at last.
                    looks += looks / 8;
                }
                Err(other) => panic!("{other:?}"),
            }
        };
        assert_eq!(answer, whole);
    }
    assert!(rounds > 3, "{rounds} places to go on from");
}

/// What the best of all exchanges of one holding would gain, relative.
fn gain_of_an_exchange(problem: &Problem<'_>, x: &[f64], value: f64) -> f64 {
    let holdings: Vec<usize> = (0..problem.n).filter(|&i| x[i] != 0.0).collect();
    let mut best = value;
    for &leaving in &holdings {
        for entering in (0..problem.n).filter(|i| !holdings.contains(i)) {
            let mut other: Vec<usize> =
                holdings.iter().map(|&i| if i == leaving { entering } else { i }).collect();
            other.sort_unstable();
            if let Ok(found) = part::best_of(problem, &other, x) {
                best = best.min(found.value);
            }
        }
    }
    (value - best) / value
}

/// Assets of one factor and their own noise, and their mean as benchmark.
fn tracking(random: &mut Random, n: usize, rows: usize, most: usize) -> Owned {
    let draw = |random: &mut Random| (0..6).map(|_| random.next() - 0.5).sum::<f64>();
    let mut returns = Matrix::zeros(rows, n);
    for row in 0..rows {
        let factor = draw(random);
        for value in returns.row_mut(row) {
            *value = 0.01 * (factor + 1.5 * draw(random));
        }
    }
    let benchmark: Vec<f64> =
        (0..rows).map(|row| returns.row(row).iter().sum::<f64>() / n as f64).collect();
    let product = |a: usize, b: usize| {
        (0..rows).map(|row| returns[(row, a)] * returns[(row, b)]).sum::<f64>()
    };
    let g = Matrix::from_rows(n, n, (0..n * n).map(|at| product(at / n, at % n)).collect());
    let c: Vec<f64> =
        (0..n).map(|i| (0..rows).map(|row| returns[(row, i)] * benchmark[row]).sum()).collect();
    let mut lo = vec![0.0; n];
    let mut hi = vec![0.15; n];
    lo.push(1.0);
    hi.push(1.0);
    Owned {
        g,
        c,
        constant: benchmark.iter().map(|r| r * r).sum(),
        a: Matrix::from_rows(1, n, vec![1.0; n]),
        lo,
        hi,
        most: Some(most),
        least: None,
        position: None,
        trading: None,
    }
}
