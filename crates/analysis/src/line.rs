//! Lines over time.

/// One value a date, none where it is not defined.
pub type Line = Vec<Option<f64>>;

/// The indices of at most so many points of a line: evenly spaced, counted back from the last one,
/// which is always among them.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_analysis::line::evenly(7, 3), [0, 3, 6]);
/// ```
pub fn evenly(length: usize, most: usize) -> Vec<usize> {
    let step = length.div_ceil(most).max(1);
    (0..length).filter(|index| (length - 1 - index).is_multiple_of(step)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_spread_evenly_up_to_the_last() {
        assert_eq!(evenly(3, 5), [0, 1, 2]);
        assert_eq!(evenly(7, 3), [0, 3, 6]);
        assert_eq!(evenly(8, 3), [1, 4, 7]);
        assert!(evenly(0, 3).is_empty());
    }
}
