//! How much of a backtest may be luck: intervals, selection bias and overfitting.
//!
//! | question | module |
//! |---|---|
//! | how far could this figure be from its true value? | [`bootstrap`] |
//! | is one strategy's Sharpe ratio better than another's? | [`bootstrap::sharpe_difference`] |
//! | is the best of so many trials better than the best of as many skill-less ones? | [`deflated`] |
//! | does the trial that wins in one half of the rows win in the other? | [`overfitting`] |
//! | which exposures to factors explain the returns, and how surely? | [`regression`] |
//! | how far from normal are the returns? | [`normal_fit`] |
//!
//! Everything is a pure function of its arguments: a seed fixes every random number, the number of
//! threads changes nothing, and logarithms and the normal distribution come from `libm`, so that
//! all platforms agree. What is not defined (too few rows, no variance, a value that is not finite)
//! is `None`, never NaN.

pub mod bootstrap;
pub mod deflated;
pub mod normal;
pub mod normal_fit;
mod order;
pub mod overfitting;
mod random;
pub mod regression;

/// The share of a second moment below which the variance left of it is rounding error.
const ROUNDING: f64 = 1e-12;

/// Whether there are series, all of one length of at least `rows`, of finite numbers.
fn are_complete(series: &[&[f64]], rows: usize) -> bool {
    let Some(first) = series.first() else { return false };
    first.len() >= rows
        && series.iter().all(|values| values.len() == first.len() && are_finite(values))
}

/// The largest number that counts as finite: its fourth power, which kurtosis needs, still is.
const LARGEST: f64 = 1e75;

/// Whether every value is a finite number.
fn are_finite(values: &[f64]) -> bool {
    values.iter().all(|value| value.abs() <= LARGEST)
}

#[cfg(test)]
mod tests;
