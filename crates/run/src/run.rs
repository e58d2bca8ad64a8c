//! One backtest of a study, and the tables it leaves.

use std::sync::Arc;
use std::time::Instant;

use walkfolio_backtest::{
    Backtest, CheckpointStore, NoCheckpoints, Observer, Simulation, Step, Walk, first_full_row,
};
use walkfolio_core::{Date, Every, Market, Note, Row, Schedule, Weights};
use walkfolio_data::Loaded;

use crate::account::account;
use crate::attribution::attribution;
use crate::benchmark_holdings::holdings_rows;
use crate::checkpoint::WalkCheckpoints;
use crate::classifier::classifier_run;
use crate::factors::factor_table;
use crate::frontier::frontier_rows;
use crate::manifest::{describe, manifest};
use crate::measured::{benchmark_measures, measures, observations, without_costs};
use crate::outcome::{Outcome, Prepared, prepare};
use crate::regimes::regime_rows;
use crate::risk::risk_rows;
use crate::robustness::{Which, check, robustness};
use crate::session::Session;
use crate::stale_signals::stale_signals;
use crate::survivors::survivors;
use crate::{Error, Result};
use walkfolio_record::{DecisionRow, LedgerRow, Manifest, ReturnRow, Run, TimingRow};
use walkfolio_record::{Seconds, Status};
use walkfolio_store::Checkpoints;
use walkfolio_study::Study;
use walkfolio_study::StudyPolicy;

/// Runs the study as one backtest.
///
/// # Errors
/// [`Error::IsGrid`] if it has a grid; [`Error::Study`] if it says that a year has other periods than
/// the dates of the prices tell; [`Error::Core`] and [`Error::Backtest`] if the data does
/// not fit it or a decision fails without a fallback.
pub fn run(study: &Study, loaded: &Loaded, observer: &dyn Observer) -> Result<Run> {
    let manifest = manifest(study, loaded, Status::Running)?;
    run_session(study, loaded, Session { manifest, observer, checkpoints: None })
}

