//! The simulation of all stocks, session by session.

use walkfolio_core::{Matrix, month_end_rows};

use super::common::{Common, SESSIONS_A_YEAR, daily_volatility};
use super::month_end::{MonthEnd, clipped};
use super::random::{Purpose, Stream};
use super::stocks::{SECTORS, Stock, THEMES, draw};

/// Sessions between two reports of a company.
const REPORT_EVERY: usize = 63;
/// How much larger than others a stock's specific return is on the day of its report.
const REPORT_SIZE: f64 = 3.0;
/// Persistence of a drift from month to month.
const DRIFT_MEMORY: f64 = 0.92;
/// Standard deviation of a stock's drift a year, as a multiple of its specific volatility.
const STOCK_DRIFT: f64 = 0.38;
/// Standard deviation of a sector's drift, a year.
const SECTOR_DRIFT: f64 = 0.08;
/// Share of a name's gap to its first capitalization that closes in a year; without it a single
/// name would become the market.
const REVERSION: f64 = 0.04;
/// Volatility a year of the common return of past winners, for a momentum score of one.
const MOMENTUM_VOLATILITY: f64 = 0.055;
/// Its premium.
const MOMENTUM_PREMIUM: f64 = 0.010;
/// The smallest and the largest return of a stock in a session.
const LIMITS: (f64, f64) = (-0.60, 1.00);

/// Capitalizations of all names.
#[derive(Debug, Clone)]
pub(super) struct StockMarket {
    pub(super) stocks: Vec<Stock>,
    /// Sessions by names; together they are 1 on the first session.
    pub(super) caps: Matrix,
    /// Every month-end, oldest first.
    pub(super) months: Vec<MonthEnd>,
}

impl StockMarket {
    pub(super) fn simulate(seed: u64, common: &Common) -> Self {
        let stocks = draw(seed);
        let mut names = Names::new(seed, &stocks);
        let groups = Groups::draw(seed, common);
        let mut caps = Matrix::zeros(common.rows(), stocks.len());
        let mut cap: Vec<f64> = stocks.iter().map(|stock| stock.first_share).collect();
        caps.row_mut(0).copy_from_slice(&cap);
        let month_ends = month_end_rows(&common.dates, walkfolio_core::Date::MAX);
        let mut ends = month_ends.into_iter().peekable();
        let mut months: Vec<MonthEnd> = Vec::new();
        for t in 1..common.rows() {
            if ends.next_if_eq(&(t - 1)).is_some() {
                months.push(MonthEnd::new(t - 1, &cap, &months));
                names.new_month(&months[months.len() - 1], &stocks);
            }
            let returns = names.session(t, common, &groups);
            let target = common.risk_free[t] + common.market[t];
            grow(&mut cap, &returns, target);
            caps.row_mut(t).copy_from_slice(&cap);
        }
        Self { stocks, caps, months }
    }

    /// The joint capitalization of some names, session by session: a fund that holds them.
    pub(super) fn sum(&self, members: &[usize]) -> Vec<f64> {
        self.caps.iter_rows().map(|row| members.iter().map(|&i| row[i]).sum()).collect()
    }
}

/// Applies the returns, shifted alike so that all names together earn the market's return.
fn grow(cap: &mut [f64], returns: &[f64], target: f64) {
    let (mut total, mut gain) = (0.0, 0.0);
    for (cap, r) in cap.iter().zip(returns) {
        total += cap;
        gain += cap * r;
    }
    let shift = target - gain / total;
    for (cap, r) in cap.iter_mut().zip(returns) {
        *cap *= 1.0 + r + shift;
    }
}

/// Daily returns of what names share besides the priced factors.
struct Groups {
    sectors: Vec<Vec<f64>>,
    themes: Vec<Vec<f64>>,
    momentum: Vec<f64>,
}

impl Groups {
    fn draw(seed: u64, common: &Common) -> Self {
        let shocks = |index: usize, volatility: f64| {
            let mut stream = Stream::new(seed, Purpose::Group, index);
            let volatility = daily_volatility(volatility);
            let stress = common.stress.iter();
            stress.map(|stress| volatility * stress * stream.fat_tailed()).collect::<Vec<f64>>()
        };
        let sector = |(k, sector): (usize, &super::stocks::Sector)| {
            let (latent, loading) = sector.latent;
            let mut values = shocks(k, sector.volatility_annual);
            for (value, shared) in values.iter_mut().zip(&common.latent[latent as usize]) {
                *value += loading * shared;
            }
            values
        };
        let sectors: Vec<Vec<f64>> = SECTORS.iter().enumerate().map(sector).collect();
        let first_theme = sectors.len();
        let themes = THEMES.iter().enumerate();
        let themes = themes.map(|(k, theme)| shocks(first_theme + k, theme.volatility_annual));
        let themes: Vec<Vec<f64>> = themes.collect();
        let premium = MOMENTUM_PREMIUM / SESSIONS_A_YEAR;
        let mut momentum = shocks(first_theme + themes.len(), MOMENTUM_VOLATILITY);
        for value in &mut momentum {
            *value += premium;
        }
        Self { sectors, themes, momentum }
    }
}

