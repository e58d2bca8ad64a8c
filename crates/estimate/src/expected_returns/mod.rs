//! Models of expected returns, one a file: what the past is taken to say about the next year.
//!
//! All read simple returns up to the last known row. `m` is the mean return of a window times
//! `periods_per_year`, `R_h` the compounded return of the last `h` rows.
//!
//! | model | expected return a year |
//! |---|---|
//! | [`SampleMean`], [`Historical`] | `m` |
//! | [`FactorModel`] | `r_f + B' mean(f) + alpha` |
//! | [`Ewma`] | `m` with weights that halve |
//! | [`Shrinkage`], [`JamesStein`] | `m`, shrunk towards its mean across the assets |
//! | [`BayesStein`] | `m`, shrunk towards the mean of the minimum-variance portfolio |
//! | [`Capm`] | `r_f + beta premium` |
//! | [`Equilibrium`] | `delta Sigma w` |
//! | [`BlackLitterman`] | `delta Sigma w`, tilted by views |
//! | [`File`] | that of a file |
//! | [`Blend`] | a weighted mean of several |
//! | [`Momentum`] | `0.3 m + 0.7 * 0.5 * (0.4 R_21 + 0.3 R_63 + 0.2 R_126 + 0.1 R_252)` |
//! | [`MeanReversion`] | `m - 0.3 * (0.6 R_21 + 0.4 R_63)` |
//! | [`MultiFactor`] | `alpha + b_mom MOM + b_rev REV + b_vol VOL` (Fama-MacBeth) |
//!
//! To add one: its file, with the struct that a study writes, its rules, needs, mathematics and
//! test, and a line in the list below.

mod bayes_stein;
mod black_litterman;
mod blend;
mod capm;
mod equilibrium;
mod ewma;
mod factor_model;
mod file;
mod historical;
mod horizons;
mod james_stein;
mod mean_reversion;
mod model;
mod model_views;
mod momentum;
mod multi_factor;
mod sample_mean;
mod shrinkage;
mod shrunk_means;
mod views;

pub use bayes_stein::BayesStein;
pub use capm::Capm;
pub use equilibrium::Equilibrium;
pub use ewma::Ewma;
pub use factor_model::FactorModel;
pub use file::{File, ForecastPer, ForecastUnit, MissingForecast};
pub use historical::Historical;
pub use horizons::Horizon;
pub use james_stein::JamesStein;
pub use mean_reversion::MeanReversion;
pub use model::{ExpectedReturnsModel, InputFile};
pub use momentum::Momentum;
pub use multi_factor::{FamaMacBeth, MultiFactor};
pub use sample_mean::SampleMean;
pub use shrinkage::{Shrinkage, Shrunk, james_stein};
pub use views::{MarketView, views_name};
use walkfolio_core::choices;

/// A weighted mean of several models.
pub type Blend = blend::BlendOf<ExpectedReturnsChoice>;

/// A model of a [`Blend`] with its weight.
pub type ReturnsPart = blend::PartOf<ExpectedReturnsChoice>;

/// Equilibrium returns, tilted by views.
pub type BlackLitterman = black_litterman::BlackLittermanOf<ExpectedReturnsChoice>;

/// A model whose expected returns are views.
pub type ModelViews = model_views::ModelViewsOf<ExpectedReturnsChoice>;

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
        Ewma,
        JamesStein,
        BayesStein,
        Capm,
        Equilibrium,
        BlackLitterman,
        File,
        Blend,
    }
}
