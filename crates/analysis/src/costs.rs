//! What trading took from a portfolio.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{ReturnRow, Run};
use walkfolio_stats::Covered;
use walkfolio_stats::measures::performance::{self, mean_return_annual};

use crate::line::Line;
use crate::sample::Sample;
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

/// What the same trades would have left at other costs per side.
///
/// # Units
/// Basis points of what is traded on a side; annualized fractions.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::costs::at_costs;
/// use walkfolio_record::Run;
///
/// let mut run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// // A half of equity changes hands, one way: a side of 20 basis points costs twice 0.5 times 0.002.
/// run.returns[64].turnover = 0.5;
/// let found = at_costs(&run, &run.returns);
/// let at = |bps: f64| found.iter().find(|one| one.per_side_bps == bps).unwrap();
/// let years = run.returns.len() as f64 / 252.0;
/// let lost = (1.0 + at(20.0).annual_return.unwrap()) / (1.0 + at(0.0).annual_return.unwrap());
/// assert!((lost - (1.0_f64 - 0.002).powf(1.0 / years)).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AtCost {
    /// The cost per side.
    pub per_side_bps: f64,
    /// The compounded return.
    pub annual_return: Option<f64>,
    /// The Sharpe ratio.
    pub sharpe_ratio: Option<f64>,
    /// The mean return above the benchmark's.
    pub excess_return_annual: Option<f64>,
}

/// Costs per side that every run is looked at with, in basis points.
const SIDES: [f64; 9] = [0.0, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 50.0];

/// The same trades at other costs, the study's own among them: none where nothing was turned over. The weights
/// are those of the run, which a study that knows of its costs would change.
pub fn at_costs(run: &Run, rows: &[ReturnRow]) -> Vec<AtCost> {
    if rows.iter().all(|row| row.turnover == 0.0) {
        return Vec::new();
    }
    let mut sides = SIDES.to_vec();
    sides.push(run.manifest.resolved.costs.per_side_bps);
    sides.sort_by(f64::total_cmp);
    sides.dedup();
    sides.into_iter().map(|bps| at_cost(run, rows, bps)).collect()
}

fn at_cost(run: &Run, rows: &[ReturnRow], per_side_bps: f64) -> AtCost {
    let year = stated::periods_per_year(&run.manifest);
    let stated = &run.manifest.resolved.costs;
    let linear = |row: &ReturnRow, bps: f64| 2.0 * row.turnover * bps * 1e-4;
    let net = |row: &ReturnRow| {
        // What the impact of trades costs is the same.
        let impact = stated.impact.map_or(0.0, |_| row.cost - linear(row, stated.per_side_bps));
        let cost = linear(row, per_side_bps) + impact;
        ReturnRow { portfolio: (1.0 + row.gross) * (1.0 - cost) - 1.0, ..row.clone() }
    };
    let rows: Vec<ReturnRow> = rows.iter().map(net).collect();
    let sample = Sample::of(run, &rows);
    let active = sample.active.as_ref().map(Covered::values);
    AtCost {
        per_side_bps,
        annual_return: performance::annual_return(sample.own.values(), year),
        sharpe_ratio: performance::sharpe_ratio(sample.excess.values(), year),
        excess_return_annual: active.and_then(|active| mean_return_annual(active, year)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_its_own_cost_a_run_is_what_it_is() {
        let file = std::fs::File::open("tests/example/run.json").unwrap();
        let mut run: Run = serde_json::from_reader(file).unwrap();
        run.manifest.resolved.costs.per_side_bps = 7.0;
        for (at, row) in run.returns.iter_mut().enumerate() {
            row.gross = row.portfolio;
            row.turnover = if at % 20 == 0 { 0.3 } else { 0.0 };
            row.cost = 2.0 * row.turnover * 7e-4;
            row.portfolio = (1.0 + row.gross) * (1.0 - row.cost) - 1.0;
        }
        let net: Vec<f64> = run.returns.iter().map(|row| row.portfolio).collect();
        let found = at_costs(&run, &run.returns);
        let own = found.iter().find(|one| one.per_side_bps == 7.0).unwrap();
        let wanted = performance::annual_return(&net, 252.0).unwrap();
        assert!((own.annual_return.unwrap() - wanted).abs() < 1e-12);
        // What costs more leaves less.
        assert!(found.windows(2).all(|pair| {
            pair[0].per_side_bps < pair[1].per_side_bps
                && pair[0].annual_return > pair[1].annual_return
        }));
    }
}
