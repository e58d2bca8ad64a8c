//! An l1 penalty that acts: positions may be short.

use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{
    Choice, Error, Optimizer, Penalties, Precision, Settings, Solution, solve,
};

use super::draft::{Aim, Draft};
use super::random::{Random, gradient, improvement, mean_variance, quadratic, tracking};

fn long_short(random: &mut Random, n: usize, kind: usize) -> Draft {
    let mut mandate = if kind == 0 { tracking(random, n) } else { mean_variance(random, n, 3.0) };
    mandate.min.fill(-0.8);
    mandate.max.fill(1.2);
    mandate
}

/// The kernel's answer, or Clarabel's with the last digits where an l2 penalty joins a robust utility; without
/// these it has the same value and bound.
fn solved(mandate: &Draft) -> Solution {
    let robust = matches!(mandate.objective, Aim::RobustUtility { .. });
    let solver = if robust && mandate.penalties.l2 > 0.0 { "clarabel" } else { "kernel" };
    let mandate = &mandate.mandate();
    let solution = Optimizer::default().solve(mandate, Precision::Full).unwrap();
    assert_eq!(solution.report.solver, solver);
    let value = solution.report.objective.unwrap();
    let own = solve(mandate, Precision::Full).unwrap().report;
    assert!((own.objective.unwrap() - value).abs() < 1e-8, "{own:?} {value}");
    assert!((own.bound.unwrap() - value).abs() < 1e-7, "{own:?} {value}");
    solution
}

fn gross(w: &[f64]) -> f64 {
    w.iter().map(|w| w.abs()).sum()
}

#[test]
fn a_larger_price_leaves_less_gross_exposure_and_exact_zeros() {
    let random = &mut Random(3);
    let mut zeros = 0;
    for round in 0..40 {
        let mut mandate = long_short(random, 8, round % 2);
        let mut last = f64::INFINITY;
        for l1 in [1e-4, 0.01, 0.05, 0.2, 5.0] {
            mandate.penalties.l1 = l1;
            let w = solved(&mandate).weights;
            assert!(gross(&w) <= last + 1e-7, "{l1}: {} after {last}", gross(&w));
            last = gross(&w);
            for (weight, other) in w.iter().zip(proximal(&mandate)) {
                // What the other method sets to zero is zero here, to the bit.
                assert!(other != 0.0 || *weight == 0.0, "{weight:e}");
                zeros += usize::from(other == 0.0);
            }
        }
        // Nothing short is worth its price.
        assert!((last - 1.0).abs() < 1e-7, "{last}");
    }
    assert!(zeros > 200, "{zeros}");
}

/// The proximal gradient method (Parikh & Boyd 2014, Proximal algorithms, 4.2): a step along the
/// slope, then the nearest portfolio with the penalty, whose price of the budget is bisected.
fn proximal(mandate: &Draft) -> Vec<f64> {
    let (g, ..) = quadratic(mandate);
    let n = g.rows();
    let norm = (0..n).map(|i| g.row(i).iter().map(|v| v.abs()).sum()).fold(0.0, f64::max);
    let step = 0.5 / norm;
    let (mut w, mut ahead) = (vec![1.0 / n as f64; n], vec![1.0 / n as f64; n]);
    for k in 0..4_000 {
        let slope = gradient(mandate, &ahead);
        let to: Vec<f64> = ahead.iter().zip(&slope).map(|(w, s)| w - step * s).collect();
        let next = nearest(mandate, &to, step * mandate.penalties.l1);
        let momentum = f64::from(k) / f64::from(k + 3);
        let turned: f64 = (0..n).map(|i| (ahead[i] - next[i]) * (next[i] - w[i])).sum();
        for i in 0..n {
            // Begin anew where the momentum points uphill (O'Donoghue & Candes 2015).
            ahead[i] = next[i] + if turned > 0.0 { 0.0 } else { momentum * (next[i] - w[i]) };
        }
        w = next;
    }
    w
}

