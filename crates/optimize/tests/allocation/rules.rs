//! Every combination of rules about holdings, negative bounds, a range of beta and gross leverage,
//! against all choices of assets and sides, each solved by the cone solver.

use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{Error, Holdings, Optimizer, Precision, solve};

use super::draft::{Aim, Draft};
use super::random::{Random, mean_variance, quadratic, tracking};

/// What an asset is in a choice.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    None,
    Long,
    Short,
}

/// The best objective of a choice of sides: a mandate of the assets held, without rules about
/// holdings. None if it has no portfolio.
fn value_of(draft: &Draft, sides: &[Side], size: f64) -> Option<f64> {
    let held: Vec<usize> = (0..sides.len()).filter(|&i| sides[i] != Side::None).collect();
    let kept = sides.iter().zip(draft.min.iter().zip(&draft.max));
    let forced = |(side, (min, max)): (&Side, (&f64, &f64))| {
        *side == Side::None && (*min > 0.0 || *max < 0.0)
    };
    if held.is_empty() || kept.into_iter().any(forced) {
        return None;
    }
    let (g, c, constant) = quadratic(draft);
    let k = held.len();
    let mut second_moment = Matrix::zeros(k, k);
    for (a, &i) in held.iter().enumerate() {
        for (b, &j) in held.iter().enumerate() {
            second_moment[(a, b)] = g[(i, j)];
        }
    }
    let of = |values: &[f64]| held.iter().map(|&i| values[i]).collect::<Vec<f64>>();
    let (mut min, mut max) = (of(&draft.min), of(&draft.max));
    for (a, &i) in held.iter().enumerate() {
        match sides[i] {
            Side::Long => min[a] = min[a].max(size),
            _ => max[a] = max[a].min(-size),
        }
    }
    if min.iter().zip(&max).any(|(min, max)| min > max) {
        return None;
    }
    let objective = Aim::TrackingError { second_moment, cross: of(&c), benchmark_square: constant };
    let part = Draft {
        min,
        max,
        beta: draft.beta.as_ref().map(|(beta, lo, hi)| (of(beta), *lo, *hi)),
        gross_leverage: draft.gross_leverage,
        ..Draft::long_only(objective, k, 1.0)
    };
    solve(&part.mandate(), Precision::Full).ok()?.report.objective
}

/// The best of all choices of sides.
fn enumerated(draft: &Draft) -> Option<f64> {
    let n = draft.min.len();
    let Holdings { max, min, min_position } = draft.holdings;
    // A least number without a least size implies one basis point.
    let size = min_position.unwrap_or(if min.is_some() { 1e-4 } else { 0.0 });
    let choices = (0..3usize.pow(u32::try_from(n).unwrap())).map(|code| {
        let side = |i: u32| [Side::None, Side::Long, Side::Short][code / 3usize.pow(i) % 3];
        (0..u32::try_from(n).unwrap()).map(side).collect::<Vec<Side>>()
    });
    let wanted = |sides: &Vec<Side>| {
        let held = sides.iter().filter(|side| **side != Side::None).count();
        held >= min.unwrap_or(0) && held <= max.unwrap_or(n)
    };
    choices.filter(wanted).filter_map(|sides| value_of(draft, &sides, size)).reduce(f64::min)
}

fn draft(random: &mut Random, n: usize, round: usize) -> Draft {
    let mut draft =
        if round.is_multiple_of(2) { tracking(random, n) } else { mean_variance(random, n, 2.0) };
    draft.min.fill(-0.4);
    draft.max.fill(0.8);
    // One asset that must be held, long or short.
    match round % 5 {
        3 => draft.min[0] = 0.1,
        4 => draft.max[0] = -0.05,
        _ => {}
    }
    draft
}

fn rules(code: usize) -> Holdings {
    let bit = |at: usize| code >> at & 1 == 1;
    Holdings {
        max: bit(0).then_some(3),
        min: bit(1).then_some(2),
        min_position: bit(2).then_some(0.15),
    }
}

