//! A policy and a market to a ledger and its measures.
//!
//! [`walk`] asks a policy for its decisions, each from its own past; [`simulate`] holds them through
//! the market in one pass, with drift, costs and ruin; [`measures`] says how that went and
//! [`inference`] how much of it may be luck.

mod costs;
mod error;
pub mod inference;
pub mod measures;
mod simulate;
mod walk;

pub use costs::{FirstPurchase, LinearCost};
pub use error::{Error, Result};
pub use simulate::{Drift, Execution, Rebalance, Simulation, simulate};
pub use walk::{
    CHAIN, KeepNothing, Keeper, Observer, Silent, Step, Walk, first_full_row, holdings_at, walk,
    walk_kept,
};
