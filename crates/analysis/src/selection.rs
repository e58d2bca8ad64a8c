//! Whether the best backtest of a grid passes the tests of selection bias.

use walkfolio_record::{SelectionBias, TrackingChoice};

use crate::format::{decimals, percent};

/// A deflated Sharpe ratio from here on is taken for skill.
pub const DEFLATED_ENOUGH: f64 = 0.95;
/// A probability of overfitting below this is taken for a sound choice.
pub const OVERFITTING_ALLOWED: f64 = 0.05;

/// Whether the best passes every test that could be made of it: a deflated Sharpe ratio of at least
/// [`DEFLATED_ENOUGH`] and a probability of overfitting below [`OVERFITTING_ALLOWED`].
///
/// # Source
/// Bailey & Lopez de Prado (2014); Bailey, Borwein, Lopez de Prado & Zhu (2017).
/// # Examples
/// See [`sentence`].
pub fn passes(bias: &SelectionBias) -> bool {
    let tested = bias.deflated.is_some() || bias.overfitting.is_some();
    let deflated = bias.deflated.is_none_or(|found| found.probability >= DEFLATED_ENOUGH);
    let chosen =
        bias.overfitting.as_ref().is_none_or(|found| found.probability < OVERFITTING_ALLOWED);
    tested && deflated && chosen
}

/// Whether the best passes the tests, in a sentence.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::selection::{passes, sentence};
/// use walkfolio_record::GridRun;
///
/// let grid: GridRun = serde_json::from_reader(File::open("tests/example/grid.json")?)?;
/// let bias = grid.selection_bias.as_ref().unwrap();
/// assert!(!passes(bias));
/// assert!(sentence(bias).contains("its deflated Sharpe ratio is 0.60 where 0.95 is required"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sentence(bias: &SelectionBias) -> String {
    let mut against = Vec::new();
    if let Some(found) = bias.deflated.filter(|found| found.probability < DEFLATED_ENOUGH) {
        against.push(format!(
            "its deflated Sharpe ratio is {} where {} is required",
            decimals(found.probability, 2),
            decimals(DEFLATED_ENOUGH, 2)
        ));
    }
    let overfitting = bias.overfitting.as_ref();
    if let Some(found) = overfitting.filter(|found| found.probability >= OVERFITTING_ALLOWED) {
        against.push(format!(
            "choosing it for its Sharpe ratio fails out of sample in {} of the splits, where {}\u{202f}% are allowed",
            percent(found.probability),
            decimals(100.0 * OVERFITTING_ALLOWED, 0)
        ));
    }
    match (against.is_empty(), bias.deflated.is_some() || bias.overfitting.is_some()) {
        (true, true) => "The best backtest passes the tests of selection bias.".to_owned(),
        (true, false) => {
            "There is too little data to test the best backtest for selection bias.".to_owned()
        }
        (false, _) => {
            format!("The best backtest may be due to selection bias: {}.", against.join("; "))
        }
    }
}

/// How many of how many other backtests have a tracking error that cannot be told from the smallest.
///
/// # Examples
/// See [`tracking_sentence`].
pub fn alike(choice: &TrackingChoice) -> (usize, usize) {
    let others = choice.tracking_errors.iter().enumerate();
    let others = others.filter(|(cell, error)| *cell != choice.best && error.is_some());
    let apart = choice.differences.iter().flatten().filter(|found| found.low > 0.0).count();
    let all = others.count();
    (all - apart.min(all), all)
}

/// Which backtest tracks best and whether others can be told from it, in a sentence; `name` its settings.
///
/// # Examples
/// ```
/// use walkfolio_analysis::selection::{alike, tracking_sentence};
/// use walkfolio_record::{Estimate, TrackingChoice};
///
/// let estimate = |value: f64, low: f64, high: f64| Some(Estimate { value, low, high });
/// let choice = TrackingChoice {
///     best: 0,
///     tracking_errors: vec![estimate(0.02, 0.015, 0.025), estimate(0.03, 0.02, 0.04)],
///     differences: vec![None, estimate(0.01, 0.005, 0.02)],
/// };
/// assert_eq!(alike(&choice), (0, 1));
/// let text = tracking_sentence(&choice, "max holdings 7");
/// assert!(text.starts_with("The smallest tracking error is 2.00\u{202f}% a year"));
/// assert!(text.ends_with("the 1 other is larger, a significant difference."));
/// ```
pub fn tracking_sentence(choice: &TrackingChoice, name: &str) -> String {
    let error = choice.tracking_errors.get(choice.best).copied().flatten();
    let figure = error.map_or_else(String::new, |found| {
        format!(
            "{} a year (95\u{202f}% interval {} to {}), ",
            percent(found.value),
            percent(found.low),
            percent(found.high)
        )
    });
    let others = match alike(choice) {
        (0, 1) => "the 1 other is larger, a significant difference".to_owned(),
        (0, all) => format!("all {all} others are larger, significant differences"),
        (1, 1) => "the 1 other cannot be told from it".to_owned(),
        (some, all) => format!("{some} of {all} others cannot be told from it"),
    };
    format!("The smallest tracking error is {figure}{name}; {others}.")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use walkfolio_record::Estimate;

    use super::*;

    proptest! {
        #[test]
        fn the_sentence_of_tracking_counts_what_cannot_be_told_apart(
            error in 0.001..0.2f64, apart in prop::collection::vec((0.0..0.1f64, -0.05..0.05f64), 1..9),
        ) {
            let estimate = |value: f64, low: f64| Some(Estimate { value, low, high: value + 0.1 });
            let others = apart.iter().map(|(above, _)| estimate(error + above, error));
            let choice = TrackingChoice {
                best: 0,
                tracking_errors: std::iter::once(estimate(error, 0.0)).chain(others).collect(),
                differences: std::iter::once(None)
                    .chain(apart.iter().map(|(above, low)| estimate(*above, *low)))
                    .collect(),
            };
            let near = apart.iter().filter(|(_, low)| *low <= 0.0).count();
            prop_assert_eq!(alike(&choice), (near, apart.len()));
            let text = tracking_sentence(&choice, "a 1");
            prop_assert!(text.contains(&percent(error)) && text.contains("a 1"));
            prop_assert_eq!(text.contains("cannot be told from it"), near > 0, "{}", text);
            prop_assert_eq!(text.contains("significant difference"), near == 0, "{}", text);
            if near > 0 && apart.len() > 1 {
                let words = format!("{near} of {} others", apart.len());
                prop_assert!(text.contains(&words), "{}", text);
            }
        }
    }
}
