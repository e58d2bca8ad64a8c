//! States by where a figure is in its own history.

use std::ops::Range;

use walkfolio_core::{Faults, Past, Row};

use super::detector::{Memo, Reading};
use crate::Result;

/// Whether the quantile and the history of a threshold make sense.
pub(super) fn validate(quantile: f64, history: u32, faults: &mut Faults) {
    if !(quantile > 0.0 && quantile < 1.0) {
        let message = format!("must be above 0 and below 1, found {quantile}");
        faults.push("quantile", message, "0.8 makes the upper fifth the second state");
    }
    faults.window("history", history, 20, "a quantile of figures");
}

/// The figures at the closes of the `history` rows up to each of `rows`: one sequence, oldest first, in
/// which the last of `rows` is the last. Rows before the first of the market have none.
pub(super) fn figures(
    past: &Past<'_>,
    rows: &Range<Row>,
    (history, memo): (usize, &Memo),
    figure: impl Fn(&Past<'_>) -> Result<Option<f64>>,
) -> Result<Vec<Option<f64>>> {
    let ahead = (history - 1).saturating_sub(rows.start);
    let mut figures = vec![None; ahead];
    for row in (rows.start + ahead + 1 - history)..rows.end {
        let known = past.before(row + 1)?;
        figures.push(memo.value(row + 1, || figure(&known))?);
    }
    Ok(figures)
}

/// The second state where a figure is above the quantile of the last `history` figures, its own included;
/// undefined unless all of them are there.
pub(super) fn above_quantile(
    past: &Past<'_>,
    rows: &Range<Row>,
    (quantile, history, memo): (f64, usize, &Memo),
    figure: impl Fn(&Past<'_>) -> Result<Option<f64>>,
) -> Result<Vec<Option<Reading>>> {
    let figures = figures(past, rows, (history, memo), figure)?;
    let reading = |window: &[Option<f64>]| {
        let mut sorted: Vec<f64> = window.iter().copied().collect::<Option<_>>()?;
        let value = *sorted.last()?;
        sorted.sort_by(f64::total_cmp);
        let state = usize::from(value > interpolated(&sorted, quantile));
        Some(Reading { state, value: Some(value), probabilities: Vec::new() })
    };
    Ok(figures.windows(history).map(reading).collect())
}

/// A quantile of sorted values by linear interpolation.
fn interpolated(sorted: &[f64], quantile: f64) -> f64 {
    let place = quantile * (sorted.len() - 1) as f64;
    let below = place.floor();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a place in the list
    let at = below as usize;
    let next = sorted[(at + 1).min(sorted.len() - 1)];
    sorted[at] + (place - below) * (next - sorted[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_by_hand() {
        let sorted = [1.0, 2.0, 4.0, 8.0, 16.0];
        let found = [0.25, 0.5, 0.8].map(|quantile| interpolated(&sorted, quantile));
        // 0.8 of 4 steps is 3.2: 8 + 0.2 * 8.
        assert!(found.iter().zip([2.0, 4.0, 9.6]).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
