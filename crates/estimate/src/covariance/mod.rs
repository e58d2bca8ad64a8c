//! Estimators of the covariance, one a file.
//!
//! To add one: its file, with the struct that a study writes, its rules, needs, mathematics and
//! test, and a line in the list below.

mod blend;
mod denoised;
mod detoned;
mod estimator;
mod ewma;
mod ewma_volatility_correlation;
mod factor_model;
mod gerber;
mod ledoit_wolf;
mod ledoit_wolf_nonlinear;
mod oas;
mod pca;
mod sample;
mod window;

pub use denoised::Denoised;
pub use detoned::{Detoned, DetonedFrom};
pub use estimator::CovarianceEstimator;
pub(crate) use estimator::validate_inside;
pub use ewma::{Ewma, EwmaMean};
pub use ewma_volatility_correlation::EwmaVolatilityCorrelation;
pub use factor_model::FactorModel;
pub use gerber::{Gerber, GerberCount};
pub use ledoit_wolf::{LedoitWolf, ShrinkageTarget};
pub use ledoit_wolf_nonlinear::LedoitWolfNonlinear;
pub use oas::{Oas, OasIntensity};
pub use pca::Pca;
pub use sample::Sample;
use walkfolio_core::choices;

/// The schema of a covariance inside another choice: its keys are documented once, at
/// `[estimate.covariance]`.
pub(crate) fn any_kind(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let mut schema = <CovarianceChoice as schemars::JsonSchema>::json_schema(generator);
    schema.insert("documentedAt".to_owned(), "estimate.covariance".into());
    schema
}

/// A weighted mean of several covariances.
pub type Blend = blend::BlendOf<CovarianceChoice>;

/// A covariance of a [`Blend`] with its weight.
pub type CovariancePart = blend::PartOf<CovarianceChoice>;

choices! {
    /// An estimator of the covariance.
    CovarianceChoice: CovarianceEstimator {
        FactorModel,
        LedoitWolf,
        LedoitWolfNonlinear,
        Oas,
        Sample,
        Ewma,
        EwmaVolatilityCorrelation,
        Denoised,
        Detoned,
        Gerber,
        Pca,
        Blend,
    }
}
