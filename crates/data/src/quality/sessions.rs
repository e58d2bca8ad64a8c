//! Dates: their order, and the sessions of the exchange.

use jiff::ToSpan;
use jiff::civil::Weekday;
use walkfolio_core::Date;
use walkfolio_core::calendar::Exchange;

use super::finding::{Finding, Kind, Severity, count, period};
use super::panel::Panel;
use crate::calendar::{Comparison, Rhythm, compare, days_between};

/// Sessions are compared with shifted ones in blocks of so many rows.
const BLOCK_ROWS: usize = 60;
/// Blocks of fewer rows say nothing of a shift.
const LEAST_ROWS: usize = 10;
/// Shifted dates fit the calendar so well ..
const SHIFTED_FIT: f64 = 0.97;
/// .. and the dates as written so much worse: a fifth of all rows is displaced.
const SHIFTED_GAIN: f64 = 0.15;
/// With more sessions amiss than this share, they are counted and not listed.
const OFTEN: f64 = 0.02;
/// A step of so many medians leaves out a week or a month.
const LONG_STEP: f64 = 1.6;

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

/// Sessions that a sorted file lacks, dates that are none, and dates a day early or late, by the
/// calendar of [`Panel::rhythm`].
///
/// - shifted: in blocks of 60 rows, the dates moved by a day fit the calendar to 97 % and by 15
///   points better than as written: Sundays without Fridays, Saturdays without Mondays. An error
///   for each run of such blocks; the value is the shift in days.
/// - missing and extra: one finding a run of sessions, a warning; the value counts them. Where more
///   than 2 % are amiss, one warning counts them all.
/// - a file that joins the sessions of several exchanges is explained in a note.
/// - a file of weeks or months: steps of more than 1.6 times the median, a warning each; the value
///   counts the periods that are missing.
pub(crate) fn calendar(panel: &Panel, rhythm: &Rhythm) -> Vec<Finding> {
    let Some(range) = panel.range().filter(|(first, last)| first < last) else { return Vec::new() };
    match rhythm {
        Rhythm::Exchange(exchange) => against(panel, *exchange),
        Rhythm::Slower(step) => periods(panel, *step),
        Rhythm::File => Vec::new(),
        Rhythm::Joined(_) => {
            let message = format!(
                "{} follows {rhythm}; an asset lacks a price on the others' sessions",
                panel.name
            );
            vec![Finding::new(Kind::MixedCalendars, Severity::Note, range, message)]
        }
        Rhythm::Unknown(exchange) => {
            let message = |differ: &Comparison| {
                format!(
                    "{} follows {rhythm}: it lacks {} of {} sessions, and {} of its {} are none",
                    panel.name,
                    differ.missing.len(),
                    differ.sessions.len(),
                    differ.extra.len(),
                    count(differ.dates.len(), "row"),
                )
            };
            let differ = compare(&panel.dates, *exchange);
            let finding = |differ: Comparison| {
                let kind = Kind::MixedCalendars;
                Finding::new(kind, Severity::Warning, range, message(&differ))
            };
            differ.map(finding).into_iter().collect()
        }
    }
}

fn against(panel: &Panel, exchange: Exchange) -> Vec<Finding> {
    let Some(differ) = compare(&panel.dates, exchange) else { return Vec::new() };
    let shifted = shifts(panel, &differ.dates, exchange);
    if !shifted.is_empty() {
        return shifted;
    }
    let mut found = missing(panel, &differ, exchange);
    found.extend(extra(panel, &differ, exchange));
    found
}

