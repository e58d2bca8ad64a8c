//! A mandate whose parts are changed one by one before it is made.

#![allow(dead_code)] // each test uses a part

use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{
    Beta, Constraints, GrossLeverage, Holdings, InformationRatio, Mandate, Objective, Penalties,
    Result, TrackingError,
};

#[derive(Debug, Clone)]
pub enum Aim {
    TrackingError { second_moment: Matrix, cross: Vec<f64>, benchmark_square: f64 },
    MeanVariance { expected_returns: Vec<f64>, covariance: Covariance, risk_aversion: f64 },
    RobustUtility { expected_returns: Vec<f64>, covariance: Covariance, lambda: f64 },
    InformationRatio { numerator: Vec<f64>, covariance: Covariance, benchmark: Vec<f64> },
}

#[derive(Debug, Clone)]
pub struct Draft {
    pub objective: Aim,
    pub budget: f64,
    pub min: Vec<f64>,
    pub max: Vec<f64>,
    /// Coefficients, least and largest value.
    pub beta: Option<(Vec<f64>, f64, f64)>,
    pub gross_leverage: Option<f64>,
    pub holdings: Holdings,
    pub penalties: Penalties,
}

impl Draft {
    pub fn long_only(objective: Aim, n: usize, cap: f64) -> Self {
        Self {
            objective,
            budget: 1.0,
            min: vec![0.0; n],
            max: vec![cap; n],
            beta: None,
            gross_leverage: None,
            holdings: Holdings::default(),
            penalties: Penalties::default(),
        }
    }

    pub fn objective(&self) -> Result<Objective> {
        match self.objective.clone() {
            Aim::TrackingError { second_moment, cross, benchmark_square } => {
                let second_moment = Covariance::dense(second_moment)?;
                Ok(TrackingError::from_moments(second_moment, cross, benchmark_square)?.into())
            }
            Aim::MeanVariance { expected_returns, covariance, risk_aversion } => {
                Objective::mean_variance(expected_returns, covariance, risk_aversion)
            }
            Aim::RobustUtility { expected_returns, covariance, lambda } => {
                Objective::robust_utility(expected_returns, covariance, lambda)
            }
            Aim::InformationRatio { numerator, covariance, benchmark } => {
                let ratio = InformationRatio::new(numerator, covariance, benchmark)?;
                Ok(ratio.with_tev_floor(0.02)?.with_lambda(0.1)?.into())
            }
        }
    }

    pub fn constraints(&self) -> Result<Constraints> {
        let mut constraints = Constraints::between(self.min.clone(), self.max.clone())?
            .with_bounds_named("bounds.min", "bounds.max")
            .with_budget(self.budget)?;
        if let Some((coefficients, min, max)) = self.beta.clone() {
            constraints = constraints.with(Beta::new(coefficients, min, max)?)?;
        }
        if let Some(gross) = self.gross_leverage {
            constraints = constraints.with(GrossLeverage::new(gross)?.named("gross_leverage"))?;
        }
        constraints.with(self.holdings)
    }

    pub fn made(&self) -> Result<Mandate> {
        Mandate::new(self.objective()?, self.constraints()?)?.with_penalties(self.penalties)
    }

    pub fn mandate(&self) -> Mandate {
        self.made().unwrap()
    }

    pub fn value(&self, w: &[f64]) -> f64 {
        self.mandate().value(w)
    }

    pub fn is_minimized(&self) -> bool {
        matches!(self.objective, Aim::TrackingError { .. } | Aim::MeanVariance { .. })
    }
}
