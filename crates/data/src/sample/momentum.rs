//! Momentum scores, and the fund that follows them.

use walkfolio_core::Date;

use super::common::Common;
use super::stock_market::StockMarket;

/// How many names the momentum fund holds after a review.
const HOLDINGS: usize = 80;
/// No name weighs more after a review.
pub(super) const CAP: f64 = 0.05;
/// Scores beyond this count as this.
const CLIP: f64 = 3.0;
/// Months whose returns give a name's risk.
const RISK_MONTHS: usize = 36;
/// The first review: the last before the fund lists.
const FIRST_REVIEW: Date = Date::constant(2012, 11, 1);

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

/// A review of the momentum fund.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// The session at whose close it takes effect: the last of May or November.
    pub date: Date,
    /// The names held from then on, by decreasing score.
    pub holdings: Vec<Holding>,
}

/// A name in the momentum fund.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Holding {
    /// Its index among the stocks.
    pub stock: usize,
    /// Its weight just after the review, a fraction of the fund.
    pub weight: f64,
}

/// All reviews, with the rows on which they take effect.
pub(super) fn reviews(market: &StockMarket, common: &Common) -> Vec<(usize, Review)> {
    let due = |date: Date| matches!(date.month(), 5 | 11) && date >= FIRST_REVIEW;
    let ends = market.months.iter().filter(|end| due(common.dates[end.row]));
    ends.map(|end| {
        let holdings = review(&end.scores, market.caps.row(end.row));
        (end.row, Review { date: common.dates[end.row], holdings })
    })
    .collect()
}

/// The names of the highest scores, weighted by score and capitalization, capped.
fn review(scores: &[f64], caps: &[f64]) -> Vec<Holding> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    order.truncate(HOLDINGS);
    let raw: Vec<f64> = order.iter().map(|&i| multiplier(scores[i]) * caps[i]).collect();
    let weights = cap_weights(&raw, CAP);
    order.into_iter().zip(weights).map(|(stock, weight)| Holding { stock, weight }).collect()
}

/// The positive form of a score: `1 + z` above zero, `1 / (1 - z)` below.
fn multiplier(score: f64) -> f64 {
    let z = clipped(score);
    if z > 0.0 { 1.0 + z } else { 1.0 / (1.0 - z) }
}

/// Weights in proportion to `raw` that sum to 1, none above `cap`: what is cut off goes to the
/// others in proportion. There must be at least `1 / cap` values.
fn cap_weights(raw: &[f64], cap: f64) -> Vec<f64> {
    let mut capped = vec![false; raw.len()];
    loop {
        let free: f64 = raw.iter().zip(&capped).filter(|(_, c)| !**c).map(|(x, _)| x).sum();
        let room = 1.0 - cap * capped.iter().filter(|c| **c).count() as f64;
        let weight = |i: usize| if capped[i] { cap } else { raw[i] * room / free };
        let over: Vec<usize> = (0..raw.len()).filter(|&i| weight(i) > cap).collect();
        if over.is_empty() {
            return (0..raw.len()).map(weight).collect();
        }
        for i in over {
            capped[i] = true;
        }
    }
}

/// The value of the fund, 1 at its first review and until then; between reviews it drifts.
pub(super) fn values(market: &StockMarket, reviews: &[(usize, Review)]) -> Vec<f64> {
    let rows = market.caps.rows();
    let mut out = vec![1.0; rows];
    for (k, (start, review)) in reviews.iter().enumerate() {
        let end = reviews.get(k + 1).map_or(rows - 1, |(row, _)| *row);
        let caps = market.caps.row(*start);
        let money = out[*start];
        let units = |h: &Holding| (h.stock, money * h.weight / caps[h.stock]);
        let units: Vec<(usize, f64)> = review.holdings.iter().map(units).collect();
        for (t, value) in out.iter_mut().enumerate().take(end + 1).skip(start + 1) {
            let caps = market.caps.row(t);
            *value = units.iter().map(|&(i, units)| units * caps[i]).sum();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cap_passes_the_excess_on() {
        // 0.6 is cut to 0.4; the rest shares 0.6 as 3 to 1, which 0.4 cuts once more.
        let weights = cap_weights(&[6.0, 3.0, 1.0], 0.4);
        for (found, expected) in weights.iter().zip([0.4, 0.4, 0.2]) {
            assert!((found - expected).abs() < 1e-15, "{weights:?}");
        }
        assert_eq!(cap_weights(&[1.0, 1.0], 0.5), [0.5, 0.5]);
    }

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
