//! Whether the best backtest of a grid passes the tests of selection bias.

use walkfolio_record::SelectionBias;

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