/// As [`run`], with a manifest that is there already and with checkpoints: what they hold is not
/// computed again.
///
/// # Errors
/// As [`run`], and if a checkpoint cannot be written.
pub fn run_session(study: &Study, loaded: &Loaded, session: Session<'_>) -> Result<Run> {
    let on = &study.on(&loaded.market)?;
    let (observer, checkpoints) = (session.observer, session.checkpoints);
    check(on, &loaded.market, &prepare(on, &loaded.market)?.market)?;
    let (mut run, outcome) = run_and_outcome(study, loaded, session)?;
    let watch = (observer, checkpoints);
    let (found, complete) = robustness(on, &loaded.market, &outcome, &Which::All, watch)?;
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
        risk: risk_rows(walk, market, study.config().periods_per_year()?)?,
        frontier: frontier_rows(study, policy, walk, market)?,
        benchmark_holdings: holdings_rows(study, walk, market)?,
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

/// Walks, simulates and measures.
pub(crate) fn backtest(
    study: &Study,
    prepared: &Prepared,
    observer: &dyn Observer,
    checkpoints: Option<&Checkpoints>,
) -> Result<Outcome> {
    let policy = StudyPolicy::interruptible(study, observer.interrupt())?;
    let mut notes = study.vacuous();
    let rows = decision_rows(study, &prepared.market, &policy, &mut notes)?;
    decided(study, (prepared, policy), (&rows, notes), (observer, checkpoints))
}

/// As [`backtest`], with decisions on these rows and not on those of the schedule.
pub(crate) fn backtest_at(
    study: &Study,
    prepared: &Prepared,
    rows: &[Row],
    observer: &dyn Observer,
) -> Result<Outcome> {
    let policy = StudyPolicy::interruptible(study, observer.interrupt())?;
    decided(study, (prepared, policy), (rows, study.vacuous()), (observer, None))
}

/// Decides on these rows, simulates and measures.
fn decided(
    study: &Study,
    (prepared, policy): (&Prepared, StudyPolicy),
    (rows, notes): (&[Row], Vec<(Option<Date>, Note)>),
    (observer, checkpoints): (&dyn Observer, Option<&Checkpoints>),
) -> Result<Outcome> {
    let market = Arc::clone(&prepared.market);
    let started = Instant::now();
    let saved = checkpoints.map(|checkpoints| WalkCheckpoints::new(checkpoints, &policy));
    let store: &dyn CheckpointStore = match &saved {
        Some(saved) => saved,
        None => &NoCheckpoints,
    };
    let backtest = Backtest::new(&market).rows(rows).execution(*study.config().execution());
    let walk = backtest.observer(observer).checkpoints(store).walk(&policy)?;
    drop(saved);
    let decide = started.elapsed().as_secs_f64();
    let mut outcome = concluded(study, (market, policy, walk), rows, notes)?;
    outcome.seconds.decide = decide;
    Ok(outcome)
}

/// Simulates and measures the decisions of a walk.
pub(crate) fn concluded(
    study: &Study,
    (market, policy, walk): (Arc<Market>, StudyPolicy, Walk),
    rows: &[Row],
    mut notes: Vec<(Option<Date>, Note)>,
) -> Result<Outcome> {
    if walk.steps.is_empty() {
        return Err(Error::Interrupted);
    }
    let backtest = Backtest::new(&market).rows(rows).execution(*study.config().execution());
    let started = Instant::now();
    let (simulation, end) = (backtest.simulate(&walk)?, backtest.end(&walk));
    let simulate = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let measures = measures(study, &market, &simulation, &mut notes)?;
    let without_costs = without_costs(study, &market, &walk.steps, end)?;
    notes.extend(observations(study, &market, &walk.steps, &measures));
    let decided: Vec<Row> = walk.steps.iter().map(|step| step.row).collect();
    notes.extend(stale_signals(&market, &decided).into_iter().map(|note| (None, note)));
    let seconds = Seconds { decide: 0.0, simulate, measure: started.elapsed().as_secs_f64() };
    Ok(Outcome { market, policy, walk, simulation, measures, without_costs, notes, seconds })
}

/// The first row at which all windows are full.
///
/// # Errors
/// With what is in the way if there is none.
pub(crate) fn first_full(study: &Study, market: &Market, policy: &StudyPolicy) -> Result<Row> {
    let dates = market.dates();
    let (first, last) = (dates[0], dates[dates.len() - 1]);
    let full = first_full_row(market, policy).ok_or_else(|| {
        // What is in the way at the end of the data is in the way throughout.
        let end = market.before(market.rows() - 1);
        let obstacle = end.ok().and_then(|past| policy.obstacle(&past));
        let window = study.config().longest_window();
        let reason = obstacle.unwrap_or_else(|| {
            format!("no asset ever has {window} returns with benchmark and factors beside them")
        });
        walkfolio_backtest::Error::NoDecision { first, last, reason }
    })?;
    Ok(full)
}

/// The rows of the decisions.
pub(crate) fn decision_rows(
    study: &Study,
    market: &Market,
    policy: &StudyPolicy,
    notes: &mut Vec<(Option<Date>, Note)>,
) -> Result<Vec<Row>> {
    let dates = market.dates();
    let schedule = study.config().schedule();
    let (first, last) = (dates[0], dates[dates.len() - 1]);
    let none = |reason: String| walkfolio_backtest::Error::NoDecision { first, last, reason };
    let window = study.config().longest_window();
    let full = first_full(study, market, policy)?;
    let rows = walkfolio_backtest::decision_rows(market, policy, schedule, full)?;
    let Some(&decided) = rows.first() else {
        return Err(no_rebalance(schedule, market, full, &none).into());
    };
    let asked = schedule.first.unwrap_or(first);
    if dates[full] > asked {
        let message = format!(
            "the first decision is on {}: no window of {window} rows is full before {}",
            dates[decided], dates[full]
        );
        notes.push((Some(dates[decided]), Note::info(message)));
    }
    if let Every::Dates(own) = &schedule.every {
        notes.extend(moved(own, dates));
    }
    Ok(rows)
}

/// What a list of dates has that the data have not.
fn moved(own: &[Date], dates: &[Date]) -> Vec<(Option<Date>, Note)> {
    let (first, last) = (dates[0], dates[dates.len() - 1]);
    let outside = own.iter().filter(|date| **date <= first || **date > last).count();
    let inside = own.iter().filter(|date| **date > first && **date <= last);
    let moved: Vec<&Date> = inside.filter(|date| dates.binary_search(date).is_err()).collect();
    let mut notes = Vec::new();
    if outside > 0 {
        let message = format!(
            "{outside} of {} dates of walk_forward.every lie outside the data, where decisions may be from after {first} to {last}",
            own.len()
        );
        notes.push((None, Note::warning(message)));
    }
    if let Some(example) = moved.first() {
        let next = dates[dates.partition_point(|date| date < example)];
        let message = format!(
            "{} of {} dates of walk_forward.every are no sessions: each is decided on the next one, {example} on {next}",
            moved.len(),
            own.len()
        );
        notes.push((None, Note::warning(message)));
    }
    notes
}

/// Why no decision is made though the windows are full at a row.
fn no_rebalance(
    schedule: &Schedule,
    market: &Market,
    full: Row,
    none: &impl Fn(String) -> walkfolio_backtest::Error,
) -> walkfolio_backtest::Error {
    let dates = market.dates();
    let end = dates[dates.len() - 1];
    let last = schedule.last.map_or(end, |last| last.min(end));
    if dates[full] > last {
        return none(format!("the windows are full from {} on, after {last}", dates[full]));
    }
    let first = schedule.first.map_or(dates[full], |first| first.max(dates[full]));
    walkfolio_backtest::Error::NoRebalance { first, last }
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

/// The events of a backtest: general ones first, then by decision, then those of the simulation.
pub(crate) fn event_rows(outcome: &Outcome) -> Vec<LedgerRow> {
    let mut rows: Vec<LedgerRow> =
        outcome.notes.iter().map(|(date, note)| LedgerRow::of_note(*date, note)).collect();
    for step in &outcome.walk.steps {
        let date = outcome.market.dates()[step.row];
        rows.push(LedgerRow::of_solve(date, &step.decision.solve));
        rows.extend(step.decision.notes.iter().map(|note| LedgerRow::of_note(Some(date), note)));
    }
    let simulated = outcome.simulation.notes.iter();
    rows.extend(simulated.map(|(date, note)| LedgerRow::of_note(Some(*date), note)));
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
