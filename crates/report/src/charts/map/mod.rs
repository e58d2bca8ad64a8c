//! Every measure over a grid's cells, in every period, with and without costs: what the maps show.

use serde::Serialize;
use walkfolio_analysis::axes::{Axes, Axis};
use walkfolio_analysis::selection;
use walkfolio_analysis::{Better, Definition, Unit, definitions};
use walkfolio_record::GridRun;

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::columns::headline;
use crate::page::part;

const TEMPLATE: &str = include_str!("map.html");
/// The section.
pub(crate) const CHART: GridChart =
    Chart { id: "map", title: "Map", script: include_str!("map.js"), draw };

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    let (grid, axes) = (summary.grid, &summary.axes);
    let main = headline(&grid.manifest);
    let shown = first(&main, axes, summary.found.frontier.is_some());
    Drawn::of(Surface::of(grid, axes, shown), |map| {
        Drawn::section(mapped(grid, &map, axes)?).with("map", &map)
    })
}

#[derive(Serialize)]
struct Map<'a> {
    axes: Vec<&'a Axis<'a>>,
    keys: Vec<&'a str>,
    look_backs: bool,
    left_out: Option<&'static str>,
    luck: Option<String>,
}

/// The measure that the map shows first: not what a frontier above it shows already.
fn first(main: &[&'static str; 5], axes: &Axes<'_>, frontier: bool) -> &'static str {
    match (frontier, axes.keys.as_slice()) {
        (true, [_]) => "turnover_annual",
        _ if main[0] == "tracking_error" => main[0],
        _ => main[2],
    }
}

fn mapped(grid: &GridRun, map: &Surface, axes: &Axes<'_>) -> Result<String> {
    let shown: Vec<&Axis<'_>> = map.axes.iter().map(|&at| &axes.keys[at]).collect();
    let keys = shown.iter().map(|axis| axis.key).collect();
    let look_backs = axes.look_backs().is_some();
    let luck = grid.selection_bias.as_ref().map(selection::sentence);
    part(TEMPLATE, Map { axes: shown, keys, look_backs, left_out: map.left_out, luck })
}

/// Numbers of all maps together: beyond these the page would be too large.
const NUMBERS: usize = 300_000;
/// Measures that are no property of a setting.
const ELSEWHERE: [&str; 3] = ["benchmark_annual_return", "sessions", "ruined"];

/// Values in units of their last digit shown, one a cell.
type Values = Vec<Option<i64>>;

/// What the maps are drawn from.
#[derive(Serialize)]
struct Surface {
    /// The axes: down and across, or across alone.
    axes: Vec<usize>,
    measures: Vec<Measure>,
    periods: Vec<String>,
    costs: bool,
    /// By costs (charged, free), period and measure; none where the same as charged, or undefined.
    values: Vec<Vec<Vec<Option<Values>>>>,
    first: usize,
    #[serde(skip)]
    left_out: Option<&'static str>,
}

#[derive(Serialize)]
struct Measure {
    label: &'static str,
    unit: &'static str,
    lower_is_better: bool,
}

impl Surface {
    /// The maps of a grid, the measure `first` before the others; `None` where nothing numeric is
    /// swept or nothing was measured.
    fn of(grid: &GridRun, axes: &Axes<'_>, first: &str) -> Option<Self> {
        let places = axes.of_map();
        let known = |d: &&Definition| {
            !ELSEWHERE.contains(&d.key) && grid.cells.iter().any(|c| c.measure(d.key).is_some())
        };
        let chosen: Vec<&Definition> = definitions().iter().filter(known).collect();
        if places.is_empty() || chosen.is_empty() {
            return None;
        }
        let names = grid.manifest.resolved.period.iter().map(|regime| regime.name.as_str());
        let mut periods: Vec<&str> = std::iter::once("").chain(names).collect();
        let mut costs = grid.cells.iter().any(|cell| cell.without_costs.is_some());
        let size = |periods: usize, costs: bool| {
            chosen.len() * grid.cells.len() * periods * (1 + usize::from(costs))
        };
        let mut left_out = None;
        if size(periods.len(), costs) > NUMBERS && periods.len() > 1 {
            periods.truncate(1);
            left_out = Some("The regimes of so many backtests");
        }
        if size(periods.len(), costs) > NUMBERS && costs {
            costs = false;
            left_out = Some("The regimes of so many backtests, and their measures gross of costs,");
        }
        let of = |prefix: &str| -> Vec<Vec<Option<Values>>> {
            let period = |period: &&str| {
                let before = if period.is_empty() { String::new() } else { format!("{period}.") };
                let key = |d: &&Definition| values(grid, &format!("{prefix}{before}{}", d.key), d);
                chosen.iter().map(key).collect()
            };
            periods.iter().map(period).collect()
        };
        let charged = of("");
        let mut free = if costs { of("without_costs.") } else { Vec::new() };
        for (free, charged) in free.iter_mut().flatten().zip(charged.iter().flatten()) {
            if free == charged {
                *free = None;
            }
        }
        Some(Self {
            axes: places,
            first: chosen.iter().position(|d| d.key == first).unwrap_or(0),
            measures: chosen.into_iter().map(measure).collect(),
            periods: periods.into_iter().map(period_name).collect(),
            costs,
            values: if costs { vec![charged, free] } else { vec![charged] },
            left_out,
        })
    }
}

fn period_name(name: &str) -> String {
    if name.is_empty() { "Full sample".to_owned() } else { name.to_owned() }
}

fn measure(definition: &Definition) -> Measure {
    Measure {
        label: definition.label,
        unit: match definition.unit {
            Unit::Percent => "percent",
            Unit::Count => "count",
            Unit::Ratio | Unit::Number => "number",
        },
        lower_is_better: definition.better == Better::Lower,
    }
}

/// One measure over all cells; `None` if it is not defined in any.
fn values(grid: &GridRun, key: &str, definition: &Definition) -> Option<Values> {
    let scale = match definition.unit {
        Unit::Percent => 1e4,
        Unit::Ratio | Unit::Number => 1e3,
        Unit::Count => 1.0,
    };
    let value = |value: f64| digits(value * scale);
    let all: Values = grid.cells.iter().map(|cell| cell.measure(key).and_then(value)).collect();
    all.iter().any(Option::is_some).then_some(all)
}

/// A number rounded to a whole one; `None` if it is not finite.
#[allow(clippy::cast_possible_truncation)] // a cast saturates, and no measure is so large
fn digits(value: f64) -> Option<i64> {
    value.is_finite().then(|| value.round() as i64)
}
