//! Decisions carried out in a cash account: whole shares, dividends and splits, interest, margin, commissions, and
//! money that is paid in and out.
//!
//! [`simulate_account`] is to money what [`simulate`](crate::simulate) is to fractions of equity. One holds the
//! weights of a decision and knows nothing of shares; the other keeps a ledger in which every change of cash has its
//! reason, so that cash is conserved to the last digit that is computed.

mod day;
mod flows;
mod ledger;
mod margin;
mod rebalance;
mod rules;
mod simulate;

pub use day::{AccountDay, AccountOrder, OrderReason};
pub use rules::{AccountRules, Commission, Fill, Financing, Margin};
pub use simulate::{AccountSimulation, simulate_account};

#[cfg(test)]
mod tests;
