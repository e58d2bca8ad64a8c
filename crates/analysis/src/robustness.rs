//! How far a result depends on the days of its decisions, on the order of history, and on single episodes.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{CellStatus, RobustnessTables, Run, StressRow, VariantKind, VariantRow};

use crate::measure::definition;
use crate::{Better, Unit};

/// Measures whose dispersion is told.
const KEYS: [&str; 9] = [
    "annual_return",
    "mean_return_annual",
    "volatility",
    "sharpe_ratio",
    "tracking_error",
    "information_ratio",
    "max_drawdown",
    "cvar_95",
    "turnover_annual",
];

/// The variants of a run, and its portfolios in episodes and shocks.
///
/// # Units
/// Measures in the units of their definitions; returns are fractions.
/// # Examples
/// ```
/// use walkfolio_analysis::robustness::Robustness;
/// use walkfolio_record::{CellStatus, RobustnessTables, VariantKind, VariantRow};
///
/// let variant = |number: u32, volatility: f64| VariantRow {
///     kind: VariantKind::StartDate,
///     number,
///     status: CellStatus::Complete,
///     message: None,
///     first: None,
///     measures: Some([("volatility".to_owned(), Some(volatility))].into_iter().collect()),
/// };
/// let variants = vec![variant(0, 0.10), variant(1, 0.12), variant(2, 0.14)];
/// let tables = RobustnessTables { variants, stress: Vec::new() };
/// let found = Robustness::of(&tables, |_| None);
/// let spread = &found.start_dates.unwrap().measures[0];
/// assert_eq!((spread.key, spread.own, spread.median), ("volatility", Some(0.10), 0.12));
/// assert!((spread.standard_deviation - 0.02).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Robustness {
    /// With every decision moved by the same number of sessions: rebalance timing luck.
    pub start_dates: Option<Variants>,
    /// On resampled histories.
    pub worlds: Option<Variants>,
    /// Episodes and shocks.
    pub stress: Vec<Scenario>,
}

/// The variants of one kind.
///
/// # Examples
/// See [`Robustness`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variants {
    /// How many ran to an end.
    pub count: usize,
    /// Those that failed.
    pub failed: usize,
    /// Those whose equity was gone.
    pub wiped_out: usize,
    /// The dispersion of each measure.
    pub measures: Vec<Spread>,
}

/// The dispersion of one measure over variants.
///
/// # Examples
/// See [`Robustness`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spread {
    /// The key of the measure.
    pub key: &'static str,
    /// Its name.
    pub label: &'static str,
    /// Its unit.
    #[serde(skip)]
    pub unit: Unit,
    /// The run's own figure; with moved decisions that of decisions moved by 0 sessions, over the same sessions.
    pub own: Option<f64>,
    /// The mean.
    pub mean: f64,
    /// The standard deviation (`n - 1`); 0 of one value.
    pub standard_deviation: f64,
    /// The smallest.
    pub min: f64,
    /// 5 % are below, by linear interpolation.
    pub p5: f64,
    /// Half are below.
    pub median: f64,
    /// 95 % are below.
    pub p95: f64,
    /// The largest.
    pub max: f64,
    /// The share of variants that are worse than the run's own figure.
    pub worse: Option<f64>,
    /// By variant, in order; for charts.
    pub values: Vec<f64>,
}

/// The portfolios of all decisions in one episode or shock.
///
/// # Examples
/// See [`Robustness`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// What the last portfolio would have returned.
    pub last: Option<f64>,
    /// The decision of the last portfolio.
    pub last_date: Option<Date>,
    /// The part of the last portfolio's gross weight whose return is known.
    pub covered: f64,
    /// The benchmark's return, next to the last portfolio's.
    pub benchmark: Option<f64>,
    /// The mean over the portfolios of all decisions.
    pub mean: Option<f64>,
    /// The worst, and its decision.
    pub worst: Option<(Date, f64)>,
    /// The best, and its decision.
    pub best: Option<(Date, f64)>,
    /// The assets of the last portfolio: name, weight, return, contribution; the largest loss first.
    pub assets: Vec<(String, f64, Option<f64>, Option<f64>)>,
}

