//! What a backtest achieved: returns, risk, tracking, tails, concentration and turnover.
//!
//! [`measure`] takes a [`Record`], one contiguous period of a backtest, and gives every figure of
//! the list that [`definitions`] returns, in its order. To add a figure, write its function and its
//! [`Definition`] in the file of its group and a line in `measures/list.rs`; every other list of
//! keys, columns, labels and formulas is made from that one.
//!
//! Returns are simple returns as fractions. A figure that is not defined (too few sessions, no
//! benchmark, no variance) is `None`, never NaN.

pub mod concentration;
mod counts;
mod definition;
pub mod drawdown;
mod line;
mod list;
pub(crate) mod moments;
pub mod monthly;
mod needs;
mod notes;
pub mod performance;
mod period;
mod record;
pub mod relative;
mod series;
pub mod shape;
pub mod tail;
pub mod turnover;
mod values;
mod wealth;

pub use definition::{Better, Definition, Unit};
pub use list::definitions;
pub use needs::Needs;
pub use record::{RebalanceRecord, Record, Trade};
pub use values::{Measures, measure};

#[cfg(test)]
mod tests;
