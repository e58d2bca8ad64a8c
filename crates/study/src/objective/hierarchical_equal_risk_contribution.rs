//! Risk split between clusters along their tree, and evenly within each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Result};
use walkfolio_optimize::{self as optimize, Objective};

use super::form::{Inputs, ONE_PORTFOLIO, ObjectiveForm, Setting, Shape, path};
use super::hierarchical_risk_parity::Linkage;

/// Hierarchical equal risk contribution (Raffinot 2018): the tree of the assets' correlations is cut into clusters; the
/// budget of a branch is split in proportion to one over the risk of its two parts, which is the sum of the variances of
/// their clusters, and within a cluster in proportion to one over variances. As `equal_weight`, constraints do not change it.
///
/// With the same linkage and number of clusters Riskfolio (`model = "HERC"`, `rm = "MV"`) and skfolio have the same weights.
/// Riskfolio links by nearest members by default. Left to the data, the number of clusters differs: here the dispersion within
/// a cluster is the sum of its distances over its size, as published, in skfolio their mean, and in Riskfolio their standard
/// deviation, with one cluster fewer at the same bend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HierarchicalEqualRiskContribution {
    /// How far two clusters are from each other.
    #[serde(default = "ward")]
    pub linkage: Linkage,
    /// The number of clusters, or all assets where they are fewer. Without it, the sharpest bend of the dispersion within
    /// clusters decides (Yue, Wang & Wei 2009), from 2 up to the larger of 8 and the root of the number of assets.
    ///
    /// Unit: clusters.
    ///
    /// Example: `clusters = 4`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clusters: Option<u32>,
}

impl ObjectiveForm for HierarchicalEqualRiskContribution {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        let Some(clusters) = self.clusters else { return };
        let n = setting.assets.len();
        let named = setting.assets.first().is_some_and(|first| first != "*");
        if clusters == 0 {
            faults.at_least(&path("clusters"), clusters, 1);
        } else if named && clusters as usize > n {
            faults.push(&path("clusters"), format!("{clusters} clusters of {n} assets"), "");
        }
    }

    fn uses_expected_returns(&self) -> bool {
        false
    }

    fn takes_clustering_covariance(&self) -> bool {
        true
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let covariance = inputs.covariance()?;
        let clusters = self.clusters.map(|wanted| inputs.assets.len().min(wanted as usize));
        inputs.objective(optimize::HierarchicalEqualRiskContribution::new(
            &covariance,
            self.linkage.into(),
            clusters,
        ))
    }

    fn note(&self, objective: &Objective, _: &[f64]) -> Option<String> {
        let Objective::HierarchicalEqualRiskContribution(found) = objective else { return None };
        let sizes: Vec<String> = found.clusters().iter().map(|own| own.len().to_string()).collect();
        let assets = sizes.join(", ");
        self.clusters.is_none().then(|| format!("{} clusters of {assets} assets", sizes.len()))
    }

    fn shape(&self) -> Shape {
        Shape::OnePortfolio
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some(ONE_PORTFOLIO)
    }
}

fn ward() -> Linkage {
    Linkage::Ward
}
