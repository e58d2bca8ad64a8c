//! Month by month: which assets there were, what was known of them, and what tracked the benchmark.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use walkfolio_core::{Date, Need, Note, Past, Result, Row};
use walkfolio_estimate::features::{Feature, History, MonthEnd, Standardize, need};
use walkfolio_estimate::regime::Regime;
use walkfolio_estimate::tracking::TrackingMoments;
use walkfolio_estimate::windows;
use walkfolio_optimize::{
    Interruption, Mandate, Optimizer, Penalties, Precision, Settings, TrackingError,
};

use crate::constraint::raised;
use crate::words;
use crate::{Config, Labels};

/// What was known at one month-end, and the label that it settles.
/// # Examples
/// See [`Months`].
#[derive(Debug, Clone, PartialEq)]
pub struct Month {
    /// The month-end's row.
    pub row: Row,
    /// Its date.
    pub date: Date,
    /// The assets with features, by universe index.
    pub assets: Vec<usize>,
    /// Their features, a row an asset, standardized as the study says.
    pub features: Vec<Vec<Option<f64>>>,
    /// The tracking program of this month-end, where its window is full.
    pub labels: Option<LabelSet>,
    /// What went wrong with it.
    pub notes: Vec<Note>,
}

/// The tracking program of a month-end.
/// # Examples
/// See [`Months`].
#[derive(Debug, Clone, PartialEq)]
pub struct LabelSet {
    /// The assets it could hold, by universe index.
    pub assets: Vec<usize>,
    /// Its weights.
    pub weights: Vec<f64>,
    /// Whether each weight is above the threshold.
    pub labels: Vec<bool>,
}

impl LabelSet {
    /// Label and weight of an asset that the program could hold.
    pub fn of(&self, asset: usize) -> Option<(bool, f64)> {
        let place = self.assets.iter().position(|&other| other == asset)?;
        Some((self.labels[place], self.weights[place]))
    }
}

/// Makes the months of a past, each once.
///
/// A month is made from the rows up to its end and from nothing else, so that it is the same for
/// every later decision.
///
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// use walkfolio_study::{Months, Study};
///
/// let study = Study::parse("x.toml", r#"
/// name = "x"
/// market = { assets = ["XLK", "XLF"], benchmark = "SPY" }
/// walk_forward = { every = "month" }
/// select = { kind = "persistence", min_selected = 1, labels = { window = 2, max_weight = 1.0 } }
///
/// [allocate]
/// objective = { kind = "tracking_error", window = 2 }
/// bounds = { min = 0.0, max = 1.0 }
/// "#, &[])?;
/// # let days = [(1, 29), (1, 30), (1, 31), (2, 1)];
/// # let dates: Vec<Date> = days.map(|(month, day)| Date::constant(2024, month, day)).to_vec();
/// # let table = |names: &[&str], columns: &[[f64; 4]]| {
/// #     let columns = columns.iter().map(|column| column.map(Some).to_vec()).collect();
/// #     Prices::new(dates.clone(), Universe::new(names.iter().copied())?, columns)
/// # };
/// # let (up, down) = ([100.0, 110.0, 99.0, 99.0], [100.0, 100.0, 102.0, 102.0]);
/// # let market = Market::new(table(&["XLK", "XLF"], &[up, down])?)?
/// #     .with_benchmark(table(&["SPY"], &[up])?)?;
/// // At the end of January XLK alone tracks SPY, which moved as it did.
/// let months = Months::new(study.on(&market)?.config())?.unwrap().of(&market.before(3)?)?;
/// assert_eq!((months.len(), months[0].row), (1, 2));
/// let labels = months[0].labels.as_ref().unwrap();
/// assert!(labels.of(0).unwrap().0 && !labels.of(1).unwrap().0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Months {
    features: Vec<Box<dyn Feature>>,
    /// What every asset of a month has in common.
    regimes: Vec<Regime>,
    standardize: Standardize,
    feature_need: Need,
    labels: Labels,
    label_need: Need,
    since: Option<Date>,
    solver: Settings,
    made: Mutex<BTreeMap<Row, Arc<Month>>>,
}

