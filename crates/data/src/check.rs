//! What the data check reports to the reader of a run.

use walkfolio_core::calendar::Exchange;
use walkfolio_core::{Date, MAX_PLAUSIBLE_RETURN, Market, Note, Ticker};

use crate::calendar::{Calendar, Comparison, Rhythm, compare};

/// Compares the dates of a market with the calendar that they follow: at most one warning a
/// direction. A file of weeks or of months is not compared.
pub(crate) fn calendar_notes(name: &str, market: &Market, stated: Option<Calendar>) -> Vec<Note> {
    let (dates, prices) = (market.dates(), market.prices());
    let rhythm = Rhythm::of(dates, stated, || {
        market.universe().tickers().iter().enumerate().map(|(asset, ticker)| {
            let priced = (0..dates.len()).filter(|row| prices.value(*row, asset).is_some());
            (ticker.clone(), priced.map(|row| dates[row]).collect())
        })
    });
    match &rhythm {
        Rhythm::Exchange(exchange) => differences(name, dates, *exchange),
        Rhythm::Joined(_) => vec![Note::info(format!("{name} follows {rhythm}"))],
        Rhythm::Unknown(_) => vec![Note::warning(format!("{name} follows {rhythm}"))],
        Rhythm::Slower(_) | Rhythm::File => Vec::new(),
    }
}

fn differences(name: &str, dates: &[Date], exchange: Exchange) -> Vec<Note> {
    let Some(Comparison { dates, sessions, missing, extra }) = compare(dates, exchange) else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    if !extra.is_empty() {
        let (n, which) = (count(extra.len(), "row"), some(&extra));
        let message = format!("{name} has {n} on days without a {exchange} session: {which}");
        notes.push(Note::warning(message));
    }
    if !missing.is_empty() {
        let lacking: Vec<Date> = missing.into_iter().map(|at| sessions[at]).collect();
        let n = count(lacking.len(), &format!("{exchange} session"));
        let (first, last, which) = (dates[0], dates[dates.len() - 1], some(&lacking));
        let message = format!("{name} lacks {n} between {first} and {last}: {which}");
        notes.push(Note::warning(message));
    }
    notes
}

/// Warns of falls that undo the largest plausible rise: most are a missed split or a change of
/// unit, but a bankruptcy is real, so the file is not refused.
pub(crate) fn collapse_notes(market: &Market) -> Vec<Note> {
    let returns = market.returns();
    let assets = market.universe().tickers().iter().enumerate();
    let mut notes: Vec<Note> = assets
        .flat_map(|(asset, ticker)| falls(market, ticker, move |row| returns.value(row, asset)))
        .collect();
    if let Some(benchmark) = market.benchmark()
        && market.universe().position(benchmark.ticker.as_str()).is_none()
    {
        notes.extend(falls(market, &benchmark.ticker, |row| benchmark.value(row)));
    }
    notes
}

fn falls(
    market: &Market,
    ticker: &Ticker,
    value: impl Fn(usize) -> Option<f64>,
) -> impl Iterator<Item = Note> {
    let least = 1.0 / (1.0 + MAX_PLAUSIBLE_RETURN) - 1.0;
    let found = move |row| Some((row, value(row).filter(|&value| value < least)?));
    (0..market.rows()).filter_map(found).map(move |(row, value)| {
        Note::warning(format!(
            "{ticker} falls {:.1} % on {}; check for a missed split or a change of unit",
            -100.0 * value,
            market.dates()[row]
        ))
    })
}

fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn some(dates: &[Date]) -> String {
    let shown: Vec<String> = dates.iter().take(3).map(Date::to_string).collect();
    format!("{}{}", shown.join(", "), if dates.len() > 3 { ", .." } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_and_the_exchange_are_compared_both_ways() {
        let mut dates =
            Exchange::Xnys.sessions(Date::constant(2024, 3, 1), Date::constant(2024, 4, 30));
        assert!(differences("prices.csv", &dates, Exchange::Xnys).is_empty());
        dates.drain(3..7);
        dates.push(Date::constant(2024, 3, 29));
        dates.sort_unstable();
        let notes: Vec<String> = differences("prices.csv", &dates, Exchange::Xnys)
            .into_iter()
            .map(|note| note.message)
            .collect();
        insta::assert_snapshot!(notes.join("\n"), @"
        prices.csv has 1 row on days without a NYSE session: 2024-03-29
        prices.csv lacks 4 NYSE sessions between 2024-03-01 and 2024-04-30: 2024-03-06, 2024-03-07, 2024-03-08, ..
        ");
    }

    #[test]
    fn dates_before_the_calendar_are_not_judged() {
        let old = Date::constant(1900, 1, 1);
        assert!(differences("old.csv", &[old], Exchange::Xnys).is_empty());
    }
}
