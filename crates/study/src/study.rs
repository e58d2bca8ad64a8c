//! A valid study and its cells.

use std::path::{Path, PathBuf};

use serde_json::Value;
use walkfolio_core::{Date, Note};

use crate::check;
use crate::config::Config;
use crate::fault::{Fault, StudyError};
use crate::keys::keys;
use crate::plausible;
use crate::set;
use crate::spec::Spec;
use crate::tree::Tree;

/// A valid study.
///
/// # Examples
/// ```
/// use std::path::Path;
/// use walkfolio_study::{Study, combinations};
///
/// let overrides = ["allocate.bounds.max=0.5".to_owned()];
/// let study = Study::load(Path::new("../../studies/mtum-frontier.toml"), &overrides)?;
/// assert_eq!(study.resolved()["allocate"]["bounds"]["max"], 0.5);
/// assert_eq!(study.hash().len(), 64);
/// // Each combination of the grid is a study of its own.
/// let cells = combinations(study.config().grid());
/// let cell = study.cell(&cells[0]).unwrap();
/// assert!(cell.config().grid().is_empty() && cell.hash() != study.hash());
/// # Ok::<(), walkfolio_study::StudyError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Study {
    tree: Tree,
    config: Config,
    file: String,
    text: String,
    notes: Vec<Note>,
}

impl Study {
    /// Reads a study file and applies overrides (`key=value`, the value in TOML).
    ///
    /// # Errors
    /// [`StudyError`] with every fault of the file and the overrides.
    pub fn load(path: &Path, overrides: &[String]) -> Result<Self, StudyError> {
        let name = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|error| StudyError::unreadable(&name, &error))?;
        Self::parse(&name, &text, overrides)
    }

    /// As [`Study::load`], from text; `name` stands for the file, in errors and as the place that
    /// other files are relative to.
    ///
    /// # Errors
    /// [`StudyError`] with every fault.
    ///
    /// # Examples
    /// ```
    /// let error = walkfolio_study::Study::parse("x.toml", "name = 'x'\nmarkt = 1", &[]).unwrap_err();
    /// assert!(error.to_string().contains("did you mean `market`?"));
    /// ```
    pub fn parse(name: &str, text: &str, overrides: &[String]) -> Result<Self, StudyError> {
        let mut tree = Tree::parse(text).map_err(|faults| StudyError::new(name, text, faults))?;
        let notes = set::apply_all(&mut tree, overrides)
            .map_err(|faults| StudyError::new(name, text, faults))?;
        let config = resolve(&tree).map_err(|faults| StudyError::new(name, text, faults))?;
        let study = Self { tree, config, file: name.to_owned(), text: text.to_owned(), notes };
        study.check_cells()?;
        Ok(study)
    }

    /// The settings, all resolved.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The folder that file names are relative to.
    pub fn folder(&self) -> PathBuf {
        Path::new(&self.file).parent().map(Path::to_path_buf).unwrap_or_default()
    }

    /// An error at a key of the study: for what only the data can tell.
    pub fn error_at(&self, key: &str, message: String, hint: Option<String>) -> StudyError {
        StudyError::new(&self.file, &self.text, vec![self.tree.fault(key, message, hint)])
    }

    /// What the overrides changed beyond their own key.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Settings that have no effect or are implausible in their unit, each with a warning.
    pub fn vacuous(&self) -> Vec<(Option<Date>, Note)> {
        let config = &self.config;
        let allocate = &config.spec().allocate;
        let mut notes = Vec::new();
        let mut constant = |key: &str, penalty: f64| {
            let message = format!(
                "{key} = {penalty} is the constant {penalty} on a long-only, fully invested portfolio: it selects nothing; max_holdings limits the number of assets exactly"
            );
            notes.push((None, Note::warning(message)));
        };
        if let Some(penalty) = allocate.l1_penalty.filter(|l1| *l1 > 0.0)
            && allocate.bounds.min >= 0.0
        {
            constant("allocate.l1_penalty", penalty);
        }
        if let Some(labels) = config.selection().labels().filter(|labels| labels.l1_penalty > 0.0) {
            constant("select.labels.l1_penalty", labels.l1_penalty);
        }
        let implausible = plausible::implausible(&self.resolved(), &keys());
        notes.extend(implausible.into_iter().map(|message| (None, Note::warning(message))));
        notes
    }

    /// The resolved study with every default written out.
    pub fn resolved(&self) -> Value {
        self.config.spec().to_json()
    }

    /// A hash of the resolved study, in hexadecimal digits.
    pub fn hash(&self) -> String {
        self.config.spec().hash()
    }

    /// The study of one grid cell: some keys replaced, no grid.
    ///
    /// # Errors
    /// The faults of that combination.
    pub fn cell(&self, settings: &[(String, Value)]) -> Result<Self, Vec<Fault>> {
        let mut tree = self.tree.clone();
        tree.remove("grid");
        let mut notes = Vec::new();
        for (key, value) in settings {
            notes.extend(set::apply(&mut tree, key, value.clone())?);
        }
        let config = resolve(&tree)?;
        Ok(Self { tree, config, file: self.file.clone(), text: self.text.clone(), notes })
    }

    /// The study with another value of one key.
    pub(crate) fn with(&self, key: &str, value: Value) -> Result<Self, StudyError> {
        let mut study = self.clone();
        let fails = |faults| StudyError::new(&self.file, &self.text, faults);
        set::apply(&mut study.tree, key, value).map_err(fails)?;
        study.config = resolve(&study.tree).map_err(fails)?;
        Ok(study)
    }

    /// Checks every value of the grid, and of the settings to tune, on its own: each fault once, at
    /// its place.
    fn check_cells(&self) -> Result<(), StudyError> {
        let mut faults: Vec<Fault> = Vec::new();
        let tuned = self.config.spec().tune.iter().flat_map(|tune| &tune.keys);
        let swept = self.config.grid().iter().map(|axis| ("grid", axis));
        for (table, (key, values)) in swept.chain(tuned.map(|axis| ("tune.keys", axis))) {
            for (index, value) in values.iter().enumerate() {
                let place = format!("{table}.{key}[{index}]");
                for fault in self.cell(&[(key.clone(), value.clone())]).err().unwrap_or_default() {
                    let message = format!("{}: {}", fault.path, fault.message);
                    faults.push(self.tree.fault(&place, message, fault.hint));
                }
            }
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(StudyError::new(&self.file, &self.text, faults))
        }
    }
}

