//! Tracking a portfolio that is renewed at reviews and drifts between them.
//!
//! A factor fund is reviewed a few times a year. Between reviews its holdings only drift, so
//! returns from before the last review describe a portfolio that is no longer held, and the
//! factor's own rule says something of the one that is. [`ReviewAware`] weighs returns by age and
//! by side of the last review, and adds a few rows' worth of a *prior* portfolio that is made from
//! the scores of the assets at that review.
//!
//! - `review`: what is known of them; `calendar`: when one follows a jump of volatility;
//! - `score`: risk-adjusted momentum, the rule of momentum indexes;
//! - `prior`: the portfolio made from it.
//!
//! # Source
//! MSCI (2021), Momentum Indexes Methodology, for reviews and scores; the estimator is our own.

mod calendar;
mod named;
mod prior;
mod review;
mod score;

use libm::{exp, pow};
use walkfolio_core::{Faults, Need, Past};

pub use calendar::AdHoc;
pub(super) use calendar::{quantile_of_sorted, standard_deviation};
pub use prior::Prior;
pub use review::{Review, Tilt};
pub use score::momentum_score;
pub(super) use score::{standardized, weekly_log_returns, weeks_until};

use super::estimator::TrackingEstimator;
use super::moments::TrackingMoments;
use super::sources::{Source, blended, counted_as};
use super::stay_near::mean_diagonal;
use crate::{Error, Needs, Result};

/// Tracking moments that know when the benchmark's holdings were last renewed.
///
/// With `age` the rows since a return (0 is the newest), `lag` the rows since the last review and
/// `p` the prior portfolio, row weights are
/// `wp = 0.5^(age / half_life) * (stale if age >= lag else 1)` and
/// `wb = rows * 0.5^(age / prior.half_life) / sum 0.5^(age / prior.half_life)`; with
/// `S = sum wb + sum wp`,
/// `H = sum (wb + wp) x x' / S` and `g = sum (wb x (x'p) + wp x r_M) / S`. A tilt adds
/// `strength * tr(H) / n * score * exp(-lag / decay)` to `g`. Returns are not demeaned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReviewAware<'a> {
    /// Rows of the window; fewer where an asset or the benchmark has fewer.
    pub rows: usize,
    /// The fewest rows of an asset that may be held.
    pub shortest: usize,
    /// Rows after which a return weighs half as much; all weigh the same without it.
    pub half_life: Option<f64>,
    /// What is known of the reviews.
    pub review: &'a Review,
}

impl ReviewAware<'_> {
    /// Rows of the window that all series have.
    fn shared_rows(&self, past: &Past<'_>, assets: &[usize]) -> Result<usize> {
        let known = assets.iter().map(|&asset| past.returns_known(asset));
        let least = known.chain([past.benchmark_returns_known(), self.rows]).min();
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

    /// The rows of the window, and what is tracked over them: the prior portfolio, if there is one, and the benchmark.
    pub(super) fn sources(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        need: Need,
    ) -> Result<(usize, Vec<Source>)> {
        let rows = self.shared_rows(past, assets)?;
        let review = *self.review.rows(past)?.last().ok_or(Error::NoReview)?;
        let mut sources = Vec::new();
        if let Some(prior) = &self.review.prior {
            let portfolio = prior.portfolio(past, assets, review, need)?;
            let window = past.returns(assets, rows)?;
            let believed = window
                .iter_rows()
                .map(|x| x.iter().zip(&portfolio).map(|(x, p)| x * p).sum())
                .collect();
            let weights = counted_as(prior.rows, prior.half_life_days, rows);
            sources.push(Source { weights, returns: believed });
        }
        let weights = self.own_weights(rows, past.rows() - 1 - review);
        sources.push(Source { weights, returns: past.benchmark(rows)?.to_vec() });
        Ok((rows, sources))
    }

    /// Moments with the push towards the assets with the largest scores, if there is one.
    pub(super) fn tilted(
        &self,
        mut moments: TrackingMoments,
        past: &Past<'_>,
        assets: &[usize],
    ) -> Result<TrackingMoments> {
        let Some(tilt) = &self.review.tilt else { return Ok(moments) };
        let review = *self.review.rows(past)?.last().ok_or(Error::NoReview)?;
        let lag = past.rows() - 1 - review;
        let scores = momentum_score(past, assets)?;
        let size = mean_diagonal(&moments.second_moment.to_dense());
        let push = tilt.strength * size * exp(-(lag as f64) / tilt.decay_days);
        moments.cross.iter_mut().zip(scores).for_each(|(g, score)| *g += push * score);
        Ok(moments)
    }

    /// `wp`, oldest first.
    fn own_weights(&self, rows: usize, lag: usize) -> Vec<f64> {
        let weight = |age: usize| {
            let decayed = self.half_life.map_or(1.0, |half| pow(0.5, age as f64 / half));
            if age >= lag { self.review.stale * decayed } else { decayed }
        };
        (0..rows).rev().map(weight).collect()
    }
}

impl TrackingEstimator for ReviewAware<'_> {
    fn validate(&self, faults: &mut Faults) {
        faults.part("review", |faults| self.review.validate(faults));
    }

    fn names(&self) -> Vec<(String, &str)> {
        self.review.names()
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.shortest)
    }

    fn is_ready(&self, past: &Past<'_>, assets: &[usize], need: Need) -> bool {
        past.benchmark_returns_known() >= self.shortest && self.moments(past, assets, need).is_ok()
    }

    /// At the review the prior holds the assets that met `need` then.
    ///
    /// # Shape and units
    /// As [`TrackingMoments::of_window`], but averaged: a session's squared return.
    /// # Errors
    /// [`Error::TooFewRows`] without a known return of an asset or the benchmark, or where a score
    /// lacks month-ends; [`Error::NoReview`] if none has taken effect yet;
    /// [`Error::UnknownAsset`] if a key names an asset that the market does not have.
    fn moments(&self, past: &Past<'_>, assets: &[usize], need: Need) -> Result<TrackingMoments> {
        let (rows, sources) = self.sources(past, assets, need)?;
        let moments = blended(&past.returns(assets, rows)?, &sources)?;
        self.tilted(moments, past, assets)
    }

    fn has_reviews(&self) -> bool {
        true
    }

    fn is_reviewed(&self, past: &Past<'_>) -> bool {
        let rows = self.review.rows(past).unwrap_or_default();
        rows.last().is_some_and(|row| row + 1 == past.rows())
    }
}

#[cfg(test)]
mod tests;
