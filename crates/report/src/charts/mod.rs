//! The sections of the pages: one folder each, one line in the lists that give the order of page,
//! navigation and scripts.

pub(crate) mod account;
mod allocation;
mod assessment;
mod attribution;
mod best_by_period;
mod calendar;
mod cells;
mod data_report;
mod distribution;
mod effects;
pub(crate) mod efficient;
mod figures;
mod frontier;
mod growth;
mod indicators;
mod ledger;
mod map;
mod measures;
mod model;
mod pareto;
pub(crate) mod regimes;
pub(crate) mod risk;
pub(crate) mod robustness;
mod rolling;
mod selection_bias;
pub(crate) mod sources;
mod survivors;
mod targets;
mod trades;
mod underwater;
pub(crate) mod validation;
mod weights;

use crate::chart::{GridChart, RunChart};

/// The page of a backtest, from top to bottom: what failed, what it amounts to, how it came about.
pub(crate) const RUN: &[RunChart] = &[
    assessment::CHART,
    figures::CHART,
    targets::CHART,
    survivors::CHART,
    growth::CHART,
    account::CHART,
    underwater::CHART,
    regimes::CHART,
    indicators::CHART,
    rolling::CHART,
    calendar::CHART,
    distribution::CHART,
    weights::CHART,
    efficient::CHART,
    model::CHART,
    risk::CHART,
    sources::CHART,
    attribution::CHART,
    robustness::CHART,
    trades::CHART,
    measures::CHART,
    ledger::CHART,
    data_report::CHART,
];

/// The page of a grid, from top to bottom.
pub(crate) const GRID: &[GridChart] = &[
    assessment::GRID,
    targets::GRID,
    frontier::CHART,
    map::CHART,
    selection_bias::CHART,
    validation::CHART,
    best_by_period::CHART,
    pareto::CHART,
    effects::CHART,
    allocation::CHART,
    cells::CHART,
    data_report::GRID,
];
