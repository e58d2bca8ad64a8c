//! Risk parity, portfolios by a rule and ensembles of objectives: what holds for every covariance.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{
    Choice, Constraints, Ensemble, EqualWeight, Error, Group, HierarchicalEqualRiskContribution,
    HierarchicalRiskParity, Holdings, InverseVolatility, Linkage, Mandate, MinimumVariance,
    Nearest, Objective, Optimizer, Penalties, Precision, RiskCap, RiskParity, Settings, Turnover,
    risk_shares,
};

/// Two factors, own variances, and budgets.
#[derive(Debug, Clone)]
struct Case {
    covariance: Covariance,
    budgets: Vec<f64>,
}

impl Case {
    fn n(&self) -> usize {
        self.budgets.len()
    }

    fn of(loadings: &[[f64; 2]], own: Vec<f64>, budgets: Vec<f64>) -> Self {
        let n = own.len();
        let loadings = Matrix::from_rows(n, 2, loadings.concat());
        let factors = Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.02]);
        Self { covariance: Covariance::factor(loadings, factors, own).unwrap(), budgets }
    }

    fn objective(&self) -> RiskParity {
        RiskParity::new(self.covariance.clone(), &self.budgets).unwrap()
    }

    /// With the assets in another order: the first becomes the last.
    fn turned(&self) -> Self {
        let n = self.n();
        let dense = self.covariance.to_dense();
        let values = (0..n * n).map(|at| dense[((at / n + 1) % n, (at % n + 1) % n)]).collect();
        let mut budgets = self.budgets.clone();
        budgets.rotate_left(1);
        Self { covariance: Covariance::dense(Matrix::from_rows(n, n, values)).unwrap(), budgets }
    }

    /// In units of each asset of its own.
    fn in_units(&self, units: &[f64]) -> Self {
        let n = self.n();
        let dense = self.covariance.to_dense();
        let value = |at: usize| dense[(at / n, at % n)] * units[at / n] * units[at % n];
        let values = (0..n * n).map(value).collect();
        let covariance = Covariance::dense(Matrix::from_rows(n, n, values)).unwrap();
        Self { covariance, budgets: self.budgets.clone() }
    }
}

fn cases() -> impl Strategy<Value = Case> {
    (2..25usize).prop_flat_map(|n| {
        let loading = [-0.5..1.5f64, -1.0..1.0f64];
        let parts = (
            prop::collection::vec(loading, n),
            prop::collection::vec(1e-4..0.1f64, n),
            prop::collection::vec(0.1..3.0f64, n),
        );
        parts.prop_map(|(loadings, own, budgets)| Case::of(&loadings, own, budgets))
    })
}

fn long_only(objective: impl Into<Objective>) -> Vec<f64> {
    Mandate::long_only(objective, 1.0).unwrap().solve().unwrap().weights
}