impl Robustness {
    /// Of a run that states them.
    pub(crate) fn of_run(run: &Run) -> Option<Self> {
        run.robustness.as_ref().map(|tables| Self::of(tables, |key| run.measures.full.get(key)))
    }

    /// From the rows of the tables, next to the run's own figures.
    pub fn of(tables: &RobustnessTables, own: impl Fn(&str) -> Option<f64>) -> Self {
        let of_kind = |kind: VariantKind| -> Vec<&VariantRow> {
            tables.variants.iter().filter(|row| row.kind == kind).collect()
        };
        let moved = of_kind(VariantKind::StartDate);
        let unmoved =
            moved.iter().find(|row| row.number == 0).and_then(|row| row.measures.as_ref());
        let start_dates = Variants::of(&moved, |key| unmoved?.get(key));
        let worlds = Variants::of(&of_kind(VariantKind::World), own);
        let stress = tables.stress.chunk_by(|a, b| a.scenario == b.scenario).map(Scenario::of);
        Self { start_dates, worlds, stress: stress.collect() }
    }
}

impl Variants {
    fn of(rows: &[&VariantRow], own: impl Fn(&str) -> Option<f64>) -> Option<Self> {
        if rows.is_empty() {
            return None;
        }
        let count = |status: CellStatus| rows.iter().filter(|row| row.status == status).count();
        let spread = |key: &&'static str| {
            let known = rows.iter().filter_map(|row| row.measures.as_ref()?.get(key));
            Spread::of(key, own(key), known.collect())
        };
        Some(Self {
            count: count(CellStatus::Complete) + count(CellStatus::Ruined),
            failed: count(CellStatus::Failed),
            wiped_out: count(CellStatus::Ruined),
            measures: KEYS.iter().filter_map(spread).collect(),
        })
    }
}

impl Spread {
    fn of(key: &'static str, own: Option<f64>, values: Vec<f64>) -> Option<Self> {
        let definition = definition(key)?;
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let share = |is: &dyn Fn(f64) -> bool| values.iter().filter(|v| is(**v)).count() as f64 / n;
        let worse = own.and_then(|own| match definition.better {
            Better::Higher => Some(share(&|value| value < own)),
            Better::Lower => Some(share(&|value| value > own)),
            Better::Neither => None,
        });
        Some(Self {
            key,
            label: definition.label,
            unit: definition.unit,
            own,
            mean,
            standard_deviation: (squares / (n - 1.0).max(1.0)).sqrt(),
            min,
            p5: quantile(&sorted, 0.05),
            median: quantile(&sorted, 0.5),
            p95: quantile(&sorted, 0.95),
            max,
            worse,
            values,
        })
    }
}

/// By linear interpolation between ranks.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a rank of the values
fn quantile(sorted: &[f64], level: f64) -> f64 {
    let rank = level * (sorted.len() - 1) as f64;
    let (low, part) = (rank.floor() as usize, rank.fract());
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + part * (sorted[high] - sorted[low])
}

impl Scenario {
    fn of(rows: &[StressRow]) -> Self {
        let portfolios: Vec<&StressRow> = rows.iter().filter(|row| row.asset.is_none()).collect();
        let known = || portfolios.iter().filter_map(|row| Some((row.date, row.value?)));
        let values: Vec<f64> = known().map(|(_, value)| value).collect();
        let last = portfolios.last();
        let mut assets: Vec<_> = rows
            .iter()
            .filter_map(|row| Some((row.asset.clone()?, row.weight, row.value, row.contribution)))
            .collect();
        assets.sort_by(|a, b| a.3.unwrap_or(0.0).total_cmp(&b.3.unwrap_or(0.0)));
        Self {
            name: rows.first().map_or_else(String::new, |row| row.scenario.clone()),
            last: last.and_then(|row| row.value),
            last_date: last.map(|row| row.date),
            covered: last.map_or(0.0, |row| row.weight),
            benchmark: last.and_then(|row| row.benchmark),
            mean: (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64),
            worst: known().reduce(|worst, one| if one.1 < worst.1 { one } else { worst }),
            best: known().reduce(|best, one| if one.1 > best.1 { one } else { best }),
            assets,
        }
    }
}
