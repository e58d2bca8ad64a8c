//! Where returns and risk came from: contributions, effects against the benchmark, and styles, by period.

use serde::Serialize;
use walkfolio_record::{
    AttributionTables, ContributionRow, Effect, EffectRow, Part, Run, StyleRow,
};

/// The sources of a run's returns and risk: of the full sample, of its periods, and of calendar years.
///
/// # Units
/// Fractions; annualized where a field says so.
/// # Source
/// Effects: Brinson & Fachler (1985), linked by Carino (1999); timing is the part of allocation that comes from
/// changes of weights, as in Hsu, Kalesnik & Myers (2010), Financial Analysts Journal 66(6).
/// # Examples
/// ```
/// use walkfolio_analysis::sources::Sources;
/// use walkfolio_record::{AttributionTables, Effect, EffectRow};
///
/// let row = |effect: Effect, group: Option<&str>, annual: f64| EffectRow {
///     period: "full".to_owned(),
///     effect,
///     group: group.map(str::to_owned),
///     portfolio_weight: group.map(|_| 0.6),
///     reference_weight: group.map(|_| 0.5),
///     annual,
///     linked: Some(2.0 * annual),
/// };
/// let effects = vec![
///     row(Effect::Allocation, Some("energy"), 0.02),
///     row(Effect::Selection, Some("energy"), -0.01),
///     row(Effect::Cost, None, -0.001),
/// ];
/// let found = Sources::of(&AttributionTables { effects, ..AttributionTables::default() });
/// let full = &found.periods[0];
/// assert_eq!((full.name.as_str(), full.groups[0].name.as_str()), ("full", "energy"));
/// assert!((full.groups[0].total - 0.01).abs() < 1e-15);
/// assert!((full.active_annual.unwrap() - 0.009).abs() < 1e-15);
/// assert!((full.active_linked.unwrap() - 0.018).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sources {
    /// By period: the full sample first.
    pub periods: Vec<OfPeriod>,
}

/// The sources of one period.
///
/// # Examples
/// See [`Sources`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct OfPeriod {
    /// `full`, the period of the study, or the calendar year.
    pub name: String,
    /// What each asset added, the benchmark, costs and the rest: they add up to the whole.
    pub contributions: Vec<ContributionRow>,
    /// The whole: the sum of the contributions.
    pub whole: Option<Whole>,
    /// Long book, short book and financing, where there were short positions.
    pub books: Vec<ContributionRow>,
    /// The effects, summed over groups.
    pub effects: Vec<Total>,
    /// The mean active return a year: the sum of the effects.
    pub active_annual: Option<f64>,
    /// The difference of the compounded returns: the sum of the linked effects.
    pub active_linked: Option<f64>,
    /// The effects by group.
    pub groups: Vec<OfGroup>,
    /// The mixes of assets that are nearest to the portfolio's and the benchmark's returns.
    pub styles: Vec<Style>,
}

/// Sums over all parts of a period.
///
/// # Examples
/// See [`Sources`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Whole {
    /// The mean return a year.
    pub return_annual: Option<f64>,
    /// The compounded return.
    pub return_total: Option<f64>,
    /// The realized volatility.
    pub volatility: Option<f64>,
    /// The volatility that the decisions expected, on average.
    pub expected_volatility: Option<f64>,
    /// The mean active return a year.
    pub active_return_annual: Option<f64>,
    /// The realized tracking error.
    pub tracking_error: Option<f64>,
    /// The tracking error that the decisions expected, on average.
    pub expected_tracking_error: Option<f64>,
}

/// One effect of a period.
///
/// # Examples
/// See [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Total {
    /// What it is.
    pub effect: Effect,
    /// A year.
    pub annual: f64,
    /// Of the difference of the compounded returns.
    pub linked: Option<f64>,
}

/// The effects of one group, a year.
///
/// # Examples
/// See [`Sources`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct OfGroup {
    /// The group.
    pub name: String,
    /// Its mean weight in the decisions.
    pub portfolio_weight: f64,
    /// Its mean weight in the reference.
    pub reference_weight: f64,
    /// By its mean active weight.
    pub allocation: f64,
    /// By the changes of its active weight.
    pub timing: f64,
    /// By the assets in it.
    pub selection: f64,
    /// By both at once.
    pub interaction: f64,
    /// By holdings that drifted.
    pub drift: f64,
    /// All of them.
    pub total: f64,
}

/// The style of a series.
///
/// # Examples
/// See [`Sources`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Style {
    /// `portfolio` or `benchmark`.
    pub series: String,
    /// The mix: assets and weights.
    pub weights: Vec<(String, f64)>,
    /// The part of the variance that it explains.
    pub r_squared: Option<f64>,
    /// Deviation from it a year.
    pub tracking_error: f64,
    /// Mean return above it a year.
    pub selection: f64,
}

