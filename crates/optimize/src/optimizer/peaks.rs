//! The highest values that drawdowns are measured from, as parts of a piecewise linear program.
//!
//! The drawdown of a row is the largest of as many linear functions as there are rows before it, but few of them are
//! the largest in the tail of a good portfolio. A program has some rows as peaks: a variable for each is at least the
//! sum of returns there, and at least the variable of the peak before. Those that a solution lacks are added to it,
//! and it goes on from where it was.

use crate::kernel::piecewise::{Column, Piecewise, Term, Vertex};

/// A drawdown that is larger than the program knows by more, in units of a typical loss, lacks a peak.
const LACKS: f64 = 1e-12;
const MUST: f64 = f64::INFINITY;

/// A row that is a peak.
#[derive(Debug, Clone, Copy)]
struct Peak {
    row: usize,
    column: usize,
    /// The term that it is at least the peak before; none of the first, which is at least 0.
    rises: Option<usize>,
    /// The term that it is at least the sum of returns of its row.
    reaches: usize,
}

/// The peaks of a program by time.
#[derive(Debug, Default)]
pub(super) struct Peaks {
    all: Vec<Peak>,
}

impl Peaks {
    /// Adds the peaks that the largest drawdowns of a vertex are measured from; whether any was not there.
    ///
    /// `below` has how far the sum of returns is below 0 at each row.
    pub fn add(
        &mut self,
        program: &mut Piecewise,
        vertex: &mut Vertex,
        (below, count): (&[f64], usize),
    ) -> bool {
        let highest = highest(below);
        let mut order: Vec<usize> = (0..below.len()).collect();
        let drawdown = |t: usize| highest[t].1 + below[t];
        order.sort_by(|&a, &b| drawdown(b).total_cmp(&drawdown(a)));
        let known = |t: usize, peaks: &Self| peaks.before(t).map_or(0.0, |p| vertex.x[p.column]);
        let mut rows: Vec<usize> = Vec::new();
        for &t in order.iter().take(count) {
            let (row, value) = highest[t];
            if value > known(t, self) + LACKS {
                rows.extend(row);
            }
        }
        rows.sort_unstable();
        rows.dedup();
        rows.retain(|row| self.all.iter().all(|peak| peak.row != *row));
        for &row in &rows {
            self.insert(program, vertex, (row, below.len()));
        }
        !rows.is_empty()
    }

    /// The last peak up to a row.
    fn before(&self, row: usize) -> Option<&Peak> {
        self.all.iter().rev().find(|peak| peak.row <= row)
    }

    /// A new peak has the value of the one before: the vertex is what it was.
    fn insert(
        &mut self,
        program: &mut Piecewise,
        vertex: &mut Vertex,
        (row, rows): (usize, usize),
    ) {
        let at = self.all.partition_point(|peak| peak.row < row);
        let last = at.checked_sub(1).map(|at| self.all[at]);
        let column = program.columns.len();
        program.columns.push(Column { asset: None, cost: 0.0, lo: 0.0, hi: MUST });
        vertex.x.push(last.map_or(0.0, |last| vertex.x[last.column]));
        let rises = last.map(|last| rising(program, last.column, column));
        if let Some((last, rises)) = last.zip(rises)
            && vertex.free.contains(&last.column)
        {
            vertex.free.push(column);
            vertex.kinks.push(rises);
        }
        let reaches = program.terms.len();
        let extra = vec![(column, 1.0)];
        program.terms.push(Term { row: Some(row), extra, offset: 0.0, slopes: [-MUST, 0.0] });
        let end = self.all.get(at).map_or(rows, |next| next.row);
        for term in &mut program.terms[row..end] {
            term.extra.truncate(1); // the quantile
            term.extra.push((column, 1.0));
        }
        if let Some(next) = self.all.get_mut(at) {
            match next.rises {
                Some(term) => program.terms[term].extra = steps(column, next.column),
                None => next.rises = Some(rising(program, column, next.column)),
            }
        }
        self.all.insert(at, Peak { row, column, rises, reaches });
    }

    /// How much each row is taken as a peak, from the slopes of a solution: each part of a drawdown in the tail is
    /// measured from a row before it, whatever the slopes are.
    pub fn shares(&self, slopes: &[f64], scenarios: usize) -> Vec<(usize, f64)> {
        let mut shares = Vec::with_capacity(self.all.len());
        let (mut end, mut open) = (scenarios, 0.0);
        for peak in self.all.iter().rev() {
            open += slopes[peak.row..end].iter().sum::<f64>();
            let share = (-slopes[peak.reaches]).clamp(0.0, open);
            open -= share;
            shares.push((peak.row, share));
            end = peak.row;
        }
        shares
    }
}

/// The row of the highest sum of returns up to each row, if that is above 0, and the sum.
fn highest(below: &[f64]) -> Vec<(Option<usize>, f64)> {
    let higher = |best: &mut (Option<usize>, f64), (row, below): (usize, &f64)| {
        if -below > best.1 {
            *best = (Some(row), -below);
        }
        Some(*best)
    };
    below.iter().enumerate().scan((None, 0.0), higher).collect()
}

/// A new term that one variable is at least another.
fn rising(program: &mut Piecewise, from: usize, to: usize) -> usize {
    let extra = steps(from, to);
    program.terms.push(Term { row: None, extra, offset: 0.0, slopes: [-MUST, 0.0] });
    program.terms.len() - 1
}

/// The difference of two variables, by column.
fn steps(from: usize, to: usize) -> Vec<(usize, f64)> {
    let mut extra = vec![(from, -1.0), (to, 1.0)];
    extra.sort_by_key(|(column, _)| *column);
    extra
}
