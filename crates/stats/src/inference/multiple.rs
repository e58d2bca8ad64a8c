//! Several tests at once.

/// P values with which each of several tests is significant at a level where the chance that any true hypothesis is
/// rejected is at most that level, whatever the dependence of the tests.
///
/// The smallest of `k` p values times `k`, the next times `k - 1` and so on, each at least the one before and at
/// most 1.
///
/// # Shape and units
/// Probabilities; the result is in the order of `p_values`.
/// # Source
/// Holm (1979), A simple sequentially rejective multiple test procedure.
/// # Examples
/// ```
/// use walkfolio_stats::inference::multiple::holm;
///
/// // 0.01 times 3, 0.02 times 2, and no less than that for the last.
/// let adjusted = holm(&[0.02, 0.01, 0.03]);
/// assert_eq!(adjusted, [0.04, 0.03, 0.04]);
/// ```
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut least = 0.0f64;
    for (rank, &at) in order.iter().enumerate() {
        let left = (p_values.len() - rank) as f64;
        least = least.max((left * p_values[at]).min(1.0));
        adjusted[at] = least;
    }
    adjusted
}
