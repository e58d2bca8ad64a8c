//! A benchmark over the dates of another series.

use walkfolio_core::Date;

use super::{ReadSeries, SeriesError};

/// What the benchmark returned over each period of a series: from the date before it, `base` before the first,
/// to its own. None before the benchmark begins and after it ends.
///
/// A benchmark with more rows is compounded; values between two dates of the series belong to the later one.
pub(super) fn over(
    benchmark: &ReadSeries,
    dates: &[Date],
    base: Date,
) -> Result<Vec<Option<f64>>, SeriesError> {
    let own = &benchmark.dates;
    // The first return is earned from the first price on; of returns nobody says from when.
    let begins = benchmark.base.unwrap_or_else(|| before(own));
    let ends = own.last();
    let mut start = base;
    let mut all = Vec::with_capacity(dates.len());
    for date in dates {
        let rows = own.partition_point(|own| *own <= start)..own.partition_point(|own| own <= date);
        let inside = start >= begins && ends.is_some_and(|ends| date <= ends);
        if inside && rows.is_empty() {
            let file = benchmark.source.name.clone();
            return Err(SeriesError::Hole { file, after: start, date: *date });
        }
        let growth: f64 = benchmark.returns[rows].iter().map(|earned| 1.0 + earned).product();
        all.push(inside.then_some(growth - 1.0));
        start = *date;
    }
    Ok(all)
}

/// The date from which the first of some returns is earned: one median step before its own.
pub(super) fn before(dates: &[Date]) -> Date {
    let days = |two: &[Date]| two[0].until(two[1]).map_or(0, |span| span.get_days());
    let mut steps: Vec<i32> = dates.windows(2).map(days).collect();
    steps.sort_unstable();
    let step = steps.get(steps.len() / 2).copied().unwrap_or(1);
    let span = jiff::Span::new().days(i64::from(step));
    // From the last session of a month to that of the next are 26 to 35 days: the end of the month before is meant.
    match dates.first() {
        Some(first) if (26..=35).contains(&step) => {
            first.first_of_month().yesterday().unwrap_or(*first)
        }
        Some(first) => first.checked_sub(span).unwrap_or(*first),
        None => Date::ZERO,
    }
}
