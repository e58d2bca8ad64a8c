//! Which assets a decision may hold, resolved.

use walkfolio_core::Date;
use walkfolio_estimate::features::{FeatureSet, need};
use walkfolio_learn::Parameters;

use crate::spec::TrainerSpec;

/// Which assets a decision may hold.
///
/// # Examples
/// ```
/// use std::path::Path;
/// use walkfolio_study::{Selection, Study};
///
/// let study = Study::load(Path::new("../../studies/mtum-all-eleven.toml"), &[])?;
/// let selection = study.config().selection();
/// assert_eq!((selection, selection.rows()), (&Selection::All, 0));
/// # Ok::<(), walkfolio_study::StudyError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Selection {
    /// All that are eligible.
    All,
    /// Those that the tracking program of the last month-end held.
    Persistence {
        /// At least so many.
        least: usize,
        /// What an asset's label is.
        labels: Labels,
    },
    /// Those that a classifier expects the next tracking program to hold.
    Classifier(Box<Classifier>),
}

/// The label of an asset: whether the tracking program of a month-end holds it.
///
/// # Examples
/// ```
/// use std::path::Path;
/// use walkfolio_study::{Selection, Study};
///
/// let study = Study::load(Path::new("../../studies/mtum-replica.toml"), &[])?;
/// let selection = study.config().selection();
/// let Selection::Classifier(classifier) = selection else { panic!("{selection:?}") };
/// assert_eq!((classifier.labels.window, classifier.labels.threshold), (252, 0.005));
/// # Ok::<(), walkfolio_study::StudyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Labels {
    /// Rows of the program's window.
    pub window: usize,
    /// The label is 1 above this weight.
    pub threshold: f64,
    /// Largest weight in the program.
    pub cap: f64,
    /// Penalty on `sum |w|`.
    pub l1: f64,
}

/// What is learned, from what, and how.
/// # Examples
/// See [`Labels`].
#[derive(Debug, Clone, PartialEq)]
pub struct Classifier {
    /// At least so many assets are selected.
    pub least: usize,
    /// Assets with at least this probability are selected.
    pub threshold: f64,
    /// Which implementation.
    pub trainer: TrainerSpec,
    /// What is told of an asset.
    pub features: FeatureSet,
    /// What is learned.
    pub labels: Labels,
    /// No training row before this date.
    pub since: Option<Date>,
    /// How trees are grown.
    pub parameters: Parameters,
    /// Number of folds of the cross-validation.
    pub folds: usize,
    /// Months left out before each test.
    pub purge: usize,
    /// The search over parameters.
    pub search: Option<ParameterSearch>,
    /// Whether models are kept.
    pub save_models: bool,
}

/// A search over parameters.
/// # Examples
/// See [`Labels`]: `None` there, as that study searches nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterSearch {
    /// How often, in months.
    pub every_months: u32,
    /// The settings to try, in order.
    pub settings: Vec<Parameters>,
}

impl Selection {
    /// Returns that an asset must have for its label and its features.
    pub fn rows(&self) -> usize {
        match self {
            Self::All => 0,
            Self::Persistence { labels, .. } => labels.window,
            Self::Classifier(classifier) => classifier.labels.window.max(classifier.feature_rows()),
        }
    }

    /// What an asset's label is, where there are labels.
    pub fn labels(&self) -> Option<&Labels> {
        match self {
            Self::All => None,
            Self::Persistence { labels, .. } => Some(labels),
            Self::Classifier(classifier) => Some(&classifier.labels),
        }
    }

    /// The classifier, where there is one.
    pub fn classifier(&self) -> Option<&Classifier> {
        match self {
            Self::Classifier(classifier) => Some(classifier),
            _ => None,
        }
    }
}

impl Classifier {
    /// Returns that an asset must have for its features.
    fn feature_rows(&self) -> usize {
        need(&self.features.features(1.0)).rows
    }
}