/// What moves one name, and its random numbers.
struct Name {
    loadings: [f64; 3],
    sector: usize,
    themes: [f64; 2],
    specific: f64,
    /// Loading on the momentum factor: the score of the last month-end.
    momentum: f64,
    /// Drift a session.
    drift: f64,
    /// The persistent part of the drift, in standard deviations.
    trend: f64,
    returns: Stream,
    drifts: Stream,
}

/// All names.
struct Names {
    names: Vec<Name>,
    /// The drifts of the sectors, in standard deviations, and their random numbers.
    sectors: Vec<(f64, Stream)>,
}

impl Names {
    fn new(seed: u64, stocks: &[Stock]) -> Self {
        // Reports come on top of ordinary days; the volatility is that of both together.
        let every = REPORT_EVERY as f64;
        let ordinary = (every / (every - 1.0 + REPORT_SIZE * REPORT_SIZE)).sqrt();
        let name = |(i, stock): (usize, &Stock)| {
            let sector = SECTORS.iter().position(|sector| sector.ticker == stock.sector);
            let mut drifts = Stream::new(seed, Purpose::StockDrift, i);
            Name {
                loadings: [stock.market, stock.smb, stock.hml],
                sector: sector.unwrap_or_default(),
                themes: stock.themes.map(|member| f64::from(u8::from(member))),
                specific: daily_volatility(stock.specific_volatility_annual) * ordinary,
                momentum: 0.0,
                drift: 0.0,
                trend: drifts.normal(),
                returns: Stream::new(seed, Purpose::StockReturns, i),
                drifts,
            }
        };
        let sector = |k| {
            let mut stream = Stream::new(seed, Purpose::SectorDrift, k);
            (stream.normal(), stream)
        };
        Self {
            names: stocks.iter().enumerate().map(name).collect(),
            sectors: (0..SECTORS.len()).map(sector).collect(),
        }
    }

    /// New drifts and momentum scores after a month-end.
    fn new_month(&mut self, end: &MonthEnd, stocks: &[Stock]) {
        for (trend, stream) in &mut self.sectors {
            *trend = persist(*trend, stream);
        }
        let total = libm::log(end.total_cap);
        for (i, (name, stock)) in self.names.iter_mut().zip(stocks).enumerate() {
            name.trend = persist(name.trend, &mut name.drifts);
            name.momentum = clipped(end.scores[i]);
            let gap = libm::log(stock.first_share) + total - end.log_caps[i];
            let drift = STOCK_DRIFT * stock.specific_volatility_annual * name.trend
                + SECTOR_DRIFT * self.sectors[name.sector].0
                + REVERSION * gap;
            name.drift = drift / SESSIONS_A_YEAR;
        }
    }

    /// The returns of one session, before the shift that makes them add up to the market.
    fn session(&mut self, t: usize, common: &Common, groups: &Groups) -> Vec<f64> {
        let factors = [common.market[t], common.smb[t], common.hml[t]];
        let themes = [groups.themes[0][t], groups.themes[1][t]];
        let each = |(i, name): (usize, &mut Name)| {
            let [market, smb, hml] = name.loadings;
            // Reports are spread over the quarter.
            let report = (t + 7 * i).is_multiple_of(REPORT_EVERY);
            let size = if report { REPORT_SIZE } else { 1.0 };
            let value = common.risk_free[t]
                + (market * factors[0] + smb * factors[1] + hml * factors[2])
                + groups.sectors[name.sector][t]
                + (name.themes[0] * themes[0] + name.themes[1] * themes[1])
                + name.momentum * groups.momentum[t]
                + name.drift
                + name.specific * common.stress[t] * size * name.returns.normal();
            value.clamp(LIMITS.0, LIMITS.1)
        };
        self.names.iter_mut().enumerate().map(each).collect()
    }
}

/// The next value of an autoregression of variance 1.
fn persist(value: f64, stream: &mut Stream) -> f64 {
    DRIFT_MEMORY * value + (1.0 - DRIFT_MEMORY * DRIFT_MEMORY).sqrt() * stream.normal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_names_together_earn_the_market() {
        let common = Common::simulate(3);
        let market = StockMarket::simulate(3, &common);
        let everyone: Vec<usize> = (0..market.stocks.len()).collect();
        let total = market.sum(&everyone);
        for t in 1..common.rows() {
            let expected = common.risk_free[t] + common.market[t];
            assert!((total[t] / total[t - 1] - 1.0 - expected).abs() < 1e-13, "row {t}");
        }
        // No name becomes the market.
        let last = market.caps.row(common.rows() - 1);
        let largest = last.iter().copied().fold(0.0, f64::max) / total[common.rows() - 1];
        assert!(largest < 0.15, "{largest}");
    }
}
