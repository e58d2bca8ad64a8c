//! The upper factor `U` of a symmetric positive definite matrix, `U'U = A`, in panels.

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch};

use super::WIDTH;
use super::panels::{Tile, product};
use crate::Matrix;

/// `U` with `U'U = A`, upper triangular.
///
/// A variable that those before it explain, so that its pivot is below a given floor, is left out: its
/// row and column of `U` are those of the identity. Entries are `(a_ij - sum) / u_ii` with the sum taken
/// row after row, the same bits as [`Matrix::cholesky`](crate::Matrix::cholesky).
///
/// # Source
/// Higham (2002), Accuracy and Stability of Numerical Algorithms, ch. 10.
/// # Examples
/// ```
/// use walkfolio_core::{Matrix, dense::Cholesky};
///
/// // [4 2; 2 3] x = [2; -1] has x = [1, -1].
/// let a = Matrix::from_rows(2, 2, vec![4.0, 2.0, 2.0, 3.0]);
/// let factor = Cholesky::of(|i| a.row(i).iter().copied(), &[0.0; 2]);
/// let mut x = [2.0, -1.0];
/// factor.solve(&mut x);
/// assert!((x[0] - 1.0).abs() < 1e-15 && (x[1] + 1.0).abs() < 1e-15);
/// assert!(factor.left_out().is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cholesky {
    size: usize,
    /// Panel after panel, of panel `p` the rows `0..8p + 8`.
    lines: Vec<[f64; WIDTH]>,
    left_out: Vec<(usize, f64)>,
}

/// Where a panel begins.
fn start(panel: usize) -> usize {
    WIDTH * panel * (panel + 1) / 2
}

impl Cholesky {
    /// The factor of a matrix whose rows are given, each from its first column on; what is left of the
    /// diagonal is not read. A pivot must exceed its floor; there is one for each variable.
    pub fn of<R: Iterator<Item = f64>>(row: impl FnMut(usize) -> R, floors: &[f64]) -> Self {
        let mut factor = Self::default();
        factor.set(row, floors);
        factor
    }

    /// As [`Cholesky::of`], in the memory of the factor that was here.
    pub fn set<R: Iterator<Item = f64>>(&mut self, row: impl FnMut(usize) -> R, floors: &[f64]) {
        self.set_with(Level::new(), row, floors);
    }

    pub(super) fn set_with<R: Iterator<Item = f64>>(
        &mut self,
        level: Level,
        mut row: impl FnMut(usize) -> R,
        floors: &[f64],
    ) {
        self.prepare(floors.len());
        for i in 0..self.size {
            self.copy_row(i, row(i).skip(i));
        }
        self.factorize(level, floors);
    }

    /// As [`Cholesky::set`], for some rows and columns of a symmetric matrix, in order.
    ///
    /// # Panics
    /// Unless there is a floor for each of them: a fault of the caller.
    pub fn set_part(&mut self, matrix: &Matrix, indices: &[usize], floors: &[f64]) {
        assert_eq!(indices.len(), floors.len(), "one floor for each variable");
        self.prepare(indices.len());
        for (panel, columns) in indices.chunks(WIDTH).enumerate() {
            let first = columns[0];
            let adjacent =
                columns.len() == WIDTH && columns.iter().zip(first..).all(|(&j, at)| j == at);
            let lines = &mut self.lines[start(panel)..start(panel + 1)];
            for (line, &i) in lines.iter_mut().zip(indices) {
                let row = matrix.row(i);
                if adjacent {
                    line.copy_from_slice(&row[first..first + WIDTH]);
                } else {
                    line.iter_mut().zip(columns).for_each(|(to, &j)| *to = row[j]);
                }
            }
        }
        self.factorize(Level::new(), floors);
    }

    /// Room for a matrix, and the identity beyond it.
    fn prepare(&mut self, size: usize) {
        let panels = size.div_ceil(WIDTH);
        self.size = size;
        self.left_out.clear();
        self.lines.resize(start(panels), [0.0; WIDTH]);
        let last = start(panels.max(1) - 1)..start(panels);
        self.lines[last].fill([0.0; WIDTH]);
        for i in size..panels * WIDTH {
            self.lines[start(panels - 1) + i][i % WIDTH] = 1.0;
        }
    }

