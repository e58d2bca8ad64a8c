//! Proof that no session of an account looks ahead.

use walkfolio_backtest::Step;
use walkfolio_core::{Date, Market, Poison, Row};
use walkfolio_data::Loaded;
use walkfolio_study::Study;

use crate::Result;
use crate::account::{flows, quotes, simulated};
use crate::spread::spread;

/// Sessions after which the future is falsified at most.
const ATTACKED: usize = 24;

/// The first session of the account that depends on what comes after it: with a falsified future of prices, dividends, splits
/// and flows every session until then must keep its bits.
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
    let flows = flows(loaded);
    let honest = simulated(study, (market, &quotes), flows.clone(), (steps, end))?;
    for at in spread(honest.days.len(), ATTACKED) {
        let row = honest.days[at].row;
        let false_future = (&market.poisoned(row + 1, Poison::Values), &quotes.poisoned(row + 1));
        let later = false_flows(&flows, (market, row), study);
        let again = simulated(study, false_future, later, (steps, end))?;
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

/// Other flows after a row: what was to be paid in is paid out, and half of the capital is paid in on the next session.
fn false_flows(
    flows: &[(Date, f64)],
    (market, row): (&Market, Row),
    study: &Study,
) -> Vec<(Date, f64)> {
    let last = market.dates()[row];
    let of =
        |&(date, amount): &(Date, f64)| (date, if date > last { -3.0 * amount } else { amount });
    let mut all: Vec<(Date, f64)> = flows.iter().map(of).collect();
    let capital = study.config().spec().account.as_ref().map_or(0.0, |account| account.capital);
    all.extend(market.dates().get(row + 1).map(|date| (*date, 0.5 * capital)));
    all.sort_by_key(|(date, _)| *date);
    all
}
