//! Several models of expected returns at once.

use std::ops::DerefMut;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Note, Past};

use super::model::{ExpectedReturnsModel, InputFile};
use crate::blended::check_weights;
use crate::covariance::CovarianceChoice;
use crate::{Needs, Result, Scale};

/// A weighted mean of several models of expected returns.
///
/// Each part is estimated by itself. A covariance that belongs to a part takes no place of `[estimate.covariance]`: it is
/// that of the part alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Blend")]
pub struct BlendOf<M> {
    /// The models with their weights, which sum to 1.
    ///
    /// Example: `blend = [{ of = { kind = "historical" }, weight = 0.5 }, { of = { kind = "momentum" }, weight = 0.5 }]`
    pub blend: Vec<PartOf<M>>,
}

/// A model of a blend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReturnsPart")]
pub struct PartOf<M> {
    /// The model, with the keys of `[estimate.expected_returns]`.
    #[schemars(schema_with = "any_kind")]
    pub of: Box<M>,
    /// Its weight.
    ///
    /// Unit: share.
    ///
    /// Example: `weight = 0.5`
    pub weight: f64,
}

/// A model inside a model: the schema of a study has its keys once.
fn any_kind(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    crate::blended::documented_at("expected_returns")
}

impl<M: DerefMut<Target = dyn ExpectedReturnsModel>> ExpectedReturnsModel for BlendOf<M> {
    fn validate(&self, faults: &mut Faults) {
        check_weights(&self.blend.iter().map(|part| part.weight).collect::<Vec<_>>(), faults);
        for (k, part) in self.blend.iter().enumerate() {
            faults.part(&format!("blend[{k}].of"), |faults| part.of.validate(faults));
        }
    }

    fn needs(&self) -> Needs {
        self.blend.iter().map(|part| part.of.needs()).fold(Needs::default(), Needs::and)
    }

    fn complete(&mut self, covariance: &CovarianceChoice) {
        self.blend.iter_mut().for_each(|part| part.of.complete(covariance));
    }

    fn named(&self) -> Vec<(String, &str)> {
        let parts = self.blend.iter().enumerate();
        parts
            .flat_map(|(k, part)| {
                let named = part.of.named().into_iter();
                named.map(move |(path, name)| (format!("blend[{k}].of.{path}"), name))
            })
            .collect()
    }

    fn files(&self) -> Vec<InputFile<'_>> {
        let parts = self.blend.iter().enumerate();
        parts
            .flat_map(|(k, part)| {
                part.of.files().into_iter().map(move |file| file.below(&format!("blend[{k}].of")))
            })
            .collect()
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        let mut mean = vec![0.0; assets.len()];
        for part in &self.blend {
            let own = part.of.estimate(past, assets, scale)?;
            mean.iter_mut().zip(own).for_each(|(sum, value)| *sum += part.weight * value);
        }
        Ok(mean)
    }

    fn notes(&self, past: &Past<'_>, assets: &[usize]) -> Vec<Note> {
        self.blend.iter().flat_map(|part| part.of.notes(past, assets)).collect()
    }

    fn is_ready(&self, past: &Past<'_>, assets: &[usize]) -> bool {
        self.blend.iter().all(|part| part.of.is_ready(past, assets))
    }
}
