//! The best portfolio of whole lots, proven: depth first through the positions, each lot in the order of what it
//! costs, with the least that the rest can cost as a bound.
//!
//! A step away from the target costs `|L'd|^2` and what each asset costs alone, so that with some positions chosen
//! the rest adds at least nothing: `L` is lower triangular, and its last rows know the last positions only.

use walkfolio_core::Matrix;

use crate::goal::Alone;
use crate::grid::Grid;

/// A part of the best loss by which a bound may be below it: rounding.
const ROUNDING: f64 = 1e-10;

/// What a search found.
pub(crate) struct Found {
    pub lots: Vec<f64>,
    pub nodes: u64,
    /// Whether nothing better is left.
    pub is_complete: bool,
}

/// Searches from a portfolio that is known; none where the curvature is not positive.
pub(crate) fn searched(grid: &Grid<'_>, known: Vec<f64>, nodes: u64) -> Option<Found> {
    let mut free = grid.free();
    // The coarsest positions are chosen first, from the end.
    let coarse = |&i: &usize| grid.steps[i] * grid.goal.matrix[(i, i)].max(0.0).sqrt();
    free.sort_by(|a, b| coarse(a).total_cmp(&coarse(b)).then(a.cmp(b)));
    let factor = factor(grid, &free)?;
    let center = center(grid, &free, &factor);
    let fixed: f64 =
        (0..grid.len()).filter(|i| !free.contains(i)).map(|i| grid.taken(i, grid.range[i].0)).sum();
    let mut search = Search {
        alone: free.iter().map(|&i| grid.goal.all_alone(i)).collect(),
        least_alone: sums(free.iter().map(|&i| least_alone(grid, i))),
        least_taken: sums(free.iter().map(|&i| grid.taken(i, grid.range[i].0))),
        constant: constant(grid, &free, &center, &factor),
        best: grid.loss(&known),
        lots: known.clone(),
        found: known,
        d: vec![0.0; free.len()],
        grid,
        free,
        factor,
        center,
        left: nodes,
    };
    let last = search.free.len();
    search.descend(last, 0.0, fixed);
    let is_complete = search.left > 0;
    Some(Found { lots: search.found, nodes: nodes - search.left, is_complete })
}

/// The Cholesky factor of the curvature of the free positions.
fn factor(grid: &Grid<'_>, free: &[usize]) -> Option<Matrix> {
    let m = free.len();
    let h = &grid.goal.matrix;
    let mut own = Matrix::zeros(m, m);
    let mean = free.iter().map(|&i| h[(i, i)]).sum::<f64>() / m.max(1) as f64;
    for (a, &i) in free.iter().enumerate() {
        for (b, &j) in free.iter().enumerate() {
            own[(a, b)] = h[(i, j)];
        }
        own[(a, a)] += 1e-13 * mean;
    }
    own.cholesky()
}

/// The step of the free positions that fits the fixed ones best.
fn center(grid: &Grid<'_>, free: &[usize], factor: &Matrix) -> Vec<f64> {
    let d = grid.apart(&grid.range.iter().map(|range| range.0).collect::<Vec<_>>());
    let fixed: Vec<usize> = (0..grid.len()).filter(|i| !free.contains(i)).collect();
    let crossed = |&i: &usize| -fixed.iter().map(|&k| grid.goal.matrix[(i, k)] * d[k]).sum::<f64>();
    let mut x: Vec<f64> = free.iter().map(crossed).collect();
    let m = x.len();
    for i in 0..m {
        for j in 0..i {
            x[i] -= factor[(i, j)] * x[j];
        }
        x[i] /= factor[(i, i)];
    }
    for i in (0..m).rev() {
        for j in i + 1..m {
            x[i] -= factor[(j, i)] * x[j];
        }
        x[i] /= factor[(i, i)];
    }
    x
}

/// What the fixed positions cost with the free ones where they fit best, and alone.
fn constant(grid: &Grid<'_>, free: &[usize], center: &[f64], factor: &Matrix) -> f64 {
    let d = grid.apart(&grid.range.iter().map(|range| range.0).collect::<Vec<_>>());
    let fixed: Vec<usize> = (0..grid.len()).filter(|i| !free.contains(i)).collect();
    let h = &grid.goal.matrix;
    let curved: f64 =
        fixed.iter().map(|&i| fixed.iter().map(|&k| d[i] * h[(i, k)] * d[k]).sum::<f64>()).sum();
    let fitted: f64 = (0..center.len())
        .map(|j| (j..center.len()).map(|i| factor[(i, j)] * center[i]).sum::<f64>())
        .map(|part| part * part)
        .sum();
    curved - fitted + fixed.iter().map(|&i| grid.goal.alone(i, d[i])).sum::<f64>()
}

