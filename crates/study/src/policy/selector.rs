//! Which assets a decision may hold: all, last month's, or those a classifier expects.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use walkfolio_core::{Date, Interrupt, Note, Past, Result, Row, Selection as Selected, Universe};
use walkfolio_learn::{
    BuiltIn, CrossValidation, Error as LearnError, FitCache, ParameterSearch, Parameters, Search,
    SearchResult, Stop, Table, Trainer, XgBoost, cross_validate,
};
use walkfolio_optimize::Interruption;

use super::fitted::Fitted;
use super::months::{LabelSet, Month, Months};
use super::training::{Training, policy};
use crate::words;
use crate::{BoostedTrees, Config, Selection, TrainerSpec};

/// Fewer months than these to learn from are worth a warning.
const FEW_MONTHS: usize = 24;
/// How the warning begins that there is nothing to go by.
const NO_CLASSIFIER: &str = "no classifier";

/// Chooses the assets of a decision from what is known before it.
///
/// # Examples
/// ```
/// use std::path::Path;
/// use walkfolio_optimize::Interruption;
/// use walkfolio_study::{Selector, Study};
///
/// // This study holds all eligible assets: nothing selects. The replica has a classifier.
/// for (name, selects) in [("mtum-all-eleven", false), ("mtum-replica", true)] {
///     let path = format!("../../studies/{name}.toml");
///     let year = ["periods_per_year=252".to_owned()]; // or by its market: `Study::on`
///     let study = Study::load(Path::new(&path), &year)?;
///     let selector = Selector::new(study.config(), Path::new(""), &Interruption::default())?;
///     assert_eq!(selector.is_some(), selects);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Selector {
    rule: Rule,
    months: Months,
    anchor: Option<Date>,
    interrupt: Interrupt,
    /// What was learned, by the row of the last month-end.
    pub(super) fitted: Mutex<BTreeMap<Row, Arc<Fitted>>>,
}

#[derive(Debug)]
enum Rule {
    Persistence { least: usize },
    Classifier { classifier: Box<BoostedTrees>, trainer: Box<dyn Trainer>, engine: Engine },
}

/// What is kept between decisions so that nothing is fitted twice.
#[derive(Debug, Default)]
struct Engine {
    cache: FitCache,
    searches: Mutex<BTreeMap<Row, Arc<Found>>>,
}

/// What a search over parameters found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub parameters: Parameters,
    pub notes: Vec<Note>,
}

/// The assets of a decision.
pub(super) struct Chosen {
    pub assets: Vec<usize>,
    pub selection: Selected,
    pub notes: Vec<Note>,
}

impl Selector {
    /// The selector of a study; `None` if all eligible assets may be held.
    ///
    /// # Errors
    /// If the trainer's library cannot be loaded, or as [`Config::periods_per_year`].
    pub fn new(
        config: &Config,
        folder: &Path,
        interruption: &Interruption,
    ) -> Result<Option<Self>> {
        let Some(months) = Months::new(config)? else { return Ok(None) };
        let months = months.interrupted_by(interruption);
        let interrupt = interruption.interrupt().clone();
        let rule = match config.selection() {
            Selection::None => return Ok(None),
            Selection::Persistence(rule) => Rule::Persistence { least: rule.min_selected as usize },
            Selection::BoostedTrees(classifier) => Rule::Classifier {
                trainer: trainer(&classifier.trainer, folder, &interrupt).map_err(policy)?,
                classifier: classifier.clone(),
                engine: Engine::default(),
            },
        };
        let anchor = config.spec().walk_forward.first;
        Ok(Some(Self { rule, months, anchor, interrupt, fitted: Mutex::default() }))
    }

    /// The months it learns from.
    pub fn months(&self) -> &Months {
        &self.months
    }

    /// What searches have found, by the row of the last month-end.
    pub(super) fn searches(&self) -> Vec<(Row, Arc<Found>)> {
        let Rule::Classifier { engine, .. } = &self.rule else { return Vec::new() };
        let found = engine.searches.lock().unwrap_or_else(PoisonError::into_inner);
        found.iter().map(|(row, found)| (*row, Arc::clone(found))).collect()
    }

    /// Takes back what an earlier search has found.
    pub(super) fn recall_search(&self, row: Row, found: Found) {
        if let Rule::Classifier { engine, .. } = &self.rule {
            let mut all = engine.searches.lock().unwrap_or_else(PoisonError::into_inner);
            all.insert(row, Arc::new(found));
        }
    }

