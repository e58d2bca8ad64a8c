//! Selection bias: how far the best backtest of a grid can be believed.
//!
//! The best of many settings is partly chosen for its luck. Next to the best backtest are the
//! probability that it beats the best of as many trials without skill (the deflated Sharpe
//! ratio), the probability that the choice is overfitted (by combinatorially symmetric
//! cross-validation), and, for each period, whether the best estimator can be told from the next.

use std::ops::Range;

use rayon::prelude::*;
use serde_json::Value;
use walkfolio_core::{Market, Row, Series, periods_per_year};
use walkfolio_stats::inference::bootstrap::{Bootstrap, sharpe_difference, sharpe_ratio};
use walkfolio_stats::inference::deflated::{deflated, deflated_given, effective_trials};
use walkfolio_stats::inference::overfitting::overfitting;
use walkfolio_stats::measures::performance;

use walkfolio_record::{
    Cell, CellStatus, Comparison, CrossValidation, Deflated, Estimate, Overfitting, SelectionBias,
    TrackingChoice, Winner,
};
use walkfolio_study::{CriterionSpec, Study};

use crate::cross_validation::{Returns, cross_validated};
use crate::sample::MINIMUM_SESSIONS;
use crate::tracking_choice::choice;

/// Blocks of the cross-validation: 12,870 splits.
const BLOCKS: usize = 16;

/// A series for each cell; none where a cell is left out.
type ByCell = Vec<Option<Vec<f64>>>;

/// The returns above cash of the cells that can be compared.
struct Trials<'a> {
    study: &'a Study,
    market: &'a Market,
    keys: &'a [String],
    cells: &'a [Cell],
    rows: Range<Row>,
    /// By cell, over `rows`; none where a cell is left out.
    excess: ByCell,
    periods: f64,
}

/// Judges the Sharpe ratios of a grid's cells; none where fewer than two can be compared, or
/// where cells have markets of their own.
///
/// # Source
/// Bailey & Lopez de Prado (2014), The deflated Sharpe ratio; Bailey, Borwein, Lopez de Prado & Zhu
/// (2017), The probability of backtest overfitting.
/// # Examples
/// ```
/// # use walkfolio_core::{Date, Market, Prices, Universe, calendar::sessions};
/// use walkfolio_analysis::selection_bias;
/// use walkfolio_record::{Cell, CellStatus};
/// use walkfolio_study::Study;
///
/// let study = Study::parse("x.toml", r#"
/// name = "x"
/// market = { assets = ["XLK"], benchmark = "SPY" }
/// walk_forward = { every = "month" }
/// grid = { "allocate.bounds.max" = [0.9, 1.0] }
///
/// [allocate]
/// objective = { kind = "tracking_error", window = 2 }
/// bounds = { min = 0.0, max = 1.0, when_too_tight = "raise" }
/// "#, &[])?;
/// # let dates = sessions(Date::constant(2024, 1, 2), Date::constant(2024, 6, 28));
/// # let prices = vec![vec![Some(100.0); dates.len()]];
/// # let market = Market::new(Prices::new(dates, Universe::new(["XLK"])?, prices)?)?;
/// // Two backtests of 100 sessions; the second loses less.
/// let cell = |cap: f64, down: f64| Cell {
///     settings: vec![cap.into()],
///     status: CellStatus::Complete,
///     message: None,
///     first: None,
///     measures: None,
///     without_costs: None,
///     account: None,
///     returns: (0..100).map(|at| if at % 2 == 0 { 0.01 } else { down }).collect(),
///     sessions: market.dates()[1..101].to_vec(),
/// };
/// let keys = ["allocate.bounds.max".to_owned()];
/// let found = selection_bias(&study, &market, &keys, &[cell(0.9, -0.02), cell(1.0, -0.005)]);
/// let found = found.unwrap();
/// assert_eq!((found.trials, found.sessions, found.best), (2, 100, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn selection_bias(
    study: &Study,
    market: &Market,
    keys: &[String],
    cells: &[Cell],
) -> Option<SelectionBias> {
    if keys.iter().any(|key| key.starts_with("market")) {
        return None;
    }
    let trials = Trials::new(study, market, keys, cells)?;
    let ratios: Vec<Option<f64>> =
        trials.excess.par_iter().map(|x| trials.ratio(x.as_deref())).collect();
    let best = largest(ratios.iter().copied().enumerate())?;
    let series: Vec<&[f64]> = trials.excess.iter().flatten().map(Vec::as_slice).collect();
    let daily: Vec<f64> =
        series.iter().filter_map(|series| performance::sharpe_ratio(series, 1.0)).collect();
    let own = trials.excess[best].as_deref()?;
    let year = trials.periods.sqrt();
    let annual = |found: walkfolio_stats::inference::deflated::Deflated| Deflated {
        trials: found.trials,
        expected_maximum: found.expected_maximum * year,
        probability: found.probability,
    };
    let deflated = deflated(own, &daily);
    let effective = effective_trials(&series).zip(deflated);
    let split = overfitting(&series, BLOCKS);
    Some(SelectionBias {
        first: market.dates()[trials.rows.start],
        last: market.dates()[trials.rows.end - 1],
        sessions: trials.rows.len(),
        trials: series.len(),
        left_out: cells.len() - series.len(),
        best,
        sharpe_ratios: trials.intervals(),
        deflated: deflated.map(annual),
        deflated_effective: effective
            .and_then(|(n, all)| deflated_given(own, n, all.variance_of_trials))
            .map(annual),
        overfitting: split.map(|split| Overfitting {
            probability: split.probability,
            probability_of_loss: split.probability_of_loss,
            splits: split.splits,
            degradation: split.degradation.map(|line| line.slope),
        }),
        winners: trials.winners(),
        tracking: trials.tracking(),
        cross_validation: trials.cross_validated(),
    })
}

