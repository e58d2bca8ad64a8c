//! How good probabilities are.

/// Scores of probabilities against what was realized.
///
/// # Shape and units
/// Fractions, except the counts and the log loss (nats a row). A score that is not defined is
/// `None`: the area under the curve with one class, precision without a predicted positive, recall
/// without an actual one.
/// # Source
/// Hastie, Tibshirani & Friedman (2009), ch. 9; Brier (1950).
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Scores {
    /// Rows scored.
    pub rows: usize,
    /// Rows whose label is true.
    pub positives: usize,
    /// Area under the receiver operating characteristic, see [`auc`].
    pub auc: Option<f64>,
    /// Rows on the right side of the threshold.
    pub accuracy: f64,
    /// True positives among the predicted ones.
    pub precision: Option<f64>,
    /// True positives among the actual ones.
    pub recall: Option<f64>,
    /// Harmonic mean of precision and recall, `2 TP / (2 TP + FP + FN)`.
    pub f1: Option<f64>,
    /// Mean of `-ln p(label)`, probabilities clipped to `1e-15 .. 1 - 1e-15`.
    pub log_loss: f64,
    /// Mean of `(p - label)^2`.
    pub brier: f64,
}

impl Scores {
    /// Scores all rows; a probability at or above the threshold predicts true.
    ///
    /// `None` when there is nothing to score: no rows, or columns of different length.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_learn::score::Scores;
    /// let scores = Scores::of(&[true, true, false, false], &[0.8, 0.4, 0.6, 0.2], 0.5).unwrap();
    /// assert_eq!(scores.auc, Some(0.75)); // 3 of 4 pairs in order
    /// assert_eq!(scores.f1, Some(0.5)); // one true positive, one false, one missed
    /// assert!((scores.brier - 0.2).abs() < 1e-12); // (.04 + .36 + .36 + .04) / 4
    /// ```
    pub fn of(labels: &[bool], probabilities: &[f64], threshold: f64) -> Option<Self> {
        if labels.is_empty() || labels.len() != probabilities.len() {
            return None;
        }
        let rows = labels.len();
        let table = Confusion::of(labels, probabilities, threshold);
        let mean = |loss: fn(bool, f64) -> f64| {
            labels.iter().zip(probabilities).map(|(&y, &p)| loss(y, p)).sum::<f64>() / rows as f64
        };
        Some(Self {
            rows,
            positives: table.hits + table.missed,
            auc: auc(labels, probabilities),
            accuracy: (rows - table.missed - table.false_alarms) as f64 / rows as f64,
            precision: ratio(table.hits, table.hits + table.false_alarms),
            recall: ratio(table.hits, table.hits + table.missed),
            f1: ratio(2 * table.hits, 2 * table.hits + table.false_alarms + table.missed),
            log_loss: mean(log_loss),
            brier: mean(brier),
        })
    }
}

/// The cells of a confusion table that the scores need.
struct Confusion {
    hits: usize,
    missed: usize,
    false_alarms: usize,
}

impl Confusion {
    fn of(labels: &[bool], probabilities: &[f64], threshold: f64) -> Self {
        let count = |label: bool, predicted: bool| {
            let is = |&(&y, &p): &(&bool, &f64)| y == label && (p >= threshold) == predicted;
            labels.iter().zip(probabilities).filter(is).count()
        };
        Self {
            hits: count(true, true),
            missed: count(true, false),
            false_alarms: count(false, true),
        }
    }
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn log_loss(label: bool, probability: f64) -> f64 {
    let p = probability.clamp(1e-15, 1.0 - 1e-15);
    if label { -libm::log(p) } else { -libm::log1p(-p) }
}

fn brier(label: bool, probability: f64) -> f64 {
    let miss = probability - f64::from(u8::from(label));
    miss * miss
}

/// Area under the receiver operating characteristic: how often a positive scores above a negative.
///
/// The Mann-Whitney statistic over the number of pairs, a tie counted half. `None` with one class,
/// columns of different length or a score that is not a number.
///
/// # Source
/// Hanley & McNeil (1982), Radiology 143.
/// # Examples
/// ```
/// use walkfolio_learn::score::auc;
/// assert_eq!(auc(&[true, false, false], &[0.5, 0.5, 0.1]), Some(0.75)); // (1/2 + 1) / 2
/// assert_eq!(auc(&[true, true], &[0.5, 0.1]), None);
/// ```
pub fn auc(labels: &[bool], scores: &[f64]) -> Option<f64> {
    let positives = labels.iter().filter(|&&label| label).count();
    let negatives = labels.len() - positives;
    let known = labels.len() == scores.len() && !scores.iter().any(|score| score.is_nan());
    if positives == 0 || negatives == 0 || !known {
        return None;
    }
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    // Twice the statistic, so that the half of a tie stays an integer.
    let (mut twice, mut below) = (0u128, 0u128);
    for tie in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let up = tie.iter().filter(|&&row| labels[row]).count() as u128;
        let down = tie.len() as u128 - up;
        twice += up * (2 * below + down);
        below += down;
    }
    Some(twice as f64 / (2.0 * positives as f64 * negatives as f64))
}

