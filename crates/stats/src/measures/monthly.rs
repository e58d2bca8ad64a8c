//! Returns compounded by calendar month.

use walkfolio_core::Date;

use super::wealth::final_wealth;

/// Months a year.
pub const MONTHS_PER_YEAR: f64 = 12.0;

/// Compounds the returns of each calendar month, `prod(1 + r_t) - 1`.
///
/// A month that the period only touches counts as it is.
///
/// # Shape and units
/// `T` dates in order and `T` simple returns as fractions; one fraction a month, in order. Empty if
/// the lengths differ.
/// # Examples
/// ```
/// use walkfolio_stats::measures::monthly::compounded;
/// use walkfolio_core::Date;
///
/// let dates = [(1, 30), (1, 31), (2, 1)].map(|(month, day)| Date::constant(2024, month, day));
/// let months = compounded(&dates, &[0.1, 0.1, -0.5]);
/// assert!((months[0] - 0.21).abs() < 1e-15 && (months[1] + 0.5).abs() < 1e-15);
/// ```
pub fn compounded(dates: &[Date], returns: &[f64]) -> Vec<f64> {
    if dates.len() != returns.len() {
        return Vec::new();
    }
    let mut rest = returns;
    dates
        .chunk_by(|a, b| a.first_of_month() == b.first_of_month())
        .map(|month| {
            let (now, later) = rest.split_at(month.len());
            rest = later;
            final_wealth(now) - 1.0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_month_of_another_year_is_another_month() {
        let dates = [Date::constant(2023, 1, 3), Date::constant(2024, 1, 3)];
        assert_eq!(compounded(&dates, &[0.5, 0.25]), [0.5, 0.25]);
        assert!(compounded(&dates, &[0.5]).is_empty());
    }
}
