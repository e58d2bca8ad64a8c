//! What a study decides for the next session, or for any one.
//!
//! It is the backtest's own code on a market with one session row more: a decision of a past date has the
//! bits of the backtest's.

mod account;
mod accounts;
mod accounts_terms;
mod ask;
mod asset;
mod check;
mod decided;
mod desk;
mod drift;
mod limits;
mod live;
mod notes;
mod planner;
mod risk;
mod tax;
mod tax_input;
mod trade;
mod when;

pub use account::{AccountInput, LiveAccount};
pub use accounts_terms::Terms;
pub use ask::Ask;
pub use check::{PastCheck, check_past};
pub use decided::Decided;
pub use live::Live;
pub use tax_input::TaxInput;
