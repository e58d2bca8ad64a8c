//! The past to moments: expected returns, covariance, factor model, beta.
//!
//! Every estimator takes a window of returns that a [`walkfolio_core::Past`] gave out, so none can
//! look ahead. Windows are oldest first, returns are fractions a session; `periods_per_year` turns
//! moments into annual units (1 keeps them daily).

mod beta;
mod error;
pub mod expected_returns;
mod factor_model;
pub mod features;
mod review;
mod risk;
mod sample;
mod stay_near;
mod tracking;
mod weighted;
pub mod windows;

pub use beta::capm_beta;
pub use error::{Error, Result};
pub use factor_model::{Alpha, FactorModel};
pub use review::{AdHoc, Prior, ReviewAware, Reviews, Tilt, momentum_score};
pub use risk::{ActiveRisk, active_risk, joint_covariance};
pub use sample::{sample_covariance, sample_mean};
pub use tracking::TrackingMoments;
pub use weighted::exponential_weights;
