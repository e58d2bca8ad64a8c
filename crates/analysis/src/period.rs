//! The full sample and each regime: their dates, their measures and how certain these are.

use std::ops::Range;

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{MeasureSet, MeasureTable, ReturnRow, Run};

use crate::intervals::Intervals;
use crate::stated;

/// A period that figures are given for.
///
/// # Examples
/// See [`periods`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Period {
    /// The regime's name; none for the full sample.
    pub regime: Option<String>,
    /// Its first day, as the study has it.
    pub first: Option<Date>,
    /// Its last day, as the study has it.
    pub last: Option<Date>,
    /// Its sessions: indices into the run's returns.
    pub rows: Range<usize>,
    /// The portfolio's measures after costs, in the units of their definitions.
    pub own: MeasureTable,
    /// The benchmark's, as a portfolio of its own.
    pub benchmark: Option<MeasureTable>,
    /// The portfolio's gross of costs.
    pub without_costs: Option<MeasureTable>,
    /// The 95 % intervals of some of these measures.
    pub intervals: Intervals,
}

impl Period {
    /// `Full sample`, or the regime's name.
    pub fn name(&self) -> &str {
        self.regime.as_deref().unwrap_or("Full sample")
    }

    /// The returns of its sessions.
    pub fn of_returns<'a>(&self, run: &'a Run) -> &'a [ReturnRow] {
        run.returns.get(self.rows.clone()).unwrap_or_default()
    }
}

/// The full sample, then the regimes that have a session, in the study's order.
///
/// # Timing
/// The full sample begins with the first decision, or with `measure.first` where that is later.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::period::periods;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let found = periods(&run);
/// assert_eq!((found[0].name(), found[0].rows.clone()), ("Full sample", 0..128));
/// // January has 22 weekdays from the second on.
/// assert_eq!((found[1].name(), found[1].of_returns(&run).len()), ("january", 22));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn periods(run: &Run) -> Vec<Period> {
    let manifest = &run.manifest;
    let asked = stated::measured_from(manifest);
    let full = Span {
        regime: None,
        first: manifest.first.max(asked),
        last: manifest.last,
        rows: between(&run.returns, asked, None),
    };
    let full = full.measured(run, &run.measures.full, |set| Some(&set.full));
    let regimes = run.measures.regimes.iter().map(|(name, own)| {
        let (first, last) = stated::regime(manifest, name);
        let rows = between(&run.returns, first, last);
        let span = Span { regime: Some(name.clone()), first, last, rows };
        span.measured(run, own, |set| of(set, name))
    });
    std::iter::once(full).chain(regimes).collect()
}

/// A period before anything is taken from it.
struct Span {
    regime: Option<String>,
    first: Option<Date>,
    last: Option<Date>,
    rows: Range<usize>,
}

impl Span {
    fn measured<'a>(
        self,
        run: &'a Run,
        own: &MeasureTable,
        table: impl Fn(&'a MeasureSet) -> Option<&'a MeasureTable>,
    ) -> Period {
        let benchmark = run.benchmark.as_ref().and_then(&table);
        let returns = &run.returns[self.rows.clone()];
        Period {
            intervals: Intervals::of(run, returns, (own, benchmark)),
            regime: self.regime,
            first: self.first,
            last: self.last,
            rows: self.rows,
            own: own.clone(),
            benchmark: benchmark.cloned(),
            without_costs: run.without_costs.as_ref().and_then(table).cloned(),
        }
    }
}

fn of<'a>(set: &'a MeasureSet, name: &str) -> Option<&'a MeasureTable> {
    set.regimes.iter().find(|(other, _)| other == name).map(|(_, table)| table)
}

/// The rows from one date to another, both included.
fn between(rows: &[ReturnRow], first: Option<Date>, last: Option<Date>) -> Range<usize> {
    let start = first.map_or(0, |first| rows.partition_point(|row| row.date < first));
    let end = last.map_or(rows.len(), |last| rows.partition_point(|row| row.date <= last));
    start.min(end)..end
}