fn apart(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn shares_are_budgets_in_any_order_and_unit(case in cases(), unit in 0.1..10.0f64) {
        let objective = case.objective();
        let weights = long_only(objective.clone());
        let shares = risk_shares(&case.covariance, &weights);
        prop_assert!(apart(&shares, objective.budgets()) < 1e-10);
        prop_assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        let mut turned = long_only(case.turned().objective());
        turned.rotate_right(1);
        prop_assert!(apart(&weights, &turned) < 1e-10);
        let units: Vec<f64> = (0..case.n()).map(|i| [1.0 / unit, 1.0, unit][i % 3]).collect();
        let other = long_only(case.in_units(&units).objective());
        let back: Vec<f64> = other.iter().zip(&units).map(|(w, unit)| w * unit).collect();
        let sum: f64 = back.iter().sum();
        let back: Vec<f64> = back.iter().map(|w| w / sum).collect();
        prop_assert!(apart(&weights, &back) < 1e-9);
    }

    #[test]
    fn bounds_and_groups_are_as_clarabel_has_them(
        case in cases(),
        cap in 1.05..2.0f64,
        least in 0.1..0.9f64,
        part in 0.2..0.8f64,
    ) {
        let n = case.n();
        let even = 1.0 / n as f64;
        let first: Vec<usize> = (0..n.div_ceil(2)).collect();
        let share = first.len() as f64 * even;
        let group = Group::new("first", n, &first).unwrap();
        let group = group.at_most(share * (1.0 - 0.2 * part)).unwrap();
        let bounds = (vec![least * even; n], vec![(cap * even * 1.3).min(1.0); n]);
        let constraints = Constraints::between(bounds.0, bounds.1).unwrap().with(group).unwrap();
        let mandate = Mandate::new(case.objective(), constraints).unwrap();
        let settings = Settings { choice: Choice::Clarabel, ..Settings::default() };
        let cone = Optimizer::new(settings).solve(&mandate, Precision::Full);
        match mandate.solve() {
            Ok(found) => {
                prop_assert_eq!(found.report.solver, "kernel");
                prop_assert!(mandate.constraints().violation(&found.weights) < 1e-9);
                prop_assert!(found.report.gap.unwrap() < 1e-8, "{:?}", found.report);
                let (own, other) = (found.report.objective.unwrap(), cone.unwrap().report.objective.unwrap());
                prop_assert!((own - other).abs() < 1e-6, "{own} {other}");
            }
            Err(Error::Infeasible(_)) => prop_assert!(cone.is_err()),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn a_hierarchy_has_no_unit(case in cases(), unit in 0.1..10.0f64) {
        let n = case.n();
        let scaled = Matrix::from_rows(n, n,
            case.covariance.to_dense().values().iter().map(|value| unit * value).collect());
        let scaled = Covariance::dense(scaled).unwrap();
        for linkage in [Linkage::Single, Linkage::Complete, Linkage::Average, Linkage::Ward] {
            let weights = long_only(HierarchicalRiskParity::new(&case.covariance, linkage).unwrap());
            prop_assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-13);
            prop_assert!(weights.iter().all(|w| *w > 0.0));
            let herc = |of| HierarchicalEqualRiskContribution::new(of, linkage, None).unwrap();
            let (own, unscaled) = (herc(&scaled), herc(&case.covariance));
            prop_assert_eq!(own.clusters(), unscaled.clusters());
            prop_assert!(apart(&long_only(own), &long_only(unscaled)) < 1e-12);
            let other = long_only(HierarchicalRiskParity::new(&scaled, linkage).unwrap());
            prop_assert!(apart(&weights, &other) < 1e-12);
        }
    }
}

fn two_assets() -> Covariance {
    Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01])).unwrap()
}

fn three() -> Case {
    Case::of(&[[1.0, 0.2], [0.8, -0.5], [1.2, 0.1]], vec![0.02, 0.01, 0.05], vec![1.0; 3])
}

#[test]
fn an_asset_without_a_budget_is_not_held() {
    let case = three();
    let objective = RiskParity::new(case.covariance.clone(), &[1.0, 0.0, 1.0]).unwrap();
    let mandate = Mandate::long_only(objective, 1.0).unwrap();
    let weights = mandate.solve().unwrap().weights;
    assert_eq!(weights[1], 0.0);
    let shares = risk_shares(&case.covariance, &weights);
    assert!((shares[0] - 0.5).abs() < 1e-14 && (shares[2] - 0.5).abs() < 1e-14);
    let settings = Settings { choice: Choice::Clarabel, ..Settings::default() };
    let cone = Optimizer::new(settings).solve(&mandate, Precision::Full).unwrap();
    assert!(apart(&cone.weights, &weights) < 1e-6);
    // Bounds that exclude parity, too.
    let bounds = Constraints::between(vec![0.0; 3], vec![0.55; 3]).unwrap();
    let bounded = mandate.clone().with_constraints(bounds).unwrap().solve().unwrap().weights;
    assert!((bounded[0] - 0.55).abs() < 1e-12 && bounded[1] == 0.0);
    let least = Constraints::between(vec![0.1; 3], vec![1.0; 3]).unwrap();
    let error = mandate.with_constraints(least).unwrap().solve().unwrap_err();
    assert!(error.to_string().contains("budget of 0"), "{error}");
}

