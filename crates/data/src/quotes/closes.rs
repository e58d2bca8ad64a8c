//! Closes as traded, with what happened to the shares.

use walkfolio_core::{Date, Market, Row, ShareEvent};

use crate::error::QuoteError;
use crate::series::{Basis, Dividend, Series, Split};

/// A dividend of a smaller part of the price is rounding.
const ROUNDING: f64 = 5e-5;
/// A dividend of a larger part of the price, or of less than minus this part of one, is none.
const LARGEST: f64 = 0.15;
const LEAST: f64 = -0.005;

/// An asset's closes as traded on the sessions of a market, and its events.
pub(super) struct Traded {
    pub closes: Vec<Option<f64>>,
    pub events: Vec<ShareEvent>,
    /// Sessions on which the close before is carried on.
    pub carried: usize,
    /// Dividends that the two closes tell, where no file states them.
    pub implied: usize,
}

/// Whether a file states the dividends of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stated {
    Yes,
    /// They are what the adjusted closes have beyond the closes.
    Implied,
}

/// The closes as traded of one asset of a market.
pub(super) fn traded(
    (file, series): (&str, &Series),
    (market, asset): (&Market, usize),
    stated: Stated,
) -> Result<Traded, QuoteError> {
    let listing = market.prices().listing(asset);
    let mut events = events(series, (market, asset));
    let mut closes = vec![None; market.rows()];
    let (mut last, mut carried) = (None, 0);
    for row in listing.clone() {
        let date = market.dates()[row];
        let own = series.dates.binary_search(&date).ok().and_then(|at| series.close[at]);
        let own = own.map(|close| close * unadjusted(series, date));
        carried += usize::from(own.is_none());
        last = own.or_else(|| last.map(|close| carried_over(close, &events, date)));
        let missing = || QuoteError::Missing {
            file: file.to_owned(),
            asset: series.ticker.to_string(),
            date,
        };
        closes[row] = Some(last.ok_or_else(missing)?);
    }
    let mut implied = 0;
    if stated == Stated::Implied {
        let found = implied_dividends(series, (market, asset), &closes, &events)?;
        implied = found.len();
        events.extend(found);
    }
    Ok(Traded { closes, events: joined(events), carried, implied })
}

/// The close before on a session without one: in the new shares where they were split, and without the dividend, so that
/// what is held is worth the same.
fn carried_over(close: f64, events: &[ShareEvent], date: Date) -> f64 {
    let own = || events.iter().filter(|event| event.date == date);
    let split: f64 = own().map(|event| event.split).product();
    let paid: f64 = own().map(|event| event.dividend).sum();
    // A dividend above the price is one that has no price to show in.
    if paid < close { (close - paid) / split } else { close / split }
}

/// What a close of a day is multiplied by to be as traded: the splits after it, where the closes contain them.
pub(super) fn unadjusted(series: &Series, date: Date) -> f64 {
    if series.basis != Basis::SplitAdjusted {
        return 1.0;
    }
    series.splits.iter().filter(|split| split.date > date).map(|split| split.ratio).product()
}

/// Events on the sessions of a market while the asset is listed: a day that is none is the next session.
fn events(series: &Series, (market, asset): (&Market, usize)) -> Vec<ShareEvent> {
    let (dates, listing) = (market.dates(), market.prices().listing(asset));
    let session = |date: Date| {
        let row = dates.partition_point(|session| *session < date);
        // Whoever buys at the first close has missed what came before.
        (row > listing.start && row < listing.end).then(|| dates[row])
    };
    let splits = series.splits.iter().filter_map(|Split { date, ratio }| {
        Some(ShareEvent { date: session(*date)?, split: *ratio, dividend: 0.0 })
    });
    let dividends = series.dividends.iter().filter_map(|Dividend { date, amount }| {
        // Per old share: splits of the same day are still to come.
        let later = series.splits.iter().filter(|split| split.date >= *date);
        let times: f64 = later.map(|split| split.ratio).product();
        let times = if series.basis == Basis::SplitAdjusted { times } else { 1.0 };
        Some(ShareEvent { date: session(*date)?, split: 1.0, dividend: amount * times })
    });
    splits.chain(dividends).collect()
}

/// Events of one day as one.
fn joined(mut events: Vec<ShareEvent>) -> Vec<ShareEvent> {
    events.sort_by_key(|event| event.date);
    let mut all: Vec<ShareEvent> = Vec::new();
    for event in events {
        match all.last_mut().filter(|last| last.date == event.date) {
            Some(last) => {
                last.split *= event.split;
                last.dividend += event.dividend;
            }
            None => all.push(event),
        }
    }
    all
}

/// Dividends by what adjusted closes have beyond closes: `d = C' - s C A' / A` with the closes before marked by a
/// prime, as Yahoo adjusts (`1 - d / C'` an ex-date).
fn implied_dividends(
    series: &Series,
    (market, asset): (&Market, usize),
    closes: &[Option<f64>],
    splits: &[ShareEvent],
) -> Result<Vec<ShareEvent>, QuoteError> {
    let listing = market.prices().listing(asset);
    let mut found = Vec::new();
    for row in listing.start + 1..listing.end {
        let date = market.dates()[row];
        let pair = |row: Row| Some((closes[row]?, market.prices().value(row, asset)?));
        let (Some((before, level)), Some((close, now))) = (pair(row - 1), pair(row)) else {
            continue;
        };
        let split: f64 =
            splits.iter().filter(|event| event.date == date).map(|event| event.split).product();
        let dividend = before - split * close * level / now;
        let part = dividend / before;
        if !(LEAST..=LARGEST).contains(&part) {
            let asset = series.ticker.to_string();
            let (close, adjusted) = (split * close / before - 1.0, now / level - 1.0);
            return Err(QuoteError::NoDividend { asset, date, close, adjusted });
        }
        if part > ROUNDING {
            found.push(ShareEvent { date, split: 1.0, dividend });
        }
    }
    Ok(found)
}