impl Months {
    /// For a study with labels; `None` without.
    ///
    /// # Errors
    /// As [`Config::periods_per_year`].
    pub fn new(config: &Config) -> Result<Option<Self>> {
        let Some(labels) = config.selection().labels().copied() else { return Ok(None) };
        let classifier = config.selection().classifier();
        let periods = config.periods_per_year()?;
        let features =
            classifier.map_or_else(Vec::new, |classifier| classifier.features.features(periods));
        let history = config.spec().walk_forward.history_months;
        let named = classifier.map_or(&[][..], |classifier| &classifier.features.regimes.0);
        let choice = |name: &String| config.spec().regime.iter().find(|one| one.name() == name);
        let regimes = named.iter().filter_map(choice).cloned().map(Regime::new).collect();
        Ok(Some(Self {
            regimes,
            standardize: classifier
                .map_or(Standardize::None, |classifier| classifier.features.standardize),
            feature_need: need(&features).and(Need { rows: 0, history_months: history }),
            features,
            label_need: Need { rows: labels.window as usize, history_months: history },
            labels,
            since: classifier.and_then(|classifier| classifier.since),
            solver: config.solver(),
            made: Mutex::default(),
        }))
    }

    /// With what ends its solves in the middle.
    #[must_use]
    pub fn interrupted_by(mut self, interruption: &Interruption) -> Self {
        self.solver.interruption.clone_from(interruption);
        self
    }

    /// Names of the features, in column order.
    pub fn names(&self) -> Vec<String> {
        let own = self.features.iter().map(|feature| feature.name());
        own.chain(self.regimes.iter().flat_map(Regime::feature_names)).collect()
    }

    /// Every month that is over, oldest first.
    ///
    /// # Errors
    /// If a feature needs what the market does not have.
    pub fn of(&self, past: &Past<'_>) -> Result<Vec<Arc<Month>>> {
        let history = History::new(past);
        let mut months = Vec::with_capacity(history.month_ends().len());
        for (index, &row) in history.month_ends().iter().enumerate() {
            if self.since.is_some_and(|since| past.dates()[row] < since) {
                continue;
            }
            let kept = self.made.lock().unwrap_or_else(PoisonError::into_inner).get(&row).cloned();
            let month = if let Some(month) = kept {
                month
            } else {
                let made = self.make(&history.at(index)?)?;
                words::heard(self.solver.interruption.interrupt())?;
                self.keep(made)
            };
            months.push(month);
        }
        Ok(months)
    }

    fn keep(&self, month: Month) -> Arc<Month> {
        let month = Arc::new(month);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.insert(month.row, Arc::clone(&month));
        month
    }

    fn make(&self, at: &MonthEnd<'_, '_>) -> Result<Month> {
        let assets =
            if self.features.is_empty() { Vec::new() } else { at.eligible(self.feature_need) };
        let mut features = at.features(&assets, &self.features)?;
        self.standardize.table(&mut features);
        for regime in &self.regimes {
            let common = regime.features(at.past()).map_err(walkfolio_core::Error::from)?;
            for row in &mut features {
                row.extend_from_slice(&common);
            }
        }
        let mut notes = Vec::new();
        let candidates = at.eligible(self.label_need);
        let known =
            at.past().benchmark(self.labels.window as usize).is_ok() && !candidates.is_empty();
        let labels = if known { self.label(at.past(), candidates, &mut notes)? } else { None };
        Ok(Month { row: at.row(), date: at.date(), assets, features, labels, notes })
    }

    /// The tracking program of a month-end.
    fn label(
        &self,
        past: &Past<'_>,
        assets: Vec<usize>,
        notes: &mut Vec<Note>,
    ) -> Result<Option<LabelSet>> {
        let moments = windows::tracking(past, &assets, self.labels.window as usize)?;
        let TrackingMoments { second_moment, cross, benchmark_square } = moments;
        let cap = raised(self.labels.max_weight, assets.len());
        let penalties = Penalties { l1: self.labels.l1_penalty, l2: 0.0 };
        let mandate = TrackingError::from_moments(second_moment, cross, benchmark_square)
            .and_then(|objective| Mandate::long_only(objective, cap))
            .and_then(|mandate| mandate.with_penalties(penalties))
            .map_err(words::policy)?;
        match Optimizer::new(self.solver.clone()).solve(&mandate, Precision::Full) {
            Ok(solution) => {
                let labels = solution.weights.iter().map(|w| *w > self.labels.threshold).collect();
                Ok(Some(LabelSet { assets, weights: solution.weights, labels }))
            }
            Err(error) => {
                let date = past.dates().last().map(ToString::to_string).unwrap_or_default();
                notes.push(Note::warning(format!(
                    "the labels of {date} are left out, their program has no answer: {error}"
                )));
                Ok(None)
            }
        }
    }
}
