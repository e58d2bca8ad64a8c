//! The decisions of a run as its files state them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use walkfolio_backtest::Step;
use walkfolio_core::{Date, Decision, Market, Row, SolveReport, Weights};
use walkfolio_record::{DecisionRow, Run};

use crate::Result;
use crate::outcome::Prepared;

/// One decision as the run's files state it.
pub(super) struct Stated {
    pub date: Date,
    pub row: Row,
    /// The first row on which the weights earn.
    pub trade: Row,
    /// What was bought: nothing of an asset that had ended by then.
    pub weights: Vec<f64>,
    pub objective: Option<f64>,
    pub bound: Option<f64>,
    pub fallback: bool,
    pub selected: Option<Vec<bool>>,
    pub probability: Vec<Option<f64>>,
}

impl Stated {
    /// The assets whose series ended between the decision and the trade: what was meant for them
    /// stayed cash.
    pub fn ended(&self, market: &Market) -> Vec<usize> {
        let end = |asset: usize| market.returns().listing(asset).end;
        let during = |asset: &usize| (self.row..self.trade).contains(&end(*asset));
        (0..self.weights.len()).filter(during).collect()
    }

    /// The decision as it was carried out.
    pub fn step(&self) -> Result<Step> {
        let decision = Decision {
            target: Weights::new(self.weights.clone())?,
            notes: Vec::new(),
            solve: SolveReport::not_solved(),
            selection: None,
        };
        Ok(Step { row: self.row, decision })
    }
}

/// Something in a run's files that does not fit them or its data.
fn damaged(file: &str, row: Option<usize>, column: &str, reason: String) -> walkfolio_store::Error {
    let (path, column) = (file.into(), column.to_owned());
    walkfolio_store::Error::Damaged { path, row, column, reason }
}

/// The assets of a run are those of its data, in the same order.
fn same_assets(run: &Run, market: &Market) -> Result<()> {
    let (stated, found) = (&run.manifest.assets, market.universe().tickers());
    let bad = |reason| Err(damaged("run.json", None, "assets", reason).into());
    if stated.len() != found.len() {
        return bad(format!("it has {}, the data {}", stated.len(), found.len()));
    }
    match stated.iter().zip(found).position(|(stated, found)| *stated != found.to_string()) {
        Some(at) => bad(format!("[{at}] is {}, the data has {}", stated[at], found[at])),
        None => Ok(()),
    }
}

/// The decisions of a run, by the session they were made for.
pub(super) fn stated(run: &Run, prepared: &Prepared, lag: usize) -> Result<Vec<Stated>> {
    walkfolio_store::check_run(Path::new(""), run)?;
    same_assets(run, &prepared.market)?;
    let mut solves = BTreeMap::new();
    let mut fallbacks = BTreeSet::new();
    for row in &run.ledger {
        match (row.kind.as_str(), row.date) {
            ("solve", Some(date)) => drop(solves.insert(date, (row.objective, row.bound))),
            ("fallback", Some(date)) => drop(fallbacks.insert(date)),
            _ => {}
        }
    }
    let dates = prepared.market.dates();
    let n = run.manifest.assets.len();
    let one = |(index, rows): (usize, &[DecisionRow])| {
        let DecisionRow { date, traded, .. } = rows[0];
        let row: Row = dates.binary_search(&date).map_err(|_| {
            let reason = format!("{date} is not a session of the data");
            damaged("decisions.parquet", Some(index * n), "date", reason)
        })?;
        if dates.get(row + lag) != Some(&traded) {
            let reason = format!("no decision of {date} on the data trades on {traded}");
            return Err(damaged("decisions.parquet", Some(index * n), "traded", reason).into());
        }
        let solve = solves.get(&date).ok_or_else(|| {
            damaged("ledger.parquet", None, "kind", format!("there is no solve for {date}"))
        })?;
        Ok(Stated {
            date,
            row,
            trade: row + lag,
            weights: rows.iter().map(|row| row.weight).collect(),
            objective: solve.0,
            bound: solve.1,
            fallback: fallbacks.contains(&date),
            selected: rows.iter().map(|row| row.selected).collect(),
            probability: rows.iter().map(|row| row.probability).collect(),
        })
    };
    run.decisions.chunks(n).enumerate().map(one).collect()
}
