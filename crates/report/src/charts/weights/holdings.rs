//! How many assets each decision holds.

use serde::Serialize;
use walkfolio_analysis::format::{brief, counted, decimals};
use walkfolio_analysis::holdings;
use walkfolio_analysis::line::Line;

/// How many assets each decision holds, and how many of equal size would be as spread.
#[derive(Debug, Serialize)]
pub(super) struct Holdings {
    dates: Vec<String>,
    count: Vec<usize>,
    effective: Line,
}

impl Holdings {
    /// By decision.
    pub(super) fn of(found: &holdings::Holdings) -> Self {
        Self {
            dates: found.dates.iter().map(ToString::to_string).collect(),
            count: found.count.clone(),
            effective: found.effective.iter().map(|value| value.and_then(brief)).collect(),
        }
    }

    /// What every decision holds, in words, where all hold the same: a chart of it would be two flat lines.
    pub(super) fn constant(&self) -> Option<String> {
        let (first, effective) = (*self.count.first()?, *self.effective.first()?);
        let same = self.count.iter().all(|count| *count == first)
            && self.effective.iter().all(|value| *value == effective);
        let spread = effective.map_or(String::new(), |value| {
            format!(", as spread as {} of equal size", decimals(value, 1))
        });
        same.then(|| format!("Every decision has {}{spread}.", counted(first, "holding")))
    }
}
