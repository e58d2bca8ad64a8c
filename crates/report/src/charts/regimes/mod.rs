//! The states of a study's regimes: how they went, what was earned in each, and whether they agree.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_analysis::Date;
use walkfolio_analysis::Unit;
use walkfolio_analysis::format::{UNDEFINED, brief, count, decimals, measure, percent};
use walkfolio_analysis::regimes::{Agreement, RegimeFindings, Regimes, StateFindings};
use walkfolio_record::Run;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("regimes.html");

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "regimes", title: "Regimes", script: include_str!("regimes.js"), draw };

/// What is said of each state.
pub(crate) const COLUMNS: [&str; 9] = [
    "Sessions",
    "Share",
    "Mean return, annualized",
    "Volatility",
    "Sharpe ratio",
    "Benchmark’s mean",
    "Tracking error",
    "Times",
    "Lasted",
];

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.regimes.as_ref(), |found| {
        let strips: Vec<Strip> = found.regimes.iter().map(|one| strip(one, summary.run)).collect();
        let values = serde_json::json!({
            "columns": COLUMNS,
            "regimes": rows(found),
            "agreement": agreement(found),
            "probabilities": strips.iter().any(|strip| strip.probability.is_some()),
        });
        Drawn::section(part(TEMPLATE, values)?).with("states", &strips)
    })
}

/// A regime as its table has it.
#[derive(Debug, Serialize)]
pub(crate) struct Rows {
    pub name: String,
    pub undefined: Option<String>,
    pub states: Vec<Row>,
}

/// A state in words: the columns, then the probability of each state at the next session.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub name: String,
    pub cells: Vec<String>,
    pub next: Vec<String>,
}

/// The tables of all regimes.
pub(crate) fn rows(found: &Regimes) -> Vec<Rows> {
    let regime = |one: &RegimeFindings| Rows {
        name: one.name.clone(),
        undefined: (one.undefined > 0)
            .then(|| format!("Not defined before {} sessions.", count(one.undefined as f64))),
        states: one.states.iter().map(row).collect(),
    };
    found.regimes.iter().map(regime).collect()
}

fn row(found: &StateFindings) -> Row {
    let own = |key: &str| found.own.as_ref().and_then(|own| own.get(key));
    let mean = own("mean_return_annual").map_or_else(
        || UNDEFINED.to_owned(),
        |mean| {
            let error = found.standard_error.map(|error| format!(" ± {}", percent(error)));
            format!("{}{}", percent(mean), error.unwrap_or_default())
        },
    );
    let benchmark = found.benchmark.as_ref().and_then(|table| table.get("mean_return_annual"));
    Row {
        name: found.state.clone(),
        cells: vec![
            count(found.sessions as f64),
            percent(found.share),
            mean,
            measure(Unit::Percent, own("volatility")),
            measure(Unit::Ratio, own("sharpe_ratio")),
            measure(Unit::Percent, benchmark),
            measure(Unit::Percent, own("tracking_error")),
            count(found.spells as f64),
            lasted(found),
        ],
        next: found.next.iter().map(|value| measure(Unit::Percent, *value)).collect(),
    }
}

fn lasted(found: &StateFindings) -> String {
    found.mean_dwell.map_or_else(
        || UNDEFINED.to_owned(),
        |mean| format!("{}, at most {}", decimals(mean, 1), count(found.longest_dwell as f64)),
    )
}

/// Two regimes in words.
#[derive(Debug, Serialize)]
pub(crate) struct Pair {
    pub names: String,
    pub sessions: String,
    pub same_end: String,
    pub cramers_v: String,
}

/// How each pair of regimes agrees.
pub(crate) fn agreement(found: &Regimes) -> Vec<Pair> {
    let pair = |one: &Agreement| {
        let [a, b] = one.pair.map(|at| found.regimes[at].name.as_str());
        let all: usize = one.sessions.iter().flatten().sum();
        Pair {
            names: format!("{a} and {b}"),
            sessions: count(all as f64),
            same_end: measure(Unit::Percent, one.same_end),
            cramers_v: measure(Unit::Ratio, one.cramers_v),
        }
    };
    found.agreement.iter().map(pair).collect()
}

/// A regime as its strip is drawn: one place for each session of the returns.
#[derive(Debug, Serialize)]
struct Strip {
    name: String,
    states: Vec<String>,
    sessions: Vec<Option<usize>>,
    spells: Vec<(usize, String, String)>,
    probability: Option<Vec<Option<f64>>>,
}

fn strip(found: &RegimeFindings, run: &Run) -> Strip {
    let states: Vec<String> = found.states.iter().map(|state| state.state.clone()).collect();
    let own = run.regimes.iter().filter(|row| row.regime == found.name);
    let by_date: BTreeMap<Date, _> = own.map(|row| (row.date, row)).collect();
    let of = |date: &Date| by_date.get(date);
    let place = |date: Date| {
        let state = of(&date)?.state.as_ref()?;
        states.iter().position(|known| known == state)
    };
    let sessions = run.returns.iter().map(|row| place(row.date)).collect();
    let last = states.last().cloned().unwrap_or_default();
    let probability = |date: Date| of(&date)?.probabilities.get(&last).copied().and_then(brief);
    let all: Vec<Option<f64>> = run.returns.iter().map(|row| probability(row.date)).collect();
    let spells = found.spells.iter();
    Strip {
        name: found.name.clone(),
        sessions,
        spells: spells.map(|s| (s.state, s.first.to_string(), s.last.to_string())).collect(),
        probability: all.iter().any(Option::is_some).then_some(all),
        states,
    }
}
