//! Moments and a mandate to weights.
//!
//! A [`Mandate`] is an [`Objective`] under [`Constraints`], in the field's words. Each objective is a
//! file of `objective/`, each constraint one of `constraint/`. An [`Optimizer`] gives a mandate to our
//! own solver (`kernel/`) where that fits, and else, as [`solve`] does, to Clarabel in the form of a cone
//! program (`cone/`; `cone/clarabel.rs` is the only file that names it). Either returns weights with a
//! report. An infeasible mandate gives [`Error::Infeasible`] with a minimal set of conflicting
//! constraints and the closest relaxation. [`matrix_form`] is the same solver for programs that are
//! given as matrices.
//!
//! ```
//! use walkfolio_core::Matrix;
//! use walkfolio_optimize::{Mandate, Objective};
//!
//! // Two assets; the benchmark is 60 % of the first and 40 % of the second.
//! let returns = Matrix::from_rows(3, 2, vec![0.01, 0.02, -0.01, 0.0, 0.03, 0.01]);
//! let benchmark = returns.times(&[0.6, 0.4]);
//! let objective = Objective::tracking_error(&returns, &benchmark)?;
//! let solution = Mandate::long_only(objective, 1.0)?.solve()?;
//! assert!((solution.weights[0] - 0.6).abs() < 1e-8);
//! # Ok::<(), walkfolio_optimize::Error>(())
//! ```

mod bound;
mod certificate;
mod choices;
mod clusters;
mod cone;
mod conflict;
mod constraint;
mod cost;
mod efficient;
mod error;
mod gap;
mod interruption;
mod kernel;
mod mandate;
pub mod matrix_form;
mod objective;
mod optimizer;
mod pieces;
mod quadratic;
mod sensitivity;
mod solution;

pub use clusters::{Linkage, Merge};
pub use conflict::{Conflict, Member, Relaxation};
pub use constraint::*;
pub use cost::Costs;
pub use efficient::{Chosen, EfficientFrontier, FrontierPoint};
pub use error::{Error, Result};
pub use interruption::Interruption;
pub use kernel::Corner;
pub use kernel::subset::SearchLimits;
pub use mandate::{Mandate, Penalties};
pub use objective::*;
pub use optimizer::{Choice, Optimizer, Settings, solve};
pub use sensitivity::{Binding, End, Model, Sensitivity, SharedPrices};
pub use solution::{Precision, Solution};
