//! How far an account is from what a study holds, and whether a rebalance pays for itself.

use walkfolio_backtest::Observer;
use walkfolio_core::Weights;
use walkfolio_estimate::Units;
use walkfolio_orders::TradeRules;
use walkfolio_record::{DriftRecord, DriftRow, Payback};
use walkfolio_study::ObjectiveChoice;

use super::account::AccountInput;
use super::decided::Decided;
use super::live::Live;
use super::risk::Estimate;
use crate::Result;

impl Live<'_> {
    /// The distance of an account from the study's last target and from the target of now.
    ///
    /// # Errors
    /// As [`Live::trade`].
    /// # Examples
    /// ```no_run
    /// use walkfolio_run::{AccountInput, Live};
    /// # fn live() -> Live<'static> { unimplemented!() }
    /// # fn account() -> AccountInput { unimplemented!() }
    ///
    /// let rules = walkfolio_orders::TradeRules::whole(0.0);
    /// let drift = live().drift(&account(), &rules, &walkfolio_backtest::Silent)?;
    /// println!("{:?} of tracking error to the last target", drift.apart_from_last);
    /// # Ok::<(), walkfolio_run::Error>(())
    /// ```
    pub fn drift(
        &self,
        input: &AccountInput,
        rules: &TradeRules,
        observer: &dyn Observer,
    ) -> Result<DriftRecord> {
        let decided = self.trade(input, (rules, None), observer)?;
        let past = self.market().before(self.row())?;
        let (held, target, study) = (&decided.held, &decided.target, &decided.study_held);
        let last = decided.previous.as_ref().map(|step| &step.decision.target);
        let mut all = vec![held, target, study];
        all.extend(last);
        let periods = self.study().config().periods_per_year()?;
        let estimate = Estimate::over(&past, &all, periods)?;
        let apart = |to: &Weights| estimate.as_ref().map(|found| found.apart(held, to));
        let half = |to: &Weights| {
            0.5 * held.values().iter().zip(to.values()).map(|(a, b)| (a - b).abs()).sum::<f64>()
        };
        let record = &decided.record;
        let cost = record.account.as_ref().map_or(record.cost, |own| own.cost / own.equity);
        Ok(DriftRecord {
            study: record.study.clone(),
            synthetic: record.synthetic,
            known: record.known,
            last_decision: record.previous,
            next_due: record.next_due,
            rows: self.drift_rows(&decided),
            from_last: half(study),
            apart_from_last: apart(study),
            from_target: half(target),
            apart_from_target: apart(target),
            risk: record.risk.clone(),
            cost,
            payback: self.payback(&decided, cost),
            notes: record.notes.clone(),
        })
    }

    fn drift_rows(&self, decided: &Decided) -> Vec<DriftRow> {
        let tickers = self.market().universe().tickers();
        let last = decided.previous.as_ref().map(|step| step.decision.target.values());
        let row = |asset: usize| DriftRow {
            asset: tickers[asset].to_string(),
            held: decided.held.values()[asset],
            last_target: last.map(|last| last[asset]),
            study: decided.study_held.values()[asset],
            target: decided.target.values()[asset],
        };
        let matters = |row: &DriftRow| {
            row.held != 0.0
                || row.study != 0.0
                || row.target != 0.0
                || row.last_target.is_some_and(|w| w != 0.0)
        };
        (0..tickers.len()).map(row).filter(matters).collect()
    }

    /// What a rebalance gains until the next decision, where the objective says it in returns.
    fn payback(&self, decided: &Decided, cost: f64) -> Payback {
        let spec = self.study().config().spec();
        let times = self
            .study()
            .config()
            .schedule()
            .every
            .per_year(self.study().config().periods_per_year().unwrap_or(1.0));
        let years = decided.record.next_due.map_or(1.0 / times, |next| {
            decided.record.date.until(next).map_or(0.0, |span| f64::from(span.get_days()) / 365.25)
        });
        let in_returns = matches!(
            spec.allocate.objective,
            ObjectiveChoice::MeanVariance(_) | ObjectiveChoice::RobustUtility(_)
        );
        let per_year = match spec.estimate.as_ref().map(|estimate| estimate.units) {
            Some(Units::Daily) => self.study().config().periods_per_year().unwrap_or(1.0),
            _ => 1.0,
        };
        let gain =
            improvement(decided).filter(|_| in_returns).map(|better| better * per_year * years);
        let risk = &decided.record.risk;
        let of =
            |risk: &walkfolio_record::ExpectedRisk| risk.tracking_error.unwrap_or(risk.volatility);
        let lower = risk
            .before
            .as_ref()
            .zip(risk.after.as_ref())
            .map(|(before, after)| of(before) - of(after));
        let break_even =
            lower.filter(|lower| *lower > 0.0 && years > 0.0).map(|lower| cost / (lower * years));
        Payback { years, gain, pays: gain.map(|gain| gain > cost), less_risk: lower, break_even }
    }
}

/// How much better the objective is at the target than at the holdings; none where these are not all assets
/// that may be held.
fn improvement(decided: &Decided) -> Option<f64> {
    let mandate = decided.mandate.as_ref()?;
    let inside = |all: &Weights| {
        (0..all.values().len())
            .all(|asset| all.values()[asset] == 0.0 || decided.assets.contains(&asset))
    };
    if !inside(&decided.held) {
        return None;
    }
    let among = |all: &Weights| {
        decided.assets.iter().map(|&asset| all.values()[asset]).collect::<Vec<f64>>()
    };
    let objective = mandate.objective();
    let sense = if objective.is_minimized() { -1.0 } else { 1.0 };
    // Without the costs of the objective: they are counted once.
    Some(
        sense * (objective.value(&among(&decided.target)) - objective.value(&among(&decided.held))),
    )
}
