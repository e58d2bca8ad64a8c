//! One step of Baum and Welch: probabilities of states given all returns of the sample, and the parameters
//! that these make most likely.

use std::f64::consts::PI;

use libm::{exp, log};

use super::parameters::{Collapsed, Parameters};

/// A state that holds less than this many returns, or whose variance is less than this share of that of all
/// returns, has collapsed onto single returns: the likelihood has no bound there.
const LEAST_WEIGHT: f64 = 1.5;
const LEAST_VARIANCE: f64 = 1e-8;
/// A product of scales is turned into a logarithm before it can underflow.
const SMALL: f64 = 1e-200;

/// The returns of a sample, with room for what a pass computes of each.
pub(super) struct Sample<'a, const K: usize> {
    returns: &'a [f64],
    /// The variance of all returns.
    variance: f64,
    density: Vec<[f64; K]>,
    forward: Vec<[f64; K]>,
    scale: Vec<f64>,
}

/// Sums over the returns, weighted by the probabilities of the states.
struct Sums<const K: usize> {
    weight: [f64; K],
    first: [f64; K],
    second: [f64; K],
    pairs: [[f64; K]; K],
    start: [f64; K],
}

impl<'a, const K: usize> Sample<'a, K> {
    pub(super) fn of(returns: &'a [f64], variance: f64) -> Self {
        let rows = returns.len();
        let (density, forward) = (vec![[0.0; K]; rows], vec![[0.0; K]; rows]);
        Self { returns, variance, density, forward, scale: vec![0.0; rows] }
    }

    /// The parameters of the next step, and the log-likelihood of the ones given.
    ///
    /// # Errors
    /// [`Collapsed`] if a state holds hardly any return, or its variance vanishes.
    pub(super) fn step(&mut self, at: &Parameters<K>) -> Result<(Parameters<K>, f64), Collapsed> {
        let log_likelihood = self.densities(at) + self.filter(at).ok_or(Collapsed)?;
        let sums = self.smooth(at);
        let mut next = *at;
        for k in 0..K {
            let (weight, away) = (sums.weight[k], sums.first[k] / sums.weight[k]);
            next.start[k] = sums.start[k];
            next.mean[k] = at.mean[k] + away;
            next.variance[k] = sums.second[k] / weight - away * away;
            let sound = weight > LEAST_WEIGHT && next.variance[k] > LEAST_VARIANCE * self.variance;
            if !sound {
                return Err(Collapsed);
            }
            let leaving: f64 = sums.pairs[k].iter().sum();
            for to in 0..K {
                // A state that only the last return is in says nothing of what follows it.
                next.transition[k][to] =
                    if leaving > 0.0 { sums.pairs[k][to] / leaving } else { at.transition[k][to] };
            }
        }
        Ok((next, log_likelihood))
    }

    /// Densities relative to the largest of each row; returns the sum of the logarithms of these.
    fn densities(&mut self, at: &Parameters<K>) -> f64 {
        let constant = at.variance.map(|variance| -0.5 * log(2.0 * PI * variance));
        let half_precision = at.variance.map(|variance| 0.5 / variance);
        let mut sum = 0.0;
        for (density, &x) in self.density.iter_mut().zip(self.returns) {
            let mut largest = f64::NEG_INFINITY;
            for k in 0..K {
                let away = x - at.mean[k];
                density[k] = constant[k] - half_precision[k] * away * away;
                largest = largest.max(density[k]);
            }
            for value in density.iter_mut() {
                *value = if *value == largest { 1.0 } else { exp(*value - largest) };
            }
            sum += largest;
        }
        sum
    }

    /// Probabilities of the states from the returns up to each; returns the sum of the logarithms of the
    /// scales, `None` if the parameters make a return impossible.
    fn filter(&mut self, at: &Parameters<K>) -> Option<f64> {
        let (mut sum, mut product) = (0.0, 1.0);
        let mut next = at.start;
        let rows = self.forward.iter_mut().zip(&mut self.scale).zip(&self.density);
        for ((forward, scale), density) in rows {
            let mut total = 0.0;
            for k in 0..K {
                next[k] *= density[k];
                total += next[k];
            }
            if total.is_nan() || total < f64::MIN_POSITIVE {
                return None;
            }
            let inverse = 1.0 / total;
            for k in 0..K {
                forward[k] = next[k] * inverse;
            }
            *scale = inverse;
            product *= total;
            if product < SMALL {
                sum += log(product);
                product = 1.0;
            }
            next = times(forward, &at.transition);
        }
        Some(sum + log(product))
    }

    /// Probabilities from all returns of the sample, summed.
    fn smooth(&self, at: &Parameters<K>) -> Sums<K> {
        let mut sums = Sums {
            weight: [0.0; K],
            first: [0.0; K],
            second: [0.0; K],
            pairs: [[0.0; K]; K],
            start: [0.0; K],
        };
        let mut backward = [1.0; K];
        for t in (0..self.returns.len()).rev() {
            let mut probability = [0.0; K];
            for k in 0..K {
                probability[k] = self.forward[t][k] * backward[k];
                let away = self.returns[t] - at.mean[k];
                sums.weight[k] += probability[k];
                sums.first[k] += probability[k] * away;
                sums.second[k] += probability[k] * away * away;
            }
            if t == 0 {
                sums.start = probability;
                break;
            }
            let mut weighted = [0.0; K];
            for k in 0..K {
                weighted[k] = self.density[t][k] * backward[k] * self.scale[t];
            }
            for (from, backward) in backward.iter_mut().enumerate() {
                *backward = 0.0;
                for (to, weighted) in weighted.iter().enumerate() {
                    let along = at.transition[from][to] * weighted;
                    sums.pairs[from][to] += self.forward[t - 1][from] * along;
                    *backward += along;
                }
            }
        }
        sums
    }
}

fn times<const K: usize>(row: &[f64; K], matrix: &[[f64; K]; K]) -> [f64; K] {
    let mut out = [0.0; K];
    for from in 0..K {
        for to in 0..K {
            out[to] += row[from] * matrix[from][to];
        }
    }
    out
}
