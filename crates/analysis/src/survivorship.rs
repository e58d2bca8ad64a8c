//! Survivorship bias: which part of the candidates a universe of survivors would have kept.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{Count, Survivors};

/// The candidates of a run that survive to its end.
///
/// # Source
/// Brown, Goetzmann, Ibbotson & Ross (1992), Survivorship bias in performance studies.
/// # Examples
/// ```
/// use walkfolio_analysis::survivorship::Survivorship;
/// use walkfolio_record::{Count, Survivors};
///
/// let count = |candidates, survivors| Count { date: "2024-01-02".parse().unwrap(), candidates, survivors };
/// let found = Survivorship::of(&Survivors {
///     candidates: 8,
///     survivors: 6,
///     held: 4,
///     held_survivors: 3,
///     first: count(5, 4),
///     last: count(6, 6),
/// });
/// assert_eq!((found.any.share, found.first.share.share), (Some(0.75), Some(0.8)));
/// assert_eq!(found.held_lost, 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Survivorship {
    /// Of the candidates of any decision.
    pub any: Share,
    /// Of those of the first decision.
    pub first: AtDecision,
    /// Of those of the last decision.
    pub last: AtDecision,
    /// Of the assets that were held after a decision.
    pub held: Share,
    /// Assets that were held and do not survive: a study of survivors could not have held them.
    pub held_lost: usize,
}

/// Survivors among some assets.
///
/// # Examples
/// See [`Survivorship`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// The assets.
    pub assets: usize,
    /// Those of them that survive.
    pub survivors: usize,
    /// Their part, a fraction; `None` of no asset.
    pub share: Option<f64>,
}

/// Survivors among the candidates of a decision.
///
/// # Examples
/// See [`Survivorship`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AtDecision {
    /// The first session on which its weights earn.
    pub date: Date,
    /// The survivors.
    pub share: Share,
}

impl Survivorship {
    /// The shares of what a run has counted.
    pub fn of(found: &Survivors) -> Self {
        Self {
            any: Share::of(found.candidates, found.survivors),
            first: AtDecision::of(&found.first),
            last: AtDecision::of(&found.last),
            held: Share::of(found.held, found.held_survivors),
            held_lost: found.held.saturating_sub(found.held_survivors),
        }
    }
}

impl Share {
    fn of(assets: usize, survivors: usize) -> Self {
        let share = (assets > 0).then(|| survivors as f64 / assets as f64);
        Self { assets, survivors, share }
    }
}

impl AtDecision {
    fn of(count: &Count) -> Self {
        Self { date: count.date, share: Share::of(count.candidates, count.survivors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_asset_has_no_share() {
        assert_eq!(Share::of(0, 0).share, None);
        assert_eq!(Share::of(4, 1).share, Some(0.25));
    }
}