    /// What was learned for a decision, if one was made.
    pub fn fitted(&self, past: &Past<'_>) -> Option<Arc<Fitted>> {
        let row = *walkfolio_core::month_end_rows(past.dates(), past.decision_date()).last()?;
        self.fitted.lock().unwrap_or_else(PoisonError::into_inner).get(&row).cloned()
    }

    /// The assets of a decision, among those eligible.
    pub(super) fn choose(&self, past: &Past<'_>, eligible: &[usize]) -> Result<Chosen> {
        let months = self.months.of(past)?;
        let mut notes: Vec<Note> = months.last().map_or_else(Vec::new, |month| month.notes.clone());
        let (scores, threshold, least) = match &self.rule {
            Rule::Persistence { least } => (persistence(&months), 0.5, *least),
            Rule::Classifier { classifier, trainer, engine } => {
                let fitted = self.learn(past, &months, classifier, trainer.as_ref(), engine)?;
                notes.extend(fitted.notes.iter().cloned());
                let least = classifier.min_selected as usize;
                (Some(fitted.probabilities.clone()), classifier.threshold, least)
            }
        };
        if least > eligible.len() {
            notes.push(Note::info(format!(
                "min_selected {least} over {} eligible assets: all of them are selected",
                eligible.len()
            )));
        }
        let probability = match &self.rule {
            Rule::Classifier { .. } => scores.clone(),
            Rule::Persistence { .. } => None,
        };
        let scores = scores.filter(|all| eligible.iter().any(|&asset| all[asset].is_some()));
        let assets = if let Some(scores) = scores {
            most_likely(eligible, &scores, threshold, least)
        } else {
            without_scores(&mut notes);
            eligible.to_vec()
        };
        let selected = (0..past.universe().len()).map(|asset| assets.contains(&asset)).collect();
        Ok(Chosen { assets, selection: Selected { selected, probability }, notes })
    }

    /// Trains on every known row, once a month-end.
    fn learn(
        &self,
        past: &Past<'_>,
        months: &[Arc<Month>],
        classifier: &BoostedTrees,
        trainer: &dyn Trainer,
        engine: &Engine,
    ) -> Result<Arc<Fitted>> {
        let row = months.last().map_or(0, |month| month.row);
        let kept = self.fitted.lock().unwrap_or_else(PoisonError::into_inner).get(&row).cloned();
        if let Some(fitted) = kept {
            return Ok(fitted);
        }
        let mut notes = Vec::new();
        let parameters = match &classifier.search {
            None => classifier.parameters.clone(),
            Some(search) => {
                let back = months_since(self.anchor, past.decision_date(), search.every_months);
                let known = &months[..months.len().saturating_sub(back)];
                let among = (known, past.universe());
                let found = self.search(among, classifier, search, trainer, engine)?;
                if back == 0 {
                    notes.extend(found.notes.iter().cloned());
                }
                found.parameters.clone()
            }
        };
        let fitted = self.fit(past, months, (classifier, trainer, engine), parameters, notes)?;
        words::heard(&self.interrupt)?;
        let fitted = Arc::new(fitted);
        let mut all = self.fitted.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(row, Arc::clone(&fitted));
        Ok(fitted)
    }

    fn fit(
        &self,
        past: &Past<'_>,
        months: &[Arc<Month>],
        (classifier, trainer, engine): (&BoostedTrees, &dyn Trainer, &Engine),
        parameters: Parameters,
        mut notes: Vec<Note>,
    ) -> Result<Fitted> {
        let training = Training::of(months, &self.months.names(), past.universe(), &mut notes)?;
        let (validation, model) = rayon::join(
            || validate(&training, classifier, &parameters, trainer, engine),
            || trainer.fit(&training.table, &training.labels, &parameters),
        );
        let validation = match validation {
            Ok(validation) => validation,
            Err(error) => {
                notes.push(Note::info(format!("not cross-validated: {error}")));
                None
            }
        };
        notes.extend(validation.iter().flat_map(unscored));
        let learned = training.groups.last().map_or(0, |last| last + 1);
        if (1..FEW_MONTHS).contains(&learned) {
            notes.push(Note::warning(format!(
                "learned from {learned} months only; fewer than {FEW_MONTHS} say little"
            )));
        }
        let mut fitted = Fitted {
            month_end: months.last().map_or(past.decision_date(), |month| month.date),
            trainer: trainer.name().to_owned(),
            parameters,
            months: learned,
            rows: training.labels.len(),
            positives: training.labels.iter().filter(|label| **label).count(),
            validation,
            probabilities: vec![None; past.universe().len()],
            importance: Vec::new(),
            model: None,
            notes: Vec::new(),
        };
        match (model, months.last()) {
            (Ok(model), Some(now)) => {
                let mut table = Table::new(self.months.names());
                for row in &now.features {
                    table.push(row).map_err(policy)?;
                }
                let probabilities = model.predict(&table).map_err(policy)?;
                for (&asset, probability) in now.assets.iter().zip(probabilities) {
                    fitted.probabilities[asset] = Some(probability);
                }
                let importance = model.importance().iter().copied();
                fitted.importance = self.months.names().into_iter().zip(importance).collect();
                if classifier.save_models {
                    fitted.model = Some(model.to_json().map_err(policy)?);
                }
            }
            (Err(error), _) if can_do_without(&error) => {
                notes.push(Note::warning(format!("{NO_CLASSIFIER}: {error}")));
            }
            (Err(error), _) => return Err(policy(error)),
            (Ok(_), None) => {}
        }
        fitted.notes = notes;
        Ok(fitted)
    }

