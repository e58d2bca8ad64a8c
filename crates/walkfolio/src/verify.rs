//! Whether the decisions of a run are what its ledger says: feasible, and as good as the bound.
//!
//! Nothing of the kernel's work is believed. The program of each decision is made anew from the past
//! and bounded by another solver: Clarabel for convex mandates, every choice of assets for exact
//! holdings, and for an information ratio a certificate that is checked from the data alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use walkfolio_backtest::Observer;
use walkfolio_core::{Date, Past, Policy, Selection, Weights};
use walkfolio_estimate::Windows;
use walkfolio_market::Loaded;
use walkfolio_optimize::certificate::verify_certificate;
use walkfolio_optimize::kernel::RatioSolver;
use walkfolio_optimize::{Dense, Holdings, Mandate, Objective, Precision, solve};

use crate::policy::{Allocation, Choice, StudyPolicy};
use crate::run::{Prepared, Run};
use crate::study::Study;
use crate::{Error, Manifest, Result, Source};

/// Relative difference up to which two objectives count as the same.
const SAME: f64 = 1e-6;
/// The most choices of assets that are tried one by one.
const CHOICES: u64 = 5_000;

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verification {
    /// Decisions that were checked.
    pub decisions: usize,
    /// Those whose objective another method confirms.
    pub confirmed: usize,
    /// Those that a fallback made: only the budget is checked.
    pub fallbacks: usize,
    /// Those too large to confirm: only feasibility is checked.
    pub unconfirmed: usize,
    /// The largest relative distance between an objective and an independent bound on it.
    pub worst_gap: f64,
    /// What is not as the ledger says.
    pub faults: Vec<(Date, String)>,
}

/// One decision as the run's files state it.
struct Stated {
    date: Date,
    weights: Vec<f64>,
    objective: Option<f64>,
    bound: Option<f64>,
    fallback: bool,
    selected: Option<Vec<bool>>,
    /// What was held when deciding, where the files tell.
    held: Option<Weights>,
}

enum Verdict {
    Confirmed(f64),
    Fallback,
    Unconfirmed,
}

impl Study {
    /// The study that a run was made with, from its manifest.
    ///
    /// # Errors
    /// [`Error::Study`] if the manifest's study is not valid, [`Error::File`] if it cannot be read.
    pub fn of_manifest(manifest: &Manifest) -> Result<Self> {
        let text = toml::to_string(&manifest.resolved)
            .map_err(|error| Error::file("read", "run.json", &error))?;
        Ok(Self::parse("run.json", &text, &[])?)
    }

    /// Checks every decision of a run of this study on the data it was made with.
    ///
    /// # Errors
    /// [`Error::OtherData`] if the data differ from those of the run.
    pub fn verify(
        &self,
        run: &Run,
        loaded: &Loaded,
        observer: &dyn Observer,
    ) -> Result<Verification> {
        let sources: Vec<Source> = loaded.sources.iter().map(Source::from).collect();
        let hash = |source: &Source| source.sha256.clone();
        if !sources.iter().map(hash).eq(run.manifest.sources.iter().map(hash)) {
            return Err(Error::OtherData);
        }
        let prepared = self.prepare(&loaded.market)?;
        let policy = StudyPolicy::new(self, &Arc::new(Windows::new(&prepared.market)))?;
        let lag = self.config().execution().lag_rows;
        let stated = stated(run, &prepared, lag)?;
        observer.begin(stated.len());
        let verdict = |stated: &Stated| {
            let verdict = check(&prepared, &policy, stated);
            observer.decided();
            (stated.date, verdict)
        };
        // What is learned is kept for the next decision, as in the walk.
        let verdicts: Vec<(Date, Result<Verdict, String>)> = if policy.path_dependent() {
            stated.iter().map(verdict).collect()
        } else {
            stated.par_iter().map(verdict).collect()
        };
        Ok(tally(verdicts))
    }
}

fn tally(verdicts: Vec<(Date, Result<Verdict, String>)>) -> Verification {
    let mut found = Verification { decisions: verdicts.len(), ..Verification::default() };
    for (date, verdict) in verdicts {
        match verdict {
            Ok(Verdict::Confirmed(gap)) => {
                found.confirmed += 1;
                found.worst_gap = found.worst_gap.max(gap);
            }
            Ok(Verdict::Fallback) => found.fallbacks += 1,
            Ok(Verdict::Unconfirmed) => found.unconfirmed += 1,
            Err(what) => found.faults.push((date, what)),
        }
    }
    found
}

