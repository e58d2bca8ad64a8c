//! Exact holdings against all choices of assets, solved one after the other.

use walkfolio_core::Matrix;
use walkfolio_optimize::{Choice, Holdings, Optimizer, Precision, Settings, solve};

use super::draft::{Aim, Draft};
use super::random::{Random, mean_variance, quadratic, tracking};

/// How a choice of assets is solved.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Method {
    Kernel,
    Clarabel,
}

/// The best objective of the assets in a set, each at least `position`: a mandate of these assets
/// alone, without penalties, from the definition. Infinite if there is none.
fn value_of(mandate: &Draft, held: &[usize], position: f64, method: Method) -> f64 {
    let (g, c, constant) = quadratic(mandate);
    let k = held.len();
    let mut part = Matrix::zeros(k, k);
    for (a, &i) in held.iter().enumerate() {
        for (b, &j) in held.iter().enumerate() {
            part[(a, b)] = g[(i, j)];
        }
    }
    let of = |values: &[f64]| held.iter().map(|&i| values[i]).collect::<Vec<f64>>();
    let objective =
        Aim::TrackingError { second_moment: part, cross: of(&c), benchmark_square: constant };
    let part = Draft {
        budget: mandate.budget,
        min: of(&mandate.min).iter().map(|min| min.max(position)).collect(),
        max: of(&mandate.max),
        ..Draft::long_only(objective, k, 1.0)
    };
    let part = part.mandate();
    let kernel = Settings { choice: Choice::Kernel, ..Settings::default() };
    let solution = match method {
        Method::Kernel => Optimizer::new(kernel).solve(&part, Precision::Full),
        Method::Clarabel => solve(&part, Precision::Full),
    };
    let l1 = mandate.penalties.l1 * mandate.budget;
    solution.map_or(f64::INFINITY, |solution| solution.report.objective.unwrap() + l1)
}

/// All sets of assets whose number of members is wanted.
fn sets(n: usize, wanted: impl Fn(usize) -> bool) -> impl Iterator<Item = Vec<usize>> {
    (1..1usize << n)
        .map(move |code| (0..n).filter(|i| code >> i & 1 == 1).collect::<Vec<_>>())
        .filter(move |set| wanted(set.len()))
}

fn random_mandate(random: &mut Random, n: usize, round: usize) -> Draft {
    // From returns that hardly matter to returns alone, through terms that nearly cancel.
    let mut mandate = match round % 6 {
        0 => mean_variance(random, n, 0.0),
        1 => mean_variance(random, n, 0.05),
        2 => mean_variance(random, n, 1.0),
        3 => mean_variance(random, n, 40.0),
        _ => tracking(random, n),
    };
    mandate.penalties.l1 = 0.01 * f64::from(u8::from(round % 4 < 2));
    mandate.penalties.l2 = if round.is_multiple_of(3) { 0.0 } else { 0.05 * random.next() };
    mandate
}

#[test]
fn every_number_of_holdings_of_eleven() {
    let random = &mut Random(1);
    let mut worst = 0.0f64;
    for round in 0..24 {
        let mut mandate = random_mandate(random, 11, round);
        let method = if round < 6 { Method::Clarabel } else { Method::Kernel };
        let mut optimizer = Optimizer::default();
        for k in 1..=11 {
            mandate.max.fill(0.3f64.max(1.0 / k as f64));
            mandate.holdings = Holdings { max: Some(k), ..Holdings::default() };
            let solution = optimizer.solve(&mandate.mandate(), Precision::Full).unwrap();
            let value = solution.report.objective.unwrap();
            let best = sets(11, |size| size == k)
                .map(|held| value_of(&mandate, &held, 0.0, method))
                .fold(f64::INFINITY, f64::min);
            worst = worst.max((value - best).abs());
            assert!((value - best).abs() < 1e-9, "{round} {k}: {value} {best}");
            let bound = solution.report.bound.unwrap();
            assert!(bound <= best + 1e-9 && value - bound < 1e-8, "{bound} {best}");
            assert!(solution.weights.iter().filter(|w| **w != 0.0).count() <= k);
            assert!((value - mandate.value(&solution.weights)).abs() < 1e-15);
            assert!(solution.note.is_none() && solution.report.gap.unwrap() < 1e-9);
        }
    }
    println!("worst {worst:.1e}");
}