fn nearest(mandate: &Draft, to: &[f64], threshold: f64) -> Vec<f64> {
    let constraints = mandate;
    let at = |price: f64| -> Vec<f64> {
        let bounds = mandate.min.iter().zip(&mandate.max);
        let one = |(to, (min, max)): (&f64, (&f64, &f64))| {
            let moved = to - price;
            (moved.signum() * (moved.abs() - threshold).max(0.0)).clamp(*min, *max)
        };
        to.iter().zip(bounds).map(one).collect()
    };
    let (mut low, mut high) = (-100.0, 100.0);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if at(middle).iter().sum::<f64>() > constraints.budget {
            low = middle;
        } else {
            high = middle;
        }
    }
    at(0.5 * (low + high))
}

#[test]
fn it_agrees_with_the_proximal_gradient() {
    let random = &mut Random(11);
    for round in 0..60 {
        let mut mandate = long_short(random, 2 + round % 7, round % 2);
        let l2 = if round % 3 == 0 { 0.1 } else { 0.0 };
        mandate.penalties = Penalties { l1: 0.3 * random.next(), l2 };
        let found = solved(&mandate);
        let other = mandate.value(&proximal(&mandate));
        let value = found.report.objective.unwrap();
        assert!((value - other).abs() < 1e-9, "{value} {other}");
        assert!((value - found.report.bound.unwrap()).abs() < 1e-11, "{found:?}");
        assert!(improvement(&mandate, &found.weights) < 1e-9);
    }
}

#[test]
fn two_assets_by_a_search_along_the_budget() {
    let random = &mut Random(5);
    for round in 0..30 {
        let mut mandate = long_short(random, 2, round % 2);
        mandate.penalties.l1 = 0.1 * random.next();
        let steps = (0..=140_000).map(|i| {
            let w = -0.2 + 1.4 * f64::from(i) / 140_000.0;
            mandate.value(&[w, 1.0 - w])
        });
        let best = steps.fold(f64::INFINITY, f64::min);
        let found = solved(&mandate).report.objective.unwrap();
        assert!(found <= best + 1e-9 && best - found < 1e-8, "{found} {best}");
    }
}

/// `w = p - q` with `p, q >= 0`, the penalty a cost of both, and one more asset that takes what the
/// budget of the halves leaves.
fn split(mandate: &Draft) -> Draft {
    let (g, c, _) = quadratic(mandate);
    let n = c.len();
    let sign = |i: usize| if i < n { 1.0 } else { -1.0 };
    let mut covariance = Matrix::zeros(2 * n + 1, 2 * n + 1);
    for i in 0..2 * n {
        for j in 0..2 * n {
            covariance[(i, j)] = sign(i) * sign(j) * g[(i % n, j % n)];
        }
    }
    let l1 = mandate.penalties.l1;
    let mut mu: Vec<f64> = (0..2 * n).map(|i| 2.0 * sign(i) * c[i % n] - l1).collect();
    mu.push(0.0);
    let most = mandate.gross_leverage.unwrap_or(4.0 * n as f64);
    let mut max: Vec<f64> = mandate.max.clone();
    max.extend(mandate.min.iter().map(|min| -min));
    max.push(most);
    let mut coefficients: Vec<f64> = (0..2 * n).map(sign).collect();
    coefficients.push(0.0);
    let budget = mandate.budget;
    let objective = Aim::MeanVariance {
        expected_returns: mu,
        covariance: Covariance::dense(covariance).unwrap(),
        risk_aversion: 2.0,
    };
    Draft {
        budget: most,
        max,
        beta: Some((coefficients, budget, budget)),
        ..Draft::long_only(objective, 2 * n + 1, 1.0)
    }
}