#[test]
fn limits_of_trades_and_risk_go_to_the_cone_solver() {
    let case = three();
    let from = vec![0.8, 0.1, 0.1];
    let turnover = Turnover::new(from.clone(), 0.2).unwrap();
    let near = RiskCap::tracking_error(case.covariance.clone(), from, 0.05).unwrap();
    let long_only = Constraints::long_only(3, 1.0).unwrap();
    let free = Mandate::new(case.objective(), long_only.clone()).unwrap();
    let free_value = free.solve().unwrap().report.objective.unwrap();
    for constraints in [long_only.clone().with(turnover).unwrap(), long_only.with(near).unwrap()] {
        let mandate = Mandate::new(case.objective(), constraints).unwrap();
        let found = mandate.solve().unwrap();
        assert_eq!(found.report.solver, "clarabel");
        assert!(mandate.constraints().violation(&found.weights) < 1e-8);
        assert!(found.report.objective.unwrap() > free_value + 1e-4);
        assert!(found.report.gap.unwrap() < 1e-7);
        // No mixture with the portfolio of exact parity that the limits allow is better.
        let parity = free.solve().unwrap().weights;
        for share in [0.001, 0.01, 0.1] {
            let mixed: Vec<f64> =
                found.weights.iter().zip(&parity).map(|(w, p)| w + share * (p - w)).collect();
            assert!(mandate.constraints().violation(&mixed) > 0.0);
        }
    }
}

#[test]
fn other_sums_of_weights() {
    let case = three();
    let half = Constraints::long_only(3, 1.0).unwrap().with_budget(0.5).unwrap();
    let whole = long_only(case.objective());
    for objective in [
        case.objective().into(),
        Objective::from(HierarchicalRiskParity::new(&case.covariance, Linkage::Single).unwrap()),
        InverseVolatility::new(&case.covariance).unwrap().into(),
    ] {
        let found = Mandate::new(objective.clone(), half.clone()).unwrap().solve().unwrap();
        let doubled: Vec<f64> = found.weights.iter().map(|w| 2.0 * w).collect();
        assert!(apart(&doubled, &long_only(objective.clone())) < 1e-13);
        let range = Constraints::long_only(3, 1.0).unwrap().with_net_leverage(0.5, 1.0).unwrap();
        let error = Mandate::new(objective, range).unwrap().solve().unwrap_err();
        assert_eq!(error, Error::NoSize);
    }
    assert!(apart(&whole, &long_only(case.objective())) == 0.0);
}

#[test]
fn a_rule_that_the_constraints_exclude_has_a_nearest_portfolio() {
    let group = Group::new("rest", 3, &[1, 2]).unwrap().at_most(0.4).unwrap();
    let constraints = Constraints::long_only(3, 0.65).unwrap().with(group).unwrap();
    let mandate = Mandate::new(EqualWeight::new(3).unwrap(), constraints.clone()).unwrap();
    let error = mandate.solve().unwrap_err();
    insta::assert_snapshot!(error, @"equal weights do not satisfy group rest at most 0.4: they are off by 0.266667");
    let nearest = mandate.nearest().unwrap().unwrap();
    assert!(apart(&nearest.solve().unwrap().weights, &[0.6, 0.2, 0.2]) < 1e-12);
    // In an ensemble in its member's place alone.
    let tracked: Objective = Nearest::new(vec![0.6, 0.4, 0.0]).unwrap().into();
    let members = vec![(mandate.objective().clone(), 1.0), (tracked, 1.0)];
    let ensemble = Mandate::new(Ensemble::new(members).unwrap(), constraints).unwrap();
    assert!(matches!(ensemble.solve(), Err(Error::Excluded { .. })));
    let nearest = ensemble.nearest().unwrap().unwrap();
    assert!(apart(&nearest.solve().unwrap().weights, &[0.6, 0.3, 0.1]) < 1e-12);
}

