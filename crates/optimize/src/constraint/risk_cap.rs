//! How risky a portfolio may be, alone or against a benchmark.

use walkfolio_core::{Covariance, Root};

use super::part::Limits;
use super::rule::{Deviation, Rule, above, finite, up};
use crate::cone::program::Program;
use crate::{Error, Result};

/// `sqrt((w - b)' Sigma (w - b)) <= max`: of the volatility, where `b` is 0, or of the tracking error against a
/// benchmark's weights or its returns.
///
/// # Shape and units
/// The limit is in the unit of time of the covariance: of a year, if that is annual.
/// # Source
/// Roll (1992), A mean/variance analysis of tracking error; Jorion (2003), Portfolio optimization with
/// tracking-error constraints.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Constraints, RiskCap};
///
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let constraints = Constraints::long_only(2, 1.0)?.with(RiskCap::volatility(covariance, 0.15)?)?;
/// assert!((constraints.violation(&[1.0, 0.0]) - 0.05).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RiskCap {
    name: String,
    covariance: Covariance,
    root: Root,
    /// What the weights are compared with: one value for each row of the covariance, beyond the assets for
    /// the benchmark itself.
    from: Vec<f64>,
    assets: usize,
    max: f64,
}

impl RiskCap {
    /// Of the volatility.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a limit that is not at least 0, [`Error::Core`] for a covariance with a negative
    /// eigenvalue.
    pub fn volatility(covariance: Covariance, max: f64) -> Result<Self> {
        let from = vec![0.0; covariance.assets()];
        Self::made("volatility", covariance, (from, None), max)
    }

    /// Of the tracking error against a benchmark of some weights.
    ///
    /// # Errors
    /// As [`volatility`](Self::volatility), and [`Error::Invalid`] unless there is a weight for each asset.
    pub fn tracking_error(covariance: Covariance, benchmark: Vec<f64>, max: f64) -> Result<Self> {
        Self::made("tracking error", covariance, (benchmark, None), max)
    }

    /// Of the tracking error against a benchmark's returns: the covariance has those in its last row.
    ///
    /// # Errors
    /// As [`volatility`](Self::volatility), and [`Error::Invalid`] for a covariance of the benchmark alone.
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{Constraints, RiskCap};
    ///
    /// // One asset of 20 % volatility; the benchmark has 15 %, and they are independent.
    /// let joint = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.0225]))?;
    /// let cap = RiskCap::tracking_error_of_returns(joint, 0.2)?;
    /// let constraints = Constraints::long_only(1, 1.0)?.with(cap)?;
    /// assert!((constraints.violation(&[1.0]) - 0.05).abs() < 1e-15);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn tracking_error_of_returns(joint: Covariance, max: f64) -> Result<Self> {
        let Some(assets) = joint.assets().checked_sub(1).filter(|assets| *assets > 0) else {
            return Err(Error::Invalid("a joint covariance of the benchmark alone".to_owned()));
        };
        let mut from = vec![0.0; assets];
        from.push(1.0);
        Self::made("tracking error", joint, (from, Some(assets)), max)
    }

    fn made(
        name: &str,
        covariance: Covariance,
        (from, assets): (Vec<f64>, Option<usize>),
        max: f64,
    ) -> Result<Self> {
        finite("benchmark weight", &from)?;
        let (rows, weights) = (covariance.assets(), from.len());
        if rows != weights {
            let what = format!("{weights} benchmark weights, a covariance of {rows} assets");
            return Err(Error::Invalid(what));
        }
        if !(max.is_finite() && max >= 0.0) {
            return Err(Error::Invalid(format!("the {name} is limited to {max}")));
        }
        let root = covariance.root()?;
        let assets = assets.unwrap_or(rows);
        Ok(Self { name: name.to_owned(), covariance, root, from, assets, max })
    }

    /// Called so in messages.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    fn parts(&self) -> Deviation<'_> {
        let Self { covariance, root, from, max, .. } = self;
        Deviation { covariance, root, from, max: *max }
    }
}

impl Rule for RiskCap {
    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self, assets: usize) -> Result<()> {
        let of = self.assets;
        if of == assets {
            Ok(())
        } else {
            Err(Error::Invalid(format!("the {} of {of} assets for {assets}", self.name)))
        }
    }

    fn deviation(&self) -> Option<Deviation<'_>> {
        Some(self.parts())
    }

    fn violation(&self, w: &[f64]) -> f64 {
        self.parts().of(w) - self.max
    }

    fn words(&self) -> String {
        format!("{} {}", self.name, self.max)
    }

    /// The least risk.
    fn stretch(&self, program: &mut Program) -> bool {
        let sigma = program.add_variables(1);
        program.linear[sigma] = 1.0;
        self.parts().cone(program, Some(sigma));
        true
    }

    fn needed(&self, x: &[f64], added: usize) -> Limits {
        Limits { min: None, max: Some(x[added]) }
    }

    fn widen(&mut self, limits: Limits) {
        if let Some(max) = limits.max {
            self.max = above(max);
        }
    }

    fn advice(&self, limits: Limits) -> String {
        format!("raise {} to at least {}", self.name, up(limits.max.unwrap_or_default()))
    }
}
