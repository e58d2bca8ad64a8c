//! How much assets move together.

use std::ops::Range;

use libm::log1p;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Matrix, Need, Past, Row};

use super::detector::{Detector, Memo, Reading, Reads};
use super::threshold::{self, above_quantile};
use crate::Result;
use crate::means::centred;

/// The average correlation in its own history: states `low_correlation` and `high_correlation`.
///
/// The figure is the mean of the Pearson correlations of all pairs of assets over the last `window` returns,
/// of the assets that have all of them and move. It is high above the `quantile` (linear interpolation) of
/// its last `history` values, its own included.
///
/// Source: Pollet & Wilson (2010), Average correlation and stock market returns, Journal of Financial
/// Economics 96.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AverageCorrelation {
    /// Its name in reports and in `[[when]]`.
    ///
    /// Example: `name = "correlation"`
    pub name: String,
    /// Returns of each correlation.
    #[serde(default = "sixty")]
    pub window: u32,
    /// Which returns are correlated.
    #[serde(default)]
    pub returns: ReturnKind,
    /// Average correlations that are compared.
    ///
    /// Unit: periods.
    #[serde(default = "two_years")]
    pub history: u32,
    /// The quantile above which the correlation is high.
    ///
    /// Unit: fraction.
    #[serde(default = "upper_fifth")]
    pub quantile: f64,
}

/// Which returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnKind {
    /// `P_t / P_{t-1} - 1`.
    #[default]
    Simple,
    /// `ln(P_t / P_{t-1})`.
    Log,
}

fn sixty() -> u32 {
    60
}

fn two_years() -> u32 {
    504
}

fn upper_fifth() -> f64 {
    0.8
}

impl Detector for AverageCorrelation {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 3, "a correlation");
        threshold::validate(self.quantile, self.history, faults);
    }

    fn states(&self) -> &'static [&'static str] {
        &["low_correlation", "high_correlation"]
    }

    fn reads(&self) -> Reads<'_> {
        Reads::Assets
    }

    fn value(&self) -> Option<&'static str> {
        Some("mean correlation of all pairs of assets")
    }

    fn track(
        &self,
        past: &Past<'_>,
        rows: Range<Row>,
        memo: &Memo,
    ) -> Result<Vec<Option<Reading>>> {
        let correlation = |known: &Past<'_>| {
            let window = self.window as usize;
            let assets = known.eligible(Need { rows: window, history_months: None });
            if assets.len() < 2 {
                return Ok(None);
            }
            let mut returns = known.returns(&assets, window)?;
            if self.returns == ReturnKind::Log {
                let values = returns.values().iter().map(|value| log1p(*value)).collect();
                returns = Matrix::from_rows(returns.rows(), returns.cols(), values);
            }
            Ok(average_correlation(&returns))
        };
        let history = self.history as usize;
        above_quantile(past, &rows, (self.quantile, history, memo), correlation)
    }
}

/// The mean of the correlations of all pairs of columns that move; `None` unless two do.
///
/// The correlations are `Z'Z` with columns of length 1, so that all of them together sum to `|Z 1|^2`.
///
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_estimate::regime::average_correlation;
///
/// // The first two move together, the third against both: (1 - 1 - 1) / 3.
/// let returns = Matrix::from_rows(2, 3, vec![0.01, 0.02, -0.01, -0.01, -0.02, 0.01]);
/// assert!((average_correlation(&returns).unwrap() + 1.0 / 3.0).abs() < 1e-15);
/// ```
pub fn average_correlation(returns: &Matrix) -> Option<f64> {
    let y = centred(returns);
    let mut length = vec![0.0; y.cols()];
    for row in y.iter_rows() {
        length.iter_mut().zip(row).for_each(|(sum, value)| *sum += value * value);
    }
    // A constant return less its mean leaves roundings.
    let moves: Vec<usize> = (0..y.cols()).filter(|&i| length[i] > 1e-26).collect();
    if moves.len() < 2 {
        return None;
    }
    let inverse: Vec<f64> = length.iter().map(|square| 1.0 / square.sqrt()).collect();
    let together = |row: &[f64]| moves.iter().map(|&i| row[i] * inverse[i]).sum::<f64>();
    let all: f64 = y.iter_rows().map(|row| together(row) * together(row)).sum();
    let n = moves.len() as f64;
    Some((all - n) / (n * (n - 1.0)))
}
