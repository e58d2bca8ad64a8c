//! A policy and a market to trades and returns.
//!
//! [`walk`] asks a policy for its decisions, each from its own past; [`simulate`] holds them through
//! the market in one pass, with drift, costs and ruin.

mod costs;
mod error;
mod simulate;
mod walk;

pub use costs::{FirstPurchase, LinearCost};
pub use error::{Error, Result};
pub use simulate::{Drift, Execution, Rebalance, Simulation, simulate};
pub use walk::{
    CHAIN, KeepNothing, Keeper, Observer, Silent, Step, Walk, first_full_row, holdings_at, walk,
    walk_kept,
};
