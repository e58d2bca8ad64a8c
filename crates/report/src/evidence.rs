//! What a run has to say for and against itself, gathered for its verdict.

use serde_json::Value;
use walkfolio::{LedgerRow, Run, Status, targets};

use crate::cards::Intervals;
use crate::certainty::Certainty;
use crate::verdict::{Evidence, Figure, Goals};

/// Gathers the figures of a run over its full sample.
pub(crate) fn evidence(
    run: &Run,
    certain: &Certainty,
    intervals: &Intervals,
    model_earns: Option<bool>,
) -> Evidence {
    let (manifest, full) = (&run.manifest, &run.measures.full);
    let figure = |key| {
        let known = intervals.get(key).or_else(|| certain.own(key));
        Figure::of(full.get(key), known)
    };
    let difference = certain.difference.map(|found| found.interval);
    let beside = run.benchmark.as_ref().map(|set| &set.full);
    let free = run.without_costs.as_ref().map(|set| &set.full);
    Evidence {
        benchmark: manifest.benchmark.clone(),
        tracks: manifest.resolved["allocate"]["objective"]["kind"] == "tracking_error",
        ruined: manifest.ruined.map(|date| date.to_string()),
        cut_off: (manifest.status != Status::Complete).then(|| manifest.status.as_str().to_owned()),
        synthetic: manifest.synthetic,
        goals: goals(run),
        fallbacks: events(run, "fallback"),
        unproven: unproven(run.ledger.iter()),
        data_errors: data_errors(run.data_report.as_ref()),
        looks_ahead: looks_ahead(&manifest.resolved),
        warnings: events(run, "warning"),
        model_earns,
        tracking_error: figure("tracking_error"),
        information_ratio: figure("information_ratio"),
        excess_return: figure("excess_return_annual"),
        excess_without_costs: free.and_then(|table| table.get("excess_return_annual")),
        annual_return: full.get("annual_return"),
        benchmark_return: full.get("benchmark_annual_return"),
        sharpe_ratio: figure("sharpe_ratio"),
        sharpe_difference: Figure::of(difference.map(|found| found.estimate), difference),
        max_drawdown: full.get("max_drawdown"),
        benchmark_drawdown: beside.and_then(|table| table.get("max_drawdown")),
    }
}

/// Whether a study fills in prices by a line to later ones.
fn looks_ahead(resolved: &Value) -> bool {
    let policies = resolved["clean"].as_object();
    policies.is_some_and(|own| own.values().any(|policy| policy["kind"] == "interpolate"))
}

fn events(run: &Run, kind: &str) -> usize {
    run.ledger.iter().filter(|row| row.kind == kind).count()
}

/// Solves that gave an answer and stopped before they could prove it the best.
pub(crate) fn unproven<'a>(rows: impl Iterator<Item = &'a LedgerRow>) -> usize {
    let stopped = |row: &&LedgerRow| row.status.as_deref() == Some("limit");
    rows.filter(|row| row.kind == "solve" && row.objective.is_some()).filter(stopped).count()
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
