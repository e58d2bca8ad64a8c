//! What trading costs in the objective: what the simulation charges, by what a decision knows.

use walkfolio_core::{Every, MarketImpact, Result, TradingCost};
use walkfolio_optimize::Costs;

use crate::Config;
use crate::objective::{Current, Inputs};
use crate::words;

/// A multiple of the simulation's costs.
#[derive(Debug, Clone)]
pub(super) struct Trading {
    /// 0 where trading is free, or the objective does not pay for it.
    times: f64,
    /// That of the multiple.
    linear: f64,
    impact: Option<MarketImpact>,
    every: Every,
}

impl Trading {
    pub fn of(config: &Config) -> Self {
        let (spec, execution) = (config.spec(), config.execution());
        let times = spec.allocate.trading_costs.filter(|_| spec.costs.any());
        Self {
            times: times.unwrap_or(0.0),
            linear: times.unwrap_or(0.0) * execution.cost.per_side_bps * 1e-4,
            impact: execution.impact,
            every: config.schedule().every.clone(),
        }
    }

    /// Whether decisions depend on what is held.
    pub fn any(&self) -> bool {
        self.times > 0.0
    }

    /// The costs of a decision; none where they are free, as the initial trade is.
    pub fn costs(&self, inputs: &Inputs<'_>) -> Result<Option<Costs>> {
        if !self.any() {
            return Ok(None);
        }
        let Some(Current { held, .. }) = inputs.current()? else { return Ok(None) };
        let rates = inputs.assets.iter().map(|&asset| self.rate(inputs, asset));
        let rates = rates.collect::<Result<Vec<TradingCost>>>()?;
        let times = self.every.per_year(inputs.setting.periods_per_year()?);
        let times = times * inputs.setting.scale()?.of_year();
        Costs::new(held, rates, times).map(Some).map_err(words::policy)
    }

    fn rate(&self, inputs: &Inputs<'_>, asset: usize) -> Result<TradingCost> {
        let impact = self.impact.map(|own| own.rate(inputs.past, asset)).transpose()?;
        Ok(TradingCost { linear: self.linear, impact: self.times * impact.unwrap_or(0.0) })
    }
}
