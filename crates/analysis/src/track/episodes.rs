//! Returns in known episodes of stress.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_stats::measures::drawdown::max_drawdown;

use super::series::Series;

/// Series with fewer periods a year than this are too coarse for dates of days.
const DAILY: f64 = 200.0;
/// A series may begin so many days after an episode's first date: weekends and holidays.
const GRACE: i32 = 5;

/// A fall of the market between two closes.
struct Episode {
    name: &'static str,
    /// The close before the fall.
    first: Date,
    /// The close at the end of it.
    last: Date,
}

const fn episode(name: &'static str, first: (i16, i8, i8), last: (i16, i8, i8)) -> Episode {
    Episode {
        name,
        first: Date::constant(first.0, first.1, first.2),
        last: Date::constant(last.0, last.1, last.2),
    }
}

/// Falls of the S&P 500 from a close to a later one: chosen afterwards, because they were falls.
const EPISODES: [Episode; 14] = [
    episode("Crash of 1987", (1987, 8, 25), (1987, 12, 4)),
    episode("Gulf war", (1990, 7, 16), (1990, 10, 11)),
    episode("Russian default and LTCM", (1998, 7, 17), (1998, 8, 31)),
    episode("Dot-com crash", (2000, 3, 24), (2002, 10, 9)),
    episode("Global financial crisis", (2007, 10, 9), (2009, 3, 9)),
    episode("Flash crash and Greece", (2010, 4, 23), (2010, 7, 2)),
    episode("Downgrade of the US, euro crisis", (2011, 4, 29), (2011, 10, 3)),
    episode("Devaluation of the yuan", (2015, 8, 10), (2015, 8, 25)),
    episode("Oil and China", (2015, 11, 3), (2016, 2, 11)),
    episode("Short volatility", (2018, 1, 26), (2018, 2, 8)),
    episode("Fourth quarter of 2018", (2018, 9, 20), (2018, 12, 24)),
    episode("Covid-19", (2020, 2, 19), (2020, 3, 23)),
    episode("Inflation of 2022", (2022, 1, 3), (2022, 10, 12)),
    episode("Tariffs of 2025", (2025, 2, 19), (2025, 4, 8)),
];

/// The returns of an episode that a series covers from beginning to end.
///
/// # Timing
/// From the close of `first` to the close of `last`: the returns of the sessions after `first`, up to `last`.
/// # Units
/// Compounded returns and the largest drawdown inside, as fractions.
/// # Examples
/// ```
/// use walkfolio_analysis::{Date, track::{Series, Track}};
///
/// let series = Series {
///     dates: vec![Date::constant(2020, 2, 19), Date::constant(2020, 3, 23)],
///     own: vec![0.5, -0.25],
///     benchmark: vec![None, Some(-0.5)],
/// };
/// let found = &Track::of(&series, 252.0).episodes[0];
/// assert_eq!((found.name, found.own, found.benchmark), ("Covid-19", -0.25, Some(-0.5)));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EpisodeReturn {
    /// What it is called.
    pub name: &'static str,
    /// The close before it.
    pub first: Date,
    /// Its last close.
    pub last: Date,
    /// The portfolio's return.
    pub own: f64,
    /// The benchmark's, where it has every session.
    pub benchmark: Option<f64>,
    /// The portfolio's largest drawdown inside.
    pub max_drawdown: f64,
}

/// The episodes that a series covers, in order of time; none of a series that is not daily.
pub(super) fn covered(series: &Series, periods_per_year: f64) -> Vec<EpisodeReturn> {
    let (Some(start), Some(end)) = (series.dates.first(), series.dates.last()) else {
        return Vec::new();
    };
    if periods_per_year < DAILY {
        return Vec::new();
    }
    let begins_before =
        |episode: &Episode| start.since(episode.first).is_ok_and(|late| late.get_days() <= GRACE);
    let known = EPISODES.iter().filter(|episode| begins_before(episode) && *end >= episode.last);
    known.filter_map(|episode| earned(series, episode)).collect()
}

fn earned(series: &Series, episode: &Episode) -> Option<EpisodeReturn> {
    let start = series.dates.partition_point(|date| *date <= episode.first);
    let end = series.dates.partition_point(|date| *date <= episode.last);
    let rows = start..end;
    Some(EpisodeReturn {
        name: episode.name,
        first: episode.first,
        last: episode.last,
        own: series.earned(rows.clone()),
        benchmark: series.benchmark_earned(rows.clone()),
        max_drawdown: max_drawdown(&series.own[rows])?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_episode_that_is_not_whole_is_left_out() {
        let dates = ["2020-02-25", "2020-03-20", "2020-03-23", "2022-10-11"];
        let series = Series {
            dates: dates.iter().map(|date| date.parse().unwrap()).collect(),
            own: vec![-0.1; 4],
            benchmark: Vec::new(),
        };
        assert!(covered(&series, 252.0).is_empty());
    }

    #[test]
    fn episodes_follow_each_other_and_a_coarse_series_has_none() {
        assert!(EPISODES.windows(2).all(|pair| pair[0].last < pair[1].first));
        let series = Series {
            dates: vec![Date::constant(2020, 2, 20), Date::constant(2020, 3, 23)],
            own: vec![-0.1, -0.1],
            benchmark: Vec::new(),
        };
        assert_eq!(covered(&series, 252.0).len(), 1);
        assert!(covered(&series, 12.0).is_empty());
    }
}
