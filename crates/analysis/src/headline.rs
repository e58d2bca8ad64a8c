//! The five figures that matter most for the objective of a run, each with its interval.

use std::cell::OnceCell;

use serde::Serialize;
use walkfolio_record::Run;
use walkfolio_stats::inference::bootstrap::{
    self, Bootstrap, interval, mean_return_annual, path_intervals, volatility,
};
use walkfolio_stats::measures::relative;

use crate::intervals::Interval;
use crate::period::Period;
use crate::sample::{MINIMUM_SESSIONS, Sample, enough};
use crate::stated;

/// The figures of a study that tracks, and of one that does not.
const TRACKING: [&str; 5] =
    ["tracking_error", "information_ratio", "excess_return_annual", "beta", "turnover_annual"];
const EARNING: [&str; 5] = ["annual_return", "sharpe_ratio", "volatility", "max_drawdown", "beta"];
/// What a portfolio earns above its benchmark.
const EXCESS: &str = "excess_return_annual";
/// In place of a beta that is not defined without a benchmark.
const ALONE: &str = "gross_exposure";

/// A measure of the full sample, in the unit of its definition.
///
/// # Examples
/// See [`Findings`](crate::Findings).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The key of the measure.
    pub key: &'static str,
    /// Its value.
    pub value: Option<f64>,
    /// Its 95 % interval by the stationary block bootstrap, where it has one.
    pub interval: Option<Interval>,
}

/// The figures that matter most, in order; the excess return after them where it is not among them.
pub(crate) fn figures(run: &Run, full: &Period) -> (Vec<Figure>, Figure) {
    let sample = Sample::of(run, full.of_returns(run));
    let paths = OnceCell::new();
    let figure = |key| {
        let known = full.intervals.own.get(key).copied();
        let value = run.measures.full.get(key);
        let found = known.or_else(|| resampled(run, (&sample, &paths), key).map(Interval::from));
        Figure { key, value, interval: found.filter(|found| found.is_of(value)) }
    };
    (keys(run).into_iter().map(figure).collect(), figure(EXCESS))
}

fn keys(run: &Run) -> [&'static str; 5] {
    let mut keys = if stated::tracks(&run.manifest) { TRACKING } else { EARNING };
    if run.measures.full.get("beta").is_none() {
        keys = keys.map(|key| if key == "beta" { ALONE } else { key });
    }
    keys
}

/// The interval of a figure that the period has none for.
fn resampled(
    run: &Run,
    (sample, paths): (&Sample<'_>, &OnceCell<[Option<bootstrap::Interval>; 2]>),
    key: &str,
) -> Option<bootstrap::Interval> {
    let year = stated::periods_per_year(&run.manifest);
    let settings = Bootstrap::default();
    let own = enough(&sample.own)?;
    let of_paths = || paths.get_or_init(|| path_intervals(own, year, &settings));
    match key {
        "excess_return_annual" => {
            mean_return_annual(enough(sample.active.as_ref()?)?, year, &settings)
        }
        "volatility" => volatility(own, year, &settings),
        "annual_return" => of_paths()[0],
        "max_drawdown" => of_paths()[1],
        "beta" => {
            let slope =
                |copy: &[&[f64]]| relative::least_squares(copy[1], copy[0]).map(|line| line.slope);
            let (_, own, benchmark) = sample.own.common(sample.benchmark.as_ref()?);
            let own = (own.len() >= MINIMUM_SESSIONS).then_some(own)?;
            interval(&[own, benchmark], slope, &settings)
        }
        "turnover_annual" => turnover(run, year),
        _ => None,
    }
}

/// Turnover by resampled rebalances, the initial trade left out as in the measure: sessions without
/// a rebalance would only blur it.
pub(crate) fn turnover(run: &Run, periods_per_year: f64) -> Option<bootstrap::Interval> {
    let mut decided: Vec<_> = run.decisions.iter().map(|row| row.traded).collect();
    decided.dedup();
    let traded = run.returns.iter().filter(|row| decided.binary_search(&row.date).is_ok());
    let traded: Vec<f64> = traded.map(|row| row.turnover).skip(1).collect();
    let each_year = periods_per_year * decided.len() as f64 / run.returns.len() as f64;
    let mean = |copy: &[&[f64]]| copy[0].iter().sum::<f64>() / copy[0].len() as f64;
    interval(&[&traded], |copy| Some(mean(copy) * each_year), &Bootstrap::default())
}
