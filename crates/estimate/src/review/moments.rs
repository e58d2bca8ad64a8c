//! Rows weighed by age and by side of the last review.

use libm::{exp, pow};
use walkfolio_core::{Covariance, Matrix, Need, Past, Row};

use super::calendar::Reviews;
use super::score::momentum_score;
use crate::stay_near::mean_diagonal;
use crate::{Error, Result, TrackingMoments};

/// Tracking moments that know when the benchmark's holdings were last renewed.
///
/// With `age` the rows since a return (0 is the newest), `lag` the rows since the last review and
/// `p` the prior portfolio, row weights are
/// `wp = 0.5^(age / half_life) * (stale if age >= lag else 1)` and
/// `wb = rows * 0.5^(age / prior.half_life) / sum 0.5^(age / prior.half_life)`; with
/// `S = sum wb + sum wp`,
/// `H = sum (wb + wp) x x' / S` and `g = sum (wb x (x'p) + wp x r_M) / S`. A tilt adds
/// `strength * tr(H) / n * score * exp(-lag / decay)` to `g`. Returns are not demeaned.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewAware {
    /// Rows of the window; fewer where an asset or the benchmark has fewer.
    pub window_rows: usize,
    /// Rows after which a return weighs half as much; all weigh the same without it.
    pub half_life: Option<f64>,
    /// When holdings are renewed.
    pub reviews: Reviews,
    /// What a return from before the last review weighs, relative to one after it.
    pub stale: f64,
    /// What the benchmark is believed to hold since its last review.
    pub prior: Option<Prior>,
    /// A push towards the assets with the largest scores.
    pub tilt: Option<Tilt>,
}

/// A portfolio that stands in for the benchmark's holdings since the review:
/// `p ~ base * exp(clip(score, -clip, clip))` at the review, drifted since.
#[derive(Debug, Clone, PartialEq)]
pub struct Prior {
    /// How many rows of returns it counts as.
    pub rows: f64,
    /// Rows after which a return weighs half as much.
    pub half_life: f64,
    /// Weight of each asset at a score of 0, by universe index, up to a common factor.
    pub base: Vec<f64>,
    /// Scores beyond this count as this.
    pub clip: f64,
}

/// A push of the cross moments towards the assets with the largest scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tilt {
    /// Its size, as a part of the mean second moment for a score of 1.
    pub strength: f64,
    /// Rows after the review in which it falls by the factor `e`.
    pub decay_rows: f64,
}

impl ReviewAware {
    /// The moments of some assets.
    ///
    /// `need` says what an asset must have in order to be held: at the review the prior holds those
    /// that had it then.
    ///
    /// # Shape and units
    /// As [`TrackingMoments::of_window`], but averaged: a session's squared return.
    /// # Errors
    /// [`Error::TooFewRows`] without a known return of an asset or the benchmark, or where a score
    /// lacks month-ends; [`Error::NoReview`] if none has taken effect yet.
    pub fn moments(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        need: Need,
    ) -> Result<TrackingMoments> {
        let rows = self.rows(past, assets)?;
        let review = *self.reviews.rows(past).last().ok_or(Error::NoReview)?;
        let lag = past.rows() - 1 - review;
        let returns = past.returns(assets, rows)?;
        let benchmark = past.benchmark(rows)?;
        let own = self.own_weights(rows, lag);
        let prior = match &self.prior {
            None => None,
            Some(prior) => {
                Some((prior.weights(rows), prior.portfolio(past, assets, review, need)?))
            }
        };
        let mut moments = weighted(&returns, benchmark, &own, prior.as_ref())?;
        if let Some(tilt) = self.tilt {
            let scores = momentum_score(past, assets)?;
            let size = mean_diagonal(&moments.second_moment.to_dense());
            let push = tilt.strength * size * exp(-(lag as f64) / tilt.decay_rows);
            moments.cross.iter_mut().zip(scores).for_each(|(g, score)| *g += push * score);
        }
        Ok(moments)
    }

