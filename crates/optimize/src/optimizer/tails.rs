//! Mandates whose objective is the tail of losses, as the kernel takes them: a piecewise linear program.
//!
//! A weight is one variable for each piece of its range between the places where costs, an l1 penalty, turnover or
//! gross leverage bend. The objective is measured in units of a typical return. Whatever the kernel says is bounded from
//! the data by weak duality: any weights of the scenarios that the tail may have give a linear bound.

use walkfolio_core::linear::max_abs;
use walkfolio_core::{Interrupt, Matrix};

use super::found::Found;
use super::peaks::Peaks;
use super::settings::LARGEST;
use crate::bound::{Charged, Region};
use crate::constraint::rule::{Absolute, Rule};
use crate::cost::Costs;
use crate::kernel::Stop;
use crate::kernel::piecewise::{Best, Column, Piecewise, Term, Vertex};
use crate::mandate::Mandate;
use crate::objective::form::Tailed;
use crate::pieces::{Piece, pieces, row, weights};

/// A bound that is further from the value, as a part of the terms that it is made of, proves nothing.
const LOOSE: f64 = 1e-9;
/// A limit that is exceeded by more is not kept.
const KEPT: f64 = 1e-9;

/// What the kernel says of costs that are no straight lines.
pub(super) const NO_IMPACT: &str = "it has no impact of trades";

/// Why the kernel does not take a mandate whose objective is a tail.
pub(super) fn obstacle(mandate: &Mandate) -> Option<String> {
    let constraints = mandate.constraints();
    let curved = |rule: &&dyn Rule| rule.deviation().is_some() || !rule.is_convex();
    if let Some(rule) = constraints.rules().find(curved) {
        return Some(format!("it has no {} on a tail of losses", rule.name()));
    }
    if mandate.costs().is_some_and(Costs::has_impact) {
        return Some(NO_IMPACT.to_owned());
    }
    if mandate.penalties().l2 > 0.0 {
        return Some("it has no l2 penalty on a tail of losses".to_owned());
    }
    if constraints.bounds().any(|(min, max)| min > max) {
        return Some("a lower bound exceeds its upper one".to_owned());
    }
    (constraints.assets() > LARGEST)
        .then(|| format!("it has no tail of more than {LARGEST} assets"))
}

/// The portfolio of a mandate with a bound from the data.
pub(super) fn solve(
    mandate: &Mandate,
    tailed: &Tailed<'_>,
    interrupt: &Interrupt,
) -> Result<Found, Stop> {
    let mut lowered = Lowered::of(mandate, tailed);
    let mut vertex = lowered.start(mandate)?;
    let (mut pivots, mut best) = (0, None);
    while lowered.lacks_peaks(&mut vertex, tailed) || best.is_none() {
        let next = lowered.program.solve(vertex, interrupt)?;
        vertex = next.vertex.clone();
        pivots += next.pivots;
        best = Some(next);
    }
    lowered.found(mandate, tailed, &Best { pivots, ..best.ok_or(Stop::Limit)? })
}

/// A mandate as a program, and where its parts are.
struct Lowered<'a> {
    program: Piecewise,
    pieces: Vec<Piece>,
    limits: Vec<Absolute<'a>>,
    region: Region,
    /// The row of each term of a constraint, and what it is divided by.
    rows: Vec<(usize, f64)>,
    scenarios: usize,
    peaks: Peaks,
    unit: f64,
}

