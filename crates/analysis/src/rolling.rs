//! Risk and reward over trailing windows: each point knows the sessions up to it and no others.

use std::ops::Range;

use rayon::prelude::*;
use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{ReturnRow, Run};
use walkfolio_stats::Covered;
use walkfolio_stats::measures::{performance, relative};

use crate::line::{Line, evenly};
use crate::sample::Sample;
use crate::stated;

/// Fewer periods than these say nothing of a window.
const LEAST: usize = 12;

/// Periods of the windows: a quarter, half a year and a year; of rarer prices one, two and three years, at least
/// a dozen periods.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a year has a few hundred periods
fn windows(periods_per_year: f64) -> Vec<usize> {
    let of = |years: f64| (years * periods_per_year).round() as usize;
    let quarters = [0.25, 0.5, 1.0].map(of);
    let years = [1.0, 2.0, 3.0].map(of);
    let wanted = if quarters[0] < LEAST { years } else { quarters };
    wanted.into_iter().filter(|window| *window >= LEAST).collect()
}

/// Sessions at which a line is taken, evenly spread back from the last; more would not be seen.
const POINTS: usize = 1000;

/// Measures over trailing windows.
///
/// # Timing
/// The value at a date is taken from the window that ends with it, where the benchmark and the rate that
/// it needs cover the whole window.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::rolling::Rolling;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let found = Rolling::of(&run, &run.returns).unwrap();
/// assert_eq!(found.windows, [63, 126]);
/// // The portfolio moves half as much as its benchmark.
/// let beta = found.measures.iter().find(|measure| measure.key == "beta").unwrap();
/// assert_eq!(beta.portfolio[0][61], None);
/// assert!((beta.portfolio[0][62].unwrap() - 0.5).abs() < 1e-12);
/// let correlation = found.measures.iter().find(|measure| measure.key == "correlation").unwrap();
/// assert!((correlation.full.unwrap() - 1.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rolling {
    /// Sessions of each window; those that the run does not exceed are left out.
    pub windows: Vec<usize>,
    /// The dates of the lines: at most 1,000, evenly spread back from the last session.
    pub dates: Vec<Date>,
    /// The measures that are defined somewhere.
    pub measures: Vec<RollingMeasure>,
}

/// A measure over time, for each window, in the unit of its definition.
///
/// # Examples
/// See [`Rolling`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RollingMeasure {
    /// The key of the measure.
    pub key: &'static str,
    /// By window, the portfolio's after costs.
    pub portfolio: Vec<Line>,
    /// By window, the benchmark's, where it has any.
    pub benchmark: Option<Vec<Line>>,
    /// The portfolio's over all sessions at once, a line to read the others by.
    pub full: Option<f64>,
}

/// The returns of a window.
struct Window<'a> {
    own: &'a [f64],
    excess: Option<&'a [f64]>,
    benchmark: Option<&'a [f64]>,
    benchmark_excess: Option<&'a [f64]>,
    active: Option<&'a [f64]>,
    periods_per_year: f64,
}

/// The measures, in order.
const KEYS: [&str; 5] = ["tracking_error", "volatility", "sharpe_ratio", "beta", "correlation"];
/// The last of them, which no run has over all its sessions.
const CORRELATION: usize = 4;

/// The measures of a window: the portfolio's, then the benchmark's.
type Figures = [[Option<f64>; KEYS.len()]; 2];

/// Pearson's correlation: the root of the explained share, with the sign of the slope.
fn correlation(line: relative::Line) -> Option<f64> {
    Some(line.r_squared?.sqrt().copysign(line.slope))
}

impl Rolling {
    /// The rolling measures of some sessions of a run; `None` where they do not exceed the shortest window.
    pub fn of(run: &Run, rows: &[ReturnRow]) -> Option<Self> {
        let periods_per_year = stated::periods_per_year(&run.manifest);
        let mut windows = windows(periods_per_year);
        windows.retain(|window| *window < rows.len());
        if windows.is_empty() {
            return None;
        }
        let sample = Sample::of(run, rows);
        let shown = evenly(rows.len(), POINTS);
        let at = |window: usize, end: usize| -> Figures {
            let rows = (end + 1).checked_sub(window).map(|start| start..end + 1);
            let window = rows.and_then(|rows| Window::of(&sample, rows, periods_per_year));
            window.map_or_else(Figures::default, |window| window.figures())
        };
        let ends = |window: &usize| -> Vec<Figures> {
            shown.par_iter().map(|end| at(*window, *end)).collect()
        };
        let found: Vec<Vec<Figures>> = windows.iter().map(ends).collect();
        let lines = |side: usize, measure: usize| -> Option<Vec<Line>> {
            let line = |all: &Vec<Figures>| all.iter().map(|one| one[side][measure]).collect();
            let lines: Vec<Line> = found.iter().map(line).collect();
            lines.iter().flatten().any(Option::is_some).then_some(lines)
        };
        let measure = |(at, key): (usize, &&'static str)| {
            let full = if at == CORRELATION {
                let whole = sample.benchmark.as_ref().map_or(0..rows.len(), Covered::rows);
                let window = Window::of(&sample, whole, periods_per_year);
                window.and_then(|window| window.figures()[0][CORRELATION])
            } else {
                run.measures.full.get(key)
            };
            let (portfolio, benchmark) = (lines(0, at)?, lines(1, at));
            Some(RollingMeasure { key, portfolio, benchmark, full })
        };
        Some(Self {
            dates: shown.iter().map(|&row| rows[row].date).collect(),
            measures: KEYS.iter().enumerate().filter_map(measure).collect(),
            windows,
        })
    }
}

impl<'a> Window<'a> {
    fn of(sample: &'a Sample<'_>, rows: Range<usize>, periods_per_year: f64) -> Option<Self> {
        Some(Self {
            own: sample.own.within(&rows)?,
            excess: sample.excess.within(&rows),
            benchmark: sample.benchmark.as_ref().and_then(|b| b.within(&rows)),
            benchmark_excess: sample.benchmark_excess.as_ref().and_then(|b| b.within(&rows)),
            active: sample.active.as_ref().and_then(|active| active.within(&rows)),
            periods_per_year,
        })
    }

    fn figures(&self) -> Figures {
        let year = self.periods_per_year;
        let line = self.benchmark.and_then(|returns| relative::least_squares(returns, self.own));
        let own = [
            self.active.and_then(|active| relative::tracking_error(active, year)),
            performance::volatility(self.own, year),
            self.excess.and_then(|excess| performance::sharpe_ratio(excess, year)),
            line.map(|line| line.slope),
            line.and_then(correlation),
        ];
        let benchmark = [
            None,
            self.benchmark.and_then(|returns| performance::volatility(returns, year)),
            self.benchmark_excess.and_then(|excess| performance::sharpe_ratio(excess, year)),
            None,
            None,
        ];
        [own, benchmark].map(|all| all.map(|one| one.filter(|value| value.is_finite())))
    }
}
