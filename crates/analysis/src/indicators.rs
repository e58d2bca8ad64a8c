//! What measures leave out: mean returns a session, and whether a modified value at risk holds.

use serde::Serialize;
use walkfolio_record::MeasureTable;
use walkfolio_stats::measures::tail::CornishFisher;

/// Mean returns a session, as fractions.
///
/// # Examples
/// See [`DailyMeans::of`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DailyMeans {
    /// `mean(r)`.
    pub arithmetic: Option<f64>,
    /// `prod(1 + r)^(1 / T) - 1`.
    pub geometric: Option<f64>,
}

impl DailyMeans {
    /// From the annual mean, the cumulative return and the number of sessions.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_analysis::indicators::DailyMeans;
    /// use walkfolio_record::MeasureTable;
    ///
    /// let rows = [("mean_return_annual", 0.252), ("cumulative_return", 0.21), ("sessions", 2.0)];
    /// let rows = rows.map(|(key, value)| (key.to_owned(), Some(value)));
    /// let table = MeasureTable::from_iter(rows);
    /// let means = DailyMeans::of(&table, 252.0);
    /// assert!((means.arithmetic.unwrap() - 0.001).abs() < 1e-12);
    /// assert!((means.geometric.unwrap() - 0.1).abs() < 1e-12); // 1.1 * 1.1 = 1.21
    /// ```
    pub fn of(table: &MeasureTable, periods_per_year: f64) -> Self {
        let arithmetic = table.get("mean_return_annual").map(|mean| mean / periods_per_year);
        Self { arithmetic, geometric: geometric(table) }
    }
}

fn geometric(table: &MeasureTable) -> Option<f64> {
    let (earned, sessions) = (table.get("cumulative_return")?, table.get("sessions")?);
    (sessions > 0.0).then(|| (1.0 + earned).max(0.0).powf(1.0 / sessions) - 1.0)
}

/// Whether the expansion behind a modified value at risk holds for returns of this shape; `None`
/// where the shape is not known.
///
/// # Source
/// Maillard (2012), A user's guide to the Cornish Fisher expansion.
/// # Examples
/// ```
/// use walkfolio_analysis::indicators::modified_var_holds;
/// use walkfolio_record::MeasureTable;
///
/// let table = |kurtosis: f64| {
///     let rows = [("skewness", 0.0), ("excess_kurtosis", kurtosis)];
///     MeasureTable::from_iter(rows.map(|(key, value)| (key.to_owned(), Some(value))))
/// };
/// assert_eq!(modified_var_holds(&table(1.0)), Some(true));
/// assert_eq!(modified_var_holds(&table(30.0)), Some(false));
/// ```
pub fn modified_var_holds(table: &MeasureTable) -> Option<bool> {
    let shape = CornishFisher {
        skewness: table.get("skewness")?,
        excess_kurtosis: table.get("excess_kurtosis")?,
    };
    Some(shape.is_valid())
}
