//! Cells as vendors write them: dates in four forms, numbers with units.

use walkfolio_core::Date;

use crate::csv_file::is_missing;
use crate::table::parse_date;
use crate::{Error, Result};

/// Where a cell is, for its errors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) line: usize,
    pub(super) column: &'a str,
}

impl Place<'_> {
    fn bad(self, value: &str, rule: &'static str) -> Error {
        let (file, column) = (self.file.to_owned(), self.column.to_owned());
        Error::BadCell { file, line: self.line, column, value: value.to_owned(), rule }
    }
}

/// The order of day and month between slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slashes {
    MonthFirst,
    DayFirst,
}

/// Finds the order from all dates of a file: a number beyond 12 is a day.
///
/// # Errors
/// [`Error::AmbiguousDates`] if no date shows it, or some show one order and some the other.
pub(super) fn slashes<'a>(
    file: &str,
    dates: impl Iterator<Item = &'a str>,
) -> Result<Option<Slashes>> {
    let (mut month_first, mut day_first, mut sample) = (false, false, None);
    for (a, b, text) in dates.filter_map(|text| slashed(text).map(|(a, b, _)| (a, b, text))) {
        sample.get_or_insert(text);
        month_first |= b > 12;
        day_first |= a > 12;
    }
    match (sample, month_first, day_first) {
        (None, ..) => Ok(None),
        (_, true, false) => Ok(Some(Slashes::MonthFirst)),
        (_, false, true) => Ok(Some(Slashes::DayFirst)),
        (Some(value), ..) => {
            Err(Error::AmbiguousDates { file: file.to_owned(), value: value.to_owned() })
        }
    }
}

