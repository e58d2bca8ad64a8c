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
mod program;

#[cfg(test)]
mod tests;

use walkfolio_core::Interrupt;

use super::program::Stop;
use pivot::Simplex;
pub(crate) use program::{Best, Column, Piecewise, Term, Vertex};

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
