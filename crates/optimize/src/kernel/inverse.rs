//! The inverse of a small symmetric matrix that grows and shrinks, by bordering.

use walkfolio_core::linear::{dot, dot_in_lanes, max_abs};

/// A pivot of elimination below this is zero.
const TINY: f64 = 1e-12;

/// A symmetric matrix and its inverse, by rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Inverse {
    matrix: Vec<Vec<f64>>,
    inverse: Vec<Vec<f64>>,
}

impl Inverse {
    pub fn clear(&mut self) {
        self.matrix.clear();
        self.inverse.clear();
    }

    /// `matrix^-1 b`.
    pub fn times(&self, b: &[f64]) -> Vec<f64> {
        self.inverse.iter().map(|row| dot_in_lanes(row, b)).collect()
    }

    /// Adds a row and column to the matrix and none to the inverse: [`Inverse::invert`] must follow.
    pub fn append(&mut self, border: &[f64], corner: f64) {
        self.matrix.iter_mut().zip(border).for_each(|(row, &value)| row.push(value));
        self.matrix.push(border.iter().copied().chain([corner]).collect());
    }

    /// Removes a row and column of the matrix, the last one taking their place; [`Inverse::invert`] must
    /// follow.
    pub fn omit(&mut self, at: usize) {
        self.matrix.swap_remove(at);
        for row in &mut self.matrix {
            row.swap_remove(at);
        }
    }

    /// Adds a row and column to both. `false` if the inverse does not allow it.
    pub fn grow(&mut self, border: &[f64], corner: f64) -> bool {
        let u = self.times(border);
        let schur = corner - dot(border, &u);
        self.append(border, corner);
        if schur == 0.0 || !schur.is_finite() {
            return false;
        }
        let inverse = 1.0 / schur;
        for (row, &left) in self.inverse.iter_mut().zip(&u) {
            let factor = left * inverse;
            row.iter_mut().zip(&u).for_each(|(value, right)| *value += factor * right);
            row.push(-factor);
        }
        self.inverse.push(u.iter().map(|value| -value * inverse).chain([inverse]).collect());
        true
    }

    /// Removes a row and column of both, the last one taking their place. `false` if the inverse does not
    /// allow it.
    pub fn shrink(&mut self, at: usize) -> bool {
        self.omit(at);
        let column: Vec<f64> = self.inverse.iter().map(|row| row[at]).collect();
        let pivot = column[at];
        if pivot == 0.0 || !pivot.is_finite() {
            return false;
        }
        let removed = self.inverse.swap_remove(at);
        for (i, row) in self.inverse.iter_mut().enumerate() {
            let from = if i == at { column.len() - 1 } else { i };
            let factor = column[from] / pivot;
            row.iter_mut().zip(&removed).for_each(|(value, c)| *value -= factor * c);
            row.swap_remove(at);
        }
        true
    }

    /// Inverts by Gauss-Jordan elimination with row pivoting. `false` if the matrix is singular.
    pub fn invert(&mut self) -> bool {
        let s = self.matrix.len();
        let mut rows: Vec<Vec<f64>> = (self.matrix.iter().enumerate())
            .map(|(at, row)| {
                // Each row in units of its own: those of rows, variables and bounds differ.
                let size = max_abs(row);
                let scale = if size > 0.0 { 1.0 / size } else { 1.0 };
                let unit = (0..s).map(|j| if j == at { scale } else { 0.0 });
                row.iter().map(|value| value * scale).chain(unit).collect()
            })
            .collect();
        for k in 0..s {
            let best = (k..s).max_by(|&a, &b| rows[a][k].abs().total_cmp(&rows[b][k].abs()));
            let Some(best) = best.filter(|&best| rows[best][k].abs() > TINY) else {
                return false;
            };
            rows.swap(k, best);
            let mut pivot_row = std::mem::take(&mut rows[k]);
            let inverse = 1.0 / pivot_row[k];
            pivot_row[k..].iter_mut().for_each(|value| *value *= inverse);
            for row in rows.iter_mut().filter(|row| !row.is_empty()) {
                let factor = row[k];
                if factor != 0.0 {
                    let pairs = row[k..].iter_mut().zip(&pivot_row[k..]);
                    pairs.for_each(|(value, p)| *value -= factor * p);
                }
            }
            rows[k] = pivot_row;
        }
        self.inverse = rows.into_iter().map(|row| row[s..].to_vec()).collect();
        true
    }
}
