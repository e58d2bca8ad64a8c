//! Maximum Sharpe and maximum diversification under every kind of constraint.

use walkfolio_optimize::{
    Constraints, Error, GrossLeverage, Group, Mandate, MaximumDiversification, MaximumSharpe,
};

use super::problem::{Problem, problems};

impl Problem {
    fn sharpe(&self, constraints: Constraints, solution: &str) {
        let risk_free = self.parameter(solution, "risk_free");
        let excess = self.mean.iter().map(|mean| mean - risk_free).collect();
        let objective = MaximumSharpe::new(excess, self.covariance.clone()).unwrap();
        let mandate = Mandate::new(objective, constraints).unwrap();
        if let Some(value) = self.solution(solution)["sharpe"].as_f64() {
            self.check(&mandate, solution, value);
        } else {
            let error = mandate.solve().unwrap_err();
            let Error::NoGain { largest, .. } = error else { panic!("{solution}: {error}") };
            assert!(largest <= 1e-9, "{solution}: {largest}");
        }
    }
}

#[test]
fn maximum_sharpe() {
    for problem in problems() {
        problem.sharpe(problem.long_only(), "max_sharpe_long_only_rf0");
        problem.sharpe(problem.long_only(), "max_sharpe_long_only_rf2");
        for solution in ["max_sharpe_box_rf0", "max_sharpe_gross_1.6_rf0"] {
            let parameters = &problem.solution(solution)["parameters"];
            let mut constraints = problem.between(parameters);
            if let Some(gross) = parameters["gross"].as_f64() {
                constraints = constraints.with(GrossLeverage::new(gross).unwrap()).unwrap();
            }
            problem.sharpe(constraints, solution);
        }
        for solution in ["max_sharpe_turnover_rf0", "max_sharpe_turnover0.40_rf0"] {
            let turnover = problem.turnover(problem.parameter(solution, "turnover"));
            problem.sharpe(problem.long_only().with(turnover).unwrap(), solution);
        }
        let solution = "max_sharpe_group_cap_rf0";
        let parameters = &problem.solution(solution)["parameters"];
        let group = parameters["group"].as_str().unwrap();
        let assets: Vec<String> =
            serde_json::from_value(problem.json["inputs"]["groups"][group].clone()).unwrap();
        let at = |asset: &String| problem.assets.iter().position(|other| other == asset).unwrap();
        let assets: Vec<usize> = assets.iter().map(at).collect();
        let group = Group::new(group, problem.n(), &assets).unwrap();
        let group = group.at_most(problem.parameter(solution, "cap")).unwrap();
        problem.sharpe(problem.long_only().with(group).unwrap(), solution);
    }
}

#[test]
fn maximum_diversification() {
    for problem in problems() {
        for solution in ["max_diversification_long_only", "max_diversification_box"] {
            let parameters = &problem.solution(solution)["parameters"];
            let constraints = match parameters["min_weight"].as_f64() {
                Some(_) => problem.between(parameters),
                None => problem.long_only(),
            };
            let objective = MaximumDiversification::new(problem.covariance.clone()).unwrap();
            let mandate = Mandate::new(objective, constraints).unwrap();
            let value = problem.solution(solution)["diversification_ratio"].as_f64().unwrap();
            problem.check(&mandate, solution, value);
        }
    }
}
