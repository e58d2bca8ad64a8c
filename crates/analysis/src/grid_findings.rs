//! Every figure of a grid's report, as data.

use serde::Serialize;
use walkfolio_record::{GridRun, SelectionBias};

use crate::assessment::{Assessment, assess_grid};
use crate::axes::Axes;
use crate::best::BestByPeriod;
use crate::curves::Curves;
use crate::effects::Effects;
use crate::frontier::Frontier;
use crate::pareto::Pareto;
use crate::target::{GridTargets, grid_targets};
use crate::validation::Validation;

/// All findings of a grid. A report shows these figures and computes none.
///
/// # Units
/// Measures in the units of their definitions, over the full sample and after costs.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::GridFindings;
/// use walkfolio_record::GridRun;
///
/// let grid: GridRun = serde_json::from_reader(File::open("tests/example/grid.json")?)?;
/// let findings = GridFindings::of(&grid);
/// assert_eq!(findings.targets.unwrap().met_all, 2);
/// assert!(findings.frontier.is_some() && findings.pareto.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GridFindings {
    /// What to make of the grid.
    pub assessment: Assessment,
    /// The study's targets and what the backtests reached.
    pub targets: Option<GridTargets>,
    /// Growth of the best and of the median backtest.
    pub curves: Option<Curves>,
    /// How far the figures of the best can be believed.
    pub selection_bias: Option<SelectionBias>,
    /// How choices do on sessions that they have not seen, where the study asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cross_validation: Option<Validation>,
    /// How many of the best estimators by period can be told from others.
    pub best_by_period: Option<BestByPeriod>,
    /// Tracking error by number of holdings.
    pub frontier: Option<Frontier>,
    /// The backtests that no other beats in two measures at once.
    pub pareto: Option<Pareto>,
    /// What each swept key changes.
    pub effects: Option<Effects>,
}

impl GridFindings {
    /// The findings of a grid.
    pub fn of(grid: &GridRun) -> Self {
        let axes = Axes::of(grid);
        Self {
            assessment: assess_grid(grid, &axes),
            targets: grid_targets(grid),
            curves: Curves::of(grid),
            best_by_period: grid.selection_bias.as_ref().and_then(BestByPeriod::of),
            selection_bias: grid.selection_bias.clone(),
            cross_validation: Validation::of_grid(grid),
            frontier: Frontier::of(grid),
            pareto: Pareto::of(grid),
            effects: Effects::of(grid, &axes),
        }
    }
}
