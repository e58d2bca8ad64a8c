//! Losses from a peak.

use super::definition::{Better, Definition, Unit};
use super::moments::mean;
use super::needs::Needs;
use super::wealth::{grow, stays_positive};

/// The longest span of [`max_drawdown_10d`], in sessions.
const SPAN: usize = 10;

/// Maximum drawdown `min over t of V_t / max(V_0..V_t) - 1`, with the starting value `V_0 = 1`.
///
/// # Shape and units
/// `T` simple returns as fractions; a fraction in [-1, 0]. `None` if `T = 0`.
/// # Source
/// Magdon-Ismail & Atiya (2004), Maximum Drawdown, Risk 17(10).
/// # Examples
/// ```
/// use walkfolio_stats::measures::drawdown::max_drawdown;
///
/// // 1, 0.9, 1.08, 0.81: the last is a quarter below the peak of 1.08.
/// assert!((max_drawdown(&[-0.1, 0.2, -0.25]).unwrap() + 0.25).abs() < 1e-15);
/// // The first loss counts: 0.9 against the starting value.
/// assert!((max_drawdown(&[-0.1, 0.05]).unwrap() + 0.1).abs() < 1e-15);
/// ```
pub fn max_drawdown(returns: &[f64]) -> Option<f64> {
    let worst = if stays_positive(returns) {
        deepest(returns, |wealth, r| wealth * (1.0 + r))
    } else {
        deepest(returns, grow)
    };
    (!returns.is_empty()).then_some(worst)
}

/// Divides only where it may be the worst: resampling takes this figure a thousand times.
fn deepest(returns: &[f64], next: impl Fn(f64, f64) -> f64) -> f64 {
    let (mut wealth, mut peak, mut worst) = (1.0, 1.0_f64, 0.0_f64);
    let mut floor = f64::INFINITY;
    for simple_return in returns {
        wealth = next(wealth, *simple_return);
        if wealth > peak {
            peak = wealth;
            floor = reached(peak, worst);
        } else if wealth <= floor {
            worst = worst.min(wealth / peak - 1.0);
            floor = reached(peak, worst);
        }
    }
    worst
}

/// Wealth above this is a smaller drawdown from a peak than the worst one, whatever rounding does.
fn reached(peak: f64, worst: f64) -> f64 {
    peak * (1.0 + worst) * (1.0 + 4.0 * f64::EPSILON)
}

pub(super) const MAX_DRAWDOWN: Definition = Definition {
    key: "max_drawdown",
    label: "Maximum drawdown",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Higher,
    formula: "min over t of V_t / max(V_0..V_t) - 1, V_0 = 1",
    source: "Magdon-Ismail & Atiya (2004)",
    take: |p| max_drawdown(p.portfolio),
};

/// Maximum 10-day drawdown `min over t, h = 1..10 of V_t / V_{t-h} - 1`, with `V_0 = 1`.
///
/// Spans that begin after a wipeout are left out. The value is positive where every session gained.
///
/// # Shape and units
/// `T` simple returns as fractions; a fraction. `None` if `T = 0`.
/// # Examples
/// ```
/// use walkfolio_stats::measures::drawdown::max_drawdown_10d;
///
/// // Eleven losses of a tenth: the worst ten of them leave 0.9^10.
/// let worst = max_drawdown_10d(&[-0.1; 11]).unwrap();
/// assert!((worst - (0.3486784401 - 1.0)).abs() < 1e-12);
/// ```
pub fn max_drawdown_10d(returns: &[f64]) -> Option<f64> {
    let mut path = Vec::with_capacity(returns.len() + 1);
    path.push(1.0);
    let mut worst: Option<f64> = None;
    for (t, simple_return) in returns.iter().enumerate() {
        let wealth = grow(path[t], *simple_return);
        let starts = path[(t + 1).saturating_sub(SPAN)..].iter().filter(|start| **start > 0.0);
        for start in starts {
            let change = wealth / start - 1.0;
            worst = Some(worst.map_or(change, |worst| worst.min(change)));
        }
        path.push(wealth);
    }
    worst
}

pub(super) const MAX_DRAWDOWN_10D: Definition = Definition {
    key: "max_drawdown_10d",
    label: "Maximum drawdown in 10 sessions",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Higher,
    formula: "min over t, h = 1..10 of V_t / V_{t-h} - 1",
    source: "Magdon-Ismail & Atiya (2004)",
    take: |p| max_drawdown_10d(p.portfolio),
};

