//! A straight line through two series.

use super::moments::{NEGLIGIBLE, mean};

/// A line fitted by ordinary least squares, `y = intercept + slope * x + e`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Alpha a session.
    pub intercept: f64,
    /// Beta.
    pub slope: f64,
    /// Share of the variance of `y` that the line explains; `None` if `y` does not vary.
    pub r_squared: Option<f64>,
}

/// Regresses `y` on a constant and `x`.
///
/// # Shape and units
/// `T` values each, same dates. `None` if `T < 2`, the lengths differ or `x` does not vary.
/// # Source
/// Jensen (1968), The Performance of Mutual Funds, Journal of Finance 23(2).
/// # Examples
/// ```
/// use walkfolio_stats::measures::relative::least_squares;
///
/// // y = 0.01 + 2 x, exactly.
/// let line = least_squares(&[0.00, 0.01, 0.03], &[0.01, 0.03, 0.07]).unwrap();
/// assert!((line.slope - 2.0).abs() < 1e-12);
/// assert!((line.intercept - 0.01).abs() < 1e-12);
/// assert!((line.r_squared.unwrap() - 1.0).abs() < 1e-12);
/// ```
pub fn least_squares(x: &[f64], y: &[f64]) -> Option<Line> {
    if x.len() != y.len() || x.len() < 2 {
        return None;
    }
    let (mean_x, mean_y) = (mean(x)?, mean(y)?);
    let (mut sxx, mut sxy, mut syy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (dx, dy) = (x - mean_x, y - mean_y);
        sxx += dx * dx;
        sxy += dx * dy;
        syy += dy * dy;
    }
    let least = NEGLIGIBLE * NEGLIGIBLE * (x.len() - 1) as f64;
    if sxx <= least {
        return None;
    }
    let slope = sxy / sxx;
    // Rounding may carry a perfect fit past 1.
    let r_squared = (syy > least).then(|| (slope * (sxy / syy)).min(1.0));
    Some(Line { intercept: mean_y - slope * mean_x, slope, r_squared })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_with_residuals_by_hand() {
        // x = 0, 1, 2 and y = 0, 2, 1: means 1 and 1, sxx 2, sxy 1, syy 2.
        let line = least_squares(&[0.0, 1.0, 2.0], &[0.0, 2.0, 1.0]).unwrap();
        assert!((line.slope - 0.5).abs() < 1e-15);
        assert!((line.intercept - 0.5).abs() < 1e-15);
        assert!((line.r_squared.unwrap() - 0.25).abs() < 1e-15);
    }

    #[test]
    fn no_line_through_a_constant_or_unequal_series() {
        assert_eq!(least_squares(&[0.1; 3], &[0.0, 0.1, 0.2]), None);
        assert_eq!(least_squares(&[0.1, 0.2], &[0.1]), None);
        assert_eq!(least_squares(&[0.1], &[0.1]), None);
        let flat = least_squares(&[0.0, 0.1, 0.2], &[0.1; 3]).unwrap();
        assert_eq!(flat.r_squared, None);
        assert!(flat.slope.abs() < 1e-15);
    }
}
