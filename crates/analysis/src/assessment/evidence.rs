//! What a run has to say for and against itself, gathered for its assessment.

use serde_json::Value;
use walkfolio_record::{Run, Status};

use super::finding::Figure;
use crate::caveats::free_of_costs;
use crate::headline;
use crate::period::Period;
use crate::sample::Sample;
use crate::solves::unproven;
use crate::stated;
use crate::target::targets;

/// Returns closer than this are the same: each is a difference from 1.
const ROUNDING: f64 = 1e-14;

/// What a study set out to reach.
#[derive(Debug, Clone, Default)]
pub(crate) struct Goals {
    /// How many were reached.
    pub met: usize,
    /// The labels of those that were not.
    pub missed: Vec<String>,
    /// How many cannot be judged.
    pub open: usize,
}

/// Everything that an assessment is drawn from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// The benchmark's name.
    pub benchmark: Option<String>,
    /// Whether the study was to track it.
    pub tracks: bool,
    /// How many returns there are.
    pub returns: usize,
    /// Whether the returns above cash are the same in every period.
    pub constant: bool,
    /// The session on which equity was gone.
    pub ruined: Option<String>,
    /// How the run ended, if not as it should.
    pub cut_off: Option<String>,
    /// Whether its prices are simulated.
    pub synthetic: bool,
    /// The study's targets.
    pub goals: Goals,
    /// Decisions that another rule had to make.
    pub fallbacks: usize,
    /// Solves whose answer is not proven to be the best.
    pub unproven: usize,
    /// What is wrong with the data beyond doubt.
    pub data_errors: usize,
    /// What `[clean]` changed by later rows, a warning each.
    pub looks_ahead: Vec<String>,
    /// Signals that are old at the decisions, a warning each.
    pub stale_signals: Vec<String>,
    /// Warnings in the ledger, those of what is counted above among them.
    pub warnings: usize,
    /// Whether the classifier predicts more than rules without a model.
    pub model_earns: Option<bool>,
    /// A year.
    pub tracking_error: Option<Figure>,
    /// A year.
    pub information_ratio: Option<Figure>,
    /// Arithmetic, above the benchmark, a year.
    pub excess_return: Option<Figure>,
    /// The same if trading were free.
    pub excess_without_costs: Option<f64>,
    /// That costs are 0, with the result at some; `None` where they are not.
    pub free_of_costs: Option<String>,
    /// Geometric, a year.
    pub annual_return: Option<f64>,
    /// The benchmark's, geometric, a year, where it has every session.
    pub benchmark_return: Option<f64>,
    /// A year.
    pub sharpe_ratio: Option<Figure>,
    /// The Sharpe ratio less the benchmark's.
    pub sharpe_difference: Option<Figure>,
    /// Negative.
    pub max_drawdown: Option<f64>,
    /// The benchmark's, negative, where it has every session.
    pub benchmark_drawdown: Option<f64>,
}

/// Gathers the figures of a run over its full sample; `figures` the ones that matter most, the
/// excess return among them.
pub(crate) fn evidence(
    run: &Run,
    sample: &Period,
    figures: &[&headline::Figure],
    model_earns: Option<bool>,
) -> Evidence {
    let (manifest, full) = (&run.manifest, &run.measures.full);
    let figure = |key| {
        let known = figures.iter().find(|figure| figure.key == key);
        let known = known.and_then(|figure| figure.interval);
        Figure::of(full.get(key), known.or_else(|| sample.intervals.own.get(key).copied()))
    };
    let difference = sample.intervals.sharpe_difference.map(|found| found.interval);
    // Compounded returns and drawdowns of other sessions say nothing about each other.
    let is_whole = full.sample("benchmark_annual_return").is_none();
    let beside = run.benchmark.as_ref().map(|set| &set.full).filter(|_| is_whole);
    let free = run.without_costs.as_ref().map(|set| &set.full);
    Evidence {
        benchmark: manifest.benchmark.clone(),
        tracks: stated::tracks(manifest),
        returns: sample.rows.len(),
        constant: is_constant(run, sample),
        ruined: manifest.ruined.map(|date| date.to_string()),
        cut_off: (manifest.status != Status::Complete).then(|| manifest.status.as_str().to_owned()),
        synthetic: manifest.synthetic,
        goals: goals(run),
        fallbacks: events(run, "fallback"),
        unproven: unproven(run.ledger.iter()),
        data_errors: data_errors(run.data_report.as_ref()),
        looks_ahead: looks_ahead(run),
        stale_signals: stale_signals(run),
        warnings: events(run, "warning"),
        model_earns,
        tracking_error: figure("tracking_error"),
        information_ratio: figure("information_ratio"),
        excess_return: figure("excess_return_annual"),
        excess_without_costs: free.and_then(|table| table.get("excess_return_annual")),
        free_of_costs: free_of_costs(run),
        annual_return: full.get("annual_return"),
        benchmark_return: full.get("benchmark_annual_return").filter(|_| is_whole),
        sharpe_ratio: figure("sharpe_ratio"),
        sharpe_difference: Figure::of(difference.map(|found| found.estimate), difference),
        max_drawdown: full.get("max_drawdown"),
        benchmark_drawdown: beside.and_then(|table| table.get("max_drawdown")),
    }
}

/// Whether there are returns above cash, of which none differs from the others but by rounding.
fn is_constant(run: &Run, sample: &Period) -> bool {
    let excess = Sample::of(run, sample.of_returns(run)).excess;
    let values = excess.values();
    let spread = values.iter().map(|value| (value - values[0]).abs()).fold(0.0, f64::max);
    values.len() > 1 && spread <= ROUNDING
}

/// The warnings of policies that change prices by later rows.
fn looks_ahead(run: &Run) -> Vec<String> {
    let policies = run.manifest.resolved.cleans_ahead();
    let own = |message: &&String| policies.iter().any(|policy| message.starts_with(policy));
    let warnings = run.ledger.iter().filter(|row| row.kind == "warning");
    warnings.map(|row| &row.message).filter(own).cloned().collect()
}

/// The warnings of signals whose newest row is old.
fn stale_signals(run: &Run) -> Vec<String> {
    let own =
        |message: &&String| message.starts_with("signal ") && message.contains(" sessions old in ");
    let warnings = run.ledger.iter().filter(|row| row.kind == "warning");
    warnings.map(|row| &row.message).filter(own).cloned().collect()
}

fn events(run: &Run, kind: &str) -> usize {
    run.ledger.iter().filter(|row| row.kind == kind).count()
}

/// The errors that a report on the data counts.
pub(crate) fn data_errors(report: Option<&Value>) -> usize {
    let errors = report.and_then(|report| report["counts"]["error"].as_u64());
    errors.map_or(0, |errors| usize::try_from(errors).unwrap_or(usize::MAX))
}

fn goals(run: &Run) -> Goals {
    let found = targets(&run.manifest, &run.measures.full);
    let missed = found.iter().filter(|target| target.met == Some(false));
    Goals {
        met: found.iter().filter(|target| target.met == Some(true)).count(),
        missed: missed.map(|target| target.label.clone()).collect(),
        open: found.iter().filter(|target| target.met.is_none()).count(),
    }
}
