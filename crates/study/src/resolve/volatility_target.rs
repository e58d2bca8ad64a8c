//! What does not combine with a volatility target.

use super::Faults;
use crate::spec::{AllocateSpec, Spec};

/// Keys that compare the portfolio before scaling with what is held or with a volatility.
fn compared(allocate: &AllocateSpec) -> [(&'static str, bool, &'static str); 7] {
    let held = "compares weights before scaling with holdings after it";
    let sum = "says how much to invest, and so does allocate.volatility_target";
    let risk = "limits a risk before allocate.volatility_target scales the portfolio";
    [
        ("turnover", allocate.turnover.is_some(), held),
        ("trading_costs", allocate.trading_costs.is_some(), held),
        ("keep", !allocate.keep.is_empty(), held),
        ("net_leverage", allocate.net_leverage.is_some(), sum),
        ("gross_leverage", allocate.gross_leverage.is_some(), sum),
        ("volatility_cap", allocate.volatility_cap.is_some(), risk),
        ("tracking_error_cap", allocate.tracking_error_cap.is_some(), risk),
    ]
}

impl Faults<'_> {
    /// The target has the last word on how much is invested.
    pub fn volatility_target(&mut self, spec: &Spec) {
        if spec.allocate.volatility_target.is_none() {
            return;
        }
        for (key, _, why) in compared(&spec.allocate).into_iter().filter(|(_, set, _)| *set) {
            let path = format!("allocate.{key}");
            self.push(&path, why, "remove it, or allocate.volatility_target");
        }
    }
}
