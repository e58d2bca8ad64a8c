//! The value of an account from session to session, next to the same money in the weights of the backtest.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{AccountDayRow, Run};

use crate::line::Line;

/// What an account was worth.
///
/// # Shape and units
/// One value a session, in the currency of the prices.
/// # Examples
/// See [`Account`](super::Account).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Path {
    /// The sessions.
    pub dates: Vec<Date>,
    /// Its value at their closes.
    pub value: Vec<f64>,
    /// What its capital and its flows would be worth at the returns of the backtest of weights: of any size, and without
    /// financing, margin and commissions.
    pub weights: Line,
    /// The sessions with flows, by their place, and what was paid in; negative where it was paid out.
    pub flows: Vec<(usize, f64)>,
}

impl Path {
    /// Of the sessions of an account that began with some capital.
    pub(super) fn of(run: &Run, capital: f64, days: &[AccountDayRow]) -> Self {
        let mut returns = run.returns.iter().peekable();
        let (mut now, mut weights) = (Some(capital), Vec::with_capacity(days.len()));
        for (at, day) in days.iter().enumerate() {
            while returns.next_if(|row| row.date < day.date).is_some() {}
            let own = returns.next_if(|row| row.date == day.date);
            // The first trade is made at the close of the first session.
            if at > 0 {
                now = now.zip(own).map(|(now, row)| now * (1.0 + row.portfolio) + day.flows);
            }
            weights.push(now);
        }
        let paid =
            |(at, day): (usize, &AccountDayRow)| (day.flows != 0.0).then_some((at, day.flows));
        Self {
            dates: days.iter().map(|day| day.date).collect(),
            value: days.iter().map(|day| day.value).collect(),
            flows: days.iter().enumerate().filter_map(paid).collect(),
            weights,
        }
    }
}
