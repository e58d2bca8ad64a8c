//! Every asset carries its share of the risk.

use walkfolio_core::Covariance;
use walkfolio_core::linear::dot;

use super::form::{Form, Kernel, same_assets, with_risk};
use crate::cone::program::{Cone, Program};
use crate::quadratic::{Linear, Quadratic};
use crate::{Error, Result};

/// The long portfolio in which asset `i` carries the share `b_i` of the risk:
/// `w_i (Sigma w)_i = b_i w' Sigma w`.
///
/// It is the only one, and minimizes `ln(w' Sigma w) / 2 - sum b_i ln w_i`; under constraints that exclude it
/// the portfolio that minimizes this among those that satisfy them is taken. An asset with a budget of 0 is
/// not held.
///
/// # Shape and units
/// `Sigma` is `N x N` in any unit of time; `b` are `N` shares of the risk that are scaled to sum to 1. The
/// value is a logarithm without unit and the same for every multiple of a portfolio.
/// # Source
/// Maillard, Roncalli & Teiletche (2010), The properties of equally weighted risk contribution portfolios;
/// Spinu (2013), An algorithm for computing risk parity weights.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Mandate, RiskParity};
///
/// // Volatilities of 20 % and 10 %: for two assets weights in proportion to 1 / volatility.
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.01, 0.01, 0.01]))?;
/// let objective = RiskParity::equal(covariance.clone())?;
/// let weights = Mandate::long_only(objective, 1.0)?.solve()?.weights;
/// assert!((weights[0] - 1.0 / 3.0).abs() < 1e-14);
/// // A quarter of the risk in the first.
/// let objective = RiskParity::new(covariance.clone(), &[1.0, 3.0])?;
/// let weights = Mandate::long_only(objective, 1.0)?.solve()?.weights;
/// let share = weights[0] * covariance.times(&weights)[0] / covariance.variance(&weights);
/// assert!((share - 0.25).abs() < 1e-12);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RiskParity {
    covariance: Covariance,
    /// They sum to 1.
    budgets: Vec<f64>,
    zeros: Vec<f64>,
}

impl RiskParity {
    /// With the same share of risk for every asset.
    ///
    /// # Errors
    /// As [`RiskParity::new`].
    pub fn equal(covariance: Covariance) -> Result<Self> {
        let n = covariance.assets();
        Self::new(covariance, &vec![1.0; n])
    }

    /// With shares of risk in proportion to some budgets.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless there is a finite budget of at least 0 for each asset and one above 0;
    /// [`Error::NoRisk`] if an asset has no variance.
    pub fn new(covariance: Covariance, budgets: &[f64]) -> Result<Self> {
        same_assets(&covariance, budgets)?;
        let sum: f64 = budgets.iter().sum();
        if budgets.iter().any(|b| *b < 0.0) || sum <= 0.0 {
            let what = "budgets of risk must be at least 0, and one above 0";
            return Err(Error::Invalid(what.to_owned()));
        }
        with_risk(&covariance.diagonal())?;
        let zeros = vec![0.0; budgets.len()];
        Ok(Self { covariance, budgets: budgets.iter().map(|b| b / sum).collect(), zeros })
    }

    /// The shares of risk that are aimed at; they sum to 1.
    pub fn budgets(&self) -> &[f64] {
        &self.budgets
    }
}

/// `sum b_i ln w_i` over budgets above 0; no number for a weight that is not above 0.
fn logarithms(budgets: &[f64], w: &[f64]) -> f64 {
    let used = budgets.iter().zip(w).filter(|(b, _)| **b > 0.0);
    used.map(|(b, w)| if *w > 0.0 { b * libm::log(*w) } else { f64::NEG_INFINITY }).sum()
}

impl Form for RiskParity {
    fn assets(&self) -> usize {
        self.budgets.len()
    }

    fn is_minimized(&self) -> bool {
        true
    }

    fn value(&self, w: &[f64]) -> f64 {
        0.5 * libm::log(self.covariance.variance(w)) - logarithms(&self.budgets, w)
    }

    fn kernel(&self) -> Option<Kernel<'_>> {
        let (covariance, budgets) = (&self.covariance, &self.budgets[..]);
        Some(Kernel::RiskParity { covariance, budgets })
    }

    fn is_scale_free(&self) -> bool {
        true
    }

    /// Half of the variance over that of a typical asset.
    fn cone(&self, program: &mut Program, _: f64) -> Result<()> {
        let (covariance, linear) = (&self.covariance, Linear { values: &self.zeros, times: 1.0 });
        program.minimize(&Quadratic { covariance, factor: 0.5, l2: 0.0, linear, constant: 0.0 })
    }

    /// `min y' Sigma y / (2 v) - sum b_i ln y_i`, where `v` is half of the scale: at the best multiple the first
    /// term is 1/2, which leaves the value with an offset.
    fn fix_scale(&self, program: &mut Program) {
        for (i, budget) in self.budgets.iter().enumerate() {
            if *budget > 0.0 {
                let t = program.add_variables(1);
                program.linear[t] = -budget;
                program.logarithm(t, i);
            } else {
                let start = program.rhs.len();
                program.row([(i, 1.0)], 0.0);
                program.close(start, Cone::Zero);
            }
        }
        program.offset = 0.5 * libm::log(program.scale) - 0.5;
        program.scale = 1.0;
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some("risk parity has no penalties and no costs: it depends on shares of risk alone")
    }

    fn is_snapped(&self) -> bool {
        false
    }
}

/// How much of the risk each asset carries: `w_i (Sigma w)_i / w' Sigma w`.
///
/// # Shape and units
/// `w` has `N` weights; the shares sum to 1.
/// # Panics
/// Unless there is a weight for each asset: a fault of the caller.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::risk_shares;
///
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let shares = risk_shares(&covariance, &[0.5, 0.5]);
/// assert!((shares[0] - 0.8).abs() < 1e-15);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
pub fn risk_shares(covariance: &Covariance, w: &[f64]) -> Vec<f64> {
    let product = covariance.times(w);
    let variance = dot(&product, w);
    product.iter().zip(w).map(|(s, w)| s * w / variance).collect()
}
