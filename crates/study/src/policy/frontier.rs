//! The portfolio of a study on its efficient frontier.

use walkfolio_core::{Past, Result, View};
use walkfolio_optimize::{Chosen, EfficientFrontier};

use super::allocation::Allocation;

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
