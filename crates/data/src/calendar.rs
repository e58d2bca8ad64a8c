//! Which calendar the dates of a file follow.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use jiff::ToSpan;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use walkfolio_core::calendar::Exchange;
use walkfolio_core::{Date, Ticker};

/// Rows further apart than so many days, in the median, are not those of a daily file: a holiday
/// and a weekend.
const LONGEST_DAILY_STEP: i32 = 4;
/// A file follows an exchange if so many of all dates, the file's and the exchange's, are in both.
const AGREEMENT: f64 = 0.9;
/// Fewer dates say nothing of an exchange, unless they agree with it to the day.
const FEWEST: usize = 60;
/// With all dates but these, an asset of a file that joins several exchanges follows its own.
const OWN_AGREEMENT: f64 = 0.97;
/// So many assets are looked at before all are.
const LOOKED_AT: usize = 40;

/// The calendar of a study's price files.
///
/// # Examples
/// ```
/// use walkfolio_core::calendar::Exchange;
/// use walkfolio_data::Calendar;
///
/// let tokyo: Calendar = serde_json::from_str("\"XTKS\"")?;
/// assert_eq!(tokyo, Calendar::Exchange(Exchange::Xtks));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    /// The sessions of an exchange.
    Exchange(Exchange),
    /// The dates of the file, whatever they are: no session is missing or extra.
    File,
}

/// The word of [`Calendar::File`].
const FILE: &str = "file";

impl Serialize for Calendar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Exchange(exchange) => exchange.word(),
            Self::File => FILE,
        })
    }
}

impl<'de> Deserialize<'de> for Calendar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        if word == FILE {
            return Ok(Self::File);
        }
        Exchange::from_word(&word).map(Self::Exchange).ok_or_else(|| {
            let words: Vec<&str> = Exchange::ALL.iter().map(|exchange| exchange.word()).collect();
            serde::de::Error::custom(format!(
                "unknown calendar \"{word}\"; known are {} and {FILE}",
                words.join(", ")
            ))
        })
    }
}

impl JsonSchema for Calendar {
    fn schema_name() -> Cow<'static, str> {
        "Calendar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let choice = |word: &str, description: String| json_schema!({ "const": word, "description": description, "type": "string" });
        let said = |exchange: Exchange| match exchange {
            Exchange::AllDays => "Every day, as of crypto-currencies.".to_owned(),
            _ => format!("The sessions of {exchange}."),
        };
        let exchanges = Exchange::ALL.into_iter();
        let mut words: Vec<Schema> =
            exchanges.map(|exchange| choice(exchange.word(), said(exchange))).collect();
        let file = "The dates of the file, whatever they are: no session is missing or extra.";
        words.push(choice(FILE, file.to_owned()));
        json_schema!({ "description": "The calendar of a study's price files.", "oneOf": words })
    }
}

/// What the dates of a file follow.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Rhythm {
    /// The sessions of an exchange.
    Exchange(Exchange),
    /// Rows a week, a month or more apart; the median step in days.
    Slower(i32),
    /// The sessions of several exchanges, with the assets that trade on each.
    Joined(Vec<(Exchange, Vec<Ticker>)>),
    /// No calendar that is known; the closest.
    Unknown(Exchange),
    /// Whatever the file has: the study says so, or there are too few rows.
    File,
}

impl Rhythm {
    /// The rhythm of increasing dates; `columns` are asked for only if these follow no exchange.
    ///
    /// A calendar that the study states is not doubted.
    pub(crate) fn of<C>(
        dates: &[Date],
        stated: Option<Calendar>,
        columns: impl FnOnce() -> C,
    ) -> Self
    where
        C: Iterator<Item = (Ticker, Vec<Date>)>,
    {
        match stated {
            Some(Calendar::Exchange(exchange)) => return Self::Exchange(exchange),
            Some(Calendar::File) => return Self::File,
            None => {}
        }
        let Some(step) = median_step(dates) else { return Self::File };
        if step > LONGEST_DAILY_STEP {
            return Self::Slower(step);
        }
        let Some((exchange, agreement)) = closest(dates) else { return Self::File };
        if agreement >= 1.0 {
            return Self::Exchange(exchange);
        }
        if dates.len() < FEWEST {
            return Self::Exchange(Exchange::Xnys);
        }
        // The union of two exchanges may look like a third.
        match joined(columns().collect()) {
            Some(parts) => Self::Joined(parts),
            None if agreement >= AGREEMENT => Self::Exchange(exchange),
            None => Self::Unknown(exchange),
        }
    }
}

