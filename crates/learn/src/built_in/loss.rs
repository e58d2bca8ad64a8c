//! The logistic loss and its two derivatives.

use super::exp::Exponential;

/// First and second derivative of a row's loss by its margin.
pub(super) type Pair = [f32; 2];

/// The fraction of true labels, XGBoost's first guess.
#[allow(clippy::cast_possible_truncation)] // XGBoost's base score is an `f32`
pub(super) fn base_score(labels: &[f32]) -> f32 {
    let sum: f64 = labels.iter().map(|&label| f64::from(label)).sum();
    (sum / labels.len() as f64) as f32
}

/// Derivatives at the margins: `p - y` and `p (1 - p)`, the second at least `1e-16`.
///
/// # Source
/// XGBoost 3.2, objective `binary:logistic`, in its `f32` and its order.
pub(super) fn derive(margins: &[f32], labels: &[f32], pairs: &mut [Pair]) {
    let exp = Exponential::new();
    for ((pair, &margin), &label) in pairs.iter_mut().zip(margins).zip(labels) {
        let p = 1.0 / (exp.of(f32::min(-margin, 88.7)) + 1.0);
        *pair = [p - label, f32::max(p * (1.0 - p), 1e-16)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_at_zero_are_a_half_and_a_quarter() {
        let mut pairs = [[0.0; 2]; 2];
        derive(&[0.0, 0.0], &[0.0, 1.0], &mut pairs);
        assert_eq!(pairs, [[0.5, 0.25], [-0.5, 0.25]]);
        derive(&[-200.0, 200.0], &[0.0, 1.0], &mut pairs);
        assert_eq!(pairs[1], [0.0, 1e-16]);
    }

    #[test]
    fn the_first_guess_is_the_mean() {
        assert_eq!(base_score(&[1.0, 0.0, 0.0, 0.0]), 0.25);
    }
}