/// Rows whose probabilities fall into one interval.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct CalibrationBin {
    /// Lower end, included.
    pub from: f64,
    /// Upper end, excluded except in the last interval.
    pub to: f64,
    /// Rows in the interval.
    pub count: usize,
    /// Their mean probability; `None` without rows.
    pub mean_probability: Option<f64>,
    /// The fraction of them whose label is true; `None` without rows.
    pub observed: Option<f64>,
}

/// How often what was given a probability was realized, in intervals of equal width over 0 to 1.
///
/// # Shape and units
/// `bins` intervals, empty ones too; rows beyond the shorter of the two columns are left out.
/// # Source
/// `DeGroot` & Fienberg (1983), The Statistician 32: the reliability diagram.
/// # Examples
/// ```
/// use walkfolio_learn::score::calibration;
/// let bins = calibration(&[false, true, true], &[0.2, 0.3, 0.9], 2);
/// assert_eq!((bins[0].count, bins[0].observed), (2, Some(0.5)));
/// assert_eq!((bins[1].from, bins[1].to, bins[1].observed), (0.5, 1.0, Some(1.0)));
/// ```
pub fn calibration(labels: &[bool], probabilities: &[f64], bins: usize) -> Vec<CalibrationBin> {
    let mut sums = vec![(0usize, 0.0, 0usize); bins];
    for (&label, &p) in labels.iter().zip(probabilities) {
        if let Some(sum) = sums.get_mut(bin(p, bins)) {
            *sum = (sum.0 + 1, sum.1 + p, sum.2 + usize::from(label));
        }
    }
    let edge = |k: usize| k as f64 / bins as f64;
    let describe = |(k, (count, total, positives)): (usize, (usize, f64, usize))| CalibrationBin {
        from: edge(k),
        to: edge(k + 1),
        count,
        mean_probability: (count > 0).then(|| total / count as f64),
        observed: ratio(positives, count),
    };
    sums.into_iter().enumerate().map(describe).collect()
}

/// The interval of a probability.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // floor of a number in 0..=bins
fn bin(probability: f64, bins: usize) -> usize {
    let position = (probability.clamp(0.0, 1.0) * bins as f64).floor() as usize;
    position.min(bins.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every pair, one by one.
    fn auc_by_pairs(labels: &[bool], scores: &[f64]) -> Option<f64> {
        let pick = |label: bool| {
            labels.iter().zip(scores).filter(move |(y, _)| **y == label).map(|(_, &score)| score)
        };
        let pairs = pick(true).count() * pick(false).count();
        let value = |up: f64, down: f64| match up.total_cmp(&down) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        };
        let wins: f64 =
            pick(true).flat_map(|up| pick(false).map(move |down| value(up, down))).sum();
        (pairs > 0).then(|| wins / pairs as f64)
    }

    #[test]
    fn scores_agree_with_scikit_learn_by_hand() {
        // sklearn.metrics.log_loss([1, 0], [0.9, 0.2]) = -(ln .9 + ln .8) / 2
        let scores = Scores::of(&[true, false], &[0.9, 0.2], 0.5).unwrap();
        assert!((scores.log_loss - 0.164_252_033_486_018).abs() < 1e-12);
        assert_eq!((scores.rows, scores.positives, scores.accuracy), (2, 1, 1.0));
        let certain = Scores::of(&[true], &[0.0], 0.5).unwrap();
        assert!((certain.log_loss - 34.538_776_394_910_684).abs() < 1e-9);
        assert_eq!((certain.auc, certain.precision, certain.recall), (None, None, Some(0.0)));
        assert_eq!(Scores::of(&[], &[], 0.5), None);
    }

    #[test]
    fn calibration_keeps_the_ends_and_every_row() {
        let bins = calibration(&[true, false, true], &[0.0, 1.0, 0.999], 10);
        assert_eq!((bins[0].count, bins[9].count), (1, 2));
        assert_eq!(bins[5].mean_probability, None);
        assert!(calibration(&[true], &[0.5], 0).is_empty());
    }

    proptest! {
        #[test]
        fn auc_counts_pairs(rows in prop::collection::vec((any::<bool>(), 0u8..12), 0..60)) {
            let labels: Vec<bool> = rows.iter().map(|row| row.0).collect();
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
            let (fast, slow) = (auc(&labels, &scores), auc_by_pairs(&labels, &scores));
            prop_assert_eq!(fast.is_some(), slow.is_some());
            prop_assert!((fast.unwrap_or(0.0) - slow.unwrap_or(0.0)).abs() < 1e-12);
        }
    }
}
