//! The figures that everybody asks for: of the portfolio, of its benchmark, and their difference.

use std::cell::OnceCell;

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{MeasureTable, ReturnRow, Run};
use walkfolio_stats::Covered;
use walkfolio_stats::inference::bootstrap::{
    self, Bootstrap, mean_return_annual, path_differences, path_intervals, sharpe_difference,
    sharpe_ratio, tracking_error, volatility,
};
use walkfolio_stats::measures::{drawdown, performance, relative};

use crate::headline::turnover;
use crate::intervals::Interval;
use crate::sample::{MINIMUM_SESSIONS, Sample};
use crate::stated;

/// Key figures, all of them from the same sessions.
///
/// # Timing
/// Where there is a benchmark: the sessions that it has, and that have a risk-free rate where the study has
/// one; else every measured session. Turnover and cost are those of the whole backtest.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::key_figures::KeyFigures;
/// use walkfolio_analysis::period::periods;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let found = KeyFigures::of_run(&run, &run.returns, &|_| None).unwrap();
/// assert_eq!(found.sessions, 128);
/// let volatility = found.rows.iter().find(|row| row.key == "volatility").unwrap();
/// // The portfolio moves half as much as its benchmark.
/// assert!((volatility.own.unwrap() - 0.5 * volatility.benchmark.unwrap()).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KeyFigures {
    /// The first of the sessions.
    pub first: Date,
    /// The last of them.
    pub last: Date,
    /// How many there are.
    pub sessions: usize,
    /// Whether the benchmark or the rate lacks sessions, so that these are not all that were measured.
    pub partial: bool,
    /// The figures.
    pub rows: Vec<KeyFigure>,
}

/// One figure, in the unit of the measure of that key.
///
/// # Examples
/// See [`KeyFigures`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct KeyFigure {
    /// The key of the measure.
    pub key: &'static str,
    /// The portfolio's.
    pub own: Option<f64>,
    /// Its 95 % interval by the stationary block bootstrap.
    pub interval: Option<Interval>,
    /// The benchmark's, as a portfolio of its own.
    pub benchmark: Option<f64>,
    /// The portfolio's less the benchmark's; of a figure of active returns, that figure itself.
    pub difference: Option<f64>,
    /// The interval of the difference, both resampled by the same blocks.
    pub difference_interval: Option<Interval>,
}

/// A figure of a series of returns, and its intervals.
type Figure = fn(&[f64], f64) -> Option<f64>;

/// Figures of either series that are compared with each other.
const COMPARED: [(&str, Figure); 3] = [
    ("annual_return", performance::annual_return),
    ("volatility", performance::volatility),
    ("max_drawdown", |returns, _| drawdown::max_drawdown(returns)),
];

/// Intervals by key that are there already.
type Known<'a> = &'a dyn Fn(&str) -> Option<Interval>;

/// The series of the common sessions.
struct Common<'a> {
    own: Vec<f64>,
    excess: Vec<f64>,
    benchmark: Option<[Vec<f64>; 2]>,
    periods_per_year: f64,
    known: Known<'a>,
}

impl KeyFigures {
    /// The key figures of a backtest over some of its sessions; `None` where there is none. Intervals that
    /// are `known`, by key, are taken where they are of the same sessions.
    pub fn of_run(
        run: &Run,
        rows: &[ReturnRow],
        known: &dyn Fn(&str) -> Option<Interval>,
    ) -> Option<Self> {
        let sample = Sample::of(run, rows);
        let periods_per_year = stated::periods_per_year(&run.manifest);
        let mut found = Self::of(&sample, rows, (periods_per_year, known))?;
        let charged = run.manifest.resolved.costs.any();
        found.rows.extend(traded(run, &run.measures.full, periods_per_year, charged));
        Some(found)
    }

