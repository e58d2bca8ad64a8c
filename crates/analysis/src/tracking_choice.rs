//! The backtest of a grid that tracks best, and which others cannot be told from it.

use rayon::prelude::*;
use walkfolio_record::{Estimate, TrackingChoice};
use walkfolio_stats::inference::bootstrap::{self, Bootstrap, interval};
use walkfolio_stats::measures::relative;

use crate::sample::MINIMUM_SESSIONS;

/// Judges the active returns of cells, all of the same sessions; none where fewer than two are long enough.
pub(crate) fn choice(cells: &[Option<Vec<f64>>], periods_per_year: f64) -> Option<TrackingChoice> {
    let long = |active: &Option<Vec<f64>>| {
        let active = active.as_ref().filter(|active| active.len() >= MINIMUM_SESSIONS)?;
        relative::tracking_error(active, periods_per_year)
    };
    let errors: Vec<Option<f64>> = cells.iter().map(long).collect();
    let known = errors.iter().enumerate().filter_map(|(cell, error)| Some((cell, (*error)?)));
    if known.clone().count() < 2 {
        return None;
    }
    // The first of equals.
    let (best, _) = known.reduce(|best, next| if next.1 < best.1 { next } else { best })?;
    let own = cells[best].as_deref()?;
    let settings = Bootstrap::default();
    let error = |series: &[f64]| relative::tracking_error(series, periods_per_year);
    let alone = |(active, known): (&Option<Vec<f64>>, &Option<f64>)| {
        known.and(active.as_deref())?;
        bootstrap::tracking_error(active.as_deref()?, periods_per_year, &settings).map(estimate)
    };
    let apart = |(cell, known): (usize, &Option<f64>)| {
        let other = known.and(cells[cell].as_deref()).filter(|other| *other != own)?;
        let difference = |copies: &[&[f64]]| Some(error(copies[0])? - error(copies[1])?);
        interval(&[other, own], difference, &settings).map(estimate)
    };
    Some(TrackingChoice {
        best,
        tracking_errors: cells.par_iter().zip(&errors).map(alone).collect(),
        differences: errors.par_iter().enumerate().map(apart).collect(),
    })
}

fn estimate(found: bootstrap::Interval) -> Estimate {
    Estimate { value: found.estimate, low: found.low, high: found.high }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise of a size; the same for equal seeds.
    fn active(size: f64, seed: u32) -> Vec<f64> {
        let at = |t: u32| f64::from((t * seed) % 211) / 211.0 - 0.5;
        (0..500).map(|t| size * at(t)).collect()
    }

    #[test]
    fn the_smallest_error_is_best_and_its_like_are_not_told_apart() {
        let like = active(0.01, 7919);
        let mut near = like.clone();
        near[17] -= 1e-3;
        let cells = [Some(active(0.05, 6007)), Some(like.clone()), Some(near), Some(like), None];
        let found = choice(&cells, 252.0).unwrap();
        assert_eq!(found.best, 1);
        let [far, own, near, same, none] = [0, 1, 2, 3, 4].map(|cell| found.differences[cell]);
        assert!(far.unwrap().low > 0.0, "five times as far is another error");
        assert!(near.unwrap().low <= 0.0, "one session of many is not");
        assert_eq!((own, same, none), (None, None, None));
        assert_eq!(found.tracking_errors.iter().filter(|error| error.is_some()).count(), 4);
        for error in found.tracking_errors.iter().flatten() {
            assert!(error.low <= error.value && error.value <= error.high);
        }
        assert_eq!(choice(&cells[..1], 252.0), None, "one alone is not chosen");
    }
}
