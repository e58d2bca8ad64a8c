//! Estimators of the covariance, one a file.
//!
//! To add one: its file, with the struct that a study writes, its rules, needs, mathematics and
//! test, and a line in the list below.

mod estimator;
mod factor_model;
mod ledoit_wolf;
mod sample;

pub use estimator::CovarianceEstimator;
pub use factor_model::FactorModel;
pub use ledoit_wolf::{LedoitWolf, ShrinkageTarget};
pub use sample::Sample;
use walkfolio_core::choices;

choices! {
    /// An estimator of the covariance.
    CovarianceChoice: CovarianceEstimator { FactorModel, LedoitWolf, Sample }
}
