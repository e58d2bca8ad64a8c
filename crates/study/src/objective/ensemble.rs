//! The mean of several objectives' portfolios.

use std::cell::Cell;
use std::ops::DerefMut;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Memory, Past, Result};
use walkfolio_optimize::{self as optimize, Objective};

use crate::words;

use super::form::{Inputs, OBJECTIVE, ObjectiveForm, Setting, Shape, path};

/// The mean of the portfolios of several objectives, each solved under all constraints of the study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Ensemble", bound = "O: JsonSchema")]
pub struct EnsembleOf<O> {
    /// The objectives, each with its share.
    ///
    /// Example: `members = [{ of = { kind = "risk_parity" } }, { of = { kind = "minimum_variance" } }]`
    pub members: Vec<MemberOf<O>>,
}

/// An objective of an ensemble.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Member", bound = "O: JsonSchema")]
pub struct MemberOf<O> {
    /// The objective.
    ///
    /// Example: `of = { kind = "minimum_variance" }`
    #[schemars(schema_with = "any_kind::<O>")]
    pub of: O,
    /// Its share of the mean, in proportion to those of the others.
    ///
    /// Unit: relative to the other members.
    #[serde(default = "one")]
    pub weight: f64,
}

fn one() -> f64 {
    1.0
}

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// The schema of an objective inside another: its keys are documented once, at `[allocate.objective]`. One inside that
/// again is any table.
fn any_kind<O: JsonSchema>(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let mut schema = if INSIDE.replace(true) {
        schemars::json_schema!({ "type": "object" })
    } else {
        let schema = <O as JsonSchema>::json_schema(generator);
        INSIDE.set(false);
        schema
    };
    schema.insert("documentedAt".to_owned(), OBJECTIVE.into());
    schema
}

impl<O: DerefMut<Target = dyn ObjectiveForm>> EnsembleOf<O> {
    fn objectives(&self) -> impl Iterator<Item = &dyn ObjectiveForm> {
        self.members.iter().map(|member| &*member.of)
    }

    fn any(&self, is: impl Fn(&dyn ObjectiveForm) -> bool) -> bool {
        self.objectives().any(is)
    }
}

impl<O: DerefMut<Target = dyn ObjectiveForm>> ObjectiveForm for EnsembleOf<O> {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        if self.members.is_empty() {
            faults.push(&path("members"), "is empty", "list at least one objective");
        }
        for (index, MemberOf { of, weight }) in self.members.iter().enumerate() {
            let at = path(&format!("members[{index}]"));
            faults.above_zero(&format!("{at}.weight"), *weight, "1.0 is an equal share");
            if let Some(why) = of.no_member() {
                faults.push(&format!("{at}.of"), why, "");
                continue;
            }
            // A member states its paths as if it were the objective of the study.
            let mut own = Faults::default();
            of.validate(setting, &mut own);
            for fault in own.into_found() {
                let inside = fault.path.strip_prefix(OBJECTIVE);
                let path = inside.map_or_else(|| fault.path.clone(), |end| format!("{at}.of{end}"));
                faults.push(&path, fault.message, &fault.hint.unwrap_or_default());
            }
        }
    }

    fn no_member(&self) -> Option<&'static str> {
        Some("is an ensemble itself: list its members here")
    }

    fn complete(&mut self, setting: &Setting) {
        self.members.iter_mut().for_each(|member| member.of.complete(setting));
    }

    fn uses_moments(&self) -> bool {
        self.any(|member| member.uses_moments())
    }

    fn uses_expected_returns(&self) -> bool {
        self.any(|member| member.uses_moments() && member.uses_expected_returns())
    }

    fn takes_clustering_covariance(&self) -> bool {
        let takes = |member: &dyn ObjectiveForm| {
            !member.uses_moments() || member.takes_clustering_covariance()
        };
        self.objectives().all(takes)
    }

    fn rows(&self) -> usize {
        self.objectives().map(ObjectiveForm::rows).max().unwrap_or(0)
    }

    fn memory(&self) -> Memory {
        self.objectives().map(ObjectiveForm::memory).max().unwrap_or_default()
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let member = |MemberOf { of, weight }: &MemberOf<O>| Ok((of.prepare(inputs)?, *weight));
        let members: Result<Vec<_>> = self.members.iter().map(member).collect();
        let mut ensemble = optimize::Ensemble::new(members?).map_err(words::policy)?;
        for (at, member) in self.objectives().enumerate() {
            if let Some(own) = member.constraint(inputs)? {
                ensemble = ensemble.with_constraint(at, own);
            }
        }
        Ok(ensemble.into())
    }

    fn is_ready(&self, inputs: &Inputs<'_>) -> bool {
        self.objectives().all(|member| member.is_ready(inputs))
    }

    fn never_held(&self, inputs: &Inputs<'_>) -> Result<Option<usize>> {
        for member in self.objectives() {
            if let Some(asset) = member.never_held(inputs)? {
                return Ok(Some(asset));
            }
        }
        Ok(None)
    }

    /// The most particular one; the mean of portfolios of few holdings has more of them.
    fn shape(&self) -> Shape {
        let rank = |shape: &Shape| match shape {
            Shape::PerRisk => 1,
            Shape::OnePortfolio => 2,
            Shape::Certified => 3,
            _ => 0,
        };
        let most = self.objectives().map(ObjectiveForm::shape).max_by_key(rank);
        most.filter(|shape| *shape != Shape::Quadratic).unwrap_or(Shape::Convex)
    }

    fn without_penalties(&self) -> Option<&'static str> {
        self.objectives().find_map(ObjectiveForm::without_penalties)
    }

    fn warning(&self) -> Option<String> {
        self.objectives().find_map(ObjectiveForm::warning)
    }

    fn tolerance(&self) -> Option<f64> {
        self.objectives().filter_map(ObjectiveForm::tolerance).reduce(f64::min)
    }

    fn tracks(&self) -> bool {
        self.any(|member| member.tracks())
    }

    fn has_reviews(&self) -> bool {
        self.any(|member| member.has_reviews())
    }

    fn is_reviewed(&self, past: &Past<'_>) -> bool {
        self.any(|member| member.is_reviewed(past))
    }
}
