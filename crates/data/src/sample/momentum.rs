//! The fund that follows momentum scores.

use walkfolio_core::Date;

use super::common::Common;
use super::month_end::clipped;
use super::stock_market::StockMarket;

/// How many names the momentum fund holds after a review.
const HOLDINGS: usize = 80;
/// No name weighs more after a review.
pub(super) const CAP: f64 = 0.05;
/// The first review: the last before the fund lists.
const FIRST_REVIEW: Date = Date::constant(2012, 11, 1);

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
}
