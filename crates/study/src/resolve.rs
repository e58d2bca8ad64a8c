//! From what a study says to what it means: every contradiction in it, each with its key.

mod account;
mod attribution;
mod baselines;
mod clean;
mod costs;
mod regimes;
mod robustness;
mod series;
mod tune;
mod volatility_target;

use walkfolio_core::number::shown;
use walkfolio_core::{Every, Universe};
use walkfolio_data::CsvForm;

use crate::fault::Fault;
use crate::objective::{ObjectiveChoice, Setting};
use crate::spec::{BenchmarkSpec, EverySpec, ExtraRebalance, InfeasibleCap, SourceSpec, Spec};
use crate::tree::Tree;

/// What may be held.
pub(super) enum Assets {
    /// Every asset of the price file.
    All,
    Named(Universe),
}

/// Collects what is wrong with the meaning of a study.
pub(super) struct Faults<'a> {
    pub tree: &'a Tree,
    pub found: Vec<Fault>,
}

impl Faults<'_> {
    pub(super) fn at_least_zero(&mut self, path: &str, value: f64) {
        if value < 0.0 {
            self.push(path, format!("must be at least 0, found {}", shown(value)), "");
        }
    }

    pub(super) fn at_least(&mut self, path: &str, value: u32, least: u32) {
        if value < least {
            self.push(path, format!("must be at least {least}, found {value}"), "");
        }
    }

    /// Checks a part of the study that knows its own rules.
    pub(super) fn part(&mut self, path: &str, check: impl FnOnce(&mut walkfolio_core::Faults)) {
        let mut faults = walkfolio_core::Faults::default();
        if path.is_empty() {
            check(&mut faults);
        } else {
            faults.part(path, check);
        }
        for fault in faults.into_found() {
            self.push(&fault.path, fault.message, &fault.hint.unwrap_or_default());
        }
    }

    pub(super) fn push(&mut self, path: &str, message: impl Into<String>, hint: &str) {
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        self.found.push(self.tree.fault(path, message.into(), hint));
    }

    pub fn name(&mut self, spec: &Spec) {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if spec.name.is_empty() || spec.name.len() > 64 || !spec.name.chars().all(plain) {
            let message = format!("\"{}\" cannot be part of a folder's name", spec.name);
            self.push("name", message, "use 1 to 64 ASCII letters, digits, - and _");
        }
    }

    pub fn assets(&mut self, spec: &Spec) -> Option<Assets> {
        if spec.market.takes_all() {
            if matches!(spec.market.source, SourceSpec::Sample { .. })
                && spec.market.files.is_none()
            {
                let hint = "name the assets, or add files = { prices = \"prices.csv\" }";
                self.push(
                    "market.assets",
                    "\"*\" stands for the assets of a file, and none is named",
                    hint,
                );
            }
            return Some(Assets::All);
        }
        if spec.market.assets.iter().any(|asset| asset == "*") {
            let message = "\"*\" stands for every asset of the file and must stand alone";
            self.push("market.assets", message, "write [\"*\"], or the names");
            return None;
        }
        let universe = Universe::new(&spec.market.assets);
        if let Err(error) = &universe {
            let hint = error.hint().unwrap_or_default();
            self.push("market.assets", error.to_string(), &hint);
        }
        universe.ok().map(Assets::Named)
    }

    /// An index of the assets has a name, and no prices of its own.
    pub fn index(&mut self, spec: &Spec) {
        let format = spec.market.csv.as_ref().and_then(|csv| csv.date_format.as_deref());
        if let Some(format) = format.filter(|format| !CsvForm::is_date_format(format)) {
            let message = format!("is not a form of dates: {format:?}");
            let hint = "write excel, epoch, epoch_ms or a pattern such as %d.%m.%Y";
            self.push("market.csv.date_format", message, hint);
        }
        if spec.market.max_gap == Some(0) {
            self.push("market.max_gap", "must be at least 1, found 0", "20 is a month");
        }
        if spec.market.index.is_none() {
            return;
        }
        let Some(benchmark) = &spec.market.benchmark else {
            let hint = "add benchmark = \"INDEX\" to [market]";
            self.push("market.index", "needs a name: market.benchmark is missing", hint);
            return;
        };
        match benchmark {
            BenchmarkSpec::Ticker(name) if spec.market.assets.contains(name) => {
                let message = format!("{name} is an asset, and the index cannot bear its name");
                self.push("market.benchmark", message, "give it another name");
            }
            BenchmarkSpec::Ticker(_) => {}
            BenchmarkSpec::Blend { .. } => {
                let message = "is a blend, and market.index is an index of the assets";
                self.push("market.benchmark", message, "remove one of the two");
            }
        }
        if spec.market.files.as_ref().is_some_and(|files| files.benchmark.is_some()) {
            let message = "has prices of a benchmark, and market.index makes them of the assets";
            self.push("market.files.benchmark", message, "remove one of the two");
        }
    }

    pub fn files(&mut self, spec: &Spec) {
        let from_files = !matches!(spec.market.source, SourceSpec::Sample { .. });
        if from_files && spec.market.files.is_none() {
            let hint = "add files = { prices = \"prices.csv\" }";
            self.push("market.files", "is missing: the source reads files", hint);
        }
        if spec.market.files.as_ref().is_some_and(|files| files.prices.names().is_empty()) {
            self.push("market.files.prices", "names no file", "write prices = \"prices.csv\"");
        }
    }

    pub fn dates(&mut self, spec: &Spec) {
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
                self.push(key, message, "swap the two");
            }
        }
    }

    pub fn every(&mut self, spec: &Spec) -> Option<Every> {
        let text = match &spec.walk_forward.every {
            EverySpec::Dates(dates) => {
                let mut dates = dates.clone();
                dates.sort_unstable();
                dates.dedup();
                if dates.is_empty() {
                    self.push("walk_forward.every.dates", "has no dates", "list at least one");
                }
                return Some(Every::Dates(dates.into()));
            }
            EverySpec::Word(text) => text.as_str(),
        };
        let sessions = text.strip_suffix('d').and_then(|days| days.parse::<u16>().ok());
        match (text, sessions) {
            ("week", _) => Some(Every::Week),
            ("month", _) => Some(Every::Month),
            ("quarter", _) => Some(Every::Quarter),
            ("year", _) => Some(Every::Year),
            (_, Some(days)) if days > 0 => Some(Every::Sessions(usize::from(days))),
            _ => {
                let message = format!("unknown rebalance frequency \"{text}\"");
                let hint = "one of: week, month, quarter, year, 5d (a number of sessions), { dates = \"file.csv\" }";
                self.push("walk_forward.every", message, hint);
                None
            }
        }
    }

    pub fn allocation(&mut self, spec: &Spec) {
        let allocate = &spec.allocate;
        let bounds = &allocate.bounds;
        if bounds.min > bounds.max {
            let message = format!("min {} is larger than max {}", bounds.min, bounds.max);
            self.push("allocate.bounds", message, "swap the two");
        }
        let (_, most) = allocate.net();
        if bounds.min >= 0.0 && bounds.max > most.max(1.0) {
            let message = format!("{} is more than all equity, and none is borrowed", bounds.max);
            let hint = format!(
                "a weight is a fraction: write {} for {} %",
                bounds.max / 100.0,
                bounds.max
            );
            self.push("allocate.bounds.max", message, &hint);
        }
        // How many there are is not known before the file is read.
        let n = if spec.market.takes_all() { 0.0 } else { spec.market.assets.len() as f64 };
        if n > 0.0 && bounds.min * n > most {
            let (min, sum) = (bounds.min, bounds.min * n);
            let message = format!("{min} over {n} assets sums to {sum:.4}, above {most}");
            let hint = format!("lower it to at most {:.4}", (1e4 * most / n).floor() / 1e4);
            self.push("allocate.bounds.min", message, &hint);
        }
        if allocate.net_leverage.is_none() {
            self.caps(spec);
        } else if bounds.when_too_tight == InfeasibleCap::Raise {
            let message = "raises the maximum weight until the weights can sum to 1";
            let hint = "remove it: net_leverage says what they sum to";
            self.push("allocate.bounds.when_too_tight", message, hint);
        }
        if let Some(rule) = &allocate.min_weight
            && !(0.0..1.0).contains(&rule.below)
        {
            let message = format!("must be between 0 and 1, found {}", shown(rule.below));
            self.push("allocate.min_weight.below", message, "0.005 is half a percent");
        }
        let penalties = [
            ("allocate.l1_penalty", allocate.l1_penalty),
            ("allocate.l2_penalty", allocate.l2_penalty),
        ];
        self.trading_costs(spec);
        self.volatility_target(spec);
        let alone = allocate.objective.without_penalties();
        for (path, penalty) in penalties.into_iter().filter_map(|(p, v)| Some((p, v?))) {
            self.at_least_zero(path, penalty);
            if let Some(why) = alone.filter(|_| penalty != 0.0) {
                self.push(path, why, "remove it, or use another objective");
            }
        }
        let seconds = allocate.search.seconds.unwrap_or(1.0);
        if !(seconds > 0.0 && seconds < 1e6) {
            let message = format!("must be between 0 and 1000000, found {seconds}");
            self.push("allocate.search.seconds", message, "");
        }
        for (index, fallback) in allocate.fallbacks.iter().enumerate() {
            if allocate.fallbacks[..index].contains(fallback) {
                let path = format!("allocate.fallbacks[{index}]");
                self.push(&path, "is listed twice", "name each fallback once");
            }
        }
    }

    /// The maximum weights of as many assets as may be held must be able to sum to 1.
    fn caps(&mut self, spec: &Spec) {
        let allocate = &spec.allocate;
        let most = allocate.max_holdings.map(|most| most as usize);
        // The bounds of single assets have their own error.
        let single = !allocate.bounds_by_asset.is_empty();
        if allocate.bounds.when_too_tight == InfeasibleCap::Raise
            || most == Some(0)
            || (single && most.is_none())
        {
            return;
        }
        let mut caps: Vec<f64> = if spec.market.takes_all() {
            // How many there are is not known before the file is read.
            most.filter(|_| !single).map_or_else(Vec::new, |most| vec![allocate.bounds.max; most])
        } else {
            allocate.ranges(&spec.market.assets).into_iter().map(|(_, max)| max).collect()
        };
        caps.sort_by(|a, b| b.total_cmp(a));
        caps.truncate(most.unwrap_or(caps.len()));
        let (count, sum) = (caps.len(), caps.iter().sum::<f64>());
        if count == 0 || sum >= 1.0 - 1e-9 {
            return;
        }
        let max = allocate.bounds.max;
        let least = (1e4 / count as f64).ceil() / 1e4;
        let raise = "or set when_too_tight = \"raise\" in allocate.bounds";
        if most.is_some_and(|most| most == count) {
            let holdings = if count == 1 { "holding" } else { "holdings" };
            let message =
                format!("{count} {holdings} of at most {max} each sum to {sum:.4}, below 1");
            let hint = format!("raise it, or allocate.bounds.max to at least {least:.4}, {raise}");
            self.push("allocate.max_holdings", message, &hint);
        } else {
            let message = format!("{max} over {count} assets sums to {sum:.4}, below 1");
            let hint = format!("raise it to at least {least:.4}, {raise}");
            self.push("allocate.bounds.max", message, &hint);
        }
    }

    /// An objective that looks at what the benchmark holds has the files for that.
    pub fn benchmark_holdings(&mut self, spec: &Spec) {
        let ObjectiveChoice::TrackingError(tracking) = &spec.allocate.objective else { return };
        let Some(holdings) = &tracking.holdings else { return };
        let files = spec.market.files.as_ref();
        let (path, hint) = if holdings.by_rule.is_some() {
            if files.is_some_and(|files| files.capitalizations.is_some()) {
                return;
            }
            let hint = "add capitalizations = \"capitalizations.csv\" to [market.files]";
            ("allocate.objective.holdings.by_rule", hint)
        } else {
            if files.is_some_and(|files| files.benchmark_holdings.is_some()) {
                return;
            }
            let hint =
                "add benchmark_holdings = \"holdings.csv\" to [market.files], or by_rule = {}";
            ("allocate.objective.holdings", hint)
        };
        self.push(path, "needs a file that is not named", hint);
    }

    /// The objective, and the moments that it needs.
    pub fn objective(&mut self, spec: &Spec, setting: &Setting) {
        let objective = &spec.allocate.objective;
        self.part("", |faults| objective.validate(setting, faults));
        if let Some(why) = spec.allocate.needs_moments() {
            self.moments(spec, why);
        }
        if spec.walk_forward.also == Some(ExtraRebalance::Reviews) && !objective.has_reviews() {
            let hint = "add [allocate.objective.review], or remove `also`";
            self.push("walk_forward.also", "decides at reviews, and none are described", hint);
        }
    }

    /// The constraints beside the bounds.
    pub fn constraints(&mut self, spec: &Spec, setting: &Setting) {
        for constraint in spec.allocate.constraints() {
            self.part("", |faults| constraint.validate(setting, faults));
        }
    }

    fn moments(&mut self, spec: &Spec, why: &str) {
        let Some(estimate) = &spec.estimate else {
            let hint = "add [estimate] with covariance and expected_returns";
            self.push("estimate", format!("is missing: {why}"), hint);
            return;
        };
        self.part("estimate", |faults| estimate.validate(faults));
        let clusters = spec.allocate.objective.takes_clustering_covariance();
        if let Some(why) = estimate.covariance.only_for_clustering().filter(|_| !clusters) {
            let hint = "choose denoised, which keeps all components";
            self.push("estimate.covariance.kind", why, hint);
        }
        let objective = &spec.allocate.objective;
        let returns = objective.uses_moments() && objective.uses_expected_returns();
        if returns && estimate.expected_returns.is_none() {
            let hint = "add `expected_returns = ...`";
            self.push("estimate.expected_returns", "is missing", hint);
        }
        let named = estimate.expected_returns.iter().flat_map(|returns| returns.named());
        for (path, name) in named {
            if !spec.market.takes_all() && !spec.market.assets.iter().any(|asset| asset == name) {
                let hint = format!("one of: {}", spec.market.assets.join(", "));
                let path = format!("estimate.expected_returns.{path}");
                self.push(&path, format!("{name} is not one of market.assets"), &hint);
            }
        }
        if estimate.needs().factor_rows.is_some() && spec.market.factors.is_none() {
            let hint = "add factors = \"french3\" to [market]";
            self.push("estimate", "uses the factor model, and there are no factors", hint);
        }
    }

    pub fn periods(&mut self, spec: &Spec) {
        for (index, period) in spec.period.iter().enumerate() {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if period.name.is_empty() || period.name == "full" || !period.name.chars().all(plain) {
                let message = format!("\"{}\" cannot name a period", period.name);
                let hint = "use ASCII letters, digits, - and _; \"full\" is the whole sample";
                self.push(&format!("period[{index}].name"), message, hint);
            }
            if spec.period[..index].iter().any(|other| other.name == period.name) {
                let message = format!("two periods are named \"{}\"", period.name);
                self.push(&format!("period[{index}].name"), message, "give each its own name");
            }
            if matches!((period.first, period.last), (Some(first), Some(last)) if first > last) {
                let message = "first is later than last";
                self.push(&format!("period[{index}].first"), message, "swap the two");
            }
        }
    }

    pub fn numbers(&mut self, spec: &Spec) {
        if let Some(number) = spec.periods_per_year.number().filter(|number| *number <= 0.0) {
            let message = format!("must be above 0, found {}", shown(number));
            self.push("periods_per_year", message, "remove it: \"auto\" finds it");
        }
        self.costs(spec);
    }

    pub fn grid(&mut self, spec: &Spec) {
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
