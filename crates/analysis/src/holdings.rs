//! How many assets each decision holds.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::DecisionRow;
use walkfolio_stats::measures::concentration;

use crate::line::Line;

/// Holdings by decision.
///
/// # Examples
/// See [`Holdings::of`].
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
    ///
    /// # Examples
    /// ```
    /// use walkfolio_analysis::holdings::Holdings;
    /// use walkfolio_record::DecisionRow;
    ///
    /// let row = |asset: &str, weight: f64| DecisionRow {
    ///     date: "2020-01-02".parse().unwrap(),
    ///     traded: "2020-01-02".parse().unwrap(),
    ///     asset: asset.to_owned(),
    ///     weight,
    ///     drifted: 0.0,
    ///     selected: None,
    ///     probability: None,
    /// };
    /// let found = Holdings::of(&[row("A", 0.5), row("B", 0.5), row("C", 0.0)]);
    /// assert_eq!((found.count[0], found.effective[0]), (2, Some(2.0)));
    /// ```
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
