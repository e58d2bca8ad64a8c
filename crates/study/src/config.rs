//! A study that is valid: owning a [`Config`] proves it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use walkfolio_backtest::{Drift, Execution, InitialTrade, LinearCost};
use walkfolio_core::{Result, Schedule, Ticker, Universe};
use walkfolio_data::quality::Cleaning;
use walkfolio_data::{BenchmarkFiles, Blend, Currency, PointInTime, RiskFree, VolumeFiles};
use walkfolio_estimate::Needs;
use walkfolio_optimize::{Choice, Interruption, Penalties, SearchLimits, Settings};

use crate::constraint::raised;
use crate::fault::Fault;
use crate::objective::Setting;
use crate::resolve::{Assets, Faults};
use crate::selection::Selection;
use crate::spec::{
    AllocateSpec, DriftSpec, Fallback, FilesSpec, ImpactSpec, InfeasibleCap, MinWeightRuleSpec,
    MinWeightSpec, PeriodSpec, SolverSpec, SourceSpec, Spec,
};
use crate::switches::Rule;
use crate::tree::Tree;

/// The settings of a valid study.
///
/// # Examples
/// ```
/// use std::path::Path;
/// use walkfolio_study::Study;
///
/// let study = Study::load(Path::new("../../studies/mtum-all-eleven.toml"), &[])?;
/// let config = study.config();
/// assert_eq!(config.name(), "mtum-all-eleven");
/// assert_eq!(config.universe().map(|universe| universe.len()), Some(11));
/// assert_eq!(config.benchmark().map(|ticker| ticker.as_str()), Some("MTUM"));
/// assert_eq!((config.longest_window(), config.dropped_below()), (252, Some(0.005)));
/// assert_eq!(config.execution().cost.per_side_bps, 5.0);
/// # Ok::<(), walkfolio_study::StudyError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Config {
    spec: Spec,
    universe: Option<Universe>,
    benchmark: Option<Ticker>,
    blend: Option<Blend>,
    risk_free: Option<RiskFree>,
    currency: Option<Currency>,
    cleaning: Cleaning,
    schedule: Schedule,
    execution: Execution,
    setting: Setting,
    rules: Vec<Rule>,
}

