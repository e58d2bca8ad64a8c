//! The features of a study.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::Faults;

use super::feature::Feature;
use super::price::{Correlation, Momentum, Volatility};
use super::signal::{Signal, Transform};
use super::standardize::Standardize;

/// What a classifier is told of an asset at a month-end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FeatureSet {
    /// Log returns over so many months, up to the month-end before the last: the most recent month
    /// is skipped.
    pub momentum_months: Vec<u32>,
    /// Annualized standard deviations of the last so many daily log returns.
    pub volatility_days: Vec<u32>,
    /// Correlations of daily log returns with the benchmark's over the last so many sessions.
    pub correlation_days: Vec<u32>,
    /// Whether each feature is standardized across the assets of a month.
    pub standardize: Standardize,
    /// Features from files of your own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<ExtraFeature>,
}

impl Default for FeatureSet {
    fn default() -> Self {
        Self {
            momentum_months: vec![1, 3, 6, 12],
            volatility_days: vec![20, 60],
            correlation_days: vec![60],
            standardize: Standardize::default(),
            extra: Vec::new(),
        }
    }
}

/// A feature from a file.
///
/// A file with the columns `date, asset, value` gives the value itself. One with
/// `date, asset, constituent, weight, market_cap, pe, actual_eps, estimated_eps` is summed over
/// the constituents, `sum w_i x_i`. The date is the day on which a value became known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtraFeature {
    /// What it is.
    pub kind: ExtraKind,
    /// The CSV file, below the folder of the source or of `--data`.
    ///
    /// Example: `file = "signals/market_cap.csv"`
    pub file: String,
}

/// What a feature from a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExtraKind {
    /// The logarithm of the value traded in a session, from a file of dollar volumes.
    LogDollarVolume,
    /// Market capitalization.
    MarketCap,
    /// Price over earnings.
    PriceEarnings,
    /// `(actual - estimated) / |estimated| * 100`.
    EarningsSurprise,
}

impl FeatureSet {
    /// Whether the windows make sense, and nothing is named twice.
    pub fn validate(&self, faults: &mut Faults) {
        let all = [
            ("momentum_months", &self.momentum_months, 1),
            ("volatility_days", &self.volatility_days, 2),
            ("correlation_days", &self.correlation_days, 2),
        ];
        for (key, values, least) in all {
            for (index, value) in values.iter().enumerate() {
                let path = format!("{key}[{index}]");
                faults.at_least(&path, *value, least);
                if values[..index].contains(value) {
                    faults.push(&path, format!("{value} is listed twice"), "list it once");
                }
            }
        }
        if all.iter().all(|(_, values, _)| values.is_empty()) && self.extra.is_empty() {
            faults.push("", "names no feature", "name at least one");
        }
        for (index, extra) in self.extra.iter().enumerate() {
            if self.extra[..index].iter().any(|other| other.kind == extra.kind) {
                let path = format!("extra[{index}].kind");
                faults.push(&path, "is named twice", "give each kind one file");
            }
        }
    }

    /// The features, in the order of their columns.
    pub fn features(&self, periods_per_year: f64) -> Vec<Box<dyn Feature>> {
        let mut all: Vec<Box<dyn Feature>> = Vec::new();
        for &months in &self.momentum_months {
            all.push(Box::new(Momentum { months }));
        }
        for &days in &self.volatility_days {
            all.push(Box::new(Volatility { days: days as usize, periods_per_year }));
        }
        for &days in &self.correlation_days {
            all.push(Box::new(Correlation { days: days as usize }));
        }
        for extra in &self.extra {
            let (name, panel) = (extra.kind.name().to_owned(), extra.kind.name().to_owned());
            all.push(Box::new(Signal { name, panel, transform: extra.kind.transform() }));
        }
        all
    }
}

impl ExtraKind {
    /// The name of its signal in the market, and of the feature.
    pub fn name(self) -> &'static str {
        match self {
            Self::LogDollarVolume => "log_dollar_volume",
            Self::MarketCap => "market_cap",
            Self::PriceEarnings => "price_earnings",
            Self::EarningsSurprise => "earnings_surprise",
        }
    }

    /// What is done to the values of its file.
    pub fn transform(self) -> Transform {
        match self {
            Self::LogDollarVolume => Transform::Log,
            Self::MarketCap | Self::PriceEarnings | Self::EarningsSurprise => Transform::Identity,
        }
    }
}
