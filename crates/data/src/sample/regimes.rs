//! The script of the sample market: its regimes and its interest rate.

use walkfolio_core::Date;

/// How restless a regime is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Low volatility.
    Calm,
    /// Raised volatility.
    Turbulent,
    /// Volatility several times the calm one.
    Crisis,
}

impl Mood {
    /// What volatilities other than the market's are multiplied by.
    pub fn stress(self) -> f64 {
        match self {
            Self::Calm => 1.0,
            Self::Turbulent => 1.35,
            Self::Crisis => 2.1,
        }
    }
}

/// A period of the script, until the next one begins.
///
/// # Units
/// Fractions a year; the premium is the arithmetic mean of the market's return above cash.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Regime {
    /// Its first day.
    pub first: Date,
    /// How restless it is.
    pub mood: Mood,
    /// Standard deviation of the market's return.
    pub market_volatility_annual: f64,
    /// Mean of the market's return above cash; in a crisis the realized mean too.
    pub market_premium_annual: f64,
}

const fn regime(first: (i16, i8, i8), mood: Mood, volatility: f64, premium: f64) -> Regime {
    Regime {
        first: Date::constant(first.0, first.1, first.2),
        mood,
        market_volatility_annual: volatility,
        market_premium_annual: premium,
    }
}

/// The script: like the history of those years in its seasons, not in its days.
pub(super) const REGIMES: [Regime; 23] = [
    regime((2005, 8, 15), Mood::Calm, 0.105, 0.06),
    regime((2007, 7, 16), Mood::Turbulent, 0.18, 0.00),
    // A crisis like that of 2008, worst in autumn, and the rise out of it.
    regime((2007, 12, 1), Mood::Crisis, 0.25, -0.20),
    regime((2008, 9, 2), Mood::Crisis, 0.60, -1.40),
    regime((2008, 11, 21), Mood::Crisis, 0.42, -0.30),
    regime((2009, 3, 10), Mood::Crisis, 0.34, 1.25),
    regime((2009, 7, 1), Mood::Turbulent, 0.16, 0.22),
    regime((2010, 4, 26), Mood::Turbulent, 0.24, -0.25),
    regime((2010, 9, 1), Mood::Calm, 0.13, 0.24),
    regime((2011, 7, 22), Mood::Turbulent, 0.28, -0.15),
    regime((2011, 12, 1), Mood::Calm, 0.12, 0.16),
    regime((2015, 8, 17), Mood::Turbulent, 0.19, -0.12),
    regime((2016, 2, 16), Mood::Calm, 0.10, 0.16),
    regime((2018, 1, 29), Mood::Turbulent, 0.15, 0.02),
    regime((2018, 10, 3), Mood::Turbulent, 0.22, -0.55),
    regime((2018, 12, 26), Mood::Calm, 0.125, 0.24),
    // A crash like that of 2020 within 23 sessions, and the rebound.
    regime((2020, 2, 20), Mood::Crisis, 0.70, -4.30),
    regime((2020, 3, 24), Mood::Crisis, 0.45, 1.60),
    regime((2020, 7, 1), Mood::Turbulent, 0.17, 0.30),
    regime((2022, 1, 3), Mood::Turbulent, 0.24, -0.28),
    regime((2022, 10, 13), Mood::Calm, 0.145, 0.20),
    regime((2025, 2, 19), Mood::Turbulent, 0.34, -1.00),
    regime((2025, 4, 9), Mood::Turbulent, 0.20, 0.60),
];

/// The index in [`REGIMES`] of a date's regime.
pub(super) fn regime_at(date: Date) -> usize {
    REGIMES.partition_point(|regime| regime.first <= date).saturating_sub(1)
}

/// The risk-free rate a year, linear between these dates.
const RATES: [(Date, f64); 20] = [
    (Date::constant(2005, 8, 1), 0.033),
    (Date::constant(2006, 7, 1), 0.049),
    (Date::constant(2007, 8, 1), 0.047),
    (Date::constant(2008, 3, 1), 0.018),
    (Date::constant(2008, 9, 1), 0.016),
    (Date::constant(2008, 12, 1), 0.0005),
    (Date::constant(2015, 11, 1), 0.0005),
    (Date::constant(2016, 12, 1), 0.004),
    (Date::constant(2017, 12, 1), 0.011),
    (Date::constant(2018, 12, 1), 0.022),
    (Date::constant(2019, 7, 1), 0.021),
    (Date::constant(2020, 2, 1), 0.0145),
    (Date::constant(2020, 4, 1), 0.0005),
    (Date::constant(2022, 2, 1), 0.0005),
    (Date::constant(2022, 7, 1), 0.015),
    (Date::constant(2022, 12, 1), 0.039),
    (Date::constant(2023, 8, 1), 0.052),
    (Date::constant(2024, 8, 1), 0.052),
    (Date::constant(2025, 1, 1), 0.043),
    (Date::constant(2025, 9, 1), 0.042),
];

/// The risk-free rate a year in a date's month; it changes with the month, as French's does.
pub(super) fn rate_annual(date: Date) -> f64 {
    let month = date.first_of_month();
    let next = RATES.partition_point(|(from, _)| *from <= month).clamp(1, RATES.len() - 1);
    let ((from, low), (to, high)) = (RATES[next - 1], RATES[next]);
    let days = |to: Date, from: Date| f64::from((to - from).get_days());
    low + (high - low) * (days(month, from) / days(to, from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_in_order() {
        assert!(REGIMES.is_sorted_by(|a, b| a.first < b.first));
        assert!(RATES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn the_rate_follows_its_table() {
        assert!((rate_annual(Date::constant(2006, 7, 20)) - 0.049).abs() < 1e-15);
        assert!((rate_annual(Date::constant(2012, 3, 1)) - 0.0005).abs() < 1e-15);
        // 2019-07-01 to 2020-02-01 are 215 days, to 2019-10-01 92.
        let expected = 0.021 - 0.0065 * 92.0 / 215.0;
        assert!((rate_annual(Date::constant(2019, 10, 31)) - expected).abs() < 1e-15);
    }

    #[test]
    fn the_crises_are_where_they_were() {
        let mood = |y, m, d| REGIMES[regime_at(Date::constant(y, m, d))].mood;
        assert_eq!(mood(2007, 11, 30), Mood::Turbulent);
        assert_eq!(mood(2007, 12, 3), Mood::Crisis);
        assert_eq!(mood(2009, 6, 30), Mood::Crisis);
        assert_eq!(mood(2009, 7, 1), Mood::Turbulent);
        assert_eq!(mood(2020, 2, 19), Mood::Calm);
        assert_eq!(mood(2020, 2, 20), Mood::Crisis);
    }
}
