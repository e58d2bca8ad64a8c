//! Minimum variance under bounds and groups, by both solvers.

use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{
    Choice, Constraints, Error, Group, Mandate, MinimumVariance, Optimizer, Precision, Settings,
};

use super::problem::{Problem, problems};

impl Problem {
    fn typical_variance(&self) -> f64 {
        let diagonal = self.covariance.diagonal();
        diagonal.iter().sum::<f64>() / diagonal.len() as f64
    }

    /// Both solvers give the weights and the variance of a solution.
    fn check_both(&self, mandate: &Mandate, solution: &str) {
        let expected = &self.json["solutions"][solution];
        let weights: Vec<f64> = serde_json::from_value(expected["weights"].clone()).unwrap();
        let variance = 2.0 * expected["objective"].as_f64().unwrap();
        for choice in [Choice::Auto, Choice::Clarabel] {
            let settings = Settings { choice, ..Settings::default() };
            let found = Optimizer::new(settings).solve(mandate, Precision::Full).unwrap();
            let value = found.report.objective.unwrap();
            // An interior point ends before the last digits, and measures them against the mean
            // variance of the assets: one of them may vary a thousand times less.
            let (size, tolerance) = if choice == Choice::Auto {
                (variance, 1e-7)
            } else {
                (self.typical_variance(), 1e-4)
            };
            assert!((value - variance).abs() <= 1e-9 * size, "{choice:?}: {value} {variance}");
            for (at, (w, expected)) in found.weights.iter().zip(&weights).enumerate() {
                let asset = &self.assets[at];
                assert!((w - expected).abs() <= tolerance, "{choice:?} {asset}: {w} {expected}");
            }
            assert!(mandate.constraints().violation(&found.weights) < 1e-8);
        }
    }
}

#[test]
fn minimum_variance_long_only() {
    for problem in problems() {
        let objective = MinimumVariance::new(problem.covariance.clone()).unwrap();
        let mandate = Mandate::long_only(objective, 1.0).unwrap();
        problem.check_both(&mandate, "min_variance_long_only");
    }
}

#[test]
fn group_limits() {
    for problem in problems() {
        let n = problem.assets.len();
        let mut constraints = Constraints::long_only(n, 1.0).unwrap();
        for (name, assets) in problem.json["inputs"]["groups"].as_object().unwrap() {
            let assets: Vec<String> = serde_json::from_value(assets.clone()).unwrap();
            let at = |asset: &String| problem.assets.iter().position(|other| other == asset);
            let assets: Vec<usize> = assets.iter().map(|asset| at(asset).unwrap()).collect();
            let group = Group::new(name, n, &assets).unwrap();
            let group = group.at_least(0.25).unwrap().at_most(0.45).unwrap();
            constraints = constraints.with(group).unwrap();
        }
        let objective = MinimumVariance::new(problem.covariance.clone()).unwrap();
        let mandate = Mandate::new(objective, constraints).unwrap();
        problem.check_both(&mandate, "min_variance_group_limits");
    }
}

#[test]
fn bounds_of_each_asset() {
    for problem in problems() {
        let n = problem.assets.len();
        let limits = &problem.json["solutions"]["min_variance_box"]["parameters"];
        let bound = |key: &str| vec![limits[key].as_f64().unwrap(); n];
        let constraints = Constraints::between(bound("min_weight"), bound("max_weight")).unwrap();
        let objective = MinimumVariance::new(problem.covariance.clone()).unwrap();
        let mandate = Mandate::new(objective, constraints).unwrap();
        problem.check_both(&mandate, "min_variance_box");
    }
}

#[test]
fn a_conflict_names_the_group() {
    let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.09]));
    let objective = MinimumVariance::new(covariance.unwrap()).unwrap();
    let tech = Group::new("tech", 2, &[0]).unwrap().at_most(0.3).unwrap();
    let constraints = Constraints::long_only(2, 0.6).unwrap().with(tech).unwrap();
    let mandate = Mandate::new(objective, constraints).unwrap();
    for choice in [Choice::Auto, Choice::Clarabel] {
        let settings = Settings { choice, ..Settings::default() };
        let error = Optimizer::new(settings).solve(&mandate, Precision::Full).unwrap_err();
        let Error::Infeasible(conflict) = &error else { panic!("{error}") };
        assert_eq!(
            error.to_string(),
            "no portfolio of 2 assets satisfies these together: sum of weights 1, maximum weight 0.6, group tech at most 0.3"
        );
        assert_eq!(
            error.hint().unwrap(),
            "raise maximum weight to at least 0.7, or raise the maximum of group tech to at least 0.4"
        );
        let change = conflict.first_relaxation().unwrap();
        let wider = mandate.constraints().widened(change.part, change.limits);
        let relaxed = mandate.clone().with_constraints(wider).unwrap();
        let weights = relaxed.solve().unwrap().weights;
        assert!((weights[0] - 0.4).abs() < 1e-6, "{weights:?}");
    }
}
