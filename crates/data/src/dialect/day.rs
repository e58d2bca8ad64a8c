//! Dates as people and vendors write them, with or without a time of day.

use walkfolio_core::Date;

use super::keys::DateOrder;
use crate::table::parse_date;

/// A cell of a date column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stamp {
    pub(super) day: Day,
    pub(super) time: Option<Time>,
}

/// A day as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Day {
    /// In a form that can be read in one way only.
    Known(Date),
    /// A month without a day: its last day.
    Month(Date),
    /// Three numbers, of which the order must be known.
    Parts(Parts),
}

/// The three numbers of 03/04/2024.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Parts {
    numbers: [i16; 3],
    /// Whether the last number is a year of four digits.
    long: bool,
}

impl Parts {
    /// The day in some order, if there is one.
    pub(super) fn day(self, order: DateOrder) -> Option<Date> {
        let [a, b, c] = self.numbers;
        let (year, month, day) = match order {
            DateOrder::DayFirst => (c, b, a),
            DateOrder::MonthFirst => (c, a, b),
            DateOrder::YearFirst if self.long => return None,
            DateOrder::YearFirst => (a, b, c),
        };
        let year = if self.long { year } else { century(year) };
        date(year, month, day)
    }
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Time {
    /// Seconds since midnight.
    pub(super) second: u32,
    pub(super) zone: Zone,
}

/// What a time is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    /// The clock of the exchange, or of whoever wrote the file.
    Local,
    /// UTC, which is no exchange's.
    Utc,
}

/// Reads a cell; a text that is not a date gives none.
pub(super) fn stamp(text: &str) -> Option<Stamp> {
    if let Some(date) = parse_date(text) {
        return Some(Stamp { day: Day::Known(date), time: None });
    }
    let (day, time) = divided(text);
    let time = match time {
        Some(time) => Some(clock(time)?),
        None => None,
    };
    Some(Stamp { day: written(day)?, time })
}

/// The parts before and from the hour on.
fn divided(text: &str) -> (&str, Option<&str>) {
    let hour = text.find(':').map(|colon| {
        let digits = text[..colon].bytes().rev().take_while(u8::is_ascii_digit).count();
        colon - digits
    });
    match hour {
        Some(start) if text[..start].ends_with([' ', 'T', ',']) => {
            let day = text[..start].trim_end_matches(['T', ' ', ',']);
            (day, Some(&text[start..]))
        }
        _ => (text, None),
    }
}

/// `16:00`, `09:30:00.000 -05:00`, `4:00 PM`, `00:00Z`.
pub(super) fn clock(text: &str) -> Option<Time> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !":.".contains(c)).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let mut parts = digits.split(':');
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 2);
    let (mut hour, minute) = (number(parts.next()?)?, number(parts.next()?)?);
    let second = match parts.next() {
        Some(text) => number(text.split('.').next()?)?,
        None => 0,
    };
    let rest = rest.trim();
    let upper = rest.to_ascii_uppercase();
    let zone = match upper.get(..2) {
        Some(half @ ("AM" | "PM")) if (1..=12).contains(&hour) => {
            hour = hour % 12 + if half == "PM" { 12 } else { 0 };
            upper[2..].trim()
        }
        _ => upper.as_str(),
    };
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(Time { second: 3600 * hour + 60 * minute + second, zone: zone_of(zone)? })
}

fn zone_of(text: &str) -> Option<Zone> {
    match text {
        "Z" | "UTC" | "GMT" => Some(Zone::Utc),
        // The name of a zone, such as EST: the date is that of its clock.
        _ if text.chars().all(|c| c.is_ascii_alphabetic()) => Some(Zone::Local),
        _ => {
            let digits: String =
                text.strip_prefix(['+', '-'])?.chars().filter(|c| *c != ':').collect();
            let sound = digits.len() <= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
            let zone =
                if digits.bytes().all(|byte| byte == b'0') { Zone::Utc } else { Zone::Local };
            sound.then_some(zone)
        }
    }
}

fn written(text: &str) -> Option<Day> {
    let text = without_weekday(text.trim());
    let is_separator = |c: char| "/-. ,".contains(c);
    let words: Vec<&str> = text.split(is_separator).filter(|word| !word.is_empty()).collect();
    let separators = text.chars().filter(|c| is_separator(*c)).count();
    if words.iter().any(|word| month(word).is_some()) {
        return named(&words, text.contains('-'));
    }
    // Numbers alone have one and the same sign between them.
    let separator = text.chars().find(|c| is_separator(*c));
    let same = text.chars().filter(|c| is_separator(*c)).all(|c| Some(c) == separator);
    if words.len() > 3 || !same || separators + 1 != words.len() || separator == Some(',') {
        return None;
    }
    numbers(&words, separator)
}

fn without_weekday(text: &str) -> &str {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let word = text[..end].to_ascii_lowercase();
    let is_day =
        DAYS.iter().any(|day| word == *day || word.starts_with(day) && word.ends_with("day"));
    if is_day { text[end..].trim_start_matches([',', '.', ' ']) } else { text }
}

/// Numbers alone.
fn numbers(words: &[&str], separator: Option<char>) -> Option<Day> {
    match words {
        [only] if only.len() == 6 => {
            let number = digits(only)?;
            last_day(i16::try_from(number / 100).ok()?, i16::try_from(number % 100).ok()?)
        }
        // 1999.12 is a number.
        [_, _] if separator == Some('.') => None,
        [year, month] | [month, year] if year.len() == 4 && month.len() <= 2 => {
            last_day(short(year)?, short(month)?)
        }
        [year, month, day] if year.len() == 4 => {
            date(short(year)?, short(month)?, short(day)?).map(Day::Known)
        }
        [a, b, c] if a.len() <= 2 && b.len() <= 2 && matches!(c.len(), 2 | 4) => {
            let parts = Parts { numbers: [short(a)?, short(b)?, short(c)?], long: c.len() == 4 };
            match separator {
                // Nobody writes the month first with points.
                Some('.') => parts.day(DateOrder::DayFirst).map(Day::Known),
                _ => Some(Day::Parts(parts)),
            }
        }
        _ => None,
    }
}

