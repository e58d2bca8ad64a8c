//! How much is traded and what it costs.

use super::definition::{Better, Definition, Unit};
use super::moments::mean;
use super::needs::Needs;
use super::record::{RebalanceRecord, Trade};

/// Mean turnover of a rebalance, `0.5 * sum |w_target - w_drifted|`, without the initial trade.
///
/// A study with `costs.charge_first = true` has no initial trade: its first rebalance, from cash, is
/// charged and counts as any other.
///
/// # Shape and units
/// One way, a fraction of equity per rebalance. `None` if there was only the initial trade.
/// # Source
/// `DeMiguel`, Garlappi & Uppal (2009), Optimal Versus Naive Diversification, Review of Financial
/// Studies 22(5), one way instead of two.
/// # Examples
/// ```
/// use walkfolio_core::Date;
/// use walkfolio_stats::measures::{RebalanceRecord, Trade, turnover::turnover_mean};
///
/// let trade = |trade, turnover, cost| RebalanceRecord {
///     date: Date::constant(2024, 1, 2),
///     target: &[1.0],
///     turnover,
///     cost,
///     trade,
/// };
/// let trades = [
///     trade(Trade::Initial, 0.5, 0.0),
///     trade(Trade::Rebalance, 0.25, 0.0),
///     trade(Trade::Rebalance, 0.75, 0.0),
/// ];
/// assert_eq!(turnover_mean(&trades), Some(0.5));
/// assert_eq!(turnover_mean(&trades[..1]), None);
/// ```
pub fn turnover_mean(rebalances: &[RebalanceRecord<'_>]) -> Option<f64> {
    let counted: Vec<f64> = rebalances
        .iter()
        .filter(|rebalance| rebalance.trade == Trade::Rebalance)
        .map(|rebalance| rebalance.turnover)
        .collect();
    mean(&counted)
}

pub(super) const TURNOVER_MEAN: Definition = Definition {
    key: "turnover_mean",
    label: "Turnover per rebalance (one-way)",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Lower,
    formula: "mean(0.5 * sum |w_target - w_drifted|), without the initial trade",
    source: "DeMiguel, Garlappi & Uppal (2009)",
    take: |p| turnover_mean(p.rebalances),
};

/// Turnover per year: [`turnover_mean`] times rebalances per year,
/// `rebalances * periods_per_year / sessions`.
///
/// The initial trade is left out of the mean but counted among the rebalances, so that `every =
/// "5d"` gives the mean times 50.4 whatever the length of the backtest.
///
/// # Shape and units
/// One way, a fraction of equity per year. 0 if there was an initial trade and no more, `None` if
/// there was no rebalance or no session.
/// # Examples
/// ```
/// use walkfolio_stats::measures::{RebalanceRecord, Trade, turnover::turnover_annual};
/// use walkfolio_core::Date;
///
/// let rebalance = |trade, turnover| RebalanceRecord {
///     date: Date::constant(2024, 1, 2),
///     target: &[1.0],
///     turnover,
///     cost: 0.0,
///     trade,
/// };
/// let rebalances =
///     [rebalance(Trade::Initial, 0.5), rebalance(Trade::Rebalance, 0.1)];
/// // 0.1 a rebalance, 2 in 42 sessions are 12 per year.
/// assert!((turnover_annual(&rebalances, 42, 252.0).unwrap() - 1.2).abs() < 1e-12);
/// ```
pub fn turnover_annual(
    rebalances: &[RebalanceRecord<'_>],
    sessions: usize,
    periods_per_year: f64,
) -> Option<f64> {
    let each = turnover_mean(rebalances).unwrap_or(0.0);
    let per_session = share(rebalances.len(), sessions)?;
    Some(each * per_session * periods_per_year)
}

pub(super) const TURNOVER_ANNUAL: Definition = Definition {
    key: "turnover_annual",
    label: "Annualized turnover (one-way)",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Lower,
    formula: "turnover_mean * rebalances * periods_per_year / sessions, both counts of the whole backtest",
    source: "DeMiguel, Garlappi & Uppal (2009)",
    take: |p| turnover_annual(p.rebalances, p.rebalance_sessions, p.periods_per_year),
};

/// Trading cost per year: the mean cost of a session times `periods_per_year`.
///
/// # Shape and units
/// A fraction of equity per year, counting every cost that was charged. `None` if there was no
/// rebalance or no session.
/// # Source
/// Boyd et al. (2017), Multi-Period Trading via Convex Optimization, sec. 2.3.
/// # Examples
/// ```
/// use walkfolio_core::Date;
/// use walkfolio_stats::measures::{RebalanceRecord, Trade, turnover::cost_annual};
///
/// let trade = |trade, turnover, cost| RebalanceRecord {
///     date: Date::constant(2024, 1, 2),
///     target: &[1.0],
///     turnover,
///     cost,
///     trade,
/// };
/// let trades = [trade(Trade::Initial, 0.5, 0.0), trade(Trade::Rebalance, 0.25, 0.001)];
/// // A tenth of a percent in half a year.
/// assert!((cost_annual(&trades, 126, 252.0).unwrap() - 0.002).abs() < 1e-15);
/// ```
pub fn cost_annual(
    rebalances: &[RebalanceRecord<'_>],
    sessions: usize,
    periods_per_year: f64,
) -> Option<f64> {
    share(rebalances.len(), sessions)?;
    let total: f64 = rebalances.iter().map(|rebalance| rebalance.cost).sum();
    Some(total / sessions as f64 * periods_per_year)
}

pub(super) const COST_ANNUAL: Definition = Definition {
    key: "cost_annual",
    label: "Annualized trading cost",
    unit: Unit::Percent,
    needs: Needs::Nothing,
    better: Better::Lower,
    formula: "sum of costs / sessions * periods_per_year, over the whole backtest",
    source: "Boyd et al. (2017)",
    take: |p| cost_annual(p.rebalances, p.rebalance_sessions, p.periods_per_year),
};

fn share(rebalances: usize, sessions: usize) -> Option<f64> {
    (rebalances > 0 && sessions > 0).then(|| rebalances as f64 / sessions as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use walkfolio_core::Date;

    fn trade(trade: Trade, turnover: f64, cost: f64) -> RebalanceRecord<'static> {
        let date = Date::constant(2024, 1, 2);
        RebalanceRecord { date, target: &[1.0], turnover, cost, trade }
    }

    #[test]
    fn the_initial_trade_is_no_turnover() {
        let hold = [trade(Trade::Initial, 0.5, 0.0)];
        assert_eq!(turnover_mean(&hold), None);
        assert_eq!(turnover_annual(&hold, 252, 252.0), Some(0.0));
        assert_eq!(turnover_annual(&[], 252, 252.0), None);
        assert_eq!(turnover_annual(&hold, 0, 252.0), None);
    }

    #[test]
    fn costs_add_up_over_sessions() {
        let trades = [trade(Trade::Initial, 0.5, 0.0), trade(Trade::Rebalance, 0.2, 0.001)];
        assert!((cost_annual(&trades, 126, 252.0).unwrap() - 0.002).abs() < 1e-15);
        assert_eq!(cost_annual(&[], 126, 252.0), None);
    }
}
