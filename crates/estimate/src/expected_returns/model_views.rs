//! Models as views of Black-Litterman.

use std::ops::Deref;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::Past;

use super::model::ExpectedReturnsModel;
use super::views::Held;
use crate::{Result, Scale};

/// A model whose expected returns are views: one of each asset alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ModelViews")]
pub struct ModelViewsOf<M> {
    /// The model, with the keys of `[estimate.expected_returns]`.
    #[schemars(schema_with = "any_model")]
    pub of: Box<M>,
    /// How certain each of its views is: 1 holds exactly, 0 is no view.
    ///
    /// Unit: share.
    ///
    /// Example: `confidence = 0.2`
    pub confidence: f64,
}

/// A model inside a model: the schema of a study has its keys once.
fn any_model(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    crate::blended::documented_at("expected_returns")
}

impl<M: Deref<Target = dyn ExpectedReturnsModel>> ModelViewsOf<M> {
    /// What it expects of each of some assets, a year.
    pub(super) fn held(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        (number, scale): (usize, Scale),
    ) -> Result<Vec<Held>> {
        if self.confidence == 0.0 {
            return Ok(Vec::new());
        }
        let expected = self.of.estimate(past, assets, Scale::annual(scale.periods_per_year))?;
        let of = |(asset, expected): (&usize, f64)| {
            let name = past.universe().tickers()[*asset].to_string();
            Held {
                label: format!("the view of model {number} on {name}"),
                assets: [(name, 1.0)].into(),
                expected,
                confidence: self.confidence,
            }
        };
        Ok(assets.iter().zip(expected).map(of).collect())
    }
}
