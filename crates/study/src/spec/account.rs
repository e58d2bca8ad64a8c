//! Keys of `[account]`: decisions carried out in a cash account.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A cash account that carries out the decisions, next to the backtest of weights. It has its own measures, and moves
/// no other number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountSpec {
    /// Cash before the first trade.
    ///
    /// Unit: the currency of the prices.
    ///
    /// Example: `capital = 1000000`
    pub capital: f64,
    /// Whether shares are whole: each trade takes the whole shares nearest to the target that the cash pays for. With
    /// `false` any fraction is traded.
    #[serde(default = "yes")]
    pub whole_shares: bool,
    /// The closes that shares are valued and traded at.
    #[serde(default)]
    pub prices: AccountPrices,
    /// Closes as traded, a file in any layout of prices below the folder of the other files, where the price files have
    /// adjusted closes alone.
    ///
    /// Example: `closes = "close.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<String>,
    /// Dividends per share and splits (new shares per old one) by ex-date, CSV: `date, ticker, dividend, split`. Without
    /// it, and without events in the files of the closes, dividends are what the adjusted closes have beyond the closes.
    ///
    /// Example: `events = "events.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<String>,
    /// The price of trades on the session that `walk_forward.execution_lag` names.
    #[serde(default)]
    pub execution: ExecutionPrice,
    /// Opens, a file in any layout of prices, where the price files have no column `open`. They are adjusted as
    /// the closes of `prices` are.
    ///
    /// Example: `opens = "open.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<String>,
    /// Volume-weighted average prices, as `opens`; the column is `vwap`.
    ///
    /// Example: `vwap = "vwap.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vwap: Option<String>,
    /// The annual rate that cash earns, but for the proceeds of short sales: `"2%"`, `"risk_free"`, or the risk-free rate
    /// with a spread: `"risk_free - 0.5%"`. Interest over (t-1, t] is `(1 + rate)^(days / 365) - 1` of the balance at
    /// the close of t-1, in calendar days.
    ///
    /// Example: `cash_rate = "risk_free - 0.5%"`
    #[serde(default)]
    pub cash_rate: FinancingRate,
    /// The annual rate that borrowed cash costs, as `cash_rate`. Cash is borrowed as far as long positions exceed equity:
    /// the proceeds of short sales are collateral, and pay for nothing.
    ///
    /// Example: `borrow_rate = "risk_free + 1.5%"`
    #[serde(default)]
    pub borrow_rate: FinancingRate,
    /// The annual fee on the value of borrowed shares, as `cash_rate`.
    ///
    /// Example: `short_fee = "0.5%"`
    #[serde(default)]
    pub short_fee: FinancingRate,
    /// The annual rate that the proceeds of short sales earn, as `cash_rate`.
    ///
    /// Example: `short_rebate = "risk_free - 0.25%"`
    #[serde(default)]
    pub short_rebate: FinancingRate,
    /// The least commission of an order, next to `costs.per_side_bps`.
    ///
    /// Unit: the currency of the prices.
    ///
    /// Example: `minimum_commission = 1.0`
    #[serde(default)]
    pub minimum_commission: f64,
    /// The commission of each share.
    ///
    /// Unit: the currency of the prices.
    ///
    /// Example: `per_share = 0.005`
    #[serde(default)]
    pub per_share: f64,
    /// A trade of a smaller value is not made.
    ///
    /// Unit: the currency of the prices.
    ///
    /// Example: `min_trade = 100`
    #[serde(default)]
    pub min_trade: f64,
    /// No-trade bands: a weight that is no further from its target is left alone. One number for all assets, or a table
    /// of tickers.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `bands = { XLE = 0.01, XLF = 0.005 }`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bands: Option<BandsSpec>,
    /// The equity that positions need when they are traded, of the value of all long and short positions: a decision
    /// that takes on more is scaled down. It goes with `maintenance_margin`; without both there is no margin rule.
    ///
    /// Unit: fraction of the positions.
    ///
    /// Example: `initial_margin = 0.5`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_margin: Option<f64>,
    /// The equity that positions need at every close. Below it there is a margin call: all positions are reduced in
    /// proportion, at that close, until equity covers `initial_margin` again.
    ///
    /// Unit: fraction of the positions.
    ///
    /// Example: `maintenance_margin = 0.25`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance_margin: Option<f64>,
    /// Contributions and withdrawals, CSV: `date, amount`, negative for what is paid out. They are paid at the close of the
    /// first session on or after their date, before its trades. What is paid in stays cash until the next trade; what
    /// cash does not cover is raised by reducing all positions in proportion.
    ///
    /// Example: `flows = "flows.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flows: Option<String>,
}

