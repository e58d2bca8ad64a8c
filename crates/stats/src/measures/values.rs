//! The values of every measure over one period.

use std::ops::Range;

use walkfolio_core::Note;

use super::list::definitions;
use super::notes::annotate;
use super::period::Period;
use super::record::Record;

/// The figures of one period, in the order of [`definitions`].
#[derive(Debug, Clone, PartialEq)]
pub struct Measures {
    values: Vec<(&'static str, Option<f64>)>,
    rows: Vec<Range<usize>>,
    notes: Vec<Note>,
}

impl Measures {
    /// The value of a key; `None` if it is not defined for the period or there is no such key.
    /// # Examples
    /// ```
    /// use walkfolio_stats::measures::{Record, measure};
    ///
    /// let measures = measure(&Record::new(&[], &[]));
    /// assert_eq!(measures.get("sessions"), Some(0.0));
    /// assert_eq!((measures.get("volatility"), measures.get("no such key")), (None, None));
    /// ```
    pub fn get(&self, key: &str) -> Option<f64> {
        self.values.iter().find(|(name, _)| *name == key).and_then(|(_, value)| *value)
    }

    /// Every key with its value, in order.
    /// # Examples
    /// ```
    /// use walkfolio_stats::measures::{Record, definitions, measure};
    ///
    /// let measures = measure(&Record::new(&[], &[]));
    /// assert_eq!(measures.iter().len(), definitions().len());
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&'static str, Option<f64>)> + '_ {
        self.values.iter().copied()
    }

    /// The sessions that a measure is taken from, counted from the first of the record: those that its
    /// series covers. `None` if there is no such key.
    /// # Examples
    /// ```
    /// use walkfolio_core::Date;
    /// use walkfolio_stats::{Covered, measures::{Record, measure}};
    ///
    /// let dates = [2, 3, 4].map(|day| Date::constant(2024, 1, day));
    /// let measures = measure(&Record {
    ///     benchmark: Covered::of([None, Some(0.01), Some(0.02)]),
    ///     ..Record::new(&dates, &[0.01, 0.01, 0.03])
    /// });
    /// assert_eq!((measures.rows("beta"), measures.rows("volatility")), (Some(1..3), Some(0..3)));
    /// ```
    pub fn rows(&self, key: &str) -> Option<Range<usize>> {
        let at = self.values.iter().position(|(name, _)| *name == key)?;
        self.rows.get(at).cloned()
    }

    /// What a reader of the figures must know.
    /// # Examples
    /// ```
    /// use walkfolio_stats::measures::{Record, measure};
    ///
    /// let measures = measure(&Record::new(&[], &[]));
    /// assert!(measures.notes().iter().any(|note| note.message == "no cash series: r_f = 0"));
    /// ```
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
}

/// Takes every measure of a period.
///
/// # Shape and units
/// Fractions, not percent; see each [`Definition`](super::Definition). What needs a series is taken over the
/// sessions that it covers, with a warning where these are not all. A series whose length is not that of
/// the portfolio is left out, with a warning.
/// # Examples
/// ```
/// use walkfolio_stats::measures::{Record, measure};
/// use walkfolio_core::Date;
///
/// let dates = [Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
/// let measures = measure(&Record::new(&dates, &[0.10, -0.20]));
/// // 1.1 * 0.8 = 0.88, which is 20 % below 1.1.
/// assert!((measures.get("cumulative_return").unwrap() + 0.12).abs() < 1e-15);
/// assert!((measures.get("max_drawdown").unwrap() + 0.20).abs() < 1e-15);
/// assert_eq!(measures.get("tracking_error"), None);
/// ```
pub fn measure(record: &Record<'_>) -> Measures {
    let mut notes = Vec::new();
    let period = Period::new(record, &mut notes);
    annotate(record, &period, &mut notes);
    let mut values = Vec::with_capacity(definitions().len());
    for definition in definitions() {
        let value = definition.value(&period);
        if value.is_some_and(|value| !value.is_finite()) {
            let key = definition.key;
            notes.push(Note::warning(format!("{key} is not a finite number and is left out")));
        }
        values.push((definition.key, value.filter(|value| value.is_finite())));
    }
    let rows = definitions().iter().map(|definition| period.rows(definition.needs)).collect();
    Measures { values, rows, notes }
}
