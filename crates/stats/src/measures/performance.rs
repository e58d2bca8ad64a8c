//! Reward and risk of the portfolio itself.

use super::definition::{Better, Definition, Unit};
use super::drawdown::max_drawdown;
use super::moments::{NEGLIGIBLE, annual_ratio, mean, standard_deviation};
use super::needs::Needs;

pub use super::series::risk_free_excess;
pub use super::wealth::final_wealth;

/// Cumulative return `prod(1 + r_t) - 1`, -1 after a wipeout.
///
/// # Shape and units
/// `T` simple returns as fractions; a fraction over the whole period. `None` if `T = 0`.
/// # Source
/// CFA Institute (2020), Global Investment Performance Standards.
/// # Examples
/// ```
/// use walkfolio_stats::measures::performance::cumulative_return;
///
/// // 1.5 * 0.5 = 0.75.
/// assert_eq!(cumulative_return(&[0.5, -0.5]), Some(-0.25));
/// assert_eq!(cumulative_return(&[]), None);
/// ```
pub fn cumulative_return(returns: &[f64]) -> Option<f64> {
    (!returns.is_empty()).then(|| final_wealth(returns) - 1.0)
}

pub(super) const CUMULATIVE_RETURN: Definition = Definition {
    key: "cumulative_return",
    label: "Cumulative return",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Higher,
    formula: "prod(1 + r) - 1",
    source: "CFA Institute (2020)",
    take: |p| cumulative_return(p.portfolio),
};

/// Geometric annual return `prod(1 + r_t)^(periods_per_year / T) - 1`, -1 after a wipeout.
///
/// # Shape and units
/// `T` simple returns as fractions; a fraction per year. `None` if `T = 0`.
/// # Source
/// CFA Institute (2020), Global Investment Performance Standards.
/// # Examples
/// ```
/// use walkfolio_stats::measures::performance::annual_return;
///
/// // Two quarters of 10 %: 1.21 in half a year is 1.4641 in a year.
/// assert!((annual_return(&[0.1, 0.1], 4.0).unwrap() - 0.4641).abs() < 1e-12);
/// assert_eq!(annual_return(&[0.1, -1.0], 4.0), Some(-1.0));
/// ```
pub fn annual_return(returns: &[f64], periods_per_year: f64) -> Option<f64> {
    let years = returns.len() as f64 / periods_per_year;
    (!returns.is_empty()).then(|| libm::pow(final_wealth(returns), 1.0 / years) - 1.0)
}

pub(super) const ANNUAL_RETURN: Definition = Definition {
    key: "annual_return",
    label: "Annualized return (geometric)",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Higher,
    formula: "prod(1 + r)^(periods_per_year / T) - 1",
    source: "CFA Institute (2020)",
    take: |p| annual_return(p.portfolio, p.year(p.portfolio)?),
};

pub(super) const BENCHMARK_ANNUAL_RETURN: Definition = Definition {
    key: "benchmark_annual_return",
    label: "Annualized benchmark return (geometric)",
    unit: Unit::Percent,
    needs: Needs::Benchmark,
    better: Better::Neither,
    formula: "prod(1 + r_b)^(periods_per_year / T) - 1",
    source: "CFA Institute (2020)",
    take: |p| {
        let benchmark = p.benchmark.as_ref()?.values();
        annual_return(benchmark, p.year(benchmark)?)
    },
};

/// Arithmetic annual return `mean(r) * periods_per_year`.
///
/// # Shape and units
/// `T` simple returns as fractions; a fraction per year. `None` if `T = 0`.
/// # Source
/// Markowitz (1952), Portfolio Selection, Journal of Finance 7(1).
/// # Examples
/// ```
/// use walkfolio_stats::measures::performance::mean_return_annual;
///
/// // A mean of 0.01 a quarter is 0.04 per year.
/// assert!((mean_return_annual(&[0.03, -0.01], 4.0).unwrap() - 0.04).abs() < 1e-15);
/// ```
pub fn mean_return_annual(returns: &[f64], periods_per_year: f64) -> Option<f64> {
    Some(mean(returns)? * periods_per_year)
}

