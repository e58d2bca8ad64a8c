//! What each asset, book and cost added to return, volatility and tracking error.

use std::ops::Range;

use walkfolio_backtest::Held;
use walkfolio_core::Row;
use walkfolio_record::{ContributionRow, Part};

use super::expected::expected;
use super::taken::{Span, Taken, rounded};
use crate::Result;

/// Parts that are no assets, behind them in this order.
const OTHERS: [Part; 6] =
    [Part::Benchmark, Part::Cost, Part::Other, Part::LongBook, Part::ShortBook, Part::Financing];

/// The rows of every period.
///
/// On a session, asset `i` adds `w_i r_i` with the weight at the open; costs add `net - gross`. Every sum over
/// the parts is the figure of the whole: the mean, the compounded return (each part times the value of the
/// portfolio before the session), `cov(part, whole) / sd(whole)` for volatility and, less the benchmark's part,
/// for tracking error.
pub(super) fn rows(taken: &Taken<'_>) -> Result<Vec<ContributionRow>> {
    let mut sums: Vec<Sums> = taken.spans.iter().map(|span| Sums::new(taken, span)).collect();
    let mut session = Session::new(taken);
    taken.simulation.for_each_session(taken.market, taken.drift, |held| {
        session.fill(&held);
        for sum in sums.iter_mut().filter(|sum| sum.rows.contains(&held.row)) {
            sum.add(&session, &held);
        }
    });
    let outlooks = Outlook::all(taken)?;
    let all = sums.iter().zip(&taken.spans).zip(&outlooks);
    Ok(all.flat_map(|((sum, span), outlook)| sum.rows(taken, span, outlook)).collect())
}

/// One session in parts: assets, then [`OTHERS`].
struct Session<'a> {
    taken: &'a Taken<'a>,
    benchmark_asset: Option<usize>,
    /// To the return.
    own: Vec<f64>,
    /// To the active return, where the benchmark is known.
    active: Vec<f64>,
    net: f64,
    benchmark: Option<f64>,
    has_short: bool,
}

impl<'a> Session<'a> {
    fn new(taken: &'a Taken<'a>) -> Self {
        let parts = taken.market.universe().len() + OTHERS.len();
        Self {
            taken,
            benchmark_asset: taken.benchmark_asset(),
            own: vec![0.0; parts],
            active: vec![0.0; parts],
            net: 0.0,
            benchmark: None,
            has_short: false,
        }
    }

    fn fill(&mut self, held: &Held<'_>) {
        let n = held.weights.len();
        let returns = self.taken.market.returns().row_or_zero(held.row);
        let cash = self.taken.market.cash().and_then(|cash| cash.value(held.row)).unwrap_or(0.0);
        let (gross, net) = self.taken.earned(held.row);
        let (mut long, mut short, mut exposure) = (0.0, 0.0, 0.0);
        for (asset, (weight, value)) in held.weights.iter().zip(returns).enumerate() {
            self.own[asset] = weight * value;
            exposure += weight;
            let book = if *weight < 0.0 { &mut short } else { &mut long };
            *book += weight * (value - cash);
        }
        let earned: f64 = self.own[..n].iter().sum();
        let others = [0.0, net - gross, rounded(gross - earned), long, short, exposure * cash];
        self.own[n..].copy_from_slice(&others);
        self.has_short = held.weights.iter().any(|weight| *weight < 0.0);
        self.net = net;
        self.benchmark = self.taken.benchmark(held.row);
        let Some(benchmark) = self.benchmark else { return };
        self.active.copy_from_slice(&self.own);
        match self.benchmark_asset {
            Some(asset) => self.active[asset] -= benchmark,
            None => self.active[n] = -benchmark,
        }
    }
}

/// The sums of one part.
#[derive(Clone, Default)]
struct Sum {
    weight: f64,
    gain: f64,
    /// Of 1 invested at the start of the period.
    grown: f64,
    /// With the deviation of the whole return from its mean.
    along: f64,
    active_weight: f64,
    active: f64,
    active_along: f64,
    is_used: bool,
}

/// The sums of a period.
struct Sums {
    rows: Range<Row>,
    value: f64,
    has_short: bool,
    own: Moments,
    active: Moments,
    parts: Vec<Sum>,
}

/// Of the whole return, or of the whole active return.
#[derive(Clone, Copy, Default)]
struct Moments {
    count: f64,
    mean: f64,
    deviation: f64,
}

impl Moments {
    fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count.max(1.0);
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        Self { count, mean, deviation: (squares / (count - 1.0).max(1.0)).sqrt() }
    }

    /// A mean a year of a sum.
    fn annual(self, sum: f64, year: f64) -> Option<f64> {
        (self.count > 0.0).then(|| sum / self.count * year)
    }

    /// A part of the deviation a year.
    fn risk(self, along: f64, year: f64) -> Option<f64> {
        let covariance = along / (self.count - 1.0);
        let risk = if self.deviation > 0.0 { covariance / self.deviation } else { 0.0 };
        (self.count > 1.0).then(|| risk * year.sqrt())
    }
}

