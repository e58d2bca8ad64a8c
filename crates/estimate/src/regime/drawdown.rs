//! Bull and bear markets by drawdown.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past, Row};

use super::closes::Closes;
use super::detector::{Detector, Memo, Reading, Reads};
use crate::Result;

/// Bull and bear markets by drawdown: states `bull` and `bear`.
///
/// A bull market turns into a bear market at the first close that is `down` or more below the highest close
/// since it began, a bear market into a bull market at the first close that is `up` or more above the lowest.
/// The first close begins a bull market. The state of a close is known at that close; Lunde and Timmermann
/// date the turn back to the peak, which nobody knew on that day.
///
/// Source: Lunde & Timmermann (2004), Duration dependence in stock prices, Journal of Business & Economic
/// Statistics 22.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drawdown {
    /// Its name in reports and in `[[when]]`.
    ///
    /// Example: `name = "market"`
    pub name: String,
    /// The asset or benchmark whose closes are read, from its first on; the benchmark by default.
    ///
    /// Example: `of = "SPY"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The fall from the highest close that makes a bear market.
    ///
    /// Unit: fraction.
    #[serde(default = "fifth")]
    pub down: f64,
    /// The rise from the lowest close that makes a bull market.
    ///
    /// Unit: fraction.
    #[serde(default = "fifth")]
    pub up: f64,
}

fn fifth() -> f64 {
    0.2
}

impl Drawdown {
    /// By 20 % either way, of the benchmark.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), of: None, down: fifth(), up: fifth() }
    }
}

impl Detector for Drawdown {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self, faults: &mut Faults) {
        if !(self.down > 0.0 && self.down < 1.0) {
            let message = format!("must be above 0 and below 1, found {}", self.down);
            faults.push("down", message, "0.2 is a fall of 20 %");
        }
        faults.above_zero("up", self.up, "0.2 is a rise of 20 %");
    }

    fn states(&self) -> &'static [&'static str] {
        &["bull", "bear"]
    }

    fn reads(&self) -> Reads<'_> {
        Reads::Series(self.of.as_deref())
    }

    fn value(&self) -> Option<&'static str> {
        Some("close over its extreme since the turn, less 1")
    }

    fn track(&self, past: &Past<'_>, rows: Range<Row>, _: &Memo) -> Result<Vec<Option<Reading>>> {
        let closes = Closes::of(past, self.of.as_deref())?;
        let mut readings = vec![None; rows.len()];
        let (mut bear, mut extreme) = (false, f64::NEG_INFINITY);
        for (row, &price) in (closes.first..).zip(&closes.prices) {
            extreme = if bear { price.min(extreme) } else { price.max(extreme) };
            let turns = if bear {
                price >= (1.0 + self.up) * extreme
            } else {
                price <= (1.0 - self.down) * extreme
            };
            if turns {
                (bear, extreme) = (!bear, price);
            }
            if rows.contains(&row) {
                let value = Some(price / extreme - 1.0);
                let state = usize::from(bear);
                readings[row - rows.start] =
                    Some(Reading { state, value, probabilities: Vec::new() });
            }
        }
        Ok(readings)
    }
}
