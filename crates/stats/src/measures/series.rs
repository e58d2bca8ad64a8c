//! Series that several measures are taken from.

/// Excess returns `r - r_f`; without a cash series `r_f = 0`.
///
/// # Shape and units
/// Series of `T` simple returns as fractions, same dates; so is the result.
/// # Source
/// Sharpe (1994), The Sharpe Ratio, Journal of Portfolio Management 21(1).
/// # Examples
/// ```
/// use walkfolio_stats::measures::performance::risk_free_excess;
///
/// let excess = risk_free_excess(&[0.03, 0.01], Some(&[0.01, 0.01]));
/// assert!((excess[0] - 0.02).abs() < 1e-15 && excess[1].abs() < 1e-15);
/// assert_eq!(risk_free_excess(&[0.03], None), [0.03]);
/// ```
pub fn risk_free_excess(returns: &[f64], cash: Option<&[f64]>) -> Vec<f64> {
    match cash {
        Some(cash) => returns.iter().zip(cash).map(|(r, f)| r - f).collect(),
        None => returns.to_vec(),
    }
}

/// Active returns `r_p - r_b`, session by session.
///
/// # Shape and units
/// Two series of `T` simple returns as fractions, same dates; so is the result.
/// # Source
/// Grinold & Kahn (2000), Active Portfolio Management, ch. 5.
/// # Examples
/// ```
/// use walkfolio_stats::measures::relative::active_returns;
///
/// assert_eq!(active_returns(&[0.75, 0.5], &[0.5, 0.75]), [0.25, -0.25]);
/// ```
pub fn active_returns(portfolio: &[f64], benchmark: &[f64]) -> Vec<f64> {
    portfolio.iter().zip(benchmark).map(|(p, b)| p - b).collect()
}
