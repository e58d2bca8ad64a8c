//! Signals that are older at the decisions than their file lets expect.

use walkfolio_core::{Market, Note, Row, Signal};

/// A signal is stale from so many of its usual steps on.
const STEPS: usize = 2;

/// A warning for each signal whose newest row known at a decision is older than twice the usual step
/// of its rows. Ages and steps are counted in sessions; the usual step is the median.
pub(crate) fn stale_signals(market: &Market, decided: &[Row]) -> Vec<Note> {
    let own =
        market.signals().iter().chain(market.constituents().into_iter().flat_map(Market::signals));
    own.filter_map(|signal| stale(market, signal, decided)).collect()
}

fn stale(market: &Market, signal: &Signal, decided: &[Row]) -> Option<Note> {
    let session = |date| market.dates().partition_point(|own| *own < date);
    let mut rows: Vec<Row> = signal.dates().into_iter().map(session).collect();
    rows.dedup();
    let mut steps: Vec<usize> = rows.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.sort_unstable();
    let usual = *steps.get(steps.len() / 2)?;
    let age = |row: &Row| {
        let known = rows.partition_point(|own| own < row);
        let age = row - 1 - *rows[..known].last()?;
        (age > STEPS * usual).then_some(age)
    };
    let ages: Vec<usize> = decided.iter().filter_map(age).collect();
    let oldest = ages.iter().max()?;
    Some(Note::warning(format!(
        "signal {} is up to {oldest} sessions old in {} of {} decisions; its rows are usually {usual} \
         sessions apart",
        signal.name(),
        ages.len(),
        decided.len()
    )))
}

#[cfg(test)]
mod tests {
    use walkfolio_core::{Date, Prices, Universe, calendar};

    use super::*;

    /// The note of a signal with a row every five sessions up to a row of a hundred.
    fn note(last: Row) -> Option<String> {
        let dates = calendar::sessions(Date::constant(2024, 1, 2), Date::constant(2024, 7, 31));
        let dates = dates[..100].to_vec();
        let rows = (0..=last).step_by(5).map(|row| (dates[row], 1.0)).collect();
        let prices = vec![vec![Some(1.0); 100]];
        let prices = Prices::new(dates, Universe::new(["A"]).unwrap(), prices).unwrap();
        let signal = Signal::new("pe", vec![rows]).unwrap();
        let market = Market::new(prices).unwrap().with_signal(signal).unwrap();
        let notes = stale_signals(&market, &[20, 40, 60, 80]);
        notes.into_iter().map(|note| note.message).next()
    }

    #[test]
    fn the_oldest_and_their_number_are_counted() {
        assert_eq!(note(99), None);
        // The decision on row 60 knows row 59, nine sessions after row 50: less than two steps.
        assert_eq!(note(50), Some(
            "signal pe is up to 29 sessions old in 1 of 4 decisions; its rows are usually 5 sessions apart"
                .to_owned()
        ));
        let message = note(30).unwrap();
        assert!(message.contains("up to 49 sessions old in 2 of 4 decisions"), "{message}");
        // One row has no usual step.
        assert_eq!(note(0), None);
    }
}
