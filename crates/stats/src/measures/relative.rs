//! Against a benchmark or the market: tracking error, information ratio, beta, alpha, R².

use super::definition::{Better, Definition, Unit};
use super::moments::{annual_ratio, standard_deviation};
use super::monthly::MONTHS_PER_YEAR;
use super::needs::Needs;
use super::performance;

pub use super::line::{Line, least_squares};
pub use super::series::active_returns;

/// Annualized tracking error `std(r_p - r_b) * sqrt(periods_per_year)`, `std` with `n - 1`.
///
/// # Shape and units
/// `T` active returns as fractions; the result is a fraction per year. `None` if `T < 2`.
/// # Source
/// Grinold & Kahn (2000), Active Portfolio Management, ch. 3.
/// # Examples
/// ```
/// use walkfolio_stats::measures::relative::tracking_error;
///
/// // Deviations -0.01, 0, 0.01: std 0.01, times sqrt(4) is 0.02.
/// let error = tracking_error(&[0.00, 0.01, 0.02], 4.0).unwrap();
/// assert!((error - 0.02).abs() < 1e-15);
/// ```
pub fn tracking_error(active: &[f64], periods_per_year: f64) -> Option<f64> {
    Some(standard_deviation(active)? * periods_per_year.sqrt())
}

pub(super) const TRACKING_ERROR: Definition = Definition {
    key: "tracking_error",
    label: "Tracking error",
    unit: Unit::Percent,
    needs: Needs::Benchmark,
    better: Better::Lower,
    formula: "std(r_p - r_b) * sqrt(periods_per_year)",
    source: "Grinold & Kahn (2000)",
    take: |p| tracking_error(&p.active, p.periods_per_year),
};

pub(super) const TRACKING_ERROR_MONTHLY: Definition = Definition {
    key: "tracking_error_monthly",
    label: "Tracking error (monthly returns)",
    unit: Unit::Percent,
    needs: Needs::Benchmark,
    better: Better::Lower,
    formula: "std(R_p - R_b) * sqrt(12), R compounded by month",
    source: "Grinold & Kahn (2000)",
    take: |p| tracking_error(&p.monthly_active, MONTHS_PER_YEAR),
};

/// Information ratio `mean(r_p - r_b) * periods_per_year / tracking error`.
///
/// # Shape and units
/// `T` active returns as fractions; a pure number per year. `None` if `T < 2` or the tracking error
/// is zero.
/// # Source
/// Goodwin (1998), The Information Ratio, Financial Analysts Journal 54(4).
/// # Examples
/// ```
/// use walkfolio_stats::measures::relative::information_ratio;
///
/// // Mean 0.01 times 4 over a tracking error of 0.02.
/// assert!((information_ratio(&[0.00, 0.01, 0.02], 4.0).unwrap() - 2.0).abs() < 1e-12);
/// assert_eq!(information_ratio(&[0.01, 0.01], 4.0), None);
/// ```
pub fn information_ratio(active: &[f64], periods_per_year: f64) -> Option<f64> {
    annual_ratio(active, periods_per_year)
}

pub(super) const INFORMATION_RATIO: Definition = Definition {
    key: "information_ratio",
    label: "Information ratio",
    unit: Unit::Ratio,
    needs: Needs::Benchmark,
    better: Better::Higher,
    formula: "mean(r_p - r_b) * periods_per_year / TE",
    source: "Goodwin (1998)",
    take: |p| information_ratio(&p.active, p.periods_per_year),
};

pub(super) const INFORMATION_RATIO_MONTHLY: Definition = Definition {
    key: "information_ratio_monthly",
    label: "Information ratio (monthly returns)",
    unit: Unit::Ratio,
    needs: Needs::Benchmark,
    better: Better::Higher,
    formula: "mean(R_p - R_b) * 12 / TE, R compounded by month",
    source: "Goodwin (1998)",
    take: |p| information_ratio(&p.monthly_active, MONTHS_PER_YEAR),
};

pub(super) const EXCESS_RETURN_ANNUAL: Definition = Definition {
    key: "excess_return_annual",
    label: "Annualized active return (arithmetic)",
    unit: Unit::Percent,
    needs: Needs::Benchmark,
    better: Better::Higher,
    formula: "mean(r_p - r_b) * periods_per_year",
    source: "Grinold & Kahn (2000)",
    take: |p| performance::mean_return_annual(&p.active, p.year(&p.active)?),
};

pub(super) const BETA: Definition = Definition {
    key: "beta",
    label: "Beta against the benchmark",
    unit: Unit::Number,
    needs: Needs::Benchmark,
    better: Better::Neither,
    formula: "cov(r_p, r_b) / var(r_b)",
    source: "Jensen (1968)",
    take: |p| p.benchmark_line.map(|line| line.slope),
};

pub(super) const ALPHA_ANNUAL: Definition = Definition {
    key: "alpha_annual",
    label: "Alpha against the benchmark",
    unit: Unit::Percent,
    needs: Needs::Benchmark,
    better: Better::Higher,
    formula: "intercept of r_p on r_b, times periods_per_year",
    source: "Jensen (1968)",
    take: |p| p.benchmark_line.map(|line| line.intercept * p.periods_per_year),
};

pub(super) const R_SQUARED: Definition = Definition {
    key: "r_squared",
    label: "R² against the benchmark",
    unit: Unit::Number,
    needs: Needs::Benchmark,
    better: Better::Neither,
    formula: "corr(r_p, r_b)^2",
    source: "Jensen (1968)",
    take: |p| p.benchmark_line?.r_squared,
};

pub(super) const MARKET_BETA: Definition = Definition {
    key: "market_beta",
    label: "Beta against the market",
    unit: Unit::Number,
    needs: Needs::Market,
    better: Better::Neither,
    formula: "cov(r_p - r_f, Mkt-RF) / var(Mkt-RF)",
    source: "Jensen (1968)",
    take: |p| p.market_line.map(|line| line.slope),
};

pub(super) const MARKET_ALPHA_ANNUAL: Definition = Definition {
    key: "market_alpha_annual",
    label: "Alpha against the market",
    unit: Unit::Percent,
    needs: Needs::Market,
    better: Better::Higher,
    formula: "intercept of r_p - r_f on Mkt-RF, times periods_per_year",
    source: "Jensen (1968)",
    take: |p| p.market_line.map(|line| line.intercept * p.periods_per_year),
};

pub(super) const MARKET_R_SQUARED: Definition = Definition {
    key: "market_r_squared",
    label: "R² against the market",
    unit: Unit::Number,
    needs: Needs::Market,
    better: Better::Neither,
    formula: "corr(r_p - r_f, Mkt-RF)^2",
    source: "Jensen (1968)",
    take: |p| p.market_line?.r_squared,
};
