//! Risk split between the branches of a tree of clusters.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Result};
use walkfolio_optimize::{self as optimize, Objective};

use super::form::{Inputs, ONE_PORTFOLIO, ObjectiveForm, Setting, Shape};

/// Hierarchical risk parity (López de Prado 2016): the assets in the order of a tree of their correlations, and
/// the budget split in two halves of that order again and again, in proportion to one over their variances. No
/// covariance is inverted, so a singular one will do. As `equal_weight`, constraints do not change it.
///
/// `PyPortfolioOpt` has the same defaults. Riskfolio reorders the leaves, and skfolio also links by Ward's
/// method: their weights may be 0.15 apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HierarchicalRiskParity {
    /// How far two clusters are from each other.
    #[serde(default)]
    pub linkage: Linkage,
    /// The distance of two assets.
    #[serde(default)]
    pub distance: Distance,
}

/// How far two clusters are from each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Linkage {
    /// As far as their nearest members.
    #[default]
    Single,
    /// As far as their farthest members.
    Complete,
    /// The mean distance of their members.
    Average,
    /// By how much merging them raises the sum of squares within clusters (Ward 1963).
    Ward,
}

/// The distance of two assets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Distance {
    /// `sqrt((1 - correlation) / 2)`.
    #[default]
    Correlation,
    /// The Euclidean distance of two columns of the matrix of `correlation`, as in the paper's own program.
    DistanceOfDistances,
}

impl From<Linkage> for optimize::Linkage {
    fn from(linkage: Linkage) -> Self {
        match linkage {
            Linkage::Single => Self::Single,
            Linkage::Complete => Self::Complete,
            Linkage::Average => Self::Average,
            Linkage::Ward => Self::Ward,
        }
    }
}

impl ObjectiveForm for HierarchicalRiskParity {
    fn validate(&self, _: &Setting, _: &mut Faults) {}

    fn uses_expected_returns(&self) -> bool {
        false
    }

    fn takes_clustering_covariance(&self) -> bool {
        true
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let (covariance, linkage) = (inputs.covariance()?, self.linkage.into());
        inputs.objective(match self.distance {
            Distance::Correlation => optimize::HierarchicalRiskParity::new(&covariance, linkage),
            Distance::DistanceOfDistances => {
                optimize::HierarchicalRiskParity::of_distances(&covariance, linkage)
            }
        })
    }

    fn shape(&self) -> Shape {
        Shape::OnePortfolio
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some(ONE_PORTFOLIO)
    }
}
