//! What each measure is: for the report, the terminal and the book.

use super::needs::Needs;
use super::period::Period;

/// How a value is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A fraction, shown times 100 with a percent sign.
    Percent,
    /// Return for each unit of risk.
    Ratio,
    /// A whole number.
    Count,
    /// Any other number without a unit.
    Number,
}

impl Unit {
    /// A value as people read it; a dash where it is not defined.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_stats::measures::Unit;
    /// assert_eq!(Unit::Percent.show(Some(0.0958)), "9.58 %");
    /// assert_eq!(Unit::Ratio.show(None), "–");
    /// ```
    pub fn show(self, value: Option<f64>) -> String {
        // What rounds to zero has no sign.
        let digits = if self == Self::Number { 3 } else { i32::from(self != Self::Count) * 2 };
        let scale = if self == Self::Percent { 100.0 } else { 1.0 };
        let value =
            value.map(
                |value| {
                    if (value * scale).abs() < 0.5 * 0.1_f64.powi(digits) { 0.0 } else { value }
                },
            );
        match (self, value) {
            (_, None) => "–".to_owned(),
            (Self::Percent, Some(value)) => format!("{:.2} %", 100.0 * value),
            (Self::Ratio, Some(value)) => format!("{value:.2}"),
            (Self::Count, Some(value)) => format!("{value:.0}"),
            (Self::Number, Some(value)) => format!("{value:.3}"),
        }
    }
}

/// Which of two values is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// The larger one.
    Higher,
    /// The smaller one.
    Lower,
    /// It depends on what the portfolio is for.
    Neither,
}

/// What a measure is.
/// # Examples
/// ```
/// use walkfolio_stats::measures::definitions;
///
/// let sharpe = definitions().iter().find(|definition| definition.key == "sharpe_ratio").unwrap();
/// assert_eq!((sharpe.label, sharpe.source), ("Sharpe ratio", "Sharpe (1994)"));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// Its name in files.
    pub key: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// How to show it.
    pub unit: Unit,
    /// What it is taken from.
    pub needs: Needs,
    /// Which of two values is better.
    pub better: Better,
    /// How it is computed, in the notation of the conventions; [`Definition::formula_for`] puts in
    /// the periods per year.
    pub formula: &'static str,
    /// Where it comes from: author and year.
    pub source: &'static str,
    pub(super) take: fn(&Period<'_>) -> Option<f64>,
}

impl Definition {
    /// The formula of a run: its number in place of `periods_per_year`.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_stats::measures::definitions;
    ///
    /// let volatility = definitions().iter().find(|d| d.key == "volatility").unwrap();
    /// assert_eq!(volatility.formula, "std(r) * sqrt(periods_per_year)");
    /// assert_eq!(volatility.formula_for(250.0), "std(r) * sqrt(250)");
    /// ```
    pub fn formula_for(&self, periods_per_year: f64) -> String {
        self.formula.replace("periods_per_year", &periods_per_year.to_string())
    }

    pub(super) fn value(&self, period: &Period<'_>) -> Option<f64> {
        (self.take)(period)
    }
}
