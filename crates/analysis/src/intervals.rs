//! How certain figures are, by the stationary block bootstrap.
//!
//! Equal runs have equal intervals: the random numbers have a fixed seed.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;
use walkfolio_record::{MeasureTable, ReturnRow, Run};
use walkfolio_stats::Covered;
use walkfolio_stats::inference::bootstrap::{
    self, Bootstrap, information_ratio, mean_return_annual, sharpe_difference, sharpe_ratio,
    tracking_error,
};

use crate::sample::{MINIMUM_SESSIONS, Sample, enough};
use crate::stated;

/// An interval belongs to a figure if its estimate is that figure.
const SAME: f64 = 1e-9;

/// The figures that have an interval in every period.
pub const KEYS: [&str; 4] =
    ["sharpe_ratio", "mean_return_annual", "tracking_error", "information_ratio"];

/// A figure and the ends of its 95 % interval, in the unit of the figure.
///
/// # Examples
/// See [`Intervals`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The figure itself.
    pub estimate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl From<bootstrap::Interval> for Interval {
    fn from(found: bootstrap::Interval) -> Self {
        Self { estimate: found.estimate, low: found.low, high: found.high }
    }
}

impl Interval {
    /// Whether it is the interval of a figure.
    pub(crate) fn is_of(&self, figure: Option<f64>) -> bool {
        figure.is_some_and(|value| (value - self.estimate).abs() <= SAME * value.abs().max(1.0))
    }
}

/// The difference of two Sharpe ratios a year.
///
/// # Source
/// Ledoit & Wolf (2008), Robust performance hypothesis testing with the Sharpe ratio.
/// # Examples
/// See [`Intervals`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SharpeDifference {
    /// The portfolio's less the benchmark's, with its studentized interval.
    pub interval: Interval,
    /// Two-sided: how often chance alone gives as much.
    pub p_value: f64,
    /// Whether the interval excludes zero.
    pub distinguishable: bool,
}

impl From<bootstrap::Difference> for SharpeDifference {
    fn from(found: bootstrap::Difference) -> Self {
        let bootstrap::Difference { interval, p_value, distinguishable, .. } = found;
        Self { interval: interval.into(), p_value, distinguishable }
    }
}

/// The 95 % intervals of a period's figures, by the key of the measure.
///
/// Figures of fewer than [`MINIMUM_SESSIONS`] sessions have none.
///
/// # Source
/// Politis & Romano (1994), The stationary bootstrap; 1,000 resamples.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::period::periods;
/// use walkfolio_record::Run;
///
/// let mut run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// // The portfolio is half of its benchmark but for one session: their Sharpe ratios are nearly the
/// // same, and the interval of the difference includes zero.
/// run.returns[0].benchmark = Some(0.0);
/// let difference = periods(&run)[0].intervals.sharpe_difference.unwrap();
/// assert!(difference.interval.low < 0.0 && difference.interval.high > 0.0);
/// assert!(!difference.distinguishable && difference.p_value > 0.05);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Intervals {
    /// The portfolio's.
    pub own: BTreeMap<&'static str, Interval>,
    /// The benchmark's, as a portfolio of its own.
    pub benchmark: BTreeMap<&'static str, Interval>,
    /// The portfolio's Sharpe ratio less the benchmark's.
    pub sharpe_difference: Option<SharpeDifference>,
}

type Figure = fn(&[f64], f64, &Bootstrap) -> Option<bootstrap::Interval>;

impl Intervals {
    /// Resamples the sessions of a period, `tables` the portfolio's and the benchmark's measures.
    pub(crate) fn of(
        run: &Run,
        rows: &[ReturnRow],
        tables: (&MeasureTable, Option<&MeasureTable>),
    ) -> Self {
        let (sample, settings) = (Sample::of(run, rows), Bootstrap::default());
        let year = stated::periods_per_year(&run.manifest);
        let other = sample.benchmark_excess.as_ref();
        let all: [(Figure, Option<&Covered<'_>>); 6] = [
            (sharpe_ratio, Some(&sample.excess)),
            (mean_return_annual, Some(&sample.own)),
            (tracking_error, sample.active.as_ref()),
            (information_ratio, sample.active.as_ref()),
            (sharpe_ratio, other),
            (mean_return_annual, sample.benchmark.as_ref()),
        ];
        let found = |(figure, series): &(Figure, Option<&Covered<'_>>)| {
            figure(enough((*series)?)?, year, &settings)
        };
        let difference = || {
            let (_, own, other) = sample.excess.common(other?);
            let own = (own.len() >= MINIMUM_SESSIONS).then_some(own)?;
            sharpe_difference(own, other, None, year, &settings)
        };
        let (found, difference): (Vec<Option<bootstrap::Interval>>, _) =
            rayon::join(|| all.par_iter().map(found).collect(), difference);
        let own = std::array::from_fn(|at| found[at]);
        let benchmark = [found[4], found[5], None, None];
        Self {
            own: checked(own, Some(tables.0)),
            benchmark: checked(benchmark, tables.1),
            sharpe_difference: difference.map(SharpeDifference::from),
        }
    }
}

/// Only intervals whose estimate is the figure of the measures.
fn checked(
    found: [Option<bootstrap::Interval>; KEYS.len()],
    table: Option<&MeasureTable>,
) -> BTreeMap<&'static str, Interval> {
    let all = KEYS.into_iter().zip(found).filter_map(|(key, found)| Some((key, found?.into())));
    all.filter(|(key, found): &(_, Interval)| found.is_of(table.and_then(|table| table.get(key))))
        .collect()
}
