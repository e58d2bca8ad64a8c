//! Decisions and what was learned for them, by their bits.

use serde::{Deserialize, Serialize};
use walkfolio_backtest::Step;
use walkfolio_core::{Decision, Note, NoteKind, Selection, SolveReport, SolveStatus, Weights};

use crate::policy::Learned;

/// Decisions from one place on.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Part {
    pub first: usize,
    steps: Vec<KeptStep>,
    pub learned: Learned,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptStep {
    row: usize,
    target: Vec<u64>,
    notes: Vec<KeptNote>,
    solver: String,
    status: String,
    objective: Option<u64>,
    bound: Option<u64>,
    gap: Option<u64>,
    iterations: u32,
    pivots: u32,
    nodes: u64,
    micros: u64,
    selected: Option<Vec<bool>>,
    probability: Option<Vec<Option<u64>>>,
}

/// A note with its kind as a word.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeptNote {
    kind: String,
    message: String,
}

impl From<&Note> for KeptNote {
    fn from(note: &Note) -> Self {
        Self { kind: note.kind.as_str().to_owned(), message: note.message.clone() }
    }
}

impl KeptNote {
    /// From the words of a ledger.
    pub fn from_row(kind: &str, message: &str) -> Self {
        Self { kind: kind.to_owned(), message: message.to_owned() }
    }
}

impl From<KeptNote> for Note {
    fn from(kept: KeptNote) -> Self {
        let kinds = [NoteKind::Note, NoteKind::Warning, NoteKind::Fallback];
        let kind = kinds.into_iter().find(|kind| kind.as_str() == kept.kind);
        Self { kind: kind.unwrap_or(NoteKind::Warning), message: kept.message }
    }
}

/// The solvers there are: a report names one of them.
const SOLVERS: [&str; 3] = ["kernel", "clarabel", "none"];

impl Part {
    pub fn new(first: usize, steps: &[Step], learned: Learned) -> Self {
        Self { first, steps: steps.iter().map(KeptStep::from).collect(), learned }
    }

    /// The decisions; none if one of them says what no decision can.
    pub fn steps(&self) -> Option<Vec<Step>> {
        self.steps.iter().map(KeptStep::step).collect()
    }
}

impl From<&Step> for KeptStep {
    fn from(step: &Step) -> Self {
        let Decision { target, notes, solve, selection } = &step.decision;
        let probability = selection.as_ref().and_then(|selection| selection.probability.as_ref());
        Self {
            row: step.row,
            target: target.values().iter().map(|w| w.to_bits()).collect(),
            notes: notes.iter().map(KeptNote::from).collect(),
            solver: solve.solver.to_owned(),
            status: solve.status.to_string(),
            objective: solve.objective.map(f64::to_bits),
            bound: solve.bound.map(f64::to_bits),
            gap: solve.gap.map(f64::to_bits),
            iterations: solve.iterations,
            pivots: solve.pivots,
            nodes: solve.nodes,
            micros: solve.micros,
            selected: selection.as_ref().map(|selection| selection.selected.clone()),
            probability: probability.map(|all| all.iter().map(|p| p.map(f64::to_bits)).collect()),
        }
    }
}

impl KeptStep {
    fn step(&self) -> Option<Step> {
        let probability = self.probability.as_ref();
        let target = self.target.iter().map(|bits| f64::from_bits(*bits)).collect();
        Some(Step {
            row: self.row,
            decision: Decision {
                target: Weights::new(target).ok()?,
                notes: self.notes.iter().cloned().map(Note::from).collect(),
                solve: SolveReport {
                    solver: SOLVERS.into_iter().find(|solver| *solver == self.solver)?,
                    status: status(&self.status)?,
                    objective: self.objective.map(f64::from_bits),
                    bound: self.bound.map(f64::from_bits),
                    gap: self.gap.map(f64::from_bits),
                    iterations: self.iterations,
                    pivots: self.pivots,
                    nodes: self.nodes,
                    micros: self.micros,
                },
                selection: self.selected.clone().map(|selected| Selection {
                    selected,
                    probability: probability
                        .map(|all| all.iter().map(|bits| bits.map(f64::from_bits)).collect()),
                }),
            },
        })
    }
}

fn status(word: &str) -> Option<SolveStatus> {
    let all = [
        SolveStatus::Optimal,
        SolveStatus::AlmostOptimal,
        SolveStatus::Infeasible,
        SolveStatus::Unbounded,
        SolveStatus::Limit,
        SolveStatus::Failed,
        SolveStatus::NotSolved,
    ];
    all.into_iter().find(|status| status.as_str() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_comes_back_to_the_bit() {
        let step = Step {
            row: 7,
            decision: Decision {
                target: Weights::new(vec![0.1 + 0.2, -0.0, 1e-310]).unwrap(),
                notes: vec![Note::fallback("x"), Note::info("y"), Note::warning("z")],
                solve: SolveReport {
                    solver: "kernel",
                    status: SolveStatus::Limit,
                    objective: Some(-1.0 / 3.0),
                    bound: Some(f64::INFINITY),
                    gap: None,
                    iterations: 1,
                    pivots: 2,
                    nodes: 3,
                    micros: 4,
                },
                selection: Some(Selection {
                    selected: vec![true, false, true],
                    probability: Some(vec![Some(0.7), None, Some(1.0 / 7.0)]),
                }),
            },
        };
        let part = Part::new(3, std::slice::from_ref(&step), Learned::default());
        let text = serde_json::to_string(&part).unwrap();
        let again: Part = serde_json::from_str(&text).unwrap();
        let steps = again.steps().unwrap();
        assert_eq!((again.first, &steps[0]), (3, &step));
        let bits = |step: &Step| step.decision.target.values()[1].to_bits();
        assert_eq!(bits(&steps[0]), bits(&step));
    }
}
