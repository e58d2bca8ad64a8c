//! What a policy answers.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Weights;

/// A portfolio and how it came about.
/// # Examples
/// ```
/// use walkfolio_core::{Decision, Note, SolveStatus, Weights};
///
/// let mut decision = Decision::of(Weights::new(vec![0.25, 0.75])?);
/// decision.notes.push(Note::warning("learned from 3 months only"));
/// assert_eq!(decision.target.sum(), 1.0);
/// assert_eq!(decision.solve.status, SolveStatus::NotSolved);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The weights to hold from the decision's session on.
    pub target: Weights,
    /// What the reader of the run must know.
    pub notes: Vec<Note>,
    /// How the optimization went.
    pub solve: SolveReport,
    /// Which assets were allowed, where a selector chose among them.
    pub selection: Option<Selection>,
}

impl Decision {
    /// A portfolio that no solver made, without notes.
    pub fn of(target: Weights) -> Self {
        Self { target, notes: Vec::new(), solve: SolveReport::not_solved(), selection: None }
    }
}

/// How grave a note is.
/// # Examples
/// ```
/// use walkfolio_core::NoteKind;
///
/// assert!(NoteKind::Warning > NoteKind::Note);
/// assert_eq!(NoteKind::Fallback.as_str(), "fallback");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Worth knowing.
    Note,
    /// A result may mislead.
    Warning,
    /// A solve failed and something else was used in its place.
    Fallback,
}

impl NoteKind {
    /// The word in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Fallback => "fallback",
        }
    }
}

/// Something that must not pass in silence.
/// # Examples
/// ```
/// use walkfolio_core::{Note, NoteKind};
///
/// let note = Note::fallback("no portfolio has so small a beta; what is held is kept");
/// assert_eq!((note.kind, note.kind.as_str()), (NoteKind::Fallback, "fallback"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// How grave it is.
    pub kind: NoteKind,
    /// What happened.
    pub message: String,
}

impl Note {
    /// Something worth knowing.
    pub fn info(message: impl Into<String>) -> Self {
        Self { kind: NoteKind::Note, message: message.into() }
    }

    /// Something that may mislead.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { kind: NoteKind::Warning, message: message.into() }
    }

    /// A replacement for a failed solve.
    pub fn fallback(message: impl Into<String>) -> Self {
        Self { kind: NoteKind::Fallback, message: message.into() }
    }
}

/// How a solve ended.
/// # Examples
/// ```
/// use walkfolio_core::SolveStatus;
///
/// assert_eq!(SolveStatus::AlmostOptimal.as_str(), "almost_optimal");
/// assert_eq!(SolveStatus::Infeasible.to_string(), "infeasible");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SolveStatus {
    /// Solved to the tolerance that was asked for.
    Optimal,
    /// Solved to a looser tolerance.
    AlmostOptimal,
    /// No portfolio satisfies the constraints.
    Infeasible,
    /// The objective has no bound on the feasible portfolios.
    Unbounded,
    /// Stopped at a limit of iterations or time.
    Limit,
    /// Stopped by numerical trouble.
    Failed,
    /// Nothing was to be solved.
    NotSolved,
}

impl SolveStatus {
    /// The word in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::AlmostOptimal => "almost_optimal",
            Self::Infeasible => "infeasible",
            Self::Unbounded => "unbounded",
            Self::Limit => "limit",
            Self::Failed => "failed",
            Self::NotSolved => "not_solved",
        }
    }
}

impl fmt::Display for SolveStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How an optimization went.
///
/// # Shape and units
/// `objective` and `bound` have the objective's own unit and sense; `gap` is relative; `micros` are
/// microseconds.
/// # Examples
/// ```
/// use walkfolio_core::{SolveReport, SolveStatus};
///
/// let report = SolveReport { pivots: 2, objective: Some(0.04), ..SolveReport::not_solved() };
/// assert_eq!((report.solver, report.status), ("none", SolveStatus::NotSolved));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SolveReport {
    /// Which solver.
    pub solver: &'static str,
    /// How it ended.
    pub status: SolveStatus,
    /// The objective's value at the answer, in the mandate's own units and sense.
    pub objective: Option<f64>,
    /// A proven bound on the objective.
    pub bound: Option<f64>,
    /// `|objective - bound| / max(1, |objective|)`.
    pub gap: Option<f64>,
    /// Iterations of an interior-point method.
    pub iterations: u32,
    /// Changes of the active set.
    pub pivots: u32,
    /// Nodes of branch and bound, or intervals of a certificate.
    pub nodes: u64,
    /// Wall-clock time, which differs from run to run.
    pub micros: u64,
}

impl SolveReport {
    /// For a portfolio that no solver made.
    pub fn not_solved() -> Self {
        Self {
            solver: "none",
            status: SolveStatus::NotSolved,
            objective: None,
            bound: None,
            gap: None,
            iterations: 0,
            pivots: 0,
            nodes: 0,
            micros: 0,
        }
    }
}

/// What a selector chose.
/// # Examples
/// ```
/// use walkfolio_core::Selection;
///
/// // The second of three assets has no probability, and was not selected.
/// let selection = Selection {
///     selected: vec![true, false, true],
///     probability: Some(vec![Some(0.9), None, Some(0.6)]),
/// };
/// # assert_eq!(selection.selected.len(), 3);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// By universe index: whether the asset may be held.
    pub selected: Vec<bool>,
    /// By universe index: the probability of inclusion, where there is one.
    pub probability: Option<Vec<Option<f64>>>,
}