impl fmt::Display for Rhythm {
    /// What it is, after "follows".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exchange(exchange) => write!(f, "the {exchange} calendar"),
            Self::Slower(days) => write!(f, "a step of {days} days"),
            Self::Joined(parts) => {
                let part = |(exchange, assets): &(Exchange, Vec<Ticker>)| {
                    let shown: Vec<&str> = assets.iter().take(3).map(Ticker::as_str).collect();
                    let more = if assets.len() > 3 { ", .." } else { "" };
                    format!("{exchange} ({}{more})", shown.join(", "))
                };
                let parts: Vec<String> = parts.iter().map(part).collect();
                write!(f, "several calendars: {}", parts.join(", "))
            }
            Self::Unknown(closest) => {
                write!(f, "no calendar that is known; the closest is that of {closest}")
            }
            Self::File => f.write_str("its own calendar"),
        }
    }
}

impl Rhythm {
    /// The exchange of an asset in a file that joins several.
    pub(crate) fn exchange_of(&self, asset: &Ticker) -> Option<Exchange> {
        let Self::Joined(parts) = self else { return None };
        parts.iter().find(|(_, assets)| assets.contains(asset)).map(|(exchange, _)| *exchange)
    }
}

/// The median of the days between rows.
pub(crate) fn median_step(dates: &[Date]) -> Option<i32> {
    let mut steps: Vec<i32> = dates.windows(2).map(|pair| days_between(pair[0], pair[1])).collect();
    let middle = steps.len().checked_sub(1)? / 2;
    Some(*steps.select_nth_unstable(middle).1)
}

/// The days from one date to another.
pub(crate) fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// The exchange whose sessions agree best with increasing dates, and how well they do: also where
/// the dates are a day early or late, which is a fault of its own.
fn closest(dates: &[Date]) -> Option<(Exchange, f64)> {
    let mut best: Option<(Exchange, f64)> = None;
    for exchange in Exchange::ALL {
        let agreement = agreement(dates, exchange);
        if agreement >= 1.0 {
            return Some((exchange, agreement));
        }
        if agreement > best.map_or(0.0, |(_, best)| best) {
            best = Some((exchange, agreement));
        }
    }
    best
}

/// The share of dates and sessions that are both, of those that are one of them; in each block of 60
/// rows at the shift that fits best.
fn agreement(dates: &[Date], exchange: Exchange) -> f64 {
    let known = exchange.known();
    let dates: Vec<Date> = dates.iter().copied().filter(|date| known.contains(date)).collect();
    let (Some(&first), Some(&last)) = (dates.first(), dates.last()) else { return 0.0 };
    let shifts: &[i64] = if exchange == Exchange::AllDays { &[] } else { &[1, -1] };
    let fit = |block: &[Date], shift: i64| {
        let moved = |date: &&Date| exchange.is_session(date.saturating_add(shift.days()));
        block.iter().filter(moved).count()
    };
    // As a rule the first shift fits every date, and no other can fit more.
    let best = |block: &[Date]| match fit(block, 0) {
        all if all == block.len() => all,
        some => shifts.iter().map(|shift| fit(block, *shift)).fold(some, usize::max),
    };
    let both: usize = dates.chunks(FEWEST).map(best).sum();
    let sessions = exchange.sessions(first, last).len();
    both as f64 / (dates.len() + sessions).saturating_sub(both).max(1) as f64
}

