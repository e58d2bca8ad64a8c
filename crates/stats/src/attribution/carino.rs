//! Effects of single periods, linked over many.

/// `(ln(1 + r_P) - ln(1 + r_B)) / (r_P - r_B)`, by which an effect of a period is a part of the difference
/// of the logarithms; `1 / (1 + r_P)` where the two are equal.
///
/// # Shape and units
/// Simple returns of one period as fractions. `None` unless both are above -1.
/// # Source
/// Carino (1999), Combining attribution effects over time, Journal of Performance Measurement 3(4).
/// # Examples
/// ```
/// use walkfolio_stats::attribution::carino::factor;
///
/// // ln(1.0334 / 1.0257) / 0.0077
/// assert!((factor(0.0334, 0.0257).unwrap() - 0.971_302_667_495_966_5).abs() < 1e-15);
/// assert_eq!(factor(0.25, 0.25), Some(0.8));
/// assert_eq!(factor(-1.0, 0.25), None);
/// ```
pub fn factor(portfolio: f64, benchmark: f64) -> Option<f64> {
    let is_known = portfolio > -1.0 && benchmark > -1.0 && (portfolio + benchmark).is_finite();
    is_known.then(|| slope((1.0 + portfolio, 1.0 + benchmark), portfolio - benchmark))
}

/// The same of two values of 1 invested at the start of a span: a small value keeps all its digits.
///
/// # Examples
/// ```
/// use walkfolio_stats::attribution::carino::{factor, factor_of_values};
///
/// assert_eq!(factor_of_values(1.5, 1.25), factor(0.5, 0.25));
/// assert_eq!(factor_of_values(0.0, 1.25), None);
/// ```
pub fn factor_of_values(portfolio: f64, benchmark: f64) -> Option<f64> {
    let is_known = portfolio > 0.0 && benchmark > 0.0 && (portfolio + benchmark).is_finite();
    is_known.then(|| slope((portfolio, benchmark), portfolio - benchmark))
}

/// `ln(own / other) / difference`, `1 / own` where there is no difference.
fn slope((own, other): (f64, f64), difference: f64) -> f64 {
    // No difference of near logarithms, and no logarithm of what is left of a small number.
    let relative = difference / other;
    if relative == 0.0 {
        1.0 / other
    } else if relative > -0.5 {
        libm::log1p(relative) / difference
    } else {
        libm::log(own / other) / difference
    }
}

/// The weights by which effects of single periods add up to the difference of the compounded returns:
/// [`factor`] of each period over that of the whole span.
///
/// # Shape and units
/// `T` pairs of simple returns (portfolio, benchmark) to `T` weights; effects of period `t` that add up to
/// `r_P,t - r_B,t`, times weight `t`, summed over `t`, are the difference of the compounded returns. `None`
/// without periods, or where one of the returns is at or below -1.
/// # Source
/// Carino (1999), Combining attribution effects over time, Journal of Performance Measurement 3(4).
/// # Examples
/// ```
/// use walkfolio_stats::attribution::carino::weights;
///
/// let periods = [(0.10, 0.05), (-0.02, 0.03)];
/// let found = weights(&periods).unwrap();
/// let linked = found[0] * (0.10 - 0.05) + found[1] * (-0.02 - 0.03);
/// assert!((linked - (1.10 * 0.98 - 1.05 * 1.03)).abs() < 1e-15);
/// ```
pub fn weights(periods: &[(f64, f64)]) -> Option<Vec<f64>> {
    let value = |pick: fn(&(f64, f64)) -> f64| {
        periods.iter().fold(1.0, |value, period| value * (1.0 + pick(period)))
    };
    let whole = factor_of_values(value(|period| period.0), value(|period| period.1));
    let whole = whole.filter(|_| !periods.is_empty())?;
    periods.iter().map(|&(own, other)| Some(factor(own, other)? / whole)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn near_returns_have_the_factor_of_equal_ones() {
        for step in [1e-5, 1e-9, 1e-13, 1e-16, 0.0] {
            let found = factor(0.03 + step, 0.03).unwrap();
            assert!((found - 1.0 / 1.03).abs() <= step, "{step}: {found}");
        }
    }

    #[test]
    fn what_cannot_be_linked_is_none() {
        assert_eq!(weights(&[]), None);
        assert_eq!(weights(&[(0.1, 0.1), (-1.0, 0.1)]), None);
        assert_eq!(weights(&[(0.1, f64::NAN)]), None);
    }

    proptest! {
        #[test]
        fn linked_effects_are_the_difference_of_the_compounded_returns(
            periods in prop::collection::vec((-0.9f64..2.0, -0.9f64..2.0), 1..40)
        ) {
            let found = weights(&periods).unwrap();
            let linked: f64 =
                found.iter().zip(&periods).map(|(weight, one)| weight * (one.0 - one.1)).sum();
            let grown = |pick: fn(&(f64, f64)) -> f64| {
                periods.iter().fold(1.0, |value, one| value * (1.0 + pick(one)))
            };
            let (own, other) = (grown(|one| one.0), grown(|one| one.1));
            let terms: f64 =
                found.iter().zip(&periods).map(|(w, one)| (w * (one.0 - one.1)).abs()).sum();
            let scale = own.max(other).max(1.0) + terms;
            prop_assert!((linked - (own - other)).abs() <= 1e-12 * scale, "{linked}");
        }
    }
}
