//! One backtest of a study, and the tables it leaves.

use std::sync::Arc;
use std::time::Instant;

use walkfolio_backtest::{
    KeepNothing, Keeper, Observer, Simulation, Step, Walk, first_full_row, simulate, walk_kept,
};
use walkfolio_core::{Date, Market, Note, Row, Weights};
use walkfolio_data::Loaded;
use walkfolio_estimate::Windows;

use crate::checkpoint::{Checkpoints, WalkKeeper};
use crate::classifier::ClassifierRun;
use crate::factors::{FactorTable, factor_table};
use crate::manifest::{Manifest, Seconds, Status};
use crate::policy::{StudyPolicy, due_rows};
use crate::risk::{RiskRow, risk_rows};
use crate::study::Study;
use crate::survivors::survivors;
use crate::tables::{AllMeasures, DecisionRow, LedgerRow, MeasureSet, ReturnRow, TimingRow};
use crate::{Error, Result};

/// A backtest: its manifest and its tables.
#[derive(Debug, Clone)]
pub struct Run {
    /// What was run on which data.
    pub manifest: Manifest,
    /// One row per decision and asset.
    pub decisions: Vec<DecisionRow>,
    /// One row per event.
    pub ledger: Vec<LedgerRow>,
    /// What may differ from run to run.
    pub timings: Vec<TimingRow>,
    /// One row per session.
    pub returns: Vec<ReturnRow>,
    /// Where each decision's tracking error was expected to come from.
    pub risk: Vec<RiskRow>,
    /// Factor returns of its sessions, where the study loads some.
    pub factors: Option<FactorTable>,
    /// What was learned, where the study has a classifier.
    pub classifier: Option<ClassifierRun>,
    /// The measures of the full sample and of each regime.
    pub measures: MeasureSet,
    /// The same as if trading were free, where the study charges for it.
    pub without_costs: Option<MeasureSet>,
    /// The same of the benchmark, as a portfolio of its own.
    pub benchmark: Option<MeasureSet>,
    /// What is wrong with its data, as `data-report.json` has it, where the folder holds one.
    pub data_report: Option<serde_json::Value>,
}

/// A market and its sums, shared by the cells of a grid.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub market: Arc<Market>,
    pub windows: Arc<Windows>,
}

/// A walk, how it went, and what it amounted to.
pub(crate) struct Outcome {
    pub market: Arc<Market>,
    pub policy: StudyPolicy,
    pub walk: Walk,
    pub simulation: Simulation,
    pub measures: MeasureSet,
    pub without_costs: Option<MeasureSet>,
    pub notes: Vec<(Option<Date>, Note)>,
    pub seconds: Seconds,
}

impl Run {
    /// What `measures.json` holds.
    pub(crate) fn all_measures(&self) -> AllMeasures<'_> {
        AllMeasures {
            run: &self.measures,
            without_costs: self.without_costs.as_ref(),
            benchmark: self.benchmark.as_ref(),
        }
    }
}

impl Study {
    /// Runs the study as one backtest.
    ///
    /// # Errors
    /// [`Error::IsGrid`] if it has a grid; [`Error::Core`] and [`Error::Backtest`] if the data does
    /// not fit it or a decision fails without a fallback.
    pub fn run(&self, loaded: &Loaded, observer: &dyn Observer) -> Result<Run> {
        self.run_kept(loaded, observer, None)
    }