pub(super) const MEAN_RETURN_ANNUAL: Definition = Definition {
    key: "mean_return_annual",
    label: "Annualized return (arithmetic)",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Higher,
    formula: "mean(r) * periods_per_year",
    source: "Markowitz (1952)",
    take: |p| mean_return_annual(p.portfolio, p.year(p.portfolio)?),
};

/// Annual volatility `std(r) * sqrt(periods_per_year)`, `std` with `n - 1`.
///
/// # Shape and units
/// `T` simple returns as fractions; a fraction per year. `None` if `T < 2`.
/// # Source
/// Markowitz (1952), Portfolio Selection, Journal of Finance 7(1).
/// # Examples
/// ```
/// use walkfolio_stats::measures::performance::volatility;
///
/// // Deviations -0.01, 0, 0.01: std 0.01, times sqrt(4).
/// assert!((volatility(&[0.00, 0.01, 0.02], 4.0).unwrap() - 0.02).abs() < 1e-15);
/// ```
pub fn volatility(returns: &[f64], periods_per_year: f64) -> Option<f64> {
    Some(standard_deviation(returns)? * periods_per_year.sqrt())
}

pub(super) const VOLATILITY: Definition = Definition {
    key: "volatility",
    label: "Volatility",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Lower,
    formula: "std(r) * sqrt(periods_per_year)",
    source: "Markowitz (1952)",
    take: |p| volatility(p.portfolio, p.periods_per_year),
};

/// Sharpe ratio `mean(r - r_f) * p / (std(r - r_f) * sqrt(p))`, `p` = `periods_per_year`.
///
/// # Shape and units
/// `T` excess returns as fractions; a pure number per year. `None` if `T < 2` or they do not
/// vary.
/// # Source
/// Sharpe (1994), The Sharpe Ratio, Journal of Portfolio Management 21(1).
/// # Examples
/// ```
/// use walkfolio_stats::measures::performance::sharpe_ratio;
///
/// // Mean 0.01, std 0.01: 0.01 * 4 / (0.01 * 2) = 2.
/// assert!((sharpe_ratio(&[0.00, 0.01, 0.02], 4.0).unwrap() - 2.0).abs() < 1e-12);
/// ```
pub fn sharpe_ratio(excess: &[f64], periods_per_year: f64) -> Option<f64> {
    annual_ratio(excess, periods_per_year)
}

pub(super) const SHARPE_RATIO: Definition = Definition {
    key: "sharpe_ratio",
    label: "Sharpe ratio",
    unit: Unit::Ratio,
    needs: Needs::Cash,
    better: Better::Higher,
    formula: "mean(r - r_f) * periods_per_year / (std(r - r_f) * sqrt(periods_per_year))",
    source: "Sharpe (1994)",
    take: |p| sharpe_ratio(p.excess.values(), p.periods_per_year),
};

/// Sortino ratio `mean(r - r_f) * p / (sqrt(mean(min(r - r_f, 0)^2)) * sqrt(p))`, the downside
/// deviation over all rows.
///
/// # Shape and units
/// `T` excess returns as fractions; a pure number per year. `None` if `T < 2` or none is
/// negative.
/// # Source
/// Sortino & Price (1994), Performance Measurement in a Downside Risk Framework, Journal of
/// Investing 3(3).
/// # Examples
/// ```
/// use walkfolio_stats::measures::performance::sortino_ratio;
///
/// // Mean 0.01; downside deviation sqrt(0.02^2 / 4) = 0.01: 0.01 * 4 / (0.01 * 2) = 2.
/// let ratio = sortino_ratio(&[0.03, -0.02, 0.03, 0.00], 4.0).unwrap();
/// assert!((ratio - 2.0).abs() < 1e-12);
/// ```
pub fn sortino_ratio(excess: &[f64], periods_per_year: f64) -> Option<f64> {
    if excess.len() < 2 {
        return None;
    }
    let squares: f64 = excess.iter().map(|r| r.min(0.0) * r.min(0.0)).sum();
    let downside = (squares / excess.len() as f64).sqrt();
    let reward = mean(excess)? * periods_per_year;
    (downside > NEGLIGIBLE).then(|| reward / (downside * periods_per_year.sqrt()))
}

