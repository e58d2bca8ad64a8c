//! Where an active return comes from: effects of single periods, and how they are linked over many.
//!
//! [`brinson`] takes the active return of one period apart by groups of assets; [`carino`] scales effects of
//! single periods, which add up to differences of simple returns, so that they add up to the difference of
//! the compounded returns.

pub mod brinson;
pub mod carino;
