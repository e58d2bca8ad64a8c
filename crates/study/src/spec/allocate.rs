//! What is optimized, and what a portfolio must satisfy.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_optimize as optimize;

use super::limits::{
    BoundsSpec, Fallback, MinWeightRuleSpec, MinWeightSpec, SearchSpec, SolverSpec,
};
use crate::constraint::{
    AssetBoundsSpec, BetaSpec, BoundsByAsset, ConstraintForm, FactorExposureSpec, FactorExposures,
    GrossLeverage, GroupSpec, Groups, Holdings, Keep, NetLeverageSpec, TrackingErrorCap,
    TurnoverSpec, VolatilityCap, VolatilityTargetSpec,
};
use crate::objective::ObjectiveChoice;

/// The objective and the constraints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AllocateSpec {
    /// The objective.
    pub objective: ObjectiveChoice,
    /// Minimum and maximum weight of one asset. The weights sum to 1, or to `net_leverage`.
    pub bounds: BoundsSpec,
    /// Bounds of single assets that replace the common bounds, by name.
    ///
    /// Example: `bounds_by_asset = { SPY = { min = 0.05, max = 0.10 } }`
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bounds_by_asset: BTreeMap<String, AssetBoundsSpec>,
    /// Maximum number of holdings: the best such portfolio, by branch and bound.
    ///
    /// Unit: assets.
    ///
    /// Example: `max_holdings = 6`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_holdings: Option<u32>,
    /// Minimum number of holdings, each with a weight of at least `min_weight.below` if that is set.
    ///
    /// Unit: assets.
    ///
    /// Example: `min_holdings = 3`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_holdings: Option<u32>,
    /// When a search over holdings stops without proof.
    #[serde(default)]
    pub search: SearchSpec,
    /// What happens to small weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_weight: Option<MinWeightSpec>,
    /// L1 penalty: adds this multiple of `sum |w|` to the minimized objective. On a long-only, fully
    /// invested portfolio it is a constant and selects nothing; use `max_holdings`.
    ///
    /// Unit: of the objective, for a sum of absolute weights of 1.
    ///
    /// Example: `l1_penalty = 0.001`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub l1_penalty: Option<f64>,
    /// L2 penalty: adds this multiple of `sum w^2` to the minimized objective.
    ///
    /// Unit: of the objective, for a sum of squared weights of 1.
    ///
    /// Example: `l2_penalty = 0.01`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub l2_penalty: Option<f64>,
    /// The portfolio's beta to the market.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beta: Option<BetaSpec>,
    /// Maximum sum of absolute weights.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `gross_leverage = 1.6`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross_leverage: Option<f64>,
    /// The sum of the weights in place of 1. What is not invested is cash without interest, and borrowing costs
    /// nothing.
    ///
    /// Example: `net_leverage = { value = 0.0 }`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_leverage: Option<NetLeverageSpec>,
    /// Limits of the sums of weights of groups with names: sectors, countries, asset classes.
    ///
    /// Example: `groups = [{ name = "tech", assets = ["XLK", "SMH"], max = 0.4 }]`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupSpec>,
    /// Ranges of the portfolio's exposures to factors of `market.factors`, with loadings that are regressed on the
    /// window of the covariance, or of an objective without one; or to anything by `loadings` of your own.
    ///
    /// Example: `factor_exposure = [{ factor = "SMB", min = -0.1, max = 0.1 }]`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factor_exposure: Vec<FactorExposureSpec>,
    /// Assets of which at least what is held stays held, up to their maximum weight.
    ///
    /// Example: `keep = ["GLD"]`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
    /// Maximum turnover of a rebalance, or a table of limits: half the sum of `|w - w0|` over all assets, where `w0`
    /// are the current holdings, drifted to the decision; what must be sold counts. The initial trade is not limited.
    /// With `walk_forward.execution_lag` holdings drift on to the trade, whose turnover may then be above the limit.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `turnover = { per_rebalance = 0.1, per_year = 1.0 }`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turnover: Option<TurnoverSpec>,
    /// Maximum volatility, by the covariance of `[estimate]`, or the sample covariance over the window of an
    /// objective without one.
    ///
    /// Unit: fraction per year.
    ///
    /// Example: `volatility_cap = 0.12`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volatility_cap: Option<f64>,
    /// Maximum tracking error against the benchmark: by the covariance of `[estimate]`, if the benchmark is one
    /// of the assets, else the standard deviation of the differences of returns over its window.
    ///
    /// Unit: fraction per year.
    ///
    /// Example: `tracking_error_cap = 0.03`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_error_cap: Option<f64>,
    /// Scales the portfolio to an expected volatility, by the covariance of `[estimate]`, or the sample covariance
    /// over the window of an objective without one. Bounds and other constraints are those of the portfolio
    /// before scaling, whose weights sum to 1. The rest is cash without interest; borrowing costs nothing.
    ///
    /// Example: `volatility_target = { volatility = 0.10, max_leverage = 1.5 }`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volatility_target: Option<VolatilityTargetSpec>,
    /// How much of the costs of trading the objective pays: this multiple of what `[costs]` charge for the trades
    /// `|w - w0|`, impact included, times the rebalances of a year. With 1, `mean_variance` and `robust_utility` weigh expected
    /// returns against what the simulation charges; for an objective that is not a return it is a price in its
    /// unit. The initial trade is free.
    ///
    /// Unit: of the objective, for costs of 1.
    ///
    /// Example: `trading_costs = 1.0`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trading_costs: Option<f64>,
    /// Which solver to use; the ledger says which one did.
    #[serde(default)]
    pub solver: SolverSpec,
    /// What is tried, in this order, when an optimization problem cannot be solved. Without it, the
    /// run stops.
    ///
    /// Example: `fallbacks = ["relax", "previous"]`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fallbacks: Vec<Fallback>,
}