    /// The parameters with the best cross-validated AUC on the months known at a search.
    fn search(
        &self,
        (months, tickers): (&[Arc<Month>], &Universe),
        classifier: &BoostedTrees,
        search: &ParameterSearch,
        trainer: &dyn Trainer,
        engine: &Engine,
    ) -> Result<Arc<Found>> {
        let row = months.last().map_or(0, |month| month.row);
        let kept =
            engine.searches.lock().unwrap_or_else(PoisonError::into_inner).get(&row).cloned();
        if let Some(found) = kept {
            return Ok(found);
        }
        let training = Training::of(months, &self.months.names(), tickers, &mut Vec::new())?;
        let (base, validation) = (&classifier.parameters, classifier.validation);
        let result = Search { trainer, grid: &search.grid, base, validation }.run(
            &training.table,
            &training.labels,
            &training.groups,
            &engine.cache,
        );
        words::heard(&self.interrupt)?;
        let found = Arc::new(Found::of(&result, base));
        let mut searches = engine.searches.lock().unwrap_or_else(PoisonError::into_inner);
        searches.insert(row, Arc::clone(&found));
        Ok(found)
    }
}

fn trainer(
    spec: &TrainerSpec,
    folder: &Path,
    interrupt: &Interrupt,
) -> Result<Box<dyn Trainer>, LearnError> {
    let heard = interrupt.clone();
    let stop = Stop::when(move || heard.is_raised());
    Ok(match spec {
        TrainerSpec::BuiltIn => Box::new(BuiltIn.until(stop)),
        TrainerSpec::Xgboost { library } => {
            let library = library.as_ref().map(|library| folder.join(library));
            Box::new(XgBoost::load(library.as_deref())?.until(stop))
        }
    })
}

fn validate(
    training: &Training,
    classifier: &BoostedTrees,
    parameters: &Parameters,
    trainer: &dyn Trainer,
    engine: &Engine,
) -> Result<Option<CrossValidation>, LearnError> {
    if classifier.validation.folds == 0 {
        return Ok(None);
    }
    let months = training.groups.last().map_or(0, |last| last + 1);
    let folds = classifier.validation.over(months)?;
    let Training { table, labels, groups } = training;
    let settings = std::slice::from_ref(parameters);
    let all = cross_validate(trainer, table, labels, groups, &folds, settings, &engine.cache)?;
    Ok(all.into_iter().next())
}

impl Found {
    /// The best setting of a search, or the study's own where there is none.
    fn of(result: &Result<SearchResult, LearnError>, own: &Parameters) -> Self {
        let why = match result {
            Ok(found) => match found.best().and_then(|best| Some((best, best.mean_auc?))) {
                Some((best, auc)) => {
                    let message = format!(
                        "searched {} settings: {} with a cross-validated AUC of {auc:.3}",
                        found.validations.len(),
                        describe(&best.parameters)
                    );
                    let notes = vec![Note::info(message)];
                    return Self { parameters: best.parameters.clone(), notes };
                }
                None => "no fold could be scored".to_owned(),
            },
            Err(error) => error.to_string(),
        };
        let note = Note::warning(format!("no search, {why}; select.parameters hold"));
        Self { parameters: own.clone(), notes: vec![note] }
    }
}

