//! Whether one decision is what the ledger says.

use walkfolio_backtest::Step;
use walkfolio_core::number::shown;
use walkfolio_core::{Market, NoteKind, SolveReport, SolveStatus, View};
use walkfolio_optimize::{Mandate, Precision};

use super::independent::independent;
use super::verdict::{SAME, Verdict};
use walkfolio_study::policy::Choice;
use walkfolio_study::{Scaling, StudyPolicy};

/// A constraint beside the bounds may be missed by this: gross leverage sums all weights.
const LISTED: f64 = 1e-6;
/// Dropping small weights may lift another above its maximum by this part of it.
const LIFTED: f64 = 0.1;

/// How far an objective solved to the looser tolerance may be from the best, relative.
const ALMOST: f64 = 1e-4;

/// Means of an ensemble that differ by less are the same.
const SAME_MEAN: f64 = 1e-5;
/// Members that are the best to the tolerance of their solvers may have means that differ by so much.
const NEAR_MEAN: f64 = 1e-3;

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
        // What is held drifts away from any other sum than that of all equity.
        let sum = if policy.is_fully_invested() { (1.0, 1.0) } else { (f64::MIN, f64::MAX) };
        return invested(decision.target.values(), sum).map(|()| Verdict::Fallback);
    }
    let text = |error: walkfolio_core::Error| error.to_string();
    let past = market.before(step.row).map_err(text)?;
    let Choice { allocation, assets, .. } = policy.choose(&past).map_err(text)?;
    let mandate = allocation.mandate(&past, &assets, view, &mut Vec::new()).map_err(text)?;
    let target = decision.target.values();
    let foreign = |asset: &usize| target[*asset] != 0.0 && !assets.contains(asset);
    if let Some(asset) = (0..target.len()).find(foreign) {
        return Err(format!("{} is held and may not be", past.universe().tickers()[asset]));
    }
    let held: Vec<f64> = assets.iter().map(|&asset| target[asset]).collect();
    let held = match allocation.scaling(&past, &assets, view).map_err(text)? {
        Some(scaling) => before_scaling(&held, &scaling)?,
        None => held,
    };
    invested(&held, mandate.constraints().net_leverage())?;
    let answer = if allocation.drops_small_weights() {
        // The weights held are not the program's answer.
        feasible(&mandate, &held, LIFTED)?;
        let solved = allocation.optimizer().solve(&mandate, Precision::Full);
        solved.map_err(|error| error.to_string())?.weights
    } else {
        held
    };
    confirm(&mandate, &answer, &decision.solve)
}

/// The portfolio that was scaled to a volatility, whose weights sum to 1.
fn before_scaling(held: &[f64], scaling: &Scaling) -> Result<Vec<f64>, String> {
    let sum: f64 = held.iter().sum();
    if sum <= 0.0 {
        return Err(format!("the weights sum to {}, and a volatility is aimed at", shown(sum)));
    }
    let before: Vec<f64> = held.iter().map(|w| w / sum).collect();
    let scale = scaling.scale(&before);
    if (scale - sum).abs() > 1e-8 * scale.max(1.0) {
        let (sum, scale) = (shown(sum), shown(scale));
        return Err(format!("the weights sum to {sum}, the volatility target gives {scale}"));
    }
    Ok(before)
}

/// Holds weights against another method: whether they keep the mandate, are worth what is said of them,
/// and no others are worth more.
///
/// Clarabel solves convex mandates, every choice of assets is tried for exact holdings, an information
/// ratio is certified again, the tree of hierarchical risk parity is checked by its definition, and an
/// ensemble by its members; nothing of the solver that made the weights has a part in it. Objectives
/// are the same within 1e-6 of their size (and at least of 0.001).
///
/// # Errors
/// What is wrong, in words. A solve whose status says that it was stopped may be worse than the best, but
/// its bound must hold.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Mandate, MinimumVariance};
/// use walkfolio_run::{Verdict, confirm};
///
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 1.0)?;
/// let solved = mandate.solve()?;
/// assert!(matches!(confirm(&mandate, &solved.weights, &solved.report), Ok(Verdict::Confirmed(_))));
/// let error = confirm(&mandate, &[0.3, 0.7], &solved.report).unwrap_err();
/// assert!(error.starts_with("the weights are worth 0.008"), "{error}"); // 0.0085, not 0.008
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn confirm(mandate: &Mandate, weights: &[f64], solve: &SolveReport) -> Result<Verdict, String> {
    let objective = solve.objective.ok_or("there is no objective")?;
    feasible(mandate, weights, 0.0)?;
    worth(mandate, mandate.value(weights), (objective, solve.bound))?;
    let members = mandate.members().map_err(|error| error.to_string())?;
    if !members.is_empty() {
        return mean_of(&members, weights);
    }
    match independent(mandate)? {
        Some(best) => as_good(mandate, (objective, solve), best),
        None => Ok(Verdict::Unconfirmed),
    }
}

/// Whether weights are the mean of the members' portfolios, solved again from nothing and confirmed one by one.
fn mean_of(members: &[(Mandate, f64)], weights: &[f64]) -> Result<Verdict, String> {
    let mut mean = vec![0.0; weights.len()];
    let mut gap = Some(0.0f64);
    for (member, share) in members {
        let solved = member.solve().map_err(|error| error.to_string())?;
        gap = match (confirm(member, &solved.weights, &solved.report)?, gap) {
            (Verdict::Confirmed(own), Some(gap)) => Some(gap.max(own)),
            _ => None,
        };
        mean.iter_mut().zip(&solved.weights).for_each(|(sum, w)| *sum += share * w);
    }
    let apart = mean.iter().zip(weights).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    match gap {
        _ if apart > NEAR_MEAN => {
            Err(format!("the weights are {apart:.4} from the mean of the members' portfolios"))
        }
        Some(gap) if apart <= SAME_MEAN => Ok(Verdict::Confirmed(gap)),
        _ => Ok(Verdict::Unconfirmed),
    }
}

/// The budget: as much is invested as must be.
fn invested(weights: &[f64], (least, most): (f64, f64)) -> Result<(), String> {
    let sum: f64 = weights.iter().sum();
    if (least - sum).max(sum - most) <= 1e-8 {
        Ok(())
    } else if least == most {
        Err(format!("the weights sum to {}, not {least}", shown(sum)))
    } else {
        Err(format!("the weights sum to {}, outside [{least}, {most}]", shown(sum)))
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

/// How far the objective is from the best; an error if it is better than can be, or worse though it is
/// said to be the best. A search that was stopped is not confirmed, and its bound must hold.
fn as_good(
    mandate: &Mandate,
    (objective, solve): (f64, &SolveReport),
    best: f64,
) -> Result<Verdict, String> {
    let bound = solve.bound;
    let sense = if mandate.objective().is_minimized() { 1.0 } else { -1.0 };
    let slack = SAME * best.abs().max(1e-3);
    if let Some(bound) = bound.filter(|bound| sense * bound > sense * best + slack) {
        return Err(format!("the bound {bound} cuts off {best}"));
    }
    let worse = sense * (objective - best);
    let is_open = bound.is_some_and(|bound| sense * (objective - bound) > slack);
    let open = match solve.status {
        SolveStatus::Optimal => false,
        SolveStatus::AlmostOptimal => is_open && worse <= ALMOST * best.abs().max(1e-3),
        _ => is_open,
    };
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
    invested(weights, constraints.net_leverage())?;
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
