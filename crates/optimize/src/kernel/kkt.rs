//! The KKT matrix of a program.

use walkfolio_core::Matrix;
use walkfolio_core::dense::add_rows;

/// Up to so many rows a list of them costs more than it saves.
const SMALL: usize = 32;

/// The symmetric matrix `[H/c A'; A 0]`, `c` the mean diagonal of `H`.
///
/// The scale makes tolerances mean the same whether returns are daily or annual.
#[derive(Debug, Clone)]
pub(super) struct Kkt {
    pub variables: usize,
    pub size: usize,
    pub scale: f64,
    pub matrix: Matrix,
    /// What was added to the diagonal of `H/c`.
    ridge: f64,
    /// Towards what the ridge pulls; nothing without one.
    pub near: Vec<f64>,
}

impl Kkt {
    pub fn zeros(variables: usize, rows: usize) -> Self {
        let size = variables + rows;
        Self {
            variables,
            size,
            scale: 1.0,
            matrix: Matrix::zeros(size, size),
            ridge: 0.0,
            near: Vec::new(),
        }
    }

    /// Takes the matrices of a program of the same shape.
    pub fn set(&mut self, h: &Matrix, a: &Matrix) {
        let n = self.variables;
        self.ridge = 0.0;
        self.near.clear();
        let mean = (0..n).map(|i| h[(i, i)]).sum::<f64>() / n as f64;
        self.scale = if mean > 0.0 { mean } else { 1.0 };
        let factor = 1.0 / self.scale;
        for i in 0..n {
            let row = self.matrix.row_mut(i);
            for (to, from) in row[..n].iter_mut().zip(h.row(i)) {
                *to = from * factor;
            }
            for (k, to) in row[n..].iter_mut().enumerate() {
                *to = a[(k, i)];
            }
        }
        for k in 0..a.rows() {
            self.matrix.row_mut(n + k)[..n].copy_from_slice(a.row(k));
        }
    }

    pub fn diagonal(&self, i: usize) -> f64 {
        self.matrix[(i, i)]
    }

    /// Adds a ridge towards a point to `H/c`.
    ///
    /// # Panics
    /// Unless the point has a value for each variable: a fault of the caller.
    pub fn add_ridge(&mut self, ridge: f64, near: &[f64]) {
        assert_eq!(near.len(), self.variables, "one value for each variable");
        self.ridge = ridge;
        self.near.extend(near);
        (0..self.variables).for_each(|i| self.matrix[(i, i)] += ridge);
    }

    /// Whether `H` leaves directions open that a ridge closes.
    pub fn has_ridge(&self) -> bool {
        self.ridge > 0.0
    }

    /// `out = K u`.
    pub fn times(&self, u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        if self.size <= SMALL {
            for (&value, row) in u.iter().zip(self.matrix.iter_rows()) {
                out.iter_mut().zip(row).for_each(|(to, from)| *to += value * from);
            }
            return;
        }
        let terms = u.iter().copied().zip(self.matrix.iter_rows());
        add_rows(out, &terms.filter(|(value, _)| *value != 0.0).collect::<Vec<_>>());
    }

    /// As [`Kkt::times`], with `H` as it was given.
    pub fn times_without_ridge(&self, u: &[f64], out: &mut [f64]) {
        self.times(u, out);
        for (to, value) in out.iter_mut().zip(&u[..self.variables]) {
            *to -= self.ridge * value;
        }
    }
}
