//! Robust figures of small samples.

/// What a standard deviation is of a median absolute deviation, under the normal law.
const MAD_TO_DEVIATION: f64 = 1.4826;

/// The 80 % quantile of `|z|` under the normal law.
const NORMAL_80: f64 = 1.2816;

/// The value at a share of the sorted sample; 0 of an empty one. Reorders the sample.
pub(crate) fn quantile(sample: &mut [f64], share: f64) -> f64 {
    if sample.is_empty() {
        return 0.0;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a share of a length
    let place = ((sample.len() - 1) as f64 * share) as usize;
    *sample.select_nth_unstable_by(place, f64::total_cmp).1
}

/// The middle value; 0 of an empty sample.
pub(crate) fn median(mut sample: Vec<f64>) -> f64 {
    quantile(&mut sample, 0.5)
}

/// A deviation that a fifth of wild values does not move, nor a half of zeros.
///
/// The larger of the scaled median absolute deviation about `centre` and the scaled 80 % quantile
/// of the same distances: a series of many zeros has no median deviation.
pub(crate) fn robust_deviation(sample: &[f64], centre: f64) -> f64 {
    let mut distances: Vec<f64> = sample.iter().map(|value| (value - centre).abs()).collect();
    let middle = quantile(&mut distances, 0.5) * MAD_TO_DEVIATION;
    middle.max(quantile(&mut distances, 0.8) / NORMAL_80)
}

/// The correlation of pairs; 0 where one side is constant.
pub(crate) fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len().max(1) as f64;
    let (a, b) = pairs.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    let (a, b) = (a / n, b / n);
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        aa += (x - a) * (x - a);
        bb += (y - b) * (y - b);
        ab += (x - a) * (y - b);
    }
    let product = (aa * bb).sqrt();
    if product > 0.0 { ab / product } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(robust_deviation(&[-1.0, 0.0, 1.0, 50.0], 0.0), 1.4826);
        assert!((correlation(&[(1.0, 2.0), (2.0, 4.0), (3.0, 6.0)]) - 1.0).abs() < 1e-12);
        assert_eq!(correlation(&[(1.0, 2.0), (1.0, 4.0)]), 0.0);
    }
}
