//! Searches that a clock stopped: made again they may end elsewhere, even on the same machine. Their
//! decisions are taken as they are stated, and all that follows from them is made again.

use std::collections::BTreeMap;

use walkfolio_backtest::{Step, Walk};
use walkfolio_core::{
    Date, Decision, Memory, Note, Policy, Selection, SolveReport, SolveStatus, Weights,
};
use walkfolio_record::{DecisionRow, LedgerRow, Run, TimingRow};
use walkfolio_study::Study;

use crate::Result;
use crate::backtest::{concluded, decision_rows};
use crate::outcome::Outcome;

/// Whether the clock may stop a search of a study.
pub(super) fn has_clock(study: &Study) -> bool {
    study.config().solver().limits.time.is_some()
        || study.config().spec().switches("allocate.search")
}

/// What a run states of its decisions, by their dates.
struct Stated<'a> {
    solves: BTreeMap<Date, (&'a LedgerRow, Vec<Note>)>,
    weights: BTreeMap<Date, Vec<&'a DecisionRow>>,
    timings: BTreeMap<Date, &'a TimingRow>,
}

/// The backtest with the stated decisions in the place of those that a clock stopped, here or there,
/// and how many these are. Where decisions look at what is held, all later ones are taken as well.
pub(super) fn as_stated(study: &Study, made: Outcome, stated: &Run) -> Result<(Outcome, usize)> {
    let stated = Stated::of(stated);
    let dates = made.market.dates();
    let holds = made.policy.memory() == Memory::Holdings;
    let mut taken = 0;
    let mut steps = Vec::with_capacity(made.walk.steps.len());
    for step in &made.walk.steps {
        let date = dates[step.row];
        let here = step.decision.solve.status == SolveStatus::Limit;
        let follows = here || stated.was_stopped(date) || (holds && taken > 0);
        let own = if follows { stated.decision(date)? } else { None };
        taken += usize::from(own.is_some());
        let decision = own.unwrap_or_else(|| step.decision.clone());
        steps.push(Step { row: step.row, decision });
    }
    if taken == 0 {
        return Ok((made, 0));
    }
    let walk = Walk { steps, complete: made.walk.complete };
    let mut notes = study.vacuous();
    let rows = decision_rows(study, &made.market, &made.policy, &mut notes)?;
    Ok((concluded(study, (made.market, made.policy, walk), &rows, notes)?, taken))
}

impl<'a> Stated<'a> {
    fn of(run: &'a Run) -> Self {
        let mut solves: BTreeMap<Date, (&LedgerRow, Vec<Note>)> = BTreeMap::new();
        let mut last = None;
        for row in &run.ledger {
            if row.kind == "solve" {
                last = row.date;
                solves.extend(row.date.map(|date| (date, (row, Vec::new()))));
            } else if row.date.is_some()
                && row.date == last
                && let Some((_, notes)) = last.and_then(|date| solves.get_mut(&date))
            {
                notes.extend(row.note());
            }
        }
        let mut weights: BTreeMap<Date, Vec<&DecisionRow>> = BTreeMap::new();
        run.decisions.iter().for_each(|row| weights.entry(row.date).or_default().push(row));
        let timings = run.timings.iter().map(|row| (row.date, row)).collect();
        Self { solves, weights, timings }
    }

    fn was_stopped(&self, date: Date) -> bool {
        let solve = self.solves.get(&date);
        solve.is_some_and(|(row, _)| row.status.as_deref() == Some(SolveStatus::Limit.as_str()))
    }

    fn decision(&self, date: Date) -> Result<Option<Decision>> {
        let (Some((row, notes)), Some(weights), Some(timing)) =
            (self.solves.get(&date), self.weights.get(&date), self.timings.get(&date))
        else {
            return Ok(None);
        };
        let (solver, status) = (solver(row), status(row));
        let solve = SolveReport {
            solver,
            status,
            objective: row.objective,
            bound: row.bound,
            gap: row.gap,
            iterations: timing.iterations,
            pivots: timing.pivots,
            nodes: timing.nodes,
            micros: timing.micros,
        };
        let selected: Option<Vec<bool>> = weights.iter().map(|row| row.selected).collect();
        let given = weights.iter().any(|row| row.probability.is_some());
        let probability = given.then(|| weights.iter().map(|row| row.probability).collect());
        Ok(Some(Decision {
            target: Weights::new(weights.iter().map(|row| row.weight).collect())?,
            notes: notes.clone(),
            solve,
            selection: selected.map(|selected| Selection { selected, probability }),
        }))
    }
}

fn solver(row: &LedgerRow) -> &'static str {
    let known = ["kernel", "clarabel"];
    known.into_iter().find(|name| row.solver.as_deref() == Some(name)).unwrap_or("none")
}

fn status(row: &LedgerRow) -> SolveStatus {
    let all = [SolveStatus::Optimal, SolveStatus::AlmostOptimal, SolveStatus::Limit];
    let stated = row.status.as_deref();
    let own = all.into_iter().find(|status| stated == Some(status.as_str()));
    own.unwrap_or(SolveStatus::NotSolved)
}
