//! Whether a factor has paid lately.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past, Row};

use super::detector::{Detector, Memo, Reading, Reads};
use crate::{Error, Result};

/// The cycle of a factor: states `up` and `down`.
///
/// Up where the factor's compounded return over the last `window` sessions is above 0. The factors are those
/// of `market.factors`; how late a vendor publishes them is not modelled: French's files appear weeks after
/// their month, so that a decision that reads them daily assumes that the factor was computed on the day.
///
/// Source: Arnott, Clements, Kalesnik & Linnainmaa (2023), Factor momentum, Review of Financial Studies 36.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactorCycle {
    /// Its name in reports and in `[[when]]`.
    ///
    /// Example: `name = "value"`
    pub name: String,
    /// The factor, as the factor file names it.
    ///
    /// Example: `factor = "HML"`
    pub factor: String,
    /// Sessions of the return.
    #[serde(default = "year")]
    pub window: u32,
}

fn year() -> u32 {
    252
}

impl Detector for FactorCycle {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 1, "a return");
    }

    fn states(&self) -> &'static [&'static str] {
        &["up", "down"]
    }

    fn reads(&self) -> Reads<'_> {
        Reads::Factor(&self.factor)
    }

    fn value(&self) -> Option<&'static str> {
        Some("compounded return of the factor over the window")
    }

    fn track(&self, past: &Past<'_>, rows: Range<Row>, _: &Memo) -> Result<Vec<Option<Reading>>> {
        let names = past.factor_names().unwrap_or_default();
        let place = names.iter().position(|name| *name == self.factor);
        let place = place.ok_or_else(|| Error::UnknownFactor {
            name: self.factor.clone(),
            known: names.to_vec(),
        })?;
        let reading = |row: Row| {
            let window = past.before(row + 1)?.factors(self.window as usize).ok();
            Ok(window.map(|window| {
                let growth =
                    (0..self.window as usize).fold(1.0, |g, t| g * (1.0 + window.row(t)[place]));
                let state = usize::from(growth <= 1.0);
                Reading { state, value: Some(growth - 1.0), probabilities: Vec::new() }
            }))
        };
        rows.map(reading).collect()
    }
}
