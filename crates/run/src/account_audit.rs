//! Proof that no session of an account looks ahead.

use walkfolio_backtest::Step;
use walkfolio_core::{Date, Market, Poison};
use walkfolio_data::Loaded;
use walkfolio_study::Study;

use crate::Result;
use crate::account::{quotes, simulated};
use crate::spread::spread;

/// Sessions after which the future is falsified at most.
const ATTACKED: usize = 24;

/// The first session of the account that depends on what comes after it: with a falsified future every session until then
/// must keep its bits.
pub(crate) fn leak(
    study: &Study,
    loaded: &Loaded,
    market: &Market,
    steps: &[Step],
) -> Result<Option<(Date, String)>> {
    if study.config().spec().account.is_none() || steps.is_empty() {
        return Ok(None);
    }
    let (quotes, end) = (quotes(loaded, market)?, market.rows());
    let honest = simulated(study, loaded, (market, &quotes), (steps, end))?;
    for at in spread(honest.days.len(), ATTACKED) {
        let row = honest.days[at].row;
        let false_future = (&market.poisoned(row + 1, Poison::Values), &quotes.poisoned(row + 1));
        let again = simulated(study, loaded, false_future, (steps, end))?;
        let pairs = honest.days[..=at].iter().zip(&again.days);
        if let Some((own, other)) = pairs.into_iter().find(|(own, other)| own != other) {
            let what = format!(
                "the account is worth {} with the true future after {}, {} with a false one",
                own.value,
                market.dates()[row],
                other.value
            );
            return Ok(Some((market.dates()[own.row], what)));
        }
    }
    Ok(None)
}
