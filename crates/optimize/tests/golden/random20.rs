//! Covariances of factor models, from 5 to 60 assets.

use serde_json::Value;
use walkfolio_core::{Covariance, Matrix, TradingCost};
use walkfolio_optimize::{
    Constraints, Costs, Mandate, MaximumDiversification, MaximumSharpe, MeanVariance,
    MinimumVariance, Objective, RiskCap, RiskParity, Turnover,
};

use super::problem::folder;

struct Random {
    covariance: Covariance,
    mean: Vec<f64>,
    current: Vec<f64>,
    solutions: Value,
}

fn all() -> Vec<Random> {
    let Some(folder) = folder() else { return Vec::new() };
    let json = |file: &str| -> Vec<Value> {
        serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap()
    };
    let solutions = json("random20_solutions_PUBLIC.json");
    let inputs = json("random20_inputs_PUBLIC.json");
    inputs.iter().zip(solutions).map(|(input, solutions)| Random::of(input, solutions)).collect()
}

impl Random {
    fn of(input: &Value, solutions: Value) -> Self {
        assert_eq!(input["id"], solutions["id"]);
        let numbers = |value: &Value| serde_json::from_value::<Vec<f64>>(value.clone()).unwrap();
        let loadings: Vec<Vec<f64>> = serde_json::from_value(input["loadings"].clone()).unwrap();
        let (n, k) = (loadings.len(), loadings[0].len());
        let mut factors = Matrix::zeros(k, k);
        for (i, variance) in numbers(&input["factor_variances"]).into_iter().enumerate() {
            factors[(i, i)] = variance;
        }
        let loadings = Matrix::from_rows(n, k, loadings.concat());
        let specific = numbers(&input["residual_variances"]);
        let sum = (n * (n + 1) / 2) as f64;
        Self {
            covariance: Covariance::factor(loadings, factors, specific).unwrap(),
            mean: numbers(&input["mean"]),
            current: (0..n).map(|i| (n - i) as f64 / sum).collect(),
            solutions,
        }
    }

    fn check(&self, objective: impl Into<Objective>, constraints: Constraints, name: &str) {
        self.check_mandate(&Mandate::new(objective, constraints).unwrap(), name);
    }

    /// The value within 1e-8, weights within 1e-7 where they are determined that well.
    fn check_mandate(&self, mandate: &Mandate, name: &str) {
        let expected = &self.solutions[name];
        let value = expected["value"].as_f64().unwrap();
        let id = &self.solutions["id"];
        let found = mandate.solve().unwrap_or_else(|error| panic!("{id} {name}: {error}"));
        let objective = found.report.objective.unwrap();
        // The files state what is maximized.
        let off = (objective.abs() - value.abs()).abs() / value.abs();
        let weights: Vec<f64> = serde_json::from_value(expected["weights"].clone()).unwrap();
        let apart =
            found.weights.iter().zip(&weights).map(|(w, e)| (w - e).abs()).fold(0.0, f64::max);
        assert!(off <= 1e-9, "{id} {name}: {objective} {value}, {off:e}");
        assert!(apart <= 1e-7, "{id} {name}: {apart:e}");
    }

    fn long_only(&self) -> Constraints {
        Constraints::long_only(self.mean.len(), 1.0).unwrap()
    }

    fn mean_variance(&self, aversion: f64) -> MeanVariance {
        MeanVariance::new(self.mean.clone(), self.covariance.clone(), aversion).unwrap()
    }
}

#[test]
fn plain_objectives() {
    for random in all() {
        let covariance = || random.covariance.clone();
        let excess = random.mean.iter().map(|mean| mean - 0.02).collect();
        let sharpe = MaximumSharpe::new(excess, covariance()).unwrap();
        random.check(sharpe, random.long_only(), "max_sharpe_long_only_rf2_sharpe");
        let diversified = MaximumDiversification::new(covariance()).unwrap();
        random.check(diversified, random.long_only(), "max_diversification_long_only_ratio");
        let steadiest = MinimumVariance::new(covariance()).unwrap();
        random.check(steadiest, random.long_only(), "min_variance_long_only_variance");
        let name = "risk_parity_equal_volatility";
        let parity = RiskParity::equal(covariance()).unwrap();
        let weights = Mandate::new(parity, random.long_only()).unwrap().solve().unwrap().weights;
        let volatility = random.covariance.variance(&weights).sqrt();
        let value = random.solutions[name]["value"].as_f64().unwrap();
        assert!((volatility - value).abs() <= 1e-12 * value, "{volatility} {value}");
    }
}

#[test]
fn trades_and_risks() {
    for random in all() {
        let n = random.mean.len();
        let turnover = Turnover::new(random.current.clone(), 0.15).unwrap();
        let constraints = random.long_only().with(turnover).unwrap();
        random.check(
            random.mean_variance(5.0),
            constraints,
            "mean_variance_gamma5_turnover0.15_utility",
        );
        let rates = vec![TradingCost { linear: 0.012, impact: 0.1 }; n];
        let costs = Costs::new(random.current.clone(), rates, 1.0).unwrap();
        let mandate = Mandate::new(random.mean_variance(5.0), random.long_only()).unwrap();
        let mandate = mandate.with_costs(costs).unwrap();
        random.check_mandate(&mandate, "mean_variance_gamma5_linear0.012_impact0.1_objective");
        let equal = vec![1.0 / n as f64; n];
        let cap = RiskCap::tracking_error(random.covariance.clone(), equal, 0.03).unwrap();
        let constraints = random.long_only().with(cap).unwrap();
        random.check(
            random.mean_variance(0.0),
            constraints,
            "max_mean_tracking_error_0.03_from_equal_mean",
        );
    }
}
