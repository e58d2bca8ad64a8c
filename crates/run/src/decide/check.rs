//! Whether decisions made one by one are those of a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use walkfolio_backtest::Observer;
use walkfolio_core::{Date, Market, Ticker, Weights};
use walkfolio_data::Loaded;
use walkfolio_record::{DecisionRow, Run};
use walkfolio_study::Study;

use super::ask::Ask;
use super::live::Live;
use crate::backtest::backtest;
use crate::outcome::{Outcome, prepare};
use crate::{Error, Result};

/// What a comparison of past decisions with a run's found.
#[derive(Debug, Clone, PartialEq)]
pub struct PastCheck {
    /// Decisions of the study that were made again, each from the past before it alone.
    pub decisions: usize,
    /// Those that differ: the session, the asset, the run's weight and that found; 0 where one of them has none.
    pub differences: Vec<(Date, String, f64, f64)>,
}

/// Makes every decision of a study again that its backtest executes, and compares weights with those of a run to the bit:
/// all of them in one pass, the run's last one also as [`Live::decide`] makes it the evening before, on data that end
/// there. A decision that one of the two does not have holds nothing there.
///
/// # Errors
/// [`Error::OtherData`] if the data differ from those of the run; as [`run`](crate::run()), [`Live::open`] and
/// [`Live::decide`].
pub fn check_past(
    study: &Study,
    run: &Run,
    loaded: &Loaded,
    observer: &dyn Observer,
) -> Result<PastCheck> {
    crate::verify::same_data(&run.manifest, loaded)?;
    let (market, executed) = executed(&study.on(&loaded.market)?, loaded, observer)?;
    let mut of_run: BTreeMap<Date, &[DecisionRow]> =
        run.decisions.chunk_by(|a, b| a.date == b.date).map(|rows| (rows[0].date, rows)).collect();
    let last = of_run.last_key_value().map(|(date, rows)| (*date, *rows));
    let mut found = PastCheck { decisions: executed.len(), differences: Vec::new() };
    for (date, target) in &executed {
        let rows = of_run.remove(date).unwrap_or_default();
        found.compare((*date, rows), &market, target.values());
    }
    for (date, rows) in of_run {
        found.compare((date, rows), &market, &[]);
    }
    if let Some((date, rows)) = last.filter(|(date, _)| executed.iter().any(|own| own.0 == *date)) {
        let ask = Ask { on: Some(date), force: true, ..Ask::default() };
        let known = Live::open(study, loaded, ask)?.known();
        let until = Loaded { market: loaded.market.between(None, Some(known))?, ..loaded.clone() };
        let evening = Live::open(study, &until, ask)?;
        let target = evening.decide(None, observer)?.target;
        found.compare((date, rows), evening.market(), target.values());
    }
    Ok(found)
}

/// A market, and what was bought there at each decision.
type Executed = (Arc<Market>, Vec<(Date, Weights)>);

/// The decisions of the study that its backtest executes, and what was bought at each.
fn executed(study: &Study, loaded: &Loaded, observer: &dyn Observer) -> Result<Executed> {
    let outcome = backtest(study, &prepare(study, &loaded.market)?, observer, None)?;
    if !outcome.walk.complete {
        return Err(Error::Interrupted);
    }
    let Outcome { market, walk, simulation, .. } = outcome;
    let date = |step: usize| market.dates()[walk.steps[step].row];
    let made = simulation.rebalances.into_iter().map(|one| (date(one.step), one.target)).collect();
    Ok((market, made))
}

impl PastCheck {
    /// Compares the weights of all assets of either; what one of them does not name has none there.
    fn compare(
        &mut self,
        (date, of_run): (Date, &[DecisionRow]),
        market: &Market,
        weights: &[f64],
    ) {
        let names = market.universe().tickers().iter().map(Ticker::as_str);
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
