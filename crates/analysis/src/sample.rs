//! The returns of some sessions as series, each with the sessions that it covers.

use walkfolio_record::{ReturnRow, Run};
use walkfolio_stats::Covered;

/// Fewer sessions than these are too few to resample, to fit or to regress.
pub const MINIMUM_SESSIONS: usize = 60;

/// Series of the same sessions: the portfolio's returns on all of them, the others where they are known.
pub(crate) struct Sample<'a> {
    /// The portfolio's returns, after costs.
    pub own: Covered<'a>,
    /// Those above cash, on the sessions that have a rate; the returns themselves where the run has no
    /// risk-free rate at all.
    pub excess: Covered<'a>,
    /// The benchmark's.
    pub benchmark: Option<Covered<'a>>,
    /// The benchmark's above cash.
    pub benchmark_excess: Option<Covered<'a>>,
    /// Active returns: the portfolio's less the benchmark's.
    pub active: Option<Covered<'a>>,
}

impl Sample<'_> {
    /// The returns of some sessions of a run.
    pub fn of(run: &Run, rows: &[ReturnRow]) -> Sample<'static> {
        let market = &run.manifest.resolved.market;
        let has_cash = market.factors.is_some() || market.risk_free.is_some();
        Self::within(&run.returns, rows, has_cash)
    }

    /// The series of returns that are no backtest's.
    #[cfg(test)]
    pub fn of_rows(rows: &[ReturnRow], has_cash: bool) -> Sample<'static> {
        Self::within(rows, rows, has_cash)
    }

    /// Some of all rows: a series that none of all has is absent, one that only these lack is empty.
    fn within(all: &[ReturnRow], rows: &[ReturnRow], has_cash: bool) -> Sample<'static> {
        let series = |of: fn(&ReturnRow) -> Option<f64>| {
            let is_known = all.iter().any(|row| of(row).is_some());
            is_known.then(|| Covered::of(rows.iter().map(of))).flatten()
        };
        let whole = || Covered::of(rows.iter().map(|row| Some(row.portfolio)));
        let none = || Covered::of(rows.iter().map(|_| None)).unwrap_or_else(|| (&[]).into());
        let own = whole().unwrap_or_else(none);
        let cash = series(|row| row.cash).or_else(|| has_cash.then(none));
        let benchmark = series(|row| row.benchmark);
        let above = |returns: &Covered<'static>| {
            cash.as_ref().map_or_else(|| returns.clone(), |cash| returns.less(cash))
        };
        Sample {
            excess: above(&own),
            benchmark_excess: benchmark.as_ref().map(above),
            active: benchmark.as_ref().map(|benchmark| own.less(benchmark)),
            benchmark,
            own,
        }
    }
}

/// The values of a series that has enough of them.
pub(crate) fn enough<'a>(series: &'a Covered<'_>) -> Option<&'a [f64]> {
    Some(series.values()).filter(|values| values.len() >= MINIMUM_SESSIONS)
}
