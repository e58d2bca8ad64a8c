//! The regimes of a study as they are shaded in charts.

use serde::Serialize;
use walkfolio_analysis::stated;
use walkfolio_record::Manifest;

/// A regime inside the backtest.
#[derive(Debug, Serialize, PartialEq)]
pub(crate) struct Band {
    name: String,
    first: String,
    last: String,
}

/// The study's regimes, cut to the backtest; those outside it are left out.
pub(crate) fn bands(manifest: &Manifest) -> Vec<Band> {
    let regimes = stated::regimes(manifest).into_iter();
    let band = |(name, first, last)| Band { name, first: text(&first), last: text(&last) };
    regimes.map(band).collect()
}

fn text(value: &impl ToString) -> String {
    value.to_string()
}
