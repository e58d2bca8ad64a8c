//! Models of expected returns, one a file: what the past is taken to say about the next year.
//!
//! All read simple returns up to the last known row. `m` is the mean return of a window times
//! `periods_per_year`, `R_h` the compounded return of the last `h` rows.
//!
//! | model | expected return a year |
//! |---|---|
//! | [`SampleMean`], [`Historical`] | `m` |
//! | [`FactorModel`] | `r_f + B' mean(f) + alpha` |
//! | [`Shrinkage`] | `m`, shrunk towards its mean across the assets (James-Stein) |
//! | [`Momentum`] | `0.3 m + 0.7 * 0.5 * (0.4 R_21 + 0.3 R_63 + 0.2 R_126 + 0.1 R_252)` |
//! | [`MeanReversion`] | `m - 0.3 * (0.6 R_21 + 0.4 R_63)` |
//! | [`MultiFactor`] | `alpha + b_mom MOM + b_rev REV + b_vol VOL` (Fama-MacBeth) |
//!
//! To add one: its file, with the struct that a study writes, its rules, needs, mathematics and
//! test, and a line in the list below.

mod factor_model;
mod historical;
mod horizons;
mod mean_reversion;
mod model;
mod momentum;
mod multi_factor;
mod sample_mean;
mod shrinkage;

pub use factor_model::FactorModel;
pub use historical::Historical;
pub use horizons::Horizon;
pub use mean_reversion::MeanReversion;
pub use model::ExpectedReturnsModel;
pub use momentum::Momentum;
pub use multi_factor::{FamaMacBeth, MultiFactor};
pub use sample_mean::SampleMean;
pub use shrinkage::{Shrinkage, Shrunk, james_stein};
use walkfolio_core::choices;

choices! {
    /// A model of expected returns.
    ExpectedReturnsChoice: ExpectedReturnsModel {
        FactorModel,
        SampleMean,
        Historical,
        Shrinkage,
        Momentum,
        MeanReversion,
        MultiFactor,
    }
}
