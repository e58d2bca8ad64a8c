//! One backtest of a study, and the tables it leaves.

use walkfolio_backtest::{Observer, Simulation, Step, Walk};
use walkfolio_core::{Market, Row, Weights};
use walkfolio_data::Loaded;

use crate::account::account;
use crate::attribution::attribution;
use crate::backtest::{backtest, event_rows};
use crate::baselines::baselines;
use crate::benchmark_holdings::holdings_rows;
use crate::classifier::classifier_run;
use crate::factors::factor_table;
use crate::frontier::frontier_rows;
use crate::manifest::{describe, manifest};
use crate::measured::benchmark_measures;
use crate::outcome::{Outcome, prepare};
use crate::regimes::regime_rows;
use crate::risk::risk_rows;
use crate::robustness::{Which, check, robustness};
use crate::session::Session;
use crate::survivors::survivors;
use crate::{Error, Result};
use walkfolio_record::Status;
use walkfolio_record::{DecisionRow, LedgerRow, Manifest, ReturnRow, Run, TimingRow};
use walkfolio_study::Study;

/// Runs the study as one backtest.
///
/// # Errors
/// [`Error::IsGrid`] if it has a grid; [`Error::Study`] if it says that a year has other periods than
/// the dates of the prices tell; [`Error::Core`] and [`Error::Backtest`] if the data does
/// not fit it or a decision fails without a fallback.
pub fn run(study: &Study, loaded: &Loaded, observer: &dyn Observer) -> Result<Run> {
    let study = &study.on(&loaded.market)?;
    let manifest = manifest(study, loaded, Status::Running)?;
    run_session(study, loaded, Session { manifest, observer, checkpoints: None })
}

/// As [`run`], with a manifest that is there already and with checkpoints: what they hold is not
/// computed again.
///
/// # Errors
/// As [`run`], and if a checkpoint cannot be written.
pub fn run_session(study: &Study, loaded: &Loaded, session: Session<'_>) -> Result<Run> {
    let study = &study.on(&loaded.market)?;
    let (observer, checkpoints) = (session.observer, session.checkpoints);
    check(study, &loaded.market, &prepare(study, &loaded.market)?.market)?;
    let (mut run, outcome) = run_and_outcome(study, loaded, session)?;
    let watch = (observer, checkpoints);
    let (found, complete) = robustness(study, &loaded.market, &outcome, &Which::All, watch)?;
    run.robustness = found;
    if !complete {
        run.manifest.status = Status::Interrupted;
    }
    Ok(run)
}

/// As [`run_session`], with what the tables were made from.
pub(crate) fn run_and_outcome(
    study: &Study,
    loaded: &Loaded,
    session: Session<'_>,
) -> Result<(Run, Outcome)> {
    if !study.config().grid().is_empty() {
        return Err(Error::IsGrid);
    }
    let study = &study.on(&loaded.market)?;
    let Session { manifest, observer, checkpoints } = session;
    let outcome = backtest(study, &prepare(study, &loaded.market)?, observer, checkpoints)?;
    Ok((run_of(study, loaded, manifest, &outcome)?, outcome))
}