    /// The key figures of returns alone.
    pub(crate) fn of(
        sample: &Sample<'_>,
        rows: &[ReturnRow],
        (year, known): (f64, Known<'_>),
    ) -> Option<Self> {
        let benchmark = sample.benchmark_excess.as_ref().filter(|b| !b.values().is_empty());
        let covered = benchmark.unwrap_or(&sample.excess).rows();
        let covered = if covered.is_empty() { sample.own.rows() } else { covered };
        let (first, last) = (rows.get(covered.start)?.date, rows.get(covered.end - 1)?.date);
        let within = |series: &Covered<'_>| series.within(&covered).map(<[f64]>::to_vec);
        let own = within(&sample.own)?;
        let excess = within(&sample.excess).unwrap_or_else(|| own.clone());
        let other = benchmark
            .and_then(|excess| Some([within(sample.benchmark.as_ref()?)?, within(excess)?]));
        let common = Common { own, excess, benchmark: other, periods_per_year: year, known };
        Some(Self {
            first,
            last,
            sessions: covered.len(),
            partial: covered.len() < rows.len(),
            rows: common.figures(),
        })
    }

    /// The figure of a key.
    pub fn get(&self, key: &str) -> Option<&KeyFigure> {
        self.rows.iter().find(|row| row.key == key)
    }
}

impl Common<'_> {
    fn figures(&self) -> Vec<KeyFigure> {
        let settings = Bootstrap::default();
        let (year, own) = (self.periods_per_year, self.own.as_slice());
        let paths = OnceCell::new();
        let path = |at: usize| paths.get_or_init(|| path_intervals(own, year, &settings))[at];
        let apart = self.apart(&settings);
        let mut rows = vec![
            self.compared(COMPARED[0], apart[0], || path(0)),
            self.compared(COMPARED[1], apart[1], || volatility(own, year, &settings)),
            self.sharpe(&settings),
            self.compared(COMPARED[2], apart[2], || path(1)),
        ];
        if let Some([benchmark, _]) = &self.benchmark {
            let active = relative::active_returns(own, benchmark);
            let excess = performance::mean_return_annual(&active, year);
            rows.push(KeyFigure {
                key: "excess_return_annual",
                difference: excess,
                difference_interval: self.sampled("excess_return_annual", excess, || {
                    mean_return_annual(&active, year, &settings)
                }),
                ..KeyFigure::default()
            });
            let error = relative::tracking_error(&active, year);
            rows.push(KeyFigure {
                key: "tracking_error",
                difference: error,
                difference_interval: self
                    .sampled("tracking_error", error, || tracking_error(&active, year, &settings)),
                ..KeyFigure::default()
            });
        }
        rows
    }

    /// The interval of a figure: the known one if it is of this figure, else by resampling.
    fn sampled(
        &self,
        key: &str,
        figure: Option<f64>,
        resample: impl FnOnce() -> Option<bootstrap::Interval>,
    ) -> Option<Interval> {
        if self.own.len() < MINIMUM_SESSIONS {
            return None;
        }
        let known = (self.known)(key).filter(|known| known.is_of(figure));
        known.or_else(|| resample().map(Interval::from))
    }

    /// The intervals of the differences of the figures, both series resampled once for all of them.
    fn apart(&self, settings: &Bootstrap) -> [Option<Interval>; 3] {
        let Some([other, _]) = &self.benchmark else { return [None; 3] };
        if self.own.len() < MINIMUM_SESSIONS {
            return [None; 3];
        }
        let found = path_differences(&self.own, other, self.periods_per_year, settings);
        found.map(|found| found.map(Interval::from))
    }

