//! A parametric active-set method for small dense programs.
//!
//! A study solves the same quadratic program over and over, each a little different from the last.
//! The method keeps the last answer with its active set and moves the data to the new program in a
//! straight line, so that a solve costs the one or two changes of the active set on the way.
//!
//! - `program`: the programs and their answers; `kkt`: the matrix.
//! - `basis`: what the method needs of a factorization; `tableau` for small programs,
//!   `factors` for large ones, with the `inverse` of its border.
//! - `homotopy`: the state and its ratio tests; `turn` follows a line and changes the set, `finish`
//!   ends it, `active_set` begins it; `blocks` changes the set by many at once.
//! - `kinks`: costs that are linear on either side of a place, where variables can rest.
//! - `nearest`: of several solutions the one nearest to a point; `low_rank`: a diagonal and a few rows in
//!   place of a matrix.
//! - `parametric`: programs with a parameter and rules where to stop; `path` follows them: the robust
//!   utility, limits of risk or turnover, the largest ratio of reward and risk; `frontier` has all of it.
//! - `piecewise`: linear programs with kinks of rows: the tail of the losses of many scenarios.
//! - `risk_parity`: given shares of risk.
//! - `subset`: few holdings, with proof; `perspective`, its bound for many assets.
//! - `ratio`: the ratio of return to tracking error.
//!
//! Best (1996), An algorithm for the solution of the parametric quadratic programming problem;
//! Ferreau, Bock & Diehl (2008), An online active set strategy.

mod active_set;
mod basis;
mod blocks;
mod factors;
mod finish;
mod frontier;
mod homotopy;
mod inverse;
mod joints;
mod kinks;
mod kkt;
pub(crate) mod low_rank;
pub(crate) mod nearest;
mod parametric;
mod path;
mod perspective;
pub(crate) mod piecewise;
pub(crate) mod program;
mod ratio;
pub(crate) mod risk_parity;
pub(crate) mod subset;
mod tableau;
mod turn;

#[cfg(test)]
mod tests;

pub use active_set::ActiveSet;
pub use frontier::Frontier;
pub use kinks::Kinks;
pub use parametric::{Corner, Parametric, Until};
pub use program::{Answer, Program, Ratio, Ray, Stop, Utility};
pub use ratio::{RatioAnswer, RatioSolver};
