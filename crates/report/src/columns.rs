//! The measures that matter most for an objective.

use walkfolio_analysis::measure::definition;
use walkfolio_analysis::{Definition, stated};
use walkfolio_record::Manifest;

/// The keys that matter most for an objective, in order.
pub(crate) fn headline(manifest: &Manifest) -> [&'static str; 5] {
    if stated::tracks(manifest) {
        ["tracking_error", "information_ratio", "beta", "turnover_annual", "holdings_mean"]
    } else {
        ["annual_return", "volatility", "sharpe_ratio", "max_drawdown", "gross_exposure"]
    }
}

/// The measures of the table: those that matter most for the objective, and some for any.
pub(crate) fn columns(manifest: &Manifest) -> Vec<&'static Definition> {
    let more = ["annual_return", "max_drawdown", "turnover_annual"];
    let mut chosen: Vec<&Definition> = Vec::new();
    for key in headline(manifest).into_iter().chain(more) {
        let found = definition(key);
        chosen.extend(found.filter(|d| chosen.iter().all(|other| other.key != d.key)));
    }
    chosen
}