/// With the name of a month.
fn named(words: &[&str], hyphens: bool) -> Option<Day> {
    match *words {
        [a, b] => match (month(a), month(b)) {
            // Jan 23 may be a day.
            (Some(month), None) if b.len() == 4 || hyphens => last_day(year(b)?, month),
            (None, Some(month)) if a.len() == 4 => last_day(year(a)?, month),
            _ => None,
        },
        [a, b, c] => {
            let (year, month, day) = match (month(a), month(b)) {
                (Some(month), None) => (year(c)?, month, b),
                (None, Some(month)) if a.len() == 4 => (year(a)?, month, c),
                (None, Some(month)) => (year(c)?, month, a),
                _ => return None,
            };
            if day.len() > 2 {
                return None;
            }
            date(year, month, short(day)?).map(Day::Known)
        }
        _ => None,
    }
}

fn month(word: &str) -> Option<i16> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    if word.len() < 3 {
        return None;
    }
    let at = NAMES.iter().position(|name| {
        name[..3] == word || *name == word || word == "sept" && *name == "september"
    })?;
    i16::try_from(at + 1).ok()
}

fn year(word: &str) -> Option<i16> {
    match word.len() {
        4 => short(word),
        2 => short(word).map(century),
        _ => None,
    }
}

/// Of two digits: 1969 to 2068, as POSIX has it.
fn century(year: i16) -> i16 {
    if year < 69 { 2000 + year } else { 1900 + year }
}

fn last_day(year: i16, month: i16) -> Option<Day> {
    let plausible = (1700..2200).contains(&year);
    date(year, month, 1).filter(|_| plausible).map(|first| Day::Month(first.last_of_month()))
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn short(word: &str) -> Option<i16> {
    digits(word).and_then(|number| i16::try_from(number).ok())
}

fn digits(word: &str) -> Option<i32> {
    word.bytes().all(|byte| byte.is_ascii_digit()).then(|| word.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_day_in_many_forms() {
        let third = Day::Known(Date::constant(2023, 1, 3));
        for text in [
            "2023-01-03",
            "20230103",
            "2023/01/03",
            "2023/1/3",
            "2023.01.03",
            "03.01.2023",
            "3.1.23",
            "Jan 03, 2023",
            "January 3, 2023",
            "03-Jan-23",
            "03-JAN-2023",
            "3 Jan 2023",
            "2023-Jan-03",
            "Tue, Jan 3, 2023",
            "Tuesday 3 January 2023",
            "Jan. 3, 2023",
        ] {
            assert_eq!(stamp(text), Some(Stamp { day: third, time: None }), "{text}");
        }
        for text in ["2023-01", "202301", "2023/1", "01/2023", "Jan 2023", "Jan-23", "2023-Jan"] {
            let end = Day::Month(Date::constant(2023, 1, 31));
            assert_eq!(stamp(text), Some(Stamp { day: end, time: None }), "{text}");
        }
        for text in [
            "",
            "x",
            "2023-02-29",
            "32.01.2023",
            "230103",
            "2023-01-03x",
            "44929",
            "1672756200",
            "1.5",
            "2023--01-03",
            "May",
            "03/Jan",
            "2023,01,03",
            "Jan 3",
            "1/2/3/4",
            "12:30",
            "1999.12",
        ] {
            assert_eq!(stamp(text), None, "{text}");
        }
    }

    #[test]
    fn three_numbers_wait_for_their_order() {
        let Some(Stamp { day: Day::Parts(parts), .. }) = stamp("03/04/24") else { panic!() };
        let days = DateOrder::ALL.map(|order| parts.day(order).unwrap().to_string());
        assert_eq!(days, ["2024-04-03", "2024-03-04", "2003-04-24"]);
        let Some(Stamp { day: Day::Parts(parts), .. }) = stamp("1-13-1999") else { panic!() };
        let days = DateOrder::ALL.map(|order| parts.day(order).map(|day| day.to_string()));
        assert_eq!(days, [None, Some("1999-01-13".to_owned()), None]);
    }

    #[test]
    fn a_time_is_of_a_clock_or_of_utc() {
        let time = |text: &str| stamp(text).and_then(|stamp| stamp.time);
        let at = |second, zone| Some(Time { second, zone });
        assert_eq!(time("2023-01-03 00:00:00-05:00"), at(0, Zone::Local));
        assert_eq!(time("2023-01-03T00:00:00.000Z"), at(0, Zone::Utc));
        assert_eq!(time("2023-01-03 05:00:00+00:00"), at(18_000, Zone::Utc));
        assert_eq!(time("1/3/2023 16:00:00"), at(57_600, Zone::Local));
        assert_eq!(time("Jan 3, 2023, 4:00 PM EST"), at(57_600, Zone::Local));
        assert_eq!(time("2023-01-03 12:30 AM"), at(1800, Zone::Local));
        for text in [
            "2023-01-03 25:00",
            "2023-01-03 10:61",
            "2023-01-03 10:00:00:00",
            "2023-01-03 10:00 +x",
        ] {
            assert_eq!(stamp(text), None, "{text}");
        }
    }
}
