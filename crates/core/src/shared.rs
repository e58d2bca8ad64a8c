//! Rows that several views of a market share.

use std::ops::{Deref, Index, Range};
use std::sync::Arc;

use crate::{Matrix, Row};

/// A part of values that other views may share; changing it copies what is visible.
#[derive(Debug, Clone)]
pub(crate) struct Shared<T> {
    all: Arc<Vec<T>>,
    span: Range<usize>,
}

impl<T> Shared<T> {
    pub(crate) fn new(all: Vec<T>) -> Self {
        Self { span: 0..all.len(), all: Arc::new(all) }
    }

    /// A part of it, without a copy.
    pub(crate) fn slice(&self, part: Range<usize>) -> Self {
        debug_assert!(part.start <= part.end && part.end <= self.len());
        let span = self.span.start + part.start..self.span.start + part.end;
        Self { all: Arc::clone(&self.all), span }
    }
}

impl<T: Clone> Shared<T> {
    /// Further values after the visible ones, which are copied.
    pub(crate) fn extend(&mut self, more: impl IntoIterator<Item = T>) {
        let mut all = Vec::with_capacity(self.len() + 1);
        all.extend_from_slice(self);
        all.extend(more);
        *self = Self::new(all);
    }

    /// The visible values, to write: copied if they are shared or a part.
    pub(crate) fn make_mut(&mut self) -> &mut [T] {
        if self.span != (0..self.all.len()) {
            *self = Self::new(self.to_vec());
        }
        let all: &mut Vec<T> = Arc::make_mut(&mut self.all);
        all
    }
}

impl<T> Deref for Shared<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.all[self.span.clone()]
    }
}

impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

/// Consecutive rows of a table, shared as [`Shared`] values are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    cells: Shared<f64>,
    cols: usize,
    rows: usize,
}

impl Table {
    pub(crate) fn new(matrix: Matrix) -> Self {
        let (rows, cols) = (matrix.rows(), matrix.cols());
        Self { cells: Shared::new(matrix.into_values()), cols, rows }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn row(&self, row: Row) -> &[f64] {
        &self.cells[row * self.cols..(row + 1) * self.cols]
    }

    /// All values, by rows.
    pub(crate) fn values(&self) -> &[f64] {
        &self.cells
    }

    /// One more row, of zeros.
    pub(crate) fn extend(&mut self) {
        self.cells.extend(std::iter::repeat_n(0.0, self.cols));
        self.rows += 1;
    }

    pub(crate) fn row_mut(&mut self, row: Row) -> &mut [f64] {
        let cols = self.cols;
        &mut self.cells.make_mut()[row * cols..(row + 1) * cols]
    }

    /// Rows `rows` only, without a copy.
    pub(crate) fn slice(&self, rows: &Range<Row>) -> Self {
        let cells = self.cells.slice(rows.start * self.cols..rows.end * self.cols);
        Self { cells, cols: self.cols, rows: rows.len() }
    }
}

impl Index<(Row, usize)> for Table {
    type Output = f64;
    fn index(&self, (row, col): (Row, usize)) -> &f64 {
        &self.cells[row * self.cols + col]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_shares_its_values_until_it_changes() {
        let whole = Table::new(Matrix::from_rows(3, 2, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
        let mut part = whole.slice(&(1..3)).slice(&(1..2));
        assert_eq!(part.row(0).as_ptr(), whole.row(2).as_ptr());
        assert_eq!((part.rows(), part[(0, 1)]), (1, 6.0));
        part.row_mut(0)[0] = 9.0;
        assert_eq!((part.values(), whole.row(2)), (&[9.0, 6.0][..], &[5.0, 6.0][..]));
    }
}
