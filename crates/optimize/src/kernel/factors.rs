//! The inverse of the KKT matrix on the swept indices, updated by bordering.
//!
//! For many variables of which few are free this costs `n` times the number of swept indices for a
//! step, where a tableau would cost `n` squared.

use walkfolio_core::linear::dot_in_lanes;

use super::basis::Basis;
use super::kkt::Kkt;

#[derive(Debug, Clone)]
pub(super) struct Factors {
    /// The swept indices, in the order of the inverse.
    swept: Vec<usize>,
    /// Where an index stands in that order.
    place: Vec<Option<usize>>,
    /// The inverse, by rows.
    inverse: Vec<Vec<f64>>,
}

impl Factors {
    /// `u = K_SS^-1 b` for the swept indices.
    fn solve(&self, b: &[f64]) -> Vec<f64> {
        self.inverse.iter().map(|row| dot_in_lanes(row, b)).collect()
    }

    fn add(&mut self, kkt: &Kkt, index: usize) -> bool {
        let row = kkt.matrix.row(index);
        let border: Vec<f64> = self.swept.iter().map(|&j| row[j]).collect();
        let u = self.solve(&border);
        let schur = row[index] - border.iter().zip(&u).map(|(x, y)| x * y).sum::<f64>();
        if schur == 0.0 || !schur.is_finite() {
            return false;
        }
        let inverse = 1.0 / schur;
        for (row, &left) in self.inverse.iter_mut().zip(&u) {
            let factor = left * inverse;
            row.iter_mut().zip(&u).for_each(|(value, right)| *value += factor * right);
            row.push(-factor);
        }
        let last = u.iter().map(|value| -value * inverse).chain([inverse]).collect();
        self.inverse.push(last);
        self.place[index] = Some(self.swept.len());
        self.swept.push(index);
        true
    }

    fn remove(&mut self, index: usize) -> bool {
        let Some(at) = self.place[index] else { return false };
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
        self.swept.swap_remove(at);
        self.place[index] = None;
        if let Some(&moved) = self.swept.get(at) {
            self.place[moved] = Some(at);
        }
        true
    }

    /// Inverts `K_SS` by sweeping it in order, on its upper triangle; `false` at a pivot too small.
    fn invert_in_order(&mut self, kkt: &Kkt) -> bool {
        let s = self.swept.len();
        let mut upper: Vec<Vec<f64>> = (self.swept.iter())
            .map(|&i| {
                let row = kkt.matrix.row(i);
                self.swept.iter().map(|&j| row[j]).collect()
            })
            .collect();
        let mut column = vec![0.0; s];
        for k in 0..s {
            for (j, value) in column.iter_mut().enumerate() {
                *value = if j < k { upper[j][k] } else { upper[k][j] };
            }
            let pivot = column[k];
            let index = self.swept[k];
            let floor = if index < kkt.variables { kkt.diagonal(index) } else { 1.0 };
            if pivot.abs() <= 1e-11 * floor {
                return false;
            }
            let inverse = 1.0 / pivot;
            for (i, row) in upper.iter_mut().enumerate() {
                let factor = column[i] * inverse;
                row[i..].iter_mut().zip(&column[i..]).for_each(|(value, c)| *value -= factor * c);
            }
            // Swept rows carry the sign that turns `M` into the inverse at the end.
            for (j, &value) in column.iter().enumerate() {
                let entry = if j < k { &mut upper[j][k] } else { &mut upper[k][j] };
                *entry = value * inverse;
            }
            upper[k][k] = -inverse;
        }
        let entry = |i: usize, j: usize| -upper[i.min(j)][i.max(j)];
        self.inverse = (0..s).map(|i| (0..s).map(|j| entry(i, j)).collect()).collect();
        true
    }

