//! What is wanted of a portfolio, in the field's words.

use walkfolio_core::number::shown;

use crate::constraint::Constraints;
use crate::objective::Objective;
use crate::quadratic::Quadratic;
use crate::{Error, Result};

/// An objective and the constraints under which it is to be reached.
///
/// Owning one proves that its parts are of the same assets and its numbers finite; whether a
/// portfolio satisfies the constraints is found by the solve.
///
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::{Mandate, Objective};
///
/// // Two assets; the benchmark is 60 % of the first and 40 % of the second.
/// let returns = Matrix::from_rows(3, 2, vec![0.01, 0.02, -0.01, 0.0, 0.03, 0.01]);
/// let benchmark = returns.times(&[0.6, 0.4]);
/// let objective = Objective::tracking_error(&returns, &benchmark)?;
/// let solution = Mandate::long_only(objective, 1.0)?.solve()?;
/// assert!((solution.weights[0] - 0.6).abs() < 1e-8);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Mandate {
    objective: Objective,
    constraints: Constraints,
    penalties: Penalties,
}

/// What large weights cost: `l1 ||w||_1 + l2 ||w||_2^2`, added to what is minimized and
/// subtracted from what is maximized.
///
/// # Shape and units
/// Both are at least 0, in the unit of the objective; an information ratio accepts neither.
/// # Source
/// Brodie, Daubechies, De Mol, Giannone & Loris (2009), Sparse and stable Markowitz portfolios.
/// # Examples
/// See [`Mandate::value`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Penalties {
    /// The L1 penalty: the price of `sum |w|`.
    ///
    /// Where no weight may be negative it is the same for every portfolio and selects nothing:
    /// [`Mandate::l1_is_constant`].
    pub l1: f64,
    /// The L2 penalty: the price of `sum w^2`.
    pub l2: f64,
}

impl Penalties {
    /// Whether large weights cost anything.
    pub fn any(&self) -> bool {
        self.l1 > 0.0 || self.l2 > 0.0
    }

    fn check(&self) -> Result<()> {
        for (name, value) in [("the l1 penalty", self.l1), ("the l2 penalty", self.l2)] {
            if !value.is_finite() || value < 0.0 {
                return Err(Error::Invalid(format!(
                    "{name} is {}; it must be at least 0",
                    shown(value)
                )));
            }
        }
        Ok(())
    }
}

impl Mandate {
    /// An objective under constraints, without penalties.
    ///
    /// # Errors
    /// [`Error::Invalid`] if they are of other numbers of assets.
    pub fn new(objective: impl Into<Objective>, constraints: Constraints) -> Result<Self> {
        let objective = objective.into();
        let (moments, bounds) = (objective.assets(), constraints.assets());
        if moments != bounds {
            let what = format!("moments of {moments} assets, bounds of {bounds}");
            return Err(Error::Invalid(what));
        }
        Ok(Self { objective, constraints, penalties: Penalties::default() })
    }

    /// An objective for fully invested portfolios without short positions, at most `cap` in one
    /// asset.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cap that is not finite.
    pub fn long_only(objective: impl Into<Objective>, cap: f64) -> Result<Self> {
        let objective = objective.into();
        let constraints = Constraints::long_only(objective.assets(), cap)?;
        Self::new(objective, constraints)
    }

    /// With penalties on large weights.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one below 0 or not finite.
    pub fn with_penalties(self, penalties: Penalties) -> Result<Self> {
        penalties.check()?;
        Ok(Self { penalties, ..self })
    }

    /// With other constraints.
    ///
    /// # Errors
    /// [`Error::Invalid`] if they are of another number of assets.
    pub fn with_constraints(self, constraints: Constraints) -> Result<Self> {
        let Self { objective, penalties, .. } = self;
        Ok(Self { penalties, ..Self::new(objective, constraints)? })
    }

    /// What is optimized.
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// What must hold.
    pub fn constraints(&self) -> &Constraints {
        &self.constraints
    }

    /// What large weights cost.
    pub fn penalties(&self) -> Penalties {
        self.penalties
    }

    /// The objective's value at a portfolio with its penalties, in its own sense and unit.
    ///
    /// # Panics
    /// If there is not one weight for each asset.
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{Constraints, Mandate, Objective, Penalties};
    ///
    /// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
    /// let objective = Objective::mean_variance(vec![0.10, 0.05], covariance, 2.0)?;
    /// let constraints = Constraints::between(vec![-1.0; 2], vec![2.0; 2])?;
    /// let mandate = Mandate::new(objective, constraints)?
    ///     .with_penalties(Penalties { l1: 0.01, l2: 0.1 })?;
    /// // 0.0925 - 0.125 of the objective, 0.01 * 2 and 0.1 * 2.5 of the penalties.
    /// assert!((mandate.value(&[1.5, -0.5]) - 0.2375).abs() < 1e-15);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn value(&self, w: &[f64]) -> f64 {
        let Penalties { l1, l2 } = self.penalties;
        let gross: f64 = w.iter().map(|w| w.abs()).sum();
        let squares: f64 = w.iter().map(|w| w * w).sum();
        let penalty = l1 * gross + l2 * squares;
        let value = self.objective.value(w);
        if self.objective.is_minimized() { value + penalty } else { value - penalty }
    }

    /// Whether `||w||_1` is the same for every portfolio of the mandate: the budget, where all
    /// weights have one sign. An l1 penalty then selects nothing.
    pub fn l1_is_constant(&self) -> bool {
        let (min, max) = (self.constraints.min(), self.constraints.max());
        min.iter().all(|min| *min >= 0.0) || max.iter().all(|max| *max <= 0.0)
    }

    /// Whether the l1 penalty tells portfolios apart.
    pub(crate) fn l1_acts(&self) -> bool {
        self.penalties.l1 > 0.0 && !self.l1_is_constant()
    }

    /// A bound with an l1 penalty that does not act, from one without.
    pub(crate) fn with_constant(&self, bound: f64) -> f64 {
        let constant = self.l1_constant();
        if self.objective.is_minimized() { bound + constant } else { bound - constant }
    }

    /// What an l1 penalty that does not act costs.
    fn l1_constant(&self) -> f64 {
        if self.l1_acts() { 0.0 } else { self.penalties.l1 * self.constraints.budget().abs() }
    }

    /// The objective with its l2 penalty, if it is quadratic; without an l1 penalty.
    pub(crate) fn quadratic(&self) -> Option<Quadratic<'_>> {
        let quadratic = self.objective.as_dyn().quadratic()?;
        Some(Quadratic { l2: self.penalties.l2, ..quadratic })
    }

    /// Whether any solver can reach the objective under these constraints and penalties.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what cannot be together.
    pub(crate) fn check_combination(&self) -> Result<()> {
        let alone = self.objective.as_dyn().without_penalties();
        if let Some(why) = alone.filter(|_| self.penalties.any()) {
            return Err(Error::Invalid(why.to_owned()));
        }
        if self.constraints.holdings().any() && self.l1_acts() {
            let what = "rules about holdings together with an l1 penalty where positions may be \
                        short: the search over holdings has no absolute values; leave out one of them";
            return Err(Error::Invalid(what.to_owned()));
        }
        Ok(())
    }
}
