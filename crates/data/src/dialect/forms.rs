//! The forms in which the cells of a file are read.

use jiff::civil::Time as Clock;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::{Timestamp, ToSpan};
use walkfolio_core::Date;

use super::day::{Day, Stamp, Time, Zone, stamp};
use super::keys::{CsvForm, DateOrder, Decimal};
use super::number::number;
use crate::table::parse_date;

/// What numbers and dates of a file look like.
#[derive(Debug, Clone)]
pub(crate) struct Forms {
    /// The decimal separator; none reads plain numbers alone.
    pub(super) decimal: Option<Decimal>,
    pub(super) dates: Dates,
    /// Times of day in UTC, in seconds, at which the exchange's next day begins.
    pub(super) next_day: Vec<u32>,
    /// The first line below the table.
    pub(super) end: usize,
    /// The first date as written.
    pub(super) sample: Option<String>,
}

/// The form of dates.
#[derive(Debug, Clone)]
pub(super) enum Dates {
    /// 2024-03-28 or 20240328.
    Plain,
    /// In words and numbers; `order` is that of three numbers, if a file has any.
    Written { order: Option<DateOrder>, months: bool },
    /// In any order: whether a cell is a date at all.
    Any,
    /// Days since 1899-12-30.
    Excel,
    /// So many a second since 1970.
    Epoch(i64),
    /// Seconds, milliseconds or microseconds since 1970, by the number of digits.
    AnyEpoch,
    /// A pattern of strftime.
    Pattern(String),
}

impl Dates {
    /// The form that a study states.
    pub(super) fn stated(form: &CsvForm) -> Option<Self> {
        Some(match form.date_format.as_deref()? {
            "excel" => Self::Excel,
            "epoch" => Self::Epoch(1),
            "epoch_ms" => Self::Epoch(1_000),
            pattern => Self::Pattern(pattern.to_owned()),
        })
    }

    /// The cell as this form has it.
    pub(super) fn stamp(&self, text: &str) -> Option<Stamp> {
        match self {
            Self::Plain => parse_date(text).map(|date| Stamp { day: Day::Known(date), time: None }),
            Self::Written { .. } | Self::Any => stamp(text),
            Self::Excel => excel(text),
            Self::Epoch(per_second) => epoch(text.parse().ok()?, *per_second),
            Self::AnyEpoch => match (text.len(), text.parse()) {
                (9 | 10, Ok(count)) => epoch(count, 1),
                (12 | 13, Ok(count)) => epoch(count, 1_000),
                (15 | 16, Ok(count)) => epoch(count, 1_000_000),
                (18 | 19, Ok(count)) => epoch(count, 1_000_000_000),
                _ => stamp(text),
            },
            Self::Pattern(pattern) => of_pattern(pattern, text),
        }
    }

    fn day(&self, stamp: Stamp) -> Option<Date> {
        match (stamp.day, self) {
            (Day::Known(date), _)
            | (
                Day::Month(date),
                Self::Any | Self::Written { months: true, .. } | Self::Pattern(_),
            ) => Some(date),
            (Day::Parts(parts), Self::Written { order: Some(order), .. }) => parts.day(*order),
            (Day::Parts(parts), Self::Any) => {
                DateOrder::ALL.into_iter().find_map(|order| parts.day(order))
            }
            (Day::Month(_) | Day::Parts(_), _) => None,
        }
    }
}

impl Forms {
    /// What most files have.
    pub(crate) const PLAIN: Self = Self {
        decimal: None,
        dates: Dates::Plain,
        next_day: Vec::new(),
        end: usize::MAX,
        sample: None,
    };

    /// Reads whatever is a date, to tell a column of dates.
    pub(super) fn any_date(stated: &CsvForm) -> Self {
        Self { dates: Dates::stated(stated).unwrap_or(Dates::Any), ..Self::PLAIN }
    }

    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.dates, Dates::Plain)
    }

    /// The number of a cell that is not missing.
    pub(crate) fn number(&self, text: &str) -> Option<f64> {
        match self.decimal {
            None => text.parse().ok(),
            Some(decimal) => number(text, decimal),
        }
    }

    /// The local day of a cell.
    pub(crate) fn date(&self, text: &str) -> Option<Date> {
        if matches!(self.dates, Dates::Plain) {
            return parse_date(text);
        }
        self.day(self.dates.stamp(text)?)
    }

    pub(super) fn day(&self, stamp: Stamp) -> Option<Date> {
        let date = self.dates.day(stamp)?;
        match stamp.time {
            Some(Time { second, zone: Zone::Utc }) if self.next_day.contains(&second) => {
                date.tomorrow().ok()
            }
            _ => Some(date),
        }
    }

    /// What was inferred, in words.
    pub(super) fn said(&self) -> Vec<String> {
        let mut said = Vec::new();
        if self.decimal == Some(Decimal::Comma) {
            said.push("decimal comma".to_owned());
        }
        if let Some(sample) = &self.sample
            && parse_date(sample).is_none()
            && let Some(date) = self.date(sample)
        {
            said.push(format!("date {sample:?} is {date}"));
        }
        if self.end != usize::MAX {
            said.push(format!("table ends above line {}", self.end));
        }
        said
    }
}

