//! A market that is ready for a study, and what a backtest on it came to.

use std::sync::Arc;

use walkfolio_backtest::{Simulation, Walk};
use walkfolio_core::{Date, Market, Note};
use walkfolio_record::{MeasureSet, Seconds};
use walkfolio_study::{Study, StudyPolicy};

use crate::Result;

/// A market with its sums, shared by the cells of a grid.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub market: Arc<Market>,
}

/// A walk, how it went, and what it amounted to.
pub(crate) struct Outcome {
    pub market: Arc<Market>,
    pub policy: StudyPolicy,
    pub walk: Walk,
    pub simulation: Simulation,
    pub measures: MeasureSet,
    pub without_costs: Option<MeasureSet>,
    pub notes: Vec<(Option<Date>, Note)>,
    pub seconds: Seconds,
}

/// The market of the study's period.
pub(crate) fn prepare(study: &Study, market: &Market) -> Result<Prepared> {
    let config = study.config();
    let market = market.between(config.spec().market.first, config.schedule().last)?;
    Ok(Prepared { market: Arc::new(market) })
}
