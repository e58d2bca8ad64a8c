//! The measures of a backtest: of the full sample and of each regime, with and without costs, beside
//! the benchmark's own, and what they say in plain words.

use std::ops::Range;

use walkfolio_backtest::{Execution, InitialTrade, LinearCost, Simulation, Step, simulate};
use walkfolio_core::{Benchmark, Date, Market, Note, Row};
use walkfolio_stats::Covered;
use walkfolio_stats::measures::{Measures, RebalanceRecord, Record, Trade, measure};

use crate::Result;
use walkfolio_record::{MeasureSet, MeasureTable};
use walkfolio_study::Study;

/// A weight this near to a bound, as a part of the bounds' distance, sits at it.
const AT_BOUND: f64 = 1e-6;
/// A share of weights at their bounds beyond which the bounds decide more than the estimates.
const MOSTLY: f64 = 0.5;
/// A drawdown beyond this has all but ruined its owner.
const NEAR_RUIN: f64 = -0.9;

/// Those of some rows that are between two dates, both included.
pub(crate) fn rows_between(
    market: &Market,
    rows: &Range<Row>,
    first: Option<Date>,
    last: Option<Date>,
) -> Range<Row> {
    let dates = market.dates();
    let start = first.map_or(0, |first| dates.partition_point(|date| *date < first));
    let end = last.map_or(dates.len(), |last| dates.partition_point(|date| *date <= last));
    let start = start.clamp(rows.start, rows.end);
    start..end.clamp(start, rows.end)
}

/// The measures of the full sample and of each regime; what a reader must know goes to `notes`.
pub(crate) fn measures(
    study: &Study,
    market: &Market,
    simulation: &Simulation,
    notes: &mut Vec<(Option<Date>, Note)>,
) -> Result<MeasureSet> {
    let config = study.config();
    let context = Context::new(study, market, simulation)?;
    let sample = context.between(config.spec().measure.first, None);
    if sample.start > simulation.rows.start && sample.start < simulation.rows.end {
        let message = format!(
            "returns are measured from {} on; turnover, cost, holdings and gross exposure are those of the whole backtest, from {} on",
            market.dates()[sample.start],
            market.dates()[simulation.rows.start]
        );
        notes.push((None, Note::info(message)));
    }
    let full = context.take(sample.clone(), Rebalances::All);
    notes.extend(full.notes().iter().map(|note| (None, note.clone())));
    let mut regimes = Vec::new();
    for regime in config.periods() {
        let rows = context.between(regime.first, regime.last);
        if rows.is_empty() {
            let message = format!(
                "period {} has no session in the backtest: it is not in the tables",
                regime.name
            );
            notes.push((None, Note::warning(message)));
            continue;
        }
        let measures = context.take(rows.clone(), Rebalances::Inside);
        let prefix = |note: &Note| Note {
            kind: note.kind,
            message: format!("regime {}: {}", regime.name, note.message),
        };
        let own = measures.notes().iter().filter(|note| !full.notes().contains(note));
        notes.extend(own.map(|note| (None, prefix(note))));
        regimes.push((regime.name.clone(), context.table(&measures, &rows, &rows)));
    }
    Ok(MeasureSet { full: context.table(&full, &sample, &sample), regimes })
}

/// The measures of the full sample of another portfolio over the same sessions.
pub(crate) fn full_sample(
    study: &Study,
    market: &Market,
    simulation: &Simulation,
) -> Result<MeasureTable> {
    let context = Context::new(study, market, simulation)?;
    let sample = context.between(study.config().spec().measure.first, None);
    let measures = context.take(sample.clone(), Rebalances::All);
    Ok(context.table(&measures, &sample, &sample))
}

/// The measures as if trading were free; none where it is.
pub(crate) fn without_costs(
    study: &Study,
    market: &Market,
    steps: &[Step],
    end: Row,
) -> Result<Option<MeasureSet>> {
    let execution = *study.config().execution();
    if !study.config().spec().costs.any() {
        return Ok(None);
    }
    let cost = LinearCost { per_side_bps: 0.0, ..execution.cost };
    let free = Execution { cost, impact: None, ..execution };
    let simulation = simulate(market, steps, &free, end)?;
    measures(study, market, &simulation, &mut Vec::new()).map(Some)
}

/// The measures of the benchmark over those of the same sessions that it has; none without one.
pub(crate) fn benchmark_measures(
    study: &Study,
    market: &Market,
    simulation: &Simulation,
) -> Result<Option<MeasureSet>> {
    let Some(benchmark) = market.benchmark() else { return Ok(None) };
    let context = Context::new(study, market, simulation)?;
    let config = study.config();
    let full = context.between(config.spec().measure.first, None);
    let Some(full) = context.benchmark(benchmark, full) else { return Ok(None) };
    let regimes = config.periods().iter().filter_map(|regime| {
        let table = context.benchmark(benchmark, context.between(regime.first, regime.last))?;
        Some((regime.name.clone(), table))
    });
    Ok(Some(MeasureSet { full, regimes: regimes.collect() }))
}