/// Parameters in a line.
///
/// # Examples
/// ```
/// use walkfolio_study::policy::describe;
///
/// let line = describe(&walkfolio_learn::Parameters { max_depth: 4, ..Default::default() });
/// assert!(line.contains("max_depth 4"));
/// ```
pub fn describe(p: &Parameters) -> String {
    format!(
        "n_estimators {}, max_depth {}, learning_rate {}, subsample {}, colsample_bytree {}, reg_alpha {}, reg_lambda {}",
        p.n_estimators,
        p.max_depth,
        p.learning_rate,
        p.subsample,
        p.colsample_bytree,
        p.reg_alpha,
        p.reg_lambda
    )
}

fn unscored(validation: &CrossValidation) -> Vec<Note> {
    let reasons = validation.folds.iter().enumerate().filter_map(|(index, fold)| {
        let reason = fold.reason.as_ref()?;
        Some(Note::info(format!("fold {} is not scored: {reason}", index + 1)))
    });
    reasons.collect()
}

/// Labels of the last month-end as scores: the weight, lifted above every threshold where it counts.
fn persistence(months: &[Arc<Month>]) -> Option<Vec<Option<f64>>> {
    let labels: &LabelSet = months.last()?.labels.as_ref()?;
    let last = *labels.assets.iter().max()?;
    let score = |asset: usize| labels.of(asset).map(|(label, w)| w + f64::from(u8::from(label)));
    Some((0..=last).map(score).collect())
}

/// Says that nothing was learned; where the reason is told already, in the same note.
fn without_scores(notes: &mut Vec<Note>) {
    let all = "every eligible asset may be held";
    if let Some(note) = notes.iter_mut().find(|note| note.message.starts_with(NO_CLASSIFIER)) {
        note.message = format!("{}; {all}", note.message);
    } else {
        notes.push(Note::warning(format!("nothing could be learned yet: {all}")));
    }
}

/// `k = max(least, #{score >= threshold})` assets with the largest scores, in the order of
/// `eligible`, which is that of names; it breaks ties too.
fn most_likely(
    eligible: &[usize],
    scores: &[Option<f64>],
    threshold: f64,
    least: usize,
) -> Vec<usize> {
    let score = |asset: usize| scores.get(asset).copied().flatten().unwrap_or(f64::NEG_INFINITY);
    let likely = eligible.iter().filter(|&&asset| score(asset) >= threshold).count();
    let mut places: Vec<usize> = (0..eligible.len()).collect();
    // A stable sort leaves equal scores as they are.
    places.sort_by(|&a, &b| score(eligible[b]).total_cmp(&score(eligible[a])));
    places.truncate(likely.max(least));
    places.sort_unstable();
    places.into_iter().map(|place| eligible[place]).collect()
}

/// Whether the study can go on without a classifier: there is nothing to learn, or nothing to tell
/// apart.
fn can_do_without(error: &LearnError) -> bool {
    matches!(error, LearnError::OneClass { .. } | LearnError::Empty { .. })
}

/// Months from the last due date of a rhythm to a decision.
pub(super) fn months_since(anchor: Option<Date>, decision: Date, every: u32) -> usize {
    let count = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    let from = anchor.map_or(0, count);
    usize::try_from((count(decision) - from).rem_euclid(i64::from(every.max(1)))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_likely_are_held_ties_by_order() {
        let scores = [Some(0.4), Some(0.9), Some(0.4), Some(0.6), None];
        assert_eq!(most_likely(&[0, 1, 2, 3, 4], &scores, 0.5, 1), [1, 3]);
        assert_eq!(most_likely(&[0, 1, 2, 3, 4], &scores, 0.5, 3), [0, 1, 3]);
        // More than there are: all.
        assert_eq!(most_likely(&[0, 2, 4], &scores, 0.5, 9), [0, 2, 4]);
        // Names decide between equals, not places in the universe.
        assert_eq!(most_likely(&[4, 3, 2, 1, 0], &scores, 0.5, 3), [3, 2, 1]);
    }

    #[test]
    fn a_rhythm_is_counted_from_its_anchor() {
        let date = |year, month| Date::constant(year, month, 3);
        let anchor = Some(date(2019, 6));
        assert_eq!(months_since(anchor, date(2019, 6), 12), 0);
        assert_eq!(months_since(anchor, date(2020, 5), 12), 11);
        assert_eq!(months_since(anchor, date(2020, 6), 12), 0);
        assert_eq!(months_since(anchor, date(2020, 9), 1), 0);
    }
}
