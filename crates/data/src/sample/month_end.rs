//! Month-ends and their momentum scores.

/// Scores beyond this count as this.
const CLIP: f64 = 3.0;
/// Months whose returns give a name's risk.
const RISK_MONTHS: usize = 36;

/// What is known at the end of a month.
#[derive(Debug, Clone)]
pub(super) struct MonthEnd {
    pub(super) row: usize,
    pub(super) log_caps: Vec<f64>,
    pub(super) total_cap: f64,
    /// Momentum scores, standardized; zero while there are not 14 month-ends.
    pub(super) scores: Vec<f64>,
}

impl MonthEnd {
    /// The month-end of `row`, given those before it.
    pub(super) fn new(row: usize, caps: &[f64], before: &[Self]) -> Self {
        let log_caps: Vec<f64> = caps.iter().map(|&cap| libm::log(cap)).collect();
        let scores = scores(before, caps.len());
        Self { row, log_caps, total_cap: caps.iter().sum(), scores }
    }
}

/// Momentum scores at the month-end after `before`: the last month is skipped.
///
/// The mean of the standardized 6- and 12-month log returns, each over the standard deviation of
/// the name's monthly log returns, standardized again.
///
/// # Source
/// The form is that of the MSCI Momentum Indexes Methodology, which takes weekly returns for the
/// risk and returns above cash.
fn scores(before: &[MonthEnd], names: usize) -> Vec<f64> {
    let n = before.len();
    if n < 13 {
        return vec![0.0; names];
    }
    let first = n.saturating_sub(RISK_MONTHS + 1);
    let (mut half, mut full) = (Vec::with_capacity(names), Vec::with_capacity(names));
    for i in 0..names {
        let past = |months: usize| before[n - 1].log_caps[i] - before[n - 1 - months].log_caps[i];
        let risk = risk(&before[first..], i);
        half.push(past(6) / risk);
        full.push(past(12) / risk);
    }
    standardize(&mut half);
    standardize(&mut full);
    let mut out: Vec<f64> = half.iter().zip(&full).map(|(a, b)| 0.5 * (a + b)).collect();
    standardize(&mut out);
    out
}

/// Standard deviation of a name's monthly log returns.
fn risk(months: &[MonthEnd], i: usize) -> f64 {
    let count = (months.len() - 1) as f64;
    let (mut sum, mut squares) = (0.0, 0.0);
    for pair in months.windows(2) {
        let change = pair[1].log_caps[i] - pair[0].log_caps[i];
        sum += change;
        squares += change * change;
    }
    ((squares - sum * sum / count) / (count - 1.0)).sqrt()
}

fn standardize(values: &mut [f64]) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    let scale = 1.0 / variance.sqrt();
    for x in values {
        *x = (*x - mean) * scale;
    }
}

/// A score within the limits of the methodology.
pub(super) fn clipped(score: f64) -> f64 {
    score.clamp(-CLIP, CLIP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_need_thirteen_months_before_the_last() {
        let grow =
            |factor: f64, month: i32| factor.powi(month) * (1.0 + 0.01 * f64::from(month % 2));
        let mut months: Vec<MonthEnd> = Vec::new();
        for month in 0..14 {
            let caps = [grow(1.02, month), grow(0.99, month), grow(1.0, month)];
            months.push(MonthEnd::new(usize::try_from(month).unwrap(), &caps, &months));
        }
        assert_eq!(months[12].scores, [0.0; 3]);
        let scores = &months[13].scores;
        assert!(scores[0] > scores[2] && scores[2] > scores[1], "{scores:?}");
        assert!(scores.iter().sum::<f64>().abs() < 1e-12);
    }
}