/// The decisions of a run, by the session they were made for.
fn stated(run: &Run, prepared: &Prepared, lag: usize) -> Result<Vec<Stated>> {
    let bad = |reason: &str| Error::file("read", "decisions.parquet", &reason);
    let mut solves = BTreeMap::new();
    let mut fallbacks = BTreeSet::new();
    for row in &run.ledger {
        match (row.kind.as_str(), row.date) {
            ("solve", Some(date)) => drop(solves.insert(date, (row.objective, row.bound))),
            ("fallback", Some(date)) => drop(fallbacks.insert(date)),
            _ => {}
        }
    }
    let dates = prepared.market.dates();
    let n = run.manifest.assets.len();
    run.decisions
        .chunks(n)
        .map(|rows| {
            let earns =
                dates.binary_search(&rows[0].date).ok().and_then(|row| row.checked_sub(lag));
            let date = dates[earns.ok_or_else(|| bad("a date is no session of the data"))?];
            let solve = solves.get(&date).ok_or_else(|| bad("a decision has no solve"))?;
            Ok(Stated {
                date,
                weights: rows.iter().map(|row| row.weight).collect(),
                objective: solve.0,
                bound: solve.1,
                fallback: fallbacks.contains(&date),
                selected: rows.iter().map(|row| row.selected).collect(),
                // With a lag, what was held when deciding is not what was traded from.
                held: match lag {
                    0 => Some(Weights::new(rows.iter().map(|row| row.drifted).collect())?),
                    _ => None,
                },
            })
        })
        .collect()
}

fn check(prepared: &Prepared, policy: &StudyPolicy, stated: &Stated) -> Result<Verdict, String> {
    let sum: f64 = stated.weights.iter().sum();
    if (sum - 1.0).abs() > 1e-8 {
        return Err(format!("the weights sum to {sum}"));
    }
    if stated.fallback {
        return Ok(Verdict::Fallback);
    }
    let market = &prepared.market;
    let row = market.dates().binary_search(&stated.date).map_err(|_| "no such session")?;
    let past = market.before(row).map_err(|error| error.to_string())?;
    let text = |error: walkfolio_core::Error| error.to_string();
    let Choice { allocation, assets, selection, .. } = policy.choose(&past).map_err(text)?;
    if stated.selected.as_ref().is_some_and(|selected| *selected != selection.selected) {
        return Err("other assets are selected when the selection is made again".to_owned());
    }
    let none = Weights::none(stated.weights.len());
    let held = match &stated.held {
        Some(held) => held,
        None if allocation.path_dependent() => return Ok(Verdict::Unconfirmed),
        None => &none,
    };
    let mandate = allocation.mandate(&past, &assets, held, &mut Vec::new()).map_err(text)?;
    let weights: Vec<f64> = assets.iter().map(|&asset| stated.weights[asset]).collect();
    feasible(allocation, &mandate, &weights)?;
    let objective = stated.objective.ok_or("the ledger states no objective")?;
    let foreign = |asset: &usize| stated.weights[*asset] != 0.0 && !assets.contains(asset);
    if let Some(asset) = (0..stated.weights.len()).find(foreign) {
        return Err(format!("{} is held and may not be", past.universe().tickers()[asset]));
    }
    if allocation.drops_small_weights() {
        after_dropping(allocation, &past, (&assets, selection), held, &stated.weights)?;
    } else {
        let value = mandate.value(&weights);
        close(value, objective)
            .map_err(|()| format!("the weights are worth {value}, not {objective}"))?;
    }
    let Some(best) = independent(&mandate)? else { return Ok(Verdict::Unconfirmed) };
    // Where the ledger states a wider gap, another method may find as much more.
    let open = stated.bound.map_or(0.0, |bound| (bound - objective).abs() * (1.0 + SAME));
    let distance = match close(best, objective) {
        Ok(distance) => distance,
        Err(()) if (best - objective).abs() <= open => (best - objective).abs() / objective.abs(),
        Err(()) => {
            return Err(format!("the objective is {objective}, another method finds {best}"));
        }
    };
    bounds(&mandate, best, stated.bound)?;
    Ok(Verdict::Confirmed(distance))
}

/// Weights after small ones are dropped are not the program's answer: they are made again from it.
fn after_dropping(
    allocation: &Allocation,
    past: &Past<'_>,
    among: (&[usize], Selection),
    held: &Weights,
    stated: &[f64],
) -> Result<(), String> {
    let again = allocation
        .decide_among(&mut allocation.optimizer(), past, held, among)
        .map_err(|error| error.to_string())?;
    for (asset, (a, b)) in again.target.values().iter().zip(stated).enumerate() {
        if (a - b).abs() > SAME {
            let name = &past.universe().tickers()[asset];
            return Err(format!("the weight of {name} is {b}, the program gives {a}"));
        }
    }
    Ok(())
}

