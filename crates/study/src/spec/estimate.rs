//! Keys of `[estimate]`: how moments are estimated.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How moments are estimated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EstimateSpec {
    /// The covariance of returns; betas come from the same window.
    pub covariance: CovarianceSpec,
    /// Expected returns.
    pub expected_returns: ExpectedReturnsSpec,
    /// The unit of moments, and with it of `lambda`.
    #[serde(default)]
    pub units: UnitsSpec,
}

/// An estimator of the covariance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CovarianceSpec {
    /// `B Omega B' + D` from regressions on the factors.
    FactorModel {
        /// Rows of the window.
        ///
        /// Example: `window_days = 40`
        window_days: u32,
    },
    /// The sample covariance (`ddof = 1`).
    Sample {
        /// Rows of the window.
        ///
        /// Example: `window_days = 60`
        window_days: u32,
    },
}

/// An estimator of expected returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ExpectedReturnsSpec {
    /// `r_f + B' mean(f) + alpha` from regressions on the factors.
    FactorModel {
        /// Rows of the window.
        ///
        /// Example: `window_days = 90`
        window_days: u32,
        /// Whether the intercepts enter; with them the result is the sample mean.
        #[serde(default)]
        alpha: AlphaSpec,
    },
    /// The mean return.
    SampleMean {
        /// Rows of the window.
        ///
        /// Example: `window_days = 90`
        window_days: u32,
    },
    /// The mean return over a year: `sample_mean` with a window of 252 rows.
    Historical {
        /// Rows of the window.
        #[serde(default = "year")]
        window_days: u32,
    },
    /// Means shrunk towards their common mean (James-Stein).
    Shrinkage {
        /// Rows of the window.
        #[serde(default = "year")]
        window_days: u32,
    },
    /// Means blended with compounded returns of 1, 3, 6 and 12 months.
    Momentum {
        /// Rows of the window.
        #[serde(default = "year")]
        window_days: u32,
    },
    /// Means less a part of the last returns.
    MeanReversion {
        /// Rows of the window.
        #[serde(default = "year")]
        window_days: u32,
    },
    /// Scores of momentum, reversal and volatility, priced by past cross-sections (Fama-MacBeth).
    MultiFactor {
        /// Past months whose cross-sections are averaged.
        #[serde(default = "past_months")]
        months: u32,
    },
}

/// Whether intercepts enter expected returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlphaSpec {
    /// They do.
    #[default]
    Include,
    /// They do not.
    Exclude,
}

/// The unit of moments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitsSpec {
    /// A year: session moments times `periods_per_year`.
    #[default]
    Annual,
    /// A session.
    Daily,
}

fn year() -> u32 {
    252
}

fn past_months() -> u32 {
    60
}
