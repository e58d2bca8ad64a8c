//! Why a mandate has no solution.

use std::fmt::Display;

use walkfolio_core::SolveStatus;
use walkfolio_core::number::shown;

use crate::conflict::Conflict;

/// The result of an optimization.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A mandate without a solution.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::{Error, Objective};
///
/// // Three rows of returns, two of the benchmark.
/// let error = Objective::tracking_error(&Matrix::zeros(3, 1), &[0.0; 2]).unwrap_err();
/// assert!(matches!(error, Error::Invalid(_)));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No portfolio satisfies the constraints.
    #[error("{0}")]
    Infeasible(Box<Conflict>),
    /// The one portfolio of an objective does not satisfy the constraints.
    #[error("{what} do not satisfy {constraint}: they are off by {}", digits(*by))]
    Excluded {
        /// The portfolio.
        what: &'static str,
        /// The first constraint that it violates, in words.
        constraint: String,
        /// By how much.
        by: f64,
    },
    /// An asset has no variance, and the objective divides by it.
    #[error("asset {asset} has no variance, and the objective divides by risk")]
    NoRisk {
        /// Its position.
        asset: usize,
    },
    /// A portfolio without risk, which has no shares of it.
    #[error("there is a portfolio without risk, and no risk to share")]
    Riskless,
    /// The objective has no bound on the feasible portfolios.
    #[error("the objective has no bound: a portfolio can be made better without end")]
    Unbounded,
    /// A ratio of gain and risk whose gain no portfolio has.
    #[error(
        "no portfolio that satisfies the constraints has a positive {gain}: the largest is {}",
        shown(*largest)
    )]
    NoGain {
        /// What it is called.
        gain: &'static str,
        /// The largest that there is, at most 0.
        largest: f64,
    },
    /// No portfolio of the efficient frontier has what was asked for.
    #[error(
        "no portfolio of the efficient frontier has {what} of {}: it reaches from {} to {}",
        digits(*value), digits(*from), digits(*to)
    )]
    OffFrontier {
        /// What.
        what: &'static str,
        /// How much of it.
        value: f64,
        /// How much the portfolio of the least risk has.
        from: f64,
        /// How much the portfolio of the largest expected return has.
        to: f64,
    },
    /// The path of the efficient frontier does not lead from one portfolio of the least risk to the largest return.
    #[error(
        "the efficient frontier cannot be followed from the least risk to the largest expected return: the covariance is singular, or nearly so"
    )]
    NoFrontier,
    /// An objective of proportions, such as a ratio of gain and risk, that does not say how much to invest.
    #[error(
        "the objective does not say how much to invest, and neither do the constraints: \
         they leave the sum of weights open, or allow to invest nothing"
    )]
    NoSize,
    /// The tracking error of an information ratio can be zero.
    #[error(
        "the ratio has no bound: the assets replicate the benchmark over the window, so that the tracking error can be 0"
    )]
    Replicable,
    /// The solver gave up.
    #[error("{solver} stopped with status {status} after {iterations} iterations")]
    Stopped {
        /// Which solver.
        solver: &'static str,
        /// How it ended.
        status: SolveStatus,
        /// After how many iterations.
        iterations: u32,
    },
    /// No portfolio keeps the rules about holdings.
    #[error("{what}")]
    Holdings {
        /// Which rules cannot be kept, and why.
        what: String,
        /// What the largest weights are called.
        bound: String,
    },
    /// The interrupt of the solve was raised.
    #[error("the solve was interrupted")]
    Interrupted,
    /// A part of the mandate has the wrong size or an unusable value.
    #[error("the mandate is not valid: {0}")]
    Invalid(String),
    /// The covariance is not usable.
    #[error(transparent)]
    Core(#[from] walkfolio_core::Error),
}

/// A value of a portfolio with six decimals.
fn digits(value: f64) -> impl Display {
    shown((value * 1e6).round() / 1e6)
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Infeasible(conflict) => conflict.hint(),
            Self::NoGain { .. } => Some(
                "minimize the variance, or use mean_variance, which needs no positive gain; \
                 or widen the constraints"
                    .to_owned(),
            ),
            Self::OffFrontier { what, value, from, to, .. } => {
                let nearest = if value < from { from } else { to };
                Some(format!("the nearest is {what} of {}", digits(*nearest)))
            }
            Self::Excluded { .. } => Some(
                "widen the constraint, or take the nearest portfolio that satisfies all of them"
                    .to_owned(),
            ),
            Self::NoRisk { .. } => Some(
                "leave out assets whose price does not change, or lengthen the covariance's window"
                    .to_owned(),
            ),
            Self::NoFrontier | Self::Riskless => Some(
                "use a covariance that is not singular, such as ledoit_wolf, or a longer window"
                    .to_owned(),
            ),
            Self::NoSize => Some("let the weights sum to a fixed number above 0".to_owned()),
            Self::Unbounded => Some("give every asset a bound, or a budget".to_owned()),
            Self::Replicable => Some(
                "set a floor of the tracking error, or lengthen the covariance's window".to_owned(),
            ),
            Self::Stopped { .. } => {
                Some("check the window's returns for extremes, or add a fallback".to_owned())
            }
            Self::Holdings { bound, .. } => Some(format!(
                "raise max_holdings or {bound}, or lower min_holdings or the minimum position"
            )),
            Self::Interrupted | Self::Invalid(_) => None,
            Self::Core(error) => error.hint(),
        }
    }
}

impl From<Error> for walkfolio_core::Error {
    fn from(error: Error) -> Self {
        let (message, hint) = (error.to_string(), error.hint());
        match error {
            Error::Infeasible(conflict) => {
                let conflict = Box::new(conflict.as_ref().into());
                Self::Infeasible { message, hint, conflict }
            }
            _ => Self::Policy { message, hint },
        }
    }
}
