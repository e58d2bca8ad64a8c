//! Calm and volatile markets.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past, Row};

use super::closes::Closes;
use super::detector::{Detector, Memo, Reading, Reads};
use super::threshold::{self, above_quantile};
use crate::Result;

/// Volatility in its own history: states `low_volatility` and `high_volatility`.
///
/// The figure is the standard deviation (`ddof = 1`) of the last `window` log returns, a session. It is high
/// above the `quantile` (linear interpolation) of its last `history` values, its own included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Volatility {
    /// Its name in reports and in `[[when]]`.
    ///
    /// Example: `name = "volatility"`
    pub name: String,
    /// The asset or benchmark whose closes are read; the benchmark by default.
    ///
    /// Example: `of = "SPY"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Returns of each standard deviation.
    #[serde(default = "twenty")]
    pub window: u32,
    /// Standard deviations that are compared.
    ///
    /// Unit: periods.
    #[serde(default = "two_years")]
    pub history: u32,
    /// The quantile above which volatility is high.
    ///
    /// Unit: fraction.
    #[serde(default = "upper_fifth")]
    pub quantile: f64,
}

fn twenty() -> u32 {
    20
}

fn two_years() -> u32 {
    504
}

fn upper_fifth() -> f64 {
    0.8
}

impl Detector for Volatility {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "a standard deviation");
        threshold::validate(self.quantile, self.history, faults);
    }

    fn states(&self) -> &'static [&'static str] {
        &["low_volatility", "high_volatility"]
    }

    fn reads(&self) -> Reads<'_> {
        Reads::Series(self.of.as_deref())
    }

    fn value(&self) -> Option<&'static str> {
        Some("standard deviation of log returns, a session")
    }

    fn track(
        &self,
        past: &Past<'_>,
        rows: Range<Row>,
        memo: &Memo,
    ) -> Result<Vec<Option<Reading>>> {
        let closes = Closes::of(past, self.of.as_deref())?;
        let returns = closes.log_returns();
        let window = self.window as usize;
        let deviation = |known: &Past<'_>| {
            // The return of row `first + 1` is the first.
            let end = known.rows().checked_sub(closes.first + 1);
            let from = end.and_then(|end| Some(end.checked_sub(window)?..end));
            Ok(from.and_then(|from| returns.get(from)).map(standard_deviation))
        };
        let history = self.history as usize;
        above_quantile(past, &rows, (self.quantile, history, memo), deviation)
    }
}

/// With `ddof = 1`.
fn standard_deviation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let square: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (square / (values.len() - 1) as f64).sqrt()
}
