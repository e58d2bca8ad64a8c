//! Whether a classifier adds value, in words.

use walkfolio_analysis::Quality;
use walkfolio_analysis::format::decimals;
use walkfolio_analysis::model::Model;

/// Whether it adds value, in a sentence that is computed from its scores.
pub(crate) fn assessment(model: &Model) -> String {
    model.quality.as_ref().map_or_else(
        || "Whether the classifier adds value is not known: no label of a month after a decision is realized in the data.".to_owned(),
        judged,
    )
}

fn judged(quality: &Quality) -> String {
    let (Some(earns), Some(own)) = (quality.adds_value(), quality.scores.auc) else {
        return "Whether the classifier adds value is not known: its AUC or that of a rule without a model is not defined.".to_owned();
    };
    let rules = [
        ("current weight", quality.auc_current_weight),
        ("same label as last month", quality.auc_same_label),
    ];
    let best = rules.into_iter().filter_map(|(name, auc)| Some((name, auc?)));
    let (name, naive) =
        best.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(("current weight", f64::NAN));
    let (own_band, naive_band) = (Quality::band(own), Quality::band(naive));
    let (own, naive) = (area(own), area(naive));
    let start =
        format!("on the labels of the month after each decision its AUC is {own} ({own_band})");
    if earns {
        format!(
            "The classifier adds value: {start}, above the {naive} ({naive_band}) of the better rule that needs no model, “{name}”."
        )
    } else {
        format!(
            "The classifier does not add value: {start}, and the rule “{name}”, which needs no model, reaches {naive} ({naive_band})."
        )
    }
}

/// An AUC with as many decimals as it takes to be in the band that it is said to be in.
pub(crate) fn area(auc: f64) -> String {
    let agrees = |places: &usize| {
        let rounded = format!("{auc:.places$}", places = *places).parse().unwrap_or(auc);
        Quality::band(rounded) == Quality::band(auc)
    };
    decimals(auc, (3..10).find(agrees).unwrap_or(10))
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
