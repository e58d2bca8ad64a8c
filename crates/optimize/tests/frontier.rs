//! The efficient frontier: random ones versus Clarabel, whatever the order of the assets, and what has no point.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

use proptest::prelude::*;
use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{
    Constraints, EfficientFrontier, Error, FrontierPoint, GrossLeverage, Group, Mandate, Objective,
    Optimizer, Precision, RiskCap, Turnover, solve,
};

/// Expected returns, a root of the covariance, the largest weight and the largest of the first half's sum.
#[derive(Debug, Clone)]
struct Case {
    means: Vec<f64>,
    root: Vec<f64>,
    cap: f64,
    group: f64,
}

impl Case {
    fn n(&self) -> usize {
        self.means.len()
    }

    /// Its mandate with the assets in another order.
    fn mandate(&self, order: &[usize]) -> Mandate {
        let n = self.n();
        let root = |i: usize| &self.root[i * 2 * n..(i + 1) * 2 * n];
        let mut sigma = Matrix::zeros(n, n);
        for (a, &i) in order.iter().enumerate() {
            for (b, &j) in order.iter().enumerate() {
                let common: f64 = root(i).iter().zip(root(j)).map(|(x, y)| x * y).sum();
                sigma[(a, b)] = common / (2 * n) as f64;
            }
        }
        let means = order.iter().map(|&i| self.means[i]).collect();
        let covariance = Covariance::dense(sigma).unwrap();
        let objective = Objective::mean_variance(means, covariance, 1.0).unwrap();
        let first: Vec<usize> = (0..n).filter(|&a| order[a] < n / 2).collect();
        let group = Group::new("first", n, &first).unwrap().at_most(self.group).unwrap();
        let constraints = Constraints::long_only(n, self.cap).unwrap().with(group).unwrap();
        Mandate::new(objective, constraints).unwrap()
    }

    /// With short positions under a limit of gross leverage, and a turnover from equal weights.
    fn limited(&self) -> Mandate {
        let n = self.n();
        let plain = self.mandate(&(0..n).collect::<Vec<usize>>());
        let held = vec![1.0 / n as f64; n];
        let turnover = Turnover::new(held, 0.5 * self.group).unwrap();
        let constraints = Constraints::between(vec![-0.3; n], vec![self.cap; n])
            .and_then(|all| all.with(GrossLeverage::new(1.0 + self.group)?))
            .and_then(|all| all.with(turnover));
        plain.with_constraints(constraints.unwrap()).unwrap()
    }
}

fn cases() -> impl Strategy<Value = Case> {
    (4..9_usize).prop_flat_map(|n| {
        let means = prop::collection::vec(-0.05..0.25_f64, n);
        let root = prop::collection::vec(-0.4..0.4_f64, 2 * n * n);
        let case = |(means, root, cap, group)| Case { means, root, cap, group };
        (means, root, 0.5..1.0_f64, 0.3..0.9_f64).prop_map(case)
    })
}

/// Volatilities, means, ends and the tangency portfolio.
fn points(frontier: &EfficientFrontier) -> Vec<FrontierPoint> {
    let corners = frontier.corners();
    let (first, last) = (&corners[0], &corners[corners.len() - 1]);
    let between = |a: f64, b: f64, share: f64| a + share * (b - a);
    let mut points = vec![FrontierPoint::MinimumVariance, FrontierPoint::MaximumReturn];
    for share in [0.1, 0.35, 0.8] {
        points.push(FrontierPoint::Volatility(between(first.volatility, last.volatility, share)));
        points.push(FrontierPoint::Return(between(first.mean, last.mean, share)));
        points.push(FrontierPoint::Sharpe { risk_free: between(-0.05, last.mean, share) });
    }
    points
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_point_is_what_another_solver_finds(case in cases(), is_limited: bool) {
        let order: Vec<usize> = (0..case.n()).collect();
        let mandate = if is_limited { case.limited() } else { case.mandate(&order) };
        let frontier = EfficientFrontier::of(&mandate).unwrap();
        for point in points(&frontier) {
            let (chosen, solution) = frontier.solve(point, &mut Optimizer::default()).unwrap();
            let problem = point.problem(&mandate).unwrap();
            prop_assert!(problem.constraints().violation(&chosen.weights) <= 1e-12);
            let own = problem.value(&chosen.weights);
            let other = solve(&problem, Precision::Full).unwrap().report.objective.unwrap();
            prop_assert!((own - other).abs() <= 1e-6 * (1e-3 + other.abs()), "{point:?} {own} {other}");
            prop_assert!(solution.report.gap.unwrap() <= 1e-9, "{point:?} {:?}", solution.report);
            if chosen.risk_aversion.is_finite() {
                // It is the best for its risk aversion.
                let moments = frontier.moments();
                let (means, covariance) = (moments.expected_returns(), moments.covariance());
                let best = Objective::mean_variance(means.to_vec(), covariance.clone(), chosen.risk_aversion);
                let best = Mandate::new(best.unwrap(), mandate.constraints().clone()).unwrap();
                let most = best.solve().unwrap().report.bound.unwrap();
                prop_assert!(best.value(&chosen.weights) - most <= 1e-10 * (1.0 + most.abs()), "{point:?}");
            }
        }
    }

    #[test]
    fn the_order_of_the_assets_does_not_matter(case in cases()) {
        let n = case.n();
        let order: Vec<usize> = (0..n).collect();
        let turned: Vec<usize> = (0..n).map(|i| (i + 2) % n).collect();
        let [one, other] = [&order, &turned].map(|order| {
            EfficientFrontier::of(&case.mandate(order)).unwrap()
        });
        prop_assert_eq!(one.corners().len(), other.corners().len());
        for point in points(&one) {
            let [one, other] = [&one, &other].map(|frontier| frontier.at(point).unwrap());
            for (a, &i) in turned.iter().enumerate() {
                prop_assert!((one.weights[i] - other.weights[a]).abs() <= 1e-9, "{point:?}");
            }
        }
    }
}

