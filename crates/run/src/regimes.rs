//! What the regimes of a study were known to be before each session of a run.

use std::ops::Range;

use walkfolio_core::{Market, Row};
use walkfolio_estimate::regime::{Reading, Regime};
use walkfolio_record::RegimeRow;

use crate::Result;

/// The regimes before some sessions, a session after the other; nothing without regimes.
///
/// A regime that cannot be read at all, and on which nothing depends, is left undefined: the ledger says why.
pub(crate) fn regime_rows(
    regimes: &[Regime],
    market: &Market,
    sessions: &Range<Row>,
) -> Result<Vec<RegimeRow>> {
    let (first, last) = (sessions.start.max(1), sessions.end.saturating_sub(1));
    if regimes.is_empty() || first > last {
        return Ok(Vec::new());
    }
    let past = market.before(last)?;
    let closes = first - 1..last;
    let track = |regime: &Regime| {
        regime.track(&past, closes.clone()).unwrap_or_else(|_| vec![None; closes.len()])
    };
    let tracks: Vec<Vec<Option<Reading>>> = regimes.iter().map(track).collect();
    let dates = market.dates();
    let mut rows = Vec::with_capacity(closes.len() * regimes.len());
    for (place, close) in closes.enumerate() {
        for (regime, track) in regimes.iter().zip(&tracks) {
            let reading = track[place].as_ref();
            let states = regime.states();
            let probabilities = reading.map_or(&[][..], |reading| &reading.probabilities);
            rows.push(RegimeRow {
                date: dates[close + 1],
                known: dates[close],
                regime: regime.name().to_owned(),
                state: reading.map(|reading| states[reading.state].to_owned()),
                value: reading.and_then(|reading| reading.value),
                probabilities: states
                    .iter()
                    .zip(probabilities)
                    .map(|(state, probability)| ((*state).to_owned(), *probability))
                    .collect(),
            });
        }
    }
    Ok(rows)
}
