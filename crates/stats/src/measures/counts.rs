//! Counts: how long a backtest is, how often it traded, whether it survived.

use super::definition::{Better, Definition, Unit};
use super::needs::Needs;

pub(super) const REBALANCES: Definition = Definition {
    key: "rebalances",
    label: "Rebalances",
    unit: Unit::Count,
    needs: Needs::Nothing,
    better: Better::Neither,
    formula: "count",
    source: "count",
    take: |p| Some(p.rebalances.len() as f64),
};

pub(super) const SESSIONS: Definition = Definition {
    key: "sessions",
    label: "Sessions",
    unit: Unit::Count,
    needs: Needs::Nothing,
    better: Better::Neither,
    formula: "T",
    source: "count",
    take: |p| Some(p.portfolio.len() as f64),
};

pub(super) const WIPED_OUT: Definition = Definition {
    key: "ruined",
    label: "Wiped out",
    unit: Unit::Count,
    needs: Needs::Nothing,
    better: Better::Lower,
    formula: "1 if equity fell to zero, else 0",
    source: "count",
    take: |p| Some(f64::from(u8::from(p.is_wiped_out))),
};