impl<'a> Trials<'a> {
    fn new(
        study: &'a Study,
        market: &'a Market,
        keys: &'a [String],
        cells: &'a [Cell],
    ) -> Option<Self> {
        let spec = study.config().spec();
        let start = |cell: &Cell| -> Option<Row> {
            market.dates().binary_search(cell.sessions.first()?).ok()
        };
        let end = cells.iter().filter_map(|cell| Some(start(cell)? + cell.returns.len())).max()?;
        // After ruin nothing is held: those sessions earn nothing above cash.
        let whole = |cell: &&Cell| {
            let reaches = |at: Row| at + cell.returns.len() == end;
            cell.status == CellStatus::Ruined || start(cell).is_some_and(reaches)
        };
        let latest = cells.iter().filter(whole).filter_map(start).max()?;
        let first = spec.measure.first.map_or(latest, |first| {
            market.dates().partition_point(|date| *date < first).max(latest)
        });
        // Excess returns need a rate on each session, where there is one at all.
        let known = market.cash().map_or(0..market.rows(), Series::listing);
        let rows = first.max(known.start)..end.min(known.end);
        let periods =
            spec.periods_per_year.number().or_else(|| periods_per_year(market.dates()))?;
        if rows.len() < 2 || cells.iter().filter(whole).count() < 2 {
            return None;
        }
        let excess = |cell: &Cell| {
            let at = start(cell).filter(|_| whole(&cell))?;
            let cash = |row: Row| market.cash().and_then(|cash| cash.value(row)).unwrap_or(0.0);
            let earned = |row: Row| cell.returns.get(row - at).map_or(0.0, |r| r - cash(row));
            Some(rows.clone().map(earned).collect())
        };
        let excess = cells.iter().map(excess).collect();
        Some(Self { study, market, keys, cells, rows, excess, periods })
    }

    /// The choice of a setting, where the study asks for it.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // sessions between decisions
    fn cross_validated(&self) -> Option<CrossValidation> {
        let spec = self.study.config().spec();
        let own = spec.robustness.as_ref()?.cross_validation.as_ref()?;
        let (rows, cells) = match own.criterion {
            CriterionSpec::SharpeRatio => (self.rows.clone(), self.excess.clone()),
            CriterionSpec::InformationRatio | CriterionSpec::TrackingError => self.active()?,
        };
        let holding = self.periods / self.study.config().schedule().every.per_year(self.periods);
        Some(cross_validated(
            own,
            &Returns {
                dates: &self.market.dates()[rows],
                cells,
                holding: holding.ceil() as usize,
                periods_per_year: self.periods,
            },
        ))
    }

    /// The returns of the cells less the benchmark's, over the sessions that it has.
    fn active(&self) -> Option<(Range<Row>, ByCell)> {
        let benchmark = self.market.benchmark()?;
        let at = |row: Row| {
            let cash = self.market.cash().and_then(|cash| cash.value(row)).unwrap_or(0.0);
            Some(benchmark.value(row)? - cash)
        };
        let listing = benchmark.listing();
        let rows = self.rows.start.max(listing.start)..self.rows.end.min(listing.end);
        let less = |series: &Vec<f64>| {
            let active = |row: Row| Some(series[row - self.rows.start] - at(row)?);
            rows.clone().filter_map(active).collect()
        };
        let cells = self.excess.iter().map(|series| series.as_ref().map(less)).collect();
        Some((rows, cells))
    }

    /// The tracking errors, where the study tracks.
    fn tracking(&self) -> Option<TrackingChoice> {
        let tracks = self.study.config().spec().tracks();
        let (_, cells) = tracks.then(|| self.active()).flatten()?;
        choice(&cells, self.periods)
    }

