//! Detectors of regimes, one a file: what state the market is in by what is known at a close.
//!
//! | detector | states | reads |
//! |---|---|---|
//! | [`HiddenMarkov`] | calm, (normal, volatile,) turbulent | log returns of a series |
//! | [`Drawdown`] | bull, bear | closes of a series |
//! | [`Trend`] | above, below | closes of a series |
//! | [`Volatility`] | `low_volatility`, `high_volatility` | log returns of a series |
//! | [`Absorption`] | calm, normal, fragile | returns of all assets |
//! | [`AverageCorrelation`] | `low_correlation`, `high_correlation` | returns of all assets |
//! | [`Turbulence`] | quiet, turbulent | returns of all assets |
//! | [`FactorCycle`] | up, down | returns of a factor |
//!
//! A reading is made of the rows up to its close, and a decision at row `t` reads that of row `t - 1`.
//!
//! To add one: its file, with the struct that a study writes, its rules, states, mathematics and test, and
//! a line in the list below.

mod absorption;
mod average_correlation;
mod closes;
mod detector;
mod drawdown;
mod factor_cycle;
mod hidden_markov;
mod regimes;
mod threshold;
mod trend;
mod turbulence;
mod volatility;

pub use absorption::{Absorption, absorption_ratio};
pub use average_correlation::{AverageCorrelation, ReturnKind, average_correlation};
pub use detector::{Detector, Memo, Reading, Reads};
pub use drawdown::Drawdown;
pub use factor_cycle::FactorCycle;
pub use hidden_markov::{
    Collapsed, Filtered, FitSample, GaussianFit, GaussianStates, HiddenMarkov, StateProbability,
    fit,
};
pub use regimes::Regime;
pub use trend::Trend;
pub use turbulence::{Turbulence, turbulence};
pub use volatility::Volatility;
use walkfolio_core::choices;

choices! {
    /// A detector of regimes.
    RegimeChoice: Detector {
        HiddenMarkov,
        Drawdown,
        Trend,
        Volatility,
        Absorption,
        AverageCorrelation,
        Turbulence,
        FactorCycle,
    }
}
