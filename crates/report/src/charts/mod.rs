//! The sections of the pages: one folder each, one line in the lists that give the order of page,
//! navigation and scripts.

pub(crate) mod account;
mod allocation;
mod assessment;
mod attribution;
mod best_by_period;
pub(crate) mod best_tracking;
mod calendar;
mod cells;
mod current;
mod curves;
mod data_report;
mod distribution;
mod drawdowns;
mod effects;
pub(crate) mod efficient;
mod episodes;
mod findings;
mod frontier;
mod ledger;
mod map;
mod measures;
mod model;
mod overview;
mod pareto;
pub(crate) mod regimes;
mod returns;
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

use crate::chart::{GridChart, GridPart, RunChart, RunPart};

/// The page of a backtest, from top to bottom: what came out, then how it came about.
pub(crate) const RUN: &[RunPart] = &[
    RunPart { id: "result", title: "Result", charts: RESULT },
    RunPart { id: "appendix", title: "Appendix", charts: APPENDIX },
];

const RESULT: &[RunChart] = &[
    assessment::CHART,
    overview::CHART,
    current::CHART,
    findings::CHART,
    targets::CHART,
    account::CHART,
    returns::CHART,
    calendar::CHART,
    drawdowns::CHART,
    episodes::CHART,
    risk::CHART,
    rolling::CHART,
    weights::CHART,
    trades::CHART,
    regimes::CHART,
    sources::CHART,
    attribution::CHART,
    robustness::CHART,
    survivors::CHART,
];

const APPENDIX: &[RunChart] = &[
    measures::CHART,
    distribution::CHART,
    underwater::CHART,
    efficient::CHART,
    model::CHART,
    ledger::CHART,
    data_report::CHART,
];

/// The tear sheet of a series of returns from elsewhere, from top to bottom.
pub(crate) const SERIES: &[RunPart] = &[
    RunPart { id: "result", title: "Result", charts: SERIES_RESULT },
    RunPart { id: "appendix", title: "Appendix", charts: SERIES_APPENDIX },
];

const SERIES_RESULT: &[RunChart] = &[
    assessment::CHART,
    overview::CHART,
    findings::CHART,
    returns::CHART,
    calendar::CHART,
    drawdowns::CHART,
    episodes::CHART,
    rolling::CHART,
];

const SERIES_APPENDIX: &[RunChart] = &[measures::CHART, distribution::CHART, underwater::CHART];

/// The page of a grid, from top to bottom.
pub(crate) const GRID: &[GridPart] = &[
    GridPart { id: "result", title: "Result", charts: GRID_RESULT },
    GridPart { id: "appendix", title: "Appendix", charts: GRID_APPENDIX },
];

const GRID_RESULT: &[GridChart] = &[
    assessment::GRID,
    findings::GRID,
    targets::GRID,
    best_tracking::CHART,
    frontier::CHART,
    map::CHART,
    curves::CHART,
    selection_bias::CHART,
    validation::CHART,
    best_by_period::CHART,
    pareto::CHART,
    effects::CHART,
    cells::CHART,
];

const GRID_APPENDIX: &[GridChart] = &[allocation::CHART, data_report::GRID];
