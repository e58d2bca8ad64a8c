//! What a trade costs: the one definition of optimizer and simulation.

use crate::{Error, Result};

/// What trading one asset costs: a part in proportion to the trade, and its impact on the price.
///
/// `linear |x| + impact |x|^1.5` of a trade `x`; buying and selling cost the same.
///
/// # Shape and units
/// `x` and the cost are fractions of the portfolio's value: `linear` is 0.001 for 10 basis points, `impact` is
/// `a sigma sqrt(V / ADV)`.
/// # Source
/// Boyd et al. (2017), Multi-Period Trading via Convex Optimization, eq. 2.3; Almgren, Thum, Hauptmann & Li
/// (2005), Direct estimation of equity market impact.
/// # Examples
/// ```
/// use walkfolio_core::TradingCost;
///
/// // 10 basis points; a portfolio of as much as is traded in a day, of an asset that moves 2 % a day.
/// let cost = TradingCost { linear: 0.001, impact: TradingCost::impact(1.0, 0.02, 1e7, 1e7)? };
/// // 0.001 * 0.25 + 0.02 * 0.125
/// assert!((cost.of(-0.25) - 0.00275).abs() < 1e-18);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TradingCost {
    /// Cost of a unit that is traded.
    pub linear: f64,
    /// Cost of a unit that is traded at once, of its impact on the price alone.
    pub impact: f64,
}

impl TradingCost {
    /// In proportion to the trade, without an impact on the price.
    pub fn linear(linear: f64) -> Self {
        Self { linear, impact: 0.0 }
    }

    /// `a sigma sqrt(V / ADV)`: the impact of trading all of a portfolio's value at once.
    ///
    /// # Shape and units
    /// `a` has no unit, and is about 1; `daily_volatility` is a fraction; `value` of the portfolio and `volume`
    /// a day are in the same currency.
    /// # Errors
    /// [`Error::InvalidCost`] unless the volume is positive, and the others are at least 0.
    /// # Examples
    /// See [`TradingCost`].
    pub fn impact(a: f64, daily_volatility: f64, value: f64, volume: f64) -> Result<f64> {
        let parts = [("a", a), ("daily volatility", daily_volatility), ("value", value)];
        for (what, found) in parts {
            if !(found.is_finite() && found >= 0.0) {
                return Err(Error::InvalidCost { what, rule: "at least 0", found });
            }
        }
        if !(volume.is_finite() && volume > 0.0) {
            let (what, rule) = ("volume a day", "above 0 where an asset is traded");
            return Err(Error::InvalidCost { what, rule, found: volume });
        }
        Ok(a * daily_volatility * (value / volume).sqrt())
    }

    /// What a trade costs.
    pub fn of(&self, trade: f64) -> f64 {
        let size = trade.abs();
        self.linear * size + self.impact * (size * size.sqrt())
    }

    /// What a little more of a trade's impact costs: `1.5 impact sqrt(|x|)` with the trade's sign, 0 without
    /// a trade.
    pub fn impact_slope(&self, trade: f64) -> f64 {
        if trade == 0.0 { 0.0 } else { 1.5 * self.impact * trade.abs().sqrt() * trade.signum() }
    }

    /// Whether both parts are finite and at least 0.
    pub fn is_valid(&self) -> bool {
        [self.linear, self.impact].iter().all(|part| part.is_finite() && *part >= 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_is_that_of_the_impact() {
        let cost = TradingCost { linear: 0.0, impact: 0.3 };
        for trade in [-0.2, 0.05] {
            let slope = (cost.of(trade + 1e-6) - cost.of(trade - 1e-6)) / 2e-6;
            assert!((cost.impact_slope(trade) - slope).abs() < 1e-9);
        }
        assert_eq!(cost.impact_slope(0.0), 0.0);
    }

    #[test]
    fn an_asset_without_volume_cannot_be_traded() {
        let error = TradingCost::impact(1.0, 0.02, 1e7, 0.0).unwrap_err();
        let told =
            "the volume a day of a trading cost is 0; it must be above 0 where an asset is traded";
        assert_eq!(error.to_string(), told);
        assert!(error.hint().is_some());
        assert!(TradingCost::impact(-1.0, 0.02, 1e7, 1e7).is_err());
    }
}
