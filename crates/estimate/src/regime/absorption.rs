//! How much of all variance a few components absorb.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Eigen, Faults, Matrix, Need, Past, Row};

use super::detector::{Detector, Memo, Reading, Reads};
use super::threshold::figures;
use crate::Result;
use crate::means::{centre, column_means};
use crate::tracking::weights_to_one;

/// The absorption ratio and its shift: states `calm`, `normal` and `fragile`.
///
/// The ratio is the sum of the `k` largest eigenvalues of the covariance of the last `window` simple returns
/// over its trace, `k = max(1, floor(share n + 1/2))` of the `n` assets that have all of them. The figure is
/// its standardized shift: the mean of its last `recent` values less that of its last `history`, over the
/// standard deviation (`ddof = 1`) of the latter. Above `limit` the market is fragile, below `-limit` calm.
///
/// Rows weigh the same; with `half_life` newer ones weigh more, as in the paper.
///
/// Source: Kritzman, Li, Page & Rigobon (2011), Principal components as a measure of systemic risk, Journal
/// of Portfolio Management 37.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Absorption {
    /// Its name in reports and in `[[when]]`.
    ///
    /// Example: `name = "absorption"`
    pub name: String,
    /// Rows of the covariance.
    #[serde(default = "year")]
    pub window: u32,
    /// Rows after which a return weighs half as much; all weigh the same by default.
    ///
    /// Unit: periods.
    ///
    /// Example: `half_life = 250.0`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_life: Option<f64>,
    /// The share of components that absorb.
    ///
    /// Unit: fraction of the number of assets.
    #[serde(default = "fifth")]
    pub share: f64,
    /// Ratios of the recent mean.
    ///
    /// Unit: periods.
    #[serde(default = "fifteen")]
    pub recent: u32,
    /// Ratios of the mean and the standard deviation that it is compared with.
    ///
    /// Unit: periods.
    #[serde(default = "year")]
    pub history: u32,
    /// The shift beyond which the market is fragile, or calm on the other side.
    ///
    /// Unit: standard deviations.
    #[serde(default = "one")]
    pub limit: f64,
}

fn year() -> u32 {
    252
}

fn fifteen() -> u32 {
    15
}

fn fifth() -> f64 {
    0.2
}

fn one() -> f64 {
    1.0
}

impl Absorption {
    /// With a year of rows, of equal weight.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            window: year(),
            half_life: None,
            share: fifth(),
            recent: fifteen(),
            history: year(),
            limit: one(),
        }
    }
}

impl Detector for Absorption {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "the covariance");
        if let Some(half_life) = self.half_life {
            faults.above_zero("half_life", half_life, "250 is a year");
        }
        if !(self.share > 0.0 && self.share < 1.0) {
            let message = format!("must be above 0 and below 1, found {}", self.share);
            faults.push("share", message, "0.2 is a fifth of the components");
        }
        faults.at_least("recent", self.recent, 1);
        faults.window("history", self.history, 2, "a standard deviation of ratios");
        if self.recent > self.history {
            let message = format!("{} is more than history = {}", self.recent, self.history);
            faults.push("recent", message, "swap the two");
        }
        faults.at_least_zero("limit", self.limit);
    }

    fn states(&self) -> &'static [&'static str] {
        &["calm", "normal", "fragile"]
    }

    fn reads(&self) -> Reads<'_> {
        Reads::Assets
    }

    fn value(&self) -> Option<&'static str> {
        Some("standardized shift of the absorption ratio")
    }

    fn track(
        &self,
        past: &Past<'_>,
        rows: Range<Row>,
        memo: &Memo,
    ) -> Result<Vec<Option<Reading>>> {
        let ratio = |known: &Past<'_>| {
            let window = self.window as usize;
            let assets = known.eligible(Need { rows: window, history_months: None });
            if assets.len() < 2 {
                return Ok(None);
            }
            let mut returns = known.returns(&assets, window)?;
            let weights = self.half_life.map(|half_life| weights_to_one(window, half_life));
            Ok(absorption_ratio(&mut returns, weights.as_deref(), self.share))
        };
        let history = self.history as usize;
        let ratios = figures(past, &rows, (history, memo), ratio)?;
        let reading = |window: &[Option<f64>]| {
            let ratios: Vec<f64> = window.iter().copied().collect::<Option<_>>()?;
            let shift = shift(&ratios, self.recent as usize)?;
            let above = usize::from(shift > self.limit);
            let state = 1 + above - usize::from(shift < -self.limit);
            Some(Reading { state, value: Some(shift), probabilities: Vec::new() })
        };
        Ok(ratios.windows(history).map(reading).collect())
    }
}

/// The share of the trace of the covariance that its largest eigenvalues hold; `None` of fewer than two
/// assets, or if nothing moves. The rows are demeaned, by the weights where there are some.
///
/// # Shape and units
/// `L x n` returns and, if not all rows weigh the same, `L` weights that sum to 1.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_estimate::regime::absorption_ratio;
///
/// // Two assets that move together by 1 and 2: one component absorbs everything.
/// let mut returns = Matrix::from_rows(2, 2, vec![0.01, 0.02, -0.01, -0.02]);
/// assert!((absorption_ratio(&mut returns, None, 0.2).unwrap() - 1.0).abs() < 1e-15);
/// ```
pub fn absorption_ratio(returns: &mut Matrix, weights: Option<&[f64]>, share: f64) -> Option<f64> {
    let n = returns.cols();
    if n < 2 {
        return None;
    }
    let mean = match weights {
        Some(weights) => returns.transpose_times(weights),
        None => column_means(returns),
    };
    centre(returns, &mean);
    for (t, weight) in weights.unwrap_or_default().iter().enumerate() {
        let root = weight.sqrt();
        returns.row_mut(t).iter_mut().for_each(|value| *value *= root);
    }
    let gram = if returns.rows() < n { returns.transposed().gram() } else { returns.gram() };
    let trace: f64 = (0..gram.rows()).map(|i| gram[(i, i)]).sum();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a count of components
    let k = ((share * n as f64 + 0.5).floor() as usize).max(1);
    let largest: f64 = Eigen::of(&gram).values.iter().take(k).sum();
    (trace > 0.0).then(|| largest / trace)
}

/// The mean of the last `recent` ratios less the mean of all, over their standard deviation; `None` where
/// they do not differ.
fn shift(ratios: &[f64], recent: usize) -> Option<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let all = mean(ratios);
    let square: f64 = ratios.iter().map(|ratio| (ratio - all) * (ratio - all)).sum();
    let deviation = (square / (ratios.len() - 1) as f64).sqrt();
    let shift = mean(&ratios[ratios.len() - recent..]) - all;
    (deviation > 0.0).then(|| shift / deviation)
}
