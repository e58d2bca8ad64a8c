//! The surface of a grid: every measure over its cells, by period, net and gross of costs.

use serde::Serialize;
use walkfolio_record::GridRun;
use walkfolio_stats::measures::{Definition, definitions};

use crate::axes::Axes;
use crate::line::Line;

/// Measures that are no property of a setting.
const ELSEWHERE: [&str; 3] = ["benchmark_annual_return", "sessions", "ruined"];
/// Before the keys of measures gross of costs.
const GROSS: &str = "without_costs.";

/// Every measure over the cells of a grid.
///
/// It is not part of [`GridFindings`](crate::GridFindings), as it holds as many numbers as
/// `grid.parquet`.
///
/// # Units
/// Values in the units of their definitions.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::{axes::Axes, surface::Surface};
/// use walkfolio_record::GridRun;
///
/// let grid: GridRun = serde_json::from_reader(File::open("tests/example/grid.json")?)?;
/// let found = Surface::of(&grid, &Axes::of(&grid), 100).unwrap();
/// // Over the limit of one asset and the number of holdings.
/// assert_eq!(found.axes, [0, 1]);
/// let at = found.measures.iter().position(|key| *key == "tracking_error").unwrap();
/// assert_eq!(found.net[0][at], [Some(0.06), Some(0.04), Some(0.05), Some(0.03)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Surface {
    /// Its axes, by index of the swept key: down and across, or across alone.
    pub axes: Vec<usize>,
    /// The keys of the measures that are defined in a cell.
    pub measures: Vec<&'static str>,
    /// The periods: `None` for the full sample, then the names of those of the study.
    pub periods: Vec<Option<String>>,
    /// Net of costs: by period, measure and cell.
    pub net: Vec<Vec<Line>>,
    /// The same gross of costs, where a cell charges for trading; of the full sample alone where `left_out` says so.
    pub gross: Option<Vec<Vec<Line>>>,
    /// What would have been too much.
    pub left_out: LeftOut,
}

/// What a surface leaves out so that it does not exceed its number of values.
///
/// # Examples
/// See [`Surface`]: nothing is left out there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// Nothing.
    Nothing,
    /// The figures gross of costs in the periods of the study.
    GrossInPeriods,
    /// The periods of the study.
    Periods,
    /// The periods of the study, and all figures gross of costs.
    PeriodsAndGross,
}

impl Surface {
    /// The surface of a grid, of at most so many values where leaving out periods and costs can
    /// reach that; `None` where nothing numeric is swept or nothing was measured.
    pub fn of(grid: &GridRun, axes: &Axes<'_>, most: usize) -> Option<Self> {
        let places = axes.of_map();
        let measures = measured(grid);
        if places.is_empty() || measures.is_empty() {
            return None;
        }
        let names = grid.manifest.resolved.period.iter().map(|period| Some(period.name.clone()));
        let mut periods: Vec<Option<String>> = std::iter::once(None).chain(names).collect();
        let costs = grid.cells.iter().any(|cell| cell.without_costs.is_some());
        let mut gross = if costs { periods.len() } else { 0 };
        let too_many =
            |net: usize, gross: usize| measures.len() * grid.cells.len() * (net + gross) > most;
        let mut left_out = LeftOut::Nothing;
        if too_many(periods.len(), gross) && gross > 1 {
            gross = 1;
            left_out = LeftOut::GrossInPeriods;
        }
        if too_many(periods.len(), gross) && periods.len() > 1 {
            periods.truncate(1);
            left_out = LeftOut::Periods;
        }
        if too_many(periods.len(), gross) && gross > 0 {
            gross = 0;
            left_out = LeftOut::PeriodsAndGross;
        }
        let table = |prefix: &str, periods: &[Option<String>]| -> Vec<Vec<Line>> {
            periods.iter().map(|period| lines(grid, prefix, period.as_deref(), &measures)).collect()
        };
        let net = table("", &periods);
        let gross = (gross > 0).then(|| table(GROSS, &periods[..gross]));
        Some(Self { axes: places, measures, periods, net, gross, left_out })
    }
}

/// The measures of settings that are defined in a cell.
fn measured(grid: &GridRun) -> Vec<&'static str> {
    let known = |definition: &&Definition| {
        let key = definition.key;
        !ELSEWHERE.contains(&key) && grid.cells.iter().any(|cell| cell.measure(key).is_some())
    };
    definitions().iter().filter(known).map(|definition| definition.key).collect()
}

/// By measure, its values over the cells in one period.
fn lines(grid: &GridRun, prefix: &str, period: Option<&str>, measures: &[&str]) -> Vec<Line> {
    let period = period.map_or_else(String::new, |name| format!("{name}."));
    let line = |key: &&str| {
        let key = format!("{prefix}{period}{key}");
        grid.cells.iter().map(|cell| cell.measure(&key)).collect()
    };
    measures.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use walkfolio_study::PeriodSpec;

    use super::*;

    fn grid() -> GridRun {
        let text = include_str!("../tests/example/grid.json");
        let mut grid: GridRun = serde_json::from_str(text).unwrap();
        let period = PeriodSpec { name: "covid".to_owned(), first: None, last: None };
        grid.manifest.resolved.period.push(period);
        for cell in &mut grid.cells {
            cell.without_costs.clone_from(&cell.measures);
        }
        grid
    }

    #[test]
    fn periods_and_then_costs_are_left_out_where_there_are_too_many() {
        let grid = grid();
        let axes = Axes::of(&grid);
        // Four measures of four cells, in two periods, net and gross.
        let of = |most| {
            let found = Surface::of(&grid, &axes, most).unwrap();
            (found.periods.len(), found.gross.map_or(0, |gross| gross.len()), found.left_out)
        };
        assert_eq!(of(64), (2, 2, LeftOut::Nothing));
        assert_eq!(of(63), (2, 1, LeftOut::GrossInPeriods));
        assert_eq!(of(47), (1, 1, LeftOut::Periods));
        assert_eq!(of(31), (1, 0, LeftOut::PeriodsAndGross));
    }

    #[test]
    fn a_period_that_was_not_measured_has_no_values() {
        let grid = grid();
        let found = Surface::of(&grid, &Axes::of(&grid), 1_000).unwrap();
        assert_eq!(found.periods, [None, Some("covid".to_owned())]);
        assert!(found.net[1].iter().flatten().all(Option::is_none));
        assert_eq!(found.gross.unwrap()[0], found.net[0]);
    }
}