#[test]
fn least_positions_and_least_numbers() {
    let random = &mut Random(2);
    for round in 0..90 {
        let n = 3 + round % 4;
        let mut mandate = random_mandate(random, n, round);
        mandate.max.fill(0.8);
        let position = [0.05, 0.15, 0.25][round / 6 % 3];
        let rules = [
            Holdings { min_position: Some(position), ..Holdings::default() },
            Holdings { min: Some(3), min_position: Some(position), ..Holdings::default() },
            Holdings { min: Some(2), max: Some(3), min_position: Some(position) },
            Holdings { min: Some(n), ..Holdings::default() },
        ];
        for rules in rules {
            mandate.holdings = rules;
            // A least number without a least size implies one basis point.
            let size = rules.min_position.unwrap_or(1e-4);
            let wanted = |count| count >= rules.min.unwrap_or(1) && count <= rules.max.unwrap_or(n);
            let best = sets(n, wanted)
                .map(|held| value_of(&mandate, &held, size, Method::Clarabel))
                .fold(f64::INFINITY, f64::min);
            let found = Optimizer::default().solve(&mandate.mandate(), Precision::Full).unwrap();
            let value = found.report.objective.unwrap();
            assert!((value - best).abs() < 1e-9, "{round} {rules:?}: {value} {best}");
            let held: Vec<f64> = found.weights.iter().copied().filter(|w| *w != 0.0).collect();
            assert!(wanted(held.len()) && held.iter().all(|w| *w > size - 1e-12), "{held:?}");
        }
    }
}

/// Returns that pay for their risk just so: an objective of zero is proven as well as any other.
#[test]
fn an_objective_near_zero_is_proven() {
    let random = &mut Random(3);
    for _ in 0..20 {
        let mut mandate = mean_variance(random, 8, 2.0);
        mandate.holdings.max = Some(3);
        let value = |mandate: &Draft| {
            let solution = Optimizer::default().solve(&mandate.mandate(), Precision::Full).unwrap();
            (solution.report.objective.unwrap(), solution)
        };
        // The same shift of all returns shifts the objective alone.
        let (shift, before) = value(&mandate);
        if let Aim::MeanVariance { expected_returns, .. } = &mut mandate.objective {
            for mu in expected_returns {
                *mu += shift;
            }
        }
        let (zero, after) = value(&mandate);
        assert!(zero.abs() < 1e-12, "{zero:e}");
        for (a, b) in before.weights.iter().zip(&after.weights) {
            assert!((a - b).abs() < 1e-9);
        }
        let bound = after.report.bound.unwrap();
        assert!(bound <= zero + 1e-15 && zero - bound < 1e-9 && after.note.is_none(), "{after:?}");
        assert!(after.report.nodes <= 2 * before.report.nodes + 4);
    }
}

#[test]
fn permuting_the_assets_permutes_the_holdings() {
    let random = &mut Random(4);
    for round in 0..30 {
        let mut mandate = random_mandate(random, 9, round);
        mandate.holdings.max = Some(3);
        let mut other = mandate.clone();
        let turned =
            |m: &Matrix| Matrix::from_rows(9, 9, m.values().iter().rev().copied().collect());
        match &mut other.objective {
            Aim::MeanVariance { expected_returns: c, covariance: m, .. } => {
                *m = walkfolio_core::Covariance::dense(turned(&m.to_dense())).unwrap();
                c.reverse();
            }
            Aim::TrackingError { second_moment: m, cross: c, .. } => {
                *m = turned(m);
                c.reverse();
            }
            other => panic!("{other:?}"),
        }
        let solve =
            |m: &Draft| Optimizer::default().solve(&m.mandate(), Precision::Full).unwrap().weights;
        for (a, b) in solve(&mandate).iter().zip(solve(&other).iter().rev()) {
            assert!((a - b).abs() < 1e-9);
        }
    }
}
