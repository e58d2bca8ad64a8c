//! A policy of one's own on a study's market: on its schedule, with its costs, measured as it says.

use walkfolio_backtest::{Backtest, Observer, decision_rows, first_full_row};
use walkfolio_core::{Date, Note, Policy};
use walkfolio_data::Loaded;
use walkfolio_estimate::regime::Regime;
use walkfolio_record::{LedgerRow, Run, Status};
use walkfolio_study::Study;

use crate::account::{Accounted, account_of};
use crate::account_files::check_account;
use crate::attribution::attribution;
use crate::audit::{Audit, Build, audit_policy};
use crate::baselines::baselines;
use crate::benchmark_holdings::holdings_rows;
use crate::factors::factor_table;
use crate::manifest::manifest;
use crate::measured::{benchmark_measures, measures, without_costs};
use crate::outcome::{Prepared, prepare};
use crate::regimes::regime_rows;
use crate::run::{return_rows, weights};
use crate::{Error, Result};

/// What a policy came to.
#[derive(Debug, Clone)]
pub struct PolicyRun {
    /// Its tables and measures. The manifest is that of the study, whose own decisions it does not have.
    pub run: Run,
    /// Whether all decisions were made, or the observer ended the walk.
    pub complete: bool,
}

/// Walks a policy forward through the market of a study, whose `[allocate]` and `[estimate]` play no part.
///
/// # Timing
/// As in a run of the study: a decision at row `t` is shown rows before `t`, and its weights earn from
/// `t + execution_lag` on.
/// # Errors
/// As [`run`](crate::run()).
/// # Examples
/// ```
/// use std::path::Path;
/// use walkfolio_backtest::Silent;
/// use walkfolio_core::*;
/// use walkfolio_study::Study;
///
/// struct EqualWeight;
/// impl Policy for EqualWeight {
///     fn decide(&self, past: &Past<'_>, _: View<'_>) -> Result<Decision> {
///         let assets = past.eligible(self.need());
///         let each = vec![1.0 / assets.len() as f64; assets.len()];
///         Ok(Decision::of(Weights::scatter(past.universe().len(), &assets, &each)?))
///     }
///     fn need(&self) -> Need {
///         Need { rows: 1, history_months: None }
///     }
/// }
///
/// let study = Study::load(Path::new("../../studies/mtum-all-eleven.toml"), &[])?;
/// let loaded = walkfolio_run::market(&study, None)?;
/// let done = walkfolio_run::run_policy(&study, &loaded, &EqualWeight, &Silent)?;
/// assert!(done.complete && done.run.measures.full.get("tracking_error").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run_policy(
    study: &Study,
    loaded: &Loaded,
    policy: &dyn Policy,
    observer: &dyn Observer,
) -> Result<PolicyRun> {
    check_account(study, loaded)?;
    let study = &study.on(&loaded.market)?;
    let Prepared { market } = prepare(study, &loaded.market)?;
    let config = study.config();
    let backtest = Backtest::new(&market)
        .schedule(config.schedule().clone())
        .execution(*config.execution())
        .observer(observer);
    let walk = backtest.walk(policy)?;
    if walk.steps.is_empty() {
        return Err(Error::Interrupted);
    }
    let simulation = backtest.simulate(&walk)?;
    let mut notes: Vec<(Option<Date>, Note)> =
        loaded.notes.iter().map(|note| (None, note.clone())).collect();
    let status = if walk.complete { Status::Complete } else { Status::Interrupted };
    let complete = walk.complete;
    let measures = measures(study, &market, &simulation, &mut notes)?;
    notes.extend(simulation.notes.iter().map(|(date, note)| (Some(*date), note.clone())));
    let own = account_of(study, loaded, &market, (&walk, policy.memory()))?;
    let account = own.map(|Accounted { run, notes: more }| {
        notes.extend(more);
        run
    });
    let (attribution, remarks) = attribution(study, &market, &walk, &simulation)?;
    notes.extend(remarks.into_iter().map(|note| (None, note)));
    let mut manifest = manifest(study, loaded, status)?;
    manifest.decisions = walk.steps.len();
    let regimes: Vec<Regime> = config.spec().regime.iter().cloned().map(Regime::new).collect();
    let run = Run {
        regimes: regime_rows(&regimes, &market, &simulation.rows)?,
        baselines: baselines(study, &market, &walk, &simulation)?,
        benchmark_holdings: holdings_rows(study, &walk, &market)?,
        without_costs: without_costs(study, &market, &walk.steps, backtest.end(&walk))?,
        benchmark: benchmark_measures(study, &market, &simulation)?,
        factors: factor_table(&market, &simulation.rows),
        ledger: notes.iter().map(|(date, note)| LedgerRow::of_note(*date, note)).collect(),
        decisions: weights(&market, &walk, &simulation),
        returns: return_rows(&market, &simulation),
        account,
        attribution,
        robustness: None,
        manifest,
        measures,
        timings: Vec::new(),
        risk: Vec::new(),
        frontier: Vec::new(),
        classifier: None,
        data_report: None,
    };
    Ok(PolicyRun { run, complete })
}

/// Proves that no decision of a policy looks ahead: each is made again on perturbed future data.
///
/// # Errors
/// As [`run_policy`].
/// # Examples
/// ```
/// # use std::path::Path;
/// # use walkfolio_backtest::Silent;
/// # use walkfolio_core::*;
/// # use walkfolio_study::Study;
/// # struct Hold;
/// # impl Policy for Hold {
/// #     fn decide(&self, past: &Past<'_>, _: View<'_>) -> Result<Decision> {
/// #         Ok(Decision::of(Weights::scatter(past.universe().len(), &[0], &[1.0])?))
/// #     }
/// #     fn need(&self) -> Need {
/// #         Need { rows: 1, history_months: None }
/// #     }
/// # }
/// let study = Study::load(Path::new("../../studies/mtum-all-eleven.toml"), &[])?;
/// let loaded = walkfolio_run::market(&study, None)?;
/// let build = |_: &Market| -> walkfolio_run::Result<Box<dyn Policy>> { Ok(Box::new(Hold)) };
/// let audit = walkfolio_run::audit_own(&study, &loaded, &build, &Silent)?;
/// assert!(audit.complete && audit.leak.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn audit_own(
    study: &Study,
    loaded: &Loaded,
    build: &Build<'_>,
    observer: &dyn Observer,
) -> Result<Audit> {
    let study = &study.on(&loaded.market)?;
    let Prepared { market } = prepare(study, &loaded.market)?;
    let policy = build(&market)?;
    let dates = market.dates();
    let (first, last) = (dates[0], dates[dates.len() - 1]);
    let full = first_full_row(&market, policy.as_ref()).ok_or_else(|| {
        let reason = format!("no asset ever has {} returns", policy.need().rows);
        walkfolio_backtest::Error::NoDecision { first, last, reason }
    })?;
    let rows = decision_rows(&market, policy.as_ref(), study.config().schedule(), full)?;
    audit_policy(&market, build, &rows, study.config().execution(), observer)
}
