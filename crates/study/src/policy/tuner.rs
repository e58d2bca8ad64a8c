//! Chooses among settings by how they would have done on past decisions.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use rayon::prelude::*;
use serde_json::Value;
use walkfolio_backtest::{Silent, decision_rows, first_full_row, simulate, walk};
use walkfolio_core::{
    Chain, Date, Decision, Error, Interrupt, Market, Memory, Need, Note, Past, Policy, Result, Row,
    Schedule, View, month_end_rows,
};
use walkfolio_optimize::Interruption;
use walkfolio_stats::Covered;
use walkfolio_stats::measures::relative::tracking_error;

use super::allocation::Allocation;
use super::selector::{Selector, months_since};
use crate::axes::combinations;
use crate::words;
use crate::{Config, Fault, Study, TuneSpec};

/// One of the settings to choose from.
#[derive(Debug)]
struct Candidate {
    label: String,
    config: Config,
    allocation: Allocation,
    full: OnceLock<Row>,
}

/// Tries settings on past decisions, and remembers what was chosen when.
#[derive(Debug)]
pub(super) struct Tuner {
    candidates: Vec<Candidate>,
    rule: TuneSpec,
    anchor: Option<Date>,
    interrupt: Interrupt,
    /// By the row at which a choice was made: the candidate and what a reader must know.
    pub(super) chosen: Mutex<BTreeMap<Row, (usize, Vec<Note>)>>,
}

impl Tuner {
    /// The tuner of a study, if it has one.
    ///
    /// # Errors
    /// The faults of a combination that is not a valid study.
    pub fn new(study: &Study, interruption: &Interruption) -> Result<Option<Self>, Vec<Fault>> {
        let spec = study.config().spec();
        let Some(rule) = spec.tune.clone() else { return Ok(None) };
        let candidates = combinations(&rule.keys)
            .into_iter()
            .map(|settings| {
                let config = study.with_settings(&settings)?.config().clone();
                let allocation = Allocation::new(&config).interrupted_by(interruption);
                Ok(Candidate { label: label(&settings), config, allocation, full: OnceLock::new() })
            })
            .collect::<Result<_, Vec<Fault>>>()?;
        let anchor = spec.walk_forward.first;
        let interrupt = interruption.interrupt().clone();
        Ok(Some(Self { candidates, rule, anchor, interrupt, chosen: Mutex::default() }))
    }

    /// The allocation that a decision uses, and how it was chosen.
    pub(super) fn allocation(
        &self,
        past: &Past<'_>,
        selector: Option<&Selector>,
    ) -> Result<(&Allocation, Vec<Note>)> {
        let at = self.row(past);
        let kept = self.chosen.lock().unwrap_or_else(PoisonError::into_inner).get(&at).cloned();
        let (best, notes) = if let Some(chosen) = kept {
            chosen
        } else {
            let chosen = self.choose(&past.before(at)?, selector)?;
            words::heard(&self.interrupt)?;
            let mut all = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
            all.insert(at, chosen.clone());
            chosen
        };
        Ok((&self.candidates[best].allocation, notes))
    }

    /// How many settings there are to choose from.
    pub(super) fn count(&self) -> usize {
        self.candidates.len()
    }

    /// All settings there are to choose from.
    pub(super) fn allocations(&self) -> impl Iterator<Item = &Allocation> {
        self.candidates.iter().map(|candidate| &candidate.allocation)
    }

    /// The row of the last choice that was due: the first session of its month, or the decision's
    /// own row.
    fn row(&self, past: &Past<'_>) -> Row {
        let back = months_since(self.anchor, past.decision_date(), self.rule.every_months);
        let ends = month_end_rows(past.dates(), past.decision_date());
        // The month-end before the month of the choice.
        let index = ends.len().checked_sub(back + 1);
        index.map_or(past.rows(), |index| ends[index] + 1)
    }

    /// The candidate with the smallest tracking error on past decisions; the first of equals.
    ///
    /// All are judged on the same decisions: those since the start of the look-back at which every
    /// candidate's windows are full.
    fn choose(&self, past: &Past<'_>, selector: Option<&Selector>) -> Result<(usize, Vec<Note>)> {
        let market = past.to_market();
        if market.rows() < 2 {
            return Ok((0, vec![nothing_past()]));
        }
        let full: Vec<Option<Row>> =
            self.candidates.par_iter().map(|one| one.first_full(&market)).collect();
        let Some(start) = full.iter().flatten().max().copied() else {
            return Ok((0, vec![nothing_past()]));
        };
        let months = jiff::Span::new().months(self.rule.look_back_months);
        let from = past.decision_date().first_of_month().saturating_sub(months);
        let schedule = Schedule {
            first: Some(from),
            last: None,
            ..self.candidates[0].config.schedule().clone()
        };
        if let Some(selector) = selector {
            // What is selected is learned once, in order; the candidates then find it.
            for row in schedule.rows(market.dates(), start) {
                let earlier = market.before(row)?;
                selector.choose(&earlier, &self.candidates[0].allocation.eligible(&earlier)?)?;
            }
        }
        let errors: Vec<Option<(Date, f64)>> = self
            .candidates
            .par_iter()
            .zip(&full)
            .map(|(candidate, full)| {
                (*full)?;
                let tried = Tried { allocation: &candidate.allocation, selector };
                candidate.realized(&market, &tried, &schedule, start)
            })
            .collect();
        Ok(self.smallest(&errors, market.dates()[market.rows() - 1]))
    }

