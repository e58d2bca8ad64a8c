//! What the study of a run states, as far as figures depend on it.

use walkfolio_core::Date;
use walkfolio_record::Manifest;
use walkfolio_study::PeriodSpec;

/// The probability from which on an asset counts as held where no classifier selects.
const THRESHOLD: f64 = 0.5;

/// Periods in a year: the number that a run resolved, as every complete one has.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::stated;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// assert_eq!(stated::periods_per_year(&run.manifest), 252.0);
/// assert!(stated::tracks(&run.manifest));
/// assert_eq!(stated::threshold(&run.manifest), 0.5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn periods_per_year(manifest: &Manifest) -> f64 {
    manifest.resolved.periods_per_year.number().unwrap_or(1.0)
}

/// Whether the study's objective is to track its benchmark.
///
/// # Examples
/// See [`periods_per_year`].
pub fn tracks(manifest: &Manifest) -> bool {
    manifest.resolved.tracks()
}

/// The probability from which on an asset counts as selected.
///
/// # Examples
/// See [`periods_per_year`].
pub fn threshold(manifest: &Manifest) -> f64 {
    manifest.resolved.threshold().unwrap_or(THRESHOLD)
}

/// From when on figures are measured, where the study says so.
pub(crate) fn measured_from(manifest: &Manifest) -> Option<Date> {
    manifest.resolved.measure.first
}

/// The first and last day of a regime, as the study has them.
pub(crate) fn regime(manifest: &Manifest, name: &str) -> (Option<Date>, Option<Date>) {
    let found = manifest.resolved.period(name);
    found.map_or((None, None), |regime| (regime.first, regime.last))
}

/// The study's regimes with their first and last day, cut to the backtest; those outside it are left
/// out.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::stated;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let (name, first, last) = &stated::regimes(&run.manifest)[0];
/// assert_eq!(format!("{name} {first} {last}"), "january 2024-01-02 2024-01-31");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn regimes(manifest: &Manifest) -> Vec<(String, Date, Date)> {
    let (Some(start), Some(end)) = (manifest.first, manifest.last) else { return Vec::new() };
    let cut = |regime: &PeriodSpec| cut(regime, start, end);
    manifest.resolved.period.iter().filter_map(cut).collect()
}

fn cut(regime: &PeriodSpec, start: Date, end: Date) -> Option<(String, Date, Date)> {
    let first = regime.first.unwrap_or(start).max(start);
    let last = regime.last.unwrap_or(end).min(end);
    (first <= last).then(|| (regime.name.clone(), first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regime_is_cut_to_the_backtest() {
        let day = |year, month| Date::constant(year, month, 1);
        let regime = PeriodSpec { name: "late".to_owned(), first: Some(day(2020, 1)), last: None };
        let (_, first, last) = cut(&regime, day(2020, 3), day(2021, 1)).unwrap();
        assert_eq!((first, last), (day(2020, 3), day(2021, 1)));
        assert_eq!(cut(&regime, day(2018, 1), day(2019, 1)), None);
    }
}
