//! Dates: their order, and the sessions of the exchange.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Weekday;
use walkfolio_core::{Date, calendar};

use super::finding::{self, Finding, Kind, Severity, count, period};
use super::panel::Panel;

/// Sessions are compared with shifted ones in blocks of so many rows.
const BLOCK_ROWS: usize = 60;
/// Blocks of fewer rows say nothing of a shift.
const LEAST_ROWS: usize = 10;
/// Shifted dates fit the calendar so well ..
const SHIFTED_FIT: f64 = 0.97;
/// .. and the dates as written so much worse: a fifth of all rows is displaced.
const SHIFTED_GAIN: f64 = 0.15;
/// With more sessions amiss than this share, the file follows another calendar.
const OTHER_CALENDAR: f64 = 0.02;

/// Dates that occur twice or do not increase, in the file's own order.
///
/// A duplicate is an error, and so is disorder; a file that runs strictly backwards has one warning.
/// The value of either is the number of rows.
pub(crate) fn order(panel: &Panel) -> Vec<Finding> {
    let Some(range) = panel.range() else { return Vec::new() };
    let mut found = duplicates(panel);
    let dates = &panel.dates;
    let falls: Vec<usize> = (1..dates.len()).filter(|&row| dates[row] < dates[row - 1]).collect();
    let (Some(&first), name) = (falls.first(), &panel.name) else { return found };
    let finding = if dates.len() > 2 && dates.windows(2).all(|pair| pair[1] <= pair[0]) {
        let message = format!("{name} runs backwards, from {} to {}", range.1, range.0);
        Finding::new(Kind::UnsortedDates, Severity::Warning, range, message)
    } else {
        let message = format!(
            "{name} has {} out of order; the first is {}, which follows {}",
            count(falls.len(), "row"),
            dates[first],
            dates[first - 1]
        );
        let span = (dates[first], dates[falls[falls.len() - 1]]);
        Finding::new(Kind::UnsortedDates, Severity::Error, span, message)
    };
    found.push(finding.sized(falls.len() as f64));
    found
}

fn duplicates(panel: &Panel) -> Vec<Finding> {
    let mut sorted = panel.dates.clone();
    sorted.sort_unstable();
    let mut twice: Vec<Date> =
        sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    let rows = twice.len();
    twice.dedup();
    let (Some(&first), Some(&last)) = (twice.first(), twice.last()) else { return Vec::new() };
    let message =
        format!("{} repeats {}: {}", panel.name, count(twice.len(), "date"), some(&twice));
    let finding = Finding::new(Kind::DuplicateDate, Severity::Error, (first, last), message);
    vec![finding.sized(rows as f64)]
}

/// Sessions that a sorted file lacks, dates that are none, and dates a day early or late.
///
/// - shifted: in blocks of 60 rows, the dates moved by a day fit the NYSE calendar to 97 % and by 15
///   points better than as written: Sundays without Fridays, Saturdays without Mondays. An error
///   for each run of such blocks; the value is the shift in days.
/// - missing and extra: one finding a run of sessions, a warning; the value counts them. Where more
///   than 2 % are amiss, one warning says that the file follows another calendar, and where more
///   than half are missing, that it is not daily.
pub(crate) fn calendar(panel: &Panel) -> Vec<Finding> {
    let inside = |date: &Date| (calendar::FIRST..=calendar::LAST).contains(date);
    let dates: Vec<Date> = panel.dates.iter().copied().filter(inside).collect();
    if dates.len() < 2 {
        return Vec::new();
    }
    let shifted = shifts(panel, &dates);
    if !shifted.is_empty() {
        return shifted;
    }
    let mut found = missing(panel, &dates);
    found.extend(extra(panel, &dates));
    found
}

fn shifts(panel: &Panel, dates: &[Date]) -> Vec<Finding> {
    let mut runs: Vec<(i32, Date, Date, usize)> = Vec::new();
    for block in dates.chunks(BLOCK_ROWS) {
        let Some(days) = shift(block) else { continue };
        let (first, last) = (block[0], block[block.len() - 1]);
        match runs.last_mut() {
            Some(run) if run.0 == days => (run.2, run.3) = (last, run.3 + block.len()),
            _ => runs.push((days, first, last, block.len())),
        }
    }
    let finding = |(days, first, last, rows): (i32, Date, Date, usize)| {
        let way = if days < 0 { "late" } else { "early" };
        let message = format!(
            "{} has {} a day {way} {}: moved back they are sessions of the NYSE",
            panel.name,
            count(rows, "date"),
            period(first, last)
        );
        let kind = Kind::ShiftedDates;
        Finding::new(kind, Severity::Error, (first, last), message).sized(f64::from(-days))
    };
    runs.into_iter().map(finding).collect()
}