impl Sources {
    /// The sources of a run that states them.
    pub(crate) fn of_run(run: &Run) -> Option<Self> {
        run.attribution.as_ref().map(Self::of)
    }

    /// From the rows of the tables.
    pub fn of(tables: &AttributionTables) -> Self {
        let contributions = tables.contributions.iter().map(|row| row.period.as_str());
        let effects = tables.effects.iter().map(|row| row.period.as_str());
        let mut names: Vec<&str> = Vec::new();
        for name in contributions.chain(effects) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Self { periods: names.into_iter().map(|name| OfPeriod::of(tables, name)).collect() }
    }
}

impl OfPeriod {
    fn of(tables: &AttributionTables, name: &str) -> Self {
        let rows = tables.contributions.iter().filter(|row| row.period == name);
        let (books, contributions): (Vec<_>, Vec<_>) =
            rows.cloned().partition(|row| row.part.is_book());
        let effects: Vec<&EffectRow> =
            tables.effects.iter().filter(|row| row.period == name).collect();
        let totals = totals(&effects);
        Self {
            name: name.to_owned(),
            whole: Whole::of(&contributions),
            contributions,
            books,
            active_annual: (!totals.is_empty()).then(|| totals.iter().map(|one| one.annual).sum()),
            active_linked: sum(totals.iter().map(|one| one.linked)),
            effects: totals,
            groups: groups(&effects),
            styles: styles(tables.style.iter().filter(|row| row.period == name)),
        }
    }

    /// The assets and the benchmark, costs and the rest, the largest contribution to return first.
    pub fn by_return(&self) -> Vec<&ContributionRow> {
        let mut rows: Vec<&ContributionRow> = self.contributions.iter().collect();
        let rank =
            |row: &ContributionRow| (row.part != Part::Asset, -row.return_annual.unwrap_or(0.0));
        rows.sort_by(|a, b| {
            let (a, b) = (rank(a), rank(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        rows
    }
}

impl Whole {
    fn of(rows: &[ContributionRow]) -> Option<Self> {
        let all = |pick: fn(&ContributionRow) -> Option<f64>| {
            let known = rows.iter().filter_map(pick);
            rows.iter().any(|row| pick(row).is_some()).then(|| known.sum())
        };
        (!rows.is_empty()).then(|| Self {
            return_annual: all(|row| row.return_annual),
            return_total: all(|row| row.return_total),
            volatility: all(|row| row.volatility),
            expected_volatility: all(|row| row.expected_volatility),
            active_return_annual: all(|row| row.active_return_annual),
            tracking_error: all(|row| row.tracking_error),
            expected_tracking_error: all(|row| row.expected_tracking_error),
        })
    }
}

/// The sum, unless there is nothing or one of them is not known.
fn sum(mut values: impl ExactSizeIterator<Item = Option<f64>>) -> Option<f64> {
    let some = values.len() > 0;
    values.try_fold(0.0, |sum, value| Some(sum + value?)).filter(|_| some)
}

fn totals(rows: &[&EffectRow]) -> Vec<Total> {
    let total = |effect: Effect| {
        let own: Vec<&&EffectRow> = rows.iter().filter(|row| row.effect == effect).collect();
        (!own.is_empty()).then(|| Total {
            effect,
            annual: own.iter().map(|row| row.annual).sum(),
            linked: sum(own.iter().map(|row| row.linked)),
        })
    };
    Effect::ALL.into_iter().filter_map(total).collect()
}

fn groups(rows: &[&EffectRow]) -> Vec<OfGroup> {
    let mut all: Vec<OfGroup> = Vec::new();
    for row in rows {
        let Some(name) = &row.group else { continue };
        if all.last().is_none_or(|last| last.name != *name) {
            all.push(OfGroup {
                name: name.clone(),
                portfolio_weight: row.portfolio_weight.unwrap_or(0.0),
                reference_weight: row.reference_weight.unwrap_or(0.0),
                ..OfGroup::default()
            });
        }
        let Some(group) = all.last_mut() else { continue };
        group.total += row.annual;
        match row.effect {
            Effect::Allocation => group.allocation += row.annual,
            Effect::Timing => group.timing += row.annual,
            Effect::Selection => group.selection += row.annual,
            Effect::Interaction => group.interaction += row.annual,
            Effect::Drift => group.drift += row.annual,
            Effect::Cost | Effect::Reference | Effect::Other => {}
        }
    }
    all
}

fn styles<'a>(rows: impl Iterator<Item = &'a StyleRow>) -> Vec<Style> {
    let mut all: Vec<Style> = Vec::new();
    for row in rows {
        if all.last().is_none_or(|last| last.series != row.series) {
            all.push(Style {
                series: row.series.clone(),
                weights: Vec::new(),
                r_squared: row.r_squared,
                tracking_error: row.tracking_error,
                selection: row.selection,
            });
        }
        if let Some(style) = all.last_mut() {
            style.weights.push((row.asset.clone(), row.weight));
        }
    }
    all
}
