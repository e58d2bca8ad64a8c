//! What a run has to say for and against itself, gathered for its verdict.

use walkfolio::{Run, Status, targets};

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
    let free = run.without_costs.as_ref().map(|set| &set.full);
    Evidence {
        benchmark: manifest.benchmark.clone(),
        tracks: manifest.resolved["allocate"]["objective"]["kind"] == "tracking_error",
        ruined: manifest.ruined.map(|date| date.to_string()),
        cut_off: (manifest.status != Status::Complete).then(|| manifest.status.as_str().to_owned()),
        synthetic: manifest.synthetic,
        goals: goals(run),
        fallbacks: events(run, "fallback"),
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
    }
}

fn events(run: &Run, kind: &str) -> usize {
    run.ledger.iter().filter(|row| row.kind == kind).count()
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
