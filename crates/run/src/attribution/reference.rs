//! The portfolio of assets that stands for the benchmark.

use walkfolio_core::{Market, Note, Row};
use walkfolio_study::{BenchmarkSpec, ReferenceSpec};

use super::style::mix;
use super::taken::Taken;
use crate::{Error, Result};

/// Weights of the assets that stand for the benchmark.
pub(super) enum Reference {
    /// The same at every open; of assets without a return on a session, the rest has their part.
    Constant(Vec<f64>),
    /// The same in each asset that has a return.
    Equal,
}

impl Reference {
    /// The reference of a study; `None` with a note if there is none.
    pub fn of(taken: &Taken<'_>, notes: &mut Vec<Note>) -> Result<Option<Self>> {
        match &taken.spec.reference {
            Some(ReferenceSpec::EqualWeight {}) => Ok(Some(Self::Equal)),
            Some(ReferenceSpec::Weights { weights }) => {
                let mut all = vec![0.0; taken.market.universe().len()];
                for (name, weight) in weights {
                    all[taken.asset("attribution.reference.weights", name)?] = *weight;
                }
                Ok(Some(Self::Constant(all)))
            }
            Some(ReferenceSpec::Style {}) => Ok(Self::style(taken, notes)),
            Some(ReferenceSpec::Benchmark {}) => {
                Self::own(taken).map(Some).ok_or_else(|| unknown(taken))
            }
            None => Ok(Self::own(taken).or_else(|| Self::style(taken, notes))),
        }
    }

    /// The benchmark itself, where it is an asset or a blend of assets.
    fn own(taken: &Taken<'_>) -> Option<Self> {
        let mut all = vec![0.0; taken.market.universe().len()];
        match taken.study.config().spec().market.benchmark.as_ref()? {
            BenchmarkSpec::Ticker(_) => all[taken.benchmark_asset()?] = 1.0,
            BenchmarkSpec::Blend { weights, .. } => {
                for (name, weight) in weights {
                    all[taken.market.universe().position(name)?] = *weight;
                }
            }
        }
        Some(Self::Constant(all))
    }

    /// The style of the benchmark over the full sample.
    fn style(taken: &Taken<'_>, notes: &mut Vec<Note>) -> Option<Self> {
        let all: Vec<usize> = (0..taken.market.universe().len()).collect();
        let span = taken.spans.first()?;
        match mix(taken, &all, &span.rows, &|row| taken.benchmark(row)) {
            Ok(found) => {
                let mut weights = vec![0.0; all.len()];
                for (&asset, weight) in found.assets.iter().zip(&found.weights) {
                    weights[asset] = *weight;
                }
                Some(Self::Constant(weights))
            }
            Err(why) => {
                let message = format!(
                    "attribution: no effects against the benchmark, because its style cannot be found: {why}"
                );
                notes.push(Note::warning(message));
                None
            }
        }
    }

    /// The weights at the open of a session.
    pub fn at(&self, market: &Market, row: Row, weights: &mut [f64]) {
        let has_return = |asset: usize| market.returns().value(row, asset).is_some();
        match self {
            Self::Constant(own) => {
                let known = |asset: usize| if has_return(asset) { own[asset] } else { 0.0 };
                for (asset, weight) in weights.iter_mut().enumerate() {
                    *weight = known(asset);
                }
                let (sum, whole) = (weights.iter().sum::<f64>(), own.iter().sum::<f64>());
                if sum > 0.0 && sum < whole {
                    for weight in weights.iter_mut() {
                        *weight *= whole / sum;
                    }
                }
            }
            Self::Equal => {
                let count = (0..weights.len()).filter(|&asset| has_return(asset)).count();
                let each = 1.0 / count.max(1) as f64;
                for (asset, weight) in weights.iter_mut().enumerate() {
                    *weight = if has_return(asset) { each } else { 0.0 };
                }
            }
        }
    }
}

/// What the benchmark holds is not in the data.
fn unknown(taken: &Taken<'_>) -> Error {
    let message = "is the benchmark, and what it holds is not known".to_owned();
    let hint = "write { kind = \"style\" }, or weights of your own".to_owned();
    taken.study.error_at("attribution.reference", message, Some(hint)).into()
}
