//! Chooses among settings by how they would have done on past decisions.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use serde_json::Value;
use walkfolio_backtest::measures::relative::{active_returns, tracking_error};
use walkfolio_backtest::{Silent, first_full_row, simulate, walk};
use walkfolio_core::{Date, Error, Market, Note, Past, Result, Row, Schedule, month_end_rows};
use walkfolio_estimate::Windows;

use super::allocation::Allocation;
use super::selector::months_since;
use crate::grid::combinations;
use crate::study::{Config, Fault, Study, TuneSpec};

/// One of the settings to choose from.
#[derive(Debug)]
struct Candidate {
    label: String,
    config: Config,
    allocation: Allocation,
}

/// Tries settings on past decisions, and remembers what was chosen when.
#[derive(Debug)]
pub struct Tuner {
    candidates: Vec<Candidate>,
    rule: TuneSpec,
    anchor: Option<Date>,
    /// By the row at which a choice was made: the candidate and what a reader must know.
    pub(super) chosen: Mutex<BTreeMap<Row, (usize, Vec<Note>)>>,
}

impl Tuner {
    /// The tuner of a study on the sums of its market, if it has one.
    ///
    /// # Errors
    /// The faults of a combination that is not a valid study.
    pub fn new(study: &Study, windows: &Arc<Windows>) -> Result<Option<Self>, Vec<Fault>> {
        let spec = study.config().spec();
        let Some(rule) = spec.tune.clone() else { return Ok(None) };
        let candidates = combinations(&rule.keys)
            .into_iter()
            .map(|settings| {
                let config = study.cell(&settings)?.config().clone();
                let allocation = Allocation::new(&config, Arc::clone(windows));
                Ok(Candidate { label: label(&settings), config, allocation })
            })
            .collect::<Result<_, Vec<Fault>>>()?;
        let anchor = spec.walk_forward.first;
        Ok(Some(Self { candidates, rule, anchor, chosen: Mutex::default() }))
    }

    /// The allocation that a decision uses, and how it was chosen.
    pub(super) fn allocation(&self, past: &Past<'_>) -> Result<(&Allocation, Vec<Note>)> {
        let at = self.row(past);
        let kept = self.chosen.lock().unwrap_or_else(PoisonError::into_inner).get(&at).cloned();
        let (best, notes) = if let Some(chosen) = kept {
            chosen
        } else {
            let chosen = self.choose(&past.before(at)?);
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
    fn choose(&self, past: &Past<'_>) -> (usize, Vec<Note>) {
        let market = past.to_market();
        if market.rows() < 2 {
            return (0, vec![nothing_past()]);
        }
        let windows = Arc::new(Windows::new(&market));
        let from = past
            .decision_date()
            .saturating_sub(jiff::Span::new().months(self.rule.look_back_months));
        let errors: Vec<Option<f64>> = self
            .candidates
            .par_iter()
            .map(|candidate| candidate.realized(&market, &windows, from))
            .collect();
        let mut best: Option<(usize, f64)> = None;
        for (index, error) in errors.iter().enumerate() {
            if let Some(error) = error
                && best.is_none_or(|(_, least)| *error < least)
            {
                best = Some((index, *error));
            }
        }
        let Some((index, least)) = best else { return (0, vec![nothing_past()]) };
        let worst = errors.iter().flatten().copied().fold(least, f64::max);
        let message = format!(
            "tuned on past decisions from {from} to {}: {} with a tracking error of {:.2} %; the {} settings reach from {:.2} to {:.2} %",
            market.dates()[market.rows() - 1],
            self.candidates[index].label,
            100.0 * least,
            errors.iter().flatten().count(),
            100.0 * least,
            100.0 * worst,
        );
        (index, vec![Note::info(message)])
    }
}

impl Candidate {
    /// The tracking error of the decisions since a date; none if one of them fails.
    fn realized(&self, market: &Market, windows: &Arc<Windows>, from: Date) -> Option<f64> {
        let allocation = Allocation::new(&self.config, Arc::clone(windows));
        let schedule = Schedule { first: Some(from), last: None, ..*self.config.schedule() };
        let rows =
            super::due_rows(&schedule, market, &allocation, first_full_row(market, &allocation)?)
                .ok()?;
        let execution = self.config.execution();
        let walk = walk(market, &allocation, &rows, execution, &Silent).ok()?;
        let simulation = simulate(market, &walk.steps, execution, market.rows()).ok()?;
        let benchmark: Option<Vec<f64>> =
            simulation.rows.clone().map(|row| market.benchmark()?.value(row)).collect();
        let active = active_returns(&simulation.net, &benchmark?);
        tracking_error(&active, self.config.spec().periods_per_year)
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

impl From<Vec<Fault>> for crate::study::StudyError {
    fn from(faults: Vec<Fault>) -> Self {
        Self::new("a setting of [tune]", "", faults)
    }
}

/// A fault of a candidate as a policy reports it.
pub(super) fn policy(faults: Vec<Fault>) -> Error {
    let error = crate::study::StudyError::from(faults);
    Error::Policy { message: error.to_string(), hint: None }
}