impl AllocateSpec {
    /// What a portfolio must satisfy beside its budget and bounds: the list of constraints.
    pub(crate) fn constraints(&self) -> Vec<Box<dyn ConstraintForm>> {
        let mut all: Vec<Box<dyn ConstraintForm>> =
            vec![Box::new(BoundsByAsset(self.bounds_by_asset.clone()))];
        if let Some(beta) = &self.beta {
            all.push(Box::new(beta.clone()));
        }
        if let Some(net) = &self.net_leverage {
            all.push(Box::new(net.clone()));
        }
        if let Some(max) = self.gross_leverage {
            all.push(Box::new(GrossLeverage { max }));
        }
        all.push(Box::new(Groups(self.groups.clone())));
        all.push(Box::new(FactorExposures(self.factor_exposure.clone())));
        all.push(Box::new(Keep(self.keep.clone())));
        if let Some(limits) = self.turnover {
            all.push(Box::new(limits));
        }
        if let Some(max) = self.volatility_cap {
            all.push(Box::new(VolatilityCap { max }));
        }
        if let Some(max) = self.tracking_error_cap {
            all.push(Box::new(TrackingErrorCap { max }));
        }
        if let Some(target) = &self.volatility_target {
            all.push(Box::new(target.clone()));
        }
        if let Some(holdings) = self.holdings() {
            all.push(Box::new(holdings));
        }
        all
    }

    /// Why moments must be estimated, if they must: the objective uses them, or has no window on which risk could
    /// be measured.
    pub(crate) fn needs_moments(&self) -> Option<&'static str> {
        if self.objective.uses_moments() {
            return Some("the objective needs moments");
        }
        let measures_risk = self.volatility_cap.is_some()
            || self.tracking_error_cap.is_some()
            || self.volatility_target.is_some()
            || self.factor_exposure.iter().any(|exposure| exposure.loadings.is_none());
        let needs = measures_risk && self.objective.rows() == 0;
        needs.then_some(
            "a limit or target of risk needs a covariance, and the objective has no window",
        )
    }

    /// The smallest and largest sum of the weights.
    pub(crate) fn net(&self) -> (f64, f64) {
        self.net_leverage.as_ref().and_then(NetLeverageSpec::range).unwrap_or((1.0, 1.0))
    }

    /// The rules about holdings that are kept exactly.
    pub(crate) fn holdings(&self) -> Option<Holdings> {
        let is_exact = |rule: &&MinWeightSpec| rule.rule == MinWeightRuleSpec::Exact;
        let exact = self.min_weight.as_ref().is_some_and(|rule| is_exact(&rule));
        // Positions that dropping would delete are no holdings: with a least number of holdings each
        // has the size that is kept.
        let kept = exact || self.min_holdings.is_some();
        let rules = optimize::Holdings {
            max: self.max_holdings.map(|k| k as usize),
            min: self.min_holdings.map(|k| k as usize),
            min_position: self
                .min_weight
                .as_ref()
                .filter(|_| kept)
                .map(|rule| rule.below)
                .filter(|below| *below > 0.0),
        };
        (exact || rules.any()).then_some(Holdings { rules, exact })
    }
}
