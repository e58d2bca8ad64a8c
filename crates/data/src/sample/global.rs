//! The twelve global funds: loadings on the three factors and on latent ones.

use walkfolio_core::Date;

use super::common::{Common, Latent, SESSIONS_A_YEAR, daily_volatility};
use super::random::{Purpose, Stream};

/// A global fund as it is simulated.
pub(super) struct GlobalFund {
    pub(super) ticker: &'static str,
    pub(super) listed: Date,
    /// Price on its first session.
    pub(super) price: f64,
    /// Loadings on `Mkt-RF`, `SMB` and `HML`.
    pub(super) loadings: [f64; 3],
    pub(super) latent: &'static [(Latent, f64)],
    pub(super) alpha_annual: f64,
    /// In calm years.
    pub(super) specific_volatility_annual: f64,
}

const fn fund(ticker: &'static str, listed: (i16, i8, i8), price: f64) -> GlobalFund {
    GlobalFund {
        ticker,
        listed: Date::constant(listed.0, listed.1, listed.2),
        price,
        loadings: [0.0; 3],
        latent: &[],
        alpha_annual: 0.0,
        specific_volatility_annual: 0.0,
    }
}

/// The table. Loadings and volatilities are of the size seen in the funds of these names;
/// currencies move the foreign ones through the dollar.
pub(super) const GLOBAL_FUNDS: [GlobalFund; 12] = [
    GlobalFund {
        loadings: [0.10, 0.00, 0.02],
        latent: &[(Latent::Dollar, -1.10), (Latent::Europe, 0.10)],
        alpha_annual: -0.015,
        specific_volatility_annual: 0.015,
        ..fund("FXE", (2005, 12, 12), 119.5)
    },
    GlobalFund {
        loadings: [0.75, -0.05, 0.05],
        latent: &[(Latent::Dollar, -0.35), (Latent::Asia, 1.00)],
        alpha_annual: -0.030,
        specific_volatility_annual: 0.050,
        ..fund("EWJ", (1996, 3, 18), 36.0)
    },
    GlobalFund {
        loadings: [0.05, 0.05, -0.10],
        latent: &[(Latent::Dollar, -0.80), (Latent::Gold, 1.00)],
        alpha_annual: 0.065,
        specific_volatility_annual: 0.010,
        ..fund("GLD", (2004, 11, 18), 44.4)
    },
    GlobalFund {
        loadings: [1.05, -0.05, -0.40],
        latent: &[(Latent::Tech, 0.80)],
        alpha_annual: 0.030,
        specific_volatility_annual: 0.025,
        ..fund("QQQ", (1999, 3, 10), 33.8)
    },
    GlobalFund {
        loadings: [0.99, -0.12, 0.02],
        specific_volatility_annual: 0.006,
        ..fund("SPY", (1993, 1, 29), 84.5)
    },
    GlobalFund { specific_volatility_annual: 0.0035, ..fund("SHV", (2007, 1, 11), 82.0) },
    GlobalFund {
        loadings: [0.20, 0.05, 0.10],
        latent: &[(Latent::Dollar, -0.50), (Latent::Oil, 0.08), (Latent::Crops, 1.00)],
        alpha_annual: -0.030,
        specific_volatility_annual: 0.030,
        ..fund("DBA", (2007, 1, 5), 22.3)
    },
    GlobalFund {
        loadings: [0.70, 0.10, 0.55],
        latent: &[(Latent::Dollar, -0.40), (Latent::Oil, 1.00)],
        alpha_annual: -0.120,
        specific_volatility_annual: 0.050,
        ..fund("USO", (2006, 4, 10), 68.0)
    },
    GlobalFund {
        loadings: [1.00, 0.85, -0.45],
        latent: &[(Latent::Tech, 0.30)],
        alpha_annual: 0.010,
        specific_volatility_annual: 0.160,
        ..fund("XBI", (2006, 2, 6), 16.4)
    },
    GlobalFund {
        loadings: [1.15, 0.05, 0.25],
        latent: &[(Latent::Dollar, -0.90), (Latent::Latin, 1.00), (Latent::Oil, 0.12)],
        alpha_annual: -0.070,
        specific_volatility_annual: 0.030,
        ..fund("ILF", (2001, 10, 26), 22.0)
    },
    GlobalFund {
        loadings: [0.95, 0.00, 0.10],
        latent: &[(Latent::Dollar, -0.70), (Latent::Asia, 0.60), (Latent::Latin, 0.15)],
        alpha_annual: -0.030,
        specific_volatility_annual: 0.060,
        ..fund("EPP", (2001, 10, 26), 19.5)
    },
    GlobalFund {
        loadings: [1.05, -0.10, 0.25],
        latent: &[(Latent::Dollar, -0.85), (Latent::Europe, 1.00)],
        alpha_annual: -0.050,
        specific_volatility_annual: 0.040,
        ..fund("FEZ", (2002, 10, 21), 28.0)
    },
];

impl GlobalFund {
    /// The daily returns of fund number `index`, as if it had always been listed.
    pub(super) fn returns(&self, seed: u64, index: usize, common: &Common) -> Vec<f64> {
        let mut stream = Stream::new(seed, Purpose::GlobalFund, index);
        let specific = daily_volatility(self.specific_volatility_annual);
        let [market, smb, hml] = self.loadings;
        (0..common.rows())
            .map(|t| {
                let priced = market * common.market[t] + smb * common.smb[t] + hml * common.hml[t];
                let mut value = common.risk_free[t] + self.alpha_annual / SESSIONS_A_YEAR + priced;
                for &(latent, loading) in self.latent {
                    value += loading * common.latent[latent as usize][t];
                }
                value + specific * common.stress[t] * stream.fat_tailed()
            })
            .collect()
    }

    /// The value of one unit of money put into the fund before the first session.
    pub(super) fn values(&self, seed: u64, index: usize, common: &Common) -> Vec<f64> {
        let grow = |value: &mut f64, r: f64| {
            *value *= 1.0 + r;
            Some(*value)
        };
        self.returns(seed, index, common).into_iter().scan(1.0, grow).collect()
    }
}