/// The three numbers of `07/26/2019`.
fn slashed(text: &str) -> Option<(i8, i8, i16)> {
    let mut parts = text.split('/');
    let (a, b, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || a.is_empty() || a.len() > 2 || b.len() > 2 {
        return None;
    }
    Some((a.parse().ok()?, b.parse().ok()?, year.parse().ok()?))
}

/// A session's date: `2024-03-28`, `20240328`, `03/28/2024`, or midnight with an offset from UTC,
/// whose date is the exchange's own.
pub(super) fn date(place: Place<'_>, text: &str, order: Option<Slashes>) -> Result<Date> {
    let found = match (slashed(text), order) {
        (Some((month, day, year)), Some(Slashes::MonthFirst))
        | (Some((day, month, year)), Some(Slashes::DayFirst)) => Date::new(year, month, day).ok(),
        _ => match text.split_once([' ', 'T']) {
            None => parse_date(text),
            Some((day, time)) => match parse_date(day) {
                Some(_) if !is_midnight(time) => {
                    let (file, value) = (place.file.to_owned(), text.to_owned());
                    return Err(Error::Intraday { file, line: place.line, value });
                }
                date => date,
            },
        },
    };
    found.ok_or_else(|| Error::BadDate {
        file: place.file.to_owned(),
        line: place.line,
        value: text.to_owned(),
        rule: "a day written 2024-03-28, 20240328 or 03/28/2024",
    })
}

/// `00:00:00`, with any offset: daily bars are stamped at the exchange's midnight.
pub(super) fn is_midnight(time: &str) -> bool {
    let clock = time.split(['+', '-', 'Z', ' ']).next().unwrap_or_default();
    !clock.is_empty() && clock.chars().all(|c| matches!(c, '0' | ':' | '.'))
}

/// A price: plain, or with commas between thousands.
pub(super) fn price(place: Place<'_>, text: &str) -> Result<Option<f64>> {
    if is_missing(text) {
        return Ok(None);
    }
    let rule = "a price must be a number, or empty where the asset is not listed";
    number(text).map(Some).ok_or_else(|| place.bad(text, rule))
}

/// A volume: a number, or one with K, M, B or T for its thousands.
pub(super) fn volume(place: Place<'_>, text: &str) -> Result<Option<f64>> {
    if is_missing(text) || text == "-" {
        return Ok(None);
    }
    let exponent = match text.as_bytes().last() {
        Some(b'K' | b'k') => Some(3),
        Some(b'M' | b'm') => Some(6),
        Some(b'B' | b'b') => Some(9),
        Some(b'T' | b't') => Some(12),
        _ => None,
    };
    let value = match exponent {
        None => number(text),
        // Shifted in the text: a product with 1e6 would miss the nearest double.
        Some(exponent) => {
            let digits = text[..text.len() - 1].replace(',', "");
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            format!("{digits}e{exponent}").parse().ok().filter(|_| plain && !digits.is_empty())
        }
    };
    value
        .filter(|value: &f64| *value >= 0.0)
        .map(Some)
        .ok_or_else(|| place.bad(text, "a volume must be a number of shares, such as 49.01M"))
}

/// The amount or ratio of an event; `neutral` and missing values are not events.
pub(super) fn event(place: Place<'_>, text: &str, neutral: &[f64]) -> Result<Option<f64>> {
    if is_missing(text) {
        return Ok(None);
    }
    let value = number(text)
        .filter(|value| value.is_finite() && *value >= 0.0)
        .ok_or_else(|| place.bad(text, "an event must be a positive number"))?;
    Ok(Some(value).filter(|value| !neutral.contains(value)))
}

/// What a delisted asset paid in addition to its last close: a fraction from -1 on.
pub(super) fn delisting(place: Place<'_>, text: &str) -> Result<Option<f64>> {
    if is_missing(text) {
        return Ok(None);
    }
    let value = number(text).filter(|value| value.is_finite() && *value >= -1.0);
    let rule = "a delisting return is a fraction of at least -1: -0.3 loses 30 %";
    value.map(Some).ok_or_else(|| place.bad(text, rule))
}

fn number(text: &str) -> Option<f64> {
    if !text.contains(',') {
        return text.parse().ok();
    }
    // `1,234.56`, never the decimal comma of `1,5`.
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.trim_start_matches('-').split(',');
    let head = groups.next().is_some_and(|head| (1..=3).contains(&head.len()));
    let sound = head && groups.all(|group| group.len() == 3);
    text.replace(',', "").parse().ok().filter(|_| sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'_> = Place { file: "x.csv", line: 2, column: "Vol." };

    #[test]
    fn numbers_carry_units_and_thousands() {
        assert_eq!(volume(PLACE, "49.01M").unwrap(), Some(49_010_000.0));
        assert_eq!(volume(PLACE, "745.78K").unwrap(), Some(745_780.0));
        assert_eq!(volume(PLACE, "1,234").unwrap(), Some(1234.0));
        assert_eq!(volume(PLACE, "").unwrap(), None);
        assert_eq!(price(PLACE, "1,234.5").unwrap(), Some(1234.5));
        for text in ["1,5", "12,34.5", "49.01M", "$5", "1.2.3"] {
            assert!(price(PLACE, text).is_err(), "{text}");
        }
        for text in ["M", "-1K", "1e3K", "-5", "infM"] {
            assert!(volume(PLACE, text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_date_beyond_twelve_shows_the_order() {
        let order = |dates: &[&str]| slashes("x.csv", dates.iter().copied());
        assert_eq!(order(&["01/02/2024", "01/31/2024"]).unwrap(), Some(Slashes::MonthFirst));
        assert_eq!(order(&["01/02/2024", "31/01/2024"]).unwrap(), Some(Slashes::DayFirst));
        assert_eq!(order(&["2024-01-02"]).unwrap(), None);
        let error = order(&["01/02/2024", "03/02/2024"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "x.csv has dates such as \"01/02/2024\", and none shows whether the day or the month comes first"
        );
    }

    #[test]
    fn midnight_is_a_day_and_other_times_are_intraday() {
        let day = Date::constant(2022, 1, 3);
        for text in ["2022-01-03 00:00:00+08:00", "2022-01-03T00:00:00Z", "20220103"] {
            assert_eq!(date(PLACE, text, None).unwrap(), day, "{text}");
        }
        let error = date(PLACE, "2019-12-16 09:30:00-05:00", None).unwrap_err();
        assert!(matches!(error, Error::Intraday { line: 2, .. }), "{error}");
    }
}
