//! Portfolios on the efficient frontier where a golden problem has the same one.

use walkfolio_optimize::{
    Constraints, EfficientFrontier, Error, FrontierPoint, Mandate, MeanVariance,
};

use super::problem::{Problem, problems};

impl Problem {
    fn frontier(&self, constraints: Constraints) -> EfficientFrontier {
        let objective = MeanVariance::new(self.mean.clone(), self.covariance.clone(), 1.0).unwrap();
        EfficientFrontier::of(&Mandate::new(objective, constraints).unwrap()).unwrap()
    }

    fn is_at(&self, frontier: &EfficientFrontier, point: FrontierPoint, solution: &str) {
        let weights = self.solution(solution)["weights"].clone();
        let weights: Vec<f64> = serde_json::from_value(weights).unwrap();
        let chosen = frontier.at(point).unwrap();
        let apart = chosen.weights.iter().zip(&weights).map(|(w, expected)| (w - expected).abs());
        let apart = apart.fold(0.0, f64::max);
        assert!(apart <= 1e-7, "{} {solution}: {apart:e}", self.name);
    }
}

#[test]
fn the_largest_sharpe_ratio() {
    for problem in problems() {
        let solutions =
            ["max_sharpe_long_only_rf0", "max_sharpe_long_only_rf2", "max_sharpe_box_rf0"];
        for solution in solutions {
            let parameters = &problem.solution(solution)["parameters"];
            let constraints = match parameters["min_weight"].as_f64() {
                Some(_) => problem.between(parameters),
                None => problem.long_only(),
            };
            let point =
                FrontierPoint::Sharpe { risk_free: problem.parameter(solution, "risk_free") };
            let frontier = problem.frontier(constraints);
            if problem.solution(solution)["sharpe"].is_number() {
                problem.is_at(&frontier, point, solution);
            } else {
                let error = frontier.at(point).unwrap_err();
                assert!(matches!(error, Error::NoGain { .. }), "{solution}: {error}");
            }
        }
    }
}

#[test]
fn the_largest_mean_of_a_volatility_and_the_least_variance() {
    for problem in problems() {
        let frontier = problem.frontier(problem.long_only());
        let solution = "max_mean_volatility_cap";
        let cap = problem.parameter(solution, "volatility_cap");
        problem.is_at(&frontier, FrontierPoint::Volatility(cap), solution);
        problem.is_at(&frontier, FrontierPoint::MinimumVariance, "min_variance_long_only");
    }
}
