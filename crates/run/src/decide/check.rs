//! Whether decisions made one by one are those of a run.

use walkfolio_backtest::Observer;
use walkfolio_core::Date;
use walkfolio_data::Loaded;
use walkfolio_record::Run;
use walkfolio_study::Study;

use super::ask::Ask;
use super::live::Live;
use crate::{Error, Result};

/// What a comparison of past decisions with a run's found.
#[derive(Debug, Clone, PartialEq)]
pub struct PastCheck {
    /// Decisions that were made again, each on its own.
    pub decisions: usize,
    /// Those that differ: the session, the asset, the run's weight and that found.
    pub differences: Vec<(Date, String, f64, f64)>,
}

/// Makes every decision of a run again as [`Live::decide`] does, from the past before it alone, and compares
/// weights to the bit.
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
    let mut dates: Vec<Date> = run.decisions.iter().map(|row| row.date).collect();
    dates.dedup();
    observer.begin(dates.len());
    let mut found = PastCheck { decisions: 0, differences: Vec::new() };
    for rows in run.decisions.chunk_by(|a, b| a.date == b.date) {
        if observer.cancelled() {
            return Err(Error::Interrupted);
        }
        let date = rows[0].date;
        let ask = Ask { on: Some(date), force: true, ..Ask::default() };
        let live = Live::open(study, loaded, ask)?;
        let target = live.decide(None, observer)?.target;
        let names = live.market().universe().tickers().iter().zip(target.values());
        for (row, (name, weight)) in rows.iter().zip(names) {
            if row.asset != name.as_str() || row.weight.to_bits() != weight.to_bits() {
                found.differences.push((date, row.asset.clone(), row.weight, *weight));
            }
        }
        found.decisions += 1;
        observer.decided();
    }
    Ok(found)
}
