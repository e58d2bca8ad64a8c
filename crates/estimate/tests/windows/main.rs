//! Moments from prefix sums against the estimators that read the rows.

mod compare;
mod errors;
mod generated;
mod real;