impl Config {
    /// Resolves a study, or finds everything that is wrong with it.
    pub(crate) fn resolve(mut spec: Spec, tree: &Tree) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults { tree, found: Vec::new() };
        faults.name(&spec);
        let assets = faults.assets(&spec);
        let (benchmark, blend) = faults.benchmark(&spec);
        faults.index(&spec);
        faults.files(&spec);
        let risk_free = faults.risk_free(&spec);
        let currency = faults.currency(&spec);
        let cleaning = faults.cleaning(&spec);
        faults.dates(&spec);
        let every = faults.every(&spec);
        if let Some(estimate) = &mut spec.estimate {
            estimate.complete();
        }
        let setting = spec.setting(benchmark.as_ref());
        faults.allocation(&spec);
        faults.constraints(&spec, &setting);
        faults.objective(&spec, &setting);
        faults.benchmark_holdings(&spec);
        let (n, has_benchmark) = (spec.market.assets.len(), spec.market.benchmark.is_some());
        faults.part("select", |faults| spec.select.validate(n, has_benchmark, faults));
        let rules = faults.regimes(&spec);
        faults.tune(&spec);
        faults.targets(&spec);
        faults.periods(&spec);
        faults.attribution(&spec);
        faults.baselines(&spec);
        faults.robustness(&spec);
        faults.account(&spec);
        faults.numbers(&spec);
        faults.grid(&spec);
        match (assets, every) {
            (Some(assets), Some(every)) if faults.found.is_empty() => {
                let (first, last) = (spec.walk_forward.first, spec.walk_forward.last);
                let schedule = Schedule { every, first, last };
                let execution = execution(&spec);
                spec.allocate.objective.complete(&setting);
                Ok(Self {
                    spec,
                    universe: match assets {
                        Assets::All => None,
                        Assets::Named(universe) => Some(universe),
                    },
                    benchmark,
                    blend,
                    risk_free,
                    currency,
                    cleaning,
                    schedule,
                    execution,
                    setting,
                    rules,
                })
            }
            _ => Err(faults.found),
        }
    }

    /// Name of the study.
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// What is done about faults of the data.
    pub fn cleaning(&self) -> &Cleaning {
        &self.cleaning
    }

    /// The keys as written, with defaults.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The assets that may be held; `None` for every one of the price file.
    pub fn universe(&self) -> Option<&Universe> {
        self.universe.as_ref()
    }

    /// How the universe depends on time, with the files of a folder.
    pub fn point_in_time(&self, folder: &Path) -> PointInTime {
        let market = &self.spec.market;
        let members = self.files().and_then(|files| files.members.as_ref());
        PointInTime {
            members: members.map(|file| folder.join(file)),
            csv: market.csv.clone().unwrap_or_default(),
            max_gap: market.max_gap.map(|periods| periods as usize),
            max_late: market.max_late.map_or(5, |periods| periods as usize),
            index: market.index,
        }
    }

    /// What the benchmark is made of, with the files of a folder.
    pub fn benchmark_files(&self, folder: &Path) -> BenchmarkFiles {
        let Some(files) = self.files() else { return BenchmarkFiles::default() };
        let path = |file: &Option<String>| file.as_ref().map(|file| folder.join(file));
        BenchmarkFiles {
            holdings: path(&files.benchmark_holdings),
            constituents: path(&files.constituents),
            capitalizations: path(&files.capitalizations),
        }
    }

    /// Where traded values come from, with the files of a folder; none where no impact of trades is charged.
    pub fn volume_files(&self, folder: &Path) -> Option<VolumeFiles> {
        self.spec.costs.impact?;
        let path = |file: fn(&FilesSpec) -> &Option<String>| {
            let file = self.files().and_then(|files| file(files).as_ref());
            file.map(|file| folder.join(file))
        };
        Some(VolumeFiles { volumes: path(|own| &own.volumes), closes: path(|own| &own.closes) })
    }

    /// The benchmark.
    pub fn benchmark(&self) -> Option<&Ticker> {
        self.benchmark.as_ref()
    }

    /// What the benchmark is made of, if it is a blend.
    pub fn blend(&self) -> Option<&Blend> {
        self.blend.as_ref()
    }

    /// The risk-free rate of the study's own, with the files of a folder.
    pub fn risk_free(&self, folder: &Path) -> Option<RiskFree> {
        let mut own = self.risk_free.clone()?;
        if let RiskFree::File { path, .. } = &mut own {
            *path = folder.join(&*path);
        }
        Some(own)
    }

    /// The currencies of prices, with the files of a folder.
    pub fn currency(&self, folder: &Path) -> Option<Currency> {
        let own = self.currency.clone()?;
        Some(Currency { rates: folder.join(&own.rates), ..own })
    }

    /// The source of prices.
    pub fn source(&self) -> &SourceSpec {
        &self.spec.market.source
    }

    /// The number of periods in a year.
    ///
    /// # Errors
    /// [`Error::Absent`](walkfolio_core::Error::Absent) before the study is on its market: [`Study::on`](crate::Study::on).
    pub fn periods_per_year(&self) -> Result<f64> {
        self.setting.periods_per_year()
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

    /// What objectives and constraints know of the study.
    pub(crate) fn setting(&self) -> &Setting {
        &self.setting
    }

    /// Which assets a decision may hold.
    pub fn selection(&self) -> &Selection {
        &self.spec.select
    }

    /// When regimes switch which settings.
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The penalties on weights.
    pub fn penalties(&self) -> Penalties {
        let allocate = &self.spec.allocate;
        Penalties { l1: allocate.l1_penalty.unwrap_or(0.0), l2: allocate.l2_penalty.unwrap_or(0.0) }
    }

    /// Weights smaller than this, in absolute value, are dropped and the rest is renormalized.
    pub fn dropped_below(&self) -> Option<f64> {
        let dropped = |rule: &&MinWeightSpec| rule.rule == MinWeightRuleSpec::DropAndRenormalize;
        let rule = self.spec.allocate.min_weight.as_ref().filter(dropped);
        rule.map(|rule| rule.below)
    }

    /// Whether a cap that is too tight is raised.
    pub fn raises_tight_caps(&self) -> bool {
        self.spec.allocate.bounds.when_too_tight == InfeasibleCap::Raise
    }

    /// How programs are solved.
    pub fn solver(&self) -> Settings {
        let allocate = &self.spec.allocate;
        let search = &allocate.search;
        let standard = SearchLimits::default();
        let tolerance =
            allocate.objective.tolerance().unwrap_or(Settings::default().ratio_tolerance);
        Settings {
            choice: match allocate.solver {
                SolverSpec::Auto => Choice::Auto,
                SolverSpec::Kernel => Choice::Kernel,
                SolverSpec::Clarabel => Choice::Clarabel,
            },
            limits: SearchLimits {
                work: standard.work.saturating_mul((search.nodes / standard.nodes).max(1)),
                nodes: search.nodes,
                time: search.seconds.map(Duration::from_secs_f64),
                gap: search.gap,
            },
            ratio_tolerance: tolerance,
            interruption: Interruption::default(),
        }
    }

    /// What is tried when a program cannot be solved.
    pub fn fallbacks(&self) -> &[Fallback] {
        &self.spec.allocate.fallbacks
    }

    /// Periods that are measured on their own.
    pub fn periods(&self) -> &[PeriodSpec] {
        &self.spec.period
    }

    /// The swept keys and their values.
    pub fn grid(&self) -> &BTreeMap<String, Vec<Value>> {
        &self.spec.grid
    }

    /// What the moments of the objective and the constraints need of a past.
    pub fn needs(&self) -> Needs {
        let allocate = &self.spec.allocate;
        let objective = &allocate.objective;
        let own = Needs::returns(objective.rows());
        // None where the objective has no moments.
        let estimators = self.setting.estimators.as_ref();
        let all =
            own.and(estimators.map(walkfolio_estimate::Estimators::needs).unwrap_or_default());
        let constraints = allocate.constraints();
        constraints.iter().fold(all, |all, constraint| all.and(constraint.needs(&self.setting)))
    }

    /// Returns that an asset must have in order to be held.
    pub fn longest_window(&self) -> usize {
        let impact = self.spec.costs.impact.map_or(0, ImpactSpec::rows);
        self.needs().rows.max(self.spec.select.rows()).max(impact)
    }
}

