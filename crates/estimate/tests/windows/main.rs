//! Moments from prefix sums against the estimators that read the rows.

#![allow(clippy::unwrap_used)] // clippy knows test functions only, not their helpers

mod compare;
mod errors;
mod generated;
mod real;