/// The local day of a text in a form that can be read in one way only.
pub(crate) fn written_day(text: &str) -> Option<Date> {
    match stamp(text)?.day {
        Day::Known(date) => Some(date),
        Day::Month(_) | Day::Parts(_) => None,
    }
}

/// The number of a text with this decimal separator.
pub(crate) fn written_number(text: &str, decimal: Decimal) -> Option<f64> {
    number(text, decimal)
}

/// Whether a cell is a date in any form.
pub(crate) fn is_date(text: &str) -> bool {
    stamp(text).is_some()
}

/// Whether a cell is a date or a number in any form.
pub(crate) fn is_value(text: &str) -> bool {
    let number = |decimal| number(text, decimal).is_some();
    is_date(text) || number(Decimal::Point) || number(Decimal::Comma)
}

fn excel(text: &str) -> Option<Stamp> {
    const FIRST: Date = Date::constant(1899, 12, 30);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let days: i32 = whole.parse().ok().filter(|days| (1..200_000).contains(days))?;
    let date = FIRST.checked_add(days.days()).ok()?;
    if fraction.is_empty() {
        return Some(Stamp { day: Day::Known(date), time: None });
    }
    // Enough digits to tell two times of a day apart.
    let digits: u64 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let second = u32::try_from(digits * 86_400 / 1_000_000_000).ok()?;
    Some(Stamp { day: Day::Known(date), time: Some(Time { second, zone: Zone::Local }) })
}

fn epoch(count: i64, per_second: i64) -> Option<Stamp> {
    let time = Timestamp::from_second(count.div_euclid(per_second)).ok()?;
    let time = jiff::tz::Offset::UTC.to_datetime(time);
    Some(Stamp { day: Day::Known(time.date()), time: Some(of_clock(time.time(), Zone::Utc)) })
}

fn of_clock(time: Clock, zone: Zone) -> Time {
    let part = |number: i8| u32::from(number.unsigned_abs());
    let second = 3600 * part(time.hour()) + 60 * part(time.minute()) + part(time.second());
    Time { second, zone }
}

fn of_pattern(pattern: &str, text: &str) -> Option<Stamp> {
    let read = BrokenDownTime::parse(pattern, text).ok()?;
    let zone = match read.offset() {
        Some(offset) if offset.is_zero() => Zone::Utc,
        _ => Zone::Local,
    };
    let time = read.hour().and_then(|_| read.to_time().ok()).map(|time| of_clock(time, zone));
    if let Ok(date) = read.to_date() {
        return Some(Stamp { day: Day::Known(date), time });
    }
    // A month without a day.
    let first = Date::new(read.year()?, read.month()?, 1).ok()?;
    read.day().is_none().then_some(Stamp { day: Day::Month(first.last_of_month()), time })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(format: &str, text: &str) -> Option<String> {
        let stated = CsvForm { date_format: Some(format.to_owned()), ..CsvForm::default() };
        Forms::any_date(&stated).date(text).map(|date| date.to_string())
    }

    #[test]
    fn stated_formats_read_what_is_never_guessed() {
        let cases = [
            ("excel", "44929", "2023-01-03"),
            ("excel", "44929.6875", "2023-01-03"),
            ("epoch", "1672756200", "2023-01-03"),
            ("epoch_ms", "1672704000000", "2023-01-03"),
            ("%d.%m.%Y", "03.01.2023", "2023-01-03"),
            ("%m/%d/%y", "01/03/23", "2023-01-03"),
            ("%Y-%m-%dT%H:%M:%S%z", "2023-01-03T00:00:00-0500", "2023-01-03"),
            ("%B %Y", "January 2023", "2023-01-31"),
        ];
        for (format, text, expected) in cases {
            assert_eq!(date(format, text).as_deref(), Some(expected), "{format} {text}");
        }
        for (format, text) in
            [("excel", "0"), ("excel", "x"), ("epoch", "1e9"), ("%d.%m.%Y", "2023-01-03")]
        {
            assert_eq!(date(format, text), None, "{format} {text}");
        }
    }
}
