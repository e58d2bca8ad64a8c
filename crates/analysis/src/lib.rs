//! What the figures of a run mean: every figure of a report, as data.
//!
//! [`Findings`] are those of a backtest, [`GridFindings`] those of a grid, and [`Comparison`] those
//! of runs next to each other. One file computes one family of figures. Everything is taken from a
//! record; nothing is run again.

pub mod account;
pub mod active_risk;
pub mod alerts;
pub mod assessment;
pub mod attribution;
pub mod axes;
pub mod baselines;
pub mod benchmark_holdings;
pub mod best;
pub mod calendar;
mod caveats;
pub mod classifier;
pub mod comparison;
pub mod costs;
mod cross_validation;
pub mod current;
pub mod distribution;
pub mod effects;
pub mod efficient;
mod findings;
pub mod format;
pub mod frontier;
mod grid_findings;
pub mod grouped;
pub mod growth;
pub mod headline;
pub mod holdings;
pub mod indicators;
pub mod intervals;
pub mod key_figures;
pub mod line;
pub mod measure;
pub mod model;
pub mod pareto;
pub mod part;
pub mod period;
pub mod regimes;
pub mod robustness;
pub mod rolling;
mod sample;
pub mod selection;
mod selection_bias;
pub mod solves;
pub mod sources;
pub mod stated;
pub mod surface;
pub mod survivorship;
mod target;
pub mod track;
pub mod validation;
pub mod weights;

pub use caveats::caveats;
pub use classifier::{Quality, quality};
pub use comparison::Comparison;
pub use findings::Findings;
pub use grid_findings::GridFindings;
pub use sample::MINIMUM_SESSIONS;
pub use selection_bias::selection_bias;
pub use target::{GridTarget, GridTargets, TargetResult, grid_targets, targets};
pub use walkfolio_core::Date;
pub use walkfolio_learn::score::{CalibrationBin, Scores};
pub use walkfolio_stats::measures::{Better, Definition, Unit, definitions};
