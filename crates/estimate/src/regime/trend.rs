//! Above or below a moving average.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past, Row};

use super::closes::Closes;
use super::detector::{Detector, Memo, Reading, Reads};
use crate::Result;

/// The close against its moving average: states `above` and `below`.
///
/// Above where the close is larger than the mean of the last `window` closes, its own included; undefined
/// before there are so many.
///
/// Source: Faber (2007), A quantitative approach to tactical asset allocation, Journal of Wealth Management 9.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// Its name in reports and in `[[when]]`.
    ///
    /// Example: `name = "trend"`
    pub name: String,
    /// The asset or benchmark whose closes are read; the benchmark by default.
    ///
    /// Example: `of = "SPY"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Closes of the moving average.
    #[serde(default = "two_hundred")]
    pub window: u32,
}

fn two_hundred() -> u32 {
    200
}

impl Detector for Trend {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "a moving average");
    }

    fn states(&self) -> &'static [&'static str] {
        &["above", "below"]
    }

    fn reads(&self) -> Reads<'_> {
        Reads::Series(self.of.as_deref())
    }

    fn value(&self) -> Option<&'static str> {
        Some("close over its moving average, less 1")
    }

    fn track(&self, past: &Past<'_>, rows: Range<Row>, _: &Memo) -> Result<Vec<Option<Reading>>> {
        let closes = Closes::of(past, self.of.as_deref())?;
        let reading = |row: Row| {
            let window = closes.up_to(row, self.window as usize)?;
            let mean = window.iter().sum::<f64>() / f64::from(self.window);
            let close = window.last()?;
            let state = usize::from(*close <= mean);
            Some(Reading { state, value: Some(close / mean - 1.0), probabilities: Vec::new() })
        };
        Ok(rows.map(reading).collect())
    }
}
