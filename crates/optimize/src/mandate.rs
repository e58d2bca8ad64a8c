//! What is wanted of a portfolio, in the field's words.

use walkfolio_core::Covariance;

use crate::{Error, Result};

/// An objective and the constraints under which it is to be reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Mandate {
    /// What is to be made best.
    pub objective: Objective,
    /// What must hold.
    pub constraints: Constraints,
}

/// What is to be made best.
#[derive(Debug, Clone, PartialEq)]
pub enum Objective {
    /// Minimize `||R w - r_M||^2 = w'R'R w - 2 w'R'r_M + r_M'r_M`.
    TrackingError {
        /// `R'R`.
        second_moment: Covariance,
        /// `R'r_M`.
        cross: Vec<f64>,
        /// `r_M'r_M`.
        benchmark_square: f64,
    },
    /// Maximize `rho'w - lambda sqrt(w' Sigma w)`.
    ///
    /// `lambda` depends on the unit of the moments: the same number weighs `sqrt(periods)` times as
    /// much in daily units as in annual ones.
    RobustUtility {
        /// Expected returns `rho`.
        expected_returns: Vec<f64>,
        /// `Sigma`.
        covariance: Covariance,
        /// Aversion to risk, at least 0.
        lambda: f64,
    },
    /// Maximize `N(w) / max(TEV(w), f) - lambda sqrt(w' Sigma w)`, `TEV^2 = (w - e)'Sigma (w - e)`.
    ///
    /// Not concave: the answer is the global maximum, with a proven bound.
    InformationRatio {
        /// `N`: expected returns, or those above the benchmark's.
        numerator: Vec<f64>,
        /// `Sigma`.
        covariance: Covariance,
        /// `e`, the benchmark's weights.
        benchmark: Vec<f64>,
        /// `f`; 0 only where the benchmark cannot be held.
        tev_floor: f64,
        /// Aversion to risk, at least 0.
        lambda: f64,
    },
}

impl Objective {
    /// The objective's value at a portfolio, in its own sense and unit.
    pub fn value(&self, w: &[f64]) -> f64 {
        match self {
            Self::TrackingError { second_moment, cross, benchmark_square } => {
                second_moment.variance(w) - 2.0 * dot(cross, w) + benchmark_square
            }
            Self::RobustUtility { expected_returns, covariance, lambda } => {
                dot(expected_returns, w) - lambda * covariance.variance(w).sqrt()
            }
            Self::InformationRatio { numerator, covariance, benchmark, tev_floor, lambda } => {
                let active: Vec<f64> = w.iter().zip(benchmark).map(|(w, e)| w - e).collect();
                let tev = covariance.variance(&active).sqrt().max(*tev_floor);
                dot(numerator, w) / tev - lambda * covariance.variance(w).sqrt()
            }
        }
    }

    fn check(&self, n: usize) -> Result<()> {
        let (covariance, linear, lambda) = match self {
            Self::TrackingError { second_moment, cross, .. } => (second_moment, cross, 0.0),
            Self::RobustUtility { expected_returns, covariance, lambda } => {
                (covariance, expected_returns, *lambda)
            }
            Self::InformationRatio { numerator, covariance, lambda, .. } => {
                (covariance, numerator, *lambda)
            }
        };
        if let Self::InformationRatio { benchmark, tev_floor, .. } = self {
            if benchmark.len() != n {
                return invalid(format!(
                    "benchmark weights of {} assets, bounds of {n}",
                    benchmark.len()
                ));
            }
            if !(tev_floor.is_finite() && *tev_floor >= 0.0) {
                return invalid(format!("tev_floor is {tev_floor}; it must be at least 0"));
            }
        }
        if covariance.assets() != n || linear.len() != n {
            let (a, b) = (covariance.assets(), linear.len());
            return invalid(format!("moments of {a} and {b} assets, bounds of {n}"));
        }
        if !(lambda.is_finite() && lambda >= 0.0) {
            return invalid(format!("lambda is {lambda}; it must be at least 0"));
        }
        if linear.iter().any(|value| !value.is_finite()) {
            return invalid("an expected return or cross moment is not finite".to_owned());
        }
        Ok(())
    }
}

/// What a portfolio must satisfy.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraints {
    /// `sum w`.
    pub budget: f64,
    /// Least weight of each asset.
    pub min: Vec<f64>,
    /// Largest weight of each asset.
    pub max: Vec<f64>,
    /// The range of the portfolio's beta.
    pub beta: Option<LinearRange>,
    /// Largest `sum |w|`.
    pub gross_leverage: Option<f64>,
    /// How many assets are held, and how much of each at least.
    pub holdings: Holdings,
}

/// Rules about which weights are not zero, kept exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Holdings {
    /// At most so many.
    pub max: Option<usize>,
    /// At least so many.
    pub min: Option<usize>,
    /// Each is 0 or at least this, in absolute value.
    pub min_position: Option<f64>,
}

impl Holdings {
    /// Whether there is any rule.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }
}

/// `min <= a'w <= max`.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearRange {
    /// `a`.
    pub coefficients: Vec<f64>,
    /// Lower end.
    pub min: f64,
    /// Upper end; equal to the lower one for a fixed value.
    pub max: f64,
}

impl Constraints {
    /// Fully invested, no short positions, at most `cap` in one asset.
    pub fn long_only(assets: usize, cap: f64) -> Self {
        Self {
            budget: 1.0,
            min: vec![0.0; assets],
            max: vec![cap; assets],
            beta: None,
            gross_leverage: None,
            holdings: Holdings::default(),
        }
    }

    /// Number of assets.
    pub fn assets(&self) -> usize {
        self.min.len()
    }

    fn check(&self) -> Result<()> {
        let n = self.assets();
        if n == 0 || self.max.len() != n {
            return invalid(format!("{n} lower and {} upper bounds", self.max.len()));
        }
        let numbers = self.min.iter().chain(&self.max).chain([&self.budget]);
        if numbers.chain(&self.gross_leverage).any(|value| !value.is_finite()) {
            return invalid("a bound is not finite".to_owned());
        }
        if let Some(beta) = &self.beta {
            if beta.coefficients.len() != n {
                return invalid(format!("{} betas for {n} assets", beta.coefficients.len()));
            }
            if beta.coefficients.iter().any(|value| !value.is_finite()) {
                return invalid("a beta is not finite".to_owned());
            }
        }
        Ok(())
    }
}

impl Mandate {
    /// Checks sizes and values.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what is wrong.
    pub fn check(&self) -> Result<()> {
        self.constraints.check()?;
        self.objective.check(self.constraints.assets())
    }
}

fn invalid(what: String) -> Result<()> {
    Err(Error::Invalid(what))
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
