//! A study that is valid: owning a [`Config`] proves it.

use std::collections::BTreeMap;

use serde_json::Value;
use walkfolio_backtest::{Drift, Execution, FirstPurchase, LinearCost};
use walkfolio_core::{Date, Every, Schedule, Ticker, Universe};
use walkfolio_estimate::Alpha;
use walkfolio_optimize::Choice;

use crate::study::fault::Fault;
use crate::study::spec::{
    AlphaSpec, BetaSpec, CovarianceSpec, DriftSpec, EstimateSpec, ExpectedReturnsSpec,
    FallbackSpec, FilesSpec, ObjectiveSpec, RegimeSpec, SolverSpec, SourceSpec, Spec, TooTightSpec,
    UnitsSpec,
};
use crate::study::tree::Tree;

/// The settings of a valid study.
#[derive(Debug, Clone)]
pub struct Config {
    spec: Spec,
    universe: Universe,
    benchmark: Option<Ticker>,
    schedule: Schedule,
    execution: Execution,
    target: Target,
    beta: Option<(f64, f64)>,
    regimes: Vec<Regime>,
}

/// The objective with the moments that it needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// Least squares against the benchmark over a window.
    TrackingError {
        /// Rows of the window.
        window: usize,
    },
    /// Expected return less risk.
    RobustUtility {
        /// Aversion to risk.
        lambda: f64,
        /// Where the moments come from.
        estimators: Estimators,
    },
}

/// How moments are estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimators {
    /// The covariance.
    pub covariance: Covariances,
    /// Rows of the covariance's window; beta uses the same.
    pub covariance_window: usize,
    /// Expected returns.
    pub expected_returns: ExpectedReturns,
    /// Rows of the expected returns' window.
    pub expected_returns_window: usize,
    /// What session moments are multiplied by.
    pub periods_per_year: f64,
}

/// An estimator of the covariance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covariances {
    /// From regressions on the factors.
    FactorModel,
    /// The sample covariance.
    Sample,
}

/// An estimator of expected returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedReturns {
    /// From regressions on the factors.
    FactorModel(Alpha),
    /// The mean return.
    SampleMean,
}

/// What is tried when a program cannot be solved.
pub type Fallback = FallbackSpec;

/// Weights below a limit are dropped and the rest is renormalized.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MinWeight {
    /// Smaller weights, in absolute value, become 0.
    pub below: f64,
}

/// A period that is measured on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regime {
    /// Its name.
    pub name: String,
    /// Its first session.
    pub first: Option<Date>,
    /// Its last session.
    pub last: Option<Date>,
}

impl Config {
    /// Resolves a study, or finds everything that is wrong with it.
    pub(crate) fn resolve(spec: Spec, tree: &Tree) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults { tree, found: Vec::new() };
        faults.name(&spec);
        let universe = faults.universe(&spec);
        let benchmark = faults.benchmark(&spec);
        faults.files(&spec);
        faults.dates(&spec);
        let every = faults.every(&spec);
        let beta = faults.beta(&spec);
        faults.allocation(&spec);
        let target = faults.target(&spec);
        let regimes = faults.regimes(&spec);
        faults.numbers(&spec);
        faults.grid(&spec);
        match (universe, every, target) {
            (Some(universe), Some(every), Some(target)) if faults.found.is_empty() => {
                let (first, last) = (spec.walk_forward.first, spec.walk_forward.last);
                let schedule = Schedule { every, first, last };
                let execution = execution(&spec);
                Ok(Self { spec, universe, benchmark, schedule, execution, target, beta, regimes })
            }
            _ => Err(faults.found),
        }
    }

    /// Name of the study.
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// The keys as written, with defaults.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The assets that may be held.
    pub fn universe(&self) -> &Universe {
        &self.universe
    }

    /// The benchmark.
    pub fn benchmark(&self) -> Option<&Ticker> {
        self.benchmark.as_ref()
    }

    /// The source of prices.
    pub fn source(&self) -> &SourceSpec {
        &self.spec.market.source
    }

    /// Names of data files.
    pub fn files(&self) -> Option<&FilesSpec> {
        self.spec.market.files.as_ref()
    }

    /// When decisions are made.
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// How decisions are carried out.
    pub fn execution(&self) -> &Execution {
        &self.execution
    }

    /// What is optimized.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The range of beta.
    pub fn beta(&self) -> Option<(f64, f64)> {
        self.beta
    }

    /// The rule for small weights.
    pub fn min_weight(&self) -> Option<MinWeight> {
        self.spec.allocate.min_weight.as_ref().map(|rule| MinWeight { below: rule.below })
    }

    /// Whether a cap that is too tight is raised.
    pub fn raises_tight_caps(&self) -> bool {
        self.spec.allocate.bounds.when_too_tight == TooTightSpec::Raise
    }

    /// Which solver to use.
    pub fn solver(&self) -> Choice {
        match self.spec.allocate.solver {
            SolverSpec::Auto => Choice::Auto,
            SolverSpec::Kernel => Choice::Kernel,
            SolverSpec::Clarabel => Choice::Clarabel,
        }
    }

    /// What is tried when a program cannot be solved.
    pub fn fallbacks(&self) -> &[Fallback] {
        &self.spec.allocate.fallbacks
    }

    /// Periods that are measured on their own.
    pub fn regimes(&self) -> &[Regime] {
        &self.regimes
    }

    /// The swept keys and their values.
    pub fn grid(&self) -> &BTreeMap<String, Vec<Value>> {
        &self.spec.grid
    }

    /// Rows of the longest window, and whether benchmark and factors are needed for it.
    pub fn longest_window(&self) -> usize {
        match self.target {
            Target::TrackingError { window } => window,
            Target::RobustUtility { estimators, .. } => {
                estimators.covariance_window.max(estimators.expected_returns_window)
            }
        }
    }
}

