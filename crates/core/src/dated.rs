//! What is stated about a market, by the day on which it became known.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Date;

/// Statements by the day on which each became known.
///
/// Its date is when anyone could read a statement, not the time it speaks of: a decision knows those up to its last
/// session.
///
/// # Examples
/// ```
/// use walkfolio_core::{Date, Dated};
///
/// let day = |day| Date::constant(2024, 5, day);
/// let stated = Dated::new("ratings", vec![(day(20), "hold"), (day(6), "buy")]);
/// let known: Vec<&str> = stated.known(day(19)).iter().map(|(_, rating)| *rating).collect();
/// assert_eq!((stated.name(), known), ("ratings", vec!["buy"]));
/// ```
#[derive(Debug, Clone)]
pub struct Dated<T> {
    name: Arc<str>,
    /// In order of their dates.
    records: Arc<Vec<(Date, T)>>,
    /// What is published later is not part of it.
    end: Option<Date>,
}

impl<T: PartialEq> PartialEq for Dated<T> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.records() == other.records()
    }
}

impl<T> Dated<T> {
    /// Statements, which may come in any order; those of one day keep theirs.
    pub fn new(name: impl Into<String>, mut records: Vec<(Date, T)>) -> Self {
        records.sort_by_key(|(date, _)| *date);
        Self { name: name.into().into(), records: Arc::new(records), end: None }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All statements, in order of their dates.
    pub fn records(&self) -> &[(Date, T)] {
        match self.end {
            None => &self.records,
            Some(end) => &self.records[..self.until(end)],
        }
    }

    /// What is known at the close of a session, in order of the dates.
    pub fn known(&self, session: Date) -> &[(Date, T)] {
        &self.records[..self.until(self.end.map_or(session, |end| end.min(session)))]
    }

    fn until(&self, last: Date) -> usize {
        self.records.partition_point(|(date, _)| *date <= last)
    }

    /// Leaves out what is published after a day.
    pub(crate) fn end_at(&mut self, last: Date) {
        self.end = Some(self.end.map_or(last, |end| end.min(last)));
    }
}

impl<T: Clone> Dated<T> {
    /// Changes what is published after a day.
    pub(crate) fn falsify_after(&mut self, known: Option<Date>, change: impl FnMut(&mut T)) {
        let all = Arc::make_mut(&mut self.records);
        let first = known.map_or(0, |known| all.partition_point(|(date, _)| *date <= known));
        all[first..].iter_mut().map(|(_, record)| record).for_each(change);
    }
}

/// What somebody expects of a combination of assets.
///
/// # Shape and units
/// Returns are fractions a year.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedView {
    /// The assets by name with their weights: one of 1 is an absolute view, 1 and -1 are a relative one.
    pub assets: BTreeMap<String, f64>,
    /// The expected return; none where an earlier view of the same combination is withdrawn.
    pub expected: Option<f64>,
    /// How certain it is: 1 holds exactly, 0 is no view.
    pub confidence: f64,
    /// The last day on which it is held, if there is one.
    pub until: Option<Date>,
}

/// What a benchmark held at the close of a day: names with weights, as the file states them.
///
/// # Shape and units
/// Fractions of the benchmark; they need not sum to 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BenchmarkHoldings {
    /// Weights by name.
    pub weights: BTreeMap<String, f64>,
}

impl BenchmarkHoldings {
    /// Half the sum of absolute differences between a portfolio and these holdings: 0 where both hold the same, 1 for a
    /// long-only portfolio without a name in common.
    ///
    /// # Source
    /// Cremers & Petajisto (2009), How active is your fund manager? Review of Financial Studies 22.
    /// # Examples
    /// ```
    /// use walkfolio_core::BenchmarkHoldings;
    ///
    /// let weights = [("A".to_owned(), 0.6), ("B".to_owned(), 0.4)].into();
    /// let benchmark = BenchmarkHoldings { weights };
    /// let share = benchmark.active_share([("A", 0.5), ("C", 0.5)].into_iter());
    /// assert!((share - 0.5).abs() < 1e-15);
    /// ```
    pub fn active_share<'a>(&self, portfolio: impl Iterator<Item = (&'a str, f64)>) -> f64 {
        let mut active: BTreeMap<&str, f64> =
            self.weights.iter().map(|(name, weight)| (name.as_str(), -weight)).collect();
        for (name, weight) in portfolio {
            *active.entry(name).or_default() += weight;
        }
        0.5 * active.values().map(|weight| weight.abs()).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i8) -> Date {
        Date::constant(2024, 5, day)
    }

    #[test]
    fn what_is_published_later_is_neither_known_nor_part_of_a_past() {
        let mut stated = Dated::new("x", vec![(day(6), 1), (day(20), 3), (day(6), 2)]);
        let known = |stated: &Dated<i32>, on| stated.known(on).len();
        assert_eq!([5, 6, 19, 20].map(|on| known(&stated, day(on))), [0, 2, 2, 3]);
        assert_eq!(stated.records()[1].1, 2);
        stated.falsify_after(Some(day(6)), |value| *value = 9);
        assert_eq!(stated.records().iter().map(|(_, value)| *value).collect::<Vec<_>>(), [1, 2, 9]);
        let whole = stated.clone();
        stated.end_at(day(10));
        assert_eq!((stated.records().len(), known(&stated, day(30))), (2, 2));
        assert!(whole != stated);
    }
}
