//! Moments and a mandate to weights.
//!
//! A [`Mandate`] states an objective and constraints in the field's words. An [`Optimizer`] gives it
//! to the [`kernel`] where that fits; [`solve`] lowers it to a cone program (`lower`) and hands that
//! to Clarabel (`solver`, the only file that knows it). Either returns weights with a report. A mandate that no portfolio satisfies gives
//! [`Error::Infeasible`] with a minimal set of conflicting constraints and the closest relaxation.
//!
//! ```
//! use walkfolio_core::{Covariance, Matrix};
//! use walkfolio_optimize::{Constraints, Mandate, Objective, Penalties, Precision, solve};
//!
//! // Two assets; the benchmark is 60 % of the first and 40 % of the second.
//! let window = Matrix::from_rows(3, 2, vec![0.01, 0.02, -0.01, 0.0, 0.03, 0.01]);
//! let benchmark = window.times(&[0.6, 0.4]);
//! let mandate = Mandate {
//!     objective: Objective::TrackingError {
//!         second_moment: Covariance::gram(&window)?,
//!         cross: window.transpose_times(&benchmark),
//!         benchmark_square: benchmark.iter().map(|r| r * r).sum(),
//!     },
//!     constraints: Constraints::long_only(2, 1.0),
//!     penalties: Penalties::default(),
//! };
//! let solution = solve(&mandate, Precision::Full)?;
//! assert!((solution.weights[0] - 0.6).abs() < 1e-8);
//! # Ok::<(), walkfolio_optimize::Error>(())
//! ```

mod bound;
pub mod certificate;
mod conflict;
mod error;
pub mod kernel;
mod lower;
mod mandate;
mod optimizer;
mod solver;

pub use conflict::{Conflict, Group, Relaxation};
pub use error::{Error, Result};
pub use mandate::{Constraints, Holdings, LinearRange, Mandate, Objective, Penalties};
pub use optimizer::{Choice, Dense, Optimizer, Settings};
pub use solver::{Precision, Solution, solve};