    fn ratio(&self, excess: Option<&[f64]>) -> Option<f64> {
        performance::sharpe_ratio(excess?, self.periods)
    }

    fn intervals(&self) -> Vec<Option<Estimate>> {
        let interval = |excess: &Option<Vec<f64>>| {
            let found = sharpe_ratio(excess.as_deref()?, self.periods, &Bootstrap::default())?;
            Some(Estimate { value: found.estimate, low: found.low, high: found.high })
        };
        self.excess.par_iter().map(interval).collect()
    }

    /// Whether a swept key says how moments are estimated.
    fn is_estimator(&self, axis: usize) -> bool {
        self.keys[axis].starts_with("estimate.")
    }

    fn winners(&self) -> Vec<Winner> {
        let estimators = (0..self.keys.len()).any(|axis| self.is_estimator(axis));
        if !estimators {
            return Vec::new();
        }
        let mut slices: Vec<Vec<(usize, Value)>> = Vec::new();
        for cell in self.cells {
            let slice = self.slice(cell);
            if !slices.contains(&slice) {
                slices.push(slice);
            }
        }
        let work: Vec<_> = self
            .periods()
            .into_iter()
            .flat_map(|period| slices.iter().map(move |slice| (period.clone(), slice)))
            .collect();
        work.par_iter().filter_map(|((name, rows), slice)| self.winner(name, rows, slice)).collect()
    }

    /// The values of a cell's keys that are no estimators.
    fn slice(&self, cell: &Cell) -> Vec<(usize, Value)> {
        let settings = cell.settings.iter().cloned().enumerate();
        settings.filter(|(axis, _)| !self.is_estimator(*axis)).collect()
    }

    /// The common sample and each regime in it that is long enough.
    fn periods(&self) -> Vec<(String, Range<Row>)> {
        let dates = self.market.dates();
        let regime = |regime: &walkfolio_study::PeriodSpec| {
            let from = regime.first.map_or(0, |first| dates.partition_point(|d| *d < first));
            let to = regime.last.map_or(dates.len(), |last| dates.partition_point(|d| *d <= last));
            (regime.name.clone(), from.max(self.rows.start)..to.min(self.rows.end))
        };
        let regimes = self.study.config().periods().iter().map(regime);
        let all = std::iter::once(("full".to_owned(), self.rows.clone()));
        all.chain(regimes).filter(|(_, rows)| rows.len() >= MINIMUM_SESSIONS).collect()
    }

    fn winner(&self, period: &str, rows: &Range<Row>, slice: &[(usize, Value)]) -> Option<Winner> {
        let part = |cell: usize| -> Option<&[f64]> {
            let at = self.rows.start;
            Some(&self.excess[cell].as_deref()?[rows.start - at..rows.end - at])
        };
        let mut ratios: Vec<(usize, f64)> = (0..self.cells.len())
            .filter(|&cell| self.slice(&self.cells[cell]) == slice)
            .filter_map(|cell| Some((cell, performance::sharpe_ratio(part(cell)?, self.periods)?)))
            .collect();
        ratios.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let &(cell, ratio) = ratios.first()?;
        let against = |other: usize| {
            let settings = Bootstrap::default();
            let found =
                sharpe_difference(part(cell)?, part(other)?, None, self.periods, &settings)?;
            Some(Comparison {
                cell: other,
                difference: found.interval.estimate,
                low: found.interval.low,
                high: found.interval.high,
                p_value: found.p_value,
                distinguishable: found.distinguishable,
            })
        };
        let own = ratios.iter().map(|(other, _)| *other).find(|&other| self.is_own(other));
        Some(Winner {
            period: period.to_owned(),
            sessions: rows.len(),
            slice: slice.to_vec(),
            cell,
            sharpe_ratio: ratio,
            runner_up: ratios.get(1).and_then(|(other, _)| against(*other)),
            own: own.filter(|other| *other != cell).and_then(against),
        })
    }

    /// Whether a cell's estimators are those that the study itself states.
    fn is_own(&self, cell: usize) -> bool {
        let spec = self.study.config().spec();
        (0..self.keys.len()).filter(|&axis| self.is_estimator(axis)).all(|axis| {
            let own = spec.value(&self.keys[axis]);
            own.is_some_and(|own| same(&own, &self.cells[cell].settings[axis]))
        })
    }
}

/// Whether two values are the same; numbers by value, whatever their notation.
fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

/// The first index with the largest value.
fn largest(values: impl Iterator<Item = (usize, Option<f64>)>) -> Option<usize> {
    let known = values.filter_map(|(index, value)| Some((index, value?)));
    known.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(index, _)| index)
}