#[test]
fn what_does_not_combine_is_refused_with_the_reason() {
    let case = three();
    let parity = Mandate::long_only(case.objective(), 1.0).unwrap();
    let penalized = parity.clone().with_penalties(Penalties { l1: 0.0, l2: 0.1 }).unwrap();
    let equal = Mandate::long_only(EqualWeight::new(3).unwrap(), 1.0).unwrap();
    let equal = equal.with_penalties(Penalties { l1: 0.0, l2: 0.1 }).unwrap();
    let least: Objective = MinimumVariance::new(case.covariance.clone()).unwrap().into();
    let few = Holdings { max: Some(2), ..Holdings::default() };
    let few = Constraints::long_only(3, 1.0).unwrap().with(few).unwrap();
    let ensemble = Ensemble::new(vec![(least, 1.0)]).unwrap();
    let errors = [
        penalized.solve(),
        equal.solve(),
        Mandate::new(ensemble, few.clone()).unwrap().solve(),
        Mandate::new(case.objective(), few).unwrap().solve(),
    ];
    let errors: Vec<String> =
        errors.into_iter().map(|solved| solved.unwrap_err().to_string()).collect();
    insta::assert_snapshot!(errors.join("\n"));
    let flat = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.0])).unwrap();
    let no_risk = Error::NoRisk { asset: 1 };
    assert_eq!(RiskParity::equal(flat.clone()).unwrap_err(), no_risk);
    assert_eq!(InverseVolatility::new(&flat).unwrap_err(), no_risk);
    assert_eq!(HierarchicalRiskParity::new(&flat, Linkage::Ward).unwrap_err(), no_risk);
    for budgets in [&[1.0, -1.0][..], &[0.0, 0.0], &[1.0], &[f64::NAN, 1.0]] {
        assert!(matches!(RiskParity::new(two_assets(), budgets), Err(Error::Invalid(_))));
    }
    assert!(Ensemble::new(Vec::new()).is_err());
    let equal: Objective = EqualWeight::new(2).unwrap().into();
    assert!(Ensemble::new(vec![(equal.clone(), 0.0)]).is_err());
    let more: Objective = EqualWeight::new(3).unwrap().into();
    assert!(Ensemble::new(vec![(equal, 1.0), (more, 1.0)]).is_err());
}

#[test]
fn contradictions_name_the_constraints() {
    let case = three();
    let group = Group::new("all", 3, &[0, 1, 2]).unwrap().at_most(0.9).unwrap();
    let constraints = Constraints::long_only(3, 1.0).unwrap().with(group).unwrap();
    let error = Mandate::new(case.objective(), constraints).unwrap().solve().unwrap_err();
    let Error::Infeasible(conflict) = error else { panic!("{error}") };
    insta::assert_snapshot!(conflict, @"no portfolio of 3 assets satisfies these together: sum of weights 1, group all at most 0.9");
}

#[test]
fn one_asset_is_all() {
    let one = Covariance::dense(Matrix::from_rows(1, 1, vec![0.04])).unwrap();
    assert_eq!(long_only(RiskParity::equal(one.clone()).unwrap()), [1.0]);
    assert_eq!(long_only(HierarchicalRiskParity::new(&one, Linkage::Single).unwrap()), [1.0]);
    assert_eq!(long_only(InverseVolatility::new(&one).unwrap()), [1.0]);
    let herc = HierarchicalEqualRiskContribution::new(&one, Linkage::Ward, None).unwrap();
    assert_eq!((herc.clusters(), long_only(herc.clone())), (&[vec![0]][..], vec![1.0]));
}

#[test]
fn fewer_returns_than_assets_will_do() {
    // Four returns of six assets: a singular covariance.
    let common = [0.02, -0.03, 0.01, 0.015];
    let own = |at: usize| (at * 37 % 11) as f64 * 1e-3;
    let values = (0..24).map(|at| common[at / 6] + own(at)).collect();
    let window = Covariance::window(Matrix::from_rows(4, 6, values)).unwrap();
    let weights = long_only(RiskParity::equal(window.clone()).unwrap());
    assert!(apart(&risk_shares(&window, &weights), &[1.0 / 6.0; 6]) < 1e-10);
    // Two assets that are each other's opposite: a portfolio without risk has no shares of it.
    let opposite = Matrix::from_rows(2, 2, vec![0.01, -0.01, 0.02, -0.02]);
    let opposite = RiskParity::equal(Covariance::window(opposite).unwrap()).unwrap();
    let error = Mandate::long_only(opposite, 1.0).unwrap().solve().unwrap_err();
    assert_eq!(error, Error::Riskless);
}

#[test]
fn members_share_the_mean() {
    let case = three();
    let least: Objective = MinimumVariance::new(case.covariance.clone()).unwrap().into();
    let parity: Objective = case.objective().into();
    let ensemble = Ensemble::new(vec![(least.clone(), 1.0), (parity.clone(), 3.0)]).unwrap();
    let mandate = Mandate::long_only(ensemble, 1.0).unwrap();
    let mut optimizer = Optimizer::default();
    let first = optimizer.solve(&mandate, Precision::Full).unwrap();
    let (a, b) = (long_only(least), long_only(parity));
    let mean: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 0.25 * a + 0.75 * b).collect();
    assert!(apart(&first.weights, &mean) < 1e-15);
    assert_eq!((first.report.solver, first.report.bound), ("ensemble", None));
    assert_eq!(optimizer.solve(&mandate, Precision::Full).unwrap().weights, first.weights);
}
