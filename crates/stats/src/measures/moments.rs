//! Means and standard deviations, summed in order so that the bits never change.

/// The standard deviation below which a return series counts as constant.
///
/// Simple returns are differences from 1, each with a rounding error near 1e-16: a ratio to a
/// smaller deviation than this would be a ratio to noise.
pub(crate) const NEGLIGIBLE: f64 = 1e-14;

/// The mean; `None` of nothing.
///
/// The second pass removes the rounding error of the first, so that the deviations of a constant
/// series vanish.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let n = values.len() as f64;
    let rough = values.iter().sum::<f64>() / n;
    Some(rough + values.iter().map(|value| value - rough).sum::<f64>() / n)
}

/// The standard deviation with `n - 1`; `None` of fewer than two values.
pub(crate) fn standard_deviation(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let mean = mean(values)?;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

/// `mean * p / (std * sqrt(p))`: annual reward for each unit of annual variability.
pub(crate) fn annual_ratio(values: &[f64], periods_per_year: f64) -> Option<f64> {
    let deviation = standard_deviation(values).filter(|deviation| *deviation > NEGLIGIBLE)?;
    Some(mean(values)? * periods_per_year / (deviation * periods_per_year.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_series_has_no_deviation_and_no_ratio() {
        let constant = vec![0.1; 4000];
        assert!(standard_deviation(&constant).unwrap() < NEGLIGIBLE);
        assert_eq!(annual_ratio(&constant, 252.0), None);
    }

    #[test]
    fn the_deviation_divides_by_one_less_than_the_count() {
        // Deviations from 2 are -1, 0, 1: squares 2, over 2 is 1.
        assert!((standard_deviation(&[1.0, 2.0, 3.0]).unwrap() - 1.0).abs() < 1e-15);
        assert_eq!(standard_deviation(&[1.0]), None);
        assert_eq!(mean(&[]), None);
    }
}
