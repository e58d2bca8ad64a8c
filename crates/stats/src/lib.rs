//! What return series say, and how surely: pure functions of their arguments.
//!
//! [`measures`] says how a strategy went, [`inference`] how much of that may be luck.

pub mod inference;
pub mod measures;
