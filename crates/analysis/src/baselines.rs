//! What portfolios that need no estimate came to over the sessions of the key figures.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{Baseline, ReturnRow, Run};
use walkfolio_stats::Covered;
use walkfolio_stats::inference::bootstrap::{Bootstrap, sharpe_difference};
use walkfolio_stats::measures::{drawdown, performance, relative};

pub use walkfolio_study::EQUAL_WEIGHT;

use crate::growth::Wealth;
use crate::intervals::SharpeDifference;
use crate::key_figures::KeyFigures;
use crate::line::Line;
use crate::sample::{MINIMUM_SESSIONS, Sample};
use crate::stated;

/// A portfolio of equal or constant weights, rebalanced at the run's decisions at the run's costs.
///
/// # Units
/// Annualized fractions; `value` in dollars at the end of each session of the run.
/// # Timing
/// Figures are of the sessions of the [`KeyFigures`], turnover and cost of the whole backtest.
/// # Source
/// `DeMiguel`, Garlappi & Uppal (2009), Optimal Versus Naive Diversification: what has to be beaten.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::Findings;
/// use walkfolio_record::{Baseline, BaselineRow, Run};
///
/// let mut run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// // As if equal weights had earned what the benchmark did.
/// let row = |row: &walkfolio_record::ReturnRow| BaselineRow {
///     date: row.date,
///     earned: row.benchmark.unwrap_or(0.0),
///     turnover: 0.0,
///     cost: 0.0,
/// };
/// let rows = run.returns.iter().map(row).collect();
/// let measures = run.measures.full.clone();
/// run.baselines = vec![Baseline { name: "Equal weight".to_owned(), rows, measures }];
/// let found = Findings::of(&run);
/// let own = &found.baselines[0];
/// let key = found.key_figures.as_ref().unwrap().get("annual_return").unwrap();
/// assert_eq!((own.annual_return, own.tracking_error), (key.benchmark, Some(0.0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BaselineFigures {
    /// Its name.
    pub name: String,
    /// The compounded return.
    pub annual_return: Option<f64>,
    /// The volatility.
    pub volatility: Option<f64>,
    /// The Sharpe ratio.
    pub sharpe_ratio: Option<f64>,
    /// The worst drawdown, 0 or negative.
    pub max_drawdown: Option<f64>,
    /// The tracking error against the benchmark.
    pub tracking_error: Option<f64>,
    /// Turnover, one way.
    pub turnover_annual: Option<f64>,
    /// What trading cost.
    pub cost_annual: Option<f64>,
    /// The portfolio's Sharpe ratio less this one's.
    pub sharpe_difference: Option<SharpeDifference>,
    /// Growth of $100 by session of the run.
    pub value: Line,
}

impl BaselineFigures {
    /// The figure of a measure's key.
    pub fn get(&self, key: &str) -> Option<f64> {
        match key {
            "annual_return" => self.annual_return,
            "volatility" => self.volatility,
            "sharpe_ratio" => self.sharpe_ratio,
            "max_drawdown" => self.max_drawdown,
            "tracking_error" => self.tracking_error,
            "turnover_annual" => self.turnover_annual,
            "cost_annual" => self.cost_annual,
            _ => None,
        }
    }
}

/// The figures of every baseline; of none without a session.
pub(crate) fn baselines(run: &Run, key: Option<&KeyFigures>) -> Vec<BaselineFigures> {
    let Some(key) = key else { return Vec::new() };
    let within = |date: Date| (key.first..=key.last).contains(&date);
    let rows: Vec<ReturnRow> = run.returns.iter().filter(|row| within(row.date)).cloned().collect();
    run.baselines.iter().filter_map(|one| figures(run, &rows, one)).collect()
}

fn figures(run: &Run, rows: &[ReturnRow], own: &Baseline) -> Option<BaselineFigures> {
    let year = stated::periods_per_year(&run.manifest);
    let start = own.rows.iter().position(|row| row.date == rows[0].date)?;
    let mut theirs = rows.to_vec();
    for (row, own) in theirs.iter_mut().zip(own.rows.get(start..start + rows.len())?) {
        row.portfolio = own.earned;
    }
    let (portfolio, baseline) = (Sample::of(run, rows), Sample::of(run, &theirs));
    let returns: Vec<f64> = theirs.iter().map(|row| row.portfolio).collect();
    let (_, one, other) = portfolio.excess.common(&baseline.excess);
    let long = one.len() >= MINIMUM_SESSIONS;
    let apart = || sharpe_difference(one, other, None, year, &Bootstrap::default());
    let active = baseline.active.as_ref().map(Covered::values);
    let known = run.returns.iter().map(|row| {
        let found = own.rows.binary_search_by(|other| other.date.cmp(&row.date));
        found.ok().map(|at| own.rows[at].earned)
    });
    Some(BaselineFigures {
        name: own.name.clone(),
        annual_return: performance::annual_return(&returns, year),
        volatility: performance::volatility(&returns, year),
        sharpe_ratio: performance::sharpe_ratio(baseline.excess.values(), year),
        max_drawdown: drawdown::max_drawdown(&returns),
        tracking_error: active.and_then(|active| relative::tracking_error(active, year)),
        turnover_annual: own.measures.get("turnover_annual"),
        cost_annual: own.measures.get("cost_annual"),
        sharpe_difference: long.then(apart).flatten().map(SharpeDifference::from),
        value: Wealth::of(known).value,
    })
}
