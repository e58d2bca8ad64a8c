//! Objectives and constraints against independent programs (`SOURCE.md` beside the golden files).
//!
//! Daily covariances times 252; the files' objective of a minimum variance is half of it. Tolerances are those
//! of the source: 1e-9 of the objective, 1e-7 of a weight.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

mod frontier;
mod parity;
mod plain;
mod problem;
mod random20;
mod ratios;
mod tails;
mod trades;
