//! Premia of momentum, reversal and volatility, from month-by-month regressions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::linear::{dot, inverse_root, solve};
use walkfolio_core::{Faults, Matrix, Past, Row};

use super::horizons::{growth, too_short};
use super::model::ExpectedReturnsModel;
use crate::features::{History, z_scores};
use crate::means::column_means;
use crate::{Error, Needs, Result, Scale};

/// Months a year.
const MONTHS: f64 = 12.0;

/// Scores of momentum, reversal and volatility, priced by past cross-sections (Fama-MacBeth).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MultiFactor {
    /// Past months whose cross-sections are averaged.
    pub months: u32,
    /// Rows of the momentum score: 252.
    #[serde(skip)]
    pub momentum_rows: usize,
    /// The last rows that the momentum score leaves out: 21.
    #[serde(skip)]
    pub skipped_rows: usize,
    /// Rows of the reversal score: 21.
    #[serde(skip)]
    pub reversal_rows: usize,
    /// Rows of the volatility score: 63.
    #[serde(skip)]
    pub volatility_rows: usize,
    /// Fewer months with a regression are an error: 12.
    #[serde(skip)]
    pub least_months: usize,
    /// Month-ends with fewer assets are left out: 5.
    #[serde(skip)]
    pub least_assets: usize,
}

impl Default for MultiFactor {
    fn default() -> Self {
        Self {
            months: 60,
            momentum_rows: 252,
            skipped_rows: 21,
            reversal_rows: 21,
            volatility_rows: 63,
            least_months: 12,
            least_assets: 5,
        }
    }
}

impl MultiFactor {
    fn rows(&self) -> usize {
        self.momentum_rows.max(self.reversal_rows).max(self.volatility_rows)
    }
}

/// `E[R_i] = alpha + b_mom MOM_i + b_rev REV_i + b_vol VOL_i`: `MOM` is the return of the last 252
/// rows without the last 21, `REV` minus that of the last 21, `VOL` the volatility of the last 63,
/// each a z-score across the given assets (`ddof = 0`); alpha and b are those of [`FamaMacBeth::fit`].
///
/// # Errors
/// [`walkfolio_core::Error::TooShort`] for an asset without the rows that its scores need;
/// [`Error::TooFewRows`] for a volatility of fewer than two rows; those of [`FamaMacBeth::fit`].
/// # Source
/// Fama and `MacBeth` (1973), Risk, return, and equilibrium.
impl ExpectedReturnsModel for MultiFactor {
    fn validate(&self, faults: &mut Faults) {
        faults.at_least("months", self.months, 12);
    }

    fn needs(&self) -> Needs {
        Needs::returns(self.rows())
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        let rows = self.rows();
        if let Some(&asset) = assets.iter().find(|&&asset| !past.has_returns(asset, rows)) {
            return Err(too_short(past, asset, rows).into());
        }
        let scores = scores(past, assets, self)?;
        let fit = FamaMacBeth::fit(past, self)?;
        let annual = scores.iter_rows().map(|row| fit.alpha + dot(row, &fit.premia));
        Ok(annual.map(|value| value * scale.of_year()).collect())
    }
}

/// Premia a year of the three scores.
#[derive(Debug, Clone, PartialEq)]
pub struct FamaMacBeth {
    /// The mean intercept.
    pub alpha: f64,
    /// Mean coefficients of momentum, reversal and volatility.
    pub premia: [f64; 3],
    /// Months with a regression.
    pub months: usize,
    /// Month-ends left out because too few assets had scores.
    pub too_few_assets: usize,
    /// Month-ends left out because their scores are linearly dependent.
    pub singular: usize,
}

/// What became of one month.
enum Month {
    Regressed([f64; 4]),
    TooFewAssets,
    Singular,
}

