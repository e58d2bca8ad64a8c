//! Every figure of a backtest's report, as data.

use serde::Serialize;
use walkfolio_record::Run;

use crate::account::Account;
use crate::active_risk::ActiveRisk;
use crate::assessment::{Assessment, assess, evidence};
use crate::attribution::Attribution;
use crate::baselines::{BaselineFigures, baselines};
use crate::benchmark_holdings::BenchmarkHoldings;
use crate::calendar::Calendar;
use crate::costs::{AtCost, Costs, at_costs};
use crate::current::CurrentPortfolio;
use crate::distribution::Distribution;
use crate::efficient::EfficientFrontier;
use crate::growth::Growth;
use crate::headline::{self, Figure};
use crate::holdings::Holdings;
use crate::key_figures::KeyFigures;
use crate::model::Model;
use crate::period::{Period, periods};
use crate::regimes::Regimes;
use crate::robustness::Robustness;
use crate::rolling::Rolling;
use crate::solves::Solves;
use crate::sources::Sources;
use crate::stated;
use crate::survivorship::Survivorship;
use crate::target::{TargetResult, targets};
use crate::track::{Series, Track};
use crate::weights::WeightsOverTime;

/// All findings of a backtest. A report shows these figures and computes none.
///
/// Everything is taken from the record: nothing is run again, and equal runs have equal findings.
/// Findings can be written, as `--json` does, and not read: a run is read, and they are computed.
///
/// # Units
/// Fractions for percentages, annualized where a field says so; measures in the units of their
/// definitions.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::Findings;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let findings = Findings::of(&run);
/// let figure = &findings.headline[0];
/// assert_eq!((figure.key, figure.value), ("tracking_error", Some(0.05)));
/// assert_eq!(findings.targets[0].met, Some(false));
/// assert_eq!(findings.full().rows, 0..128);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Findings {
    /// Periods in a year.
    pub periods_per_year: f64,
    /// The full sample, then every regime that has a session.
    pub periods: Vec<Period>,
    /// The five figures that matter most for the objective.
    pub headline: Vec<Figure>,
    /// Return, risk, tracking, turnover and cost next to the benchmark's, of the same sessions.
    pub key_figures: Option<KeyFigures>,
    /// What to make of the run.
    pub assessment: Assessment,
    /// The study's targets and what was reached.
    pub targets: Vec<TargetResult>,
    /// What became of $100.
    pub growth: Growth,
    /// Portfolios that need no estimate, next to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub baselines: Vec<BaselineFigures>,
    /// What the returns show by themselves: drawdowns, trailing returns, best and worst periods, episodes.
    pub track: Track,
    /// The portfolio of the last decision.
    pub current: Option<CurrentPortfolio>,
    /// Measures by the state of the study's regimes, and how these went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regimes: Option<Regimes>,
    /// Measures over trailing windows.
    pub rolling: Option<Rolling>,
    /// Returns by month and year.
    pub calendar: Calendar,
    /// The returns of the full sample versus a normal distribution.
    pub distribution: Option<Distribution>,
    /// What trading took, where it is charged for.
    pub costs: Option<Costs>,
    /// The same trades at other costs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub at_costs: Vec<AtCost>,
    /// Weights by decision.
    pub weights: WeightsOverTime,
    /// Holdings by decision.
    pub holdings: Holdings,
    /// The efficient frontier of the last decision, where the study chooses on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub efficient_frontier: Option<EfficientFrontier>,
    /// The account that carried out the decisions, where the study has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// Expected and realized tracking error.
    pub active_risk: Option<ActiveRisk>,
    /// Active share and tracking error against the benchmark's holdings, where these are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benchmark_holdings: Option<BenchmarkHoldings>,
    /// Factor exposures, and what they explain.
    pub attribution: Option<Attribution>,
    /// Contributions, effects and styles, where the study asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<Sources>,
    /// Variants, episodes and shocks, where the study asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub robustness: Option<Robustness>,
    /// The classifier, where there is one.
    pub model: Option<Model>,
    /// Candidates that survive, where some do not.
    pub survivorship: Option<Survivorship>,
    /// How the solves ended.
    pub solves: Option<Solves>,
}

impl Findings {
    /// The findings of a run.
    pub fn of(run: &Run) -> Self {
        let periods_per_year = stated::periods_per_year(&run.manifest);
        let periods = periods(run);
        let full = &periods[0];
        let (headline, excess) = headline::figures(run, full);
        let known = |key: &str| {
            if key == "sharpe_difference" {
                return full.intervals.sharpe_difference.map(|found| found.interval);
            }
            let mut figures = headline.iter().chain([&excess]).filter(|figure| figure.key == key);
            let figure = figures.find_map(|figure| figure.interval);
            figure.or_else(|| full.intervals.own.get(key).copied())
        };
        let key_figures = KeyFigures::of_run(run, full.of_returns(run), &known);
        let model = Model::of(run);
        let adds_value = model.as_ref().and_then(|model| model.adds_value);
        let figures: Vec<&Figure> = headline.iter().chain([&excess]).collect();
        Self {
            periods_per_year,
            assessment: assess(&evidence(run, full, &figures, adds_value)),
            headline,
            baselines: baselines(run, key_figures.as_ref()),
            key_figures,
            targets: targets(&run.manifest, &run.measures.full),
            growth: Growth::of(&run.returns),
            track: Track::of(&Series::of(full.of_returns(run)), periods_per_year),
            current: CurrentPortfolio::of(run),
            regimes: Regimes::of(run),
            rolling: Rolling::of(run, full.of_returns(run)),
            calendar: Calendar::of(&run.returns),
            distribution: Distribution::of(full.of_returns(run)),
            costs: Costs::of(run),
            at_costs: at_costs(run, full.of_returns(run)),
            weights: WeightsOverTime::of(run),
            holdings: Holdings::of(&run.decisions),
            efficient_frontier: EfficientFrontier::of(&run.frontier),
            account: Account::of(run),
            active_risk: ActiveRisk::of(run),
            benchmark_holdings: BenchmarkHoldings::of(&run.benchmark_holdings),
            attribution: Attribution::of(run, &periods),
            sources: Sources::of_run(run),
            robustness: Robustness::of_run(run),
            model,
            survivorship: run.manifest.survivors.as_ref().map(Survivorship::of),
            solves: Solves::of(&run.ledger),
            periods,
        }
    }

    /// The full sample.
    pub fn full(&self) -> &Period {
        &self.periods[0]
    }
}
