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

    /// What every decision holds, in words, where all hold the same number: a chart of it would be a flat line.
    pub(super) fn constant(&self) -> Option<String> {
        let first = *self.count.first()?;
        let spread: Vec<f64> = self.effective.iter().copied().flatten().collect();
        let low = spread.iter().copied().fold(f64::INFINITY, f64::min);
        let high = spread.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let [low, high] = [low, high].map(|value| decimals(value, 1));
        let words = match (spread.is_empty(), low == high) {
            (true, _) => String::new(),
            (false, true) => format!(", as spread as {low} of equal size"),
            (false, false) => format!(", as spread as {low} to {high} of equal size"),
        };
        let same = self.count.iter().all(|count| *count == first);
        same.then(|| format!("Every decision has {}{words}.", counted(first, "holding")))
    }
}