/// The tables of a backtest.
pub(crate) fn run_of(
    study: &Study,
    loaded: &Loaded,
    mut manifest: Manifest,
    outcome: &Outcome,
) -> Result<Run> {
    let complete = outcome.walk.complete;
    manifest.status = if complete { Status::Complete } else { Status::Interrupted };
    describe(&mut manifest, outcome);
    // Labels that are settled after the last decision may lie beyond the study's last date.
    let whole = loaded.market.between(study.config().spec().market.first, None)?;
    let Outcome { market, policy, walk, .. } = outcome;
    let carried_out = &outcome.simulation.rebalances;
    let carried_out: Vec<(Row, &Weights)> =
        carried_out.iter().map(|one| (walk.steps[one.step].row, &one.target)).collect();
    manifest.survivors = survivors(market, policy, &carried_out)?;
    let (attribution, remarks) = attribution(study, market, walk, &outcome.simulation)?;
    let account = account(study, loaded, outcome)?;
    let mut ledger = ledger(study, loaded, outcome);
    ledger.extend(remarks.iter().map(|note| LedgerRow::of_note(None, note)));
    let said = account.iter().flat_map(|own| &own.notes);
    ledger.extend(said.map(|(date, note)| LedgerRow::of_note(*date, note)));
    Ok(Run {
        account: account.map(|own| own.run),
        attribution,
        robustness: None,
        risk: risk_rows(policy, walk, market, study.config().periods_per_year()?)?,
        frontier: frontier_rows(study, policy, walk, market)?,
        benchmark_holdings: holdings_rows(study, walk, market)?,
        baselines: baselines(study, market, walk, &outcome.simulation)?,
        regimes: regime_rows(policy.regimes(), market, &outcome.simulation.rows)?,
        factors: factor_table(market, &outcome.simulation.rows),
        classifier: classifier_run(study, policy, walk, market, &whole)?,
        benchmark: benchmark_measures(study, market, &outcome.simulation)?,
        manifest,
        decisions: weights(&outcome.market, &outcome.walk, &outcome.simulation),
        ledger,
        timings: outcome.walk.steps.iter().map(|step| timing(&outcome.market, step)).collect(),
        returns: return_rows(&outcome.market, &outcome.simulation),
        measures: outcome.measures.clone(),
        without_costs: outcome.without_costs.clone(),
        data_report: None,
    })
}

/// Everything that must not pass in silence, in order.
fn ledger(study: &Study, loaded: &Loaded, outcome: &Outcome) -> Vec<LedgerRow> {
    let mut rows: Vec<LedgerRow> = loaded
        .notes
        .iter()
        .chain(study.notes())
        .map(|note| LedgerRow::of_note(None, note))
        .collect();
    rows.extend(event_rows(outcome));
    rows
}

/// What was bought at each decision that was executed, and what was held before.
pub(crate) fn weights(market: &Market, walk: &Walk, simulation: &Simulation) -> Vec<DecisionRow> {
    let tickers = market.universe().tickers();
    let mut rows = Vec::new();
    for rebalance in &simulation.rebalances {
        let step = &walk.steps[rebalance.step];
        let decision = &step.decision;
        let dates = market.dates();
        for (asset, ticker) in tickers.iter().enumerate() {
            let selection = decision.selection.as_ref();
            rows.push(DecisionRow {
                date: dates[step.row],
                traded: dates[rebalance.row],
                asset: ticker.to_string(),
                weight: rebalance.target.values()[asset],
                drifted: rebalance.drifted.values()[asset],
                selected: selection.map(|selection| selection.selected[asset]),
                probability: selection
                    .and_then(|selection| selection.probability.as_ref())
                    .and_then(|probability| probability[asset]),
            });
        }
    }
    rows
}

/// What was earned on each session.
pub(crate) fn return_rows(market: &Market, simulation: &Simulation) -> Vec<ReturnRow> {
    let rows = simulation.rows.clone().enumerate();
    rows.map(|(index, row)| ReturnRow {
        date: market.dates()[row],
        portfolio: simulation.net[index],
        gross: simulation.gross[index],
        benchmark: market.benchmark().and_then(|benchmark| benchmark.value(row)),
        cash: market.cash().and_then(|cash| cash.value(row)),
        turnover: simulation.turnover[index],
        cost: simulation.cost[index],
    })
    .collect()
}

fn timing(market: &Market, step: &Step) -> TimingRow {
    TimingRow {
        date: market.dates()[step.row],
        micros: step.decision.solve.micros,
        iterations: step.decision.solve.iterations,
        pivots: step.decision.solve.pivots,
        nodes: step.decision.solve.nodes,
    }
}
