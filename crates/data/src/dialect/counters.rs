//! Columns that number the rows.

use super::names::{is_unnamed, may_number};

/// The columns that may number the rows of a table: those that are called so, and those before its dates.
///
/// A column without a name is none: it is passed over whatever it holds.
pub(crate) fn candidates(names: &[impl AsRef<str>], date: Option<usize>) -> Vec<usize> {
    let before = |at: usize| date.is_some_and(|date| at < date);
    let may = |at: usize, name: &str| !is_unnamed(name) && (before(at) || may_number(name));
    let all = names.iter().enumerate();
    all.filter(|&(at, name)| Some(at) != date && may(at, name.as_ref())).map(|(at, _)| at).collect()
}

/// Whether the cells of a column count: 0, 1, 2 .. or 1, 2, 3 .., or down to either of them.
///
/// # Examples
/// `0, 1, 2` and `3, 2, 1` count; `100, 101, 102` and `1, 3, 4` are data.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    first: Option<f64>,
    last: f64,
    step: f64,
    broken: bool,
}

impl Count {
    /// Takes in the next cell; whether the column may still count.
    pub(crate) fn take(&mut self, value: Option<f64>) -> bool {
        let Some(value) = value else {
            self.broken = true;
            return false;
        };
        if self.first.is_none() {
            self.first = Some(value);
        } else {
            let step = value - self.last;
            self.broken |= step.abs() != 1.0 || self.step != 0.0 && step != self.step;
            self.step = step;
        }
        self.last = value;
        !self.broken
    }

    /// Whether all cells counted.
    pub(crate) fn counts(&self) -> bool {
        let starts = |value: f64| value == 0.0 || value == 1.0;
        let end = if self.step < 0.0 { Some(self.last) } else { self.first };
        !self.broken && end.is_some_and(starts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_a_column_that_counts() {
        let counts = |cells: &[Option<f64>]| {
            let mut count = Count::default();
            for cell in cells {
                count.take(*cell);
            }
            count.counts()
        };
        let numbers = |cells: &[f64]| counts(&cells.iter().copied().map(Some).collect::<Vec<_>>());
        for cells in [&[0.0, 1.0, 2.0][..], &[1.0, 2.0], &[2.0, 1.0, 0.0], &[3.0, 2.0, 1.0], &[0.0]]
        {
            assert!(numbers(cells), "{cells:?}");
        }
        let data: [&[f64]; 6] =
            [&[100.0, 101.0], &[0.0, 2.0], &[1.0, 2.0, 1.0], &[0.0, 0.5], &[5.0, 4.0], &[]];
        for cells in data {
            assert!(!numbers(cells), "{cells:?}");
        }
        assert!(!counts(&[Some(0.0), None, Some(1.0)]));
    }

    #[test]
    fn only_a_name_or_the_place_before_the_dates_makes_a_candidate() {
        let names = ["Unnamed: 0", "Lauf", "date", "SPY", "Index", "", "#"];
        assert_eq!(candidates(&names, Some(2)), [1, 4, 6]);
        assert_eq!(candidates(&names, None), [4, 6]);
    }
}
