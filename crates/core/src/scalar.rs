//! Scalar products with a fixed order of summation.

/// Independent sums of [`dot_in_lanes`].
const LANES: usize = 8;

/// The scalar product, summed in order.
///
/// # Shape and units
/// Both have the same length: a difference is a fault of the caller, found by debug builds.
/// # Examples
/// ```
/// assert_eq!(walkfolio_core::linear::dot(&[1.0, 2.0], &[3.0, 4.0]), 11.0);
/// ```
#[inline]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    debug_assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The scalar product in eight independent sums, which are then added in order: a compiler may keep
/// them in vector registers, and the bits are the same on every machine.
///
/// # Shape and units
/// As [`dot`].
/// # Examples
/// ```
/// let ones = [1.0; 11];
/// assert_eq!(walkfolio_core::linear::dot_in_lanes(&ones, &ones), 11.0);
/// ```
#[inline]
pub fn dot_in_lanes(a: &[f64], b: &[f64]) -> f64 {
    debug_assert_eq!(a.len(), b.len());
    let (a_lanes, a_rest) = a.as_chunks::<LANES>();
    let (b_lanes, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}