    /// As [`Study::run`], keeping what is done on the way and taking up what was done before.
    ///
    /// # Errors
    /// As [`Study::run`], and if something cannot be kept.
    pub fn run_kept(
        &self,
        loaded: &Loaded,
        observer: &dyn Observer,
        checkpoints: Option<&Checkpoints>,
    ) -> Result<Run> {
        if !self.config().grid().is_empty() {
            return Err(Error::IsGrid);
        }
        let outcome = self.backtest(&self.prepare(&loaded.market)?, observer, checkpoints)?;
        let status = if outcome.walk.complete { Status::Complete } else { Status::Interrupted };
        let mut manifest = Manifest::new(self, loaded, status);
        manifest.describe(&outcome);
        // Labels that are settled after the last decision may lie beyond the study's last date.
        let whole = loaded.market.between(self.config().spec().market.first, None)?;
        let Outcome { market, policy, walk, .. } = &outcome;
        let carried_out = &outcome.simulation.rebalances;
        let carried_out: Vec<(Row, &Weights)> =
            carried_out.iter().map(|one| (walk.steps[one.step].row, &one.target)).collect();
        manifest.survivors = survivors(market, policy, &carried_out)?;
        Ok(Run {
            risk: risk_rows(walk, market, self.config().spec().periods_per_year)?,
            factors: factor_table(market, &outcome.simulation.rows),
            classifier: self.classifier_run(policy, walk, market, &whole)?,
            benchmark: self.benchmark_measures(market, &outcome.simulation),
            manifest,
            decisions: decision_rows(&outcome),
            ledger: self.ledger(loaded, &outcome),
            timings: outcome.walk.steps.iter().map(|step| timing(&outcome.market, step)).collect(),
            returns: return_rows(&outcome),
            measures: outcome.measures,
            without_costs: outcome.without_costs,
            data_report: None,
        })
    }

    /// The market of the study's period, and its sums.
    pub(crate) fn prepare(&self, market: &Market) -> Result<Prepared> {
        let config = self.config();
        let market = market.between(config.spec().market.first, config.schedule().last)?;
        let windows = Arc::new(Windows::new(&market));
        Ok(Prepared { market: Arc::new(market), windows })
    }

    /// Walks, simulates and measures.
    pub(crate) fn backtest(
        &self,
        prepared: &Prepared,
        observer: &dyn Observer,
        checkpoints: Option<&Checkpoints>,
    ) -> Result<Outcome> {
        let config = self.config();
        let market = Arc::clone(&prepared.market);
        let policy = StudyPolicy::new(self, &prepared.windows)?;
        let mut notes = self.vacuous();
        let started = Instant::now();
        let rows = self.decision_rows(&market, &policy, &mut notes)?;
        let kept = checkpoints.map(|checkpoints| WalkKeeper::new(checkpoints, &policy));
        let keeper: &dyn Keeper = kept.as_ref().map_or(&KeepNothing, |kept| kept as &dyn Keeper);
        let walk = walk_kept(&market, &policy, &rows, config.execution(), (observer, keeper))?;
        drop(kept);
        let decide = started.elapsed().as_secs_f64();
        let Some(last) = walk.steps.last() else { return Err(Error::Interrupted) };
        let started = Instant::now();
        let reached = last.row + config.execution().lag_rows + 1;
        let end = if walk.complete { market.rows() } else { reached.min(market.rows()) };
        let simulation = simulate(&market, &walk.steps, config.execution(), end)?;
        let simulated = started.elapsed().as_secs_f64();
        let started = Instant::now();
        let measures = self.measures(&market, &simulation, &mut notes);
        let without_costs = self.without_costs(&market, &walk.steps, end)?;
        notes.extend(self.observations(&market, &walk.steps, &measures));
        let seconds =
            Seconds { decide, simulate: simulated, measure: started.elapsed().as_secs_f64() };
        Ok(Outcome { market, policy, walk, simulation, measures, without_costs, notes, seconds })
    }

