//! What is optimized, as a study states it: one objective a file.
//!
//! Each file holds the keys of an objective with their documentation, their rules, the data that it
//! needs and how it is made of them. To add one: its file and a line in the list below (its
//! mathematics are a file of `walkfolio-optimize`).

mod ensemble;
mod equal_weight;
pub(crate) mod form;
mod frontier;
mod hierarchical_equal_risk_contribution;
mod hierarchical_risk_parity;
mod information_ratio;
mod inverse_volatility;
mod maximum_diversification;
mod maximum_sharpe;
mod mean_cvar;
mod mean_variance;
mod minimum_cdar;
mod minimum_cvar;
mod minimum_variance;
mod risk_parity;
mod robust_mean_variance;
mod robust_utility;
mod scenarios;
mod tracking_error;

pub use equal_weight::EqualWeight;
pub(crate) use form::Current;
pub use form::{Inputs, ObjectiveForm, Setting, Shape};
pub use frontier::{Frontier, FrontierRule};
pub use hierarchical_equal_risk_contribution::HierarchicalEqualRiskContribution;
pub use hierarchical_risk_parity::{Distance, HierarchicalRiskParity, Linkage};
pub use information_ratio::{InformationRatio, Numerator};
pub use inverse_volatility::{InverseOf, InverseVolatility};
pub use maximum_diversification::MaximumDiversification;
pub use maximum_sharpe::MaximumSharpe;
pub use mean_cvar::MeanCvar;
pub use mean_variance::MeanVariance;
pub use minimum_cdar::MinimumCdar;
pub use minimum_cvar::MinimumCvar;
pub use minimum_variance::MinimumVariance;
pub use risk_parity::{GroupBudget, RiskParity};
pub use robust_mean_variance::RobustMeanVariance;
pub use robust_utility::RobustUtility;
use walkfolio_core::choices;
/// The keys of the objective are those of its moments.
pub use walkfolio_estimate::tracking::Tracking as TrackingError;

/// The mean of the portfolios of several objectives.
pub type Ensemble = ensemble::EnsembleOf<ObjectiveChoice>;

/// An objective of an [`Ensemble`] with its share.
pub type Member = ensemble::MemberOf<ObjectiveChoice>;

choices! {
    /// What is optimized.
    ObjectiveChoice: ObjectiveForm {
        TrackingError,
        MeanVariance,
        MinimumVariance,
        RobustUtility,
        MaximumSharpe,
        MaximumDiversification,
        Frontier,
        RobustMeanVariance,
        MinimumCvar,
        MeanCvar,
        MinimumCdar,
        InformationRatio,
        RiskParity,
        EqualWeight,
        InverseVolatility,
        HierarchicalRiskParity,
        HierarchicalEqualRiskContribution,
        Ensemble,
    }
}
