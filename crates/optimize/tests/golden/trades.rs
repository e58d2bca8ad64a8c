//! Turnover, costs of trading and limits of risk.

use serde_json::Value;
use walkfolio_core::TradingCost;
use walkfolio_optimize::{
    Constraints, Costs, Error, Exposure, GrossLeverage, Mandate, MeanVariance, MinimumVariance,
    RiskCap, Turnover,
};

use super::problem::{Problem, problems};

impl Problem {
    fn mean_variance(&self, constraints: Constraints, aversion: f64) -> Mandate {
        let (mean, covariance) = (self.mean.clone(), self.covariance.clone());
        let objective = MeanVariance::new(mean, covariance, aversion).unwrap();
        Mandate::new(objective, constraints).unwrap()
    }

    pub fn turnover(&self, max: f64) -> Turnover {
        Turnover::new(self.current.clone(), max).unwrap()
    }

    fn tracking_error(&self, max: f64) -> RiskCap {
        RiskCap::tracking_error(self.covariance.clone(), self.equal(), max).unwrap()
    }

    fn value(&self, solution: &str) -> f64 {
        self.solution(solution)["objective"].as_f64().unwrap()
    }

    fn check_value(&self, mandate: &Mandate, solution: &str) {
        self.check(mandate, solution, self.value(solution));
    }
}

#[test]
fn turnover() {
    for problem in problems() {
        for solution in ["mean_variance_turnover", "mean_variance_turnover0.40"] {
            let max = problem.parameter(solution, "turnover");
            let constraints = problem.long_only().with(problem.turnover(max)).unwrap();
            problem.check_value(&problem.mean_variance(constraints, 5.0), solution);
        }
    }
}

#[test]
fn costs_of_trading() {
    for problem in problems() {
        for solution in ["mean_variance_linear_cost", "mean_variance_linear_and_impact_cost"] {
            let of = |key: &str| problem.parameter(solution, key);
            let parameters = &problem.solution(solution)["parameters"];
            let numbers = |key: &str| -> Vec<f64> {
                serde_json::from_value(parameters[key].clone()).unwrap()
            };
            let (volumes, sigmas) = (numbers("adv"), numbers("daily_sigma"));
            let rate = |(volume, sigma): (&f64, &f64)| TradingCost {
                linear: of("linear_bps") * 1e-4,
                impact: TradingCost::impact(of("impact_a"), *sigma, of("portfolio_value"), *volume)
                    .unwrap(),
            };
            let rates = volumes.iter().zip(&sigmas).map(rate).collect();
            let costs =
                Costs::new(problem.current.clone(), rates, of("rebalances_per_year")).unwrap();
            let mandate = problem.mean_variance(problem.long_only(), 5.0);
            problem.check_value(&mandate.with_costs(costs).unwrap(), solution);
        }
    }
}

#[test]
fn largest_mean_below_a_cap_of_risk() {
    for problem in problems() {
        let capped = |constraints: Constraints| problem.mean_variance(constraints, 0.0);
        let solution = "max_mean_volatility_cap";
        let cap = problem.parameter(solution, "volatility_cap");
        let cap = RiskCap::volatility(problem.covariance.clone(), cap).unwrap();
        problem.check_value(&capped(problem.long_only().with(cap).unwrap()), solution);

        let solution = "max_mean_tracking_error_cap";
        let cap = problem.tracking_error(problem.parameter(solution, "tracking_error_cap"));
        problem.check_value(&capped(problem.long_only().with(cap).unwrap()), solution);

        let solution = "max_mean_tracking_error_and_turnover_cap";
        let cap = problem.tracking_error(problem.parameter(solution, "tracking_error_cap"));
        let constraints = problem.long_only().with(cap).unwrap();
        let turnover = problem.turnover(problem.parameter(solution, "turnover"));
        problem.check_value(&capped(constraints.with(turnover).unwrap()), solution);
    }
}

#[test]
fn tracking_error_against_weights_with_turnover() {
    for problem in problems() {
        let solution = "min_tracking_error_weights_turnover";
        let benchmark = problem.equal();
        let cross = problem.covariance.times(&benchmark);
        let square = problem.covariance.variance(&benchmark);
        let objective = walkfolio_optimize::TrackingError::from_moments(
            problem.covariance.clone(),
            cross,
            square,
        );
        let turnover = problem.turnover(problem.parameter(solution, "turnover"));
        let constraints = problem.long_only().with(turnover).unwrap();
        let mandate = Mandate::new(objective.unwrap(), constraints).unwrap();
        problem.check(&mandate, solution, 2.0 * problem.value(solution));
    }
}

#[test]
fn gross_leverage_with_and_without_a_net_position() {
    for problem in problems() {
        for solution in [
            "mean_variance_long_short_net1_gross1.6",
            "mean_variance_market_neutral_gross1",
            "min_variance_long_short_gross_1.6",
        ] {
            let parameters = &problem.solution(solution)["parameters"];
            if parameters.is_null() {
                continue;
            }
            let of = |key: &str| parameters[key].as_f64().unwrap();
            let constraints = problem.between(parameters).with_budget(of("net")).unwrap();
            let constraints = constraints.with(GrossLeverage::new(of("gross")).unwrap()).unwrap();
            if solution.starts_with("min") {
                let objective = MinimumVariance::new(problem.covariance.clone()).unwrap();
                let mandate = Mandate::new(objective, constraints).unwrap();
                problem.check(&mandate, solution, 2.0 * problem.value(solution));
            } else {
                problem.check_value(&problem.mean_variance(constraints, 5.0), solution);
            }
        }
    }
}

#[test]
fn factor_ranges() {
    for problem in problems() {
        let solution = "min_variance_factor_ranges";
        let parameters = &problem.solution(solution)["parameters"];
        let numbers = |value: &Value| serde_json::from_value::<Vec<f64>>(value.clone()).unwrap();
        let (lower, upper) = (numbers(&parameters["lower"]), numbers(&parameters["upper"]));
        let loadings: Vec<Vec<f64>> =
            serde_json::from_value(parameters["loadings"].clone()).unwrap();
        let mut constraints = problem.long_only();
        for (k, (min, max)) in lower.into_iter().zip(upper).enumerate() {
            let values = loadings.iter().map(|of_asset| of_asset[k]).collect();
            let name = parameters["factors"][k].as_str().unwrap();
            constraints = constraints.with(Exposure::new(name, values, min, max).unwrap()).unwrap();
        }
        let objective = MinimumVariance::new(problem.covariance.clone()).unwrap();
        let mandate = Mandate::new(objective, constraints).unwrap();
        problem.check(&mandate, solution, 2.0 * problem.value(solution));
    }
}

#[test]
fn a_cap_below_the_least_risk_tells_that() {
    for problem in problems() {
        let steadiest = problem.solution("min_variance_long_only")["volatility"].as_f64().unwrap();
        let cap = RiskCap::volatility(problem.covariance.clone(), 0.5 * steadiest).unwrap();
        let constraints = problem.long_only().with(cap).unwrap();
        let error = problem.mean_variance(constraints, 0.0).solve().unwrap_err();
        let Error::Infeasible(conflict) = &error else { panic!("{error}") };
        assert!(conflict.members.iter().any(|member| member.name == "volatility"), "{error}");
        let change = conflict.first_relaxation().unwrap();
        let needed = change.limits.max.unwrap();
        assert!((needed - steadiest).abs() < 1e-6 * steadiest.max(0.1), "{needed} {steadiest}");
    }
}