/// Ulcer index `sqrt(mean(D_t^2))`, `D_t = V_t / max(V_0..V_t) - 1` the drawdown of each session,
/// with the starting value `V_0 = 1`.
///
/// # Shape and units
/// `T` simple returns as fractions; a fraction, not percent, at least 0. `None` if `T = 0`. The
/// starting value has no drawdown of its own: the mean is over the `T` sessions.
/// # Source
/// Martin & `McCann` (1989), The Investor's Guide to Fidelity Funds, Wiley.
/// # Examples
/// ```
/// use walkfolio_stats::measures::drawdown::ulcer_index;
///
/// // 1, 0.9, 1.08, 0.81: drawdowns of 0.1, 0 and 0.25, squares 0.01 + 0 + 0.0625, over 3.
/// let index = ulcer_index(&[-0.1, 0.2, -0.25]).unwrap();
/// assert!((index - (0.0725_f64 / 3.0).sqrt()).abs() < 1e-15);
/// ```
pub fn ulcer_index(returns: &[f64]) -> Option<f64> {
    let (mut wealth, mut peak) = (1.0, 1.0_f64);
    let square = |simple_return: &f64| {
        wealth = grow(wealth, *simple_return);
        peak = peak.max(wealth);
        let drawdown = wealth / peak - 1.0;
        drawdown * drawdown
    };
    let squares: Vec<f64> = returns.iter().map(square).collect();
    Some(mean(&squares)?.sqrt())
}

pub(super) const ULCER_INDEX: Definition = Definition {
    key: "ulcer_index",
    label: "Ulcer index",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Lower,
    formula: "sqrt(mean(D_t^2)), D_t = V_t / max(V_0..V_t) - 1, V_0 = 1",
    source: "Martin & McCann (1989)",
    take: |p| ulcer_index(p.portfolio),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wipeout_is_a_drawdown_of_everything() {
        let returns = [0.1, -1.0, 0.5, -0.2];
        assert_eq!(max_drawdown(&returns), Some(-1.0));
        assert_eq!(max_drawdown_10d(&returns), Some(-1.0));
    }

    #[test]
    fn no_division_that_is_left_out_would_have_been_the_worst() {
        let mut numbers = walkfolio_core::random::SplitMix64::stream(3, 0);
        for round in 0..2000 {
            // Coarse returns come back to the same wealth and the same drawdown again and again.
            let size = [0.5, 0.25, 0.01, 1.2][round % 4];
            let mut draw = || size * ((numbers.unit() * 5.0).floor() - 2.0) / 2.0;
            let returns: Vec<f64> = (0..200).map(|_| draw()).collect();
            let (mut wealth, mut peak, mut worst) = (1.0, 1.0_f64, 0.0_f64);
            for simple_return in &returns {
                wealth = grow(wealth, *simple_return);
                peak = peak.max(wealth);
                worst = worst.min(wealth / peak - 1.0);
            }
            assert_eq!(max_drawdown(&returns).unwrap().to_bits(), worst.to_bits(), "{returns:?}");
        }
    }

    #[test]
    fn the_ulcer_index_by_hand() {
        // The first loss counts: 0.8 and 0.9 against the starting value, squares 0.04 and 0.01.
        assert!((ulcer_index(&[-0.2, 0.125]).unwrap() - 0.025_f64.sqrt()).abs() < 1e-15);
        // After a wipeout every session is a drawdown of everything.
        assert!((ulcer_index(&[0.1, -1.0, 0.5, 0.5]).unwrap() - 0.75_f64.sqrt()).abs() < 1e-15);
        assert_eq!(ulcer_index(&[0.1, 0.2]), Some(0.0));
        assert_eq!(ulcer_index(&[]), None);
    }

    #[test]
    fn gains_only() {
        assert_eq!(max_drawdown(&[0.1, 0.2]), Some(0.0));
        assert!((max_drawdown_10d(&[0.1, 0.2]).unwrap() - 0.1).abs() < 1e-15);
        assert_eq!(max_drawdown(&[]), None);
        assert_eq!(max_drawdown_10d(&[]), None);
    }
}
