//! Programs with a parameter, and where on their path to stop.

use super::kinks::Kinks;
use super::program::{Program, Utility};

/// `min 1/2 x'Hx - g'x + K(x) - t (r'x - P(x))` subject to `lo <= (x, Ax) <= hi`, for `0 <= t <= most`.
///
/// The solution is piecewise linear in `t`, and the reward `r'x - P(x)` grows with it. With `H` a
/// covariance and `r` expected returns it is the efficient frontier, `1 / t` the risk aversion; with
/// `r = 0` and `P` the distance from current holdings `t` is a price of turnover.
///
/// # Shape and units
/// `K` and `P` are sums of costs; `r` has a value for each variable.
/// # Examples
/// See [`ActiveSet::solve_until`](crate::matrix_form::ActiveSet::solve_until).
#[derive(Debug, Clone, Copy)]
pub struct Parametric<'a> {
    /// The program at `t = 0`, without costs.
    pub program: Program<'a>,
    /// `K`.
    pub costs: &'a [Kinks<'a>],
    /// `r`.
    pub reward: &'a [f64],
    /// `P`.
    pub prices: &'a [Kinks<'a>],
    /// The largest `t`; may be infinite.
    pub most: f64,
}

impl<'a> Parametric<'a> {
    /// The path of a robust utility.
    pub(super) fn of(utility: &Utility<'a>, zeros: &'a [f64]) -> Self {
        let program = Program { g: zeros, ..utility.program() };
        let reward = utility.expected_returns;
        Self { program, costs: &[], reward, prices: &[], most: f64::INFINITY }
    }

    /// `r'x - P(x)`.
    pub fn reward_at(&self, x: &[f64]) -> f64 {
        let gross: f64 = self.reward.iter().zip(x).map(|(r, x)| r * x).sum();
        gross - self.prices.iter().map(|prices| prices.value(x)).sum::<f64>()
    }
}

/// Where to stop on a path. A risk is `x'Hx - 2g'x + constant`, and needs a program without `K`.
/// # Examples
/// See [`ActiveSet::solve_until`](crate::matrix_form::ActiveSet::solve_until).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Until {
    /// At the largest `reward - lambda sqrt(risk)`.
    Utility {
        /// `lambda`.
        lambda: f64,
    },
    /// At the largest `reward - lambda sqrt(risk) - aversion / 2 risk`; the largest `t` is `1 / aversion`.
    Robust {
        /// `lambda`.
        lambda: f64,
        /// `aversion`, above 0.
        aversion: f64,
    },
    /// Where the risk reaches a limit, or else at the largest `t`.
    Risk {
        /// What the risk adds to the program.
        constant: f64,
        /// The limit.
        limit: f64,
    },
    /// At the largest `(reward - less) / sqrt(risk)`.
    Ratio {
        /// What the risk adds to the program.
        constant: f64,
        /// What is taken off the reward.
        less: f64,
    },
    /// Where the reward reaches a value, or else at `t = 0`.
    Reward(f64),
}

/// A limit may be missed by so much, relative.
const KEPT: f64 = 1e-10;

/// Where the search along the path is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub t: f64,
    pub risk: f64,
    pub reward: f64,
}

impl Until {
    /// What the risk adds to the program.
    pub(super) fn constant(self) -> f64 {
        match self {
            Self::Risk { constant, .. } | Self::Ratio { constant, .. } => constant,
            Self::Utility { .. } | Self::Robust { .. } | Self::Reward(_) => 0.0,
        }
    }

    /// Whether the risk decides.
    pub(super) fn has_risk(self) -> bool {
        !matches!(self, Self::Reward(_))
    }

    /// Whether `t` has to grow or to fall.
    pub(super) fn sense(self, place: &Place) -> f64 {
        let grows = match self {
            Self::Utility { lambda } => place.risk > (lambda * place.t).powi(2),
            Self::Robust { lambda, aversion } => {
                place.risk.sqrt() * (1.0 - aversion * place.t) > lambda * place.t
            }
            Self::Risk { limit, .. } => place.risk < limit,
            Self::Ratio { less, .. } => place.risk > place.t * (place.reward - less),
            Self::Reward(value) => place.reward < value,
        };
        if grows { 1.0 } else { -1.0 }
    }

    /// The `t` at which to stop on a segment: `still` is the risk there that no `t` changes, `slope` the
    /// rate of the reward. Infinite with the sign of `sense` where there is none.
    pub(super) fn crossing(self, place: &Place, still: f64, slope: f64, sense: f64) -> f64 {
        let never = sense * f64::INFINITY;
        match self {
            Self::Utility { lambda } => {
                let free = lambda * lambda - slope;
                if free > 0.0 { (still / free).sqrt() } else { f64::INFINITY }
            }
            Self::Robust { lambda, aversion } => robust([still, slope], [lambda, aversion]),
            Self::Risk { limit, .. } if slope > 0.0 && limit >= still => {
                ((limit - still) / slope).sqrt()
            }
            Self::Ratio { less, .. } => {
                let constant = place.reward - place.t * slope - less;
                if constant > 0.0 { still / constant } else { never }
            }
            Self::Reward(value) if slope > 0.0 => place.t + (value - place.reward) / slope,
            Self::Risk { .. } | Self::Reward(_) => never,
        }
    }

    /// Whether the end of the path is an answer where it went in this sense.
    pub(super) fn holds_at_end(self, sense: f64) -> bool {
        match self {
            Self::Utility { .. } | Self::Robust { .. } => true,
            Self::Risk { .. } => sense > 0.0,
            Self::Reward(_) => sense < 0.0,
            Self::Ratio { .. } => false,
        }
    }

    /// Whether a limit is not kept, or a ratio not where it is largest.
    pub(super) fn missed(self, place: &Place) -> bool {
        let by = match self {
            Self::Utility { .. } | Self::Robust { .. } => 0.0,
            Self::Ratio { less, .. } => (place.risk / place.t / (place.reward - less) - 1.0).abs(),
            Self::Risk { limit, .. } => (place.risk - limit) / limit.abs(),
            Self::Reward(value) => (value - place.reward) / (1.0 + value.abs()),
        };
        by.is_nan() || by > KEPT
    }
}

/// The `t` with `sigma (1 / t - aversion) = lambda` where `sigma^2 = still + slope t^2`: the left side falls from
/// anywhere to 0 at `1 / aversion`, and halving the interval finds it to the last digit.
fn robust([still, slope]: [f64; 2], [lambda, aversion]: [f64; 2]) -> f64 {
    let (mut low, mut high) = (0.0, 1.0 / aversion);
    loop {
        let t = 0.5 * (low + high);
        if t <= low || t >= high {
            return high;
        }
        let sigma = (still + slope * t * t).max(0.0).sqrt();
        if sigma * (1.0 - aversion * t) > lambda * t { low = t } else { high = t }
    }
}

/// A portfolio of the frontier at which its composition changes.
/// # Examples
/// See [`Frontier`](crate::matrix_form::Frontier).
#[derive(Debug, Clone, PartialEq)]
pub struct Corner {
    /// Its weights.
    pub weights: Vec<f64>,
    /// The risk aversion at which it is the best portfolio; infinite at the least risk.
    pub risk_aversion: f64,
    /// Its expected return less costs.
    pub mean: f64,
    /// The square root of its variance.
    pub volatility: f64,
}
