//! A valid study and its cells.

use std::path::{Path, PathBuf};

use serde_json::Value;
use walkfolio_core::{Date, Note};

use crate::axes::combinations;
use crate::check;
use crate::config::Config;
use crate::fault::{Fault, StudyError};
use crate::keys::keys;
use crate::plausible;
use crate::set;
use crate::spec::Spec;
use crate::switches::{self, Rule};
use crate::tree::Tree;

/// A valid study.
///
/// # Examples
/// ```
/// use std::path::Path;
/// use walkfolio_study::Study;
///
/// let overrides = ["allocate.bounds.max=0.5".to_owned()];
/// let study = Study::load(Path::new("../../studies/mtum-frontier.toml"), &overrides)?;
/// assert_eq!(study.resolved()["allocate"]["bounds"]["max"], 0.5);
/// assert_eq!(study.hash().len(), 64);
/// // Each combination of the grid is a study of its own.
/// let fourth = study.cell(4)?;
/// assert_eq!(fourth.resolved()["allocate"]["max_holdings"], 4);
/// assert!(fourth.config().grid().is_empty() && fourth.hash() != study.hash());
/// let error = study.cell(12).unwrap_err();
/// assert!(error.to_string().contains("there is no cell 12: the grid has cells 1 to 11"));
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
        let config = with_dates(&mut tree, name)
            .and_then(|()| resolve(&tree))
            .map_err(|faults| StudyError::new(name, text, faults))?;
        let study = Self { tree, config, file: name.to_owned(), text: text.to_owned(), notes };
        study.check_cells()?;
        study.check_branches().map_err(|faults| StudyError::new(name, text, faults))?;
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

    /// With these notes in the place of its own: of a study that was read as it was resolved.
    #[must_use]
    pub fn with_notes(self, notes: Vec<Note>) -> Self {
        Self { notes, ..self }
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
        notes.extend(self.lagged());
        notes.extend(self.unused());
        notes.extend(self.allowed());
        let implausible = plausible::implausible(&self.resolved(), keys());
        notes.extend(implausible.into_iter().map(|message| (None, Note::warning(message))));
        notes
    }

    /// What objective and covariance say of settings that are allowed.
    fn allowed(&self) -> Vec<(Option<Date>, Note)> {
        let spec = self.config.spec();
        // How many assets a file has is not known here.
        let assets = Some(spec.market.assets.len()).filter(|_| !spec.market.takes_all());
        let estimators = self.config.setting().estimators.as_ref();
        let of_assets = |assets| estimators.and_then(|own| own.covariance.warning(assets));
        let found = [
            ("allocate.objective", spec.allocate.objective.warning()),
            ("estimate.covariance", assets.and_then(of_assets)),
        ];
        let said = found.into_iter().filter_map(|(key, what)| Some(format!("{key}: {}", what?)));
        said.map(|message| (None, Note::warning(message))).collect()
    }

    /// Limits of trades that are executed later, from other holdings.
    fn lagged(&self) -> Option<(Option<Date>, Note)> {
        let lag = self.config.spec().walk_forward.execution_lag;
        let limits = self.config.spec().allocate.turnover.filter(|_| lag > 0)?;
        let closes = if lag == 1 { "1 close".to_owned() } else { format!("{lag} closes") };
        let pending = if limits.per_year.is_some() {
            ", and per_year does not count decisions that are not executed yet"
        } else {
            ""
        };
        let message = format!(
            "allocate.turnover limits trades from what is held at the decision; with walk_forward.execution_lag = {lag} they are executed {closes} later from holdings that have drifted, so that the turnover may be above the limit{pending}"
        );
        Some((None, Note::warning(message)))
    }

    /// Tables that the file has and its objective does not use, each with its line.
    ///
    /// An objective that an override or a grid has put in place of the file's says nothing of the file.
    fn unused(&self) -> Option<(Option<Date>, Note)> {
        let allocate = &self.config.spec().allocate;
        let objective = &allocate.objective;
        let (key, reason) = if allocate.needs_moments().is_none() && objective.rows() == 0 {
            ("estimate", "needs no moments")
        } else if allocate.needs_moments().is_none() {
            ("estimate", "makes its moments by keys of its own")
        } else if !(objective.uses_moments() && objective.uses_expected_returns()) {
            ("estimate.expected_returns", "uses no expected returns")
        } else {
            return None;
        };
        self.tree.get(key).filter(|_| !self.tree.is_set("allocate.objective"))?;
        let fault = self.tree.fault_at_key(key, String::new(), None);
        let line = StudyError::new(&self.file, &self.text, Vec::new()).line(&fault);
        let place = line.map_or_else(String::new, |line| format!(" (line {line})"));
        let kind = self.tree.get("allocate.objective.kind").and_then(Value::as_str)?;
        let message = format!("{key}{place} has no effect: the objective {kind} {reason}");
        Some((None, Note::warning(message)))
    }

    /// The resolved study with every default written out.
    pub fn resolved(&self) -> Value {
        self.config.spec().to_json()
    }

    /// A hash of the resolved study, in hexadecimal digits.
    pub fn hash(&self) -> String {
        self.config.spec().hash()
    }

    /// How many cells the grid has; none without a grid.
    pub fn cells(&self) -> usize {
        let grid = self.config.grid();
        if grid.is_empty() { 0 } else { grid.values().map(Vec::len).product() }
    }

    /// The study of one cell of the grid, from 1 on, as the column `cell` of `grid.parquet` counts:
    /// the swept keys with its values, no grid. What the overrides changed is said of it, too.
    ///
    /// # Errors
    /// [`StudyError`] for a number that no cell has, or a combination of values that is not valid.
    pub fn cell(&self, number: usize) -> Result<Self, StudyError> {
        let place = number.checked_sub(1).filter(|place| *place < self.cells());
        let Some(settings) =
            place.and_then(|at| combinations(self.config.grid()).into_iter().nth(at))
        else {
            let (what, hint) = match self.cells() {
                0 => ("the study has no [grid]".to_owned(), "run it without a cell".to_owned()),
                all => {
                    let range = format!("the grid has cells 1 to {all}");
                    (range, "the column `cell` of grid.parquet has each cell's number".to_owned())
                }
            };
            let message = format!("there is no cell {number}: {what}");
            return Err(self.error_at("grid", message, Some(hint)));
        };
        let cell = self.with_settings(&settings);
        let mut cell = cell.map_err(|faults| StudyError::new(&self.file, &self.text, faults))?;
        cell.notes.splice(..0, self.notes.iter().cloned());
        Ok(cell)
    }

    /// Some keys replaced, no grid; its notes are those of the replacements.
    ///
    /// # Errors
    /// The faults of that combination.
    pub fn with_settings(&self, settings: &[(String, Value)]) -> Result<Self, Vec<Fault>> {
        let mut tree = self.tree.clone();
        tree.remove("grid");
        // It is of the grid: one of its backtests has no choice.
        tree.remove("robustness.cross_validation");
        let mut notes = Vec::new();
        for (key, value) in settings {
            notes.extend(set::apply(&mut tree, key, value.clone())?);
        }
        with_dates(&mut tree, &self.file)?;
        let config = resolve(&tree)?;
        Ok(Self { tree, config, file: self.file.clone(), text: self.text.clone(), notes })
    }

    /// The settings of one combination of regimes: some keys replaced, and nothing that switches.
    ///
    /// # Errors
    /// As [`Study::with_settings`].
    pub(crate) fn branch(&self, settings: &[(String, Value)]) -> Result<Self, Vec<Fault>> {
        let mut base = self.clone();
        base.tree.remove("when");
        base.with_settings(settings)
    }

    /// Checks the settings of every combination of regimes, each fault once, at the rule that makes it.
    fn check_branches(&self) -> Result<(), Vec<Fault>> {
        let rules = self.config.rules();
        let regimes = &self.config.spec().regime;
        let mut found: Vec<Fault> = Vec::new();
        for active in switches::branches(rules, regimes).unwrap_or_default() {
            let settings = switches::settings(rules, &active);
            for fault in self.branch(&settings).err().unwrap_or_default() {
                let place = rule_of(&fault.path, rules, &active);
                let message = format!("{}: {}", fault.path, fault.message);
                let fault = self.tree.fault(&place, message, fault.hint);
                if !found.contains(&fault) {
                    found.push(fault);
                }
            }
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
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
                let alone = self.with_settings(&[(key.clone(), value.clone())]);
                for fault in
                    alone.and_then(|study| study.check_branches()).err().unwrap_or_default()
                {
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

/// The last of the rules that apply and set a key, or a table around it or a part of it.
fn rule_of(key: &str, rules: &[Rule], active: &[bool]) -> String {
    let touches = |set: &str| {
        let below = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        below(key, set) || below(set, key)
    };
    let applying = (0..rules.len()).rev().filter(|&at| active[at]);
    let mut found = applying.clone().filter_map(|at| {
        let (set, _) = rules[at].settings.iter().rev().find(|(set, _)| touches(set))?;
        Some(format!("when[{at}].set.{set}"))
    });
    let any =
        || applying.clone().next().map_or_else(|| "when".to_owned(), |at| format!("when[{at}]"));
    found.next().unwrap_or_else(any)
}

/// Puts the dates of a file in the place of its name: they are part of the study.
fn with_dates(tree: &mut Tree, study: &str) -> Result<(), Vec<Fault>> {
    const KEY: &str = "walk_forward.every.dates";
    let named = tree.value.pointer("/walk_forward/every/dates").and_then(Value::as_str);
    let Some(file) = named.map(str::to_owned) else { return Ok(()) };
    let folder = Path::new(study).parent().unwrap_or(Path::new(""));
    match walkfolio_data::read_dates(&folder.join(file)) {
        Ok(dates) => {
            let dates = dates.iter().map(ToString::to_string).collect::<Vec<_>>();
            tree.insert(KEY, dates.into()).map_err(|why| vec![tree.fault(KEY, why, None)])
        }
        Err(error) => Err(vec![tree.fault(KEY, error.to_string(), error.hint())]),
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

    const MOMENTS: &str = "[estimate]\ncovariance = { kind = \"sample\", window = 60 }\n\
        expected_returns = { kind = \"sample_mean\", window = 60 }\n";

    fn warnings(objective: &str, overrides: &[&str]) -> Vec<String> {
        let study = STUDY
            .replace("max_holdings = 5000000000\n", MOMENTS)
            .replace("XLF\"]", "XLF\"], benchmark = \"SPY\"")
            .replace("{ kind = \"tracking_error\", window = 20 }", objective);
        let overrides: Vec<String> = overrides.iter().map(|&text| text.to_owned()).collect();
        let study = Study::parse("x.toml", &study, &overrides).unwrap();
        study.vacuous().into_iter().map(|(_, note)| note.message).collect()
    }

    #[test]
    fn tables_that_the_objective_does_not_use_are_named_with_their_line() {
        let track = "{ kind = \"tracking_error\", window = 20 }";
        assert_eq!(
            warnings(track, &[]),
            [
                "estimate (line 9) has no effect: the objective tracking_error makes its moments by keys of its own"
            ]
        );
        assert_eq!(
            warnings("{ kind = \"minimum_variance\" }", &[]),
            [
                "estimate.expected_returns (line 11) has no effect: the objective minimum_variance uses no expected returns"
            ]
        );
        assert!(warnings("{ kind = \"mean_variance\" }", &[]).is_empty());
        // An override tries another objective on the same file.
        let other = ["allocate.objective={ kind = 'tracking_error', window = 20 }"];
        assert!(warnings("{ kind = \"mean_variance\" }", &other).is_empty());
    }

    #[test]
    fn a_tail_of_less_than_a_row_and_more_factors_than_assets_are_said() {
        let tail = |window: u32, kind: &str| {
            let own = format!("{{ kind = \"{kind}\", window = {window}, confidence = 0.95 }}");
            let all = warnings(&own, &[]);
            all.into_iter().filter(|one| one.starts_with("allocate.objective:")).collect::<Vec<_>>()
        };
        let told = "allocate.objective: the worst 5.00 % of 15 rows are 0.75 of a row: the objective is the worst row alone; with a window of 20 it has a whole one";
        assert_eq!(tail(15, "minimum_cvar"), [told]);
        assert_eq!(tail(15, "minimum_cdar"), [told]);
        assert!(tail(20, "minimum_cvar").is_empty());
        let kind = "{ kind = \"ensemble\", members = [{ of = { kind = \"minimum_cvar\", window = 15 } }] }";
        assert!(warnings(kind, &[]).iter().any(|one| one == told));
        let pca = ["estimate.covariance={ kind = 'pca', window = 60 }"];
        let told = "estimate.covariance: 3 factors of 2 assets are 2: it is the sample covariance";
        assert_eq!(warnings("{ kind = \"mean_variance\" }", &pca), [told]);
    }

    #[test]
    fn what_only_the_types_refuse_has_its_key_and_its_line() {
        let error = Study::parse("x.toml", STUDY, &[]).unwrap_err();
        let [fault] = &error.faults[..] else { panic!("{error}") };
        assert_eq!(fault.path, "allocate.max_holdings");
        assert_eq!(&STUDY[fault.span.clone().unwrap()], "5000000000");
        assert!(fault.message.contains("expected u32"), "{}", fault.message);
    }
}