    /// The first of the smallest errors, with what a reader must know.
    fn smallest(&self, errors: &[Option<(Date, f64)>], last: Date) -> (usize, Vec<Note>) {
        let known = || errors.iter().enumerate().filter_map(|(at, error)| Some((at, (*error)?)));
        let less = |best: (usize, (Date, f64)), next: (usize, (Date, f64))| {
            if next.1.1 < best.1.1 { next } else { best }
        };
        let Some((index, (first, least))) = known().reduce(less) else {
            return (0, vec![nothing_past()]);
        };
        let worst = known().map(|(_, (_, error))| error).fold(least, f64::max);
        let count = known().count();
        let message = format!(
            "tuned on past decisions from {first} to {last}: {} with a tracking error of {:.2} %; the {count} settings reach from {:.2} to {:.2} %",
            self.candidates[index].label,
            100.0 * least,
            100.0 * least,
            100.0 * worst,
        );
        let mut notes = vec![Note::info(message)];
        if count < errors.len() {
            let missing = errors.len() - count;
            let message = format!(
                "{missing} of {} settings could not be tried on past decisions: their windows are not full, or a decision failed",
                errors.len()
            );
            notes.push(Note::warning(message));
        }
        (index, notes)
    }
}

/// A candidate on past decisions, among the assets that the study would have selected.
struct Tried<'a> {
    allocation: &'a Allocation,
    selector: Option<&'a Selector>,
}

impl Policy for Tried<'_> {
    fn decide(&self, past: &Past<'_>, view: View<'_>) -> Result<Decision> {
        let Some(selector) = self.selector else { return self.allocation.decide(past, view) };
        let chosen = selector.choose(past, &self.allocation.eligible(past)?)?;
        let among = (&chosen.assets[..], chosen.selection);
        self.allocation.decide_among(&mut self.allocation.optimizer(), past, view, among)
    }

    /// What a selector has learned it finds again: its decisions are made one after the other.
    fn memory(&self) -> Memory {
        if self.selector.is_some() { Memory::Holdings } else { self.allocation.memory() }
    }

    fn chain(&self) -> Option<Box<dyn Chain + '_>> {
        if self.selector.is_some() { None } else { self.allocation.chain() }
    }

    fn need(&self) -> Need {
        self.allocation.need()
    }

    fn due(&self, past: &Past<'_>) -> bool {
        self.allocation.due(past)
    }

    fn waits(&self, past: &Past<'_>) -> bool {
        self.allocation.waits(past)
    }
}

impl Candidate {
    /// The first row at which its windows are full: the same in every longer market.
    fn first_full(&self, market: &Market) -> Option<Row> {
        if let Some(row) = self.full.get() {
            return Some(*row);
        }
        let row = first_full_row(market, &self.allocation)?;
        Some(*self.full.get_or_init(|| row))
    }

    /// The first of its past decisions and their tracking error; none if one of them fails.
    fn realized(
        &self,
        market: &Market,
        tried: &Tried<'_>,
        schedule: &Schedule,
        start: Row,
    ) -> Option<(Date, f64)> {
        let rows = decision_rows(market, tried, schedule, start).ok()?;
        let execution = self.config.execution();
        let steps = walk(market, tried, &rows, execution, &Silent).ok()?.steps;
        let simulation = simulate(market, &steps, execution, market.rows()).ok()?;
        let rows_of = simulation.rows.clone();
        let benchmark = Covered::of(rows_of.map(|row| market.benchmark()?.value(row)))?;
        let active = Covered::from(&simulation.net).less(&benchmark);
        let error = tracking_error(active.values(), self.config.periods_per_year().ok()?)?;
        Some((market.dates()[*rows.first()?], error))
    }
}

fn nothing_past() -> Note {
    Note::info("no past decision to tune on: the first setting is used")
}

fn label(settings: &[(String, Value)]) -> String {
    let one = |(key, value): &(String, Value)| {
        let name = key.strip_prefix("allocate.").unwrap_or(key);
        format!("{} = {value}", name.strip_prefix("objective.").unwrap_or(name))
    };
    settings.iter().map(one).collect::<Vec<_>>().join(", ")
}

impl From<Vec<Fault>> for crate::StudyError {
    fn from(faults: Vec<Fault>) -> Self {
        Self::new("a setting of [tune]", "", faults)
    }
}

/// A fault of a candidate as a policy reports it.
pub(super) fn policy(faults: Vec<Fault>) -> Error {
    let error = crate::StudyError::from(faults);
    Error::Policy { message: error.to_string(), hint: None }
}
