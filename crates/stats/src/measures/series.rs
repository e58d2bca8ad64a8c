//! Series that several measures are taken from.

/// Returns above cash, `r - r_f`; without a cash series `r_f = 0`.
///
/// # Shape and units
/// Series of `T` simple returns as fractions, same dates; so is the result.
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
pub fn active_returns(portfolio: &[f64], benchmark: &[f64]) -> Vec<f64> {
    portfolio.iter().zip(benchmark).map(|(p, b)| p - b).collect()
}