#[test]
fn it_agrees_with_the_split_into_long_and_short() {
    let random = &mut Random(17);
    for round in 0..80 {
        let mut mandate = long_short(random, 2 + round % 9, round % 2);
        mandate.penalties = Penalties { l1: 0.1 * random.next(), l2: 0.05 };
        // Every other with gross leverage, which shares its variables.
        mandate.gross_leverage = (round % 4 < 2).then(|| random.between(1.0, 2.5));
        let found = solved(&mandate);
        let halves = solve(&split(&mandate).mandate(), Precision::Full).unwrap();
        let (.., constant) = quadratic(&mandate);
        let value = found.report.objective.unwrap();
        let other = halves.report.objective.unwrap() + constant;
        assert!((value - other).abs() < 1e-8, "{value} {other}");
        assert!((value - found.report.bound.unwrap()).abs() < 1e-11, "{found:?}");
    }
}

/// Some assets long only, some short only, one both: `|w|` is linear but for the last.
#[test]
fn a_fixed_sign_needs_no_variable_of_its_own() {
    let random = &mut Random(23);
    for round in 0..20 {
        let mut mandate = long_short(random, 5, round % 2);
        (mandate.min[0], mandate.min[1]) = (0.0, 0.1);
        (mandate.max[2], mandate.max[3]) = (0.0, -0.05);
        mandate.penalties.l1 = 0.05;
        let value = solved(&mandate).report.objective.unwrap();
        let other = mandate.value(&proximal(&mandate));
        assert!((value - other).abs() < 1e-9, "{value} {other}");
    }
}

#[test]
fn a_robust_utility_pays_for_gross_exposure_too() {
    let random = &mut Random(29);
    for _ in 0..20 {
        let mut mandate = long_short(random, 6, 1);
        let Aim::MeanVariance { expected_returns, covariance, .. } = mandate.objective else {
            panic!("no mean-variance")
        };
        mandate.objective = Aim::RobustUtility { expected_returns, covariance, lambda: 0.3 };
        let free = solve(&mandate.mandate(), Precision::Full).unwrap();
        mandate.penalties = Penalties { l1: 0.05, l2: 0.02 };
        let found = solved(&mandate);
        let (value, bound) = (found.report.objective.unwrap(), found.report.bound.unwrap());
        assert!(gross(&found.weights) < gross(&free.weights) + 1e-6);
        assert!((value - mandate.value(&found.weights)).abs() < 1e-15);
        assert!(value >= mandate.value(&free.weights) - 1e-8 && (bound - value).abs() < 1e-7);
        // Any small exchange of weights makes it worse.
        for (from, to) in (0..36).map(|pair| (pair / 6, pair % 6)) {
            let mut w = found.weights.clone();
            let step = 1e-3f64.min(w[from] + 0.8).min(1.2 - w[to]).max(0.0);
            w[from] -= step;
            w[to] += step;
            assert!(mandate.value(&w) <= value + 1e-8);
        }
    }
}

#[test]
fn the_kernel_says_why_it_does_not_fit() {
    let mut mandate = long_short(&mut Random(1), 4, 1);
    mandate.penalties.l1 = 0.01;
    mandate.penalties.l2 = 0.01;
    let Aim::MeanVariance { expected_returns, covariance, .. } = mandate.objective else {
        panic!()
    };
    mandate.objective = Aim::RobustUtility { expected_returns, covariance, lambda: 0.5 };
    let settings = Settings { choice: Choice::Kernel, ..Settings::default() };
    let error = Optimizer::new(settings).solve(&mandate.mandate(), Precision::Full).unwrap_err();
    insta::assert_snapshot!(error, @r#"the mandate is not valid: solver "kernel" does not fit: it has no l1 penalty where positions may be short"#);
    mandate.holdings.max = Some(2);
    let error: Error = Optimizer::default().solve(&mandate.mandate(), Precision::Full).unwrap_err();
    insta::assert_snapshot!(error, @"the mandate is not valid: rules about holdings together with an l1 penalty where positions may be short: the search over holdings has no absolute values; leave out one of them");
}
