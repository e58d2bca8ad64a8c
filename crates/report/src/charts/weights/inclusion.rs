//! The probabilities of inclusion, and which assets were selected.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_record::Run;

use walkfolio_analysis::format::{decimals, short};
use walkfolio_analysis::line::Line;

/// Rows of the map; more cannot be told apart.
const ASSETS: usize = 40;

/// Asset by decision.
#[derive(Debug, Serialize)]
pub(super) struct Inclusion {
    dates: Vec<String>,
    assets: Vec<Asset>,
    end: Option<String>,
    #[serde(skip)]
    pub(super) left_out: usize,
    #[serde(skip)]
    pub(super) rule: String,
}

#[derive(Debug, Serialize)]
struct Asset {
    name: String,
    probability: Line,
    selected: Vec<bool>,
}

impl Inclusion {
    /// The probabilities of a run; `None` where no decision has any.
    pub(super) fn of(run: &Run) -> Option<Self> {
        if run.decisions.iter().all(|row| row.probability.is_none()) {
            return None;
        }
        let mut days: Vec<_> = run.decisions.iter().map(|row| row.date).collect();
        days.sort_unstable();
        days.dedup();
        let mut table: BTreeMap<&str, Asset> = BTreeMap::new();
        for row in &run.decisions {
            let Ok(place) = days.binary_search(&row.date) else { continue };
            let asset = table.entry(&row.asset).or_insert_with(|| Asset {
                name: row.asset.clone(),
                probability: vec![None; days.len()],
                selected: vec![false; days.len()],
            });
            asset.probability[place] = row.probability.and_then(short);
            asset.selected[place] = row.selected == Some(true);
        }
        let order = |name: &str| run.manifest.assets.iter().position(|asset| asset == name);
        let mut assets: Vec<Asset> = table.into_values().collect();
        let chosen = |asset: &Asset| asset.selected.iter().filter(|selected| **selected).count();
        assets.sort_by_key(|asset| std::cmp::Reverse(chosen(asset)));
        let left_out = assets.len().saturating_sub(ASSETS);
        assets.truncate(ASSETS);
        assets.sort_by_key(|asset| order(&asset.name));
        Some(Self {
            dates: days.iter().map(ToString::to_string).collect(),
            assets,
            end: run.manifest.last.map(|date| date.to_string()),
            left_out,
            rule: rule(run),
        })
    }
}

/// Which assets are selected, as the study has it.
fn rule(run: &Run) -> String {
    let study = &run.manifest.resolved;
    let threshold = study.threshold().map(|value| decimals(value, 2));
    let least = study.min_selected();
    match (threshold, least) {
        (Some(threshold), Some(least)) => format!(
            "a probability of {threshold} or more, and the {least} likeliest where fewer reach it"
        ),
        (Some(threshold), None) => format!("a probability of {threshold} or more"),
        _ => "as the study selects".to_owned(),
    }
}