pub(super) const SORTINO_RATIO: Definition = Definition {
    key: "sortino_ratio",
    label: "Sortino ratio",
    unit: Unit::Ratio,
    needs: Needs::Cash,
    better: Better::Higher,
    formula: "mean(r - r_f) * periods_per_year / (sqrt(mean(min(r - r_f, 0)^2)) * sqrt(periods_per_year))",
    source: "Sortino & Price (1994)",
    take: |p| sortino_ratio(p.excess.values(), p.periods_per_year),
};

/// Calmar ratio: geometric annual return over the size of the maximum drawdown.
///
/// # Shape and units
/// `T` simple returns as fractions; a pure number per year. `None` if `T = 0` or nothing was ever
/// lost.
/// # Source
/// Young (1991), Calmar Ratio: A Smoother Tool, Futures 20(1).
/// # Examples
/// ```
/// use walkfolio_stats::measures::performance::calmar_ratio;
///
/// // 1.5 * 0.8 = 1.2 in a year of two sessions: 20 % a year over a drawdown of 20 %.
/// assert!((calmar_ratio(&[0.5, -0.2], 2.0).unwrap() - 1.0).abs() < 1e-12);
/// assert_eq!(calmar_ratio(&[0.5, 0.2], 2.0), None);
/// ```
pub fn calmar_ratio(returns: &[f64], periods_per_year: f64) -> Option<f64> {
    let drawdown = max_drawdown(returns)?.abs();
    let reward = annual_return(returns, periods_per_year)?;
    (drawdown > NEGLIGIBLE).then(|| reward / drawdown)
}

pub(super) const CALMAR_RATIO: Definition = Definition {
    key: "calmar_ratio",
    label: "Calmar ratio",
    unit: Unit::Ratio,
    needs: Needs::Nothing,
    better: Better::Higher,
    formula: "annual_return / |max_drawdown|",
    source: "Young (1991)",
    take: |p| calmar_ratio(p.portfolio, p.year(p.portfolio)?),
};

/// The lowest return of one period.
///
/// # Shape and units
/// `T` simple returns as fractions; so is the result. `None` if `T = 0`.
/// # Examples
/// ```
/// use walkfolio_stats::measures::performance::min_return;
///
/// assert_eq!(min_return(&[0.25, -0.5, 0.0]), Some(-0.5));
/// assert_eq!(min_return(&[]), None);
/// ```
pub fn min_return(returns: &[f64]) -> Option<f64> {
    returns.iter().copied().reduce(f64::min)
}

pub(super) const MIN_RETURN: Definition = Definition {
    key: "min_return",
    label: "Minimum daily return",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Higher,
    formula: "min(r)",
    source: "order statistic",
    take: |p| min_return(p.portfolio),
};

/// The highest return of one period.
///
/// # Shape and units
/// `T` simple returns as fractions; so is the result. `None` if `T = 0`.
/// # Examples
/// ```
/// use walkfolio_stats::measures::performance::max_return;
///
/// assert_eq!(max_return(&[0.25, -0.5, 0.0]), Some(0.25));
/// assert_eq!(max_return(&[]), None);
/// ```
pub fn max_return(returns: &[f64]) -> Option<f64> {
    returns.iter().copied().reduce(f64::max)
}

pub(super) const MAX_RETURN: Definition = Definition {
    key: "max_return",
    label: "Maximum daily return",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Neither,
    formula: "max(r)",
    source: "order statistic",
    take: |p| max_return(p.portfolio),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wealth_never_comes_back_from_zero() {
        // (1 - 1.5) * (1 - 2) would be +0.5.
        assert!(final_wealth(&[-1.5, -2.0]).abs() < 1e-300);
        assert_eq!(annual_return(&[-1.5, -2.0], 252.0), Some(-1.0));
        assert_eq!(calmar_ratio(&[0.1, -1.0], 252.0), Some(-1.0));
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(annual_return(&[], 252.0), None);
        assert_eq!(cumulative_return(&[]), None);
        assert_eq!(min_return(&[]), None);
        assert_eq!(volatility(&[0.1], 252.0), None);
        assert_eq!(sortino_ratio(&[0.1, 0.2], 252.0), None);
    }

    #[test]
    fn cash_is_taken_off() {
        let excess = risk_free_excess(&[0.03, 0.01], Some(&[0.01, 0.01]));
        assert!((excess[0] - 0.02).abs() < 1e-15 && excess[1].abs() < 1e-15);
    }
}
