//! The KKT matrix of a program.

use walkfolio_core::Matrix;

/// The symmetric matrix `[H/c A'; A 0]`, `c` the mean diagonal of `H`.
///
/// The scale makes tolerances mean the same whether returns are daily or annual.
#[derive(Debug, Clone)]
pub(super) struct Kkt {
    pub variables: usize,
    pub size: usize,
    pub scale: f64,
    pub matrix: Matrix,
}

impl Kkt {
    pub fn zeros(variables: usize, rows: usize) -> Self {
        let size = variables + rows;
        Self { variables, size, scale: 1.0, matrix: Matrix::zeros(size, size) }
    }

    /// Takes the matrices of a program of the same shape.
    pub fn set(&mut self, h: &Matrix, a: &Matrix) {
        let n = self.variables;
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

    /// `out = K u`.
    pub fn times(&self, u: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for (j, &value) in u.iter().enumerate() {
            if value != 0.0 {
                for (to, from) in out.iter_mut().zip(self.matrix.row(j)) {
                    *to += value * from;
                }
            }
        }
    }
}