    /// A figure of both with its interval, and the interval of the difference.
    fn compared(
        &self,
        (key, figure): (&'static str, Figure),
        apart: Option<Interval>,
        resample: impl FnOnce() -> Option<bootstrap::Interval>,
    ) -> KeyFigure {
        let year = self.periods_per_year;
        let own = figure(&self.own, year);
        let benchmark = self.benchmark.as_ref().and_then(|[other, _]| figure(other, year));
        KeyFigure {
            key,
            own,
            interval: self.sampled(key, own, resample),
            benchmark,
            difference: own.zip(benchmark).map(|(own, other)| own - other),
            difference_interval: apart,
        }
    }

    fn sharpe(&self, settings: &Bootstrap) -> KeyFigure {
        let (year, excess) = (self.periods_per_year, self.excess.as_slice());
        let other = self.benchmark.as_ref().map(|[_, excess]| excess.as_slice());
        let own = performance::sharpe_ratio(excess, year);
        let benchmark = other.and_then(|other| performance::sharpe_ratio(other, year));
        let difference = own.zip(benchmark).map(|(own, other)| own - other);
        let apart = |other| sharpe_difference(excess, other, None, year, settings);
        KeyFigure {
            key: "sharpe_ratio",
            own,
            interval: self.sampled("sharpe_ratio", own, || sharpe_ratio(excess, year, settings)),
            benchmark,
            difference,
            difference_interval: other.and_then(|other| {
                self.sampled("sharpe_difference", difference, || {
                    apart(other).map(|found| found.interval)
                })
            }),
        }
    }
}

/// What trading took: of the whole backtest, since it is paid whether or not a benchmark has the session.
fn traded(run: &Run, full: &MeasureTable, year: f64, charged: bool) -> Vec<KeyFigure> {
    let own = full.get("turnover_annual");
    let found = turnover(run, year).map(Interval::from).filter(|found| found.is_of(own));
    let turnover =
        KeyFigure { key: "turnover_annual", own, interval: found, ..KeyFigure::default() };
    let cost =
        KeyFigure { key: "cost_annual", own: full.get("cost_annual"), ..KeyFigure::default() };
    let some = own.map(|_| turnover).into_iter();
    some.chain(Some(cost).filter(|cost| charged && cost.own.is_some())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(own: &[f64], benchmark: &[Option<f64>]) -> (Sample<'static>, Vec<ReturnRow>) {
        let row = |(at, (own, benchmark)): (usize, (&f64, &Option<f64>))| ReturnRow {
            date: Date::constant(
                2024,
                1 + i8::try_from(at / 25).unwrap(),
                1 + i8::try_from(at % 25).unwrap(),
            ),
            portfolio: *own,
            gross: *own,
            benchmark: *benchmark,
            cash: None,
            turnover: 0.0,
            cost: 0.0,
        };
        let rows: Vec<ReturnRow> = own.iter().zip(benchmark).enumerate().map(row).collect();
        (Sample::of_rows(&rows, false), rows)
    }

    #[test]
    fn every_figure_is_of_the_sessions_that_the_benchmark_has() {
        let own: Vec<f64> = (0..80).map(|at| 0.01 * f64::from(at % 3 - 1)).collect();
        let benchmark: Vec<Option<f64>> =
            own.iter().enumerate().map(|(at, r)| (at >= 10).then_some(2.0 * r)).collect();
        let (sample, rows) = sample(&own, &benchmark);
        let found = KeyFigures::of(&sample, &rows, (252.0, &|_| None)).unwrap();
        assert_eq!((found.sessions, found.partial, found.first), (70, true, rows[10].date));
        let volatility = found.get("volatility").unwrap();
        assert_eq!(volatility.own, performance::volatility(&own[10..], 252.0));
        let apart = volatility.difference.unwrap();
        assert!((apart + volatility.own.unwrap()).abs() < 1e-12);
        // Blocks are common: the benchmark is twice as volatile in every resample.
        assert!(volatility.difference_interval.unwrap().high < 0.0);
    }

    #[test]
    fn few_sessions_have_figures_and_no_intervals() {
        let (sample, rows) = sample(&[0.01, -0.02, 0.03], &[None; 3]);
        let found = KeyFigures::of(&sample, &rows, (252.0, &|_| None)).unwrap();
        assert!(found.rows.iter().all(|row| row.interval.is_none() && row.benchmark.is_none()));
        assert!(found.get("max_drawdown").unwrap().own.unwrap() < 0.0);
        assert_eq!(KeyFigures::of(&Sample::of_rows(&[], false), &[], (252.0, &|_| None)), None);
    }
}
