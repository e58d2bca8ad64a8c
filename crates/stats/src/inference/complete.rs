//! What a series must be before anything is inferred from it.

/// The share of a second moment below which the variance left of it is rounding error.
pub(super) const ROUNDING: f64 = 1e-12;

/// Whether there are series, all of one length of at least `rows`, of finite numbers.
pub(super) fn are_complete(series: &[&[f64]], rows: usize) -> bool {
    let Some(first) = series.first() else { return false };
    first.len() >= rows
        && series.iter().all(|values| values.len() == first.len() && are_finite(values))
}

/// The largest number that counts as finite: its fourth power, which kurtosis needs, still is.
const LARGEST: f64 = 1e75;

/// Whether every value is a finite number.
pub(super) fn are_finite(values: &[f64]) -> bool {
    values.iter().all(|value| value.abs() <= LARGEST)
}
