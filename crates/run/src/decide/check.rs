//! Whether decisions made one by one are those of a run.

use std::collections::BTreeMap;

use walkfolio_backtest::{Observer, walk};
use walkfolio_core::{Date, Row, Ticker};
use walkfolio_data::Loaded;
use walkfolio_record::{DecisionRow, Run};
use walkfolio_study::Study;

use super::ask::Ask;
use super::live::Live;
use crate::{Error, Result};

/// What a comparison of past decisions with a run's found.
#[derive(Debug, Clone, PartialEq)]
pub struct PastCheck {
    /// Decisions that were made again, each from the past before it alone.
    pub decisions: usize,
    /// Those that differ: the session, the asset, the run's weight and that found; 0 where one of them has none.
    pub differences: Vec<(Date, String, f64, f64)>,
}

/// Makes every decision of a run again, and compares weights to the bit: all of them in one pass, the last one
/// also as [`Live::decide`] makes it the evening before, on data that end there.
///
/// # Errors
/// [`Error::OtherData`] if the data differ from those of the run; as [`Live::open`] and [`Live::decide`].
pub fn check_past(
    study: &Study,
    run: &Run,
    loaded: &Loaded,
    observer: &dyn Observer,
) -> Result<PastCheck> {
    crate::verify::same_data(&run.manifest, loaded)?;
    let decided: Vec<&[DecisionRow]> = run.decisions.chunk_by(|a, b| a.date == b.date).collect();
    let mut found = PastCheck { decisions: decided.len(), differences: Vec::new() };
    let Some(last) = decided.last() else { return Ok(found) };
    let ask = Ask { on: Some(last[0].date), force: true, ..Ask::default() };
    let live = Live::open(study, loaded, ask)?;
    let rows = rows(&live, &decided)?;
    let execution = live.study().config().execution();
    let walked = walk(live.market(), &live.policy, &rows, execution, observer)?;
    if !walked.complete {
        return Err(Error::Interrupted);
    }
    for step in &walked.steps {
        let date = live.market().dates()[step.row];
        // A decision that the run does not have holds nothing there.
        let own = decided.binary_search_by_key(&date, |own| own[0].date);
        let own = own.map_or(&[][..], |at| decided[at]);
        found.compare((date, own), &live, step.decision.target.values());
    }
    let known = live.known();
    let until = Loaded { market: loaded.market.between(None, Some(known))?, ..loaded.clone() };
    let evening = Live::open(study, &until, ask)?;
    let target = evening.decide(None, observer)?.target;
    found.compare((last[0].date, last), &evening, target.values());
    Ok(found)
}

impl PastCheck {
    /// Compares the weights of all assets of either; what one of them does not name has none there.
    fn compare(
        &mut self,
        (date, of_run): (Date, &[DecisionRow]),
        live: &Live<'_>,
        weights: &[f64],
    ) {
        let names = live.market().universe().tickers().iter().map(Ticker::as_str);
        let mut pairs: BTreeMap<&str, (f64, f64)> =
            names.zip(weights).map(|(name, weight)| (name, (0.0, *weight))).collect();
        for row in of_run {
            pairs.entry(&row.asset).or_default().0 = row.weight;
        }
        for (name, (run, found)) in pairs {
            let difference = (date, name.to_owned(), run, found);
            // The last decision is compared twice.
            if run.to_bits() != found.to_bits() && !self.differences.contains(&difference) {
                self.differences.push(difference);
            }
        }
    }
}

/// The rows of the run's decisions, and of those that the schedule of the study asks for up to the last of them.
fn rows(live: &Live<'_>, decided: &[&[DecisionRow]]) -> Result<Vec<Row>> {
    let dates = live.market().dates();
    let row = |own: &&[DecisionRow]| {
        dates.binary_search(&own[0].date).map_err(|_| no_session(live, own[0].date))
    };
    let mut rows = decided.iter().map(row).collect::<Result<Vec<Row>>>()?;
    rows.extend(&live.when.rows);
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}

fn no_session(live: &Live<'_>, date: Date) -> Error {
    let dates = live.market().dates();
    let next = dates.iter().copied().find(|session| *session > date);
    Error::NoSession { date, first: dates[0], next: next.unwrap_or(live.date()) }
}
