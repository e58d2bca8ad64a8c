//! The best value of a mandate by another method than the one that made the decision.

use walkfolio_optimize::matrix_form::{Dense, RatioSolver, SMALLEST_HOLDING, verify_certificate};
use walkfolio_optimize::{Mandate, Objective, Precision, solve};

use super::hierarchy;

/// The most choices of assets that are tried one by one.
const CHOICES: u64 = 5_000;

/// The best value of a mandate by another method than the kernel's; none where that is too large.
pub(super) fn independent(mandate: &Mandate) -> Result<Option<f64>, String> {
    let defined = match mandate.objective() {
        Objective::HierarchicalRiskParity(stated) => Some(hierarchy::risk_parity(stated)?),
        Objective::HierarchicalEqualRiskContribution(stated) => {
            Some(hierarchy::equal_risk(stated)?)
        }
        _ => None,
    };
    if let Some(weights) = defined {
        by_definition(mandate, weights)
    } else if !mandate.objective().is_cone() {
        certified(mandate).map(Some)
    } else if mandate.constraints().holdings().any() {
        every_choice(mandate)
    } else if mandate.at_ratio(0.0).is_some() {
        by_utilities(mandate).map(Some)
    } else {
        by_clarabel(mandate).map(Some)
    }
}

/// The value of the portfolio that an objective is by its definition, if that is known: 0 if it is the one stated.
fn by_definition(mandate: &Mandate, weights: Option<Vec<f64>>) -> Result<Option<f64>, String> {
    let Some(weights) = weights else { return Ok(None) };
    let budget = mandate.constraints().budget();
    let weights: Vec<f64> = weights.into_iter().map(|w| budget * w).collect();
    let off = mandate.value(&weights);
    if off <= DEFINED { Ok(Some(off)) } else { Err(format!("its definition is {off:e} away")) }
}

/// Sums of squared differences from a definition that are rounding.
const DEFINED: f64 = 1e-20;

/// More utilities than a ratio needs.
const ROUNDS: usize = 40;

/// The largest ratio of gain and risk by utilities of the constraints as they are, each at the ratio of the
/// portfolio before (Dinkelbach 1967).
fn by_utilities(mandate: &Mandate) -> Result<f64, String> {
    let mut ratio = 0.0;
    for _ in 0..ROUNDS {
        let utility = mandate.at_ratio(ratio).ok_or("no utility of the ratio")?;
        let solution = solve(&utility, Precision::Full).map_err(|error| error.to_string())?;
        let next = mandate.value(&solution.weights);
        if !next.is_finite() || next <= ratio * (1.0 + 1e-12) {
            return Ok(ratio.max(next));
        }
        ratio = next;
    }
    Ok(ratio)
}

fn by_clarabel(mandate: &Mandate) -> Result<f64, String> {
    let solution = solve(mandate, Precision::Full).map_err(|error| error.to_string())?;
    solution.report.objective.ok_or_else(|| "Clarabel states no objective".to_owned())
}

/// A new search from nothing, its certificate checked from the data.
fn certified(mandate: &Mandate) -> Result<f64, String> {
    let dense = Dense::of(mandate).ok_or("no form that can be certified")?;
    let (n, rows) = dense.shape();
    let program = dense.ratio(mandate).ok_or("no information ratio")?;
    let answer = RatioSolver::new(n, rows)
        .solve(&program, 1e-7)
        .map_err(|stop| format!("no certificate: {stop:?}"))?;
    verify_certificate(&program, &answer.certificate).map_err(|error| error.to_string())
}

