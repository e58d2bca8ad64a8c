//! Second moments for tracking a portfolio that is renewed at reviews and drifts between them.
//!
//! A factor fund is reviewed a few times a year. Between reviews its holdings only drift, so
//! returns from before the last review describe a portfolio that is no longer held, and the
//! factor's own rule says something of the one that is. [`ReviewAware`] weighs returns by age and
//! by side of the last review, and adds a few rows' worth of a *prior* portfolio that is made from
//! the scores of the assets at that review.
//!
//! - `calendar`: when reviews take effect;
//! - `score`: risk-adjusted momentum, the rule of momentum indexes;
//! - `moments`: the weights and the sums.
//!
//! # Source
//! MSCI (2021), Momentum Indexes Methodology, for reviews and scores; the estimator is our own.

mod calendar;
mod moments;
mod score;

pub use calendar::{AdHoc, Reviews};
pub use moments::{Prior, ReviewAware, Tilt};
pub use score::momentum_score;

#[cfg(test)]
mod tests;