impl Sums {
    fn new(taken: &Taken<'_>, span: &Span) -> Self {
        let own: Vec<f64> = span.rows.clone().map(|row| taken.earned(row).1).collect();
        let active = |row: Row| Some(taken.earned(row).1 - taken.benchmark(row)?);
        let active: Vec<f64> = span.rows.clone().filter_map(active).collect();
        Self {
            rows: span.rows.clone(),
            value: 1.0,
            has_short: false,
            own: Moments::of(&own),
            active: Moments::of(&active),
            parts: vec![Sum::default(); taken.market.universe().len() + OTHERS.len()],
        }
    }

    fn add(&mut self, session: &Session<'_>, held: &Held<'_>) {
        let off = session.net - self.own.mean;
        let active_off =
            session.benchmark.map(|benchmark| session.net - benchmark - self.active.mean);
        for (at, part) in self.parts.iter_mut().enumerate() {
            let weight = held.weights.get(at).copied().unwrap_or(0.0);
            let gain = session.own[at];
            part.weight += weight;
            part.gain += gain;
            part.grown += self.value * gain;
            part.along += gain * off;
            part.is_used |= weight != 0.0 || gain != 0.0;
            if let Some(off) = active_off {
                let is_benchmark = session.benchmark_asset == Some(at);
                part.active_weight += weight - f64::from(u8::from(is_benchmark));
                part.active += session.active[at];
                part.active_along += session.active[at] * off;
                part.is_used |= is_benchmark || session.active[at] != 0.0;
            }
        }
        self.has_short |= session.has_short;
        self.value *= 1.0 + session.net;
    }

    fn rows(&self, taken: &Taken<'_>, span: &Span, outlook: &Outlook) -> Vec<ContributionRow> {
        let n = taken.market.universe().len();
        let kind = |at: usize| if at < n { Part::Asset } else { OTHERS[at - n] };
        let shown =
            |at: &usize| self.parts[*at].is_used && (self.has_short || !kind(*at).is_book());
        let row = |at: usize| self.row(taken, span, outlook, (at, kind(at)));
        (0..self.parts.len()).filter(shown).map(row).collect()
    }

    fn row(
        &self,
        taken: &Taken<'_>,
        span: &Span,
        outlook: &Outlook,
        (at, part): (usize, Part),
    ) -> ContributionRow {
        let (sum, year) = (&self.parts[at], taken.periods_per_year);
        let tickers = taken.market.universe().tickers();
        let benchmark = taken.market.benchmark();
        let is_own = part != Part::Benchmark;
        let is_active = benchmark.is_some() && !part.is_book();
        let active_weight = match part {
            Part::Asset => Some(sum.active_weight / self.active.count),
            Part::Benchmark => Some(-1.0),
            _ => None,
        };
        ContributionRow {
            period: span.name.clone(),
            part,
            asset: match part {
                Part::Asset => Some(tickers[at].to_string()),
                Part::Benchmark => benchmark.map(|one| one.ticker.to_string()),
                _ => None,
            },
            weight: (part == Part::Asset).then(|| sum.weight / self.own.count),
            return_annual: self.own.annual(sum.gain, year).filter(|_| is_own),
            return_total: Some(sum.grown).filter(|_| is_own),
            volatility: self.own.risk(sum.along, year).filter(|_| is_own),
            expected_volatility: outlook.volatility(at),
            active_weight: active_weight.filter(|_| is_active && self.active.count > 0.0),
            active_return_annual: self.active.annual(sum.active, year).filter(|_| is_active),
            tracking_error: self.active.risk(sum.active_along, year).filter(|_| is_active),
            expected_tracking_error: outlook.tracking_error(at),
        }
    }
}

/// What the decisions of a period expected, on average.
struct Outlook {
    volatility: (usize, Vec<f64>),
    tracking_error: (usize, Vec<f64>),
}

impl Outlook {
    /// Of every period; decisions without two rows of covariance do not count.
    fn all(taken: &Taken<'_>) -> Result<Vec<Self>> {
        let n = taken.market.universe().len();
        let new = || Self { volatility: (0, vec![0.0; n]), tracking_error: (0, vec![0.0; n + 1]) };
        let mut all: Vec<Self> = taken.spans.iter().map(|_| new()).collect();
        for rebalance in &taken.simulation.rebalances {
            let past = taken.market.before(taken.walk.steps[rebalance.step].row)?;
            let target = rebalance.target.values();
            let Some(found) = expected(&past, target, taken.periods_per_year)? else { continue };
            let spans = all.iter_mut().zip(&taken.spans);
            for (one, _) in spans.filter(|(_, span)| span.rows.contains(&rebalance.row)) {
                add(&mut one.volatility, &found.volatility);
                if let Some(active) = &found.tracking_error {
                    add(&mut one.tracking_error, active);
                }
            }
        }
        Ok(all)
    }

    fn volatility(&self, at: usize) -> Option<f64> {
        mean(&self.volatility, at)
    }

    /// The benchmark is behind the assets.
    fn tracking_error(&self, at: usize) -> Option<f64> {
        mean(&self.tracking_error, at)
    }
}

fn add((count, sums): &mut (usize, Vec<f64>), values: &[f64]) {
    *count += 1;
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

fn mean((count, sums): &(usize, Vec<f64>), at: usize) -> Option<f64> {
    sums.get(at).filter(|_| *count > 0).map(|sum| sum / *count as f64)
}
