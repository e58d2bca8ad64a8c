//! How many assets each decision holds.

use serde::Serialize;
use walkfolio_analysis::format::brief;
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
}