fn shifts(panel: &Panel, dates: &[Date], exchange: Exchange) -> Vec<Finding> {
    let mut runs: Vec<(i32, Date, Date, usize)> = Vec::new();
    for block in dates.chunks(BLOCK_ROWS) {
        let Some(days) = shift(block, exchange) else { continue };
        let (first, last) = (block[0], block[block.len() - 1]);
        match runs.last_mut() {
            Some(run) if run.0 == days => (run.2, run.3) = (last, run.3 + block.len()),
            _ => runs.push((days, first, last, block.len())),
        }
    }
    let finding = |(days, first, last, rows): (i32, Date, Date, usize)| {
        let way = if days < 0 { "late" } else { "early" };
        let message = format!(
            "{} has {} a day {way} {}: moved back they are {exchange} sessions",
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
fn shift(block: &[Date], exchange: Exchange) -> Option<i32> {
    if block.len() < LEAST_ROWS || exchange == Exchange::AllDays {
        return None;
    }
    let fit = |days: i32| {
        let moved = block.iter().filter_map(|date| date.checked_add(days.days()).ok());
        moved.filter(|date| exchange.is_session(*date)).count() as f64 / block.len() as f64
    };
    let as_written = fit(0);
    [1, -1].into_iter().find(|&days| {
        let moved = fit(days);
        moved >= SHIFTED_FIT && moved - as_written >= SHIFTED_GAIN
    })
}

fn missing(panel: &Panel, differ: &Comparison, exchange: Exchange) -> Vec<Finding> {
    let Comparison { dates, sessions, missing, .. } = differ;
    let say = |span, n: usize, message| {
        Finding::new(Kind::MissingSession, Severity::Warning, span, message).sized(n as f64)
    };
    let name = &panel.name;
    if missing.len() as f64 > OFTEN * sessions.len() as f64 && missing.len() > 5 {
        let (lacking, all) = (missing.len(), sessions.len());
        let message = format!("{name} lacks {lacking} of {all} {exchange} sessions");
        return vec![say((dates[0], dates[dates.len() - 1]), lacking, message)];
    }
    let run = |(first, last): (usize, usize)| {
        let (span, rows) = ((sessions[first], sessions[last]), last - first + 1);
        let n = count(rows, &format!("{exchange} session"));
        say(span, rows, format!("{name} lacks {n} {}", period(span.0, span.1)))
    };
    runs(missing).into_iter().map(run).collect()
}

fn extra(panel: &Panel, differ: &Comparison, exchange: Exchange) -> Vec<Finding> {
    let strange = &differ.extra;
    let (Some(&first), Some(&last)) = (strange.first(), strange.last()) else { return Vec::new() };
    let weekend = |date: &&Date| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let weekends = strange.iter().filter(weekend).count();
    let often = strange.len() as f64 > OFTEN * differ.dates.len() as f64 && strange.len() > 5;
    let say = |span, n: usize, message| {
        Finding::new(Kind::ExtraSession, Severity::Warning, span, message).sized(n as f64)
    };
    if often {
        let n = count(strange.len(), "row");
        let message = format!(
            "{} has {n} without a {exchange} session, {weekends} of them on weekends",
            panel.name
        );
        return vec![say((first, last), strange.len(), message)];
    }
    let single = |&date: &Date| {
        let message = format!("{} has a row on {date}, no {exchange} session", panel.name);
        say((date, date), 1, message)
    };
    strange.iter().map(single).collect()
}

/// Weeks or months that a file of these lacks.
fn periods(panel: &Panel, step: i32) -> Vec<Finding> {
    let finding = |pair: &[Date]| {
        let steps = f64::from(days_between(pair[0], pair[1])) / f64::from(step);
        let lacking = steps.round() - 1.0;
        let message = format!(
            "{} has no row between {} and {}; its rows are {step} days apart",
            panel.name, pair[0], pair[1]
        );
        let span = (pair[0], pair[1]);
        let finding = Finding::new(Kind::MissingSession, Severity::Warning, span, message);
        (steps > LONG_STEP).then(|| finding.sized(lacking))
    };
    panel.dates.windows(2).filter_map(finding).collect()
}

/// The rows of dates on which the exchange was closed, by its calendar alone.
pub(crate) fn extra_rows(panel: &Panel) -> Vec<usize> {
    let Rhythm::Exchange(exchange) = panel.ordered().rhythm() else { return Vec::new() };
    let (known, dates) = (exchange.known(), &panel.dates);
    let extra = |row: &usize| known.contains(&dates[*row]) && !exchange.is_session(dates[*row]);
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