/// The best of all choices of assets within the rules, each by Clarabel; none where there are too
/// many. Where a position has a least size, each that may be short is tried long and short.
fn every_choice(mandate: &Mandate) -> Result<Option<f64>, String> {
    let constraints = mandate.constraints();
    let (rules, n) = (constraints.holdings(), constraints.assets());
    let position = rules.min_position.or(rules.min.map(|_| SMALLEST_HOLDING)).unwrap_or(0.0);
    let most = rules.max.map_or(n, |most| most.min(n));
    // Without a least position a choice of the most assets contains all smaller ones.
    let least = if position > 0.0 { rules.min.unwrap_or(1).max(1) } else { most };
    let Some(choices) = sizes(n, least..=most) else { return Ok(None) };
    let sides = |held: &[usize]| {
        let short = held.iter().filter(|&&i| position > 0.0 && constraints.min()[i] < 0.0);
        1_u64.checked_shl(u32::try_from(short.count()).unwrap_or(u32::MAX)).unwrap_or(u64::MAX)
    };
    let count = choices.iter().fold(0_u64, |all, held| all.saturating_add(sides(held)));
    if count > CHOICES {
        return Ok(None);
    }
    // Whether a value is better than another does not depend on how small it is.
    let sense = if mandate.objective().is_minimized() { 1.0 } else { -1.0 };
    let mut best = f64::INFINITY;
    for held in choices {
        for side in 0..sides(&held) {
            let part =
                holding(mandate, &held, position, side).map_err(|error| error.to_string())?;
            if let Some(Ok(value)) = part.map(|part| by_clarabel(&part)) {
                best = best.min(sense * value);
            }
        }
    }
    if best.is_finite() {
        Ok(Some(sense * best))
    } else {
        Err("no choice of assets is feasible".to_owned())
    }
}

/// The mandate of a choice of assets, each of some size at least, short where its bit of `side` is set;
/// none where the bounds of an asset leave it no such place.
fn holding(
    mandate: &Mandate,
    held: &[usize],
    position: f64,
    side: u64,
) -> walkfolio_optimize::Result<Option<Mandate>> {
    let constraints = mandate.constraints().clone().without_holdings();
    let mut may_be_short = 0;
    let mut bounds = Vec::with_capacity(constraints.assets());
    for (i, (min, max)) in constraints.bounds().enumerate() {
        bounds.push(if !held.contains(&i) {
            (min.max(0.0), max.min(0.0))
        } else if position > 0.0 && min < 0.0 {
            may_be_short += 1;
            let is_short = side >> (may_be_short - 1) & 1 == 1;
            if is_short { (min, max.min(-position)) } else { (position, max) }
        } else {
            (if position > 0.0 { min.max(position) } else { min }, max)
        });
    }
    if bounds.iter().any(|(min, max)| min > max) {
        return Ok(None);
    }
    let (min, max) = bounds.into_iter().unzip();
    mandate.clone().with_constraints(constraints.with_bounds(min, max)?).map(Some)
}

/// All sets of some sizes of `n`, unless there are too many.
fn sizes(n: usize, sizes: std::ops::RangeInclusive<usize>) -> Option<Vec<Vec<usize>>> {
    let mut all = Vec::new();
    for k in sizes {
        all.extend(choices(n, k)?);
        if all.len() as u64 > CHOICES {
            return None;
        }
    }
    Some(all)
}

/// All sets of `k` of `n`, unless there are too many.
fn choices(n: usize, k: usize) -> Option<Vec<Vec<usize>>> {
    let count = (0..k as u64).try_fold(1u64, |count, i| {
        Some(count.checked_mul(n as u64 - i)? / (i + 1)).filter(|count| *count <= CHOICES)
    })?;
    let mut all = Vec::with_capacity(usize::try_from(count).ok()?);
    let mut now: Vec<usize> = (0..k).collect();
    loop {
        all.push(now.clone());
        let Some(at) = (0..k).rev().find(|&i| now[i] < n - k + i) else { return Some(all) };
        now[at] += 1;
        for i in at + 1..k {
            now[i] = now[i - 1] + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_all_sets() {
        let all = choices(5, 3).unwrap();
        assert_eq!(all.len(), 10);
        assert_eq!((all[0].clone(), all[9].clone()), (vec![0, 1, 2], vec![2, 3, 4]));
        assert_eq!(choices(40, 20), None);
        assert_eq!(choices(3, 3).unwrap(), [[0, 1, 2]]);
    }
}