    /// Rows of the window that all series have.
    fn rows(&self, past: &Past<'_>, assets: &[usize]) -> Result<usize> {
        let known = assets.iter().map(|&asset| past.returns_known(asset));
        let least = known.chain([past.benchmark_returns_known(), self.window_rows]).min();
        match least {
            Some(rows) if rows > 0 => Ok(rows),
            _ => {
                // The series that has ended says so itself.
                past.returns(assets, 1)?;
                past.benchmark(1)?;
                Err(Error::TooFewRows { what: "a tracking error", rows: 0, least: 1 })
            }
        }
    }

    /// `wp`, oldest first.
    pub(super) fn own_weights(&self, rows: usize, lag: usize) -> Vec<f64> {
        let weight = |age: usize| {
            let decayed = self.half_life.map_or(1.0, |half| pow(0.5, age as f64 / half));
            if age >= lag { self.stale * decayed } else { decayed }
        };
        (0..rows).rev().map(weight).collect()
    }
}

impl Prior {
    /// `wb`, oldest first.
    fn weights(&self, rows: usize) -> Vec<f64> {
        let decayed: Vec<f64> =
            (0..rows).rev().map(|age| pow(0.5, age as f64 / self.half_life)).collect();
        let sum: f64 = decayed.iter().sum();
        decayed.into_iter().map(|weight| self.rows * weight / sum).collect()
    }

    /// The portfolio at the review, drifted to the last known row, over the given assets.
    pub(super) fn portfolio(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        review: Row,
        need: Need,
    ) -> Result<Vec<f64>> {
        let then = past.before(review + 1)?;
        let eligible = then.eligible(need);
        let scores = momentum_score(&then, &eligible)?;
        let last = past.rows() - 1;
        let mut held = vec![0.0; past.universe().len()];
        for (&asset, score) in eligible.iter().zip(scores) {
            let drift = match (past.price(review, asset), past.price(last, asset)) {
                (Some(from), Some(to)) => to / from,
                _ => 0.0,
            };
            held[asset] = self.base[asset] * exp(score.clamp(-self.clip, self.clip)) * drift;
        }
        let sum: f64 = assets.iter().map(|&asset| held[asset]).sum();
        if sum <= 0.0 {
            let rows = eligible.len();
            return Err(Error::TooFewRows { what: "the prior portfolio", rows, least: 1 });
        }
        Ok(assets.iter().map(|&asset| held[asset] / sum).collect())
    }
}

/// Weighted sums, divided by the sum of all weights.
fn weighted(
    returns: &Matrix,
    benchmark: &[f64],
    own: &[f64],
    prior: Option<&(Vec<f64>, Vec<f64>)>,
) -> Result<TrackingMoments> {
    let n = returns.cols();
    let mut second = Matrix::zeros(n, n);
    let mut cross = vec![0.0; n];
    let (mut square, mut sum) = (0.0, 0.0);
    for (t, x) in returns.iter_rows().enumerate() {
        let (wp, r) = (own[t], benchmark[t]);
        let (wb, believed) = prior.map_or((0.0, 0.0), |(weights, portfolio)| {
            (weights[t], x.iter().zip(portfolio).map(|(x, p)| x * p).sum())
        });
        let pull = wb * believed + wp * r;
        for (i, &value) in x.iter().enumerate() {
            cross[i] += pull * value;
            let scaled = (wb + wp) * value;
            let row = &mut second.row_mut(i)[i..];
            row.iter_mut().zip(&x[i..]).for_each(|(sum, other)| *sum += scaled * other);
        }
        square += wb * believed * believed + wp * r * r;
        sum += wb + wp;
    }
    second.mirror();
    let second = Matrix::from_rows(n, n, second.values().iter().map(|value| value / sum).collect());
    Ok(TrackingMoments {
        second_moment: Covariance::dense(second)?,
        cross: cross.into_iter().map(|value| value / sum).collect(),
        benchmark_square: square / sum,
    })
}
