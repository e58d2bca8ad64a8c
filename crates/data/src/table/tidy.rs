//! Rows out of order and dates that occur twice, by the policies of a study.

use walkfolio_core::{Date, Note};

use super::{Table, Values};
use crate::quality::{Cleaning, Kind, Policy};

impl Table {
    /// Sorts rows where `unsorted_dates` is only reported, and makes one row of those of a date where
    /// `duplicate_date` is masked; without these policies nothing is touched.
    pub(crate) fn tidy(&mut self, cleaning: &Cleaning) -> Vec<Note> {
        let mut notes = Vec::new();
        if cleaning.stated(Kind::UnsortedDates) == Some(Policy::Report) {
            notes.extend(self.sort());
        }
        if cleaning.policy(Kind::DuplicateDate) == Policy::Mask {
            notes.extend(self.merge_dates());
        }
        notes
    }

    fn sort(&mut self) -> Option<Note> {
        let falls = self.dates.windows(2).filter(|pair| pair[1] < pair[0]).count();
        if falls == 0 {
            return None;
        }
        let mut rows: Vec<usize> = (0..self.dates.len()).collect();
        rows.sort_by_key(|&row| self.dates[row]);
        self.dates = rows.iter().map(|&row| self.dates[row]).collect();
        self.lines = rows.iter().map(|&row| self.lines[row]).collect();
        for column in &mut self.columns {
            *column = rows.iter().map(|&row| column.get(row)).collect();
        }
        let message = format!("rows sorted as unsorted_dates: {falls} fell back in time");
        Some(Note::warning(message))
    }

    /// Rows of one date next to each other become one; values that differ are dropped.
    fn merge_dates(&mut self) -> Vec<Note> {
        let mut starts: Vec<usize> = (0..self.dates.len()).collect();
        starts.dedup_by_key(|row| self.dates[*row]);
        if starts.len() == self.dates.len() {
            return Vec::new();
        }
        let ends = starts.iter().skip(1).copied().chain([self.dates.len()]);
        let groups: Vec<std::ops::Range<usize>> =
            starts.iter().zip(ends).map(|(&start, end)| start..end).collect();
        let mut dropped = vec![0; groups.len()];
        for column in &mut self.columns {
            let one = |(rows, dropped): (&std::ops::Range<usize>, &mut usize)| {
                let mut found = rows.clone().filter_map(|row| column.get(row));
                let first = found.next()?;
                if found.all(|other| other == first) {
                    return Some(first);
                }
                *dropped += 1;
                None
            };
            *column = groups.iter().zip(&mut dropped).map(one).collect::<Values>();
        }
        let merges = |(rows, dropped): (&std::ops::Range<usize>, &usize)| {
            (rows.len() > 1).then(|| merged(self.dates[rows.start], rows.len(), *dropped))
        };
        let notes = groups.iter().zip(&dropped).filter_map(merges).collect();
        self.dates = starts.iter().map(|&row| self.dates[row]).collect();
        self.lines = starts.iter().map(|&row| self.lines[row]).collect();
        notes
    }
}

fn merged(date: Date, rows: usize, dropped: usize) -> Note {
    let prices = if dropped == 1 { "price" } else { "prices" };
    Note::warning(format!(
        "{rows} rows of {date} made one as duplicate_date; {dropped} {prices} in which they differ dropped"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(days: &[i8], columns: &[&[Option<f64>]]) -> Table {
        Table {
            dates: days.iter().map(|&day| Date::constant(2024, 1, day)).collect(),
            lines: (2..days.len() + 2).collect(),
            columns: columns.iter().map(|column| column.iter().copied().collect()).collect(),
        }
    }

    #[test]
    fn rows_are_sorted_and_those_of_a_date_made_one() {
        let rules = [(Kind::UnsortedDates, Policy::Report), (Kind::DuplicateDate, Policy::Mask)];
        let spy = [Some(3.0), Some(2.0), Some(3.0), None];
        let qqq = [Some(6.0), Some(4.0), Some(7.0), Some(8.0)];
        let mut tidied = table(&[3, 2, 3, 4], &[&spy, &qqq]);
        let notes = tidied.tidy(&Cleaning::new(rules));
        let notes: Vec<&str> = notes.iter().map(|note| note.message.as_str()).collect();
        assert_eq!(
            notes,
            [
                "rows sorted as unsorted_dates: 1 fell back in time",
                "2 rows of 2024-01-03 made one as duplicate_date; 1 price in which they differ dropped"
            ]
        );
        let expected =
            table(&[2, 3, 4], &[&[Some(2.0), Some(3.0), None], &[Some(4.0), None, Some(8.0)]]);
        assert_eq!((tidied.dates, tidied.columns), (expected.dates, expected.columns));
        assert_eq!(tidied.lines, [3, 2, 5]);
    }

    #[test]
    fn nothing_is_tidied_without_a_policy() {
        let mut untouched = table(&[3, 2, 3], &[&[Some(3.0), Some(2.0), Some(3.0)]]);
        for rules in
            [vec![], vec![(Kind::UnsortedDates, Policy::Fail), (Kind::DuplicateDate, Policy::Fail)]]
        {
            assert!(untouched.tidy(&Cleaning::new(rules)).is_empty());
            assert_eq!(untouched, table(&[3, 2, 3], &[&[Some(3.0), Some(2.0), Some(3.0)]]));
        }
    }
}