    /// Inverts `K_SS` by Gauss-Jordan elimination with row pivoting.
    fn invert(&mut self, kkt: &Kkt) -> bool {
        let s = self.swept.len();
        let mut rows: Vec<Vec<f64>> = (self.swept.iter())
            .enumerate()
            .map(|(at, &i)| {
                let row = kkt.matrix.row(i);
                let unit = (0..s).map(|j| if j == at { 1.0 } else { 0.0 });
                self.swept.iter().map(|&j| row[j]).chain(unit).collect()
            })
            .collect();
        for k in 0..s {
            let best = (k..s).max_by(|&a, &b| rows[a][k].abs().total_cmp(&rows[b][k].abs()));
            let Some(best) = best.filter(|&best| rows[best][k].abs() > 1e-12) else {
                return false;
            };
            rows.swap(k, best);
            let mut pivot_row = std::mem::take(&mut rows[k]);
            let inverse = 1.0 / pivot_row[k];
            pivot_row[k..].iter_mut().for_each(|value| *value *= inverse);
            for row in rows.iter_mut().filter(|row| !row.is_empty()) {
                let factor = row[k];
                if factor != 0.0 {
                    let pairs = row[k..=s + k].iter_mut().zip(&pivot_row[k..=s + k]);
                    pairs.for_each(|(value, p)| *value -= factor * p);
                    let rest = row[s + k + 1..].iter_mut().zip(&pivot_row[s + k + 1..]);
                    rest.for_each(|(value, p)| *value -= factor * p);
                }
            }
            rows[k] = pivot_row;
        }
        self.inverse = rows.into_iter().map(|row| row[s..].to_vec()).collect();
        true
    }
}

impl Basis for Factors {
    fn new(size: usize) -> Self {
        Self { swept: Vec::new(), place: vec![None; size], inverse: Vec::new() }
    }

    fn factor(&mut self, kkt: &Kkt, swept: &[bool]) -> bool {
        self.swept = (0..kkt.size).filter(|&i| swept[i]).collect();
        self.place.fill(None);
        for (at, &index) in self.swept.iter().enumerate() {
            self.place[index] = Some(at);
        }
        self.invert_in_order(kkt) || self.invert(kkt)
    }

    fn unknowns(&self, kkt: &Kkt, knowns: &[f64], out: &mut [f64]) {
        // K applied to the known part of u.
        out.fill(0.0);
        let mut known_part = |index: usize, value: f64| {
            for (to, from) in out.iter_mut().zip(kkt.matrix.row(index)) {
                *to += value * from;
            }
        };
        for (index, &value) in knowns.iter().enumerate() {
            if value != 0.0 && self.place[index].is_none() {
                known_part(index, value);
            }
        }
        let b: Vec<f64> = self.swept.iter().map(|&i| knowns[i] - out[i]).collect();
        let u = self.solve(&b);
        for (&index, &value) in self.swept.iter().zip(&u) {
            if value != 0.0 {
                for (to, from) in out.iter_mut().zip(kkt.matrix.row(index)) {
                    *to += value * from;
                }
            }
        }
        for (&index, &value) in self.swept.iter().zip(&u) {
            out[index] = value;
        }
    }

    fn column(&self, kkt: &Kkt, index: usize, out: &mut [f64]) {
        let mut known = vec![0.0; kkt.size];
        known[index] = 1.0;
        self.unknowns(kkt, &known, out);
    }

    fn pivot(&mut self, kkt: &Kkt, index: usize) -> bool {
        if self.place[index].is_some() { self.remove(index) } else { self.add(kkt, index) }
    }

    /// The set changes by two; the inverse is made anew. It happens at vertices, where few
    /// indices are swept.
    fn exchange(&mut self, kkt: &Kkt, one: usize, other: usize) -> bool {
        let mut swept: Vec<bool> = self.place.iter().map(Option::is_some).collect();
        swept[one] = !swept[one];
        swept[other] = !swept[other];
        self.factor(kkt, &swept)
    }

    fn copy_from(&mut self, other: &Self) {
        self.swept.clone_from(&other.swept);
        self.place.clone_from(&other.place);
        self.inverse.clone_from(&other.inverse);
    }
}
