//! Bounds by weak duality, from the data alone: whoever found the portfolio and its multipliers,
//! and whatever these are, no portfolio of the mandate is better than the bound, up to the
//! rounding of its sum.

use walkfolio_core::Matrix;
use walkfolio_core::linear::dot;

use crate::constraint::Constraints;
use crate::gap::relative;
use crate::mandate::Mandate;

/// The bounds of variables, then of rows: the budget, then the list's.
#[derive(Debug, Clone)]
pub(crate) struct Region {
    pub rows: Matrix,
    pub lo: Vec<f64>,
    pub hi: Vec<f64>,
}

impl Region {
    /// Where the bounds, the budget and the rows of the list leave the weights.
    pub fn of(constraints: &Constraints) -> Self {
        let n = constraints.assets();
        let mut rows = vec![1.0; n];
        let (mut lo, mut hi) = (constraints.min().to_vec(), constraints.max().to_vec());
        lo.push(constraints.budget());
        hi.push(constraints.budget());
        for (_, row) in constraints.rows() {
            rows.extend(row.coefficients);
            lo.push(row.min);
            hi.push(row.max);
        }
        Self { rows: Matrix::from_rows(lo.len() - n, n, rows), lo, hi }
    }
}

/// A lower bound of `c'w + absolute ||w||_1` over the box and rows `lo <= (w, Aw) <= hi`, with any
/// multipliers of the rows.
pub(crate) fn least_linear(
    (a, lo, hi): (&Matrix, &[f64], &[f64]),
    c: &[f64],
    multipliers: &[f64],
    absolute: f64,
) -> f64 {
    let n = c.len();
    // Against an end without a bound no multiplier says anything.
    let sound = |(k, &y): (usize, &f64)| {
        let end = if y > 0.0 { lo[n + k] } else { hi[n + k] };
        if end.is_finite() { y } else { 0.0 }
    };
    let multipliers: Vec<f64> = multipliers.iter().enumerate().map(sound).collect();
    let carried = a.transpose_times(&multipliers);
    let own: f64 = (0..n)
        .map(|i| {
            let rest = c[i] - carried[i];
            let at = |w: f64| rest * w + absolute * w.abs();
            let ends = at(lo[i]).min(at(hi[i]));
            // Between its ends `rest w + absolute |w|` is least at zero, if anywhere.
            if lo[i] < 0.0 && hi[i] > 0.0 { ends.min(0.0) } else { ends }
        })
        .sum();
    let rows = multipliers.iter().enumerate().map(|(k, &y)| match y {
        // Zero times infinity is no number.
        0.0 => 0.0,
        y if y > 0.0 => y * lo[n + k],
        y => y * hi[n + k],
    });
    own + rows.sum::<f64>()
}

/// How far a bound is from an objective, relative to the objective's size where that exceeds 1.
pub(crate) fn gap(objective: f64, bound: f64) -> f64 {
    relative(objective, bound, objective.abs().max(1.0))
}

/// The tangent of a quadratic objective with its l2 penalty.
pub(crate) struct Tangent {
    /// Its value at no holdings.
    pub at_zero: f64,
    pub gradient: Vec<f64>,
    /// The sum of the sizes of the terms that the objective is made of: what rounding is
    /// relative to.
    pub size: f64,
}

impl Tangent {
    /// Convex: `q(w) >= at_zero + gradient'w` for every `w`. None for other objectives.
    pub fn at(mandate: &Mandate, x: &[f64]) -> Option<Self> {
        let quadratic = mandate.quadratic()?;
        let mut gx = quadratic.covariance.times(x);
        for (gx, x) in gx.iter_mut().zip(x) {
            *gx = quadratic.factor * *gx + quadratic.l2 * x;
        }
        let twice = |(gx, c): (&f64, f64)| 2.0 * (gx - c);
        let gradient = gx.iter().zip(quadratic.half_linear()).map(twice).collect();
        let linear: f64 = quadratic.half_linear().zip(x).map(|(c, x)| (c * x).abs()).sum();
        let square = dot(&gx, x);
        let constant = quadratic.constant;
        let size = constant.abs() + square.abs() + 2.0 * linear;
        Some(Self { at_zero: constant - square, gradient, size })
    }
}
