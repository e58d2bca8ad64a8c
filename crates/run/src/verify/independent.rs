//! The best value of a mandate by another method than the one that made the decision.

use walkfolio_optimize::matrix_form::{Dense, RatioSolver, SMALLEST_HOLDING, verify_certificate};
use walkfolio_optimize::{Mandate, Precision, solve};

/// The most choices of assets that are tried one by one.
const CHOICES: u64 = 5_000;

/// The best value of a mandate by another method than the kernel's; none where that is too large.
pub(super) fn independent(mandate: &Mandate) -> Result<Option<f64>, String> {
    if !mandate.objective().is_cone() {
        certified(mandate).map(Some)
    } else if mandate.constraints().holdings().any() {
        every_choice(mandate)
    } else {
        by_clarabel(mandate).map(Some)
    }
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
/// many, or where a minimum position may be long or short.
fn every_choice(mandate: &Mandate) -> Result<Option<f64>, String> {
    let rules = mandate.constraints().holdings();
    let n = mandate.constraints().assets();
    let long_only = mandate.constraints().min().iter().all(|min| *min >= 0.0);
    let position = rules.min_position.or(rules.min.map(|_| SMALLEST_HOLDING)).unwrap_or(0.0);
    if position > 0.0 && !long_only {
        return Ok(None);
    }
    let most = rules.max.map_or(n, |most| most.min(n));
    // Without a least position a choice of the most assets contains all smaller ones.
    let least = if position > 0.0 { rules.min.unwrap_or(1).max(1) } else { most };
    let Some(choices) = sizes(n, least..=most) else { return Ok(None) };
    let mut best = f64::INFINITY;
    for held in choices {
        let part = holding(mandate, &held, position).map_err(|error| error.to_string())?;
        if let Ok(value) = by_clarabel(&part) {
            best = best.min(value);
        }
    }
    if best.is_finite() {
        Ok(Some(best))
    } else {
        Err("no choice of assets is feasible".to_owned())
    }
}

/// The mandate of a choice of assets, each of some size at least.
fn holding(
    mandate: &Mandate,
    held: &[usize],
    position: f64,
) -> walkfolio_optimize::Result<Mandate> {
    let constraints = mandate.constraints().clone().without_holdings();
    let bound = |(i, (min, max)): (usize, (f64, f64))| {
        if held.contains(&i) { (min.max(position), max) } else { (0.0, 0.0) }
    };
    let (min, max) = constraints.bounds().enumerate().map(bound).unzip();
    mandate.clone().with_constraints(constraints.with_bounds(min, max)?)
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