impl Estimators {
    /// Rows of factor returns that are needed, if any are.
    pub fn factor_rows(&self, with_beta: bool) -> Option<usize> {
        let covariance = (self.covariance == Covariances::FactorModel || with_beta)
            .then_some(self.covariance_window);
        let expected = matches!(self.expected_returns, ExpectedReturns::FactorModel(_))
            .then_some(self.expected_returns_window);
        covariance.max(expected)
    }
}

fn execution(spec: &Spec) -> Execution {
    let first_purchase =
        if spec.costs.charge_first { FirstPurchase::Charged } else { FirstPurchase::Free };
    Execution {
        drift: match spec.walk_forward.drift {
            DriftSpec::BuyAndHold => Drift::BuyAndHold,
            DriftSpec::ConstantWeights => Drift::ConstantWeights,
        },
        lag_rows: spec.walk_forward.execution_lag_days as usize,
        cost: LinearCost { per_side_bps: spec.costs.per_side_bps, first_purchase },
    }
}

/// Collects what is wrong with the meaning of a study.
struct Faults<'a> {
    tree: &'a Tree,
    found: Vec<Fault>,
}

impl Faults<'_> {
    fn push(&mut self, path: &str, message: impl Into<String>, hint: &str) {
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        self.found.push(self.tree.fault(path, message.into(), hint));
    }

    fn name(&mut self, spec: &Spec) {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if spec.name.is_empty() || spec.name.len() > 64 || !spec.name.chars().all(plain) {
            let message = format!("\"{}\" cannot be part of a folder's name", spec.name);
            self.push("name", message, "use 1 to 64 letters, digits, - and _");
        }
    }

    fn universe(&mut self, spec: &Spec) -> Option<Universe> {
        let universe = Universe::new(&spec.market.assets);
        if let Err(error) = &universe {
            let hint = error.hint().unwrap_or_default();
            self.push("market.assets", error.to_string(), &hint);
        }
        universe.ok()
    }

    fn benchmark(&mut self, spec: &Spec) -> Option<Ticker> {
        let ticker = Ticker::new(spec.market.benchmark.as_ref()?);
        if let Err(error) = &ticker {
            let hint = error.hint().unwrap_or_default();
            self.push("market.benchmark", error.to_string(), &hint);
        }
        ticker.ok()
    }

    fn files(&mut self, spec: &Spec) {
        let from_files = !matches!(spec.market.source, SourceSpec::Sample { .. });
        if from_files && spec.market.files.is_none() {
            let hint = "add files = { prices = \"prices.csv\" }";
            self.push("market.files", "is missing: the source reads files", hint);
        }
    }

    fn dates(&mut self, spec: &Spec) {
        let walk = &spec.walk_forward;
        let pairs = [
            ("walk_forward.first", walk.first, walk.last, "walk_forward.last"),
            ("market.first", spec.market.first, walk.last, "walk_forward.last"),
            ("measure.first", spec.measure.first, walk.last, "walk_forward.last"),
        ];
        for (key, first, last, other) in pairs {
            if let (Some(first), Some(last)) = (first, last)
                && first > last
            {
                let message = format!("{first} is later than {other} = {last}");
                self.push(key, message, "exchange the two");
            }
        }
    }

    fn every(&mut self, spec: &Spec) -> Option<Every> {
        let text = spec.walk_forward.every.as_str();
        let sessions = text.strip_suffix('d').and_then(|days| days.parse::<u16>().ok());
        match (text, sessions) {
            ("month", _) => Some(Every::Month),
            ("week", _) => Some(Every::Week),
            (_, Some(days)) if days > 0 => Some(Every::Sessions(usize::from(days))),
            _ => {
                let message = format!("unknown rhythm \"{text}\"");
                let hint = "one of: month, week, or a number of sessions such as 5d";
                self.push("walk_forward.every", message, hint);
                None
            }
        }
    }

    fn beta(&mut self, spec: &Spec) -> Option<(f64, f64)> {
        let beta = spec.allocate.beta.as_ref()?;
        if spec.market.factors.is_none() {
            let hint = "add factors = \"french3\" to [market]";
            self.push("allocate.beta", "needs the market's return, and there are no factors", hint);
        }
        match *beta {
            BetaSpec { value: Some(value), min: None, max: None } => Some((value, value)),
            BetaSpec { value: None, min: Some(min), max: Some(max) } if min <= max => {
                Some((min, max))
            }
            BetaSpec { value: None, min: Some(min), max: Some(max) } => {
                let message = format!("min {min} is larger than max {max}");
                self.push("allocate.beta", message, "exchange the two");
                None
            }
            _ => {
                let hint = "write { min = -0.5, max = 0.5 } or { value = 1.0 }";
                self.push("allocate.beta", "must have min and max, or value alone", hint);
                None
            }
        }
    }

    fn allocation(&mut self, spec: &Spec) {
        let allocate = &spec.allocate;
        let bounds = &allocate.bounds;
        if bounds.min > bounds.max {
            let message = format!("min {} is larger than max {}", bounds.min, bounds.max);
            self.push("allocate.bounds", message, "exchange the two");
        }
        let n = spec.market.assets.len() as f64;
        if bounds.when_too_tight == TooTightSpec::Error && n > 0.0 && bounds.max * n < 1.0 {
            let message =
                format!("{} over {n} assets sums to {:.4}, below 1", bounds.max, bounds.max * n);
            let hint = format!("raise it to at least {:.4}", (1e4 / n).ceil() / 1e4);
            self.push("allocate.bounds.max", message, &hint);
        }
        if n > 0.0 && bounds.min * n > 1.0 {
            let message =
                format!("{} over {n} assets sums to {:.4}, above 1", bounds.min, bounds.min * n);
            let hint = format!("lower it to at most {:.4}", (1e4 / n).floor() / 1e4);
            self.push("allocate.bounds.min", message, &hint);
        }
        if let Some(rule) = &allocate.min_weight
            && !(0.0..1.0).contains(&rule.below)
        {
            let message = format!("must be between 0 and 1, found {}", rule.below);
            self.push("allocate.min_weight.below", message, "0.005 is half a percent");
        }
        if let Some(gross) = allocate.gross_leverage.filter(|gross| *gross < 1.0) {
            let message = format!("{gross} is below 1, and the weights must sum to 1");
            self.push("allocate.gross_leverage", message, "use at least 1");
        }
        for (index, fallback) in allocate.fallbacks.iter().enumerate() {
            if allocate.fallbacks[..index].contains(fallback) {
                let path = format!("allocate.fallbacks[{index}]");
                self.push(&path, "is listed twice", "name each fallback once");
            }
        }
    }

    fn target(&mut self, spec: &Spec) -> Option<Target> {
        match spec.allocate.objective {
            ObjectiveSpec::TrackingError { window_days } => {
                self.window("allocate.objective.window_days", window_days, 1, "the objective");
                if spec.market.benchmark.is_none() {
                    let hint = "add benchmark = \"...\" to [market]";
                    self.push("allocate.objective", "tracks a benchmark, and there is none", hint);
                }
                Some(Target::TrackingError { window: window_days as usize })
            }
            ObjectiveSpec::RobustUtility { lambda } => {
                if lambda < 0.0 {
                    let message = format!("must be at least 0, found {lambda}");
                    self.push("allocate.objective.lambda", message, "0 ignores risk");
                }
                let Some(estimate) = &spec.estimate else {
                    let hint = "add [estimate] with covariance and expected_returns";
                    self.push("estimate", "is missing: the objective needs moments", hint);
                    return None;
                };
                let estimators = self.estimators(spec, estimate);
                Some(Target::RobustUtility { lambda, estimators })
            }
        }
    }

    fn estimators(&mut self, spec: &Spec, estimate: &EstimateSpec) -> Estimators {
        let (covariance, covariance_days) = match estimate.covariance {
            CovarianceSpec::FactorModel { window_days } => (Covariances::FactorModel, window_days),
            CovarianceSpec::Sample { window_days } => (Covariances::Sample, window_days),
        };
        let (expected_returns, expected_days) = match estimate.expected_returns {
            ExpectedReturnsSpec::FactorModel { window_days, alpha } => {
                let alpha = match alpha {
                    AlphaSpec::Include => Alpha::Include,
                    AlphaSpec::Exclude => Alpha::Exclude,
                };
                (ExpectedReturns::FactorModel(alpha), window_days)
            }
            ExpectedReturnsSpec::SampleMean { window_days } => {
                (ExpectedReturns::SampleMean, window_days)
            }
        };
        let least = |model: bool, other: u32| if model { 5 } else { other };
        let by_model = covariance == Covariances::FactorModel;
        let key = "estimate.covariance.window_days";
        self.window(key, covariance_days, least(by_model, 2), "the covariance");
        let model = matches!(expected_returns, ExpectedReturns::FactorModel(_));
        let key = "estimate.expected_returns.window_days";
        self.window(key, expected_days, least(model, 1), "the mean");
        if (by_model || model) && spec.market.factors.is_none() {
            let hint = "add factors = \"french3\" to [market]";
            self.push("estimate", "uses the factor model, and there are no factors", hint);
        }
        Estimators {
            covariance,
            covariance_window: covariance_days as usize,
            expected_returns,
            expected_returns_window: expected_days as usize,
            periods_per_year: match estimate.units {
                UnitsSpec::Annual => spec.periods_per_year,
                UnitsSpec::Daily => 1.0,
            },
        }
    }

    fn window(&mut self, path: &str, days: u32, least: u32, what: &str) {
        if days < least {
            let message =
                format!("a window of {days} rows is too short: {what} needs at least {least}");
            self.push(path, message, "give the window more rows");
        }
    }

    fn regimes(&mut self, spec: &Spec) -> Vec<Regime> {
        for (index, regime) in spec.regime.iter().enumerate() {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if regime.name.is_empty() || regime.name == "full" || !regime.name.chars().all(plain) {
                let message = format!("\"{}\" cannot name a regime", regime.name);
                let hint = "use letters, digits, - and _; \"full\" is the whole sample";
                self.push(&format!("regime[{index}].name"), message, hint);
            }
            if spec.regime[..index].iter().any(|other| other.name == regime.name) {
                let message = format!("two regimes are named \"{}\"", regime.name);
                self.push(&format!("regime[{index}].name"), message, "give each its own name");
            }
            if matches!((regime.first, regime.last), (Some(first), Some(last)) if first > last) {
                let message = "first is later than last";
                self.push(&format!("regime[{index}].first"), message, "exchange the two");
            }
        }
        let own = |regime: &RegimeSpec| Regime {
            name: regime.name.clone(),
            first: regime.first,
            last: regime.last,
        };
        spec.regime.iter().map(own).collect()
    }

    fn numbers(&mut self, spec: &Spec) {
        if spec.periods_per_year <= 0.0 {
            let message = format!("must be above 0, found {}", spec.periods_per_year);
            self.push("periods_per_year", message, "252 for daily prices");
        }
        let bps = spec.costs.per_side_bps;
        if !(0.0..=10_000.0).contains(&bps) {
            let message = format!("must be between 0 and 10000, found {bps}");
            self.push("costs.per_side_bps", message, "5 is five hundredths of a percent");
        }
    }

    fn grid(&mut self, spec: &Spec) {
        for (key, values) in &spec.grid {
            let path = format!("grid.{key}");
            if values.is_empty() {
                self.push(&path, "has no values", "list at least one");
            }
            if key == "grid" || key.starts_with("grid.") || key == "name" {
                self.push(&path, "cannot be swept", "sweep keys of the study itself");
            }
        }
        let cells: f64 = spec.grid.values().map(|values| values.len().max(1) as f64).product();
        if cells > 100_000.0 {
            self.push("grid", format!("has {cells} cells, more than 100000"), "list fewer values");
        }
    }
}
