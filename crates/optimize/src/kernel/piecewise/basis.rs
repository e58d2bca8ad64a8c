//! The inverse of the matrix of a vertex: its terms at a kink by its free variables.

/// A pivot of an elimination below this is zero.
const TINY: f64 = 1e-12;

/// `B^-1`, one row for each free variable and one column for each term.
#[derive(Debug, Clone, Default)]
pub(super) struct Basis {
    rows: Vec<Vec<f64>>,
}

impl Basis {
    /// The inverse of a square matrix, by Gauss-Jordan elimination; none if that is singular.
    pub fn of(matrix: Vec<Vec<f64>>) -> Option<Self> {
        let size = matrix.len();
        let unit = |at: usize| (0..size).map(move |j| if j == at { 1.0 } else { 0.0 });
        let with_unit = |(at, row): (usize, Vec<f64>)| row.into_iter().chain(unit(at)).collect();
        let mut rows: Vec<Vec<f64>> = matrix.into_iter().enumerate().map(with_unit).collect();
        for k in 0..size {
            let best = (k..size).max_by(|&a, &b| rows[a][k].abs().total_cmp(&rows[b][k].abs()))?;
            if rows[best][k].abs() <= TINY {
                return None;
            }
            rows.swap(k, best);
            let mut pivot = std::mem::take(&mut rows[k]);
            let inverse = 1.0 / pivot[k];
            pivot[k..].iter_mut().for_each(|value| *value *= inverse);
            for row in rows.iter_mut().filter(|row| !row.is_empty()) {
                let factor = row[k];
                add(&mut row[k..], -factor, &pivot[k..]);
            }
            rows[k] = pivot;
        }
        for row in &mut rows {
            row.drain(..size);
        }
        Some(Self { rows })
    }

    pub fn size(&self) -> usize {
        self.rows.len()
    }

    /// `B^-1` times the unit vector of a term.
    pub fn column(&self, term: usize) -> Vec<f64> {
        self.rows.iter().map(|row| row[term]).collect()
    }

    /// `B^-1 b`.
    pub fn times(&self, b: &[f64]) -> Vec<f64> {
        let product = |row: &Vec<f64>| row.iter().zip(b).map(|(a, b)| a * b).sum();
        self.rows.iter().map(product).collect()
    }

    /// `B^-T b`.
    pub fn transpose_times(&self, b: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.size()];
        self.rows.iter().zip(b).for_each(|(row, &b)| add(&mut out, b, row));
        out
    }

    /// Puts another term in the place of one; `row` has its coefficients.
    pub fn replace_term(&mut self, term: usize, row: &[f64]) {
        let mut change = self.transpose_times(row);
        let pivot = change[term];
        change[term] -= 1.0;
        for row in &mut self.rows {
            let factor = row[term] / pivot;
            add(row, -factor, &change);
        }
    }

    /// Puts another variable in the place of one; `by` is `B^-1` times its column.
    pub fn replace_variable(&mut self, variable: usize, by: &[f64]) {
        let pivot = by[variable];
        let mut own = std::mem::take(&mut self.rows[variable]);
        for value in &mut own {
            *value /= pivot;
        }
        for (row, &by) in self.rows.iter_mut().zip(by).filter(|(row, _)| !row.is_empty()) {
            add(row, -by, &own);
        }
        self.rows[variable] = own;
    }

    /// Adds a variable and a term, each behind the others: `by` is `B^-1` times the column of the variable, `row` has
    /// the coefficients of the term, `corner` is that of both less `row' by`.
    pub fn grow(&mut self, by: &[f64], row: &[f64], corner: f64) {
        let carried = self.transpose_times(row);
        for (own, &by) in self.rows.iter_mut().zip(by) {
            let factor = by / corner;
            add(own, factor, &carried);
            own.push(-factor);
        }
        let last = carried.iter().map(|value| -value / corner).chain([1.0 / corner]);
        self.rows.push(last.collect());
    }

    /// Removes a variable and a term, the last ones taking their places.
    pub fn shrink(&mut self, variable: usize, term: usize) {
        let own = self.rows.swap_remove(variable);
        for row in &mut self.rows {
            let factor = row[term] / own[term];
            add(row, -factor, &own);
            row.swap_remove(term);
        }
    }
}

/// `a += factor b`.
fn add(a: &mut [f64], factor: f64, b: &[f64]) {
    if factor != 0.0 {
        a.iter_mut().zip(b).for_each(|(a, b)| *a += factor * b);
    }
}
