//! What a series of returns makes of 1.

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
    returns.iter().fold(1.0, |wealth, r| grow(wealth, *r))
}

/// The next value of wealth. It stays at 0: a loss beyond it is not owed, and what is lost
/// cannot come back through two negative signs.
pub(super) fn grow(wealth: f64, simple_return: f64) -> f64 {
    (wealth * (1.0 + simple_return)).max(0.0)
}
