//! The past to moments: expected returns, covariance, factor model, beta.
//!
//! Every estimator takes a window of returns that a [`walkfolio_core::Past`] gave out, so none can
//! look ahead. Windows are oldest first, returns are fractions a session; `periods_per_year` turns
//! moments into annual units (1 keeps them daily).

mod beta;
mod blended;
pub mod covariance;
mod error;
mod estimators;
pub mod expected_returns;
mod factor_regression;
pub mod features;
mod means;
mod needs;
pub mod regime;
mod risk;
mod sample;
pub mod tracking;
pub mod windows;

pub use beta::capm_beta;
pub use error::{Error, Result};
pub use estimators::Estimators;
pub use factor_regression::{Alpha, FactorRegression};
pub use needs::{Needs, Scale, Units};
pub use risk::{ActiveRisk, active_risk, joint_covariance};
pub use sample::{sample_covariance, sample_mean};
