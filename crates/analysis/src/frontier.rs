//! The frontier of a grid over the number of holdings: what each further one saves.

use serde::Serialize;
use serde_json::Value;
use walkfolio_record::{Cell, GridRun};

/// The key that makes a grid a frontier.
const KEY: &str = "allocate.max_holdings";
/// Fewest holdings within this of the lowest tracking error are named.
pub const CLOSE: f64 = 0.000_5;

/// Tracking error by the maximum number of holdings, one line for all other settings.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::frontier::Frontier;
/// use walkfolio_record::GridRun;
///
/// let grid: GridRun = serde_json::from_reader(File::open("tests/example/grid.json")?)?;
/// // By the limit of one asset, a line each; a second holding saves two points of tracking error.
/// let line = &Frontier::of(&grid).unwrap().lines[0];
/// assert_eq!((line.points[0].holdings, line.points[0].tracking_error), (1.0, Some(0.06)));
/// assert!((line.points[1].saved.unwrap() - 0.02).abs() < 1e-15);
/// assert_eq!(line.best.map(|best| best.fewest), Some(2.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Frontier {
    /// The lines.
    pub lines: Vec<FrontierLine>,
}

/// The backtests that differ in the number of holdings alone.
///
/// # Examples
/// See [`Frontier`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrontierLine {
    /// Their other settings, by index of the swept key.
    pub settings: Vec<(usize, Value)>,
    /// From the fewest holdings to the most.
    pub points: Vec<FrontierPoint>,
    /// The lowest tracking error, and the fewest holdings within 0.05 points of it.
    pub best: Option<FrontierBest>,
}

/// One backtest of a frontier.
///
/// # Examples
/// See [`Frontier`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrontierPoint {
    /// The cell of the grid.
    pub cell: usize,
    /// The maximum number of holdings.
    pub holdings: f64,
    /// Realized tracking error a year, a fraction.
    pub tracking_error: Option<f64>,
    /// That of the point before less its own.
    pub saved: Option<f64>,
}

/// Where a frontier is lowest.
///
/// # Examples
/// See [`Frontier`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FrontierBest {
    /// The number of holdings with the lowest tracking error.
    pub holdings: f64,
    /// That tracking error.
    pub tracking_error: f64,
    /// The fewest holdings that come close to it.
    pub fewest: f64,
    /// The tracking error of these.
    pub fewest_tracking_error: f64,
}

impl Frontier {
    /// The frontier of a grid; `None` unless it sweeps the number of holdings against a benchmark.
    pub fn of(grid: &GridRun) -> Option<Self> {
        let place = grid.keys.iter().position(|key| key == KEY)?;
        let mut lines: Vec<FrontierLine> = Vec::new();
        for (index, cell) in grid.cells.iter().enumerate() {
            let point = FrontierPoint {
                cell: index,
                holdings: cell.settings.get(place)?.as_f64()?,
                tracking_error: tracking_error(cell),
                saved: None,
            };
            let all = cell.settings.iter().cloned().enumerate();
            let settings: Vec<(usize, Value)> = all.filter(|(at, _)| *at != place).collect();
            match lines.iter_mut().find(|line| line.settings == settings) {
                Some(line) => line.points.push(point),
                None => lines.push(FrontierLine { settings, points: vec![point], best: None }),
            }
        }
        lines.iter_mut().for_each(FrontierLine::complete);
        let several = lines.iter().any(|line| line.points.len() > 1);
        let known = |line: &FrontierLine| line.points.iter().any(|p| p.tracking_error.is_some());
        (several && lines.iter().any(known)).then_some(Self { lines })
    }
}

impl FrontierLine {
    /// Sorts its points, and finds what each saves and which is lowest.
    fn complete(&mut self) {
        self.points.sort_by(|a, b| a.holdings.total_cmp(&b.holdings));
        let errors: Vec<Option<f64>> = self.points.iter().map(|p| p.tracking_error).collect();
        for (before, point) in errors.iter().zip(self.points.iter_mut().skip(1)) {
            point.saved = before.zip(point.tracking_error).map(|(before, here)| before - here);
        }
        self.best = self.lowest();
    }

    fn lowest(&self) -> Option<FrontierBest> {
        let points = self.points.iter();
        let known: Vec<(f64, f64)> =
            points.filter_map(|point| Some((point.holdings, point.tracking_error?))).collect();
        let (holdings, lowest) = known.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1))?;
        let (fewest, error) = known.iter().copied().find(|(_, error)| *error <= lowest + CLOSE)?;
        Some(FrontierBest {
            holdings,
            tracking_error: lowest,
            fewest,
            fewest_tracking_error: error,
        })
    }
}

fn tracking_error(cell: &Cell) -> Option<f64> {
    cell.measure("tracking_error").filter(|value| value.is_finite())
}
