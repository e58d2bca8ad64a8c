//! Every measure over a grid's cells, in every period, with and without costs: what the maps show.

use serde::Serialize;
use walkfolio_analysis::axes::{Axes, Axis};
use walkfolio_analysis::line::Line;
use walkfolio_analysis::measure::definition;
use walkfolio_analysis::selection;
use walkfolio_analysis::surface::{LeftOut, Surface};
use walkfolio_analysis::{Better, Definition, Unit};
use walkfolio_record::GridRun;

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::charts::best_tracking::chosen;
use crate::columns::headline;
use crate::template::part;

const TEMPLATE: &str = include_str!("map.html");
/// The section.
pub(crate) const CHART: GridChart =
    Chart { id: "map", title: "Map", script: include_str!("map.js"), draw };

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    let (grid, axes) = (summary.grid, &summary.axes);
    let main = headline(&grid.manifest);
    let shown = first(&main, axes, summary.found.frontier.is_some());
    Drawn::of(Maps::of(grid, axes, shown), |map| {
        Drawn::section(mapped(summary, &map)?).with("map", &map)
    })
}

#[derive(Serialize)]
struct Map<'a> {
    axes: Vec<&'a Axis<'a>>,
    keys: Vec<&'a str>,
    look_backs: bool,
    left_out: Option<&'static str>,
    selection_bias: Option<String>,
}

/// The measure that the map shows first: not what a frontier above it shows already.
fn first(main: &[&'static str; 5], axes: &Axes<'_>, frontier: bool) -> &'static str {
    match (frontier, axes.keys.as_slice()) {
        (true, [_]) => "turnover_annual",
        _ if main[0] == "tracking_error" => main[0],
        _ => main[2],
    }
}

fn mapped(summary: &GridSummary<'_>, map: &Maps) -> Result<String> {
    let (grid, axes) = (summary.grid, &summary.axes);
    let shown: Vec<&Axis<'_>> = map.axes.iter().map(|&at| &axes.keys[at]).collect();
    let keys = shown.iter().map(|axis| axis.key).collect();
    let look_backs = axes.look_backs().is_some();
    let bias = grid.selection_bias.as_ref().filter(|_| chosen(summary).is_none());
    let selection_bias = bias.map(selection::sentence);
    part(TEMPLATE, Map { axes: shown, keys, look_backs, left_out: map.left_out, selection_bias })
}

/// Numbers of all maps together: beyond these the page would be too large.
const NUMBERS: usize = 200_000;

/// Values in units of their last digit shown, one a cell.
type Values = Vec<Option<i64>>;

/// What the maps are drawn from.
#[derive(Serialize)]
struct Maps {
    /// The axes: down and across, or across alone.
    axes: Vec<usize>,
    measures: Vec<Measure>,
    periods: Vec<String>,
    costs: bool,
    /// By costs (net, gross), period and measure; none where gross is the same as net, or undefined. Gross may be there
    /// for the first period alone.
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

impl Maps {
    /// The maps of a grid, the measure `first` before the others; `None` where nothing numeric is
    /// swept or nothing was measured.
    fn of(grid: &GridRun, axes: &Axes<'_>, first: &str) -> Option<Self> {
        let found = Surface::of(grid, axes, NUMBERS)?;
        let measures: Vec<&Definition> =
            found.measures.iter().filter_map(|key| definition(key)).collect();
        let digits = |table: &Vec<Vec<Line>>| -> Vec<Vec<Option<Values>>> {
            let period = |lines: &Vec<Line>| {
                lines.iter().zip(&measures).map(|(line, of)| values(line, of)).collect()
            };
            table.iter().map(period).collect()
        };
        let net = digits(&found.net);
        let mut gross = found.gross.as_ref().map(digits);
        for (gross, net) in gross.iter_mut().flatten().flatten().zip(net.iter().flatten()) {
            if gross == net {
                *gross = None;
            }
        }
        Some(Self {
            first: measures.iter().position(|d| d.key == first).unwrap_or(0),
            measures: measures.into_iter().map(measure).collect(),
            periods: found.periods.into_iter().map(period_name).collect(),
            costs: gross.is_some(),
            values: std::iter::once(net).chain(gross).collect(),
            left_out: left_out(found.left_out),
            axes: found.axes,
        })
    }
}

/// What the page says of it.
fn left_out(found: LeftOut) -> Option<&'static str> {
    match found {
        LeftOut::Nothing => None,
        LeftOut::GrossInPeriods => Some("The regimes of so many backtests gross of costs"),
        LeftOut::Periods => Some("The regimes of so many backtests"),
        LeftOut::PeriodsAndGross => {
            Some("The regimes of so many backtests, and their measures gross of costs,")
        }
    }
}

fn period_name(name: Option<String>) -> String {
    name.unwrap_or_else(|| "Full sample".to_owned())
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
fn values(line: &Line, definition: &Definition) -> Option<Values> {
    let scale = match definition.unit {
        Unit::Percent => 1e4,
        Unit::Ratio | Unit::Number => 1e3,
        Unit::Count => 1.0,
    };
    let all: Values =
        line.iter().map(|value| value.and_then(|value| digits(value * scale))).collect();
    all.iter().any(Option::is_some).then_some(all)
}

/// A number rounded to a whole one; `None` if it is not finite.
#[allow(clippy::cast_possible_truncation)] // a cast saturates, and no measure is so large
fn digits(value: f64) -> Option<i64> {
    value.is_finite().then(|| value.round() as i64)
}
