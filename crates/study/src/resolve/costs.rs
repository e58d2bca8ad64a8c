//! What trading costs, in the simulation and in the objective.

use walkfolio_core::number::shown;

use super::Faults;
use crate::objective::Shape;
use crate::spec::{SourceSpec, Spec};

impl Faults<'_> {
    /// The costs of the simulation.
    pub fn costs(&mut self, spec: &Spec) {
        let bps = spec.costs.per_side_bps;
        if !(0.0..=10_000.0).contains(&bps) {
            let message = format!("must be between 0 and 10000, found {}", shown(bps));
            self.push("costs.per_side_bps", message, "5 is five hundredths of a percent");
        }
        self.impact(spec);
    }

    /// Where the impact of trades can be known.
    fn impact(&mut self, spec: &Spec) {
        let (path, Some(impact)) = ("costs.impact", spec.costs.impact) else { return };
        self.at_least_zero("costs.impact.coefficient", impact.coefficient);
        if impact.portfolio_value.is_nan() || impact.portfolio_value <= 0.0 {
            let message = format!("must be above 0, found {}", shown(impact.portfolio_value));
            self.push("costs.impact.portfolio_value", message, "100 million is 1e8");
        }
        self.at_least("costs.impact.volatility_window", impact.volatility_window, 2);
        self.at_least("costs.impact.volume_window", impact.volume_window, 1);
        if matches!(spec.market.source, SourceSpec::Sample { .. }) {
            let why = "needs the volumes of trading, and the sample market has none";
            self.push(path, why, "read prices and volumes from files, or remove it");
        }
        if spec.market.currency.is_some() {
            let why =
                "needs values traded in one currency, and market.currency converts prices alone";
            self.push(path, why, "remove it, or use prices and volumes in one currency");
        }
    }

    /// Costs in the objective are those of the simulation.
    pub(super) fn trading_costs(&mut self, spec: &Spec) {
        let (path, allocate) = ("allocate.trading_costs", &spec.allocate);
        let Some(times) = allocate.trading_costs else { return };
        self.at_least_zero(path, times);
        if let Some(why) = allocate.objective.without_penalties() {
            let hint = if allocate.objective.shape() == Shape::Frontier {
                "remove it, or use another objective"
            } else {
                "limit allocate.turnover instead, or use another objective"
            };
            self.push(path, why, hint);
        }
        if !spec.costs.any() {
            let hint = "set costs.per_side_bps, such as 5.0";
            self.push(path, "is a multiple of costs.per_side_bps, which is 0", hint);
        }
        if spec.costs.impact.is_some() && allocate.holdings().is_some() {
            let why = "has the impact of trades, and rules about holdings know linear costs alone";
            let hint = "remove costs.impact, or max_holdings, min_holdings and an exact min_weight";
            self.push(path, why, hint);
        }
    }
}