/// From a tree to settings, or all that is wrong with it.
fn resolve(tree: &Tree) -> Result<Config, Vec<Fault>> {
    let mut faults = check::check(tree);
    if !faults.is_empty() {
        return Err(faults);
    }
    match Spec::from_tree(&tree.value) {
        Ok(spec) => Config::resolve(spec, tree),
        // What the schema cannot tell, such as a number that does not fit.
        Err(error) => {
            let path = match error.path().to_string() {
                whole if whole == "." => String::new(),
                path => path,
            };
            faults.push(tree.fault(&path, error.into_inner().to_string(), None));
            Err(faults)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUDY: &str = r#"
name = "x"
market = { assets = ["XLK", "XLF"], source = { kind = "sample" } }
walk_forward = { every = "month" }

[allocate]
objective = { kind = "tracking_error", window = 20 }
bounds = { min = 0.0, max = 1.0 }
max_holdings = 5000000000
"#;

    #[test]
    fn what_only_the_types_refuse_has_its_key_and_its_line() {
        let error = Study::parse("x.toml", STUDY, &[]).unwrap_err();
        let [fault] = &error.faults[..] else { panic!("{error}") };
        assert_eq!(fault.path, "allocate.max_holdings");
        assert_eq!(&STUDY[fault.span.clone().unwrap()], "5000000000");
        assert!(fault.message.contains("expected u32"), "{}", fault.message);
    }
}
