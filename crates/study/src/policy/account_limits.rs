//! What an account limits besides the study.

use walkfolio_core::number::shown;
use walkfolio_core::{Error, Past, Result, Weights};
use walkfolio_optimize::{self as optimize, Constraints};

use crate::objective::Inputs;
use crate::words;

/// Limits of an account may be missed by this.
const KEPT: f64 = 1e-9;

/// What an account limits besides the study.
///
/// # Shape and units
/// Assets by universe index, weights and turnover as fractions of what the account is worth.
/// # Examples
/// See [`SharedMoments`](super::SharedMoments).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AccountLimits {
    /// The smallest and largest weight of single assets; an asset that is excluded has 0 for both. The study's own
    /// bounds hold, too.
    pub bounds: Vec<(usize, f64, f64)>,
    /// The largest turnover, and what is held. The first investment of cash is not limited.
    pub turnover: Option<(f64, Weights)>,
}

impl AccountLimits {
    /// Constraints that keep these, too.
    pub(super) fn narrowed(
        &self,
        inputs: &Inputs<'_>,
        mut constraints: Constraints,
    ) -> Result<Constraints> {
        if !self.bounds.is_empty() {
            let (min, max) = self.bounds(inputs, &constraints)?.into_iter().unzip();
            constraints = constraints.with_bounds(min, max).map_err(words::policy)?;
        }
        let Some((max, held)) = self.turnover.as_ref().filter(|(_, held)| held.holdings() > 0)
        else {
            return Ok(constraints);
        };
        let held = held.values();
        let own: Vec<f64> = inputs.assets.iter().map(|&asset| held[asset]).collect();
        let others = (0..held.len()).filter(|asset| !inputs.assets.contains(asset));
        let sold = others.map(|asset| held[asset].abs()).sum();
        optimize::Turnover::new(own, *max)
            .and_then(|turnover| turnover.with_sold(sold))
            .and_then(|turnover| constraints.with(turnover.named("max_turnover of the account")))
            .map_err(words::policy)
    }

    fn bounds(&self, inputs: &Inputs<'_>, constraints: &Constraints) -> Result<Vec<(f64, f64)>> {
        let tickers = inputs.past.universe().tickers();
        let mut bounds: Vec<(f64, f64)> = constraints.bounds().collect();
        for &(asset, min, max) in &self.bounds {
            let name = &tickers[asset];
            let Some(at) = inputs.assets.iter().position(|own| *own == asset) else {
                if min <= 0.0 {
                    continue;
                }
                return Err(refused(
                    format!(
                        "the account holds {} of {name}, which the study may not hold on this date",
                        range(min, max)
                    ),
                    format!("take away the min of {name}"),
                ));
            };
            let (low, high) = bounds[at];
            bounds[at] = (low.max(min), high.min(max));
            if bounds[at].0 > bounds[at].1 {
                return Err(refused(
                    format!(
                        "the account holds {} of {name}, the study {}: no weight is in both",
                        range(min, max),
                        range(low, high)
                    ),
                    format!("change the bounds of {name} in the account, or allocate.bounds"),
                ));
            }
        }
        Ok(bounds)
    }

    /// Refuses weights of a fallback that break them.
    pub(super) fn check(&self, target: &Weights, past: &Past<'_>) -> Result<()> {
        let tickers = past.universe().tickers();
        for &(asset, min, max) in &self.bounds {
            let weight = target.values()[asset];
            if weight < min - KEPT || weight > max + KEPT {
                let (name, weight) = (&tickers[asset], shown(weight));
                return Err(refused(
                    format!(
                        "the fallback holds {weight} of {name}, the account {}",
                        range(min, max)
                    ),
                    "widen the account's limits; a fallback never breaks them".to_owned(),
                ));
            }
        }
        let Some((max, held)) = self.turnover.as_ref().filter(|(_, held)| held.holdings() > 0)
        else {
            return Ok(());
        };
        let moved = target.values().iter().zip(held.values()).map(|(to, from)| (to - from).abs());
        let turnover = 0.5 * moved.sum::<f64>();
        if turnover <= max + KEPT {
            return Ok(());
        }
        Err(refused(
            format!(
                "the fallback has a turnover of {}, max_turnover of the account is {}",
                shown(turnover),
                shown(*max)
            ),
            "raise max_turnover of the account; a fallback never breaks it".to_owned(),
        ))
    }
}

/// A range of weights in words.
fn range(min: f64, max: f64) -> String {
    match (min.is_finite(), max.is_finite()) {
        (true, false) => format!("at least {}", shown(min)),
        (false, true) => format!("at most {}", shown(max)),
        _ => format!("from {} to {}", shown(min), shown(max)),
    }
}

fn refused(message: String, hint: String) -> Error {
    Error::Policy { message, hint: Some(hint) }
}
