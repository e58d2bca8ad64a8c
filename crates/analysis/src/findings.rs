//! Every figure of a backtest's report, as data.

use serde::Serialize;
use walkfolio_record::Run;

use crate::active_risk::ActiveRisk;
use crate::assessment::{Assessment, assess, evidence};
use crate::attribution::Attribution;
use crate::calendar::Calendar;
use crate::distribution::Distribution;
use crate::growth::Growth;
use crate::headline::{self, Figure};
use crate::holdings::Holdings;
use crate::model::Model;
use crate::period::{Period, periods};
use crate::rolling::Rolling;
use crate::solves::Solves;
use crate::stated;
use crate::target::{TargetResult, targets};

/// What a backtest amounts to. A report shows these figures and computes none.
///
/// Everything is taken from the record: nothing is run again, and equal runs have equal findings.
///
/// # Units
/// Fractions for percentages, annualized where a field says so; measures in the units of their
/// definitions.
/// # Examples
/// ```no_run
/// # fn run() -> walkfolio_record::Run { unimplemented!() }
/// let run = run();
/// let findings = walkfolio_analysis::Findings::of(&run);
/// println!("{}", findings.assessment.label);
/// for figure in &findings.headline {
///     println!("{} {:?} {:?}", figure.key, figure.value, figure.interval);
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Findings {
    /// Periods in a year.
    pub periods_per_year: f64,
    /// The full sample, then every regime that has a session.
    pub periods: Vec<Period>,
    /// The five figures that matter most for the objective.
    pub headline: Vec<Figure>,
    /// What to make of the run.
    pub assessment: Assessment,
    /// The study's targets and what was reached.
    pub targets: Vec<TargetResult>,
    /// What became of $100.
    pub growth: Growth,
    /// Measures over trailing windows.
    pub rolling: Option<Rolling>,
    /// Returns by month and year.
    pub calendar: Calendar,
    /// The returns of the full sample versus a normal distribution.
    pub distribution: Option<Distribution>,
    /// Holdings by decision.
    pub holdings: Holdings,
    /// Expected and realized tracking error.
    pub active_risk: Option<ActiveRisk>,
    /// Factor exposures, and what they explain.
    pub attribution: Option<Attribution>,
    /// The classifier, where there is one.
    pub model: Option<Model>,
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
        let model = Model::of(run);
        let adds_value = model.as_ref().and_then(|model| model.adds_value);
        let figures: Vec<&Figure> = headline.iter().chain([&excess]).collect();
        Self {
            periods_per_year,
            assessment: assess(&evidence(run, full, &figures, adds_value)),
            headline,
            targets: targets(&run.manifest, &run.measures.full),
            growth: Growth::of(&run.returns),
            rolling: Rolling::of(full.of_returns(run), periods_per_year),
            calendar: Calendar::of(&run.returns),
            distribution: Distribution::of(full.of_returns(run)),
            holdings: Holdings::of(&run.decisions),
            active_risk: ActiveRisk::of(run),
            attribution: Attribution::of(run, &periods),
            model,
            solves: Solves::of(&run.ledger),
            periods,
        }
    }

    /// The full sample.
    pub fn full(&self) -> &Period {
        &self.periods[0]
    }
}
