//! The portfolio of a study on its efficient frontier.

use walkfolio_core::number::{decimals, shown};
use walkfolio_core::{Note, Past, Result, View};
use walkfolio_optimize::{
    Chosen, EfficientFrontier, Error as SolveError, FrontierPoint, Mandate, Optimizer, Precision,
    Solution,
};

use super::allocation::Allocation;
use crate::words;

/// The efficient frontier of a decision, and the portfolio that the study chooses on it.
///
/// # Examples
/// See [`Allocation::frontier`].
#[derive(Debug, Clone)]
pub struct DecisionFrontier {
    /// The frontier, in the units of `[estimate]`.
    pub frontier: EfficientFrontier,
    /// The portfolio; none where it has none of what the study asks for.
    pub chosen: Option<Chosen>,
    /// What the moments of a year are multiplied by to be in these units.
    pub of_year: f64,
}

/// What a decision solves.
pub(super) struct Problem {
    /// What its portfolio is the solution of.
    pub mandate: Mandate,
    /// The mean-variance mandate on whose frontier it is, and where, if it is one of a frontier.
    pub on: Option<(Mandate, FrontierPoint)>,
    /// What the moments of a year are multiplied by.
    of_year: f64,
}

impl Problem {
    pub(super) fn of(allocation: &Allocation, stated: Mandate) -> Result<Self> {
        let setting = &allocation.setting;
        let Some(point) = allocation.allocate.objective.point(setting)? else {
            return Ok(Self { mandate: stated, on: None, of_year: 1.0 });
        };
        let of_year = setting.scale()?.of_year();
        let mandate = point.problem(&stated).map_err(words::policy)?;
        Ok(Self { mandate, on: Some((stated, point)), of_year })
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
}

impl Allocation {
    /// The efficient frontier of a decision; none where the objective is another, or where there is none.
    ///
    /// # Errors
    /// As [`Allocation::mandate`].
    /// # Examples
    /// ```
    /// # use walkfolio_core::*;
    /// use walkfolio_study::{Allocation, Study};
    ///
    /// let study = Study::parse("x.toml", r#"
    /// name = "x"
    /// market = { assets = ["XLF", "XLK"] }
    /// walk_forward = { every = "month" }
    ///
    /// [estimate]
    /// covariance = { kind = "sample", window = 3 }
    /// expected_returns = { kind = "historical", window = 3 }
    ///
    /// [allocate]
    /// objective = { kind = "frontier", at = "minimum_variance" }
    /// bounds = { min = 0.0, max = 1.0 }
    /// "#, &[])?;
    /// # let dates: Vec<Date> = (1..=5).map(|day| Date::constant(2024, 7, day)).collect();
    /// # let table = |names: &[&str], columns: &[[f64; 5]]| {
    /// #     let columns = columns.iter().map(|column| column.map(Some).to_vec()).collect();
    /// #     Prices::new(dates.clone(), Universe::new(names.iter().copied())?, columns)
    /// # };
    /// # let (a, b) = ([100.0, 110.0, 99.0, 120.0, 120.0], [100.0, 100.0, 102.0, 101.0, 102.0]);
    /// # let market = Market::new(table(&["XLF", "XLK"], &[a, b])?)?;
    /// let allocation = Allocation::new(study.on(&market)?.config());
    /// let past = market.before(4)?;
    /// let found = allocation.frontier(&past, &[0, 1], View::without_holdings())?.unwrap();
    /// // From the least risk to XLF alone, which rose most.
    /// assert_eq!(found.frontier.corners().last().unwrap().weights, [1.0, 0.0]);
    /// assert_eq!(found.chosen.unwrap().weights, found.frontier.corners()[0].weights);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn frontier(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        view: View<'_>,
    ) -> Result<Option<DecisionFrontier>> {
        let problem = self.problem(past, assets, view, &mut Vec::new())?;
        let Some((stated, point)) = problem.on else { return Ok(None) };
        let Ok(frontier) = EfficientFrontier::of(&stated) else { return Ok(None) };
        let chosen = frontier.at(point).ok();
        Ok(Some(DecisionFrontier { frontier, chosen, of_year: problem.of_year }))
    }

    /// Whether the objective is a portfolio of the efficient frontier.
    pub fn is_on_frontier(&self) -> bool {
        self.allocate.objective.point(&self.setting).is_ok_and(|point| point.is_some())
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
    let SolveError::OffFrontier { what, value, from, to, nearest } = error else { return error };
    let unit = if what == "a volatility" { of_year.sqrt() } else { of_year };
    let [value, from, to] = [value, from, to].map(|it| it / unit);
    SolveError::OffFrontier { what, value, from, to, nearest }
}

/// The problem of the nearest portfolio where the frontier has none of what was asked for, and what was done.
pub(super) fn nearest(failure: &SolveError) -> Option<(Mandate, String)> {
    let SolveError::OffFrontier { what, value, from, to, nearest } = failure else { return None };
    let (end, at) = if value < from { ("least risk", from) } else { ("largest return", to) };
    let at = shown((at * 1e6).round() / 1e6);
    let what = format!("relaxed: the portfolio of the {end}, with {what} of {at}, is taken");
    Some((nearest.as_ref().clone(), what))
}
