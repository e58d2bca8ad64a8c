//! Selection bias: how far the best backtest of a grid can be believed, as data.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use walkfolio_core::Date;

/// How far the Sharpe ratios of a grid can be believed; all after costs, above cash where there is
/// any, over the sessions that every cell has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelectionBias {
    /// First common session.
    pub first: Date,
    /// Last common session.
    pub last: Date,
    /// Number of common sessions.
    pub sessions: usize,
    /// Backtests that were compared.
    pub trials: usize,
    /// Backtests that failed, and are left out; those that were ruined count.
    pub left_out: usize,
    /// The cell with the largest Sharpe ratio.
    pub best: usize,
    /// By cell: the annual Sharpe ratio and its 95 % interval, where it is defined.
    pub sharpe_ratios: Vec<Option<Estimate>>,
    /// The deflated Sharpe ratio of the best, each backtest counted as a trial.
    pub deflated: Option<Deflated>,
    /// The same with as many trials as the backtests' correlation leaves independent.
    pub deflated_effective: Option<Deflated>,
    /// Whether the choice of the best is overfitted.
    pub overfitting: Option<Overfitting>,
    /// Which estimator wins in which period, for each combination of the other keys.
    pub winners: Vec<Winner>,
    /// The same by tracking error, where the study tracks a benchmark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<TrackingChoice>,
    /// The choice of a setting by combinatorial purged cross-validation, where the study asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cross_validation: Option<CrossValidation>,
}

/// The tracking errors of a grid, and how far the smallest can be told from the others; fractions a year, over the
/// common sessions that the benchmark has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackingChoice {
    /// The cell with the smallest tracking error.
    pub best: usize,
    /// By cell: the tracking error and its 95 % interval, where it is defined.
    pub tracking_errors: Vec<Option<Estimate>>,
    /// By cell: its tracking error less that of the best and the interval, both in the same blocks of sessions;
    /// none of the best itself, and none where the two do not differ at all.
    pub differences: Vec<Option<Estimate>>,
}

/// How choices among the cells do on sessions that they have not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrossValidation {
    /// The key of the measure by which is chosen: `sharpe_ratio`, `information_ratio` or `tracking_error`.
    pub criterion: String,
    /// Sessions before each left-out group that a choice does not see.
    pub purge: usize,
    /// Sessions after each left-out group that a choice does not see.
    pub embargo: usize,
    /// Combinations of left-out groups.
    pub splits: usize,
    /// First and last session of each group.
    pub groups: Vec<(Date, Date)>,
    /// The cell that is best on all sessions, and its figure: in sample.
    pub best: Option<(usize, f64)>,
    /// The paths, each of which takes every group once.
    pub paths: Vec<ValidationPath>,
    /// Why there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One path of choices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValidationPath {
    /// The figure of the criterion over the path: out of sample.
    pub value: Option<f64>,
    /// By group, the cell that was chosen without it.
    pub chosen: Vec<usize>,
}

/// A figure and its interval by the stationary block bootstrap.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure a year.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The probability that a Sharpe ratio is better than the best of trials without skill.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Deflated {
    /// How many trials count.
    pub trials: f64,
    /// The annual Sharpe ratio that the best of as many without skill would have.
    pub expected_maximum: f64,
    /// The probability that the true ratio is higher.
    pub probability: f64,
}

/// The probability of backtest overfitting, by combinatorially symmetric cross-validation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overfitting {
    /// How often the best in one half of the rows is not above the median in the other.
    pub probability: f64,
    /// How often it loses there.
    pub probability_of_loss: f64,
    /// Number of splits.
    pub splits: usize,
    /// Slope of the Sharpe ratio out of sample on that in sample, of the chosen.
    pub degradation: Option<f64>,
}

/// The best estimator of a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Winner {
    /// The period: `full` or a regime.
    pub period: String,
    /// Its number of common sessions.
    pub sessions: usize,
    /// The values of the keys that are no estimators, by index of the cell's settings.
    pub slice: Vec<(usize, Value)>,
    /// The cell with the largest Sharpe ratio.
    pub cell: usize,
    /// That ratio, a year.
    pub sharpe_ratio: f64,
    /// The next.
    pub runner_up: Option<Comparison>,
    /// The study's own estimator.
    pub own: Option<Comparison>,
}

/// The best against another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The other cell.
    pub cell: usize,
    /// Difference of the annual Sharpe ratios, the best's less the other's.
    pub difference: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Two-sided: how often chance alone gives as much.
    pub p_value: f64,
    /// Whether the interval excludes zero.
    pub distinguishable: bool,
}
