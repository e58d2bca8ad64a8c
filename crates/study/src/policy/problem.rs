//! What a decision solves: a mandate, or a point of the efficient frontier.

use walkfolio_core::number::{decimals, shown};
use walkfolio_core::{Note, Result};
use walkfolio_optimize::{
    Chosen, EfficientFrontier, Error as SolveError, FrontierPoint, Mandate, Optimizer, Precision,
    Solution,
};

use crate::constraint::Scaling;
use crate::objective::{ObjectiveChoice, Setting};
use crate::words;

/// What a decision solves.
pub(super) struct Problem {
    /// What its portfolio is the solution of.
    pub mandate: Mandate,
    /// The mean-variance mandate on whose frontier it is, and where, if it is one of a frontier.
    pub on: Option<(Mandate, FrontierPoint)>,
    /// What the moments of a year are multiplied by.
    pub of_year: f64,
    /// How its portfolio is scaled to a volatility, if it is.
    pub scaling: Option<Scaling>,
}

impl Problem {
    /// The mandate itself, or the point of its frontier that an objective asks for.
    pub(super) fn of(
        objective: &ObjectiveChoice,
        setting: &Setting,
        stated: Mandate,
        scaling: Option<Scaling>,
    ) -> Result<Self> {
        let Some(point) = objective.point(setting)? else {
            return Ok(Self { mandate: stated, on: None, of_year: 1.0, scaling });
        };
        let of_year = setting.scale()?.of_year();
        let mandate = point.problem(&stated).map_err(words::policy)?;
        Ok(Self { mandate, on: Some((stated, point)), of_year, scaling })
    }

    /// Weights as they are held.
    pub(super) fn scaled(&self, weights: Vec<f64>, notes: &mut Vec<Note>) -> Vec<f64> {
        match &self.scaling {
            Some(scaling) => scaling.scaled(&weights, notes),
            None => weights,
        }
    }

    /// Its portfolio, and where on the frontier it is.
    pub(super) fn solve(
        &self,
        optimizer: &mut Optimizer,
    ) -> Result<(Solution, Option<Note>), SolveError> {
        let Some((stated, point)) = &self.on else {
            let solution = optimizer.solve(&self.mandate, Precision::Full)?;
            return Ok((solution, None));
        };
        let frontier = EfficientFrontier::of(stated)?;
        let solved = frontier.solve(*point, optimizer);
        let (chosen, solution) = solved.map_err(|error| of_year(error, self.of_year))?;
        let note = Note::info(place(&chosen, frontier.corners().len()));
        Ok((solution, Some(note)))
    }

    /// The problem of the nearest portfolio where there is none of what was asked for, and what was done.
    pub(super) fn nearest(&self, failure: &SolveError) -> Option<(Mandate, String)> {
        if let SolveError::Excluded { .. } = failure {
            let what = "relaxed: the nearest portfolio that satisfies all constraints is taken";
            return Some((self.mandate.nearest().ok()??, what.to_owned()));
        }
        let SolveError::OffFrontier { what, value, from, to } = failure else { return None };
        let (end, called, at) = if value < from {
            (FrontierPoint::MinimumVariance, "least risk", from)
        } else {
            (FrontierPoint::MaximumReturn, "largest return", to)
        };
        let (stated, _) = self.on.as_ref()?;
        let at = shown((at * 1e6).round() / 1e6);
        let what = format!("relaxed: the portfolio of the {called}, with {what} of {at}, is taken");
        Some((end.problem(stated).ok()?, what))
    }
}

/// Where a portfolio is, in words.
fn place(chosen: &Chosen, corners: usize) -> String {
    let at = chosen.corner + 1;
    let place = if chosen.share > 0.0 {
        format!("{} of the way from corner {at} to {}", decimals(chosen.share, 4), at + 1)
    } else {
        format!("at corner {at}")
    };
    let aversion = if chosen.risk_aversion.is_finite() {
        format!(", best for a risk aversion of {}", decimals(chosen.risk_aversion, 4))
    } else {
        String::new()
    };
    format!("efficient frontier: {place} of {corners}{aversion}")
}

/// What no portfolio of the frontier has, as the study states it.
fn of_year(error: SolveError, of_year: f64) -> SolveError {
    let SolveError::OffFrontier { what, value, from, to } = error else { return error };
    let unit = if what == "a volatility" { of_year.sqrt() } else { of_year };
    let [value, from, to] = [value, from, to].map(|it| it / unit);
    SolveError::OffFrontier { what, value, from, to }
}
