//! How unusual the returns of a session are.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Matrix, Need, Past, Row, linear};

use super::detector::{Detector, Memo, Reading, Reads};
use super::threshold::{self, above_quantile};
use crate::means::{centre, column_means, columns_scaled};
use crate::{Error, Result};

/// Turbulence, the statistical unusualness of a session's returns: states `quiet` and `turbulent`.
///
/// The figure is `(x_t - m)' S^-1 (x_t - m)`, mean and sample covariance (`ddof = 1`) of the `window` rows
/// before the session, of the assets that have all of them. It is turbulent above the `quantile` (linear
/// interpolation) of its last `history` values, its own included. The window needs more rows than assets.
///
/// Source: Kritzman & Li (2010), Skulls, financial turbulence, and risk management, Financial Analysts
/// Journal 66. It is not divided by the number of assets, as there; Kinlaw and Turkington (2014) divide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Turbulence {
    /// Its name in reports and in `[[when]]`.
    ///
    /// Example: `name = "turbulence"`
    pub name: String,
    /// Rows of the covariance.
    #[serde(default = "year")]
    pub window: u32,
    /// Whether the figure is divided by the number of assets.
    #[serde(default)]
    pub per_asset: bool,
    /// Sessions that are compared.
    ///
    /// Unit: periods.
    #[serde(default = "two_years")]
    pub history: u32,
    /// The quantile above which a session is turbulent.
    ///
    /// Unit: fraction.
    #[serde(default = "upper_quarter")]
    pub quantile: f64,
}

fn year() -> u32 {
    252
}

fn two_years() -> u32 {
    504
}

fn upper_quarter() -> f64 {
    0.75
}

impl Detector for Turbulence {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 3, "turbulence");
        threshold::validate(self.quantile, self.history, faults);
    }

    fn states(&self) -> &'static [&'static str] {
        &["quiet", "turbulent"]
    }

    fn reads(&self) -> Reads<'_> {
        Reads::Assets
    }

    fn value(&self) -> Option<&'static str> {
        Some("squared Mahalanobis distance of the session's returns")
    }

    fn track(
        &self,
        past: &Past<'_>,
        rows: Range<Row>,
        memo: &Memo,
    ) -> Result<Vec<Option<Reading>>> {
        let distance = |known: &Past<'_>| self.distance(known);
        let history = self.history as usize;
        above_quantile(past, &rows, (self.quantile, history, memo), distance)
    }
}

impl Turbulence {
    /// The figure of the last known session.
    fn distance(&self, known: &Past<'_>) -> Result<Option<f64>> {
        let window = self.window as usize;
        let assets = known.eligible(Need { rows: window + 1, history_months: None });
        if assets.is_empty() {
            return Ok(None);
        }
        let (rows, least) = (window, assets.len() + 1);
        if rows < least {
            return Err(Error::TooFewRows { what: "turbulence", rows, least });
        }
        let returns = known.returns(&assets, window + 1)?;
        let distance = turbulence(&returns).map_err(|position| {
            let asset = known.universe().tickers()[assets[position]].clone();
            Error::DependentAsset { asset, rows }
        })?;
        Ok(Some(if self.per_asset { distance / assets.len() as f64 } else { distance }))
    }
}

/// The squared Mahalanobis distance of the last row of a table from the rows before it, by their mean and
/// sample covariance.
///
/// # Shape and units
/// `L + 1` rows of `n < L` returns.
/// # Errors
/// The first column that is constant or a mixture of those before it.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_estimate::regime::turbulence;
///
/// // Mean 0, variance 2: a return of 3 is 9 / 2 away.
/// let returns = Matrix::from_rows(3, 1, vec![1.0, -1.0, 3.0]);
/// assert!((turbulence(&returns).unwrap() - 4.5).abs() < 1e-12);
/// ```
pub fn turbulence(returns: &Matrix) -> Result<f64, usize> {
    let (rows, n) = (returns.rows() - 1, returns.cols());
    let mut y = Matrix::from_rows(rows, n, returns.values()[..rows * n].to_vec());
    let mean = column_means(&y);
    centre(&mut y, &mean);
    // Columns of length 1: an asset that hardly moves beside others costs no digits.
    let mut square = vec![0.0; n];
    for row in y.iter_rows() {
        square.iter_mut().zip(row).for_each(|(sum, value)| *sum += value * value);
    }
    if let Some(position) = square.iter().position(|square| *square <= 0.0) {
        return Err(position);
    }
    let inverse: Vec<f64> = square.iter().map(|square| 1.0 / square.sqrt()).collect();
    let lower = linear::inverse_root(&columns_scaled(&y, &inverse).gram())?;
    let away: Vec<f64> = (0..n).map(|i| (returns[(rows, i)] - mean[i]) * inverse[i]).collect();
    let solved = linear::solve(&lower, &away);
    Ok(linear::dot(&away, &solved) * (rows - 1) as f64)
}