/// The closes that an account values and trades its shares at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountPrices {
    /// Adjusted closes: as if each dividend was reinvested in its own asset on the ex-date, at no cost, and a share was
    /// always one of today's. Numbers of shares, and commissions of each, are not those of the time.
    #[default]
    Adjusted,
    /// Closes as traded: dividends are cash on their ex-date, splits change the number of shares.
    Unadjusted,
}

/// The price of trades.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionPrice {
    /// The close: of the last session before the decision with `walk_forward.execution_lag = 0`, the next close with 1.
    #[default]
    Close,
    /// The open of that session: the next open with `walk_forward.execution_lag = 1`, which is the least.
    Open,
    /// The volume-weighted average price of that session, as `open`.
    Vwap,
}

/// No-trade bands: one for all assets, or some by ticker.
///
/// # Examples
/// ```
/// use walkfolio_study::BandsSpec;
///
/// assert_eq!(BandsSpec::All(0.01).of("XLE"), 0.01);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum BandsSpec {
    /// `0.01`
    All(f64),
    /// `{ XLE = 0.01 }`
    ByAsset(BTreeMap<String, f64>),
}

impl BandsSpec {
    /// The band of an asset; 0 for one that is not listed.
    pub fn of(&self, asset: &str) -> f64 {
        match self {
            Self::All(band) => *band,
            Self::ByAsset(bands) => bands.get(asset).copied().unwrap_or(0.0),
        }
    }
}

impl JsonSchema for BandsSpec {
    fn schema_name() -> Cow<'static, str> {
        "BandsSpec".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "object"], "additionalProperties": { "type": "number" } })
    }
}

/// An annual rate: a number with a percent sign, the risk-free rate, or that with a spread.
///
/// # Examples
/// ```
/// use walkfolio_study::FinancingRate;
///
/// let of = |text: &str| FinancingRate(text.to_owned()).parts();
/// assert_eq!(of("2.5%"), Some((false, 0.025)));
/// assert_eq!(of("risk_free - 0.5 %"), Some((true, -0.005)));
/// assert_eq!((of("risk_free"), of("0.02")), (Some((true, 0.0)), None));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct FinancingRate(pub String);

impl Default for FinancingRate {
    fn default() -> Self {
        Self("0%".to_owned())
    }
}

impl FinancingRate {
    /// Whether it is over the risk-free rate, and the rate or the spread as a fraction; none if the text is no rate.
    pub fn parts(&self) -> Option<(bool, f64)> {
        let text = self.0.trim();
        let Some(spread) = text.strip_prefix("risk_free") else {
            return Some((false, percent(text)?));
        };
        let spread = spread.trim();
        if spread.is_empty() {
            return Some((true, 0.0));
        }
        let minus = spread.strip_prefix('-').map(|rest| (-1.0, rest));
        let (sign, rest) = minus.or_else(|| spread.strip_prefix('+').map(|rest| (1.0, rest)))?;
        Some((true, sign * percent(rest.trim()).filter(|spread| *spread >= 0.0)?))
    }

    /// Whether it is the number 0.
    pub fn is_zero(&self) -> bool {
        self.parts() == Some((false, 0.0))
    }
}

fn percent(text: &str) -> Option<f64> {
    super::Rate(text.to_owned()).fraction()
}

fn yes() -> bool {
    true
}