impl Spec {
    /// What objectives and constraints know of the rest of the study.
    pub(crate) fn setting(&self, benchmark: Option<&Ticker>) -> Setting {
        let objective = &self.allocate.objective;
        let needed = self.allocate.needs_moments().is_some();
        let mut estimators = self.estimate.clone().filter(|_| needed);
        let returns = objective.uses_moments() && objective.uses_expected_returns();
        if let Some(estimators) = estimators.as_mut().filter(|_| !returns) {
            estimators.expected_returns = None;
        }
        let units = self.estimate.as_ref().map(|estimate| estimate.units).unwrap_or_default();
        Setting {
            assets: self.market.assets.clone(),
            benchmark: benchmark.map(ToString::to_string),
            estimators,
            units,
            periods_per_year: self.periods_per_year.number(),
            bounds: (self.allocate.bounds.min, self.allocate.bounds.max),
            bounded: self.allocate.bounds_by_asset.keys().cloned().collect(),
            ranges: if self.market.takes_all() {
                Vec::new()
            } else {
                self.allocate.ranges(&self.market.assets)
            },
            has_factors: self.market.factors.is_some(),
            shape: objective.shape(),
            net: self.allocate.net(),
            searches: self.allocate.holdings().is_some(),
            objective_rows: objective.rows(),
        }
    }
}

impl AllocateSpec {
    /// The smallest and largest weight of each asset when all may be held.
    pub(crate) fn ranges(&self, assets: &[String]) -> Vec<(f64, f64)> {
        let held = self.max_holdings.map_or(assets.len(), |most| assets.len().min(most as usize));
        let cap = match self.bounds.when_too_tight {
            InfeasibleCap::Raise => raised(self.bounds.max, held),
            InfeasibleCap::Error => self.bounds.max,
        };
        let range = |name: &String| {
            let own = self.bounds_by_asset.get(name);
            let min = own.and_then(|own| own.min).unwrap_or(self.bounds.min);
            (min, own.and_then(|own| own.max).unwrap_or(cap))
        };
        assets.iter().map(range).collect()
    }
}

fn execution(spec: &Spec) -> Execution {
    let initial_trade =
        if spec.costs.charge_first { InitialTrade::Charged } else { InitialTrade::Free };
    Execution {
        drift: match spec.walk_forward.drift {
            DriftSpec::BuyAndHold => Drift::BuyAndHold,
            DriftSpec::ConstantWeights => Drift::ConstantWeights,
        },
        lag_rows: spec.walk_forward.execution_lag as usize,
        cost: LinearCost { per_side_bps: spec.costs.per_side_bps, initial_trade },
        impact: spec.costs.impact.map(ImpactSpec::rule),
    }
}