    fn factorize(&mut self, level: Level, floors: &[f64]) {
        let (lines, left_out) = (&mut self.lines[..], &mut self.left_out);
        dispatch!(level, simd => factorize(simd, lines, floors, left_out));
    }

    /// Row `i` from the diagonal on.
    fn copy_row(&mut self, i: usize, mut values: impl Iterator<Item = f64>) {
        let mut lane = i % WIDTH;
        for panel in i / WIDTH..self.size.div_ceil(WIDTH) {
            let end = WIDTH.min(self.size - panel * WIDTH);
            for to in &mut self.lines[start(panel) + i][lane..end] {
                *to = values.next().unwrap_or(f64::NAN);
            }
            lane = 0;
        }
    }

    /// The variables that those before them explain, in order, each with its pivot, which is not above
    /// its floor.
    pub fn left_out(&self) -> &[(usize, f64)] {
        &self.left_out
    }

    /// An entry of `U`, on or above the diagonal.
    pub fn entry(&self, i: usize, j: usize) -> f64 {
        self.lines[start(j / WIDTH) + i][j % WIDTH]
    }

    /// `x` with `U'U x = b` in place of `b`; zero at variables that are left out.
    ///
    /// # Panics
    /// Unless `b` has a value for each variable: a fault of the caller.
    pub fn solve(&self, b: &mut [f64]) {
        self.solve_with(Level::new(), b);
    }

    pub(super) fn solve_with(&self, level: Level, b: &mut [f64]) {
        assert_eq!(b.len(), self.size, "one value for each variable");
        let panels = self.size.div_ceil(WIDTH);
        let mut x = vec![[0.0; WIDTH]; panels];
        x.as_flattened_mut()[..self.size].copy_from_slice(b);
        for &(i, _) in &self.left_out {
            x[i / WIDTH][i % WIDTH] = 0.0;
        }
        let lines = &self.lines[..];
        dispatch!(level, simd => {
            forward(simd, lines, &mut x);
            backward(simd, lines, &mut x);
        });
        b.copy_from_slice(&x.as_flattened()[..self.size]);
    }
}

/// Eight rows after eight rows: what the rows above contribute, then the rows themselves.
#[inline(always)]
fn factorize<S: Simd>(
    simd: S,
    lines: &mut [[f64; WIDTH]],
    floors: &[f64],
    left_out: &mut Vec<(usize, f64)>,
) {
    let panels = floors.len().div_ceil(WIDTH);
    for block in 0..panels {
        let first = block * WIDTH;
        let (above, rest) = lines.split_at_mut(start(block) + first);
        let left = &mut above[start(block)..];
        let (diagonal, later) = rest.split_at_mut(WIDTH);
        let mut sums = [[0.0; WIDTH]; WIDTH];
        product(simd, left, left, &mut sums);
        let (has_row, found) = pivots(diagonal, &sums, first, floors);
        for i in (0..WIDTH).filter(|&i| !has_row[i]) {
            for line in left.iter_mut() {
                line[i] = 0.0;
            }
            left_out.push((first + i, found[i]));
        }
        for panel in block + 1..panels {
            let at = start(panel) - start(block + 1);
            let (over, own) = later[at..at + first + WIDTH].split_at_mut(first);
            product(simd, left, over, &mut sums);
            eliminate(simd, diagonal, &has_row, own, &sums);
        }
    }
}

/// The factor of the eight rows and columns on the diagonal; which of them have a row, and their pivots.
#[inline(always)]
fn pivots(
    rows: &mut [[f64; WIDTH]],
    sums: &Tile,
    first: usize,
    floors: &[f64],
) -> ([bool; WIDTH], [f64; WIDTH]) {
    let mut sums = *sums;
    let (mut has_row, mut found) = ([true; WIDTH], [0.0; WIDTH]);
    for i in 0..WIDTH {
        let pivot = rows[i][i] - sums[i][i];
        found[i] = pivot;
        let floor = floors.get(first + i).copied().unwrap_or(0.0);
        // Not a number is no pivot either.
        if pivot.is_nan() || pivot <= floor {
            has_row[i] = false;
            rows[..i].iter_mut().for_each(|row| row[i] = 0.0);
            rows[i] = [0.0; WIDTH];
            rows[i][i] = 1.0;
            continue;
        }
        let root = pivot.sqrt();
        rows[i][i] = root;
        for j in i + 1..WIDTH {
            rows[i][j] = (rows[i][j] - sums[i][j]) / root;
        }
        for k in i + 1..WIDTH {
            for j in k..WIDTH {
                sums[k][j] += rows[i][k] * rows[i][j];
            }
        }
    }
    (has_row, found)
}