#[test]
fn every_combination_of_rules_with_short_positions() {
    let random = &mut Random(11);
    let (mut solved, mut short, mut none) = (0, 0, 0);
    for round in 0..10 {
        let n = 3 + round % 3;
        let plain = draft(random, n, round);
        let beta: Vec<f64> = (0..n).map(|_| random.between(0.2, 1.6)).collect();
        for code in 0..16 {
            let draft = Draft {
                holdings: rules(code),
                beta: (code >= 8).then(|| (beta.clone(), 0.7, 0.8)),
                ..plain.clone()
            };
            let found = Optimizer::default().solve(&draft.mandate(), Precision::Full);
            let Some(best) = enumerated(&draft) else {
                assert!(matches!(found, Err(Error::Holdings { .. } | Error::Infeasible(_))));
                none += 1;
                continue;
            };
            let found = found.unwrap_or_else(|error| panic!("{round} {code}: {error}, {best}"));
            let value = found.report.objective.unwrap();
            assert!((value - best).abs() < 1e-8, "{round} {code}: {value} {best}");
            let bound = found.report.bound.unwrap();
            assert!(bound <= best + 1e-8 && value - bound < 1e-7, "{round} {code}: {bound}");
            assert!(draft.mandate().constraints().violation(&found.weights) < 1e-9);
            solved += 1;
            short += usize::from(found.weights.iter().any(|w| *w < 0.0));
        }
    }
    println!("{solved} solved, {short} of them short, {none} without a portfolio");
    assert!(solved > 100 && short > 50, "{solved} {short}");
}

/// Six assets, each rule at once: 729 choices.
#[test]
fn six_assets_under_every_rule() {
    let random = &mut Random(12);
    let mut draft = draft(random, 6, 1);
    draft.holdings = Holdings { max: Some(4), min: Some(3), min_position: Some(0.12) };
    draft.beta = Some(((0..6).map(|_| random.between(0.2, 1.6)).collect(), 0.6, 0.9));
    let found = Optimizer::default().solve(&draft.mandate(), Precision::Full).unwrap();
    let best = enumerated(&draft).unwrap();
    assert!((found.report.objective.unwrap() - best).abs() < 1e-8, "{found:?} {best}");
}

/// Gross leverage has no search over holdings: alone it is the best of all sides, with rules it is an
/// error that says so.
#[test]
fn gross_leverage_is_exact_alone_and_refused_with_rules() {
    let random = &mut Random(13);
    for round in 0..6 {
        let mut draft = draft(random, 4, round % 3);
        draft.gross_leverage = Some(1.4);
        let found = Optimizer::default().solve(&draft.mandate(), Precision::Full).unwrap();
        let best = enumerated(&draft).unwrap();
        assert!((found.report.objective.unwrap() - best).abs() < 1e-8, "{round}: {best}");
        for code in 1..8 {
            draft.holdings = rules(code);
            let error = Optimizer::default().solve(&draft.mandate(), Precision::Full).unwrap_err();
            let text = error.to_string();
            assert!(text.ends_with("kernel solver, and it has no gross_leverage"), "{text}");
        }
        draft.holdings = Holdings::default();
    }
}

/// A short position counts by its size: two assets that can only hedge each other.
#[test]
fn a_short_position_is_a_holding_of_its_size() {
    let covariance =
        Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.057, 0.057, 0.09])).unwrap();
    let objective =
        Aim::MeanVariance { expected_returns: vec![0.0; 2], covariance, risk_aversion: 2.0 };
    let mut draft = Draft::long_only(objective, 2, 2.0);
    draft.min.fill(-1.0);
    let free = Optimizer::default().solve(&draft.mandate(), Precision::Full).unwrap().weights;
    // (0.09 - 0.057) / (0.04 + 0.09 - 2 * 0.057) is 2.0625: the bound of 2 and 1 short.
    assert_eq!(free, [2.0, -1.0]);
    draft.holdings.min_position = Some(0.2);
    let sized = Optimizer::default().solve(&draft.mandate(), Precision::Full).unwrap().weights;
    assert_eq!(sized, [2.0, -1.0]);
    draft.holdings = Holdings { max: Some(1), ..Holdings::default() };
    let one = Optimizer::default().solve(&draft.mandate(), Precision::Full).unwrap().weights;
    assert_eq!(one, [1.0, 0.0]);
}
