//! Upper bounds by weak duality, from whatever point the walk stands at.
//!
//! For any `u`, `sigma(w) >= u'Sw / sigma(u)` and `T(w) >= (u - e)'S(w - e) / T(u)`
//! (Cauchy-Schwarz), and `max(T, f) >= alpha T + (1 - alpha) f`. So `N - mu sigma - v max(T, f)`
//! lies below a linear function of `w`, and any multipliers of the rows bound that over the
//! feasible set. At a solution of the subproblem its own multipliers make the bound exact.

use walkfolio_core::linear::dot;

use super::super::basis::Basis;
use super::segment::Point;
use super::walk::Walk;
use crate::certificate::Inequality;

/// The supremum of `N` and minus `sigma` and `max(T, f)` by these weights.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    pub numerator: f64,
    pub deviation: f64,
    pub distance: f64,
}

/// The multipliers of the linear minorants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Multipliers {
    /// `alpha`.
    pub share: f64,
    /// What the duals of the quadratic program are multiplied by.
    pub rows: f64,
}

/// An inequality and its right-hand side, rounding included, in scaled units.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub inequality: Inequality,
    pub supremum: f64,
}

impl Cut {
    /// An upper bound of `L(mu, s)`.
    pub fn value(&self, at: f64, least_distance: f64) -> f64 {
        let excess = self.supremum + self.inequality.deviation * at;
        self.inequality.distance + excess.max(0.0) / least_distance
    }

    /// The inequality divided by a positive number.
    pub fn divided(&self, by: f64) -> Inequality {
        let mut inequality = self.inequality.clone();
        inequality.numerator /= by;
        inequality.deviation /= by;
        inequality.distance /= by;
        for y in &mut inequality.rows {
            *y /= by;
        }
        inequality
    }
}

impl<B: Basis> Walk<B> {
    /// The bound of a tangent's fraction where the walk reached its maximum.
    pub fn tangent_cut(&mut self, price: f64, point: &Point) -> Cut {
        let value = point.value.max(0.0);
        let full = self.theta[0] * value;
        let share =
            if full > 0.0 { (self.theta[1] * point.distance / full).clamp(0.0, 1.0) } else { 0.0 };
        let weights = Weights { numerator: 1.0, deviation: price, distance: value };
        self.cut(weights, Multipliers { share, rows: 1.0 / self.theta[0] })
    }

    /// The bound of a tangent's numerator where the walk found that it is nowhere positive.
    pub fn crest_cut(&mut self, price: f64) -> Cut {
        let weights = Weights { numerator: 1.0, deviation: price, distance: 0.0 };
        self.cut(weights, Multipliers { share: 0.0, rows: 1.0 / self.theta[0] })
    }

    /// An upper bound of the weighted sum over all feasible portfolios.
    pub fn cut(&mut self, weights: Weights, multipliers: Multipliers) -> Cut {
        self.product();
        let n = self.data.variables;
        let (data, h) = (&self.data, &self.homotopy);
        let (w, sw) = (&h.primal[..n], &self.sw[..n]);
        let sigma = dot(w, sw).max(0.0).sqrt();
        let (mut square, mut along) = (0.0, 0.0);
        for ((w, sw), (e, se)) in w.iter().zip(sw).zip(data.e.iter().zip(&data.se)) {
            square += (w - e) * (sw - se);
            along += e * (sw - se);
        }
        let distance = square.max(0.0).sqrt();
        let ratio = |weight: f64, size: f64| if size > 0.0 { weight / size } else { 0.0 };
        let by_sigma = ratio(weights.deviation, sigma);
        let by_distance = ratio(weights.distance * multipliers.share, distance);
        let beyond = weights.distance * (1.0 - multipliers.share) * data.floor;
        let y: Vec<f64> = h.dual[n..].iter().map(|dual| -dual * multipliers.rows).collect();
        let mut sum = by_distance * along - beyond;
        let mut size = sum.abs();
        for (k, &y) in y.iter().enumerate() {
            let most = most(y, h.lo[n + k], h.hi[n + k]);
            sum += most;
            size += most.abs();
        }
        for (i, &sw) in sw.iter().enumerate() {
            let rows: f64 = h.kkt.matrix.row(i)[n..].iter().zip(&y).map(|(a, y)| a * y).sum();
            let slope = weights.numerator * data.a[i]
                - by_sigma * sw
                - by_distance * (sw - data.se[i])
                - rows;
            sum += most(slope, h.lo[i], h.hi[i]);
            let reach = h.lo[i].abs().max(h.hi[i].abs());
            size += reach * (weights.numerator * data.a[i].abs() + rows.abs());
        }
        size += self.conditioning(weights, [sigma, distance]);
        let supremum = sum + 4.0 * (n as f64 + 4.0) * f64::EPSILON * size;
        Cut { inequality: self.inequality(weights, multipliers.share, y), supremum }
    }

    /// The size of what rounding in `S u / sigma(u)` can do: it is amplified where large terms
    /// cancel in `sigma(u)`.
    fn conditioning(&self, weights: Weights, [sigma, distance]: [f64; 2]) -> f64 {
        let (mut gross, mut apart, mut reach) = (0.0, 0.0, 0.0);
        let h = &self.homotopy;
        for i in 0..self.data.variables {
            let deviation = self.data.deviations[i];
            gross += deviation * h.primal[i].abs();
            apart += deviation * (h.primal[i] - self.data.e[i]).abs();
            reach += deviation * (h.lo[i].abs().max(h.hi[i].abs()) + self.data.e[i].abs());
        }
        let amplified = |large: f64, small: f64| {
            let ratio = if small > 0.0 { large / small } else { 0.0 };
            ratio * (1.0 + ratio)
        };
        reach
            * (weights.deviation * amplified(gross, sigma)
                + weights.distance * amplified(apart, distance))
    }

    /// The inequality in the program's own units.
    fn inequality(&self, weights: Weights, share: f64, y: Vec<f64>) -> Inequality {
        let rows = y.into_iter().map(|y| y * self.data.root).collect();
        Inequality {
            numerator: weights.numerator,
            deviation: weights.deviation,
            distance: weights.distance,
            share,
            witness: self.homotopy.primal[..self.data.variables].to_vec(),
            rows,
        }
    }
}

/// The largest `slope x` on `[lo, hi]`.
fn most(slope: f64, lo: f64, hi: f64) -> f64 {
    if slope == 0.0 { 0.0 } else { (slope * lo).max(slope * hi) }
}
