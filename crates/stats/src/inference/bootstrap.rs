//! Intervals for any figure of a backtest, by the stationary block bootstrap.
//!
//! Returns are not independent: volatility clusters, and strategies with long windows hold on to
//! their positions. A resample is therefore made of blocks of consecutive rows, which start
//! anywhere and have geometric lengths. All series of a resample share its blocks, so that rows
//! which belong together stay together.
//!
//! The interval of a single figure is the percentile interval: the quantiles of the figure over the
//! resamples. `BCa` (Efron & Tibshirani 1993, ch. 14) would correct bias and skewness to second
//! order, but only for independent rows: its acceleration comes from leaving out one row at a time,
//! which says nothing about dependent ones. There second order takes a studentized figure (Götze &
//! Künsch 1996, Annals of Statistics 24(5)), as for the difference of two Sharpe ratios.
//!
//! Sums over a block come from prefix sums, so that a resample of a figure that needs only means
//! and variances costs the number of its blocks, not of its rows.
//!
//! # Source
//! Politis & Romano (1994), The Stationary Bootstrap, Journal of the American Statistical
//! Association 89(428).

mod block_length;
mod difference;
mod figures;
mod interval;
mod paths;
mod prefix;
mod resampler;
mod settings;

pub use block_length::mean_block_length;
pub use difference::{Difference, sharpe_difference};
pub use figures::{
    information_ratio, mean_return_annual, sharpe_ratio, tracking_error, volatility,
};
pub use interval::{Interval, Statistic, interval, intervals};
pub use paths::{max_drawdown, path_differences, path_intervals};
pub use resampler::{Block, Blocks, Resampler};
pub use settings::Bootstrap;

#[cfg(test)]
mod tests;
