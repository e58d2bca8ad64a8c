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
    /// What large weights cost.
    pub penalties: Penalties,
}

/// What large weights cost: `l1 ||w||_1 + l2 ||w||_2^2`, added to what is minimized and
/// subtracted from what is maximized.
///
/// # Shape and units
/// Both are at least 0, in the unit of the objective; an information ratio takes neither.
/// # Source
/// Brodie, Daubechies, De Mol, Giannone & Loris (2009), Sparse and stable Markowitz portfolios.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Penalties {
    /// The price of gross exposure `sum |w|`.
    ///
    /// Where no weight may be negative it is the same for every portfolio and selects nothing:
    /// [`Mandate::l1_is_constant`].
    pub l1: f64,
    /// The price of concentration `sum w^2`.
    pub l2: f64,
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
    /// Minimize `risk_aversion / 2 w' Sigma w - mu'w`.
    ///
    /// # Source
    /// Markowitz (1952), Portfolio selection.
    MeanVariance {
        /// Expected returns `mu`.
        expected_returns: Vec<f64>,
        /// `Sigma`, in the unit of time of `mu`.
        covariance: Covariance,
        /// Aversion to risk, at least 0: without it the program is a linear one.
        risk_aversion: f64,
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
    /// Whether smaller is better.
    pub fn is_minimized(&self) -> bool {
        matches!(self, Self::TrackingError { .. } | Self::MeanVariance { .. })
    }

    /// The objective's value at a portfolio, in its own sense and unit, without penalties.
    pub fn value(&self, w: &[f64]) -> f64 {
        match self {
            Self::TrackingError { second_moment, cross, benchmark_square } => {
                second_moment.variance(w) - 2.0 * dot(cross, w) + benchmark_square
            }
            Self::MeanVariance { expected_returns, covariance, risk_aversion } => {
                0.5 * risk_aversion * covariance.variance(w) - dot(expected_returns, w)
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

    /// The covariance or second moment, the linear term, and the aversion to risk with its name.
    pub(crate) fn parts(&self) -> (&Covariance, &[f64], (&'static str, f64)) {
        match self {
            Self::TrackingError { second_moment, cross, .. } => {
                (second_moment, cross, ("lambda", 0.0))
            }
            Self::MeanVariance { expected_returns, covariance, risk_aversion } => {
                (covariance, expected_returns, ("risk_aversion", *risk_aversion))
            }
            Self::RobustUtility { expected_returns, covariance, lambda } => {
                (covariance, expected_returns, ("lambda", *lambda))
            }
            Self::InformationRatio { numerator, covariance, lambda, .. } => {
                (covariance, numerator, ("lambda", *lambda))
            }
        }
    }

    fn check(&self, n: usize) -> Result<()> {
        let (covariance, linear, (name, aversion)) = self.parts();
        if let Self::InformationRatio { benchmark, tev_floor, .. } = self {
            if benchmark.len() != n {
                return invalid(format!(
                    "benchmark weights of {} assets, bounds of {n}",
                    benchmark.len()
                ));
            }
            at_least_zero("tev_floor", *tev_floor)?;
        }
        if covariance.assets() != n || linear.len() != n {
            let (a, b) = (covariance.assets(), linear.len());
            return invalid(format!("moments of {a} and {b} assets, bounds of {n}"));
        }
        at_least_zero(name, aversion)?;
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
    /// The objective's value at a portfolio with its penalties, in its own sense and unit.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{Constraints, Mandate, Objective, Penalties};
    ///
    /// let mandate = Mandate {
    ///     objective: Objective::MeanVariance {
    ///         expected_returns: vec![0.10, 0.05],
    ///         covariance: Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?,
    ///         risk_aversion: 2.0,
    ///     },
    ///     constraints: Constraints { min: vec![-1.0; 2], ..Constraints::long_only(2, 2.0) },
    ///     penalties: Penalties { l1: 0.01, l2: 0.1 },
    /// };
    /// // 0.0925 - 0.125 of the objective, 0.01 * 2 and 0.1 * 2.5 of the penalties.
    /// assert!((mandate.value(&[1.5, -0.5]) - 0.2375).abs() < 1e-15);
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
        let Constraints { min, max, .. } = &self.constraints;
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
    pub(crate) fn l1_constant(&self) -> f64 {
        if self.l1_acts() { 0.0 } else { self.penalties.l1 * self.constraints.budget.abs() }
    }

    /// Checks sizes and values.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what is wrong.
    pub fn check(&self) -> Result<()> {
        self.constraints.check()?;
        self.objective.check(self.constraints.assets())?;
        self.check_penalties()
    }

    fn check_penalties(&self) -> Result<()> {
        let Penalties { l1, l2 } = self.penalties;
        at_least_zero("the l1 penalty", l1)?;
        at_least_zero("the l2 penalty", l2)?;
        let ratio = matches!(self.objective, Objective::InformationRatio { .. });
        if ratio && (l1 > 0.0 || l2 > 0.0) {
            let what = "an information ratio takes no l1 or l2 penalty: \
                        its global maximum is proven for the ratio alone";
            return invalid(what.to_owned());
        }
        if self.constraints.holdings.any() && self.l1_acts() {
            let what = "rules about holdings together with an l1 penalty where positions may be \
                        short: the search over holdings has no absolute values; leave out one of them";
            return invalid(what.to_owned());
        }
        Ok(())
    }
}

fn at_least_zero(name: &str, value: f64) -> Result<()> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        invalid(format!("{name} is {value}; it must be at least 0"))
    }
}

fn invalid(what: String) -> Result<()> {
    Err(Error::Invalid(what))
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
