//! What a mandate pays for trading.

use walkfolio_core::TradingCost;

use crate::{Error, Result};

/// The costs of trading from current holdings, as part of an objective.
///
/// `times sum_i (linear_i |d_i| + impact_i |d_i|^1.5)` with `d = w - w0`; added to what is minimized and
/// subtracted from what is maximized. Costs are not taken out of the budget.
///
/// # Shape and units
/// One current holding and one cost for each asset, fractions of equity; `times` turns the cost of a rebalance
/// into the unit of the objective: the rebalances of a year, if that is annual.
/// # Source
/// Boyd et al. (2017), Multi-Period Trading via Convex Optimization, sec. 2.3 and 4.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix, TradingCost};
/// use walkfolio_optimize::{Costs, Mandate, Objective};
///
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.04]))?;
/// let objective = Objective::mean_variance(vec![0.10, 0.05], covariance, 1.0)?;
/// // 2 % for each unit, once a year: buying the first asset for the second costs 4 % and brings 5 %.
/// let costs = Costs::new(vec![0.5, 0.5], vec![TradingCost::linear(0.02); 2], 1.0)?;
/// let solution = Mandate::long_only(objective, 1.0)?.with_costs(costs)?.solve()?;
/// // 1 % less the increase of risk, 0.08 (w - 0.5), is worth it up to 0.625.
/// assert!((solution.weights[0] - 0.625).abs() < 1e-9);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Costs {
    current: Vec<f64>,
    rates: Vec<TradingCost>,
    times: f64,
}

impl Costs {
    /// From current holdings, the cost of trading each asset, and how often a year (or another unit of the
    /// objective) it is paid.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless there is a cost for each holding, and all numbers are finite and costs at
    /// least 0.
    pub fn new(current: Vec<f64>, rates: Vec<TradingCost>, times: f64) -> Result<Self> {
        if current.len() != rates.len() {
            let (a, b) = (current.len(), rates.len());
            return Err(Error::Invalid(format!("{a} current holdings, costs of {b} assets")));
        }
        if current.iter().any(|held| !held.is_finite()) {
            return Err(Error::Invalid("a current holding is not finite".to_owned()));
        }
        let valid = times.is_finite() && times >= 0.0;
        if !valid || rates.iter().any(|rate| !rate.is_valid()) {
            return Err(Error::Invalid("a cost of trading is below 0 or not finite".to_owned()));
        }
        Ok(Self { current, rates, times })
    }

    /// What is held.
    pub fn current(&self) -> &[f64] {
        &self.current
    }

    /// What trading to some weights costs once, as a fraction of equity.
    ///
    /// # Panics
    /// If there is not one weight for each asset.
    pub fn of(&self, w: &[f64]) -> f64 {
        assert_eq!(w.len(), self.current.len(), "one weight for each asset");
        self.trades(w).map(|(rate, trade)| rate.of(trade)).sum()
    }

    /// What it costs in the unit of the objective.
    pub(crate) fn charged(&self, w: &[f64]) -> f64 {
        self.times * self.of(w)
    }

    /// Whether trading moves prices.
    pub(crate) fn has_impact(&self) -> bool {
        self.times > 0.0 && self.rates.iter().any(|rate| rate.impact > 0.0)
    }

    /// The price of a unit of each asset that is traded, in the unit of the objective, without impact.
    pub(crate) fn prices(&self) -> Vec<f64> {
        self.rates.iter().map(|rate| self.times * rate.linear).collect()
    }

    /// The price of each asset's `|d|^1.5`, in the unit of the objective.
    pub(crate) fn impacts(&self) -> Vec<f64> {
        self.rates.iter().map(|rate| self.times * rate.impact).collect()
    }

    /// The tangent of the impact at some weights: its slope, and what it is at no holdings.
    pub(crate) fn impact_tangent(&self, x: &[f64]) -> (Vec<f64>, f64) {
        let of = |(rate, trade): (&TradingCost, f64)| {
            let impact = TradingCost { linear: 0.0, ..*rate };
            (self.times * impact.impact_slope(trade), self.times * impact.of(trade))
        };
        let (slopes, costs): (Vec<f64>, Vec<f64>) = self.trades(x).map(of).unzip();
        let at = slopes.iter().zip(x).zip(&costs).map(|((slope, x), cost)| cost - slope * x);
        let at_zero = at.sum();
        (slopes, at_zero)
    }

    /// The second derivative of an asset's impact, in the unit of the objective: infinite without a trade.
    pub(crate) fn impact_curvature(&self, asset: usize, trade: f64) -> f64 {
        let impact = self.times * self.rates[asset].impact;
        if impact == 0.0 { 0.0 } else { 0.75 * impact / trade.abs().sqrt() }
    }

    fn trades<'a>(&'a self, w: &'a [f64]) -> impl Iterator<Item = (&'a TradingCost, f64)> {
        let trades = w.iter().zip(&self.current).map(|(w, held)| w - held);
        self.rates.iter().zip(trades)
    }
}
