//! Decisions and the models fitted for them. Numbers by their bits: a bound may be infinite.

use serde::{Deserialize, Serialize};
use walkfolio_core::{Decision, Note, Row, Selection, SolveReport, SolveStatus, Weights};

/// Consecutive decisions.
#[derive(Debug, Serialize, Deserialize)]
pub struct Part<L> {
    /// The index of the first of them in the walk.
    pub first: usize,
    steps: Vec<SavedStep>,
    /// The models that were fitted for them.
    pub learned: L,
}

#[derive(Debug, Serialize, Deserialize)]
struct SavedStep {
    row: usize,
    target: Vec<u64>,
    notes: Vec<Note>,
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

/// The solvers there are: a report names one of them.
const SOLVERS: [&str; 3] = ["kernel", "clarabel", "none"];

impl<L> Part<L> {
    /// The decisions of some rows, from an index of the walk on.
    pub fn new<'a>(
        first: usize,
        steps: impl Iterator<Item = (Row, &'a Decision)>,
        learned: L,
    ) -> Self {
        Self { first, steps: steps.map(SavedStep::new).collect(), learned }
    }

    /// The decisions by row; none if one of them says what no decision can.
    pub fn steps(&self) -> Option<Vec<(Row, Decision)>> {
        self.steps.iter().map(SavedStep::step).collect()
    }
}

impl SavedStep {
    fn new((row, decision): (Row, &Decision)) -> Self {
        let Decision { target, notes, solve, selection } = decision;
        let probability = selection.as_ref().and_then(|selection| selection.probability.as_ref());
        Self {
            row,
            target: target.values().iter().map(|w| w.to_bits()).collect(),
            notes: notes.clone(),
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

    fn step(&self) -> Option<(Row, Decision)> {
        let probability = self.probability.as_ref();
        let target = self.target.iter().map(|bits| f64::from_bits(*bits)).collect();
        Some((
            self.row,
            Decision {
                target: Weights::new(target).ok()?,
                notes: self.notes.clone(),
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
        ))
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
        let decision = Decision {
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
        };
        let part = Part::new(3, std::iter::once((7, &decision)), ());
        let text = serde_json::to_string(&part).unwrap();
        let again: Part<()> = serde_json::from_str(&text).unwrap();
        let steps = again.steps().unwrap();
        assert_eq!((again.first, steps[0].0, &steps[0].1), (3, 7, &decision));
        let bits = |decision: &Decision| decision.target.values()[1].to_bits();
        assert_eq!(bits(&steps[0].1), bits(&decision));
    }
}
