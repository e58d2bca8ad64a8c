//! What a study decides for the next session, or for any one.
//!
//! It is the backtest's own code on a market with one session row more: a decision of a past date has the
//! bits of the backtest's.

mod ask;
mod check;
mod decided;
mod limits;
mod live;
mod notes;
mod risk;
mod when;

pub use ask::Ask;
pub use check::{PastCheck, check_past};
pub use decided::Decided;
pub use live::Live;
