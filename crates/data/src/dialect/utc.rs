//! Which day a time in UTC is at its exchange.

use jiff::civil::Weekday;
use walkfolio_core::Date;

/// The rows that have one time of day in UTC, by the days around a weekend.
///
/// A daily bar may be stamped with the exchange's midnight: 05:00 in New York, 15:00 of the day before
/// in Tokyo. Prices are of working days, so that the weekdays of a whole column show it.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Weekends {
    friday: usize,
    saturday: usize,
    sunday: usize,
}

impl Weekends {
    /// Counts a day, as UTC has it.
    pub(crate) fn take(&mut self, date: Date) {
        match date.weekday() {
            Weekday::Friday => self.friday += 1,
            Weekday::Saturday => self.saturday += 1,
            Weekday::Sunday => self.sunday += 1,
            _ => {}
        }
    }

    /// Whether the exchange's day is the next one; none if the rows do not show it.
    pub(crate) fn is_next_day(&self, second: u32) -> Option<bool> {
        const NOON: u32 = 43_200;
        let written = self.saturday + self.sunday > 0;
        let shifted = self.friday + self.saturday > 0;
        match (written, shifted) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => (second < NOON).then_some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(days: &[i8], second: u32) -> Option<bool> {
        let mut seen = Weekends::default();
        for day in days {
            seen.take(Date::constant(2024, 1, *day));
        }
        seen.is_next_day(second)
    }

    #[test]
    fn working_days_show_the_exchange() {
        // 2024-01-01 is a Monday; 2023-12-31 and 2024-01-07 are Sundays.
        assert_eq!(shown(&[1, 2, 3, 4, 5], 75_600), Some(false));
        assert_eq!(shown(&[7, 8, 9, 10, 11], 54_000), Some(true));
        assert_eq!(shown(&[1, 2, 3], 54_000), None);
        assert_eq!(shown(&[1, 2, 3], 18_000), Some(false));
        assert_eq!(shown(&[1, 2, 3, 4, 5, 6, 7], 18_000), Some(false));
        assert_eq!(shown(&[1, 2, 3, 4, 5, 6, 7], 57_600), None);
    }
}
