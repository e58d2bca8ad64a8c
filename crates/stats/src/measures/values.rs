//! The values of every measure over one period.

use walkfolio_core::Note;

use super::list::definitions;
use super::notes::annotate;
use super::period::Period;
use super::record::Record;

/// The figures of one period, in the order of [`definitions`].
#[derive(Debug, Clone, PartialEq)]
pub struct Measures {
    values: Vec<(&'static str, Option<f64>)>,
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
/// Fractions, not percent; see each [`Definition`](super::Definition). A series whose length is not that of the
/// portfolio is left out, with a warning.
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
    Measures { values, notes }
}
