//! Linear programs with piecewise linear terms, such as the mean of the worst losses of many scenarios.
//!
//! `min c'x + sum_e s_e(v_e)` with `v = E x - b` and `lo <= x <= hi`, where each term `s_e` has one slope below 0 and
//! another one above. As a linear program a tail of `T` scenarios has `T` more variables and rows; here it has none.
//! A vertex is a set of free variables and as many terms that are at their kink, and one pivot exchanges one of these
//! for another. It does not stop at the first kink on its way: it goes on, from kink to kink, for as long as the
//! objective falls. So a pivot costs the products of the scenarios with the few variables that move, and there are
//! about as many pivots as weights and kinks, whatever the number of scenarios is.
//!
//! A row that must hold is a term with a steep slope.
//!
//! - `basis`: the inverse of the matrix of the vertex; `line`: how far to go; `pivot`: the simplex method.
//!
//! Barrodale & Roberts (1973), An improved algorithm for discrete l1 linear approximation; Koenker & d'Orey (1987),
//! Computing regression quantiles; Fourer (1985), A simplex algorithm for piecewise-linear programming.

mod basis;
mod line;
mod pivot;

#[cfg(test)]
mod tests;

use walkfolio_core::{Interrupt, Matrix};

use super::program::Stop;
use pivot::Simplex;

/// A variable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Column {
    /// The column of the matrix that it is multiplied with, if it is any: several may share one.
    pub asset: Option<usize>,
    pub cost: f64,
    /// Bounds; may be infinite of a variable that is free at the start.
    pub lo: f64,
    pub hi: f64,
}

/// A term `s(v)` of `v = row'x + extra'x - offset`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    /// The row of the matrix that it has, if it has any.
    pub row: Option<usize>,
    /// Further coefficients, by column.
    pub extra: Vec<(usize, f64)>,
    pub offset: f64,
    /// The slopes below 0, at most 0, and above, at least 0: infinite where it must hold.
    pub slopes: [f64; 2],
}

/// A program.
#[derive(Debug, Clone)]
pub(crate) struct Piecewise {
    /// Rows of the terms, a value for each asset.
    pub matrix: Matrix,
    pub columns: Vec<Column>,
    pub terms: Vec<Term>,
}

/// A vertex to begin at.
#[derive(Debug, Clone)]
pub(crate) struct Vertex {
    /// All that is not free is at a bound.
    pub x: Vec<f64>,
    pub free: Vec<usize>,
    /// As many terms, at their kink for the right values of what is free.
    pub kinks: Vec<usize>,
}

/// The best vertex.
#[derive(Debug, Clone)]
pub(crate) struct Best {
    pub vertex: Vertex,
    /// The slope of each term there: at a kink one between its two, such that nothing is better.
    pub slopes: Vec<f64>,
    pub pivots: u32,
}

impl Piecewise {
    /// Its best vertex.
    ///
    /// # Errors
    /// [`Stop::Unbounded`]; [`Stop::Limit`] after too many pivots, where terms that must hold do not, and where the
    /// interrupt is raised; [`Stop::Singular`] where the vertex has no inverse.
    pub fn solve(&self, from: Vertex, interrupt: &Interrupt) -> Result<Best, Stop> {
        Simplex::new(self, from)?.run(interrupt)
    }
}
