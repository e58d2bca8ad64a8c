//! Where returns and risk came from, as data.

use serde::{Deserialize, Serialize};

/// The attribution of a run: a table each of contributions, effects and styles, by period. A period is
/// `full`, one of the study's, or a calendar year as `2020`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AttributionTables {
    /// What each asset added to return and risk.
    pub contributions: Vec<ContributionRow>,
    /// What each kind of decision added to the active return; empty without a benchmark.
    pub effects: Vec<EffectRow>,
    /// The mixes of assets that are nearest to a series; empty unless the study asks for them.
    pub style: Vec<StyleRow>,
}

/// A part of the returns.
///
/// Assets, costs and the rest add up to the whole, and so do the two books, financing, costs and the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// One asset.
    Asset,
    /// The benchmark that is not an asset: of active figures alone.
    Benchmark,
    /// Trading costs.
    Cost,
    /// What is neither: interest of the account, or what a wipeout does not owe.
    Other,
    /// Long positions, above the return of cash.
    LongBook,
    /// Short positions, above the return of cash.
    ShortBook,
    /// The return of cash on the net of all positions.
    Financing,
}

impl Part {
    /// All of them, in the order of a period's rows.
    pub const ALL: [Self; 7] = [
        Self::Asset,
        Self::Benchmark,
        Self::Cost,
        Self::Other,
        Self::LongBook,
        Self::ShortBook,
        Self::Financing,
    ];

    /// As the table has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Benchmark => "benchmark",
            Self::Cost => "cost",
            Self::Other => "other",
            Self::LongBook => "long_book",
            Self::ShortBook => "short_book",
            Self::Financing => "financing",
        }
    }

    /// Whether it is one of the parts that a long and a short book make of the same returns.
    pub fn is_book(self) -> bool {
        matches!(self, Self::LongBook | Self::ShortBook | Self::Financing)
    }
}

/// What one part added to return and risk over a period; annual figures are fractions a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContributionRow {
    /// The period.
    pub period: String,
    /// What it is.
    pub part: Part,
    /// The asset, or the benchmark.
    pub asset: Option<String>,
    /// Mean weight at the opens of its sessions.
    pub weight: Option<f64>,
    /// To the mean return, annualized.
    pub return_annual: Option<f64>,
    /// To the compounded return: what it earned of 1 that was invested at the start.
    pub return_total: Option<f64>,
    /// To the realized volatility.
    pub volatility: Option<f64>,
    /// To the volatility that was expected at the decisions of the period, on average.
    pub expected_volatility: Option<f64>,
    /// Mean weight less that in the benchmark; -1 for a benchmark that is not an asset.
    pub active_weight: Option<f64>,
    /// To the mean active return, annualized.
    pub active_return_annual: Option<f64>,
    /// To the realized tracking error.
    pub tracking_error: Option<f64>,
    /// To the tracking error that was expected at the decisions of the period, on average.
    pub expected_tracking_error: Option<f64>,
}

/// What a kind of decision adds to the active return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Weights of groups other than the reference's, on average over the period.
    Allocation,
    /// That these weights changed, with the groups' returns or against them.
    Timing,
    /// Assets in a group other than the reference's.
    Selection,
    /// Allocation and selection at once.
    Interaction,
    /// Holdings that drifted from the decision's weights.
    Drift,
    /// Trading costs.
    Cost,
    /// What the reference returned more than the benchmark.
    Reference,
    /// What is none of them: interest of the account, or what a wipeout does not owe.
    Other,
}

impl Effect {
    /// All of them, in the order of a period's rows.
    pub const ALL: [Self; 8] = [
        Self::Allocation,
        Self::Timing,
        Self::Selection,
        Self::Interaction,
        Self::Drift,
        Self::Cost,
        Self::Reference,
        Self::Other,
    ];

    /// As the table has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allocation => "allocation",
            Self::Timing => "timing",
            Self::Selection => "selection",
            Self::Interaction => "interaction",
            Self::Drift => "drift",
            Self::Cost => "cost",
            Self::Reference => "reference",
            Self::Other => "other",
        }
    }
}

/// One effect of one group over a period; the effects of a period add up to its active return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EffectRow {
    /// The period.
    pub period: String,
    /// What it is.
    pub effect: Effect,
    /// The group; none for what concerns the whole portfolio.
    pub group: Option<String>,
    /// Mean weight of the group in the decisions.
    pub portfolio_weight: Option<f64>,
    /// Mean weight of the group in the reference.
    pub reference_weight: Option<f64>,
    /// To the mean active return, a fraction a year.
    pub annual: f64,
    /// To the difference of the compounded returns; none where one of them lost everything.
    pub linked: Option<f64>,
}

/// The weight of one asset in the mix of assets that is nearest to a series over a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StyleRow {
    /// The period.
    pub period: String,
    /// `portfolio` or `benchmark`.
    pub series: String,
    /// The asset.
    pub asset: String,
    /// Its weight in the mix.
    pub weight: f64,
    /// The part of the series' variance that the mix explains; none where it does not vary.
    pub r_squared: Option<f64>,
    /// Deviation of the series from the mix, a fraction a year.
    pub tracking_error: f64,
    /// Mean return of the series above the mix, a fraction a year.
    pub selection: f64,
}
