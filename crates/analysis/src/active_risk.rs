//! Where active risk was expected to come from, and what was realized.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{RiskRow, Run};
use walkfolio_stats::measures::relative;
use walkfolio_stats::measures::tail::mean_of_worst;
use walkfolio_study::ObjectiveChoice;

use crate::grouped::Grouped;
use crate::line::Line;
use crate::stated;

/// A contribution this small is that of rounding.
const NOTHING: f64 = 1e-9;
/// Sessions of the realized tracking error.
pub const SESSIONS: usize = 63;

/// Expected and realized tracking error of a run; annualized fractions.
///
/// # Timing
/// An expectation is from the sample covariance of up to 252 sessions before its decision.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::active_risk::ActiveRisk;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let found = ActiveRisk::of(&run).unwrap();
/// // Parts of 1 % and 3 % add up to an expected tracking error of 4 % a year.
/// assert!((found.expected[0] - 0.04).abs() < 1e-15);
/// assert_eq!((found.last[0].asset.as_str(), found.last[0].contribution), ("B", 0.03));
/// // All of it is invested: nothing is left for the benchmark itself.
/// assert!(found.last.iter().all(|part| !part.is_benchmark));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActiveRisk {
    /// The decisions.
    pub dates: Vec<Date>,
    /// By decision, the tracking error that was expected, `sqrt(a' Sigma a)`.
    pub expected: Vec<f64>,
    /// Its mean over all decisions.
    pub expected_mean: f64,
    /// Sessions of each realized value.
    pub sessions: usize,
    /// By session of the run, the tracking error of the sessions up to it.
    pub realized: Line,
    /// The realized tracking error of the full sample.
    pub realized_full: Option<f64>,
    /// By name, its contribution to each expectation, the smallest taken together where there are
    /// many; the assets in the order of the study, the benchmark last.
    pub parts: Grouped,
    /// The contributions to the last expectation, the largest first.
    pub last: Vec<Contribution>,
    /// The sum of the last active weights.
    pub last_active_weight: f64,
    /// The worst losses that were expected, where the objective measures them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tail: Option<TailRisk>,
}

/// The mean of the worst losses of a period, or of the worst drawdowns, expected and realized.
///
/// # Examples
/// See [`ActiveRisk::tail`]; none where the objective measures no tail.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TailRisk {
    /// The part of periods that is not in the tail.
    pub confidence: f64,
    /// Whether it is of drawdowns, whose size depends on the window.
    pub of_drawdowns: bool,
    /// Rows of the window.
    pub window: u32,
    /// By decision, the mean that its window let expect; none where another objective decided.
    pub expected: Line,
    /// Its mean over those decisions.
    pub expected_mean: f64,
    /// The mean of the worst losses of the full sample, after costs; none of drawdowns.
    pub realized: Option<f64>,
}

/// The part of one position in an expected tracking error.
///
/// # Source
/// Grinold & Kahn (2000), ch. 3; Litterman (1996), Hot spots and hedges.
/// # Examples
/// See [`ActiveRisk`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contribution {
    /// The asset, or the benchmark where it is not one of them.
    pub asset: String,
    /// Whether it stands for what is not invested, next to a benchmark that is not an asset.
    pub is_benchmark: bool,
    /// Its weight less that in the benchmark.
    pub active_weight: f64,
    /// `((Sigma a)_i - (Sigma a)_b) / TE`, a year: for a unit of equity moved from the benchmark into it.
    pub marginal: f64,
    /// Active weight times the marginal contribution, a year; contributions add up to the tracking error.
    pub contribution: f64,
    /// Its part of the tracking error; `None` where that is 0.
    pub share: Option<f64>,
}

impl ActiveRisk {
    /// The contributions of a run, where it has any.
    pub fn of(run: &Run) -> Option<Self> {
        let decisions = run.risk.chunk_by(|a, b| a.date == b.date);
        let decisions: Vec<Vec<RiskRow>> = decisions.map(|rows| attributed(run, rows)).collect();
        let last = decisions.last()?;
        let total = |rows: &Vec<RiskRow>| expected(rows);
        let all = decisions.iter().map(total).sum::<f64>();
        Some(Self {
            dates: decisions.iter().map(|rows| rows[0].date).collect(),
            expected: decisions.iter().map(total).collect(),
            expected_mean: all / decisions.len() as f64,
            sessions: SESSIONS,
            realized: realized(run),
            realized_full: run.measures.full.get("tracking_error"),
            parts: Grouped::of(lines(run, &decisions)),
            last: contributions(run, last),
            last_active_weight: last.iter().map(|row| row.active_weight).sum(),
            tail: tail(run, &decisions),
        })
    }
}

