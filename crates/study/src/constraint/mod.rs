//! What a portfolio must satisfy besides its budget and bounds, as a study states it: one constraint
//! a file.
//!
//! Each file holds the rules of a constraint, the data that it needs and how it is made of them. To
//! add one: its file and a line in `AllocateSpec::constraints` (its mathematics are a file of
//! `walkfolio-optimize`).

mod beta;
mod bounds_by_asset;
mod factor_exposure;
mod form;
mod gross_leverage;
mod groups;
mod holdings;
mod keep;
mod net_leverage;
mod risk_cap;
mod turnover;
mod volatility_target;

pub use beta::BetaSpec;
pub use bounds_by_asset::AssetBoundsSpec;
pub(crate) use bounds_by_asset::BoundsByAsset;
pub(crate) use factor_exposure::FactorExposures;
pub use factor_exposure::{FactorExposureSpec, loadings_name};
pub(crate) use form::ConstraintForm;
pub(crate) use gross_leverage::GrossLeverage;
pub use groups::GroupSpec;
pub(crate) use groups::Groups;
pub(crate) use holdings::Holdings;
pub(crate) use keep::Keep;
pub use net_leverage::NetLeverageSpec;
pub(crate) use risk_cap::{TrackingErrorCap, VolatilityCap};
pub use turnover::TurnoverSpec;
pub use volatility_target::{Scaling, VolatilityTargetSpec};

/// A maximum weight that lets some assets sum to 1: the given one, or an equal share of each.
pub(crate) fn raised(max: f64, assets: usize) -> f64 {
    max.max(1.0 / assets as f64)
}
