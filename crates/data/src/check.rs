//! What the data check reports to the reader of a run.

use walkfolio_core::{Date, MAX_PLAUSIBLE_RETURN, Market, Note, Ticker, calendar};

/// Compares sessions with the exchange's calendar: at most one warning a direction.
pub(crate) fn calendar_notes(name: &str, dates: &[Date]) -> Vec<Note> {
    let covered = |date: &&Date| (calendar::FIRST..=calendar::LAST).contains(*date);
    let dates: Vec<Date> = dates.iter().filter(covered).copied().collect();
    let (Some(&first), Some(&last)) = (dates.first(), dates.last()) else { return Vec::new() };
    let extra: Vec<Date> =
        dates.iter().copied().filter(|&date| !calendar::is_session(date)).collect();
    let mut lacking = calendar::sessions(first, last);
    lacking.retain(|date| dates.binary_search(date).is_err());
    let mut notes = Vec::new();
    if !extra.is_empty() {
        let (n, which) = (count(extra.len(), "row"), some(&extra));
        notes
            .push(Note::warning(format!("{name} has {n} on days without a NYSE session: {which}")));
    }
    if !lacking.is_empty() {
        let (n, which) = (count(lacking.len(), "NYSE session"), some(&lacking));
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
        let mut dates = calendar::sessions(Date::constant(2024, 3, 1), Date::constant(2024, 4, 30));
        assert!(calendar_notes("prices.csv", &dates).is_empty());
        dates.drain(3..7);
        dates.push(Date::constant(2024, 3, 29));
        dates.sort_unstable();
        let notes: Vec<String> =
            calendar_notes("prices.csv", &dates).into_iter().map(|note| note.message).collect();
        insta::assert_snapshot!(notes.join("\n"), @"
        prices.csv has 1 row on days without a NYSE session: 2024-03-29
        prices.csv lacks 4 NYSE sessions between 2024-03-01 and 2024-04-30: 2024-03-06, 2024-03-07, 2024-03-08, ..
        ");
    }

    #[test]
    fn dates_before_the_calendar_are_not_judged() {
        assert!(calendar_notes("old.csv", &[Date::constant(1900, 1, 1)]).is_empty());
    }
}
