//! Whether one decision is what the ledger says.

use walkfolio_backtest::Step;
use walkfolio_core::number::shown;
use walkfolio_core::{Market, NoteKind, View};
use walkfolio_optimize::{Mandate, Precision};

use super::independent::independent;
use super::verdict::{SAME, Verdict};
use walkfolio_study::StudyPolicy;
use walkfolio_study::policy::Choice;

/// A constraint beside the bounds may be missed by this: gross leverage sums all weights.
const LISTED: f64 = 1e-6;
/// Dropping small weights may lift another above its maximum by this part of it.
const LIFTED: f64 = 0.1;

/// Holds a decision that was made again against another method, given what was held.
pub(super) fn check(
    market: &Market,
    policy: &StudyPolicy,
    step: &Step,
    view: View<'_>,
) -> Result<Verdict, String> {
    let decision = &step.decision;
    // Only what the study lists can have made it: the decision was made again by the study.
    if decision.notes.iter().any(|note| note.kind == NoteKind::Fallback) {
        return invested(decision.target.values()).map(|()| Verdict::Fallback);
    }
    let text = |error: walkfolio_core::Error| error.to_string();
    let past = market.before(step.row).map_err(text)?;
    let Choice { allocation, assets, .. } = policy.choose(&past).map_err(text)?;
    let mandate = allocation.mandate(&past, &assets, view, &mut Vec::new()).map_err(text)?;
    let target = decision.target.values();
    invested(target)?;
    let foreign = |asset: &usize| target[*asset] != 0.0 && !assets.contains(asset);
    if let Some(asset) = (0..target.len()).find(foreign) {
        return Err(format!("{} is held and may not be", past.universe().tickers()[asset]));
    }
    let objective = decision.solve.objective.ok_or("there is no objective")?;
    let answer: Vec<f64> = if allocation.drops_small_weights() {
        // The weights held are not the program's answer.
        let held: Vec<f64> = assets.iter().map(|&asset| target[asset]).collect();
        feasible(&mandate, &held, LIFTED)?;
        let solved = allocation.optimizer().solve(&mandate, Precision::Full);
        solved.map_err(|error| error.to_string())?.weights
    } else {
        assets.iter().map(|&asset| target[asset]).collect()
    };
    feasible(&mandate, &answer, 0.0)?;
    worth(&mandate, mandate.value(&answer), (objective, decision.solve.bound))?;
    match independent(&mandate)? {
        Some(best) => as_good(&mandate, (objective, decision.solve.bound), best),
        None => Ok(Verdict::Unconfirmed),
    }
}

/// The budget: everything is invested.
fn invested(weights: &[f64]) -> Result<(), String> {
    let sum: f64 = weights.iter().sum();
    if (sum - 1.0).abs() > 1e-8 {
        Err(format!("the weights sum to {}", shown(sum)))
    } else {
        Ok(())
    }
}

/// Whether the ledger states what the weights are worth, and a bound that they do not surpass.
fn worth(
    mandate: &Mandate,
    value: f64,
    (objective, bound): (f64, Option<f64>),
) -> Result<(), String> {
    close(value, objective).map_err(|()| {
        format!("the weights are worth {}, not {}", shown(value), shown(objective))
    })?;
    let sense = if mandate.objective().is_minimized() { 1.0 } else { -1.0 };
    let slack = SAME * value.abs().max(1e-3);
    match bound.filter(|bound| sense * bound > sense * value + slack) {
        Some(bound) => Err(format!(
            "the weights are worth {}, better than the bound {}",
            shown(value),
            shown(bound)
        )),
        None => Ok(()),
    }
}

/// How far the objective is from the best; an error if it is better than can be, or worse than its own
/// bound admits. A search that ended with a gap is not confirmed.
fn as_good(
    mandate: &Mandate,
    (objective, bound): (f64, Option<f64>),
    best: f64,
) -> Result<Verdict, String> {
    let sense = if mandate.objective().is_minimized() { 1.0 } else { -1.0 };
    let slack = SAME * best.abs().max(1e-3);
    if let Some(bound) = bound.filter(|bound| sense * bound > sense * best + slack) {
        return Err(format!("the bound {bound} cuts off {best}"));
    }
    let worse = sense * (objective - best);
    let open = bound.is_some_and(|bound| sense * (objective - bound) > slack);
    if worse < -slack || (worse > slack && !open) {
        return Err(format!("the objective is {objective}, another method finds {best}"));
    }
    Ok(if worse > slack {
        Verdict::Unconfirmed
    } else {
        Verdict::Confirmed(worse.abs() / best.abs().max(1e-3))
    })
}

/// Whether two objectives are the same.
fn close(a: f64, b: f64) -> Result<(), ()> {
    if (a - b).abs() <= SAME * b.abs().max(1e-3) { Ok(()) } else { Err(()) }
}

/// Whether weights keep every constraint, each maximum but for a part `lifted` of it.
fn feasible(mandate: &Mandate, weights: &[f64], lifted: f64) -> Result<(), String> {
    let constraints = mandate.constraints();
    for (w, (min, max)) in weights.iter().zip(constraints.bounds()) {
        if *w < min - 1e-8 || *w > max * (1.0 + lifted) + 1e-8 {
            return Err(format!("a weight is {w}, outside [{min}, {max}]"));
        }
    }
    match constraints.violated(weights, LISTED) {
        Some((what, by)) => Err(format!("the weights are outside of {what} by {by}")),
        None => Ok(()),
    }
}
