//! Series that cover a part of a sample, and the sessions that they have in common.

use std::borrow::Cow;
use std::ops::Range;

/// A series with values on some sessions of a sample, one after the other: a benchmark that lists late,
/// factors that end early.
///
/// What needs a series is measured on the sessions that it covers. All that is measured against cash,
/// factors or a benchmark goes through this type, so that there is one rule.
///
/// # Shape and units
/// One value for each session of [`rows`](Self::rows), in the unit of the series.
/// # Examples
/// ```
/// use walkfolio_stats::Covered;
///
/// let own = Covered::from(&[0.01, 0.02, 0.03, 0.04]);
/// let late = Covered::of([None, None, Some(0.01), Some(0.02)]).unwrap();
/// assert_eq!((late.rows(), own.less(&late).rows()), (2..4, 2..4));
/// assert!((own.less(&late).values()[0] - 0.02).abs() < 1e-15);
/// // A hole is for whoever reads the series to refuse.
/// assert_eq!(Covered::of([Some(0.01), None, Some(0.02)]), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Covered<'a> {
    sessions: usize,
    first: usize,
    values: Cow<'a, [f64]>,
}

impl<'a> From<&'a [f64]> for Covered<'a> {
    /// A series of the whole sample.
    fn from(values: &'a [f64]) -> Self {
        Self { sessions: values.len(), first: 0, values: Cow::Borrowed(values) }
    }
}

impl<'a> From<&'a Vec<f64>> for Covered<'a> {
    fn from(values: &'a Vec<f64>) -> Self {
        Self::from(values.as_slice())
    }
}

impl<'a, const N: usize> From<&'a [f64; N]> for Covered<'a> {
    fn from(values: &'a [f64; N]) -> Self {
        Self::from(values.as_slice())
    }
}

impl Covered<'_> {
    /// The series of these values, one or none for each session; `None` if it has a hole.
    pub fn of(values: impl IntoIterator<Item = Option<f64>>) -> Option<Covered<'static>> {
        let (mut first, mut found, mut sessions) = (0, Vec::new(), 0);
        for value in values {
            match value {
                Some(value) if found.is_empty() || first + found.len() == sessions => {
                    first = if found.is_empty() { sessions } else { first };
                    found.push(value);
                }
                Some(_) => return None,
                None => {}
            }
            sessions += 1;
        }
        Some(Covered { sessions, first, values: Cow::Owned(found) })
    }

    /// How many sessions the sample has.
    pub fn sessions(&self) -> usize {
        self.sessions
    }

    /// The sessions with a value, counted from the first of the sample.
    pub fn rows(&self) -> Range<usize> {
        self.first..self.first + self.values.len()
    }

    /// The values of [`rows`](Self::rows).
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The values of some sessions; `None` unless it covers them all.
    pub fn within(&self, rows: &Range<usize>) -> Option<&[f64]> {
        self.values.get(rows.start.checked_sub(self.first)?..rows.end.checked_sub(self.first)?)
    }

    /// Its values and another's on the sessions that both cover, with these sessions.
    pub fn common<'b>(&'b self, other: &'b Self) -> (Range<usize>, &'b [f64], &'b [f64]) {
        let (own, theirs) = (self.rows(), other.rows());
        let rows = own.start.max(theirs.start)..own.end.min(theirs.end);
        match (self.within(&rows), other.within(&rows)) {
            (Some(a), Some(b)) if self.sessions == other.sessions => (rows, a, b),
            _ => (0..0, &[], &[]),
        }
    }

    /// Session by session, its value less another's, where both have one.
    #[must_use]
    pub fn less(&self, other: &Self) -> Covered<'static> {
        let (rows, a, b) = self.common(other);
        let values = a.iter().zip(b).map(|(a, b)| a - b).collect();
        Covered { sessions: self.sessions, first: rows.start, values: Cow::Owned(values) }
    }

    /// The same series where another has a value.
    #[must_use]
    pub fn on(&self, other: &Self) -> Covered<'static> {
        let (rows, own, _) = self.common(other);
        Covered { sessions: self.sessions, first: rows.start, values: Cow::Owned(own.to_vec()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_covers_from_its_first_to_its_last_value() {
        let of = |values: &[Option<f64>]| Covered::of(values.iter().copied());
        let late = of(&[None, Some(1.0), Some(2.0), None]).unwrap();
        assert_eq!((late.sessions(), late.rows(), late.values()), (4, 1..3, &[1.0, 2.0][..]));
        assert_eq!(late.within(&(1..2)), Some(&[1.0][..]));
        assert_eq!((late.within(&(0..2)), late.within(&(2..4))), (None, None));
        assert_eq!(of(&[None; 2]).unwrap().rows(), 0..0);
        assert_eq!(of(&[]).unwrap().sessions(), 0);
        assert_eq!(of(&[Some(1.0), None, None, Some(1.0)]), None);
    }

    #[test]
    fn series_without_a_common_session_have_nothing_in_common() {
        let early = Covered::of([Some(1.0), None, None]).unwrap();
        let late = Covered::of([None, None, Some(1.0)]).unwrap();
        assert!(early.less(&late).values().is_empty() && late.on(&early).values().is_empty());
        // Of samples of other lengths, nobody knows which session is which.
        assert!(early.less(&Covered::from(&[1.0, 2.0])).values().is_empty());
    }
}
