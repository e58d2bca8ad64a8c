//! The backtest of a study: when it decides, its walk, its simulation and its measures.

use std::sync::Arc;
use std::time::Instant;

use walkfolio_backtest::{
    Backtest, CheckpointStore, NoCheckpoints, Observer, Walk, first_full_row,
};
use walkfolio_core::{Date, Every, Market, Note, Row, Schedule};
use walkfolio_record::{LedgerRow, Seconds};
use walkfolio_store::Checkpoints;
use walkfolio_study::{Study, StudyPolicy};

use crate::checkpoint::WalkCheckpoints;
use crate::measured::{measures, observations, without_costs};
use crate::outcome::{Outcome, Prepared};
use crate::stale_signals::stale_signals;
use crate::{Error, Result};

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
    notes.extend(waited(&schedule.rows(dates, full), &rows, dates).map(|note| (None, note)));
    Ok(rows)
}

/// What became of the decisions that had to wait: those due on rows at which none was made.
fn waited(due: &[Row], made: &[Row], dates: &[Date]) -> Option<Note> {
    let waiting = due.iter().enumerate().filter(|(_, row)| made.binary_search(row).is_err());
    let shown: Vec<String> = waiting
        .map(|(at, &row)| {
            let next = made.get(made.partition_point(|made| *made < row));
            let next = next.filter(|next| due.get(at + 1).is_none_or(|due| *next < due));
            let end =
                next.map_or("is not made".to_owned(), |next| format!("until {}", dates[*next]));
            format!("{} {end}", dates[row])
        })
        .collect();
    let (first, count) = (shown.first()?, shown.len());
    let decisions = if count == 1 { "a decision waits" } else { "decisions wait" };
    let which =
        if count == 1 { first.clone() } else { format!("{count} of them, the first {first}") };
    Some(Note::warning(format!(
        "{decisions} for a session on which enough assets are traded to sum to 1 within bounds.max: {which}"
    )))
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
