//! The measures of a backtest: of the full sample and of each regime, with and without costs, beside
//! the benchmark's own, and what they say in plain words.

use std::ops::Range;

use walkfolio_backtest::{Execution, InitialTrade, LinearCost, Simulation, Step, simulate};
use walkfolio_core::{Date, Market, Note, Row};
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

/// The measures of the full sample and of each regime; what a reader must know goes to `notes`.
pub(crate) fn measures(
    study: &Study,
    market: &Market,
    simulation: &Simulation,
    notes: &mut Vec<(Option<Date>, Note)>,
) -> MeasureSet {
    let config = study.config();
    let context = Context { study, market, simulation };
    let sample = context.between(config.spec().measure.first, None);
    if sample.start > simulation.rows.start && sample.start < simulation.rows.end {
        let message = format!(
            "returns are measured from {} on; turnover, cost, holdings and gross exposure are those of the whole backtest, from {} on",
            market.dates()[sample.start],
            market.dates()[simulation.rows.start]
        );
        notes.push((None, Note::info(message)));
    }
    let full = context.take(sample, Rebalances::All);
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
        let measures = context.take(rows, Rebalances::Inside);
        let prefix = |note: &Note| Note {
            kind: note.kind,
            message: format!("regime {}: {}", regime.name, note.message),
        };
        let own = measures.notes().iter().filter(|note| !full.notes().contains(note));
        notes.extend(own.map(|note| (None, prefix(note))));
        regimes.push((regime.name.clone(), MeasureTable::from(&measures)));
    }
    MeasureSet { full: MeasureTable::from(&full), regimes }
}

/// The measures as if trading were free; none where it is.
pub(crate) fn without_costs(
    study: &Study,
    market: &Market,
    steps: &[Step],
    end: Row,
) -> Result<Option<MeasureSet>> {
    let execution = *study.config().execution();
    if execution.cost.per_side_bps == 0.0 {
        return Ok(None);
    }
    let cost = LinearCost { per_side_bps: 0.0, ..execution.cost };
    let simulation = simulate(market, steps, &Execution { cost, ..execution }, end)?;
    Ok(Some(measures(study, market, &simulation, &mut Vec::new())))
}

/// The measures of the benchmark over the same sessions; none without one.
pub(crate) fn benchmark_measures(
    study: &Study,
    market: &Market,
    simulation: &Simulation,
) -> Option<MeasureSet> {
    market.benchmark()?;
    let context = Context { study, market, simulation };
    let config = study.config();
    let full = context.benchmark(context.between(config.spec().measure.first, None))?;
    let of = |rows: Range<Row>| (!rows.is_empty()).then(|| context.benchmark(rows)).flatten();
    let regimes = config.periods().iter().filter_map(|regime| {
        let table = of(context.between(regime.first, regime.last))?;
        Some((regime.name.clone(), table))
    });
    Some(MeasureSet { full, regimes: regimes.collect() })
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
    if let Some(share) = share.filter(|share| bounds.min < 0.0 && *share > MOSTLY) {
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
}

impl Context<'_> {
    /// The simulated rows between two dates.
    fn between(&self, first: Option<Date>, last: Option<Date>) -> Range<Row> {
        let dates = self.market.dates();
        let rows = self.simulation.rows.clone();
        let start = first.map_or(0, |first| dates.partition_point(|date| *date < first));
        let end = last.map_or(dates.len(), |last| dates.partition_point(|date| *date <= last));
        let start = start.clamp(rows.start, rows.end);
        start..end.clamp(start, rows.end)
    }

    fn take(&self, rows: Range<Row>, which: Rebalances) -> Measures {
        let simulation = self.simulation;
        let offset = simulation.rows.start;
        let series = |value: &dyn Fn(Row) -> Option<f64>| {
            rows.clone().map(value).collect::<Option<Vec<f64>>>()
        };
        let market = self.market;
        let benchmark = market.benchmark().and_then(|b| series(&|row| b.value(row)));
        let cash = market.cash().and_then(|cash| series(&|row| cash.value(row)));
        let excess = market.factors().and_then(|f| series(&|row| f.market_excess(row)));
        let rebalances = self.rebalances(match which {
            Rebalances::All => simulation.rows.clone(),
            Rebalances::Inside => rows.clone(),
        });
        let last = rows.end.checked_sub(1).map(|row| market.dates()[row]);
        measure(&Record {
            benchmark: benchmark.as_deref(),
            cash: cash.as_deref(),
            market_excess: excess.as_deref(),
            rebalances: &rebalances,
            rebalance_sessions: match which {
                Rebalances::All => simulation.rows.len(),
                Rebalances::Inside => rows.len(),
            },
            periods_per_year: self.study.config().spec().periods_per_year,
            wiped_out: simulation.wiped_out.filter(|date| last.is_some_and(|last| *date <= last)),
            ..Record::new(
                &market.dates()[rows.clone()],
                &simulation.net[rows.start - offset..rows.end - offset],
            )
        })
    }

    /// The benchmark as a portfolio of its own.
    fn benchmark(&self, rows: Range<Row>) -> Option<MeasureTable> {
        let market = self.market;
        let series = |value: &dyn Fn(Row) -> Option<f64>| {
            rows.clone().map(value).collect::<Option<Vec<f64>>>()
        };
        let returns = series(&|row| market.benchmark()?.value(row))?;
        let cash = market.cash().and_then(|cash| series(&|row| cash.value(row)));
        let excess = market.factors().and_then(|f| series(&|row| f.market_excess(row)));
        Some(MeasureTable::from(&measure(&Record {
            cash: cash.as_deref(),
            market_excess: excess.as_deref(),
            periods_per_year: self.study.config().spec().periods_per_year,
            ..Record::new(&market.dates()[rows.clone()], &returns)
        })))
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
