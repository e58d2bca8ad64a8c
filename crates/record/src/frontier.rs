//! The efficient frontier of each decision, as data.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

/// What a portfolio is to an efficient frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrontierPortfolio {
    /// A portfolio of the frontier at which its composition changes.
    Corner,
    /// The one that the study chooses.
    Chosen,
    /// The same weight in every asset.
    EqualWeight,
    /// One asset alone.
    Asset,
}

impl FrontierPortfolio {
    /// All of them, in the order of a decision's rows.
    pub const ALL: [Self; 4] = [Self::Corner, Self::Chosen, Self::EqualWeight, Self::Asset];

    /// As the table has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Corner => "corner",
            Self::Chosen => "chosen",
            Self::EqualWeight => "equal_weight",
            Self::Asset => "asset",
        }
    }
}

/// The weight of one asset in one portfolio of a decision's frontier; annualized.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrontierRow {
    /// The decision.
    pub date: Date,
    /// What the portfolio is.
    pub portfolio: FrontierPortfolio,
    /// The number of a corner, from 1 at the least risk on; of the chosen portfolio, the corner at or before
    /// it; 0 of the others.
    pub corner: u32,
    /// The risk aversion at which it is the best portfolio, `mu'w - risk_aversion / 2 w' Sigma w`; none at the
    /// least risk, where it is infinite, and off the frontier.
    pub risk_aversion: Option<f64>,
    /// Expected return, a fraction per year.
    pub expected_return: f64,
    /// Volatility, a fraction per year.
    pub volatility: f64,
    /// The asset.
    pub asset: String,
    /// Its weight, a fraction of equity.
    pub weight: f64,
}
