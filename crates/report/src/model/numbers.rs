//! Numbers of a classifier as text.

use walkfolio_analysis::Quality;
use walkfolio_analysis::format::{UNDEFINED, decimals};

/// An AUC with as many decimals as it takes to be in the band that it is said to be in.
pub(super) fn area(auc: f64) -> String {
    let agrees = |places: &usize| {
        let rounded = format!("{auc:.places$}", places = *places).parse().unwrap_or(auc);
        Quality::band(rounded) == Quality::band(auc)
    };
    decimals(auc, (3..10).find(agrees).unwrap_or(10))
}

/// A number of a score, or a dash.
pub(super) fn number(value: Option<f64>) -> String {
    value.map_or_else(|| UNDEFINED.to_owned(), |value| decimals(value, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auc_is_written_so_that_its_band_is_true() {
        assert_eq!(area(0.759), "0.759");
        assert_eq!(area(0.699_54), "0.6995");
        assert_eq!(area(0.699_99), "0.69999");
        assert_eq!(area(0.7), "0.700");
    }
}
