//! The symmetric sweep tableau, of a size fixed when it is compiled.
//!
//! Sweeping `k` with `d = M_kk`: `M_ij -= M_ik M_kj / d`, `M_ik <- e_k M_ik / d`, `M_kk <- -1 / d`,
//! and `e_k` changes its sign. The unknowns of knowns `v` are then `e * (M v)`.
//!
//! Goodnight (1979), A tutorial on the SWEEP operator.

// Instructions beyond the target's baseline reach only what is inlined into the dispatch.
#![allow(clippy::inline_always)]

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch};

use super::basis::Basis;
use super::kkt::Kkt;

/// A pivot below this fraction of its diagonal is taken as zero.
const TINY: f64 = 1e-11;

#[derive(Debug, Clone)]
pub(super) struct Tableau<const P: usize> {
    /// The machine's widest registers; the bits are those of any.
    level: Level,
    size: usize,
    rows: Box<[[f64; P]]>,
    /// 1 where not swept, -1 where swept.
    sign: [f64; P],
}

impl<const P: usize> Tableau<P> {
    fn sweep(&mut self, k: usize) {
        let (rows, sign) = (&mut self.rows[..self.size], &mut self.sign);
        dispatch!(self.level, simd => sweep(simd, rows, sign, k));
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

#[inline(always)]
fn sweep<S: Simd, const P: usize>(simd: S, rows: &mut [[f64; P]], sign: &mut [f64; P], k: usize) {
    let column = rows[k];
    let inverse = 1.0 / column[k];
    let scaled = sign[k] * inverse;
    let (mut marks, one) = ([0.0; P], S::f64s::splat(simd, 1.0));
    marks[k] = 1.0;
    for (i, row) in rows.iter_mut().enumerate() {
        let (factor, own) = (column[i] * inverse, column[i] * scaled);
        let (factor, own) = (S::f64s::splat(simd, factor), S::f64s::splat(simd, own));
        for (part, values) in lanes_mut::<S, P>(row).enumerate() {
            let at = part * S::f64s::LEN;
            let c = S::f64s::from_slice(simd, &column[at..at + S::f64s::LEN]);
            let value = S::f64s::from_slice(simd, values) - factor * c;
            // A number written into a row would have to wait for the row, and the next sweep for it.
            let mark = S::f64s::from_slice(simd, &marks[at..at + S::f64s::LEN]);
            mark.simd_eq(one).select(own, value).store_slice(values);
        }
    }
    let pivot_row = &mut rows[k];
    for (value, c) in pivot_row.iter_mut().zip(&column) {
        *value = c * scaled;
    }
    pivot_row[k] = -inverse;
    sign[k] = -sign[k];
}

/// Sweeps indices in order; those with no pivot of their own are left.
#[inline(always)]
fn sweep_all<S: Simd, const P: usize>(
    simd: S,
    rows: &mut [[f64; P]],
    sign: &mut [f64; P],
    (kkt, swept): (&Kkt, &[bool]),
) -> Vec<usize> {
    let mut rest = Vec::new();
    for k in (0..kkt.size).filter(|&k| swept[k]) {
        if rows[k][k].abs() > pivot_floor(kkt, k) {
            sweep(simd, rows, sign, k);
        } else {
            rest.push(k);
        }
    }
    rest
}

/// The sum of rows, each times its known.
#[inline(always)]
fn sum_of<S: Simd, const P: usize>(simd: S, rows: &[[f64; P]], knowns: &[f64]) -> [f64; P] {
    let mut sum = [0.0; P];
    for (part, to) in lanes_mut::<S, P>(&mut sum).enumerate() {
        let at = part * S::f64s::LEN;
        let mut own = S::f64s::splat(simd, 0.0);
        for (row, &known) in rows.iter().zip(knowns) {
            let values = S::f64s::from_slice(simd, &row[at..at + S::f64s::LEN]);
            own += S::f64s::splat(simd, known) * values;
        }
        own.store_slice(to);
    }
    sum
}

/// The parts of a row that fill a register.
#[inline(always)]
fn lanes_mut<S: Simd, const P: usize>(row: &mut [f64; P]) -> impl Iterator<Item = &mut [f64]> {
    row.chunks_exact_mut(S::f64s::LEN)
}

fn pivot_floor(kkt: &Kkt, k: usize) -> f64 {
    if k < kkt.variables { TINY * kkt.diagonal(k) } else { TINY }
}

impl<const P: usize> Basis for Tableau<P> {
    fn new(size: usize) -> Self {
        // Whole registers, of whatever width.
        const { assert!(P.is_multiple_of(8)) };
        let rows = vec![[0.0; P]; P].into_boxed_slice();
        Self { level: Level::new(), size, rows, sign: [1.0; P] }
    }

    fn factor(&mut self, kkt: &Kkt, swept: &[bool]) -> bool {
        for (row, from) in self.rows.iter_mut().zip(kkt.matrix.iter_rows()) {
            row[..kkt.size].copy_from_slice(from);
        }
        self.sign = [1.0; P];
        let (rows, sign) = (&mut self.rows[..self.size], &mut self.sign);
        let rest = dispatch!(self.level, simd => sweep_all(simd, rows, sign, (kkt, swept)));
        rest.is_empty() || self.sweep_rest(kkt, rest)
    }

    fn unknowns(&self, _: &Kkt, knowns: &[f64], out: &mut [f64]) {
        let rows = &self.rows[..self.size];
        let sum = dispatch!(self.level, simd => sum_of(simd, rows, knowns));
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

#[cfg(test)]
mod tests {
    use walkfolio_core::Matrix;
    use walkfolio_core::random::SplitMix64;

    use super::*;

    /// Every set of instructions that this machine has.
    fn levels() -> Vec<Level> {
        let best = Level::new();
        #[cfg(target_arch = "x86_64")]
        {
            let found = [
                best.as_sse2().map(Simd::level),
                best.as_sse4_2().map(Simd::level),
                best.as_avx2().map(Simd::level),
                best.as_avx512().map(Simd::level),
            ];
            found.into_iter().flatten().collect()
        }
        #[cfg(not(target_arch = "x86_64"))]
        vec![best]
    }

    /// The unknowns of a program of `n` variables and a budget, after a factorization and a pivot.
    fn unknowns<const P: usize>(level: Level, n: usize) -> Vec<u64> {
        let mut random = SplitMix64::new(n as u64);
        let x = Matrix::from_rows(2 * n, n, (0..2 * n * n).map(|_| random.unit() - 0.5).collect());
        let mut kkt = Kkt::zeros(n, 1);
        kkt.set(&x.gram(), &Matrix::from_rows(1, n, vec![1.0; n]));
        let mut tableau = Tableau::<P> { level, ..Tableau::new(n + 1) };
        assert!(tableau.factor(&kkt, &vec![true; n + 1]));
        assert!(tableau.pivot(&kkt, n / 2));
        let knowns: Vec<f64> = (0..=n).map(|_| random.unit()).collect();
        let mut out = vec![0.0; n + 1];
        tableau.unknowns(&kkt, &knowns, &mut out);
        out.iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn every_level_gives_the_same_bits() {
        for n in [1, 7, 11, 15] {
            let all: Vec<_> = levels().into_iter().map(|level| unknowns::<16>(level, n)).collect();
            assert!(all.iter().all(|bits| *bits == all[0]), "{n} variables");
        }
        let all: Vec<_> = levels().into_iter().map(|level| unknowns::<32>(level, 29)).collect();
        assert!(all.iter().all(|bits| *bits == all[0]));
    }
}
