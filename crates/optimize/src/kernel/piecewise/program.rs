//! A piecewise linear program and its vertices.

use walkfolio_core::Matrix;

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
