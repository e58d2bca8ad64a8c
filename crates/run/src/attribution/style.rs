//! Style analysis: the long-only mix of assets whose returns are nearest to a series.

use std::ops::Range;

use walkfolio_core::{Matrix, Note, Row};
use walkfolio_optimize::{Mandate, Objective};
use walkfolio_record::StyleRow;

use super::taken::Taken;
use crate::Result;

/// Rows that a mix needs at least, and rows for each of its assets.
const ROWS: usize = 20;
const ROWS_EACH: usize = 2;

/// The returns of a series by row, where they are known.
pub(super) type Series<'a> = dyn Fn(Row) -> Option<f64> + 'a;

/// A mix of assets and how near it is.
pub(super) struct Mix {
    /// By universe index.
    pub assets: Vec<usize>,
    pub weights: Vec<f64>,
    /// None where the series does not vary.
    pub r_squared: Option<f64>,
    /// Standard deviation of the difference, per period.
    pub deviation: f64,
    /// Mean difference, per period.
    pub selection: f64,
}

/// Minimizes the variance of a series less `R w` over `w >= 0` that sum to 1, `R` a column an asset.
///
/// Both are taken less their means. Source: Sharpe (1992), Asset allocation: management style and
/// performance measurement, Journal of Portfolio Management 18(2).
pub(super) fn nearest(series: &[f64], returns: &Matrix) -> walkfolio_optimize::Result<Vec<f64>> {
    let rows = series.len();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / rows as f64;
    let sums = returns.transpose_times(&vec![1.0; rows]);
    let mut centred = returns.clone();
    for row in 0..rows {
        let values = centred.row_mut(row).iter_mut().zip(&sums);
        values.for_each(|(value, sum)| *value -= sum / rows as f64);
    }
    let own = mean(series);
    let series: Vec<f64> = series.iter().map(|value| value - own).collect();
    let objective = Objective::tracking_error(&centred, &series)?;
    Ok(Mandate::long_only(objective, 1.0)?.solve()?.weights)
}

/// The mix nearest to a series over some rows, of those of the assets that have a return on each; the
/// reason where there is none.
pub(super) fn mix(
    taken: &Taken<'_>,
    assets: &[usize],
    rows: &Range<Row>,
    series: &Series<'_>,
) -> std::result::Result<Mix, String> {
    let known: Vec<Row> = rows.clone().filter(|&row| series(row).is_some()).collect();
    let returns = taken.market.returns();
    let listed = |asset: usize| known.iter().all(|&row| returns.value(row, asset).is_some());
    let assets: Vec<usize> = assets.iter().copied().filter(|&asset| listed(asset)).collect();
    let needed = ROWS.max(ROWS_EACH * assets.len());
    if assets.is_empty() || known.len() < needed {
        return Err(format!(
            "it has {} sessions, and {} assets with returns on all of them need {needed}",
            known.len(),
            assets.len()
        ));
    }
    let own: Vec<f64> = known.iter().filter_map(|&row| series(row)).collect();
    let values = known.iter().flat_map(|&row| {
        let all = returns.row_or_zero(row);
        assets.iter().map(move |&asset| all[asset])
    });
    let matrix = Matrix::from_rows(known.len(), assets.len(), values.collect());
    let weights = nearest(&own, &matrix).map_err(|error| error.to_string())?;
    let fitted = matrix.times(&weights);
    let errors: Vec<f64> = own.iter().zip(&fitted).map(|(own, fitted)| own - fitted).collect();
    let (selection, left) = moments(&errors);
    let (_, total) = moments(&own);
    Ok(Mix {
        assets,
        weights,
        r_squared: (total > 0.0).then(|| 1.0 - left / total),
        deviation: left.sqrt(),
        selection,
    })
}

/// Mean and variance (`n - 1`).
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, squares / (n - 1.0).max(1.0))
}

/// The styles of the portfolio and of a benchmark that is not one of the styles, by period.
pub(super) fn rows(taken: &Taken<'_>, notes: &mut Vec<Note>) -> Result<Vec<StyleRow>> {
    if taken.spec.style.is_empty() {
        return Ok(Vec::new());
    }
    let assets = taken.assets("attribution.style", &taken.spec.style)?;
    let is_style = taken.benchmark_asset().is_some_and(|own| assets.contains(&own));
    let portfolio = |row: Row| Some(taken.earned(row).1);
    let benchmark = |row: Row| taken.benchmark(row);
    let mut all: Vec<(&str, &Series<'_>)> = vec![("portfolio", &portfolio)];
    if taken.market.benchmark().is_some() && !is_style {
        all.push(("benchmark", &benchmark));
    }
    let mut rows = Vec::new();
    for span in &taken.spans {
        for (name, series) in &all {
            match mix(taken, &assets, &span.rows, series) {
                Ok(found) => rows.extend(of_mix(taken, &span.name, name, &found)),
                Err(why) => notes.push(Note::info(format!(
                    "attribution.style: no style of the {name} in period {}: {why}",
                    span.name
                ))),
            }
        }
    }
    Ok(rows)
}

fn of_mix<'a>(
    taken: &'a Taken<'_>,
    period: &'a str,
    series: &'a str,
    found: &'a Mix,
) -> impl Iterator<Item = StyleRow> + 'a {
    let (year, tickers) = (taken.periods_per_year, taken.market.universe().tickers());
    found.assets.iter().zip(&found.weights).map(move |(&asset, &weight)| StyleRow {
        period: period.to_owned(),
        series: series.to_owned(),
        asset: tickers[asset].to_string(),
        weight,
        r_squared: found.r_squared,
        tracking_error: found.deviation * year.sqrt(),
        selection: found.selection * year,
    })
}
