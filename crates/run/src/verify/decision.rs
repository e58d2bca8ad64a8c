//! Whether one decision is what the ledger says.

use walkfolio_core::{Past, Selection, View};
use walkfolio_optimize::Mandate;

use super::independent::independent;
use super::stated::Stated;
use super::verdict::{SAME, Verdict};
use crate::outcome::Prepared;
use walkfolio_study::policy::Choice;
use walkfolio_study::{Allocation, StudyPolicy};

/// A constraint beside the bounds may be missed by this: gross leverage sums all weights.
const LISTED: f64 = 1e-6;
/// Probabilities that differ by more than this are not the same.
const SAME_PROBABILITY: f64 = 1e-9;
/// Weights of another optimum of the same program may be worth so much less, after small ones are
/// dropped.
const OTHER_OPTIMUM: f64 = 0.05;

/// Makes a decision again, given what was held, and holds it against what is stated.
pub(super) fn check(
    prepared: &Prepared,
    policy: &StudyPolicy,
    stated: &Stated,
    view: View<'_>,
) -> Result<Verdict, String> {
    let market = &prepared.market;
    let ended = stated.ended(market);
    if stated.fallback {
        // What was meant for an asset that had ended by the trade is known of no fallback.
        return if ended.is_empty() { invested(&stated.weights) } else { Ok(()) }
            .map(|()| Verdict::Fallback);
    }
    let text = |error: walkfolio_core::Error| error.to_string();
    let past = market.before(stated.row).map_err(text)?;
    let Choice { allocation, assets, selection, .. } = policy.choose(&past).map_err(text)?;
    same_selection(stated, &selection)?;
    let mandate = allocation.mandate(&past, &assets, view, &mut Vec::new()).map_err(text)?;
    let again = || {
        let again = (&assets[..], selection.clone());
        allocation.decide_among(&mut allocation.optimizer(), &past, view, again).map_err(text)
    };
    let mut target = stated.weights.clone();
    if ended.iter().any(|asset| assets.contains(asset)) {
        let again = again()?;
        for &asset in &ended {
            target[asset] = again.target.values()[asset];
        }
    }
    invested(&target)?;
    let weights: Vec<f64> = assets.iter().map(|&asset| target[asset]).collect();
    feasible(allocation, &mandate, &weights)?;
    let foreign = |asset: &usize| target[*asset] != 0.0 && !assets.contains(asset);
    if let Some(asset) = (0..target.len()).find(foreign) {
        return Err(format!("{} is held and may not be", past.universe().tickers()[asset]));
    }
    let objective = stated.objective.ok_or("the ledger states no objective")?;
    let Some(best) = independent(&mandate)? else {
        // Small weights are dropped after the solve: what it was worth is known by solving again.
        let value = if allocation.drops_small_weights() {
            again()?.solve.objective.ok_or("the program made again has no objective")?
        } else {
            mandate.value(&weights)
        };
        worth(&mandate, value, (objective, stated.bound))?;
        return Ok(Verdict::Unconfirmed);
    };
    let distance = as_good(&mandate, (objective, stated.bound), best)?;
    if allocation.drops_small_weights() {
        let again = again()?;
        let targets = (again.target.values(), &target[..]);
        return after_dropping(&past, &mandate, &assets, targets, best)
            .map(|same| if same { Verdict::Confirmed(distance) } else { Verdict::Unconfirmed });
    }
    worth(&mandate, mandate.value(&weights), (objective, stated.bound))?;
    Ok(Verdict::Confirmed(distance))
}

/// The budget: everything is invested.
fn invested(weights: &[f64]) -> Result<(), String> {
    let sum: f64 = weights.iter().sum();
    if (sum - 1.0).abs() > 1e-8 { Err(format!("the weights sum to {sum}")) } else { Ok(()) }
}

/// Whether the ledger states what the weights are worth, and a bound that they do not surpass.
fn worth(
    mandate: &Mandate,
    value: f64,
    (objective, bound): (f64, Option<f64>),
) -> Result<(), String> {
    close(value, objective)
        .map_err(|()| format!("the weights are worth {value}, not {objective}"))?;
    let sense = if mandate.objective().is_minimized() { 1.0 } else { -1.0 };
    let slack = SAME * value.abs().max(1e-3);
    match bound.filter(|bound| sense * bound > sense * value + slack) {
        Some(bound) => Err(format!("the weights are worth {value}, better than the bound {bound}")),
        None => Ok(()),
    }
}

