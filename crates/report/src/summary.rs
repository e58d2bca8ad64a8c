//! What a page, an executive report and a workbook say alike: computed once for all three.

use walkfolio::Run;

use crate::cards::{Card, Intervals, cards};
use crate::certainty::Certainty;
use crate::evidence::evidence;
use crate::model::Judged;
use crate::period::{Period, periods};
use crate::verdict::{Verdict, verdict};

/// A run with its periods, its intervals and its verdict.
pub(crate) struct Summary<'a> {
    /// The run itself.
    pub run: &'a Run,
    /// Sessions a year.
    pub a_year: f64,
    /// The full sample and every regime.
    pub periods: Vec<Period<'a>>,
    /// Beside each period, how certain its figures are.
    pub certain: Vec<Certainty>,
    /// The five figures that matter.
    pub cards: Vec<Card>,
    /// What to make of them.
    pub verdict: Verdict,
    /// The classifier, where there is one.
    pub judged: Option<Judged<'a>>,
}

impl<'a> Summary<'a> {
    /// Sums up a run; equal runs, equal summaries.
    pub(crate) fn of(run: &'a Run) -> Self {
        let a_year = run.manifest.resolved["periods_per_year"].as_f64().unwrap_or(252.0);
        let periods = periods(run);
        let certain: Vec<Certainty> =
            periods.iter().map(|period| Certainty::of(period, a_year)).collect();
        let intervals = Intervals::of(run, &periods[0], &certain[0], a_year);
        let judged = Judged::of(run);
        let earns = judged.as_ref().and_then(Judged::earns_its_place);
        Self {
            run,
            a_year,
            verdict: verdict(&evidence(run, &certain[0], &intervals, earns)),
            cards: cards(run, &intervals, a_year),
            judged,
            periods,
            certain,
        }
    }
}
