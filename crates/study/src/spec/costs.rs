//! Keys of `[costs]`: what trading costs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::MarketImpact;

/// Trading costs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CostsSpec {
    /// Basis points of the traded value, per side.
    #[serde(default)]
    pub per_side_bps: f64,
    /// Whether the initial trade is charged and counted as turnover.
    #[serde(default)]
    pub charge_first: bool,
    /// How far trades move prices, which costs besides; for daily prices with volumes.
    ///
    /// Example: `impact = { portfolio_value = 1e8 }`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<ImpactSpec>,
}

/// The impact of trades on prices: trading the fraction `d` of the portfolio in an asset costs
/// `coefficient sigma sqrt(portfolio_value / ADV) |d|^1.5` of it (Almgren, Thum, Hauptmann & Li 2005; Boyd et al. 2017, eq. 2.3).
/// `sigma` is the standard deviation of daily returns and `ADV` the mean value that was traded in a session, both up to the
/// close of the trade. The simulation charges it, and `allocate.trading_costs` lets decisions know it. Orders of an
/// account pay that of their own values, `coefficient sigma sqrt(v / ADV) v`.
///
/// cvxportfolio has the same formula; its default volatility window is a year. Almgren et al. found an exponent of 1.6 in place
/// of 1.5.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImpactSpec {
    /// The coefficient: about 1.
    ///
    /// Unit: none.
    #[serde(default = "one")]
    pub coefficient: f64,
    /// The value of the portfolio, the same through the whole backtest.
    ///
    /// Unit: the currency of the prices.
    ///
    /// Example: `portfolio_value = 1e8`
    pub portfolio_value: f64,
    /// Returns of the volatility; every asset that is held must have as many.
    ///
    /// Unit: periods.
    #[serde(default = "sixty")]
    pub volatility_window: u32,
    /// Sessions of the mean traded value, of those of them that have a volume.
    ///
    /// Unit: periods.
    #[serde(default = "month")]
    pub volume_window: u32,
}

impl ImpactSpec {
    /// The same as a rule.
    pub(crate) fn rule(self) -> MarketImpact {
        MarketImpact {
            coefficient: self.coefficient,
            portfolio_value: self.portfolio_value,
            volatility_window: self.volatility_window as usize,
            volume_window: self.volume_window as usize,
        }
    }

    /// Rows of returns that it needs of an asset.
    pub(crate) fn rows(self) -> usize {
        self.volatility_window.max(self.volume_window) as usize
    }
}

impl CostsSpec {
    /// Whether trading costs anything.
    pub fn any(&self) -> bool {
        self.per_side_bps > 0.0 || self.impact.is_some()
    }
}

fn one() -> f64 {
    1.0
}

fn sixty() -> u32 {
    60
}

fn month() -> u32 {
    21
}
