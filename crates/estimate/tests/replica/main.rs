//! The replica study's estimators: features, expected returns, active risk, weighted rows.
//!
//! `SOURCE.md` says where the numbers come from that the tests compare with.

#![allow(clippy::unwrap_used)] // clippy knows test functions only, not their helpers

mod covariance;
mod data;
mod expected_returns;
mod features;
mod no_look_ahead;
mod regimes;
mod shrunk_and_priced;
mod stated;
mod weighted;