/// Eight rows of a later panel.
#[inline(always)]
fn eliminate<S: Simd>(
    simd: S,
    diagonal: &[[f64; WIDTH]],
    has_row: &[bool; WIDTH],
    own: &mut [[f64; WIDTH]],
    sums: &Tile,
) {
    let lanes = S::f64s::LEN;
    for part in 0..WIDTH / lanes {
        let (from, to) = (part * lanes, (part + 1) * lanes);
        let mut rows = [S::f64s::splat(simd, 0.0); WIDTH];
        for i in 0..WIDTH {
            if has_row[i] {
                let mut sum = S::f64s::from_slice(simd, &sums[i][from..to]);
                for k in (0..i).filter(|&k| has_row[k]) {
                    sum += S::f64s::splat(simd, diagonal[k][i]) * rows[k];
                }
                let values = S::f64s::from_slice(simd, &own[i][from..to]);
                rows[i] = (values - sum) / S::f64s::splat(simd, diagonal[i][i]);
            }
            rows[i].store_slice(&mut own[i][from..to]);
        }
    }
}

/// `y` with `U'y = b`.
#[inline(always)]
fn forward<S: Simd>(_: S, lines: &[[f64; WIDTH]], x: &mut [[f64; WIDTH]]) {
    for block in 0..x.len() {
        let (done, rest) = x.split_at_mut(block);
        let panel = &lines[start(block)..start(block + 1)];
        let (above, own) = panel.split_at(block * WIDTH);
        // Four sums for each column, so that an addition need not wait for the last.
        let mut sums = [[0.0; WIDTH]; 4];
        for (rows, known) in
            above.as_chunks::<4>().0.iter().zip(done.as_flattened().as_chunks::<4>().0)
        {
            for k in 0..4 {
                for lane in 0..WIDTH {
                    sums[k][lane] += rows[k][lane] * known[k];
                }
            }
        }
        let values = &mut rest[0];
        for lane in 0..WIDTH {
            values[lane] -= (sums[0][lane] + sums[1][lane]) + (sums[2][lane] + sums[3][lane]);
        }
        for i in 0..WIDTH {
            let value = values[i] / own[i][i];
            values[i] = value;
            for j in i + 1..WIDTH {
                values[j] -= own[i][j] * value;
            }
        }
    }
}

/// `x` with `U x = y`.
#[inline(always)]
fn backward<S: Simd>(_: S, lines: &[[f64; WIDTH]], x: &mut [[f64; WIDTH]]) {
    for block in (0..x.len()).rev() {
        let first = block * WIDTH;
        let (rest, done) = x.split_at_mut(block + 1);
        let values = &mut rest[block];
        for half in [0, WIDTH / 2] {
            let mut sums = [[0.0; WIDTH]; WIDTH / 2];
            for (panel, known) in (block + 1..).zip(&*done) {
                let at = start(panel) + first + half;
                let rows = &lines[at..at + WIDTH / 2];
                for k in 0..WIDTH / 2 {
                    for lane in 0..WIDTH {
                        sums[k][lane] += rows[k][lane] * known[lane];
                    }
                }
            }
            for (value, s) in values[half..].iter_mut().zip(&sums) {
                *value -= ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
            }
        }
        let own = &lines[start(block) + first..start(block + 1)];
        for i in (0..WIDTH).rev() {
            let mut value = values[i];
            for j in i + 1..WIDTH {
                value -= own[i][j] * values[j];
            }
            values[i] = value / own[i][i];
        }
    }
}
