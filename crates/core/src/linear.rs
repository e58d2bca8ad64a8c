//! Small linear algebra, with a fixed order of summation: the same bits on every machine.

pub use crate::scalar::{dot, dot_in_lanes};

use crate::Matrix;

/// The largest size of a value; 0 of none.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_core::linear::max_abs(&[0.5, -2.0, 1.0]), 2.0);
/// ```
pub fn max_abs(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, value| most.max(value.abs()))
}

/// The share of a variable's variance that the variables before it must leave unexplained for their
/// covariance to have an inverse.
const LEAST_OWN_VARIANCE: f64 = 1e-10;

/// The lower factor `L` of a Gram matrix `L L'` that has an inverse.
///
/// # Errors
/// The position of the first variable that is constant or a mixture of those before it: they explain
/// all but 1e-10 of its variance.
/// # Examples
/// ```
/// use walkfolio_core::{Matrix, linear::{inverse_root, solve}};
///
/// // [4 2; 2 3] x = [2; -1] has x = [1, -1].
/// let lower = inverse_root(&Matrix::from_rows(2, 2, vec![4.0, 2.0, 2.0, 3.0])).unwrap();
/// let x = solve(&lower, &[2.0, -1.0]);
/// assert!((x[0] - 1.0).abs() < 1e-15 && (x[1] + 1.0).abs() < 1e-15);
/// assert_eq!(inverse_root(&Matrix::zeros(1, 1)), Err(0));
/// ```
pub fn inverse_root(gram: &Matrix) -> Result<Matrix, usize> {
    let lower = gram.cholesky().ok_or(0usize)?;
    let own = |i: usize| lower[(i, i)] * lower[(i, i)];
    match (0..gram.rows()).find(|&i| own(i) <= LEAST_OWN_VARIANCE * gram[(i, i)]) {
        Some(position) => Err(position),
        None => Ok(lower),
    }
}

/// Solves `L L' b = c` for a lower factor with a positive diagonal, such as that of
/// [`inverse_root`].
///
/// # Shape and units
/// `lower` is `k x k`, `c` and the result have `k` values.
/// # Examples
/// ```
/// use walkfolio_core::{Matrix, linear::solve};
///
/// // L = [2 0; 1 2], so L L' = [4 2; 2 5], and [4 2; 2 5] [1; 1] = [6; 7].
/// let lower = Matrix::from_rows(2, 2, vec![2.0, 0.0, 1.0, 2.0]);
/// assert_eq!(solve(&lower, &[6.0, 7.0]), [1.0, 1.0]);
/// ```
pub fn solve(lower: &Matrix, c: &[f64]) -> Vec<f64> {
    let k = c.len();
    let mut b = c.to_vec();
    for a in 0..k {
        b[a] = (b[a] - dot(&lower.row(a)[..a], &b[..a])) / lower[(a, a)];
    }
    for a in (0..k).rev() {
        let above: f64 = (a + 1..k).map(|j| lower[(j, a)] * b[j]).sum();
        b[a] = (b[a] - above) / lower[(a, a)];
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_dependent_variable_is_named() {
        // The third is the sum of the first two.
        let x = Matrix::from_rows(3, 3, vec![1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 2.0, 1.0, 3.0]);
        assert_eq!(inverse_root(&x.gram()), Err(2));
    }
}
