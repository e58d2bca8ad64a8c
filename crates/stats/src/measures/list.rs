//! The list of measures: every other list of keys, columns, labels or formulas is made from it.

use super::definition::Definition;
use super::{concentration, counts, drawdown, performance, relative, shape, tail, turnover};

/// One line a measure; what it is stands next to its function.
static MEASURES: &[Definition] = &[
    relative::TRACKING_ERROR,
    relative::INFORMATION_RATIO,
    relative::TRACKING_ERROR_MONTHLY,
    relative::INFORMATION_RATIO_MONTHLY,
    performance::SHARPE_RATIO,
    performance::SORTINO_RATIO,
    performance::CALMAR_RATIO,
    performance::VOLATILITY,
    performance::ANNUAL_RETURN,
    performance::MEAN_RETURN_ANNUAL,
    performance::CUMULATIVE_RETURN,
    performance::BENCHMARK_ANNUAL_RETURN,
    relative::EXCESS_RETURN_ANNUAL,
    performance::MIN_RETURN,
    performance::MAX_RETURN,
    drawdown::MAX_DRAWDOWN,
    drawdown::MAX_DRAWDOWN_10D,
    drawdown::ULCER_INDEX,
    relative::BETA,
    relative::ALPHA_ANNUAL,
    relative::R_SQUARED,
    relative::MARKET_BETA,
    relative::MARKET_ALPHA_ANNUAL,
    relative::MARKET_R_SQUARED,
    shape::SKEWNESS,
    shape::EXCESS_KURTOSIS,
    tail::VAR_95,
    tail::CVAR_95,
    tail::MODIFIED_VAR_95,
    turnover::TURNOVER_ANNUAL,
    turnover::TURNOVER_MEAN,
    turnover::COST_ANNUAL,
    concentration::HOLDINGS_MEAN,
    concentration::TOP_1_WEIGHT,
    concentration::TOP_3_WEIGHT,
    concentration::TOP_5_WEIGHT,
    concentration::EFFECTIVE_HOLDINGS,
    concentration::GROSS_EXPOSURE,
    counts::REBALANCES,
    counts::SESSIONS,
    counts::WIPED_OUT,
];

/// Every measure, in the order in which [`measure`](super::measure) gives them.
///
/// # Examples
/// ```
/// use walkfolio_stats::measures::{Better, Unit, definitions};
///
/// let first = &definitions()[0];
/// assert_eq!((first.key, first.unit), ("tracking_error", Unit::Percent));
/// assert_eq!(first.better, Better::Lower);
/// ```
pub fn definitions() -> &'static [Definition] {
    MEASURES
}
