//! What each decision's solve took, and how far its answer may be from the best.

use serde::Serialize;
use walkfolio_analysis::line::Line;
use walkfolio_analysis::solves::relative_gap;
use walkfolio_record::{LedgerRow, Run};

/// Times and relative gaps of the solves, by decision.
#[derive(Debug, Serialize)]
pub(super) struct Charts {
    dates: Vec<String>,
    micros: Vec<u64>,
    gaps: Line,
    /// What ended the solves, each once, and by decision its place.
    methods: Vec<String>,
    by: Vec<usize>,
}

impl Charts {
    /// The solves of a run, in the order of its decisions; `None` where nothing was solved.
    pub(super) fn of(run: &Run) -> Option<Self> {
        let solves: Vec<_> = run.ledger.iter().filter(|row| row.kind == "solve").collect();
        let dates: Vec<_> = solves.iter().filter_map(|row| row.date).collect();
        if dates.is_empty() || dates.len() != solves.len() {
            return None;
        }
        let micros = |date| {
            let at = run.timings.binary_search_by_key(date, |row| row.date);
            at.map_or(0, |at| run.timings[at].micros)
        };
        let mut methods = Vec::new();
        Some(Self {
            micros: dates.iter().map(micros).collect(),
            gaps: solves.iter().map(|row| relative_gap(row)).collect(),
            by: by(&solves, &mut methods),
            methods,
            dates: dates.iter().map(ToString::to_string).collect(),
        })
    }
}

/// By solve, the place of what ended it.
fn by(solves: &[&LedgerRow], methods: &mut Vec<String>) -> Vec<usize> {
    let mut place = |row: &&LedgerRow| {
        let parts = [row.solver.as_deref(), row.status.as_deref()];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        let method = parts.join(", ").replace('_', " ");
        methods.iter().position(|other| *other == method).unwrap_or_else(|| {
            methods.push(method);
            methods.len() - 1
        })
    };
    solves.iter().map(&mut place).collect()
}