impl<'a> Lowered<'a> {
    fn of(mandate: &'a Mandate, tailed: &Tailed<'_>) -> Self {
        let losses = tailed.tail.losses_of_assets();
        let (unit, scenarios) = (mean_size(losses.values()), losses.rows());
        let region = Region::of(mandate.constraints());
        let limits = mandate.constraints().absolutes();
        let pieces = pieces(mandate);
        let quantile = pieces.len();
        let column = |piece: &Piece| {
            let gain = tailed.gain.map_or(0.0, |gain| gain[piece.asset]);
            let cost = (piece.cost - gain) / unit;
            Column { asset: Some(piece.asset), cost, lo: piece.lo, hi: piece.hi }
        };
        let mut columns: Vec<Column> = pieces.iter().map(column).collect();
        let (lo, hi) = (f64::NEG_INFINITY, f64::INFINITY);
        columns.push(Column { asset: None, cost: tailed.aversion, lo, hi });
        let share = tailed.aversion / tailed.tail.count();
        let tail = |t: usize| Term {
            row: Some(t),
            extra: vec![(quantile, -1.0)],
            offset: 0.0,
            slopes: [0.0, share],
        };
        let mut terms: Vec<Term> = (0..scenarios).map(tail).collect();
        let n = mandate.constraints().assets();
        let mut values: Vec<f64> = losses.values().iter().map(|value| value / unit).collect();
        let mut rows = Vec::new();
        for (r, row) in region.rows.iter_rows().enumerate() {
            let size = max_abs(row);
            let size = if size > 0.0 { size } else { 1.0 };
            values.extend(row.iter().map(|value| value / size));
            for (offset, slopes) in ends(region.lo[n + r], region.hi[n + r]) {
                rows.push((r, size));
                let (row, offset) = (Some(scenarios + r), offset / size);
                terms.push(Term { row, extra: Vec::new(), offset, slopes });
            }
        }
        terms.extend(limits.iter().map(|limit| absolute(limit, &pieces)));
        let matrix = Matrix::from_rows(scenarios + region.rows.rows(), n, values);
        let program = Piecewise { matrix, columns, terms };
        let peaks = Peaks::default();
        Self { program, pieces, limits, region, rows, scenarios, peaks, unit }
    }

    /// Adds the peaks that the drawdowns of a vertex lack; whether there are any.
    fn lacks_peaks(&mut self, vertex: &mut Vertex, tailed: &Tailed<'_>) -> bool {
        if !tailed.tail.is_of_drawdowns() {
            return false;
        }
        let mut below = self.program.matrix.times(&self.weights(&vertex.x));
        below.truncate(self.scenarios);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most the rows
        let count = tailed.tail.count().ceil() as usize;
        self.peaks.add(&mut self.program, vertex, (&below, count))
    }

    /// The assets that varied least are bought first, each up to its largest weight, until the weights sum to what they
    /// must.
    fn start(&self, mandate: &Mandate) -> Result<Vertex, Stop> {
        let Self { pieces, scenarios, .. } = self;
        let quantile = pieces.len();
        let mut x: Vec<f64> = pieces.iter().map(|piece| piece.lo).collect();
        let (least, _) = mandate.constraints().net_leverage();
        let mut missing = least - x.iter().sum::<f64>();
        let mut free = Vec::new();
        for asset in self.steadiest() {
            let own = (0..quantile).filter(|&j| pieces[j].asset == asset);
            for j in own {
                let Piece { lo, hi, .. } = pieces[j];
                if missing >= hi - lo {
                    x[j] = hi;
                    missing -= hi - lo;
                } else if missing > 0.0 {
                    x[j] = lo + missing;
                    missing = 0.0;
                    free.push(j);
                }
            }
        }
        if missing > KEPT {
            return Err(Stop::Limit);
        }
        // The budget is the first term of a constraint, by its lower end.
        let mut kinks: Vec<usize> = free.iter().map(|_| *scenarios).collect();
        free.push(quantile);
        kinks.push(self.at_quantile(&x));
        x.push(0.0);
        Ok(Vertex { x, free, kinks })
    }

    /// The assets from the one whose returns are the smallest on.
    fn steadiest(&self) -> Vec<usize> {
        let mut squares = vec![0.0; self.program.matrix.cols()];
        for row in self.program.matrix.iter_rows().take(self.scenarios) {
            squares.iter_mut().zip(row).for_each(|(sum, value)| *sum += value * value);
        }
        let mut order: Vec<usize> = (0..squares.len()).collect();
        order.sort_by(|&a, &b| squares[a].total_cmp(&squares[b]));
        order
    }

