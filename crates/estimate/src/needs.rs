//! What estimators need of a past, and in which unit they answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The unit of moments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Units {
    /// A year: session moments times `periods_per_year`.
    #[default]
    Annual,
    /// A session.
    Daily,
}

/// The unit of moments with the number of sessions a year.
///
/// # Examples
/// ```
/// use walkfolio_estimate::{Scale, Units};
///
/// let daily = Scale { units: Units::Daily, periods_per_year: 252.0 };
/// assert_eq!((daily.of_session(), daily.of_year()), (1.0, 1.0 / 252.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// What moments are stated for.
    pub units: Units,
    /// Sessions a year.
    pub periods_per_year: f64,
}

impl Scale {
    /// Moments a year.
    pub fn annual(periods_per_year: f64) -> Self {
        Self { units: Units::Annual, periods_per_year }
    }

    /// What the moments of a session are multiplied by.
    pub fn of_session(self) -> f64 {
        match self.units {
            Units::Annual => self.periods_per_year,
            Units::Daily => 1.0,
        }
    }

    /// What the moments of a year are multiplied by.
    pub fn of_year(self) -> f64 {
        self.of_session() / self.periods_per_year
    }
}

/// What an estimator needs of a past; the needs of a whole are those of its parts together.
///
/// # Examples
/// ```
/// use walkfolio_estimate::Needs;
///
/// let both = Needs::returns(60).and(Needs::factors(90));
/// assert_eq!((both.rows, both.factor_rows), (90, Some(90)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// Returns of each asset on each of the last so many rows.
    pub rows: usize,
    /// Factor returns on each of the last so many rows.
    pub factor_rows: Option<usize>,
}

impl Needs {
    /// Returns of the assets.
    pub fn returns(rows: usize) -> Self {
        Self { rows, factor_rows: None }
    }

    /// Returns of the assets and of the factors.
    pub fn factors(rows: usize) -> Self {
        Self { rows, factor_rows: Some(rows) }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            rows: self.rows.max(other.rows),
            factor_rows: self.factor_rows.max(other.factor_rows),
        }
    }
}
