//! What an objective is to the solvers.

use walkfolio_core::Covariance;
use walkfolio_core::linear::{dot, max_abs};
use walkfolio_core::number::shown;

use super::given::Given;
use super::tail::Tail;
use crate::cone::program::{Cone, Program};
use crate::quadratic::{Linear, Quadratic};
use crate::{Error, Result};

/// What the solvers, bounds and reports ask of an objective.
///
/// One that is quadratic needs `quadratic` alone: its cone and kernel forms follow.
pub(crate) trait Form {
    /// Number of assets.
    fn assets(&self) -> usize;

    /// Whether smaller is better.
    fn is_minimized(&self) -> bool;

    /// The value at a portfolio, in its own sense and unit.
    fn value(&self, w: &[f64]) -> f64;

    /// The quadratic form without penalties, if it has one.
    fn quadratic(&self) -> Option<Quadratic<'_>> {
        None
    }

    /// The form that the kernel solves, if it has one.
    fn kernel(&self) -> Option<Kernel<'_>> {
        self.quadratic().map(|_| Kernel::Quadratic)
    }

    /// The gain for each unit of risk that it maximizes, if it is such a ratio.
    fn per_risk(&self) -> Option<PerRisk<'_>> {
        None
    }

    /// The portfolio that it is, whatever the constraints are, if it is one.
    fn given(&self) -> Option<&Given> {
        None
    }

    /// Whether it depends on proportions of weights alone: it does not say how much to invest, and its cone
    /// program is one over a multiple of the weights.
    fn is_scale_free(&self) -> bool {
        self.per_risk().is_some()
    }

    /// Adds to a program over a multiple of the weights what says which multiple.
    fn fix_scale(&self, program: &mut Program) {
        if let Some(PerRisk { gain, .. }) = self.per_risk() {
            let start = program.rhs.len();
            let largest = max_abs(gain);
            program.row(gain.iter().map(|gain| gain / largest).enumerate(), 1.0);
            program.close(start, Cone::Zero);
        }
    }

    /// Whether what a solver cannot tell from 0 or a bound is there.
    fn is_snapped(&self) -> bool {
        true
    }

    /// The tail of losses that it is made of, if it is one.
    fn tail(&self) -> Option<Tailed<'_>> {
        None
    }

    /// Whether it is a cone program.
    fn is_cone(&self) -> bool {
        true
    }

    /// Adds it to a cone program over the weights, with a price `l2` of `sum w^2`.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is no cone program.
    fn cone(&self, program: &mut Program, l2: f64) -> Result<()> {
        let quadratic =
            self.quadratic().ok_or_else(|| Error::Invalid("no cone form".to_owned()))?;
        program.minimize(&Quadratic { l2, ..quadratic })
    }

    /// Why it takes no penalties, if it does not.
    fn without_penalties(&self) -> Option<&'static str> {
        None
    }

    /// Whether no portfolio's value is below zero, so that a gap is a share of the value.
    fn is_never_negative(&self) -> bool {
        false
    }
}

/// What holds an objective.
pub(crate) trait AsForm {
    fn as_form(&self) -> &dyn Form;
}

/// `max gain'w / sqrt(w' Sigma w)`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PerRisk<'a> {
    pub gain: &'a [f64],
    pub covariance: &'a Covariance,
    /// What the gain is called, where no portfolio has one.
    pub called: &'static str,
}

impl PerRisk<'_> {
    /// The ratio at a portfolio.
    pub fn of(&self, w: &[f64]) -> f64 {
        dot(self.gain, w) / self.covariance.variance(w).sqrt()
    }

    /// Adds `y' Sigma y` to a program over a multiple of the weights.
    pub fn cone(&self, program: &mut Program) -> Result<()> {
        let zeros = vec![0.0; self.gain.len()];
        let linear = Linear { values: &zeros, times: 1.0 };
        let covariance = self.covariance;
        program.minimize(&Quadratic { covariance, factor: 1.0, l2: 0.0, linear, constant: 0.0 })
    }
}

/// `min aversion tail(w) - gain'w`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tailed<'a> {
    pub tail: &'a Tail,
    pub aversion: f64,
    pub gain: Option<&'a [f64]>,
}

/// Why a ratio takes no penalties.
pub(super) const NO_PENALTIES: &str =
    "a ratio takes no l1 or l2 penalty: it does not depend on the size of a portfolio";

/// The programs that the kernel solves.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kernel<'a> {
    /// A quadratic program: [`Form::quadratic`].
    Quadratic,
    /// `max rho'w - lambda sqrt(w' Sigma w) - aversion / 2 w' Sigma w`.
    Utility { expected_returns: &'a [f64], covariance: &'a Covariance, lambda: f64, aversion: f64 },
    /// `min ln(w' Sigma w) / 2 - sum b_i ln w_i`.
    RiskParity { covariance: &'a Covariance, budgets: &'a [f64] },
    /// `max N(w) / max(TEV(w), floor) - lambda sqrt(w' Sigma w)`.
    Ratio {
        numerator: &'a [f64],
        covariance: &'a Covariance,
        benchmark: &'a [f64],
        floor: f64,
        lambda: f64,
    },
}

/// Whether a number is finite and at least 0.
pub(super) fn at_least_zero(name: &str, value: f64) -> Result<()> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        Err(Error::Invalid(format!("{name} is {}; it must be at least 0", shown(value))))
    }
}

/// Whether moments are of the same assets, and the linear ones finite.
pub(super) fn same_assets(covariance: &Covariance, linear: &[f64]) -> Result<()> {
    let (a, b) = (covariance.assets(), linear.len());
    if a != b || a == 0 {
        return Err(Error::Invalid(format!("moments of {a} and {b} assets")));
    }
    if linear.iter().any(|value| !value.is_finite()) {
        let what = "an expected return or cross moment is not finite";
        return Err(Error::Invalid(what.to_owned()));
    }
    Ok(())
}

/// Whether every asset has a variance: what divides by its risk needs one.
pub(super) fn with_risk(variances: &[f64]) -> Result<()> {
    match variances.iter().position(|v| !(v.is_finite() && *v > 0.0)) {
        Some(at) => Err(Error::NoRisk { asset: at }),
        None => Ok(()),
    }
}
