//! How often periods of one length gained, and the best and the worst of them.

use serde::Serialize;
use walkfolio_core::Date;

use super::series::Series;

/// Periods of one length.
///
/// A month, quarter or year that the series only touches counts as it is.
///
/// # Units
/// Returns as fractions; shares between 0 and 1. A period without a return counts neither way.
/// # Examples
/// See [`Track`](super::Track).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Periodic {
    /// `period`, `month`, `quarter` or `year`; `period` is a row of the series, such as a session.
    pub key: &'static str,
    /// How many there are.
    pub count: usize,
    /// The share of them with a gain.
    pub gained: f64,
    /// The share of those that the benchmark has, too, in which the portfolio returned more.
    pub ahead: Option<f64>,
    /// The mean return of those with a gain, where there is one.
    pub mean_gain: Option<f64>,
    /// The mean return of those with a loss.
    pub mean_loss: Option<f64>,
    /// The best of them; of equals the first.
    pub best: Extreme,
    /// The worst.
    pub worst: Extreme,
}

/// The return of one period, which is named by its last date.
///
/// # Examples
/// See [`Track`](super::Track).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Extreme {
    /// Its last date.
    pub date: Date,
    /// What was earned.
    pub value: f64,
}

/// Every length of which there are at least two, the shortest first.
pub(super) fn all(series: &Series) -> Vec<Periodic> {
    let rows = (0..series.dates.len()).map(|row| row..row + 1).collect();
    let quarter = |date: Date| (date.year(), (date.month() - 1) / 3);
    let groups = [
        ("period", rows),
        ("month", series.groups(|date| (date.year(), date.month()))),
        ("quarter", series.groups(quarter)),
        ("year", series.groups(Date::year)),
    ];
    let mut found: Vec<Periodic> = Vec::new();
    for (key, groups) in groups {
        let is_new = found.last().is_none_or(|shorter| groups.len() < shorter.count);
        found.extend(of(series, key, &groups).filter(|_| is_new));
    }
    found
}

fn of(series: &Series, key: &'static str, groups: &[std::ops::Range<usize>]) -> Option<Periodic> {
    if groups.len() < 2 {
        return None;
    }
    let earned = |rows: &std::ops::Range<usize>| Extreme {
        date: series.dates[rows.end - 1],
        value: series.earned(rows.clone()),
    };
    let all: Vec<Extreme> = groups.iter().map(earned).collect();
    let beside = all.iter().zip(groups);
    let compared: Vec<bool> = beside
        .filter_map(|(own, rows)| Some(own.value > series.benchmark_earned(rows.clone())?))
        .collect();
    let share = |of: usize, all: usize| of as f64 / all as f64;
    let ahead = compared.iter().filter(|ahead| **ahead).count();
    let gains = all.iter().filter(|one| one.value > 0.0);
    // The first of equals: `min_by` keeps the first, `max_by` would keep the last.
    let better = |a: &&Extreme, b: &&Extreme| b.value.total_cmp(&a.value);
    let worse = |a: &&Extreme, b: &&Extreme| a.value.total_cmp(&b.value);
    Some(Periodic {
        key,
        count: all.len(),
        gained: share(gains.count(), all.len()),
        ahead: (!compared.is_empty()).then(|| share(ahead, compared.len())),
        mean_gain: mean(&all, |value| value > 0.0),
        mean_loss: mean(&all, |value| value < 0.0),
        best: *all.iter().min_by(better)?,
        worst: *all.iter().min_by(worse)?,
    })
}

fn mean(all: &[Extreme], wanted: impl Fn(f64) -> bool) -> Option<f64> {
    let chosen: Vec<f64> = all.iter().map(|one| one.value).filter(|value| wanted(*value)).collect();
    (!chosen.is_empty()).then(|| chosen.iter().sum::<f64>() / chosen.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_compounded_and_counted() {
        let dates = ["2023-12-28", "2023-12-29", "2024-01-02", "2024-02-01", "2024-02-02"];
        let series = Series {
            dates: dates.iter().map(|date| date.parse().unwrap()).collect(),
            own: vec![0.1, -0.5, 0.0, 0.2, 0.2],
            benchmark: vec![None, Some(0.0), Some(-0.1), Some(0.3), Some(0.3)],
        };
        let found = all(&series);
        let keys: Vec<&str> = found.iter().map(|one| one.key).collect();
        // Two quarters and two years are the same here.
        assert_eq!(keys, ["period", "month", "quarter"]);
        let month = &found[1];
        assert_eq!((month.count, month.gained), (3, 1.0 / 3.0));
        // December has no benchmark return; January is ahead, February behind 0.69 with 0.44.
        assert_eq!(month.ahead, Some(0.5));
        assert!((month.best.value - 0.44).abs() < 1e-15);
        assert_eq!(month.best.date, Date::constant(2024, 2, 2));
        assert!((month.worst.value + 0.45).abs() < 1e-15);
        assert!((month.mean_loss.unwrap() + 0.45).abs() < 1e-15);
        // Of two equal sessions the first.
        assert_eq!(found[0].best.date, Date::constant(2024, 2, 1));
    }
}