/// The exchanges of assets that follow one each, if they are several and every asset does.
fn joined(columns: Vec<(Ticker, Vec<Date>)>) -> Option<Vec<(Exchange, Vec<Ticker>)>> {
    let enough = |(_, dates): &(Ticker, Vec<Date>)| dates.len() >= FEWEST;
    let columns: Vec<(Ticker, Vec<Date>)> = columns.into_iter().filter(enough).collect();
    let own = |dates: &[Date]| {
        closest(dates).filter(|(_, agreement)| *agreement >= OWN_AGREEMENT).map(|found| found.0)
    };
    let some = columns.iter().step_by(columns.len().div_ceil(LOOKED_AT).max(1));
    let some: Option<BTreeSet<Exchange>> = some.map(|(_, dates)| own(dates)).collect();
    if some?.len() < 2 {
        return None;
    }
    let mut parts: Vec<(Exchange, Vec<Ticker>)> = Vec::new();
    for (ticker, dates) in columns {
        let exchange = own(&dates)?;
        match parts.iter_mut().find(|(known, _)| *known == exchange) {
            Some((_, assets)) => assets.push(ticker),
            None => parts.push((exchange, vec![ticker])),
        }
    }
    Some(parts)
}

/// How dates and the sessions of an exchange differ, within the dates for which its rules hold.
#[derive(Debug, PartialEq)]
pub(crate) struct Comparison {
    /// The dates that were looked at.
    pub(crate) dates: Vec<Date>,
    /// The sessions from the first of them to the last.
    pub(crate) sessions: Vec<Date>,
    /// Places of sessions that the file lacks.
    pub(crate) missing: Vec<usize>,
    /// Dates that are no sessions.
    pub(crate) extra: Vec<Date>,
}

/// Compares increasing dates with an exchange.
pub(crate) fn compare(dates: &[Date], exchange: Exchange) -> Option<Comparison> {
    let known = exchange.known();
    let dates: Vec<Date> = dates.iter().copied().filter(|date| known.contains(date)).collect();
    let sessions = exchange.sessions(*dates.first()?, *dates.last()?);
    let there: BTreeSet<Date> = dates.iter().copied().collect();
    let missing = (0..sessions.len()).filter(|&at| !there.contains(&sessions[at])).collect();
    let extra = dates.iter().copied().filter(|date| !exchange.is_session(*date)).collect();
    Some(Comparison { dates, sessions, missing, extra })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rhythm(dates: &[Date]) -> Rhythm {
        Rhythm::of(dates, None, std::iter::empty)
    }

    fn year(exchange: Exchange) -> Vec<Date> {
        exchange.sessions(Date::constant(2024, 1, 1), Date::constant(2024, 12, 31))
    }

    #[test]
    fn each_exchange_is_found_by_its_dates() {
        for exchange in Exchange::ALL {
            assert_eq!(rhythm(&year(exchange)), Rhythm::Exchange(exchange));
        }
        let early = |date: &Date| date.yesterday().unwrap();
        let shifted: Vec<Date> = year(Exchange::Xtks).iter().map(early).collect();
        assert_eq!(rhythm(&shifted), Rhythm::Exchange(Exchange::Xtks));
    }

    #[test]
    fn slower_files_and_holes_are_told_apart() {
        let daily = year(Exchange::Xnys);
        let every = |n: usize| daily.iter().copied().step_by(n).collect::<Vec<_>>();
        assert_eq!(rhythm(&every(5)), Rhythm::Slower(7));
        let holes: Vec<Date> = daily
            .iter()
            .enumerate()
            .filter(|(row, _)| row % 5 > 0)
            .map(|(_, date)| *date)
            .collect();
        assert_eq!(rhythm(&holes), Rhythm::Unknown(Exchange::Xnys));
        assert_eq!(Rhythm::of(&holes, Some(Calendar::File), std::iter::empty), Rhythm::File);
    }

    #[test]
    fn assets_of_several_exchanges_are_named() {
        let columns =
            [("7203.T", Exchange::Xtks), ("SPY", Exchange::Xnys), ("BTC", Exchange::AllDays)];
        let columns = columns.map(|(name, own)| (Ticker::new(name).unwrap(), year(own)));
        let union: Vec<Date> = columns[0]
            .1
            .iter()
            .chain(&columns[1].1)
            .copied()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let found = Rhythm::of(&union, None, || columns.into_iter());
        assert_eq!(found.to_string(), "several calendars: Tokyo (7203.T), NYSE (SPY), 24/7 (BTC)");
    }
}
