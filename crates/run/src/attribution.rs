//! Where the returns and the risk of a backtest came from.

mod contributions;
mod effects;
mod expected;
mod groups;
mod reference;
mod style;

use std::ops::Range;

use walkfolio_backtest::{Drift, Simulation, Walk};
use walkfolio_core::{Date, Market, Note, Row};
use walkfolio_record::AttributionTables;
use walkfolio_study::{AttributionSpec, Study};

use crate::Result;
use crate::measured::rows_between;

/// A backtest that is taken apart.
pub(crate) struct Taken<'a> {
    study: &'a Study,
    spec: &'a AttributionSpec,
    market: &'a Market,
    walk: &'a Walk,
    simulation: &'a Simulation,
    drift: Drift,
    periods_per_year: f64,
    spans: Vec<Span>,
}

/// A period that is taken apart.
struct Span {
    name: String,
    rows: Range<Row>,
}

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

impl Taken<'_> {
    /// The returns of a session before and after costs.
    fn earned(&self, row: Row) -> (f64, f64) {
        let at = row - self.simulation.rows.start;
        (self.simulation.gross[at], self.simulation.net[at])
    }

    /// The benchmark's return of a session, where it is known.
    fn benchmark(&self, row: Row) -> Option<f64> {
        self.market.benchmark()?.value(row)
    }

    /// The universe index of the benchmark, where it is an asset.
    fn benchmark_asset(&self) -> Option<usize> {
        let benchmark = self.market.benchmark()?;
        self.market.universe().position(benchmark.ticker.as_str())
    }

    /// The universe indices of a list of names; `["*"]` is all of them.
    fn assets(&self, key: &str, names: &[String]) -> Result<Vec<usize>> {
        let universe = self.market.universe();
        if names == ["*"] {
            return Ok((0..universe.len()).collect());
        }
        names
            .iter()
            .enumerate()
            .map(|(at, name)| self.asset(&format!("{key}[{at}]"), name))
            .collect()
    }

    fn asset(&self, key: &str, name: &str) -> Result<usize> {
        let found = self.market.universe().position(name);
        found.ok_or_else(|| {
            let hint = "name assets of the price file".to_owned();
            let message = format!("the data have no asset {name}");
            self.study.error_at(key, message, Some(hint)).into()
        })
    }
}

/// What is left of a difference of sums is 0 where it is rounding alone.
fn rounded(value: f64) -> f64 {
    if value.abs() < 1e-13 { 0.0 } else { value }
}

#[cfg(test)]
mod tests;
