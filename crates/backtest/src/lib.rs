//! A policy and a market to trades and returns.
//!
//! [`Backtest`] is the way in: it asks a policy for its decisions, each from its own past, and holds
//! them through the market with drift, costs, delistings and wipeout. [`walk`] and [`simulate`] are
//! its two halves, for callers that already have rows or decisions.

mod account;
mod builder;
mod checkpoint;
mod costs;
mod error;
mod execution;
#[cfg(test)]
mod fixtures;
mod held;
mod last;
mod notes;
mod observer;
mod position;
mod simulate;
mod steps;
mod turnovers;
mod walk;

pub use account::{
    AccountDay, AccountOrder, AccountRules, AccountSimulation, Commission, Fill, Financing, Margin,
    OrderReason, simulate_account,
};
pub use builder::{Backtest, Backtested};
pub use checkpoint::{CheckpointStore, NoCheckpoints};
pub use costs::{InitialTrade, LinearCost};
pub use error::{Error, Result};
pub use execution::{Drift, Execution};
pub use held::Held;
pub use last::LastDecision;
pub use observer::{Observer, Silent};
pub use position::holdings_at;
pub use simulate::{Rebalance, Simulation, simulate};
pub use steps::{Step, Walk};
pub use turnovers::{Turnovers, turnovers_before};
pub use walk::{CHAIN, decision_rows, first_full_row, walk};
