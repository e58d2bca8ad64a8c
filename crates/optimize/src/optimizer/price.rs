//! The price of a limit that the path of another one, or of a ratio, does not have on it.
//!
//! The sum that is limited falls as its price grows: the price is where it meets the limit.

use crate::constraint::rule::Absolute;
use crate::kernel::{Answer, Stop};

/// Solutions on the way.
const ROUNDS: usize = 60;
/// A sum within so much of its limit is at it.
const MET: f64 = 1e-12;

/// The answer at the least price at which a limit holds: `solve` has the answer at a price, with what is left
/// of it; `first` is a price to begin with.
pub(super) fn least<T>(
    limit: &Absolute<'_>,
    first: f64,
    mut solve: impl FnMut(f64) -> Result<(Answer, T), Stop>,
) -> Result<(Answer, T, f64), Stop> {
    let mut at = |price: f64| {
        solve(price).map(|(answer, rest)| (limit.of(&answer.x) - limit.max, answer, rest))
    };
    let (mut above, answer, rest) = at(0.0)?;
    if above <= MET {
        return Ok((answer, rest, 0.0));
    }
    let (mut low, mut high, mut below) = (0.0, first, f64::NAN);
    // Which end stayed last time: its weight is halved then (Illinois).
    let mut stayed = 0;
    for _ in 0..ROUNDS {
        let price =
            if below.is_nan() { high } else { high - below * (high - low) / (below - above) };
        let (miss, answer, rest) = at(price)?;
        if miss.abs() <= MET {
            return Ok((answer, rest, price));
        }
        if below.is_nan() && miss > 0.0 {
            (low, above, high) = (price, miss, 4.0 * price);
            continue;
        }
        if miss > 0.0 {
            (low, above) = (price, miss);
            below *= if stayed > 0 { 0.5 } else { 1.0 };
            stayed = 1;
        } else {
            (high, below) = (price, miss);
            above *= if stayed < 0 { 0.5 } else { 1.0 };
            stayed = -1;
        }
    }
    Err(Stop::Limit)
}