    /// The rows of the decisions.
    pub(crate) fn decision_rows(
        &self,
        market: &Market,
        policy: &StudyPolicy,
        notes: &mut Vec<(Option<Date>, Note)>,
    ) -> Result<Vec<Row>> {
        let dates = market.dates();
        let schedule = self.config().schedule();
        let (first, last) = (dates[0], dates[dates.len() - 1]);
        let none = |reason: String| walkfolio_backtest::Error::NoDecision { first, last, reason };
        let window = self.config().longest_window();
        let full = first_full_row(market, policy).ok_or_else(|| {
            // What is in the way at the end of the data is in the way throughout.
            let last = market.before(market.rows() - 1);
            let obstacle = last.ok().and_then(|past| policy.obstacle(&past));
            none(obstacle.unwrap_or_else(|| {
                format!("no asset ever has {window} returns with benchmark and factors beside them")
            }))
        })?;
        let rows = due_rows(schedule, market, policy, full)?;
        let Some(&decided) = rows.first() else {
            let reason = format!("the windows of {window} rows are full from {} on", dates[full]);
            return Err(none(reason).into());
        };
        let asked = schedule.first.unwrap_or(first);
        if dates[full] > asked {
            let message = format!(
                "the first decision is on {}: no window of {window} rows is full before {}",
                dates[decided], dates[full]
            );
            notes.push((Some(dates[decided]), Note::info(message)));
        }
        Ok(rows)
    }

    /// Everything that must not pass in silence, in order.
    fn ledger(&self, loaded: &Loaded, outcome: &Outcome) -> Vec<LedgerRow> {
        let mut rows: Vec<LedgerRow> = loaded
            .notes
            .iter()
            .chain(self.notes())
            .map(|note| LedgerRow::note(None, note))
            .collect();
        rows.extend(event_rows(outcome));
        rows
    }
}

/// The events of a backtest: general ones first, then by decision, then those of the simulation.
pub(crate) fn event_rows(outcome: &Outcome) -> Vec<LedgerRow> {
    let mut rows: Vec<LedgerRow> =
        outcome.notes.iter().map(|(date, note)| LedgerRow::note(*date, note)).collect();
    for step in &outcome.walk.steps {
        let date = outcome.market.dates()[step.row];
        rows.push(LedgerRow::solve(date, &step.decision.solve));
        rows.extend(step.decision.notes.iter().map(|note| LedgerRow::note(Some(date), note)));
    }
    let simulated = outcome.simulation.notes.iter();
    rows.extend(simulated.map(|(date, note)| LedgerRow::note(Some(*date), note)));
    rows
}

fn decision_rows(outcome: &Outcome) -> Vec<DecisionRow> {
    let tickers = outcome.market.universe().tickers();
    let mut rows = Vec::new();
    for rebalance in &outcome.simulation.rebalances {
        let decision = &outcome.walk.steps[rebalance.step].decision;
        let date = outcome.market.dates()[rebalance.row];
        for (asset, ticker) in tickers.iter().enumerate() {
            let selection = decision.selection.as_ref();
            rows.push(DecisionRow {
                date,
                asset: ticker.to_string(),
                weight: rebalance.target.values()[asset],
                drifted: rebalance.drifted.values()[asset],
                selected: selection.map(|selection| selection.selected[asset]),
                probability: selection
                    .and_then(|selection| selection.probability.as_ref())
                    .and_then(|probability| probability[asset]),
            });
        }
    }
    rows
}

fn return_rows(outcome: &Outcome) -> Vec<ReturnRow> {
    let (market, simulation) = (&outcome.market, &outcome.simulation);
    let rows = simulation.rows.clone().enumerate();
    rows.map(|(index, row)| ReturnRow {
        date: market.dates()[row],
        portfolio: simulation.net[index],
        gross: simulation.gross[index],
        benchmark: market.benchmark().and_then(|benchmark| benchmark.value(row)),
        cash: market.cash().and_then(|cash| cash.value(row)),
        turnover: simulation.turnover[index],
        cost: simulation.cost[index],
    })
    .collect()
}

fn timing(market: &Market, step: &Step) -> TimingRow {
    TimingRow {
        date: market.dates()[step.row],
        micros: step.decision.solve.micros,
        iterations: step.decision.solve.iterations,
        pivots: step.decision.solve.pivots,
        nodes: step.decision.solve.nodes,
    }
}
