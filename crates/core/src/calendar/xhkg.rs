//! Sessions of the Hong Kong stock exchange, by rule.

use jiff::ToSpan;
use jiff::civil::Weekday;

use super::rule::{self, Closure, FROM_2000, Rules};
use crate::Date;

/// Closures outside the rule.
///
/// # Source
/// HKEX, news releases on severe weather and special holidays.
const SPECIAL_CLOSURES: [Closure; 14] = [
    (Date::constant(2001, 7, 6), "typhoon Utor"),
    (Date::constant(2001, 7, 25), "typhoon Yutu"),
    (Date::constant(2008, 8, 6), "typhoon Kammuri"),
    (Date::constant(2008, 8, 22), "typhoon Nuri"),
    (Date::constant(2011, 9, 29), "typhoon Nesat"),
    (Date::constant(2013, 8, 14), "typhoon Utor"),
    (Date::constant(2015, 9, 3), "70 years after 1945"),
    (Date::constant(2016, 8, 2), "typhoon Nida"),
    (Date::constant(2016, 10, 21), "typhoon Haima"),
    (Date::constant(2017, 8, 23), "typhoon Hato"),
    (Date::constant(2020, 10, 13), "typhoon Nangka"),
    (Date::constant(2021, 10, 13), "typhoon Kompasu"),
    (Date::constant(2023, 7, 17), "typhoon Talim"),
    (Date::constant(2024, 9, 6), "typhoon Yagi"),
];

/// The year of the first row of [`FESTIVALS`].
const FIRST_YEAR: i16 = 2000;

/// Festivals of the Chinese calendar by year, as month and day (`205` is 5 February): the first day
/// of the lunar year, the Birthday of the Buddha (8th of the 4th month), Tuen Ng (5th of the 5th),
/// Mid-Autumn (15th of the 8th) and Chung Yeung (9th of the 9th).
///
/// # Source
/// Hong Kong Observatory, "Gregorian-Lunar Calendar Conversion Table".
const FESTIVALS: [[i16; 5]; 51] = [
    [205, 511, 606, 912, 1006],
    [124, 430, 625, 1001, 1025],
    [212, 519, 615, 921, 1014],
    [201, 508, 604, 911, 1004],
    [122, 526, 622, 928, 1022],
    [209, 515, 611, 918, 1011],
    [129, 505, 531, 1006, 1030],
    [218, 524, 619, 925, 1019],
    [207, 512, 608, 914, 1007],
    [126, 502, 528, 1003, 1026],
    [214, 521, 616, 922, 1016],
    [203, 510, 606, 912, 1005],
    [123, 428, 623, 930, 1023],
    [210, 517, 612, 919, 1013],
    [131, 506, 602, 908, 1002],
    [219, 525, 620, 927, 1021],
    [208, 514, 609, 915, 1009],
    [128, 503, 530, 1004, 1028],
    [216, 522, 618, 924, 1017],
    [205, 512, 607, 913, 1007],
    [125, 430, 625, 1001, 1025],
    [212, 519, 614, 921, 1014],
    [201, 508, 603, 910, 1004],
    [122, 526, 622, 929, 1023],
    [210, 515, 610, 917, 1011],
    [129, 505, 531, 1006, 1029],
    [217, 524, 619, 925, 1018],
    [206, 513, 609, 915, 1008],
    [126, 502, 528, 1003, 1026],
    [213, 520, 616, 922, 1016],
    [203, 509, 605, 912, 1005],
    [123, 528, 624, 1001, 1024],
    [211, 516, 612, 919, 1012],
    [131, 506, 601, 908, 1001],
    [219, 525, 620, 927, 1020],
    [208, 515, 610, 916, 1009],
    [128, 503, 530, 1004, 1027],
    [215, 522, 618, 924, 1017],
    [204, 511, 607, 913, 1007],
    [124, 430, 527, 1002, 1026],
    [212, 518, 614, 920, 1014],
    [201, 507, 603, 910, 1003],
    [122, 526, 622, 928, 1022],
    [210, 516, 611, 917, 1011],
    [130, 505, 531, 1005, 1029],
    [217, 524, 619, 925, 1018],
    [206, 513, 608, 915, 1008],
    [126, 502, 529, 1004, 1027],
    [214, 520, 615, 922, 1016],
    [202, 509, 604, 911, 1005],
    [123, 528, 623, 930, 1024],
];

/// The last year is that of [`FESTIVALS`].
pub(super) const RULES: Rules = Rules {
    word: "XHKG",
    name: "Hong Kong",
    known: (FROM_2000, Date::constant(2050, 12, 31)),
    is_session: |date| rule::is_open(date, is_holiday, &SPECIAL_CLOSURES),
};

/// General holidays, each on a Sunday or on the day of another one moved to the next free day.
fn is_holiday(date: Date) -> bool {
    count(date) > 0 || is_substitute(date)
}

/// The first free day after holidays of which one fell on a Sunday, or two on the same day.
fn is_substitute(date: Date) -> bool {
    let sunday = |date: Date| date.weekday() == Weekday::Sunday;
    let (mut before, mut lost) = (rule::eve(date), 0);
    while sunday(before) || count(before) > 0 {
        lost += count(before) - usize::from(!sunday(before));
        before = rule::eve(before);
    }
    lost > 0 && !sunday(date)
}

/// The holidays that fall on a date.
fn count(date: Date) -> usize {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let fixed = matches!((month, day), (1 | 5 | 7 | 10, 1) | (12, 25 | 26));
    let others = [
        fixed,
        rule::is_good_friday(date),
        rule::is_easter_monday(date),
        month == 4 && day == ching_ming(year),
        is_lunar_new_year(date),
        is_festival(date, 1),
        is_festival(date, 2),
        is_after_mid_autumn(date),
        is_festival(date, 4),
    ];
    others.into_iter().filter(|holiday| *holiday).count()
}

fn festival(year: i16, which: usize) -> Option<i16> {
    let row = usize::try_from(year.checked_sub(FIRST_YEAR)?).ok()?;
    FESTIVALS.get(row).map(|festivals| festivals[which])
}

fn is_festival(date: Date, which: usize) -> bool {
    festival(date.year(), which) == Some(i16::from(date.month()) * 100 + i16::from(date.day()))
}

/// Three days; until 2011 the eve in place of one on a Sunday, which was not moved.
fn is_lunar_new_year(date: Date) -> bool {
    let first = |days: i64| is_festival(date.saturating_sub(days.days()), 0);
    let in_days = (0..3).any(first);
    if date.year() >= 2012 {
        return in_days;
    }
    let sunday = date.weekday() == Weekday::Sunday;
    let is_eve = is_festival(date.saturating_add(1.day()), 0);
    let on_sunday = |days: i64| date.saturating_add((days + 1).days()).weekday() == Weekday::Sunday;
    (in_days && !sunday) || (is_eve && (0..3).any(on_sunday))
}

/// The day after Mid-Autumn; until 2011 the festival itself where that is a Sunday.
fn is_after_mid_autumn(date: Date) -> bool {
    let follows = is_festival(rule::eve(date), 3);
    follows && (date.year() >= 2012 || date.weekday() != Weekday::Sunday)
}

/// The solar term of early April, from 2000 to 2099.
fn ching_ming(year: i16) -> i8 {
    rule::solar_day(4.81, 0.2422, year - 2000)
}
