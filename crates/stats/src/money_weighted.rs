//! The return of the money in an account.

/// Days of a year of a money-weighted return.
const YEAR: f64 = 365.0;
/// The largest logarithm of a year's growth that is looked for, of either sign.
const WIDEST: f64 = 40.0;
/// Halvings of that range: to the last digit.
const HALVINGS: usize = 120;

/// The money-weighted return of an account a year: the rate `r` at which its capital and what was paid in, less what was
/// paid out, grow to its value: `sum F_i (1 + r)^((T - t_i) / 365) = V`.
///
/// `None` where there is no such rate: without a day between the first flow and the end, or of an account that ends
/// without value and was paid out nothing.
///
/// # Shape and units
/// `flows` are days since the first of them, in order, and amounts: the capital first, negative where they were paid
/// out; `days` is the end; the result is a fraction a year.
/// # Source
/// The internal rate of return of GIPS (2020), Provision 2.A.27; the day count is that of `XIRR` in spreadsheets.
/// # Examples
/// ```
/// use walkfolio_stats::money_weighted_return;
///
/// // 100 for a year and another 100 for half of it: at 10 % 110 and 100 x 1.1^(1/2) = 104.88.
/// let value = 110.0 + 100.0 * 1.1_f64.powf(182.5 / 365.0);
/// let found = money_weighted_return(&[(0.0, 100.0), (182.5, 100.0)], (365.0, value)).unwrap();
/// assert!((found - 0.1).abs() < 1e-12);
/// assert_eq!(money_weighted_return(&[(0.0, 100.0)], (0.0, 100.0)), None);
/// ```
pub fn money_weighted_return(flows: &[(f64, f64)], (days, value): (f64, f64)) -> Option<f64> {
    let first = flows.first()?.0;
    if days <= first {
        return None;
    }
    // What the flows grow to, less the value: it rises with the rate as long as the account is never in debt.
    let over = |growth: f64| -> f64 {
        let grown = flows.iter().map(|(at, flow)| flow * libm::exp(growth * (days - at) / YEAR));
        grown.sum::<f64>() - value
    };
    let (mut low, mut high) = (-WIDEST, WIDEST);
    while !over(high).is_finite() && high > 1.0 {
        high *= 0.5;
    }
    if !(over(low) <= 0.0 && over(high) >= 0.0) || over(low) == over(high) {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if over(middle) < 0.0 { low = middle } else { high = middle }
    }
    // All is lost: there is no rate above -100 %.
    (high > -WIDEST + 1e-6).then(|| libm::expm1(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_count_for_as_long_as_they_are_there() {
        // 1,000, of which 500 are taken out after a year at 20 %: 700 then grow by 10 % to 770.
        let flows = [(0.0, 1_000.0), (365.0, -500.0)];
        let found = money_weighted_return(&flows, (730.0, 770.0)).unwrap();
        // 1000 g^2 - 500 g = 770: g = (500 + sqrt(250000 + 3080000)) / 2000
        let growth = (500.0 + f64::sqrt(3_330_000.0)) / 2_000.0;
        assert!((found - (growth - 1.0)).abs() < 1e-12, "{found}");
    }

    #[test]
    fn a_total_loss_has_no_rate() {
        assert_eq!(money_weighted_return(&[(0.0, 100.0)], (365.0, 0.0)), None);
        assert_eq!(money_weighted_return(&[], (365.0, 0.0)), None);
        // All paid out at a gain, nothing left.
        let found = money_weighted_return(&[(0.0, 100.0), (365.0, -121.0)], (730.0, 0.0)).unwrap();
        assert!((found - 0.21).abs() < 1e-12, "{found}");
    }
}
