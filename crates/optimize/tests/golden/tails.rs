//! The mean of the worst losses, and expected returns in their worst case.

use walkfolio_core::Matrix;
use walkfolio_optimize::{
    Constraints, Exposure, Mandate, MinimumCdar, MinimumCvar, Optimizer, Precision,
    RobustMeanVariance, solve,
};

use super::problem::{Problem, folder, problems};

impl Problem {
    /// The returns that its moments are of; none without prices.
    fn returns(&self) -> Option<Matrix> {
        let (file, last, rows) = match self.name.as_str() {
            "A2019" => ("mtum/prices.csv", "2019-05-31", 252),
            "B2020" => ("global_etf/prices.csv", "2020-03-27", 120),
            _ => return self.made_up(),
        };
        let data = std::env::var_os("WALKFOLIO_DATA").map_or_else(
            || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
            Into::into,
        );
        let text = std::fs::read_to_string(data.join(file)).ok()?;
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next()?.split(',').collect();
        let at = |asset: &String| header.iter().position(|name| name == asset).unwrap();
        let columns: Vec<usize> = self.assets.iter().map(at).collect();
        let lines: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        let end = lines.iter().position(|cells| cells[0] == last)?;
        let price = |row: usize, column: usize| lines[row][column].parse::<f64>().unwrap();
        let mut values = Vec::new();
        for row in end + 1 - rows..=end {
            values.extend(columns.iter().map(|&i| price(row, i) / price(row - 1, i) - 1.0));
        }
        Some(Matrix::from_rows(rows, columns.len(), values))
    }

    fn made_up(&self) -> Option<Matrix> {
        let file = folder()?.join(format!("input_returns_{}.csv", self.name));
        let text = std::fs::read_to_string(file).unwrap();
        let rows: Vec<Vec<f64>> = text
            .lines()
            .skip(1)
            .map(|line| line.split(',').skip(1).map(|cell| cell.parse().unwrap()).collect())
            .collect();
        Some(Matrix::from_rows(rows.len(), self.n(), rows.concat()))
    }

    fn check_tail(&self, constraints: Constraints, solution: &str) {
        let Some(returns) = self.returns() else { return };
        let mandate = Mandate::new(MinimumCvar::new(returns, 0.95).unwrap(), constraints).unwrap();
        let value = self.solution(solution)["cvar_daily"].as_f64().unwrap();
        self.check(&mandate, solution, value);
        let found = Optimizer::default().solve(&mandate, Precision::Full).unwrap();
        assert_eq!(found.report.solver, "kernel", "{} {solution}: {:?}", self.name, found.note);
        assert!(found.report.gap.unwrap() <= 1e-13, "{} {solution}", self.name);
        let other = solve(&mandate, Precision::Full).unwrap().report.objective.unwrap();
        assert!((other - value).abs() <= 1e-8 * value.abs(), "{} {solution}: {other}", self.name);
    }
}

#[test]
fn minimum_cvar() {
    for problem in problems() {
        problem.check_tail(problem.long_only(), "min_cvar_long_only");
        let solution = "min_cvar_box";
        let parameters = &problem.solution(solution)["parameters"];
        problem.check_tail(problem.between(parameters), solution);
        let solution = "mean_cvar_target_mean";
        let least = problem.parameter(solution, "mean_at_least");
        let mean = problem.mean.clone();
        let row = Exposure::new("mean", mean, least, f64::INFINITY).unwrap();
        problem.check_tail(problem.long_only().with(row).unwrap(), solution);
    }
}

#[test]
fn expected_returns_in_their_worst_case() {
    for problem in problems() {
        let solution = "mean_variance_robust_mean";
        let rows = problem.returns().map_or(0, |returns| returns.rows());
        if rows == 0 {
            continue;
        }
        let lambda = problem.parameter(solution, "kappa") * (252.0 / rows as f64).sqrt();
        let (mean, covariance) = (problem.mean.clone(), problem.covariance.clone());
        let objective = RobustMeanVariance::new(mean, covariance, lambda, 5.0).unwrap();
        let mandate = Mandate::new(objective, problem.long_only()).unwrap();
        let value = -problem.solution(solution)["objective"].as_f64().unwrap();
        problem.check(&mandate, solution, value);
        let found = mandate.solve().unwrap();
        assert_eq!(found.report.solver, "kernel");
        assert!(found.report.gap.unwrap() <= 1e-13);
        let other = solve(&mandate, Precision::Full).unwrap().report.objective.unwrap();
        assert!((other - value).abs() <= 1e-8 * value.abs());
    }
}

/// The solver `HiGHS` 1.16 on the linear program of the drawdowns, written out; skfolio 1.12.2 and Riskfolio-Lib 7.4.0 find the same
/// weights to the six digits that they give.
#[test]
fn minimum_cdar() {
    let known = [
        (0.95, 0.081_996_5, [0.0, 0.0, 1.0, 0.0, 0.0]),
        (0.9, 0.076_365_936_268_769_84, [0.247_485_88, 0.0, 0.752_514_12, 0.0, 0.0]),
        (0.8, 0.071_454, [0.0, 0.0, 1.0, 0.0, 0.0]),
    ];
    for problem in problems().into_iter().filter(|problem| problem.name == "R1") {
        for (confidence, value, weights) in known {
            let objective = MinimumCdar::new(problem.returns().unwrap(), confidence).unwrap();
            let mandate = Mandate::new(objective, problem.long_only()).unwrap();
            let found = mandate.solve().unwrap();
            assert_eq!(found.report.solver, "kernel", "{confidence}: {:?}", found.note);
            let objective = found.report.objective.unwrap();
            assert!((objective - value).abs() <= 1e-9 * value, "{confidence}: {objective}");
            let apart = found.weights.iter().zip(weights).map(|(a, b)| (a - b).abs());
            assert!(apart.fold(0.0, f64::max) <= 1e-7, "{confidence}: {:?}", found.weights);
        }
    }
}
