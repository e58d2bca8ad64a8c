//! Products and factors of dense matrices at the speed of the machine's widest registers, with the same
//! bits on every machine.
//!
//! A matrix is held in *panels* of eight columns, each row of a panel eight numbers next to each other.
//! The order of every sum is fixed by the algorithm and not by the register: an entry of a product or
//! factor is summed over its rows one after the other, a scalar product in eight lanes that are added
//! at the end. Each operation is one of IEEE 754 without fused multiplication and addition, so that SSE2,
//! AVX2, AVX-512 and NEON, chosen at run time, agree to the bit.

// Instructions beyond the target's baseline reach only what is inlined into the dispatch.
#![allow(clippy::inline_always)]

mod cholesky;
mod panels;
mod products;

#[cfg(test)]
mod tests;

pub use cholesky::Cholesky;
pub(crate) use products::rotate_rows;
pub use products::{add_rows, gram, products_with};

/// Columns of a panel.
const WIDTH: usize = 8;
