//! Measures of return series and their statistical significance: pure functions of their arguments.
//!
//! [`measures`] says how a strategy performed, [`inference`] how far that can be trusted, [`attribution`]
//! where an active return comes from.

pub mod attribution;
mod covered;
pub mod inference;
pub mod measures;
mod money_weighted;

pub use covered::Covered;
pub use money_weighted::money_weighted_return;
