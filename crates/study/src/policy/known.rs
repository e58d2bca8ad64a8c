//! What of a decision is known before it is made.

use walkfolio_core::{Note, Result};
use walkfolio_optimize::{Constraint, Objective};

use crate::constraint::{ConstraintForm, Scaling};
use crate::objective::{Inputs, ObjectiveChoice};

/// What a decision is made of that does not depend on what is held; empty where nothing is known yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub objective: Option<Objective>,
    /// The one that is a part of the objective, or none.
    pub of_objective: Option<Vec<Constraint>>,
    pub listed: Vec<Option<(Vec<Constraint>, Vec<Note>)>>,
    pub notes: Option<Vec<Note>>,
    /// That of the study, or none.
    pub scaling: Option<Vec<Scaling>>,
}

impl Known {
    pub fn objective(&self, choice: &ObjectiveChoice, inputs: &Inputs<'_>) -> Result<Objective> {
        self.objective.clone().map_or_else(|| choice.prepare(inputs), Ok)
    }

    pub fn of_objective(
        &self,
        choice: &ObjectiveChoice,
        inputs: &Inputs<'_>,
    ) -> Result<Option<Constraint>> {
        self.of_objective
            .clone()
            .map_or_else(|| choice.constraint(inputs), |mut known| Ok(known.pop()))
    }

    /// What the constraint at a place of the study's list adds.
    pub fn listed(
        &self,
        (at, stated): (usize, &dyn ConstraintForm),
        inputs: &Inputs<'_>,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<Constraint>> {
        let Some((constraints, own)) = self.listed.get(at).and_then(Option::as_ref) else {
            return stated.prepare(inputs, notes);
        };
        notes.extend(own.iter().cloned());
        Ok(constraints.clone())
    }

    /// What a reader must know of the moments.
    pub fn notes(&self, inputs: &Inputs<'_>) -> Vec<Note> {
        self.notes.clone().unwrap_or_else(|| inputs.notes())
    }

    pub fn scaling(
        &self,
        make: impl FnOnce() -> Result<Option<Scaling>>,
    ) -> Result<Option<Scaling>> {
        self.scaling.clone().map_or_else(make, |mut known| Ok(known.pop()))
    }
}
