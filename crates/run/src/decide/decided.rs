//! The decision itself, as it is written.

use walkfolio_backtest::{Backtest, LastDecision, Observer, Step};
use walkfolio_core::{Decision, Policy, Row, View, Weights};
use walkfolio_optimize::Mandate;
use walkfolio_record::{Holder, LedgerRow, LiveDecision, Source, TargetRow};
use walkfolio_study::policy::Choice;

use super::limits::{Limits, limits};
use super::live::Live;
use super::notes::notes;
use super::risk;
use crate::Result;
use crate::manifest::{identity_of, source};

/// What was decided.
pub struct Decided {
    /// As it is written.
    pub record: LiveDecision,
    /// What was held, by universe index.
    pub held: Weights,
    /// What the study itself would hold: its last target, drifted.
    pub study_held: Weights,
    /// Its decision before this one.
    pub previous: Option<Step>,
    /// The target, by universe index.
    pub target: Weights,
    /// The assets that may be held, by universe index.
    pub assets: Vec<usize>,
    /// What the target is the best portfolio of, over these assets; none where a fallback made it or a volatility
    /// target scaled it.
    pub mandate: Option<Mandate>,
}

impl Live<'_> {
    /// Decides, from what the study itself would hold or from what an account holds, by universe index.
    ///
    /// # Errors
    /// [`Error::Backtest`](crate::Error::Backtest) if no portfolio can be found and no fallback applies.
    pub fn decide(&self, held: Option<&Weights>, observer: &dyn Observer) -> Result<Decided> {
        let execution = *self.study.config().execution();
        let backtest = Backtest::new(&self.market).execution(execution).observer(observer);
        let LastDecision { step, previous, held: own, turnovers } =
            backtest.last(&self.policy, &self.when.rows, held)?;
        let by = if held.is_some() { Holder::Account } else { Holder::Study };
        let held = held.cloned().unwrap_or_else(|| own.clone());
        self.decided((&step, &turnovers), (own, previous), (held, by))
    }

    /// Puts another target in the place of the decision's: the best portfolio of a mandate with further limits.
    pub(super) fn retarget(
        &self,
        decided: &mut Decided,
        target: Weights,
        mandate: Mandate,
    ) -> Result<()> {
        let past = self.market.before(self.row())?;
        let own: Vec<f64> = decided.assets.iter().map(|&asset| target.values()[asset]).collect();
        let sensitivity = mandate.sensitivity(&own);
        let record = &mut decided.record;
        record.solve.objective = Some(mandate.value(&own));
        record.solve.bound = None;
        record.solve.gap = None;
        record.unexplained = sensitivity.as_ref().map(|found| found.unexplained);
        let limits = Limits { mandate: None, sensitivity };
        record.limits = limits.rows(self.market.universe(), &decided.assets);
        let periods = self.study.config().periods_per_year()?;
        record.risk = risk::change(&past, (&decided.held, &target), periods)?;
        let moved = target.values().iter().zip(decided.held.values());
        let traded: f64 = moved.map(|(to, from)| (to - from).abs()).sum();
        record.turnover = 0.5 * traded;
        let execution = self.study.config().execution();
        record.cost = execution.charged((&self.market, self.row()), (&target, &decided.held))?;
        for row in &mut record.target {
            let asset = self.market.universe().position(&row.asset);
            row.target = asset.map_or(0.0, |asset| target.values()[asset]);
        }
        decided.target = target;
        decided.mandate = Some(mandate);
        Ok(())
    }

    fn decided(
        &self,
        (step, turnovers): (&Step, &[(Row, f64)]),
        (study_held, previous): (Weights, Option<Step>),
        (held, held_by): (Weights, Holder),
    ) -> Result<Decided> {
        let (study, market) = (&self.study, &self.market);
        let past = market.before(step.row)?;
        let decision = &step.decision;
        let target = decision.target.clone();
        let view = View::new(self.policy.memory(), &held).with_turnovers(turnovers);
        let Choice { allocation, assets, .. } = self.policy.choose(&past)?;
        let limits = limits(allocation, (&past, &assets, view), decision)?;
        let periods = study.config().periods_per_year()?;
        let traded: f64 =
            target.values().iter().zip(held.values()).map(|(to, from)| (to - from).abs()).sum();
        let sources: Vec<Source> = self.loaded.sources.iter().map(source).collect();
        let record = LiveDecision {
            format: 1,
            study: study.config().name().to_owned(),
            hash: identity_of(study, self.loaded),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            synthetic: self.loaded.synthetic,
            sources,
            benchmark: market.benchmark().map(|benchmark| benchmark.ticker.to_string()),
            date: self.date(),
            known: self.known(),
            age: self.when.age,
            due: self.when.due,
            next_due: self.when.next_due,
            previous: previous.as_ref().map(|step| market.dates()[step.row]),
            held_by,
            target: self.rows(decision, &held),
            solve: LedgerRow::of_solve(self.date(), &decision.solve),
            limits: limits.rows(market.universe(), &assets),
            unexplained: limits.sensitivity.as_ref().map(|found| found.unexplained),
            risk: risk::change(&past, (&held, &target), periods)?,
            turnover: 0.5 * traded,
            cost: study.config().execution().charged((market, step.row), (&target, &held))?,
            notes: notes(self, decision, &held),
            account: None,
        };
        Ok(Decided { record, held, study_held, previous, target, assets, mandate: limits.mandate })
    }

    /// One row for each asset that is held before or after, or may be held.
    fn rows(&self, decision: &Decision, held: &Weights) -> Vec<TargetRow> {
        let selection = decision.selection.as_ref();
        let tickers = self.market.universe().tickers();
        let row = |asset: usize| {
            let price = self.price(asset);
            TargetRow {
                asset: tickers[asset].to_string(),
                before: held.values()[asset],
                target: decision.target.values()[asset],
                selected: selection.is_some_and(|selection| selection.selected[asset]),
                probability: selection
                    .and_then(|selection| selection.probability.as_ref())
                    .and_then(|all| all[asset]),
                price: price.map(|(price, _)| price),
                priced: price.map(|(_, date)| date),
            }
        };
        let matters = |row: &TargetRow| row.before != 0.0 || row.target != 0.0 || row.selected;
        (0..tickers.len()).map(row).filter(matters).collect()
    }
}