fn same_selection(stated: &Stated, selection: &Selection) -> Result<(), String> {
    if stated.selected.as_ref().is_some_and(|selected| *selected != selection.selected) {
        return Err("other assets are selected when the selection is made again".to_owned());
    }
    let Some(again) = &selection.probability else { return Ok(()) };
    let differ = |(a, b): (&Option<f64>, &Option<f64>)| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() > SAME_PROBABILITY,
        (a, b) => a.is_some() != b.is_some(),
    };
    if stated.probability.iter().zip(again).any(differ) {
        return Err("the probabilities differ when the selection is made again".to_owned());
    }
    Ok(())
}

/// How far the stated objective is from the best; an error if it is worse than the ledger says, or
/// better than can be.
fn as_good(
    mandate: &Mandate,
    (objective, bound): (f64, Option<f64>),
    best: f64,
) -> Result<f64, String> {
    let sense = if mandate.objective().is_minimized() { 1.0 } else { -1.0 };
    let slack = SAME * best.abs().max(1e-3);
    if bound.is_some_and(|bound| sense * bound > sense * best + slack) {
        return Err(format!("the bound {} cuts off {best}", bound.unwrap_or_default()));
    }
    // How much worse than the best it is; where the ledger states a gap, it may be as much worse.
    let worse = sense * (objective - best);
    let open = bound.map_or(0.0, |bound| sense * (objective - bound)).max(0.0);
    if worse < -slack || worse > slack + open {
        return Err(format!("the objective is {objective}, another method finds {best}"));
    }
    Ok(worse.abs() / best.abs().max(1e-3))
}

/// Weights after small ones are dropped are not the program's answer: they are made again from it.
/// Where the program has several answers, others may be as good: they are feasible, and not confirmed.
fn after_dropping(
    past: &Past<'_>,
    mandate: &Mandate,
    assets: &[usize],
    (again, stated): (&[f64], &[f64]),
    best: f64,
) -> Result<bool, String> {
    let differs = |asset: &usize| (again[*asset] - stated[*asset]).abs() > SAME;
    let Some(asset) = (0..stated.len()).find(differs) else { return Ok(true) };
    let value = |all: &[f64]| mandate.value(&assets.iter().map(|&i| all[i]).collect::<Vec<_>>());
    let sense = if mandate.objective().is_minimized() { 1.0 } else { -1.0 };
    let allowed = OTHER_OPTIMUM * best.abs().max(1e-12) + sense * (value(again) - best);
    if several_answers(mandate) && sense * (value(stated) - best) <= allowed {
        return Ok(false);
    }
    let name = &past.universe().tickers()[asset];
    Err(format!("the weight of {name} is {}, the program gives {}", stated[asset], again[asset]))
}

/// Whether a program may have more than one answer: its matrix is singular.
fn several_answers(mandate: &Mandate) -> bool {
    let Some(dense) = walkfolio_optimize::matrix_form::Dense::of(mandate) else { return true };
    let n = dense.matrix.rows();
    dense.matrix.cholesky().is_none_or(|lower| {
        (0..n).any(|i| lower[(i, i)] * lower[(i, i)] <= 1e-10 * dense.matrix[(i, i)].abs())
    })
}

/// Whether two objectives are the same.
fn close(a: f64, b: f64) -> Result<(), ()> {
    if (a - b).abs() <= SAME * b.abs().max(1e-3) { Ok(()) } else { Err(()) }
}

fn feasible(policy: &Allocation, mandate: &Mandate, weights: &[f64]) -> Result<(), String> {
    let constraints = mandate.constraints();
    // Dropping small weights may lift others above their cap; that is noted in the ledger.
    let over = if policy.drops_small_weights() { 0.1 } else { 1e-8 };
    for (w, (min, max)) in weights.iter().zip(constraints.bounds()) {
        if *w < min - 1e-8 || *w > max * (1.0 + over) + 1e-8 {
            return Err(format!("a weight is {w}, outside [{min}, {max}]"));
        }
    }
    match constraints.violated(weights, LISTED) {
        Some((what, by)) => Err(format!("the weights are outside of {what} by {by}")),
        None => Ok(()),
    }
}
