//! What is wanted of a portfolio, in the field's words.

use walkfolio_core::number::shown;

use crate::constraint::{Constraint, Constraints};
use crate::cost::Costs;
use crate::objective::form::PerRisk;
use crate::objective::{Ensemble, Nearest, Objective, RobustUtility};
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
    costs: Option<Costs>,
    near: Option<Vec<f64>>,
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
        Ok(Self {
            objective,
            constraints,
            penalties: Penalties::default(),
            costs: None,
            near: None,
        })
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
        let Self { objective, penalties, costs, near, .. } = self;
        Ok(Self { penalties, costs, near, ..Self::new(objective, constraints)? })
    }

    /// With another objective.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is of another number of assets.
    pub(crate) fn with_objective(self, objective: impl Into<Objective>) -> Result<Self> {
        let objective = Self::new(objective, self.constraints.clone())?.objective;
        Ok(Self { objective, ..self })
    }

    /// With costs of trading.
    ///
    /// # Errors
    /// [`Error::Invalid`] if they are of another number of assets.
    pub fn with_costs(self, costs: Costs) -> Result<Self> {
        let (held, n) = (costs.current().len(), self.constraints.assets());
        if held != n {
            return Err(Error::Invalid(format!("costs of {held} assets, bounds of {n}")));
        }
        Ok(Self { costs: Some(costs), ..self })
    }

    /// With current holdings: where the moments of a quadratic objective leave many portfolios as good, as
    /// fewer returns than assets do, the one nearest to them is taken, and without them the one nearest to
    /// equal weights.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless there is a finite weight for each asset.
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{Mandate, TrackingError};
    ///
    /// // One return, on which the assets agree with each other and with the benchmark.
    /// let window = Covariance::window(Matrix::from_rows(1, 2, vec![0.01, 0.01]))?;
    /// let tracking = TrackingError::from_moments(window, vec![1e-4, 1e-4], 1e-4)?;
    /// let mandate = Mandate::long_only(tracking, 1.0)?.near_to(vec![0.3, 0.7])?;
    /// assert!((mandate.solve()?.weights[0] - 0.3).abs() < 1e-9);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn near_to(mut self, holdings: Vec<f64>) -> Result<Self> {
        let n = self.constraints.assets();
        if holdings.len() != n || holdings.iter().any(|w| !w.is_finite()) {
            let found = holdings.len();
            return Err(Error::Invalid(format!("{found} current holdings of {n} assets")));
        }
        self.near = Some(holdings);
        Ok(self)
    }

    /// Current holdings, if they were given.
    pub(crate) fn near(&self) -> Option<&[f64]> {
        self.near.as_deref()
    }

    /// The portfolio to be nearest to.
    pub(crate) fn nearest_to(&self) -> Vec<f64> {
        let n = self.constraints.assets();
        let equal = || vec![self.constraints.budget() / n as f64; n];
        self.near.clone().unwrap_or_else(equal)
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

    /// What trading costs, if anything.
    pub fn costs(&self) -> Option<&Costs> {
        self.costs.as_ref()
    }

    /// The objective's value at a portfolio with its penalties and costs of trading, in its own sense and unit.
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
        let costs = self.costs.as_ref().map_or(0.0, |costs| costs.charged(w));
        let penalty = l1 * gross + l2 * squares + costs;
        let value = self.objective.value(w);
        if self.objective.is_minimized() { value + penalty } else { value - penalty }
    }

    /// Of an objective that is a ratio of gain and risk, `max gain'w - ratio sqrt(w' Sigma w)` under the same
    /// constraints: its value is 0 if `ratio` is the largest ratio, and above 0 if there is a larger one. None of
    /// another objective.
    ///
    /// # Source
    /// Dinkelbach (1967), On nonlinear fractional programming.
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{Mandate, MaximumSharpe};
    ///
    /// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
    /// let sharpe = MaximumSharpe::new(vec![0.08, 0.03], covariance)?;
    /// let at_largest = Mandate::long_only(sharpe, 1.0)?.at_ratio(0.5).unwrap();
    /// assert!(at_largest.solve()?.report.objective.unwrap().abs() < 1e-9);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn at_ratio(&self, ratio: f64) -> Option<Self> {
        let PerRisk { gain, covariance, .. } = self.objective.as_dyn().per_risk()?;
        let utility = RobustUtility::new(gain.to_vec(), covariance.clone(), ratio).ok()?;
        Self::new(utility, self.constraints.clone()).ok()
    }

    /// Of an ensemble, the mandates of its members under the same constraints, each with its share of the mean; none
    /// of another objective.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a constraint of a member's own is of other assets.
    /// # Examples
    /// ```
    /// use walkfolio_optimize::{Ensemble, EqualWeight, Mandate, Nearest};
    ///
    /// let (equal, near) = (EqualWeight::new(2)?, Nearest::new(vec![0.9, 0.1])?);
    /// let ensemble = Ensemble::new(vec![(equal.into(), 1.0), (near.into(), 3.0)])?;
    /// let members = Mandate::long_only(ensemble, 1.0)?.members()?;
    /// assert_eq!((members.len(), members[1].1), (2, 0.75));
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn members(&self) -> Result<Vec<(Self, f64)>> {
        let ensemble = self.objective.as_ensemble();
        let members = ensemble.into_iter().flat_map(Ensemble::members);
        let with = |(objective, share, own): (&Objective, f64, Vec<&Constraint>)| {
            let mut member = self.clone().with_objective(objective.clone())?;
            for constraint in own {
                member.constraints = member.constraints.with(constraint.clone())?;
            }
            Ok((member, share))
        };
        members.map(with).collect()
    }

    /// Of an objective that is one portfolio ([`Error::Excluded`] where the constraints do not allow it), the problem
    /// of the nearest portfolio that they allow; an ensemble has the nearest portfolio in the place of each such
    /// member. None of another objective.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the portfolio is not finite.
    /// # Examples
    /// ```
    /// use walkfolio_optimize::{Constraints, EqualWeight, Error, Mandate};
    ///
    /// // At most 40 % of the first of two assets: 50 % is too much.
    /// let constraints = Constraints::between(vec![0.0; 2], vec![0.4, 1.0])?;
    /// let mandate = Mandate::new(EqualWeight::new(2)?, constraints)?;
    /// assert!(matches!(mandate.solve(), Err(Error::Excluded { .. })));
    /// let nearest = mandate.nearest()?.unwrap().solve()?.weights;
    /// assert!((nearest[0] - 0.4).abs() < 1e-9);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn nearest(&self) -> Result<Option<Self>> {
        let budget = self.constraints.budget();
        if let Some(given) = self.objective.as_dyn().given() {
            let constraints = self.constraints.clone().without_holdings();
            return Self::new(Nearest::new(given.times(budget))?, constraints).map(Some);
        }
        let Some(ensemble) = self.objective.as_ensemble() else { return Ok(None) };
        let ensemble = ensemble.clone().with_nearest(|given| Nearest::new(given.times(budget)))?;
        self.clone().with_objective(ensemble).map(Some)
    }

    /// Whether `||w||_1` is the same for every portfolio of the mandate: the budget, where all
    /// weights have one sign. An l1 penalty then selects nothing.
    pub fn l1_is_constant(&self) -> bool {
        if self.constraints.has_open_sum() {
            return false;
        }
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

    /// Whether trades or risks are limited, trades cost anything, or the sum of the weights is open.
    pub(crate) fn is_limited(&self) -> bool {
        let constraints = &self.constraints;
        !self.kept_at().is_empty()
            || constraints.deviations().next().is_some()
            || constraints.has_open_sum()
    }

    /// Current holdings that trading from them, or a limit of it, makes a place for a weight to stay.
    pub(crate) fn kept_at(&self) -> Vec<&[f64]> {
        let limits = self.constraints.absolutes();
        let mut all: Vec<&[f64]> = limits.iter().filter_map(|limit| limit.from).collect();
        all.extend(self.costs.iter().map(Costs::current));
        all.dedup();
        all
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
        if let Some(why) = alone.filter(|_| self.costs.is_some()) {
            let what = if self.objective.as_dyn().per_risk().is_some() {
                "costs of trading together with an objective that is a ratio: a cost is no part of \
                 it; limit the turnover instead"
            } else {
                why
            };
            return Err(Error::Invalid(what.to_owned()));
        }
        if self.constraints.has_open_sum() {
            let objective = self.objective.as_dyn();
            if objective.is_scale_free() || objective.given().is_some() {
                return Err(Error::NoSize);
            }
            if self.constraints.holdings().any() {
                let what = "rules about holdings together with a range of the sum of weights: the search \
                            over holdings has one sum; leave out one of them";
                return Err(Error::Invalid(what.to_owned()));
            }
        }
        if self.constraints.holdings().any() && self.objective.as_ensemble().is_some() {
            let what = "rules about holdings together with an ensemble: the mean of portfolios of few \
                        assets holds more; leave out one of them";
            return Err(Error::Invalid(what.to_owned()));
        }
        if self.constraints.holdings().any() && self.l1_acts() {
            let what = "rules about holdings together with an l1 penalty where positions may be \
                        short: the search over holdings has no absolute values; leave out one of them";
            return Err(Error::Invalid(what.to_owned()));
        }
        Ok(())
    }
}