/// The contributions of a decision by the difference of each asset from the benchmark, `a_i (m_i - m_b)`, `m` the
/// marginal ones: what a position adds because it is not the benchmark. A portfolio that is fully invested leaves
/// nothing for the benchmark itself; of another, what is not invested adds `(sum a) m_b`.
pub(crate) fn attributed(run: &Run, rows: &[RiskRow]) -> Vec<RiskRow> {
    let name = run.manifest.benchmark.as_deref();
    let Some(base) = rows.iter().find(|row| Some(row.asset.as_str()) == name) else {
        return rows.to_vec();
    };
    let rest = rows.iter().map(|row| row.active_weight).sum::<f64>() * base.marginal;
    let own = |row: &RiskRow| {
        let marginal = row.marginal - base.marginal;
        let left = if row.asset == base.asset { rest } else { 0.0 };
        RiskRow { marginal, contribution: row.active_weight * marginal + left, ..row.clone() }
    };
    let is_asset = |row: &RiskRow| run.manifest.assets.contains(&row.asset);
    let all = rows.iter().map(own);
    all.filter(|row| is_asset(row) || row.contribution.abs() > NOTHING).collect()
}

/// The contributions of a decision add up to it.
fn expected(rows: &[RiskRow]) -> f64 {
    rows.iter().map(|row| row.contribution).sum()
}

/// The worst losses that were expected and realized, if the objective of the study measures them.
fn tail(run: &Run, decisions: &[Vec<RiskRow>]) -> Option<TailRisk> {
    let (window, confidence, of_drawdowns) = match &run.manifest.resolved.allocate.objective {
        ObjectiveChoice::MinimumCvar(own) => (own.window, own.confidence, false),
        ObjectiveChoice::MeanCvar(own) => (own.window, own.confidence, false),
        ObjectiveChoice::MinimumCdar(own) => (own.window, own.confidence, true),
        _ => return None,
    };
    let of_decision = |rows: &Vec<RiskRow>| rows.iter().map(|row| row.tail).sum::<Option<f64>>();
    let expected: Line = decisions.iter().map(of_decision).collect();
    let known: Vec<f64> = expected.iter().copied().flatten().collect();
    let returns: Vec<f64> = run.returns.iter().map(|row| row.portfolio).collect();
    let realized = if of_drawdowns { None } else { mean_of_worst(&returns, confidence) };
    (!known.is_empty()).then(|| TailRisk {
        confidence,
        of_drawdowns,
        window,
        expected_mean: known.iter().sum::<f64>() / known.len() as f64,
        expected,
        realized,
    })
}

/// By name, its contributions by decision.
fn lines(run: &Run, decisions: &[Vec<RiskRow>]) -> Vec<(String, Vec<f64>)> {
    let mut table: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (place, rows) in decisions.iter().enumerate() {
        for row in rows {
            let line = table.entry(&row.asset);
            line.or_insert_with(|| vec![0.0; decisions.len()])[place] = row.contribution;
        }
    }
    let order = |name: &str| run.manifest.assets.iter().position(|asset| asset == name);
    let mut all: Vec<(String, Vec<f64>)> =
        table.into_iter().map(|(name, line)| (name.to_owned(), line)).collect();
    all.sort_by_key(|(name, _)| order(name).unwrap_or(usize::MAX));
    all
}

fn contributions(run: &Run, rows: &[RiskRow]) -> Vec<Contribution> {
    let total = expected(rows);
    let contribution = |row: &&RiskRow| Contribution {
        asset: row.asset.clone(),
        is_benchmark: !run.manifest.assets.contains(&row.asset),
        active_weight: row.active_weight,
        marginal: row.marginal,
        contribution: row.contribution,
        share: (total > 0.0).then(|| row.contribution / total),
    };
    let mut rows: Vec<&RiskRow> = rows.iter().collect();
    rows.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
    rows.iter().map(contribution).collect()
}

/// Realized tracking error of the sessions up to each one, aligned with the returns.
fn realized(run: &Run) -> Line {
    let periods = stated::periods_per_year(&run.manifest);
    let rows = &run.returns;
    let active: Vec<Option<f64>> =
        rows.iter().map(|row| row.benchmark.map(|b| row.portfolio - b)).collect();
    let at = |end: usize| {
        let window = &active[(end + 1).checked_sub(SESSIONS)?..=end];
        let window: Vec<f64> = window.iter().copied().collect::<Option<_>>()?;
        relative::tracking_error(&window, periods).filter(|error| error.is_finite())
    };
    (0..active.len()).map(at).collect()
}