fn diagonal() -> Covariance {
    Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01])).unwrap()
}

fn two() -> Mandate {
    let objective = Objective::mean_variance(vec![0.10, 0.05], diagonal(), 1.0).unwrap();
    Mandate::long_only(objective, 1.0).unwrap()
}

#[test]
fn what_no_portfolio_of_the_frontier_has_names_the_nearest() {
    let frontier = EfficientFrontier::of(&two()).unwrap();
    let off = |point| frontier.at(point).unwrap_err();
    let error = off(FrontierPoint::Volatility(0.05));
    insta::assert_snapshot!(error, @"no portfolio of the efficient frontier has a volatility of 0.05: it reaches from 0.089443 to 0.2");
    insta::assert_snapshot!(error.hint().unwrap(), @"the nearest is a volatility of 0.089443");
    assert!(matches!(error, Error::OffFrontier { value: 0.05, .. }));
    assert!(matches!(off(FrontierPoint::Return(0.11)), Error::OffFrontier { to: 0.1, .. }));
    assert!(matches!(off(FrontierPoint::Sharpe { risk_free: 0.1 }), Error::NoGain { .. }));
}

#[test]
fn what_has_no_frontier_is_refused() {
    let cap = RiskCap::volatility(diagonal(), 0.15).unwrap();
    let constraints = Constraints::long_only(2, 1.0).unwrap().with(cap).unwrap();
    let error = EfficientFrontier::of(&two().with_constraints(constraints).unwrap()).unwrap_err();
    insta::assert_snapshot!(error, @"the mandate is not valid: the path of the efficient frontier has no limits of risks");
    let narrow = Constraints::long_only(2, 0.4).unwrap();
    let error = EfficientFrontier::of(&two().with_constraints(narrow).unwrap()).unwrap_err();
    assert!(matches!(error, Error::Infeasible(_)), "{error}");
    let utility = Objective::robust_utility(vec![0.1, 0.2], diagonal(), 1.0).unwrap();
    let error = EfficientFrontier::of(&Mandate::long_only(utility, 1.0).unwrap()).unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");
}

/// Any mix has the same risk: the frontier is the asset with the larger return.
#[test]
fn assets_of_the_same_risk_leave_the_one_with_the_larger_return() {
    let one = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04; 4])).unwrap();
    let objective = Objective::mean_variance(vec![0.1, 0.2], one, 1.0).unwrap();
    let frontier = EfficientFrontier::of(&Mandate::long_only(objective, 1.0).unwrap()).unwrap();
    for point in [FrontierPoint::MinimumVariance, FrontierPoint::MaximumReturn] {
        assert!((frontier.at(point).unwrap().weights[1] - 1.0).abs() < 1e-12);
    }
}

/// Two assets that move against each other: nothing is left to exchange at the last corner, whatever the unit.
#[test]
fn a_frontier_ends_at_its_last_corner() {
    for step in 0..400 {
        let unit = 200.0 + 0.5 * f64::from(step);
        let variances = [6.2996 / 252.0, -0.604_869_9 / 252.0, 0.058_144_4 / 252.0];
        let [a, b, c] = variances.map(|variance| unit * variance);
        let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![a, b, b, c])).unwrap();
        let means = vec![17.818_181 / 252.0 * unit, 0.856_47 / 252.0 * unit];
        let objective = Objective::mean_variance(means, covariance, 1.0).unwrap();
        let frontier = EfficientFrontier::of(&Mandate::long_only(objective, 1.0).unwrap());
        let frontier = frontier.unwrap_or_else(|error| panic!("{unit}: {error}"));
        let last = &frontier.corners()[frontier.corners().len() - 1];
        assert!((last.weights[0] - 1.0).abs() < 1e-12, "{unit}: {last:?}");
    }
}
