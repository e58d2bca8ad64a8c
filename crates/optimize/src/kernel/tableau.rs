//! The symmetric sweep tableau, of a size fixed when it is compiled.
//!
//! Sweeping `k` with `d = M_kk`: `M_ij -= M_ik M_kj / d`, `M_ik <- e_k M_ik / d`, `M_kk <- -1 / d`,
//! and `e_k` changes its sign. The unknowns of knowns `v` are then `e * (M v)`.
//!
//! Goodnight (1979), A tutorial on the SWEEP operator.

use super::basis::Basis;
use super::kkt::Kkt;

/// A pivot below this fraction of its diagonal is taken as zero.
const TINY: f64 = 1e-11;

#[derive(Debug, Clone)]
pub(super) struct Tableau<const P: usize> {
    size: usize,
    rows: Box<[[f64; P]]>,
    /// 1 where not swept, -1 where swept.
    sign: [f64; P],
}

impl<const P: usize> Tableau<P> {
    fn sweep(&mut self, k: usize) {
        let column = self.rows[k];
        let inverse = 1.0 / column[k];
        let scaled = self.sign[k] * inverse;
        for (i, row) in self.rows[..self.size].iter_mut().enumerate() {
            let factor = column[i] * inverse;
            for (value, c) in row.iter_mut().zip(&column) {
                *value -= factor * c;
            }
            row[k] = column[i] * scaled;
        }
        let pivot_row = &mut self.rows[k];
        for (value, c) in pivot_row.iter_mut().zip(&column) {
            *value = c * scaled;
        }
        pivot_row[k] = -inverse;
        self.sign[k] = -self.sign[k];
    }

    /// Sweeps two indices at once: the inverse of their 2 x 2 block in place of `1 / d`.
    fn sweep_pair(&mut self, a: usize, b: usize) -> bool {
        let (col_a, col_b) = (self.rows[a], self.rows[b]);
        let (aa, ab, bb) = (col_a[a], col_a[b], col_b[b]);
        let det = aa * bb - ab * ab;
        if det.abs() <= TINY * ab * ab.abs().max(TINY) {
            return false;
        }
        let (inv_aa, inv_ab, inv_bb) = (bb / det, -ab / det, aa / det);
        let (mut to_a, mut to_b) = ([0.0; P], [0.0; P]);
        for j in 0..P {
            to_a[j] = inv_aa * col_a[j] + inv_ab * col_b[j];
            to_b[j] = inv_ab * col_a[j] + inv_bb * col_b[j];
        }
        for (i, row) in self.rows[..self.size].iter_mut().enumerate() {
            let (fa, fb) = (col_a[i], col_b[i]);
            for (j, value) in row.iter_mut().enumerate() {
                *value -= fa * to_a[j] + fb * to_b[j];
            }
        }
        let (ea, eb) = (self.sign[a], self.sign[b]);
        for i in 0..self.size {
            (self.rows[i][a], self.rows[a][i]) = (to_a[i] * ea, to_a[i] * ea);
            (self.rows[i][b], self.rows[b][i]) = (to_b[i] * eb, to_b[i] * eb);
        }
        (self.rows[a][a], self.rows[b][b]) = (-inv_aa, -inv_bb);
        let cross = -ea * inv_ab * eb;
        (self.rows[a][b], self.rows[b][a]) = (cross, cross);
        (self.sign[a], self.sign[b]) = (-ea, -eb);
        true
    }

    /// Sweeps what the plain order could not: pairs of indices with no pivot of their own.
    fn sweep_rest(&mut self, kkt: &Kkt, mut rest: Vec<usize>) -> bool {
        while !rest.is_empty() {
            let before = rest.len();
            rest.retain(|&k| {
                let sweepable = self.rows[k][k].abs() > pivot_floor(kkt, k);
                if sweepable {
                    self.sweep(k);
                }
                !sweepable
            });
            if rest.len() == before {
                let Some((a, b)) = self.best_pair(&rest) else { return false };
                if !self.sweep_pair(a, b) {
                    return false;
                }
                rest.retain(|&k| k != a && k != b);
            }
        }
        true
    }

    fn best_pair(&self, rest: &[usize]) -> Option<(usize, usize)> {
        let pairs = rest
            .iter()
            .enumerate()
            .flat_map(|(at, &a)| rest[at + 1..].iter().map(move |&b| (a, b)));
        pairs
            .map(|(a, b)| (self.rows[a][b].abs(), (a, b)))
            .filter(|(size, _)| *size > 1e-11)
            .max_by(|x, y| x.0.total_cmp(&y.0))
            .map(|(_, pair)| pair)
    }
}

fn pivot_floor(kkt: &Kkt, k: usize) -> f64 {
    if k < kkt.variables { TINY * kkt.diagonal(k) } else { TINY }
}

impl<const P: usize> Basis for Tableau<P> {
    fn new(size: usize) -> Self {
        Self { size, rows: vec![[0.0; P]; P].into_boxed_slice(), sign: [1.0; P] }
    }

    fn factor(&mut self, kkt: &Kkt, swept: &[bool]) -> bool {
        for (row, from) in self.rows.iter_mut().zip(kkt.matrix.iter_rows()) {
            row[..kkt.size].copy_from_slice(from);
        }
        self.sign = [1.0; P];
        let mut rest = Vec::new();
        for k in (0..kkt.size).filter(|&k| swept[k]) {
            if self.rows[k][k].abs() > pivot_floor(kkt, k) {
                self.sweep(k);
            } else {
                rest.push(k);
            }
        }
        rest.is_empty() || self.sweep_rest(kkt, rest)
    }

    fn unknowns(&self, _: &Kkt, knowns: &[f64], out: &mut [f64]) {
        let mut sum = [0.0; P];
        for (row, &known) in self.rows.iter().zip(knowns) {
            for (to, value) in sum.iter_mut().zip(row) {
                *to += known * value;
            }
        }
        for ((to, value), sign) in out.iter_mut().zip(&sum).zip(&self.sign) {
            *to = sign * value;
        }
    }

    fn column(&self, _: &Kkt, index: usize, out: &mut [f64]) {
        for ((to, value), sign) in out.iter_mut().zip(&self.rows[index]).zip(&self.sign) {
            *to = sign * value;
        }
    }

    fn pivot(&mut self, _: &Kkt, index: usize) -> bool {
        self.sweep(index);
        true
    }

    fn exchange(&mut self, _: &Kkt, one: usize, other: usize) -> bool {
        self.sweep_pair(one, other)
    }

    fn copy_from(&mut self, other: &Self) {
        self.rows[..self.size].copy_from_slice(&other.rows[..self.size]);
        self.sign = other.sign;
    }
}
