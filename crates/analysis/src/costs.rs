//! What trading took from a portfolio.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::Run;
use walkfolio_stats::measures::performance::mean_return_annual;

use crate::line::Line;
use crate::stated;

/// The wealth that costs took, over time and in all.
///
/// # Units
/// `lost = 1 - wealth after costs / wealth before them`, a fraction of what there would be; `annual` a fraction a
/// year, arithmetic; `break_even_bps` in basis points per side.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::costs::Costs;
/// use walkfolio_record::Run;
///
/// let mut run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// assert_eq!(Costs::of(&run), None); // trading is free
/// run.returns[0].portfolio = 0.009_9;
/// run.returns[0].cost = 0.000_1;
/// let found = Costs::of(&run).unwrap();
/// assert!((found.last() - (1.0 - 1.0099 / 1.01)).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Costs {
    /// The sessions.
    pub dates: Vec<Date>,
    /// What was lost until the end of each.
    pub lost: Line,
    /// The cost, a year.
    pub annual: Option<f64>,
    /// The mean return above the benchmark's before costs, a year.
    pub gross_excess: Option<f64>,
    /// The cost per side at which the mean return would equal the benchmark's; none where it is below that even
    /// before costs, or where trades have an impact on prices.
    pub break_even_bps: Option<f64>,
}

impl Costs {
    /// What a run's trades cost; `None` where nothing was charged.
    pub fn of(run: &Run) -> Option<Self> {
        if run.returns.iter().all(|row| row.cost == 0.0) {
            return None;
        }
        let (mut net, mut gross) = (1.0, 1.0);
        let lost = run.returns.iter().map(|row| {
            net *= 1.0 + row.portfolio;
            gross *= 1.0 + row.gross;
            (net > 0.0 && gross > 0.0).then(|| 1.0 - net / gross)
        });
        let lost: Line = lost.collect();
        let year = stated::periods_per_year(&run.manifest);
        let apart: Vec<f64> =
            run.returns.iter().filter_map(|row| Some(row.gross - row.benchmark?)).collect();
        let gross_excess = mean_return_annual(&apart, year);
        let annual = run.measures.full.get("cost_annual");
        let stated = &run.manifest.resolved.costs;
        let bps = stated.per_side_bps;
        // What the impact of trades costs is no multiple of basis points.
        let break_even = gross_excess
            .zip(annual)
            .filter(|(excess, cost)| stated.impact.is_none() && *excess > 0.0 && *cost > 0.0);
        Some(Self {
            dates: run.returns.iter().map(|row| row.date).collect(),
            lost,
            annual,
            gross_excess,
            break_even_bps: break_even.map(|(excess, cost)| bps * excess / cost),
        })
    }

    /// What was lost in all.
    pub fn last(&self) -> f64 {
        self.lost.iter().rev().find_map(|lost| *lost).unwrap_or(0.0)
    }
}
