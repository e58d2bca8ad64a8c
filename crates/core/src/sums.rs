//! Sums over any trailing window, from prefix sums.
//!
//! - `prefix`: sums up to each row that lose no digits to what came long before;
//! - `products`: what is summed;
//! - `blocks`: the sums of a market, each made when it is first asked for;
//! - `window`: what a [`Past`](crate::Past) hands out of them.

pub(crate) mod blocks;
mod prefix;
mod products;
pub(crate) mod window;
