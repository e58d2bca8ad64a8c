//! For which session it is decided: its row, and whether the schedule asks for it.

use walkfolio_core::{Date, Market, Row, Schedule};
use walkfolio_data::{Loaded, Sessions};
use walkfolio_study::{Study, StudyPolicy};

use super::ask::Ask;
use crate::backtest::first_full;
use crate::{Error, Result};

/// Sessions ahead that are looked through for the next date of the schedule: more than a year of days.
const AHEAD: usize = 400;

pub(super) struct When {
    /// The row of the session.
    pub row: Row,
    /// The rows of the study's decisions before it, and it.
    pub rows: Vec<Row>,
    pub due: bool,
    pub next_due: Option<Date>,
    pub age: usize,
    /// Whether `walk_forward.last` is before the session.
    pub after_last: bool,
}

impl When {
    /// The market of the decision and its place there.
    pub fn of(
        study: &Study,
        loaded: &Loaded,
        policy: &StudyPolicy,
        ask: Ask,
    ) -> Result<(Market, Self)> {
        let spec = study.config().spec();
        let data = &loaded.market;
        let sessions = Sessions::of(data, spec.market.calendar);
        let last = data.dates()[data.rows() - 1];
        let date = ask.on.unwrap_or_else(|| sessions.after(last));
        let age = age(&sessions, last, ask, date);
        if age > ask.max_age {
            let until = ask.on.or(ask.today).unwrap_or(date);
            return Err(Error::Stale { last, until, age, max_age: ask.max_age });
        }
        let market = market(study, data, &sessions, date)?;
        let Ok(row) = market.dates().binary_search(&date) else {
            return Err(no_session(&market, &sessions, date));
        };
        let scheduled = study.config().schedule();
        // The session of today is not in the study's past.
        let schedule = Schedule { last: None, ..scheduled.clone() };
        let full = first_full(study, &market, policy)?;
        let mut rows = walkfolio_backtest::decision_rows(&market, policy, &schedule, full)?;
        rows.retain(|own| *own <= row);
        let due = rows.last() == Some(&row);
        if !due {
            rows.push(row);
        }
        if row < full {
            let reason =
                format!("the windows of the study are full from {} on", market.dates()[full]);
            let first = market.dates()[0];
            return Err(walkfolio_backtest::Error::NoDecision { first, last: date, reason }.into());
        }
        let next_due = next_due(&schedule, &market.dates()[..=row], &sessions, full);
        let after_last = scheduled.last.is_some_and(|last| last < date);
        Ok((market, Self { row, rows, due, next_due, age, after_last }))
    }
}

/// How many sessions the data lack: those up to the session, or up to today, which is not over.
fn age(sessions: &Sessions, last: Date, ask: Ask, date: Date) -> usize {
    let until = ask.on.or(ask.today).unwrap_or(date);
    sessions.between(last, until)
}

/// The backtest's own market where it has the session, one with further rows where it has not.
fn market(study: &Study, data: &Market, sessions: &Sessions, date: Date) -> Result<Market> {
    let spec = study.config().spec();
    let end = study.config().schedule().last.filter(|last| *last >= date);
    let last = data.dates()[data.rows() - 1];
    if date <= last {
        return Ok(data.between(spec.market.first, end)?);
    }
    if !sessions.is_session(date) {
        return Err(no_session(data, sessions, date));
    }
    Ok(data.between(spec.market.first, None)?.with_session(date)?)
}

/// A date on which nothing is traded, with the next one on which something is.
fn no_session(market: &Market, sessions: &Sessions, date: Date) -> Error {
    let dates = market.dates();
    let next = dates.iter().copied().find(|session| *session > date);
    Error::NoSession { date, first: dates[0], next: next.unwrap_or_else(|| sessions.after(date)) }
}

/// The first session after the row on which the schedule asks for a decision.
fn next_due(schedule: &Schedule, known: &[Date], sessions: &Sessions, full: Row) -> Option<Date> {
    let mut dates = known.to_vec();
    for _ in 0..AHEAD {
        let next = sessions.after(*dates.last()?);
        dates.push(next);
    }
    let rows = schedule.rows(&dates, full);
    rows.into_iter().find(|row| *row >= known.len()).map(|row| dates[row])
}
