//! The parameters of a number of states, and that there are none.

/// Every start led to states of single returns, where the likelihood has no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Collapsed;

/// Parameters of `K` states.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Parameters<const K: usize> {
    pub(super) start: [f64; K],
    pub(super) transition: [[f64; K]; K],
    pub(super) mean: [f64; K],
    pub(super) variance: [f64; K],
}
