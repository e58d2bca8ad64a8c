//! How many assets carry a portfolio.

use super::definition::{Better, Definition, Unit};
use super::moments::mean;
use super::needs::Needs;
use super::record::RebalanceRecord;

/// Sum of the `count` largest absolute weights.
///
/// # Shape and units
/// Weights by universe index as fractions of equity; so is the result.
/// # Examples
/// ```
/// use walkfolio_stats::measures::concentration::top_weight;
///
/// assert!((top_weight(&[0.2, -0.5, 0.3, 1.0], 2) - 1.5).abs() < 1e-15);
/// ```
pub fn top_weight(weights: &[f64], count: usize) -> f64 {
    let mut sizes: Vec<f64> = weights.iter().map(|w| w.abs()).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    sizes.iter().take(count).sum()
}

pub(super) const TOP_1_WEIGHT: Definition = Definition {
    key: "top_1_weight",
    label: "Largest weight",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Neither,
    formula: "mean over decisions of the largest |w|",
    source: "Herfindahl (1950)",
    take: |p| over_decisions(p.rebalances, |w| Some(top_weight(w, 1))),
};

pub(super) const TOP_3_WEIGHT: Definition = Definition {
    key: "top_3_weight",
    label: "Three largest weights",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Neither,
    formula: "mean over decisions of the sum of the 3 largest |w|",
    source: "Herfindahl (1950)",
    take: |p| over_decisions(p.rebalances, |w| Some(top_weight(w, 3))),
};

pub(super) const TOP_5_WEIGHT: Definition = Definition {
    key: "top_5_weight",
    label: "Five largest weights",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Neither,
    formula: "mean over decisions of the sum of the 5 largest |w|",
    source: "Herfindahl (1950)",
    take: |p| over_decisions(p.rebalances, |w| Some(top_weight(w, 5))),
};

/// Effective number of holdings `1 / sum w^2`.
///
/// # Shape and units
/// Weights as fractions of equity; a number, `n` for `n` equal weights that sum to 1. `None` if
/// nothing is held.
/// # Source
/// Herfindahl (1950), Concentration in the Steel Industry; Choueifaty & Coignard (2008).
/// # Examples
/// ```
/// use walkfolio_stats::measures::concentration::effective_holdings;
///
/// assert!((effective_holdings(&[0.25, 0.25, 0.25, 0.25]).unwrap() - 4.0).abs() < 1e-15);
/// assert_eq!(effective_holdings(&[0.0, 0.0]), None);
/// ```
pub fn effective_holdings(weights: &[f64]) -> Option<f64> {
    let squares: f64 = weights.iter().map(|w| w * w).sum();
    (squares > 0.0).then(|| 1.0 / squares)
}

pub(super) const EFFECTIVE_HOLDINGS: Definition = Definition {
    key: "effective_holdings",
    label: "Effective holdings",
    unit: Unit::Number,
    needs: Needs::Nothing,
    better: Better::Neither,
    formula: "mean over decisions of 1 / sum w^2",
    source: "Herfindahl (1950)",
    take: |p| over_decisions(p.rebalances, effective_holdings),
};

/// Gross exposure `sum |w|`.
///
/// # Shape and units
/// Weights as fractions of equity; so is the result, 1 for a long-only portfolio.
/// # Source
/// Jacobs & Levy (1993), Long/Short Equity Investing, Journal of Portfolio Management 20(1).
/// # Examples
/// ```
/// use walkfolio_stats::measures::concentration::gross_exposure;
///
/// // 150 % long and 50 % short.
/// assert_eq!(gross_exposure(&[1.5, -0.5]), 2.0);
/// ```
pub fn gross_exposure(weights: &[f64]) -> f64 {
    weights.iter().map(|w| w.abs()).sum()
}

pub(super) const GROSS_EXPOSURE: Definition = Definition {
    key: "gross_exposure",
    label: "Gross exposure",
    unit: Unit::Number,
    needs: Needs::Nothing,
    better: Better::Neither,
    formula: "mean over decisions of sum |w|",
    source: "Jacobs & Levy (1993)",
    take: |p| over_decisions(p.rebalances, |w| Some(gross_exposure(w))),
};

/// How many weights are not zero.
///
/// # Shape and units
/// Weights by universe index; a count.
/// # Examples
/// ```
/// use walkfolio_stats::measures::concentration::holdings;
///
/// assert_eq!(holdings(&[1.5, -0.5, 0.0]), 2);
/// ```
pub fn holdings(weights: &[f64]) -> usize {
    weights.iter().filter(|w| **w != 0.0).count()
}

pub(super) const HOLDINGS_MEAN: Definition = Definition {
    key: "holdings_mean",
    label: "Holdings",
    unit: Unit::Number,
    needs: Needs::Nothing,
    better: Better::Neither,
    formula: "mean over decisions of #{w != 0}",
    source: "count",
    take: |p| over_decisions(p.rebalances, |w| Some(holdings(w) as f64)),
};

/// The mean over decisions of a figure of their weights, leaving out those where it is not defined.
pub(super) fn over_decisions(
    rebalances: &[RebalanceRecord<'_>],
    figure: impl Fn(&[f64]) -> Option<f64>,
) -> Option<f64> {
    let values: Vec<f64> = rebalances.iter().filter_map(|r| figure(r.target)).collect();
    mean(&values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shorts_count_by_their_size() {
        let weights = [1.5, -0.5, 0.0];
        assert_eq!(holdings(&weights), 2);
        assert!((gross_exposure(&weights) - 2.0).abs() < 1e-15);
        assert!((effective_holdings(&weights).unwrap() - 0.4).abs() < 1e-15);
        assert!((top_weight(&weights, 5) - 2.0).abs() < 1e-15);
    }
}
