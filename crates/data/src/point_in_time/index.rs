//! An index of the members of each day.

use walkfolio_core::{Market, Prices, Ticker, Universe};

use crate::{Error, Result};

/// The level at which an index begins.
const BASE: f64 = 100.0;

/// The prices of an index that holds every member alike and is rebalanced every session, without
/// cost.
///
/// The return of session `t` is the mean over the assets that are members at the close of `t - 1`
/// and have a price there: of their returns on `t`, or of the delisting return where that close was
/// the last. An asset that has neither leaves at that close, and is not counted; a price that was
/// filled in is none, so that an asset in a gap counts neither there nor on the session after it.
/// Nothing of `t` decides who is in it but that an asset still trades.
///
/// # Shape and units
/// One column over the market's sessions, from the session before its first return on; 100 there.
/// A session without any member in between has a return of 0.
/// # Errors
/// [`Error::NoIndex`] if no session has a return of a member, or the members lose everything on one.
/// # Examples
/// ```
/// use walkfolio_core::{Date, Market, Prices, Ticker, Universe};
/// use walkfolio_data::equal_weighted;
///
/// let dates = (2..5).map(|day| Date::constant(2024, 1, day)).collect();
/// let columns = vec![vec![Some(50.0), Some(60.0), None], vec![Some(10.0), Some(10.0), Some(11.0)]];
/// let prices = Prices::new(dates, Universe::new(["XLE", "XLF"])?, columns)?;
/// let index = equal_weighted(&Market::new(prices)?, &Ticker::new("EW")?)?;
/// // (20 % + 0 %) / 2, then XLF alone.
/// assert!((index.value(1, 0).unwrap() - 110.0).abs() < 1e-12);
/// assert!((index.value(2, 0).unwrap() - 121.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn equal_weighted(market: &Market, name: &Ticker) -> Result<Prices> {
    let mut column = vec![None; market.rows()];
    let mut level = None;
    for row in 1..market.rows() {
        let mean = mean_return(market, row);
        if level.is_none() && mean.is_some() {
            column[row - 1] = Some(BASE);
            level = Some(BASE);
        }
        level = level.map(|level| level * (1.0 + mean.unwrap_or(0.0)));
        column[row] = level;
        if level.is_some_and(|level| level <= 0.0) {
            let date = market.dates()[row];
            let reason = format!("its members lose everything on {date}");
            return Err(Error::NoIndex { index: name.clone(), reason });
        }
    }
    if level.is_none() {
        let reason = "on no session does a member of the close before have a return".to_owned();
        return Err(Error::NoIndex { index: name.clone(), reason });
    }
    let universe = Universe::from_tickers(vec![name.clone()])?;
    Ok(Prices::new(market.dates().to_vec(), universe, vec![column])?)
}

/// The mean return of a session over the members of the one before.
fn mean_return(market: &Market, row: usize) -> Option<f64> {
    let (returns, before) = (market.returns(), market.dates()[row - 1]);
    let (mut sum, mut count) = (0.0, 0_u32);
    for asset in 0..market.universe().len() {
        let member = market.members().is_none_or(|members| members.is_member(asset, before));
        let priced = market.is_traded(row - 1, asset);
        let trades = market.is_traded(row, asset);
        let paid = (returns.listing(asset).end == row && returns.delisting(asset) != 0.0)
            .then(|| returns.delisting(asset));
        if let Some(value) =
            returns.value(row, asset).filter(|_| trades).or(paid).filter(|_| member && priced)
        {
            sum += value;
            count += 1;
        }
    }
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests {
    use walkfolio_core::{Date, Membership, Spell};

    use super::*;

    fn day(day: i8) -> Date {
        Date::constant(2024, 1, day)
    }

    fn market(columns: &[[Option<f64>; 4]]) -> Market {
        let names: Vec<String> = (0..columns.len()).map(|at| format!("A{at}")).collect();
        let columns = columns.iter().map(|column| column.to_vec()).collect();
        let dates = (2..6).map(day).collect();
        Market::new(Prices::new(dates, Universe::new(names).unwrap(), columns).unwrap()).unwrap()
    }

    fn levels(market: &Market) -> Vec<Option<f64>> {
        let index = equal_weighted(market, &Ticker::new("EW").unwrap()).unwrap();
        (0..market.rows()).map(|row| index.value(row, 0)).collect()
    }

    fn close(found: &[Option<f64>], expected: &[Option<f64>]) {
        let near = |(a, b): (&Option<f64>, &Option<f64>)| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-12 * b,
            (a, b) => a == b,
        };
        assert!(found.iter().zip(expected).all(near), "{found:?} {expected:?}");
    }

    #[test]
    fn only_members_of_the_close_before_count() {
        let rising = [Some(1.0), Some(2.0), Some(4.0), Some(8.0)];
        let flat = [Some(1.0); 4];
        let spell = |first, last| vec![Spell { first: day(first), last: Some(day(last)) }];
        let market = market(&[rising, flat]);
        let spells = vec![spell(3, 3), spell(2, 5)];
        let members = Membership::new(market.universe(), spells).unwrap();
        let market = market.with_members(members).unwrap();
        // The rising one is a member at the close of the 3rd alone: it counts on the 4th.
        close(&levels(&market), &[Some(100.0), Some(100.0), Some(150.0), Some(150.0)]);
    }

    #[test]
    fn a_delisted_member_takes_its_delisting_return_with_it() {
        let ends = [Some(1.0), Some(1.0), None, None];
        let flat = [Some(1.0); 4];
        close(&levels(&market(&[ends, flat])), &[Some(100.0); 4]);
        let lost = market(&[ends, flat]).with_delisting_returns(&[Some(-1.0), None]).unwrap();
        close(&levels(&lost), &[Some(100.0), Some(100.0), Some(50.0), Some(50.0)]);
    }

    #[test]
    fn an_index_begins_with_its_first_member_and_pauses_without_one() {
        let late = [None, Some(1.0), Some(2.0), None];
        close(&levels(&market(&[late])), &[None, Some(100.0), Some(200.0), Some(200.0)]);
        let market = market(&[late]);
        let never = Membership::new(market.universe(), vec![Vec::new()]).unwrap();
        let market = market.with_members(never).unwrap();
        assert!(equal_weighted(&market, &Ticker::new("EW").unwrap()).is_err());
    }
}
