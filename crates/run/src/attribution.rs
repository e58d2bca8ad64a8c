//! Where the returns and the risk of a backtest came from.

mod contributions;
mod effects;
mod expected;
mod groups;
mod reference;
mod style;
mod taken;

use std::ops::Range;

use walkfolio_backtest::{Simulation, Walk};
use walkfolio_core::{Date, Market, Note, Row};
use walkfolio_record::AttributionTables;
use walkfolio_study::{AttributionSpec, Study};

use crate::Result;
use crate::measured::rows_between;
use taken::Span;
pub(crate) use taken::Taken;

/// The attribution that a study asks for, with what its reader must know.
///
/// # Errors
/// [`Error::Study`](crate::Error::Study) if it names assets that the data do not have.
pub(crate) fn attribution(
    study: &Study,
    market: &Market,
    walk: &Walk,
    simulation: &Simulation,
) -> Result<(Option<AttributionTables>, Vec<Note>)> {
    let Some(spec) = &study.config().spec().attribution else { return Ok((None, Vec::new())) };
    let taken = Taken {
        study,
        spec,
        market,
        walk,
        simulation,
        drift: study.config().execution().drift,
        periods_per_year: study.config().periods_per_year()?,
        spans: spans(study, spec, market, &simulation.rows),
    };
    let mut notes = Vec::new();
    let tables = AttributionTables {
        contributions: contributions::rows(&taken)?,
        effects: effects::rows(&taken, &mut notes)?,
        style: style::rows(&taken, &mut notes)?,
    };
    Ok((Some(tables), notes))
}

/// The full sample, the study's periods, and calendar years; only those that have a session.
fn spans(study: &Study, spec: &AttributionSpec, market: &Market, rows: &Range<Row>) -> Vec<Span> {
    let config = study.config();
    let mut spans = Vec::new();
    let mut add = |name: String, first: Option<Date>, last: Option<Date>| {
        let rows = rows_between(market, rows, first, last);
        if !rows.is_empty() && !spans.iter().any(|other: &Span| other.name == name) {
            spans.push(Span { name, rows });
        }
    };
    add("full".to_owned(), config.spec().measure.first, None);
    for period in config.periods() {
        add(period.name.clone(), period.first, period.last);
    }
    let dates = &market.dates()[rows.clone()];
    if let (true, Some(first), Some(last)) = (spec.years, dates.first(), dates.last()) {
        for year in first.year()..=last.year() {
            let (start, end) = (Date::constant(year, 1, 1), Date::constant(year, 12, 31));
            add(year.to_string(), Some(start), Some(end));
        }
    }
    spans
}

#[cfg(test)]
mod tests;
