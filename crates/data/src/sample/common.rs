//! What every series of the sample market shares: sessions, priced and latent factors, cash.

use std::ops::Range;

use walkfolio_core::{Date, calendar};

use super::random::{Purpose, Stream};
use super::regimes::{Mood, REGIMES, rate_annual, regime_at};

/// Sessions a year, in every conversion between a year and a session.
pub(super) const SESSIONS_A_YEAR: f64 = 252.0;
const FIRST: Date = Date::constant(2005, 8, 15);
const LAST: Date = Date::constant(2025, 8, 12);

/// A style factor next to the market.
struct Style {
    premium_annual: f64,
    volatility_annual: f64,
    /// Correlation of its shocks with the market's.
    with_market: f64,
}

const SMB: Style = Style { premium_annual: 0.005, volatility_annual: 0.080, with_market: 0.20 };
const HML: Style = Style { premium_annual: 0.000, volatility_annual: 0.085, with_market: 0.10 };

/// No session moves the market by more: that of 2020-03-16, the largest since 1987, was -12 %.
const LARGEST_MARKET_MOVE: f64 = 0.12;

/// A factor that moves several series and has no premium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Latent {
    Dollar,
    Europe,
    Asia,
    Latin,
    Gold,
    Oil,
    Crops,
    Tech,
}

/// How many latent factors there are.
pub(super) const LATENTS: usize = 8;

/// Their volatilities in calm years, a year, in the order of [`Latent`].
const LATENT_VOLATILITIES: [f64; LATENTS] =
    [0.070, 0.085, 0.090, 0.140, 0.135, 0.260, 0.110, 0.060];

/// Sessions, factors and cash.
#[derive(Debug, Clone)]
pub(super) struct Common {
    pub(super) dates: Vec<Date>,
    /// Daily risk-free return.
    pub(super) risk_free: Vec<f64>,
    /// The market's daily return above the risk-free one.
    pub(super) market: Vec<f64>,
    pub(super) smb: Vec<f64>,
    pub(super) hml: Vec<f64>,
    /// Daily returns of the latent factors.
    pub(super) latent: Vec<Vec<f64>>,
    /// What volatilities other than the market's are multiplied by.
    pub(super) stress: Vec<f64>,
}

impl Common {
    pub(super) fn simulate(seed: u64) -> Self {
        let dates = calendar::sessions(FIRST, LAST);
        let regimes: Vec<usize> = dates.iter().map(|&date| regime_at(date)).collect();
        let stress: Vec<f64> = regimes.iter().map(|&r| REGIMES[r].mood.stress()).collect();
        let shocks = Shocks::draw(seed, dates.len());
        let market = market(&shocks, &regimes);
        let style = |index, style| styled(seed, index, style, (&shocks, &stress));
        let latent = (0..LATENTS).map(|k| latent(seed, k, &stress)).collect();
        Self {
            risk_free: dates.iter().map(|&date| rate_annual(date) / SESSIONS_A_YEAR).collect(),
            smb: style(1, &SMB),
            hml: style(2, &HML),
            dates,
            market,
            latent,
            stress,
        }
    }

    /// Number of sessions.
    pub(super) fn rows(&self) -> usize {
        self.dates.len()
    }

    /// The row of the first session on or after a date.
    pub(super) fn row_on_or_after(&self, date: Date) -> usize {
        self.dates.partition_point(|&other| other < date)
    }
}

/// A volatility a year as one a session.
pub(super) fn daily_volatility(annual: f64) -> f64 {
    annual / SESSIONS_A_YEAR.sqrt()
}

/// The market's standardized shocks and their clustering.
struct Shocks {
    /// Fat-tailed draws of variance 1.
    draws: Vec<f64>,
    /// The root of the clustering variance, around 1.
    unrest: Vec<f64>,
}

impl Shocks {
    /// A GARCH(1, 1) of mean 1, so that large moves come in clusters within a regime too.
    fn draw(seed: u64, rows: usize) -> Self {
        const NEWS: f64 = 0.08;
        const MEMORY: f64 = 0.88;
        const MOST: f64 = 2.5;
        let mut stream = Stream::new(seed, Purpose::Factor, 0);
        let mut variance = 1.0_f64;
        let (mut draws, mut unrest) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for _ in 0..rows {
            let draw = stream.fat_tailed();
            draws.push(draw);
            unrest.push(variance.sqrt());
            variance = 1.0 - NEWS - MEMORY + variance * (NEWS * draw * draw + MEMORY);
            variance = variance.min(MOST);
        }
        Self { draws, unrest }
    }
}

fn market(shocks: &Shocks, regimes: &[usize]) -> Vec<f64> {
    let mut out = Vec::with_capacity(regimes.len());
    for rows in runs(regimes) {
        let regime = &REGIMES[regimes[rows.start]];
        let volatility = daily_volatility(regime.market_volatility_annual);
        let premium = regime.market_premium_annual / SESSIONS_A_YEAR;
        let mut moves: Vec<f64> =
            rows.clone().map(|t| volatility * shocks.unrest[t] * shocks.draws[t]).collect();
        if regime.mood == Mood::Crisis {
            // Chance must not undo a crisis: with any seed it is one.
            let mean = moves.iter().sum::<f64>() / moves.len() as f64;
            for value in &mut moves {
                *value -= mean;
            }
        }
        let limit = |value: f64| value.clamp(-LARGEST_MARKET_MOVE, LARGEST_MARKET_MOVE);
        out.extend(moves.iter().map(|value| limit(premium + value)));
    }
    out
}

/// The maximal ranges of equal values.
fn runs(values: &[usize]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    values.chunk_by(|a, b| a == b).map(move |run| {
        let rows = start..start + run.len();
        start = rows.end;
        rows
    })
}

fn styled(seed: u64, index: usize, style: &Style, (shocks, stress): (&Shocks, &[f64])) -> Vec<f64> {
    let mut stream = Stream::new(seed, Purpose::Factor, index);
    let own = (1.0 - style.with_market * style.with_market).sqrt();
    let volatility = daily_volatility(style.volatility_annual);
    let premium = style.premium_annual / SESSIONS_A_YEAR;
    let each = |(t, &stress): (usize, &f64)| {
        let draw = style.with_market * shocks.draws[t] + own * stream.fat_tailed();
        premium + volatility * stress * shocks.unrest[t] * draw
    };
    stress.iter().enumerate().map(each).collect()
}

fn latent(seed: u64, index: usize, stress: &[f64]) -> Vec<f64> {
    let mut stream = Stream::new(seed, Purpose::Latent, index);
    let volatility = daily_volatility(LATENT_VOLATILITIES[index]);
    stress.iter().map(|stress| volatility * stress * stream.fat_tailed()).collect()
}
