//! Portfolios that need no estimate, next to a run's: rebalanced at the same decisions, held by the same simulator,
//! charged the same costs.

use std::collections::BTreeMap;

use walkfolio_backtest::{Simulation, Step, Walk, simulate};
use walkfolio_core::{Decision, Market, MarketImpact, Need, Past, Weights};
use walkfolio_record::{Baseline, BaselineRow};
use walkfolio_study::{EQUAL_WEIGHT, Study};

use crate::Result;
use crate::measured::full_sample;

/// Equal weights in every asset that has a price and the history that the study asks for, then the mixes of
/// `measure.baselines`.
///
/// A portfolio that earns what the run does on every session, as equal weights do next to themselves, is no
/// comparison and left out.
///
/// # Errors
/// [`Error::Study`](crate::Error::Study) if a mix names an asset that the data do not have.
pub(crate) fn baselines(
    study: &Study,
    market: &Market,
    walk: &Walk,
    own: &Simulation,
) -> Result<Vec<Baseline>> {
    let spec = study.config().spec();
    let assets = market.universe().len();
    let need = Need { rows: 1, history_months: spec.walk_forward.history_months };
    let impact = study.config().execution().impact;
    let equal = |past: &Past<'_>| {
        let held = charged(past, need, impact);
        let each = 1.0 / held.len().max(1) as f64;
        Weights::scatter(assets, &held, &vec![each; held.len()])
    };
    let mut all = vec![simulated(market, study, (walk, own), &equal)?];
    let mut names = vec![EQUAL_WEIGHT.to_owned()];
    for (name, weights) in &spec.measure.baselines {
        let parts = parts(study, market, name, weights)?;
        all.push(simulated(market, study, (walk, own), &|past| {
            let none = Need { rows: 1, history_months: None };
            mixed(&charged(past, none, impact), &parts, assets)
        })?);
        names.push(name.clone());
    }
    let others = names.into_iter().zip(all).filter(|(_, found)| found.net != own.net);
    others.map(|(name, found)| recorded(study, market, name, &found)).collect()
}

/// The assets that meet a need and whose trades can be charged: where they have an impact, its rate must be known.
fn charged(past: &Past<'_>, need: Need, impact: Option<MarketImpact>) -> Vec<usize> {
    let mut held = past.eligible(need);
    held.retain(|&asset| impact.is_none_or(|impact| impact.rate(past, asset).is_ok()));
    held
}

/// Decides at the steps of a walk and holds until the run ends.
fn simulated(
    market: &Market,
    study: &Study,
    (walk, own): (&Walk, &Simulation),
    target: &dyn Fn(&Past<'_>) -> walkfolio_core::Result<Weights>,
) -> Result<Simulation> {
    let decided = |step: &Step| -> Result<Step> {
        let target = target(&market.before(step.row)?)?;
        Ok(Step { row: step.row, decision: Decision::of(target) })
    };
    let steps: Vec<Step> = walk.steps.iter().map(decided).collect::<Result<_>>()?;
    Ok(simulate(market, &steps, study.config().execution(), own.rows.end)?)
}

/// The assets of a mix.
fn parts(
    study: &Study,
    market: &Market,
    name: &str,
    weights: &BTreeMap<String, f64>,
) -> Result<Vec<(usize, f64)>> {
    let part = |(asset, weight): (&String, &f64)| {
        let unknown = || {
            let key = format!("measure.baselines.{name}.{asset}");
            let message = format!("{asset} is not an asset of the study");
            study.error_at(&key, message, Some("name assets of market.assets".to_owned()))
        };
        let at = market.universe().position(asset).ok_or_else(unknown)?;
        Ok((at, *weight))
    };
    weights.iter().map(part).collect()
}

/// The weights of a mix among its assets that have a price; cash while none has.
fn mixed(
    priced: &[usize],
    parts: &[(usize, f64)],
    assets: usize,
) -> walkfolio_core::Result<Weights> {
    let held: Vec<(usize, f64)> =
        parts.iter().copied().filter(|(asset, _)| priced.contains(asset)).collect();
    let whole: f64 = held.iter().map(|(_, weight)| weight).sum();
    let (held, weights): (Vec<usize>, Vec<f64>) =
        held.into_iter().map(|(asset, weight)| (asset, weight / whole)).unzip();
    Weights::scatter(assets, &held, &weights)
}

fn recorded(study: &Study, market: &Market, name: String, found: &Simulation) -> Result<Baseline> {
    let row = |(index, row): (usize, usize)| BaselineRow {
        date: market.dates()[row],
        earned: found.net[index],
        turnover: found.turnover[index],
        cost: found.cost[index],
    };
    let rows = found.rows.clone().enumerate().map(row).collect();
    Ok(Baseline { name, rows, measures: full_sample(study, market, found)? })
}
