//! Features and labels to inclusion probabilities.
//!
//! Two trainers of boosted trees stand behind one trait: [`BuiltIn`], which needs nothing, and
//! [`XgBoost`], the real library, loaded at run time. They take the same [`Parameters`] and, without
//! sampling, give the same probabilities. Beside them: expanding folds over months, a cached
//! cross-validated search, and the scores by which a classifier is judged.

mod built_in;
mod cache;
mod error;
mod folds;
mod forest;
mod grid;
mod importance;
mod parameters;
pub mod score;
mod search;
mod stop;
mod table;
mod trainer;
mod xgboost;

pub use built_in::BuiltIn;
pub use cache::FitCache;
pub use error::{Error, Fault, Result};
pub use folds::{Fold, Validation, time_series_folds};
pub use forest::Forest;
pub use grid::{Grid, ParameterSearch};
pub use importance::Importance;
pub use parameters::Parameters;
pub use search::{CrossValidation, FoldScore, Search, SearchResult, cross_validate};
pub use stop::Stop;
pub use table::Table;
pub use trainer::{Model, Prepared, Trainer};
pub use xgboost::XgBoost;
