//! How many assets each decision holds.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::DecisionRow;
use walkfolio_stats::measures::concentration;

use crate::line::Line;

/// Holdings by decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Holdings {
    /// The decisions.
    pub dates: Vec<Date>,
    /// Assets held after each.
    pub count: Vec<usize>,
    /// How many of equal size would be as spread, `1 / sum w^2`.
    pub effective: Line,
}

impl Holdings {
    /// Of the rows of `decisions.parquet`, in their order.
    pub fn of(rows: &[DecisionRow]) -> Self {
        let mut found = Self { dates: Vec::new(), count: Vec::new(), effective: Vec::new() };
        for rows in rows.chunk_by(|a, b| a.date == b.date) {
            let weights: Vec<f64> = rows.iter().map(|row| row.weight).collect();
            found.dates.push(rows[0].date);
            found.count.push(concentration::holdings(&weights));
            found.effective.push(concentration::effective_holdings(&weights));
        }
        found
    }
}
