//! What a series of returns makes of 1.

use std::cmp::Ordering;

/// What 1 becomes: `prod(1 + r_t)`, and 0 from the session on that takes it to zero or below.
///
/// # Shape and units
/// `T` simple returns as fractions; a multiple of the starting value, at least 0.
/// # Examples
/// ```
/// use walkfolio_stats::measures::performance::final_wealth;
///
/// assert_eq!(final_wealth(&[0.5, -0.5]), 0.75);
/// // Everything is lost in the first period: a gain of 50 % on nothing is nothing.
/// assert_eq!(final_wealth(&[-1.0, 0.5]), 0.0);
/// ```
pub fn final_wealth(returns: &[f64]) -> f64 {
    if stays_positive(returns) {
        return returns.iter().fold(1.0, |wealth, r| wealth * (1.0 + r));
    }
    returns.iter().fold(1.0, |wealth, r| grow(wealth, *r))
}

/// Whether no return takes all: then no product of theirs is below zero, and none has to be looked at.
pub(super) fn stays_positive(returns: &[f64]) -> bool {
    let takes_all = |r: &f64| u64::from((1.0 + r).partial_cmp(&0.0) != Some(Ordering::Greater));
    // Counted and not searched for: the next is not waited for.
    returns.iter().map(takes_all).sum::<u64>() == 0
}

/// The next value of wealth. It stays at 0: a loss beyond it is not owed, and what is lost
/// cannot come back through two negative signs.
pub(super) fn grow(wealth: f64, simple_return: f64) -> f64 {
    (wealth * (1.0 + simple_return)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_looked_at_would_not_have_mattered() {
        let mut numbers = walkfolio_core::random::SplitMix64::stream(5, 0);
        for round in 0..400 {
            let mut returns: Vec<f64> = (0..50).map(|_| 3.0 * (numbers.unit() - 0.4)).collect();
            if round % 4 > 0 {
                let taken = [-1.0, -1.5, f64::NAN][round % 3];
                for r in &mut returns {
                    *r = r.max(-0.99);
                }
                returns[round % 50] = taken;
            }
            let looked_at = returns.iter().fold(1.0, |wealth, r| grow(wealth, *r));
            assert_eq!(final_wealth(&returns).to_bits(), looked_at.to_bits(), "{returns:?}");
        }
        assert!(stays_positive(&[-0.999, 3.0]) && !stays_positive(&[0.1, -1.0]));
    }
}