/// How far two objectives are from each other, relative.
fn close(a: f64, b: f64) -> Result<f64, ()> {
    let distance = (a - b).abs() / b.abs().max(1e-3);
    if distance <= SAME { Ok(distance) } else { Err(()) }
}

/// The ledger's bound must not cut off what another method found.
fn bounds(mandate: &Mandate, best: f64, bound: Option<f64>) -> Result<(), String> {
    let Some(bound) = bound else { return Ok(()) };
    let slack = SAME * best.abs().max(1e-3);
    let minimized = mandate.objective.is_minimized();
    let holds = if minimized { bound <= best + slack } else { bound >= best - slack };
    if holds { Ok(()) } else { Err(format!("the bound {bound} cuts off {best}")) }
}

fn feasible(policy: &Allocation, mandate: &Mandate, weights: &[f64]) -> Result<(), String> {
    let constraints = &mandate.constraints;
    // Dropping small weights may lift others above their cap; that is noted in the ledger.
    let over = if policy.drops_small_weights() { 0.1 } else { 1e-8 };
    for (w, (min, max)) in weights.iter().zip(constraints.min.iter().zip(&constraints.max)) {
        if *w < min - 1e-8 || *w > max * (1.0 + over) + 1e-8 {
            return Err(format!("a weight is {w}, outside [{min}, {max}]"));
        }
    }
    if let Some(beta) = &constraints.beta {
        let value: f64 = weights.iter().zip(&beta.coefficients).map(|(w, b)| w * b).sum();
        if value < beta.min - 1e-7 || value > beta.max + 1e-7 {
            return Err(format!("beta is {value}, outside [{}, {}]", beta.min, beta.max));
        }
    }
    let held = weights.iter().filter(|w| w.abs() > 1e-9).count();
    let rules = &constraints.holdings;
    if rules.max.is_some_and(|most| held > most) {
        return Err(format!("{held} assets are held"));
    }
    let small = |least: f64| weights.iter().any(|w| w.abs() > 1e-9 && w.abs() < least - 1e-9);
    if rules.min_position.is_some_and(small) {
        return Err("a position is below its minimum".to_owned());
    }
    Ok(())
}

/// The best value of a mandate by another method than the kernel's; none where that is too large.
fn independent(mandate: &Mandate) -> Result<Option<f64>, String> {
    match &mandate.objective {
        Objective::InformationRatio { .. } => certified(mandate).map(Some),
        _ if mandate.constraints.holdings.any() => every_choice(mandate),
        _ => by_clarabel(mandate).map(Some),
    }
}

fn by_clarabel(mandate: &Mandate) -> Result<f64, String> {
    let solution = solve(mandate, Precision::Full).map_err(|error| error.to_string())?;
    solution.report.objective.ok_or_else(|| "Clarabel states no objective".to_owned())
}

/// A new search from nothing, its certificate checked from the data.
fn certified(mandate: &Mandate) -> Result<f64, String> {
    let dense = Dense::of(mandate);
    let (n, rows) = dense.shape();
    let program = dense.ratio(&mandate.objective).ok_or("no information ratio")?;
    let answer = RatioSolver::new(n, rows)
        .solve(&program, 1e-7)
        .map_err(|stop| format!("no certificate: {stop:?}"))?;
    verify_certificate(&program, &answer.certificate).map_err(|error| error.to_string())
}

/// The best of all choices of `max` assets, each by Clarabel.
fn every_choice(mandate: &Mandate) -> Result<Option<f64>, String> {
    let rules = mandate.constraints.holdings;
    let n = mandate.constraints.assets();
    let Some(most) = rules.max.filter(|_| rules.min.is_none() && rules.min_position.is_none())
    else {
        return Ok(None);
    };
    let Some(choices) = choices(n, most.min(n)) else { return Ok(None) };
    let mut best = f64::INFINITY;
    for held in choices {
        let mut constraints = mandate.constraints.clone();
        constraints.holdings = Holdings::default();
        for i in (0..n).filter(|i| !held.contains(i)) {
            (constraints.min[i], constraints.max[i]) = (0.0, 0.0);
        }
        let part = Mandate { constraints, ..mandate.clone() };
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