/// What the figures mean, where a reader might miss it.
pub(crate) fn observations(
    study: &Study,
    market: &Market,
    steps: &[Step],
    measures: &MeasureSet,
) -> Vec<(Option<Date>, Note)> {
    let mut notes = Vec::new();
    let bounds = &study.config().spec().allocate.bounds;
    let share = share_at_bounds(steps, (bounds.min, bounds.max));
    let n = market.universe().len() as f64;
    let fixed = !study.config().spec().switches("allocate.bounds");
    if let Some(share) = share.filter(|share| fixed && bounds.min < 0.0 && *share > MOSTLY) {
        notes.push(Note::warning(format!(
            "on average {:.1} of {n} weights sit at their bounds of {} and {}: the bounds decide more than the estimates; allocate.gross_leverage caps the sum of all positions",
            share * n,
            bounds.min,
            bounds.max
        )));
    }
    if let Some(drawdown) = measures.full.get("max_drawdown").filter(|d| *d < NEAR_RUIN) {
        notes.push(Note::warning(format!(
            "near ruin: at its worst the portfolio had lost {:.2} % of its value; ratios of mean and risk do not show it",
            -100.0 * drawdown
        )));
    }
    notes.into_iter().map(|note| (None, note)).collect()
}

/// The mean share of weights at a bound other than zero.
fn share_at_bounds(steps: &[Step], (min, max): (f64, f64)) -> Option<f64> {
    let tolerance = AT_BOUND * (max - min).abs();
    let at = |w: &f64| {
        w.abs() > tolerance && ((w - min).abs() <= tolerance || (w - max).abs() <= tolerance)
    };
    let share = |step: &Step| {
        let weights = step.decision.target.values();
        weights.iter().filter(|w| at(w)).count() as f64 / weights.len().max(1) as f64
    };
    (!steps.is_empty()).then(|| steps.iter().map(share).sum::<f64>() / steps.len() as f64)
}

/// Which rebalances turnover and concentration are taken from.
#[derive(Clone, Copy)]
enum Rebalances {
    /// All of the backtest, also those before the measured sample.
    All,
    /// Those inside the measured rows.
    Inside,
}

struct Context<'a> {
    study: &'a Study,
    market: &'a Market,
    simulation: &'a Simulation,
    periods_per_year: f64,
}

impl<'a> Context<'a> {
    fn new(study: &'a Study, market: &'a Market, simulation: &'a Simulation) -> Result<Self> {
        let periods_per_year = study.config().periods_per_year()?;
        Ok(Self { study, market, simulation, periods_per_year })
    }

    /// The simulated rows between two dates.
    fn between(&self, first: Option<Date>, last: Option<Date>) -> Range<Row> {
        rows_between(self.market, &self.simulation.rows, first, last)
    }

    fn take(&self, rows: Range<Row>, which: Rebalances) -> Measures {
        let (simulation, market) = (self.simulation, self.market);
        let offset = simulation.rows.start;
        let benchmark = market.benchmark();
        let rebalances = self.rebalances(match which {
            Rebalances::All => simulation.rows.clone(),
            Rebalances::Inside => rows.clone(),
        });
        let last = rows.end.checked_sub(1).map(|row| market.dates()[row]);
        measure(&Record {
            benchmark: benchmark.and_then(|b| Covered::of(rows.clone().map(|row| b.value(row)))),
            rebalances: &rebalances,
            rebalance_sessions: match which {
                Rebalances::All => simulation.rows.len(),
                Rebalances::Inside => rows.len(),
            },
            wiped_out: simulation.wiped_out.filter(|date| last.is_some_and(|last| *date <= last)),
            ..self.record(&rows, &simulation.net[rows.start - offset..rows.end - offset])
        })
    }

    /// The benchmark as a portfolio of its own, over the sessions of a period that it has.
    fn benchmark(&self, benchmark: &Benchmark, period: Range<Row>) -> Option<MeasureTable> {
        let listing = benchmark.listing();
        let rows = period.start.max(listing.start)..period.end.min(listing.end);
        let returns: Vec<f64> = rows.clone().filter_map(|row| benchmark.value(row)).collect();
        let measures = (!rows.is_empty()).then(|| measure(&self.record(&rows, &returns)))?;
        Some(self.table(&measures, &rows, &period))
    }

    /// Returns next to the cash and the factors of their sessions.
    fn record<'r>(&'r self, rows: &Range<Row>, returns: &'r [f64]) -> Record<'r> {
        let (cash, factors) = (self.market.cash(), self.market.factors());
        Record {
            cash: cash.and_then(|cash| Covered::of(rows.clone().map(|row| cash.value(row)))),
            market_excess: factors
                .filter(|factors| factors.has_market())
                .and_then(|f| Covered::of(rows.clone().map(|row| f.market_excess(row)))),
            periods_per_year: self.periods_per_year,
            ..Record::new(&self.market.dates()[rows.clone()], returns)
        }
    }

    /// The table of the measures of some of a period's rows.
    fn table(&self, measures: &Measures, rows: &Range<Row>, period: &Range<Row>) -> MeasureTable {
        MeasureTable::of(measures, &self.market.dates()[rows.clone()], period.len())
    }

    fn rebalances(&self, rows: Range<Row>) -> Vec<RebalanceRecord<'_>> {
        let free = self.study.config().execution().cost.initial_trade == InitialTrade::Free;
        let all = self.simulation.rebalances.iter().enumerate();
        all.filter(|(_, rebalance)| rows.contains(&rebalance.row))
            .map(|(index, rebalance)| RebalanceRecord {
                date: self.market.dates()[rebalance.row],
                target: rebalance.target.values(),
                turnover: rebalance.turnover,
                cost: rebalance.cost,
                trade: if index == 0 && free { Trade::Initial } else { Trade::Rebalance },
            })
            .collect()
    }
}
