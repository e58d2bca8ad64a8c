//! The same study with its decisions on other days, in resampled histories, and through episodes and shocks.

mod stress;
mod variants;
mod worlds;

use walkfolio_backtest::Observer;
use walkfolio_core::Market;
use walkfolio_record::RobustnessTables;
use walkfolio_store::Checkpoints;
use walkfolio_study::Study;

use crate::Result;
use crate::outcome::Outcome;

pub(crate) use variants::Which;
pub use variants::{run_variants, variants};

/// Whether the data can give a study what it asks for: before its backtest, which may take long.
///
/// # Errors
/// [`Error::Study`](crate::Error::Study) at the key.
pub(crate) fn check(study: &Study, whole: &Market, market: &Market) -> Result<()> {
    let Some(spec) = &study.config().spec().robustness else { return Ok(()) };
    if let Some(bootstrap) = &spec.bootstrap {
        worlds::Pools::of(study, market, bootstrap)?;
    }
    stress::check(study, whole)
}

/// The tables that a study asks for after its backtest, and whether all of their variants were run.
///
/// Variants run in parallel; each depends on its number alone, so that neither threads nor interruptions
/// change it. One that fails is a row with its reason.
pub(crate) fn robustness(
    study: &Study,
    whole: &Market,
    outcome: &Outcome,
    which: &Which<'_>,
    (observer, checkpoints): (&dyn Observer, Option<&Checkpoints>),
) -> Result<(Option<RobustnessTables>, bool)> {
    let Some(spec) = &study.config().spec().robustness else { return Ok((None, true)) };
    if !outcome.walk.complete {
        return Ok((None, false));
    }
    let found = variants::rows(study, spec, outcome, which, (observer, checkpoints))?;
    let stress = stress::rows(spec, whole, outcome)?;
    Ok((Some(RobustnessTables { variants: found.rows, stress }), found.complete))
}

#[cfg(test)]
mod tests;