impl FamaMacBeth {
    /// Regresses the following month's return, times 12, on the scores of each past month-end.
    ///
    /// Only months that are over enter. At a month-end all assets of the universe count that had
    /// the returns which the scores need; one that ends within the following month earns up to its
    /// last close, so that survivors are not favoured.
    ///
    /// # Errors
    /// [`Error::TooFewMonths`] with fewer than `least_months` regressions.
    pub fn fit(past: &Past<'_>, model: &MultiFactor) -> Result<Self> {
        let history = History::new(past);
        let last = history.month_ends().len().saturating_sub(1);
        let mut fit =
            Self { alpha: 0.0, premia: [0.0; 3], months: 0, too_few_assets: 0, singular: 0 };
        for index in last.saturating_sub(model.months as usize)..last {
            let then = *history.at(index)?.past();
            fit.add(&regress(past, &then, history.month_ends()[index + 1], model)?);
        }
        if fit.months < model.least_months.max(1) {
            let (months, least) = (fit.months, model.least_months.max(1));
            return Err(Error::TooFewMonths { what: "the multi-factor model", months, least });
        }
        let months = fit.months as f64;
        fit.alpha /= months;
        fit.premia = fit.premia.map(|sum| sum / months);
        Ok(fit)
    }

    fn add(&mut self, month: &Month) {
        match month {
            Month::TooFewAssets => self.too_few_assets += 1,
            Month::Singular => self.singular += 1,
            Month::Regressed([alpha, premia @ ..]) => {
                self.months += 1;
                self.alpha += alpha;
                self.premia.iter_mut().zip(premia).for_each(|(sum, premium)| *sum += premium);
            }
        }
    }
}

/// The regression of one month: scores of `then`, returns from its last row to `end`.
fn regress(past: &Past<'_>, then: &Past<'_>, end: Row, model: &MultiFactor) -> Result<Month> {
    let rows = model.rows();
    let assets: Vec<usize> =
        (0..then.universe().len()).filter(|&asset| then.has_returns(asset, rows)).collect();
    if assets.len() < model.least_assets.max(1) {
        return Ok(Month::TooFewAssets);
    }
    let scores = scores(then, &assets, model)?;
    let next: Vec<f64> = assets
        .iter()
        .map(|&asset| MONTHS * held_return(past, asset, then.rows() - 1, end))
        .collect();
    Ok(least_squares(&scores, &next).map_or(Month::Singular, Month::Regressed))
}

/// Intercept and coefficients of `y` on scores whose mean is 0; `None` if they are dependent.
fn least_squares(scores: &Matrix, y: &[f64]) -> Option<[f64; 4]> {
    let lower = inverse_root(&scores.gram()).ok()?;
    let premia = solve(&lower, &scores.transpose_times(y));
    let alpha = y.iter().sum::<f64>() / y.len() as f64;
    Some([alpha, premia[0], premia[1], premia[2]])
}

/// The return from one row to a later one, or to the asset's last close before it.
fn held_return(past: &Past<'_>, asset: usize, from: Row, to: Row) -> f64 {
    let close = |row: Row| past.price(row, asset);
    let last = to.min(past.listing(asset).end.saturating_sub(1));
    close(from).zip(close(last)).map_or(0.0, |(from, to)| to / from - 1.0)
}

/// The z-scores of assets that have all returns: `assets.len() x 3`.
fn scores(past: &Past<'_>, assets: &[usize], model: &MultiFactor) -> Result<Matrix> {
    let momentum = |&asset: &usize| {
        growth(past, asset, model.momentum_rows, model.skipped_rows.min(model.momentum_rows))
    };
    let reversal = |&asset: &usize| growth(past, asset, model.reversal_rows, 0).map(|value| -value);
    let columns = [
        z_scores(&assets.iter().filter_map(momentum).collect::<Vec<f64>>()),
        z_scores(&assets.iter().filter_map(reversal).collect::<Vec<f64>>()),
        z_scores(&volatilities(past, assets, model.volatility_rows)?),
    ];
    let values = (0..assets.len()).flat_map(|i| columns.each_ref().map(|column| column[i]));
    Ok(Matrix::from_rows(assets.len(), 3, values.collect()))
}

/// Standard deviations of simple returns; a session's and not a year's, for a z-score is the same.
fn volatilities(past: &Past<'_>, assets: &[usize], rows: usize) -> Result<Vec<f64>> {
    if rows < 2 {
        return Err(Error::TooFewRows { what: "a volatility", rows, least: 2 });
    }
    let returns = past.returns(assets, rows)?;
    let mean = column_means(&returns);
    let mut square = vec![0.0; assets.len()];
    for row in returns.iter_rows() {
        for ((sum, value), mean) in square.iter_mut().zip(row).zip(&mean) {
            *sum += (value - mean) * (value - mean);
        }
    }
    Ok(square.into_iter().map(|sum: f64| (sum / (rows - 1) as f64).sqrt()).collect())
}