/// The least that a position costs alone: it is convex, and least at the target or at an end.
fn least_alone(grid: &Grid<'_>, i: usize) -> f64 {
    let at = |lots: f64| grid.goal.alone(i, grid.steps[i] * lots - grid.goal.target()[i]);
    at(grid.range[i].0).min(at(grid.range[i].1)).min(0.0)
}

/// The sum of the values before each place, and of all.
fn sums(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sums = vec![0.0];
    for value in values {
        sums.push(sums[sums.len() - 1] + value);
    }
    sums
}

/// The cheaper of two numbers of lots with their costs, and whether it is the first.
fn cheaper(up: Option<(f64, f64)>, down: Option<(f64, f64)>) -> Option<(f64, f64, bool)> {
    match (up, down) {
        (Some((lots, own)), down) if down.is_none_or(|(_, other)| own <= other) => {
            Some((lots, own, true))
        }
        (_, down) => down.map(|(lots, own)| (lots, own, false)),
    }
}

struct Search<'a> {
    grid: &'a Grid<'a>,
    free: Vec<usize>,
    /// What a step of each costs alone.
    alone: Vec<Alone>,
    factor: Matrix,
    center: Vec<f64>,
    /// Of the positions before each place.
    least_alone: Vec<f64>,
    least_taken: Vec<f64>,
    constant: f64,
    lots: Vec<f64>,
    d: Vec<f64>,
    best: f64,
    found: Vec<f64>,
    left: u64,
}

impl Search<'_> {
    /// Chooses the positions before a place, given what those from it on cost and take.
    fn descend(&mut self, place: usize, cost: f64, taken: f64) {
        let Some(at) = place.checked_sub(1) else {
            self.leaf();
            return;
        };
        let i = self.free[at];
        let (low, high) = self.grid.range[i];
        let shift: f64 = (place..self.free.len())
            .map(|j| self.factor[(j, at)] * (self.d[j] - self.center[j]))
            .sum();
        let (step, target) = (self.grid.steps[i], self.grid.goal.target()[i]);
        // The unconstrained best of this position.
        let best = target + self.center[at] - shift / self.factor[(at, at)];
        let priced =
            |search: &Self, lots: f64| (lots, search.own_cost(at, step * lots - target, shift));
        let mut least = priced(self, (best / step).floor().clamp(low, high));
        // Downhill first: costs may pull it away from there.
        for (end, side) in [(high, 1.0), (low, -1.0)] {
            while least.0 != end {
                let next = priced(self, least.0 + side);
                if next.1 >= least.1 {
                    break;
                }
                least = next;
            }
        }
        let mut up = Some(least);
        let mut down = (least.0 > low).then(|| priced(self, least.0 - 1.0));
        while let Some((lots, own, is_up)) = cheaper(up, down) {
            let total = cost + own;
            let bound = self.constant + total + self.least_alone[at];
            // What follows on either side costs more.
            if self.left == 0 || bound >= self.best * (1.0 - ROUNDING) {
                return;
            }
            self.left -= 1;
            let taken = taken + self.grid.taken(i, lots);
            if taken + self.least_taken[at] <= self.grid.room() {
                self.lots[i] = lots;
                self.d[at] = step * lots - target;
                self.descend(at, total, taken);
            } else if is_up {
                // More of it takes more.
                up = None;
                continue;
            }
            if is_up {
                up = (lots < high).then(|| priced(self, lots + 1.0));
            } else {
                down = (lots > low).then(|| priced(self, lots - 1.0));
            }
        }
    }

    /// What a step of a position costs, given what those after it shift.
    fn own_cost(&self, at: usize, d: f64, shift: f64) -> f64 {
        let part = self.factor[(at, at)] * (d - self.center[at]) + shift;
        part * part + self.alone[at].of(d)
    }

    fn leaf(&mut self) {
        let loss = self.grid.loss(&self.lots);
        if loss < self.best && self.grid.allows(&self.lots) {
            self.best = loss;
            self.found.clone_from(&self.lots);
        }
    }
}
