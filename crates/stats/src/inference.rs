//! How far the figures of a backtest can be trusted: intervals, selection bias and overfitting.
//!
//! | question | module |
//! |---|---|
//! | how far could this figure be from its true value? | [`bootstrap`] |
//! | is one strategy's Sharpe ratio better than another's? | [`bootstrap::sharpe_difference`] |
//! | is the best of N trials better than the best of N trials without skill? | [`deflated`] |
//! | which of several tests are significant together? | [`multiple`] |
//! | does the trial that wins in one half of the rows win in the other? | [`overfitting`] |
//! | how does a choice among series do on rows that it has not seen? | [`cross_validation`] |
//! | which exposures to factors explain the returns, and how significantly? | [`regression`] |
//! | how far from normal are the returns? | [`normal_fit`] |
//!
//! Everything is a pure function of its arguments: a seed fixes every random number, the number of
//! threads changes nothing, and logarithms and the normal distribution come from `libm`, so that
//! all platforms agree. What is not defined (too few rows, no variance, a value that is not finite)
//! is `None`, never NaN.

pub mod bootstrap;
mod complete;
pub mod cross_validation;
pub mod deflated;
pub mod multiple;
pub mod normal;
pub mod normal_fit;
mod order;
pub mod overfitting;
pub mod regression;

#[cfg(test)]
mod tests;
