//! Return for each unit of tracking error.

use walkfolio_core::Covariance;
use walkfolio_core::linear::dot;

use super::form::{Form, Kernel, at_least_zero, same_assets};
use crate::cone::program::Program;
use crate::{Error, Result};

/// Maximize `N(w) / max(TEV(w), f) - lambda sqrt(w' Sigma w)`, `TEV^2 = (w - e)'Sigma (w - e)`.
///
/// Not concave: the solution is the global maximum, with a proven bound.
///
/// # Shape and units
/// `N` has the expected returns of `N` assets, or those above the benchmark's; `Sigma` is `N x N`,
/// `e` the benchmark's `N` weights. All moments refer to the same unit of time, and so does the
/// ratio.
/// # Source
/// Charnes & Cooper (1962), Programming with linear fractional functionals; Grinold & Kahn (2000),
/// Active Portfolio Management, ch. 5.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{InformationRatio, Objective};
///
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.09]))?;
/// let ratio = InformationRatio::new(vec![0.1, 0.05], covariance, vec![0.0, 0.0])?;
/// // 0.1 / 0.2
/// assert!((Objective::from(ratio).value(&[1.0, 0.0]) - 0.5).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct InformationRatio {
    numerator: Vec<f64>,
    covariance: Covariance,
    benchmark: Vec<f64>,
    tev_floor: f64,
    lambda: f64,
}

impl InformationRatio {
    /// From moments and the benchmark's weights, without a floor and without aversion to risk.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless sizes agree and values are finite.
    pub fn new(numerator: Vec<f64>, covariance: Covariance, benchmark: Vec<f64>) -> Result<Self> {
        if benchmark.len() != numerator.len() {
            return Err(Error::Invalid(format!(
                "benchmark weights of {} assets, moments of {}",
                benchmark.len(),
                numerator.len()
            )));
        }
        same_assets(&covariance, &numerator)?;
        if benchmark.iter().any(|weight| !weight.is_finite()) {
            return Err(Error::Invalid("a benchmark weight is not finite".to_owned()));
        }
        Ok(Self { numerator, covariance, benchmark, tev_floor: 0.0, lambda: 0.0 })
    }

    /// With tracking errors below `floor` counted as `floor`; 0 only where the benchmark cannot be
    /// held.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a floor below 0.
    pub fn with_tev_floor(self, floor: f64) -> Result<Self> {
        at_least_zero("tev_floor", floor)?;
        Ok(Self { tev_floor: floor, ..self })
    }

    /// With an aversion to risk.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one below 0.
    pub fn with_lambda(self, lambda: f64) -> Result<Self> {
        at_least_zero("lambda", lambda)?;
        Ok(Self { lambda, ..self })
    }
}

impl Form for InformationRatio {
    fn assets(&self) -> usize {
        self.numerator.len()
    }

    fn is_minimized(&self) -> bool {
        false
    }

    fn value(&self, w: &[f64]) -> f64 {
        let active: Vec<f64> = w.iter().zip(&self.benchmark).map(|(w, e)| w - e).collect();
        let tev = self.covariance.variance(&active).sqrt().max(self.tev_floor);
        dot(&self.numerator, w) / tev - self.lambda * self.covariance.variance(w).sqrt()
    }

    fn kernel(&self) -> Option<Kernel<'_>> {
        Some(Kernel::Ratio {
            numerator: &self.numerator,
            covariance: &self.covariance,
            benchmark: &self.benchmark,
            floor: self.tev_floor,
            lambda: self.lambda,
        })
    }

    fn is_cone(&self) -> bool {
        false
    }

    fn cone(&self, _: &mut Program, _: f64) -> Result<()> {
        let what = "an information ratio is no cone program; it requires the kernel solver";
        Err(Error::Invalid(what.to_owned()))
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some(
            "an information ratio takes no l1 or l2 penalty: \
             its global maximum is proven for the ratio alone",
        )
    }
}