    /// The scenario with which the tail begins.
    fn at_quantile(&self, x: &[f64]) -> usize {
        let losses = self.program.matrix.times(&self.weights(x));
        let mut order: Vec<usize> = (0..self.scenarios).collect();
        order.sort_by(|&a, &b| losses[b].total_cmp(&losses[a]));
        let slopes = self.program.terms[0].slopes[1];
        let cost = self.program.columns[self.pieces.len()].cost;
        let before = if slopes > 0.0 { cost / slopes } else { 0.0 };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // fewer than scenarios
        order[(before as usize).min(self.scenarios - 1)]
    }

    fn weights(&self, x: &[f64]) -> Vec<f64> {
        weights(&self.pieces, x, self.program.matrix.cols())
    }

    /// The slope of a linear function that is 0 at no holdings and nowhere above the objective: its scenarios in the
    /// proportions of the slopes of a solution.
    fn gradient(&self, tailed: &Tailed<'_>, slopes: &[f64]) -> Vec<f64> {
        let sum: f64 = slopes[..self.scenarios].iter().sum();
        let times = if sum > 0.0 { tailed.aversion * self.unit / sum } else { 0.0 };
        let mut parts = vec![0.0; self.program.matrix.rows()];
        parts[..self.scenarios].copy_from_slice(&slopes[..self.scenarios]);
        for (row, share) in self.peaks.shares(slopes, self.scenarios) {
            parts[row] -= share;
        }
        let mean = self.program.matrix.transpose_times(&parts);
        let gain = |i: usize| tailed.gain.map_or(0.0, |gain| gain[i]);
        mean.iter().enumerate().map(|(i, mean)| times * mean - gain(i)).collect()
    }

    /// The weights with the bound that the slopes of all terms prove.
    fn found(&self, mandate: &Mandate, tailed: &Tailed<'_>, best: &Best) -> Result<Found, Stop> {
        let Self { region, limits, scenarios, unit, .. } = self;
        let weights = self.weights(&best.vertex.x);
        if mandate.constraints().violation(&weights) > KEPT {
            return Err(Stop::Limit);
        }
        let of_rows = &best.slopes[*scenarios..];
        let gradient = self.gradient(tailed, &best.slopes);
        let mut multipliers = vec![0.0; region.rows.rows()];
        for ((row, size), slope) in self.rows.iter().zip(of_rows) {
            multipliers[*row] -= slope * unit / size;
        }
        let mut charged = Charged::new(mandate, (0.0, gradient), &weights);
        for (limit, slope) in limits.iter().zip(&of_rows[self.rows.len()..]) {
            charged.absolute(*limit, (slope * unit).max(0.0));
        }
        let sense = if mandate.objective().is_minimized() { 1.0 } else { -1.0 };
        let bound = sense * charged.least(region, &multipliers);
        let value = mandate.value(&weights);
        let gap = sense * (value - mandate.with_constant(bound));
        let size = tailed.aversion * unit + value.abs();
        if gap.is_nan() || gap > LOOSE * size {
            return Err(Stop::Singular);
        }
        Ok(Found { weights, bound, pivots: best.pivots, nodes: 0, proven: true, note: None })
    }
}

/// The mean size of some values; 1 of zeros.
fn mean_size(values: &[f64]) -> f64 {
    let mean = values.iter().map(|value| value.abs()).sum::<f64>() / values.len() as f64;
    if mean > 0.0 { mean } else { 1.0 }
}

/// The terms of a range.
fn ends(lo: f64, hi: f64) -> Vec<(f64, [f64; 2])> {
    const MUST: f64 = f64::INFINITY;
    if lo == hi {
        return vec![(lo, [-MUST, MUST])];
    }
    let sides = [(lo, [-MUST, 0.0]), (hi, [0.0, MUST])];
    sides.into_iter().filter(|(end, _)| end.is_finite()).collect()
}

/// The limit of a sum of absolute values, over the pieces of the weights.
fn absolute(limit: &Absolute<'_>, pieces: &[Piece]) -> Term {
    let (signs, offset) = row(limit, pieces);
    let extra = signs.into_iter().enumerate().collect();
    Term { row: None, extra, offset, slopes: [0.0, f64::INFINITY] }
}
