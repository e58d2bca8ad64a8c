//! Estimators of what tracking a benchmark needs, one a file.
//!
//! A study chooses among them by the keys that it sets, not by a `kind`. To add one: its file, with
//! the keys that only it has, its rules, needs, mathematics and test, its key in [`Tracking`], and a
//! line in the list below, which hands it its keys: no estimator knows those of the others.

mod basket;
mod estimator;
mod exponential;
mod holdings;
mod keys;
mod moments;
mod review_aware;
mod sample;
mod sources;
mod stay_near;
mod weighted;

use walkfolio_core::Faults;

pub use basket::{Basket, newest_basket};
pub use estimator::TrackingEstimator;
pub(crate) use exponential::weights_to_one;
pub use exponential::{Exponential, exponential_weights};
pub use holdings::{ByRule, Holdings, HoldingsAware};
pub use keys::Tracking;
pub use moments::TrackingMoments;
pub use review_aware::{AdHoc, Prior, Review, ReviewAware, Tilt, momentum_score};
pub use sample::Sample;

/// Makes an estimator of the keys of a study, if they ask for it.
type Offer = fn(&Tracking) -> Option<Box<dyn TrackingEstimator + '_>>;

/// The estimators that a key asks for; one that builds on another is before it.
const ESTIMATORS: [Offer; 3] = [
    |keys| keys.by_holdings().map(boxed),
    |keys| keys.by_reviews().map(boxed),
    |keys| keys.by_age().map(boxed),
];

fn boxed<'a>(estimator: impl TrackingEstimator + 'a) -> Box<dyn TrackingEstimator + 'a> {
    Box::new(estimator)
}

impl Tracking {
    /// The estimator that the keys ask for; without any of theirs, the plain window.
    pub fn estimator(&self) -> Box<dyn TrackingEstimator + '_> {
        let asked = ESTIMATORS.iter().find_map(|offer| offer(self));
        asked.unwrap_or_else(|| Box::new(Sample { rows: self.rows() }))
    }

    fn rows(&self) -> usize {
        self.window as usize
    }

    fn by_age(&self) -> Option<Exponential> {
        Some(Exponential { rows: self.rows(), half_life: self.half_life_days? })
    }

    fn by_reviews(&self) -> Option<ReviewAware<'_>> {
        Some(ReviewAware {
            rows: self.rows(),
            shortest: self.shortest_days.unwrap_or(self.window) as usize,
            half_life: self.half_life_days,
            review: self.review.as_ref()?,
        })
    }

    fn by_holdings(&self) -> Option<HoldingsAware<'_>> {
        Some(HoldingsAware {
            rows: self.rows(),
            half_life: self.half_life_days,
            reviewed: self.by_reviews(),
            holdings: self.holdings.as_ref()?,
        })
    }

    /// Whether the keys obey their rules.
    pub fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 1, "the objective");
        if let Some(half) = self.half_life_days {
            faults.above_zero("half_life_days", half, "63 is a quarter of a year");
        }
        faults.at_least_zero("ridge_to_holdings", self.ridge_to_holdings.unwrap_or(0.0));
        self.check_shortest(faults);
        self.estimator().validate(faults);
    }

    fn check_shortest(&self, faults: &mut Faults) {
        let (Some(shortest), window) = (self.shortest_days, self.window) else { return };
        if self.review.is_none() {
            let message = "shrinks the window of a study with reviews only";
            faults.push("shortest_days", message, "remove it, or add `review`");
        }
        if shortest > window || shortest == 0 {
            let message = format!("must be from 1 to window = {window}, found {shortest}");
            faults.push("shortest_days", message, "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_choose_the_estimator() {
        let plain = Tracking {
            window: 252,
            shortest_days: None,
            half_life_days: None,
            ridge_to_holdings: None,
            review: None,
            holdings: None,
        };
        let aged = Tracking { half_life_days: Some(60.0), ..plain.clone() };
        let review =
            Review { months: vec![5, 11], stale: 0.5, ad_hoc: None, prior: None, tilt: None };
        let reviewed = Tracking { shortest_days: Some(126), review: Some(review), ..aged.clone() };
        for (keys, rows, has_reviews) in
            [(&plain, 252, false), (&aged, 252, false), (&reviewed, 126, true)]
        {
            let estimator = keys.estimator();
            assert_eq!((estimator.needs().rows, estimator.has_reviews()), (rows, has_reviews));
        }
        let mut faults = Faults::default();
        Tracking { review: None, ..reviewed }.validate(&mut faults);
        assert_eq!(faults.into_found()[0].path, "shortest_days");
    }
}
