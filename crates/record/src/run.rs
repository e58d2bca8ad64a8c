//! A backtest, as data.

use serde::{Deserialize, Serialize};

use crate::account_run::AccountRun;
use crate::attribution::AttributionTables;
use crate::baseline::Baseline;
use crate::benchmark_holdings::HoldingsRow;
use crate::classifier::ClassifierRun;
use crate::factors::FactorTable;
use crate::frontier::FrontierRow;
use crate::manifest::Manifest;
use crate::measures::{AllMeasures, MeasureSet};
use crate::regimes::RegimeRow;
use crate::risk::RiskRow;
use crate::robustness::RobustnessTables;
use crate::tables::{DecisionRow, LedgerRow, ReturnRow, TimingRow};

/// A backtest: its manifest and its tables.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    /// What was run on which data.
    pub manifest: Manifest,
    /// One row per decision and asset.
    pub decisions: Vec<DecisionRow>,
    /// One row per event.
    pub ledger: Vec<LedgerRow>,
    /// What may differ from run to run.
    pub timings: Vec<TimingRow>,
    /// One row per session.
    pub returns: Vec<ReturnRow>,
    /// Where each decision's tracking error was expected to come from.
    pub risk: Vec<RiskRow>,
    /// The efficient frontier of each decision, where the study chooses on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frontier: Vec<FrontierRow>,
    /// How far each decision was from the benchmark's holdings, where these are known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub benchmark_holdings: Vec<HoldingsRow>,
    /// Portfolios that need no estimate, rebalanced at the same decisions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baselines: Vec<Baseline>,
    /// What each regime was known to be before each session, where the study has regimes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regimes: Vec<RegimeRow>,
    /// Factor returns of its sessions, where the study loads some.
    pub factors: Option<FactorTable>,
    /// Where returns and risk came from, where the study asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<AttributionTables>,
    /// Variants, episodes and shocks, where the study asks for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robustness: Option<RobustnessTables>,
    /// The decisions carried out in an account, where the study has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountRun>,
    /// What was learned, where the study has a classifier.
    pub classifier: Option<ClassifierRun>,
    /// The measures of the full sample and of each regime.
    pub measures: MeasureSet,
    /// The same as if trading were free, where the study charges for it.
    pub without_costs: Option<MeasureSet>,
    /// The same of the benchmark, as a portfolio of its own.
    pub benchmark: Option<MeasureSet>,
    /// What is wrong with its data, as `data-report.json` has it, where the folder holds one.
    pub data_report: Option<serde_json::Value>,
}

impl Run {
    /// What `measures.json` holds.
    pub fn all_measures(&self) -> AllMeasures {
        let MeasureSet { full, regimes } = self.measures.clone();
        let (without_costs, benchmark) = (self.without_costs.clone(), self.benchmark.clone());
        let account = self.account.as_ref().map(|account| account.measures.clone());
        let baselines = self.baselines.iter().map(|one| (one.name.clone(), one.measures.clone()));
        let baselines = baselines.collect();
        AllMeasures { full, regimes, without_costs, benchmark, account, baselines }
    }
}
