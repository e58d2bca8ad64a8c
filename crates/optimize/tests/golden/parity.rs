//! Risk parity, rules and hierarchical risk parity.

use serde_json::Value;
use walkfolio_optimize::{
    Choice, HierarchicalEqualRiskContribution, HierarchicalRiskParity, InverseVolatility, Linkage,
    Mandate, Objective, Optimizer, Precision, RiskParity, Settings, risk_shares,
};

use super::problem::{Problem, folder, problems};

fn numbers(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).unwrap()
}

fn apart(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

impl Problem {
    fn risk_parity(&self, solution: &str) -> Objective {
        let budgets = numbers(&self.solution(solution)["parameters"]["budgets"]);
        RiskParity::new(self.covariance.clone(), &budgets).unwrap().into()
    }
}

#[test]
fn shares_of_risk_are_the_budgets() {
    for problem in problems() {
        for solution in ["risk_parity_equal", "risk_parity_budgets", "risk_parity_group_budgets"] {
            let mandate = Mandate::new(problem.risk_parity(solution), problem.long_only()).unwrap();
            let found = mandate.solve().unwrap();
            assert_eq!(found.report.solver, "kernel");
            let expected = problem.solution(solution);
            let off = apart(&found.weights, &numbers(&expected["weights"]));
            assert!(off <= 1e-12, "{} {solution}: {off:e}", problem.name);
            let shares = risk_shares(&problem.covariance, &found.weights);
            let off = apart(&shares, &numbers(&expected["parameters"]["budgets"]));
            assert!(off <= 1e-12, "{} {solution}: shares {off:e}", problem.name);
            assert!(found.report.gap.unwrap() <= 1e-11);
        }
    }
}

#[test]
fn risk_parity_under_bounds() {
    for problem in problems() {
        let solution = "risk_parity_box";
        let expected = problem.solution(solution);
        let constraints = problem.between(&expected["parameters"]);
        let mandate = Mandate::new(problem.risk_parity(solution), constraints).unwrap();
        problem.check(&mandate, solution, expected["value"].as_f64().unwrap());
        let found = mandate.solve().unwrap();
        assert_eq!(found.report.solver, "kernel");
        assert!(found.report.gap.unwrap() <= 1e-11, "{:?}", found.report);
        let shares = risk_shares(&problem.covariance, &found.weights);
        assert!(apart(&shares, &numbers(&expected["risk_shares"])) <= 1e-7);
        let settings = Settings { choice: Choice::Clarabel, ..Settings::default() };
        let cone = Optimizer::new(settings).solve(&mandate, Precision::Full).unwrap();
        let (a, b) = (cone.report.objective.unwrap(), found.report.objective.unwrap());
        assert!((a - b).abs() <= 1e-8, "{} {a} {b}", problem.name);
    }
}

#[test]
fn inverse_volatility_and_variance() {
    for problem in problems() {
        let covariance = &problem.covariance;
        let rules = [
            ("inverse_volatility", InverseVolatility::new(covariance).unwrap()),
            ("inverse_variance", InverseVolatility::of_variance(covariance).unwrap()),
        ];
        for (solution, rule) in rules {
            let found = Mandate::new(rule, problem.long_only()).unwrap().solve().unwrap();
            let expected = numbers(&problem.solution(solution)["weights"]);
            assert!(apart(&found.weights, &expected) <= 1e-13, "{} {solution}", problem.name);
        }
    }
}

#[test]
fn hierarchical_risk_parity() {
    let Some(folder) = folder() else { return };
    for problem in problems() {
        let text = std::fs::read_to_string(folder.join(format!("hrp_{}.json", problem.name)));
        let json: Value = serde_json::from_str(&text.unwrap()).unwrap();
        let variants = [
            ("hrp_single", Linkage::Single),
            ("hrp_average", Linkage::Average),
            ("hrp_complete", Linkage::Complete),
            ("hrp_ward", Linkage::Ward),
            ("hrp_single_distance_of_distances", Linkage::Single),
        ];
        for (name, linkage) in variants {
            let make = if name.ends_with("distances") {
                HierarchicalRiskParity::of_distances
            } else {
                HierarchicalRiskParity::new
            };
            let objective = make(&problem.covariance, linkage).unwrap();
            let expected = &json[name];
            let order: Vec<&str> =
                objective.order().iter().map(|&asset| problem.assets[asset].as_str()).collect();
            assert_eq!(serde_json::json!(order), expected["order"], "{} {name}", problem.name);
            if let Some(heights) = expected["merge_heights"].as_array() {
                for (merge, (height, children)) in objective
                    .merges()
                    .iter()
                    .zip(heights.iter().zip(expected["linkage"].as_array().unwrap()))
                {
                    assert_eq!(serde_json::json!(merge.children), *children);
                    assert!((merge.height - height.as_f64().unwrap()).abs() <= 1e-12);
                }
            }
            let found = Mandate::new(objective, problem.long_only()).unwrap().solve().unwrap();
            let off = apart(&found.weights, &numbers(&expected["weights"]));
            assert!(off <= 1e-12, "{} {name}: {off:e}", problem.name);
        }
    }
}

/// The weights of Riskfolio and skfolio, which agree (`herc.py`), by linkage and number of clusters.
#[test]
fn hierarchical_equal_risk_contribution() {
    let all: Value = serde_json::from_str(include_str!("herc.json")).unwrap();
    let mut compared = 0;
    for problem in problems() {
        let Some(expected) = all.get(&problem.name).and_then(Value::as_object) else { continue };
        for (name, weights) in expected {
            let (linkage, number) = name.split_once(' ').unwrap();
            let linkage = match linkage {
                "single" => Linkage::Single,
                "complete" => Linkage::Complete,
                "average" => Linkage::Average,
                _ => Linkage::Ward,
            };
            let clusters = Some(number.parse().unwrap());
            let covariance = &problem.covariance;
            let objective = HierarchicalEqualRiskContribution::new(covariance, linkage, clusters);
            let found =
                Mandate::new(objective.unwrap(), problem.long_only()).unwrap().solve().unwrap();
            let off = apart(&found.weights, &numbers(weights));
            assert!(off <= 1e-10, "{} {name}: {off:e}", problem.name);
            compared += 1;
        }
    }
    assert!(compared == 36 || problems().is_empty(), "{compared}");
}
