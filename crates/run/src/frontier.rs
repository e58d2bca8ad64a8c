//! The efficient frontier of each decision.

use walkfolio_backtest::{Step, Turnovers, Walk, holdings_at, turnovers_before};
use walkfolio_core::linear::dot;
use walkfolio_core::{Market, Memory, Past, Policy, View, Weights};
use walkfolio_optimize::Corner;
use walkfolio_record::{FrontierPortfolio, FrontierRow};
use walkfolio_study::policy::{Choice, DecisionFrontier};
use walkfolio_study::{Study, StudyPolicy};

use crate::Result;

/// The frontiers of all decisions; nothing where the study does not choose on one.
pub(crate) fn frontier_rows(
    study: &Study,
    policy: &StudyPolicy,
    walk: &Walk,
    market: &Market,
) -> Result<Vec<FrontierRow>> {
    let mut rows = Vec::new();
    if !policy.is_on_frontier() {
        return Ok(rows);
    }
    let execution = study.config().execution();
    let turnovers = Turnovers::new(market, execution).until(&walk.steps, market.rows())?.to_vec();
    for (index, step) in walk.steps.iter().enumerate() {
        let held = match policy.memory() {
            Memory::Holdings => holdings_at(market, &walk.steps[..index], step.row, execution)?,
            _ => Weights::none(market.universe().len()),
        };
        let view = View::new(policy.memory(), &held)
            .with_turnovers(turnovers_before(&turnovers, step.row));
        rows.extend(of_decision(policy, step, market, view)?);
    }
    Ok(rows)
}

fn of_decision(
    policy: &StudyPolicy,
    step: &Step,
    market: &Market,
    view: View<'_>,
) -> Result<Vec<FrontierRow>> {
    let past = market.before(step.row)?;
    let Choice { allocation, assets, .. } = policy.choose(&past)?;
    let found = allocation.frontier(&past, &assets, view)?;
    Ok(found.map_or_else(Vec::new, |found| rows(&past, &assets, &found)))
}

/// A portfolio of a decision: what it is, its risk aversion, and the weights of some assets.
struct Portfolio<'a> {
    what: FrontierPortfolio,
    corner: usize,
    risk_aversion: f64,
    assets: &'a [usize],
    weights: &'a [f64],
}

fn rows(past: &Past<'_>, assets: &[usize], found: &DecisionFrontier) -> Vec<FrontierRow> {
    let of = |what, corner, risk_aversion, weights| Portfolio {
        what,
        corner,
        risk_aversion,
        assets,
        weights,
    };
    let mut rows = Vec::new();
    for (at, corner) in found.frontier.corners().iter().enumerate() {
        let Corner { risk_aversion, weights, .. } = corner;
        let portfolio = of(FrontierPortfolio::Corner, at + 1, *risk_aversion, weights);
        add(&mut rows, (past, found.of_year), &portfolio, (corner.mean, corner.volatility));
    }
    if let Some(chosen) = &found.chosen {
        let (at, risk_aversion) = (chosen.corner + 1, chosen.risk_aversion);
        let portfolio = of(FrontierPortfolio::Chosen, at, risk_aversion, &chosen.weights);
        add(&mut rows, (past, found.of_year), &portfolio, (chosen.mean, chosen.volatility));
    }
    let moments = found.frontier.moments();
    let (means, covariance) = (moments.expected_returns(), moments.covariance());
    let n = assets.len();
    let equal = vec![1.0 / n as f64; n];
    let portfolio = of(FrontierPortfolio::EqualWeight, 0, f64::INFINITY, &equal);
    let its = (dot(means, &equal), covariance.variance(&equal).sqrt());
    add(&mut rows, (past, found.of_year), &portfolio, its);
    for (at, mean) in means.iter().enumerate() {
        let mut alone = vec![0.0; n];
        alone[at] = 1.0;
        let own = of(FrontierPortfolio::Asset, 0, f64::INFINITY, &[1.0]);
        let its = (*mean, covariance.variance(&alone).sqrt());
        add(&mut rows, (past, found.of_year), &Portfolio { assets: &assets[at..=at], ..own }, its);
    }
    rows
}

/// The rows of a portfolio with its expected return and volatility in the units of the moments.
fn add(
    rows: &mut Vec<FrontierRow>,
    (past, of_year): (&Past<'_>, f64),
    portfolio: &Portfolio<'_>,
    (mean, volatility): (f64, f64),
) {
    let tickers = past.universe().tickers();
    let weights = portfolio.assets.iter().zip(portfolio.weights);
    rows.extend(weights.map(|(&asset, &weight)| FrontierRow {
        date: past.decision_date(),
        portfolio: portfolio.what,
        corner: u32::try_from(portfolio.corner).unwrap_or(u32::MAX),
        risk_aversion: Some(portfolio.risk_aversion).filter(|aversion| aversion.is_finite()),
        expected_return: mean / of_year,
        volatility: volatility / of_year.sqrt(),
        asset: tickers[asset].to_string(),
        weight,
    }));
}
