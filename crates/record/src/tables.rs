//! The rows of a run's tables.

use serde::{Deserialize, Serialize};
use walkfolio_core::{Date, Note, NoteKind, SolveReport};

/// The weight of one asset from one decision on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionRow {
    /// The decision: the session whose past it knows, as in every other table.
    pub date: Date,
    /// First session on which the weights earn: the decision's own, or later by the execution lag.
    pub traded: Date,
    /// The asset.
    pub asset: String,
    /// Its weight after the trade, a fraction of equity.
    pub weight: f64,
    /// Its weight before the trade.
    pub drifted: f64,
    /// Whether it was allowed to be held.
    pub selected: Option<bool>,
    /// Its probability of inclusion, where a classifier gave one.
    pub probability: Option<f64>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// The decision or session; none for what concerns the whole run.
    pub date: Option<Date>,
    /// `solve`, `fallback`, `note` or `warning`.
    pub kind: String,
    /// Which solver, for a solve.
    pub solver: Option<String>,
    /// How it ended.
    pub status: Option<String>,
    /// The objective's value.
    pub objective: Option<f64>,
    /// A bound on it.
    pub bound: Option<f64>,
    /// The solver's gap, `|objective - bound| / max(1, |objective|)`: absolute for objectives below 1,
    /// as variances are. A reader is shown the gap relative to the objective
    /// (`walkfolio_analysis::solves::relative_gap`), which is another figure.
    pub gap: Option<f64>,
    /// What happened, in words.
    pub message: String,
}

impl LedgerRow {
    /// The row of a solve.
    pub fn of_solve(date: Date, report: &SolveReport) -> Self {
        Self {
            date: Some(date),
            kind: "solve".to_owned(),
            solver: Some(report.solver.to_owned()),
            status: Some(report.status.to_string()),
            objective: report.objective,
            bound: report.bound,
            gap: report.gap,
            message: String::new(),
        }
    }

    /// The row of a note.
    pub fn of_note(date: Option<Date>, note: &Note) -> Self {
        Self {
            date,
            kind: note.kind.as_str().to_owned(),
            solver: None,
            status: None,
            objective: None,
            bound: None,
            gap: None,
            message: note.message.clone(),
        }
    }

    /// The note of a row; none for a solve.
    pub fn note(&self) -> Option<Note> {
        let kinds = [NoteKind::Note, NoteKind::Warning, NoteKind::Fallback];
        let kind = kinds.into_iter().find(|kind| kind.as_str() == self.kind)?;
        Some(Note { kind, message: self.message.clone() })
    }
}

/// What a decision took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimingRow {
    /// The decision.
    pub date: Date,
    /// Wall-clock time of the solve, in microseconds.
    pub micros: u64,
    /// Iterations of an interior-point method.
    pub iterations: u32,
    /// Pivots of an active-set method.
    pub pivots: u32,
    /// Nodes of branch and bound, or intervals of a certificate.
    pub nodes: u64,
}

/// One session of a backtest; all returns are fractions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReturnRow {
    /// The session.
    pub date: Date,
    /// Return after costs.
    pub portfolio: f64,
    /// Return before costs.
    pub gross: f64,
    /// Return of the benchmark.
    pub benchmark: Option<f64>,
    /// Return of cash.
    pub cash: Option<f64>,
    /// Turnover at this session's open, 0 where nothing was traded.
    pub turnover: f64,
    /// Fraction of equity paid for it.
    pub cost: f64,
}