/// The days to add to a block of dates so that it fits the calendar, if it does not as it is.
fn shift(block: &[Date]) -> Option<i32> {
    if block.len() < LEAST_ROWS {
        return None;
    }
    let fit = |days: i32| {
        let moved = block.iter().filter_map(|date| date.checked_add(days.days()).ok());
        moved.filter(|date| calendar::is_session(*date)).count() as f64 / block.len() as f64
    };
    let as_written = fit(0);
    [1, -1].into_iter().find(|&days| {
        let moved = fit(days);
        moved >= SHIFTED_FIT && moved - as_written >= SHIFTED_GAIN
    })
}

fn missing(panel: &Panel, dates: &[Date]) -> Vec<Finding> {
    let span = (dates[0], dates[dates.len() - 1]);
    let sessions = calendar::sessions(span.0, span.1);
    let there: BTreeSet<Date> = dates.iter().copied().collect();
    let lacking: Vec<usize> =
        (0..sessions.len()).filter(|&row| !there.contains(&sessions[row])).collect();
    let name = &panel.name;
    let share = lacking.len() as f64 / sessions.len().max(1) as f64;
    if share > OTHER_CALENDAR && lacking.len() > 5 {
        let other = format!("follows {}", finding::OTHER_CALENDAR);
        let what = if share > 0.5 { "is not daily" } else { other.as_str() };
        let message = format!(
            "{name} {what}: it lacks {} of {} NYSE sessions",
            lacking.len(),
            sessions.len()
        );
        let finding = Finding::new(Kind::MissingSession, Severity::Warning, span, message);
        return vec![finding.sized(lacking.len() as f64)];
    }
    runs(&lacking)
        .into_iter()
        .map(|(first, last)| {
            let span = (sessions[first], sessions[last]);
            let rows = last - first + 1;
            let n = count(rows, "NYSE session");
            let message = format!("{name} lacks {n} {}", period(span.0, span.1));
            Finding::new(Kind::MissingSession, Severity::Warning, span, message).sized(rows as f64)
        })
        .collect()
}

fn extra(panel: &Panel, dates: &[Date]) -> Vec<Finding> {
    let strange: Vec<Date> =
        dates.iter().copied().filter(|date| !calendar::is_session(*date)).collect();
    let (Some(&first), Some(&last)) = (strange.first(), strange.last()) else { return Vec::new() };
    let weekend = |date: &&Date| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let weekends = strange.iter().filter(weekend).count();
    let often = strange.len() as f64 > OTHER_CALENDAR * dates.len() as f64 && strange.len() > 5;
    let say = |span, n: usize, message| {
        Finding::new(Kind::ExtraSession, Severity::Warning, span, message).sized(n as f64)
    };
    if often {
        let message = format!(
            "{} follows {}: {} have no NYSE session, {weekends} of them on weekends",
            panel.name,
            finding::OTHER_CALENDAR,
            count(strange.len(), "row")
        );
        return vec![say((first, last), strange.len(), message)];
    }
    let single = |&date: &Date| {
        let message = format!("{} has a row on {date}, no session of the NYSE", panel.name);
        say((date, date), 1, message)
    };
    strange.iter().map(single).collect()
}

/// The rows of dates on which the exchange was closed, by its calendar alone.
pub(crate) fn extra_rows(dates: &[Date]) -> Vec<usize> {
    let known = calendar::FIRST..=calendar::LAST;
    let extra = |row: &usize| known.contains(&dates[*row]) && !calendar::is_session(dates[*row]);
    (0..dates.len()).filter(extra).collect()
}

/// Runs of consecutive numbers, each as its first and last.
pub(crate) fn runs(sorted: &[usize]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &number in sorted {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == number => run.1 = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

fn some(dates: &[Date]) -> String {
    let shown: Vec<String> = dates.iter().take(3).map(Date::to_string).collect();
    format!("{}{}", shown.join(", "), if dates.len() > 3 { ", .." } else { "" })
}
