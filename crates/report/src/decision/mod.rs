//! A decision on one page: from, to, why, at what cost, and what limits it. It needs neither script nor network,
//! and can be printed and signed.

mod account;
mod summary;

use serde::Serialize;
use walkfolio_analysis::format::{count, decimals, percent, scientific};
use walkfolio_record::{
    ExpectedRisk, Holder, LedgerRow, LimitRow, LiveDecision, SIMULATED, TargetRow,
};

use crate::Result;
use crate::page::style;
use crate::template::part;

const PAGE: &str = include_str!("decision.html");
const OWN_STYLE: &str = include_str!("decision.css");

/// Limits that are listed on the page.
const LIMITS: usize = 12;
/// Weights closer than this are the same.
const SAME: f64 = 5e-6;

#[derive(Serialize)]
struct Values<'a> {
    style: String,
    study: &'a str,
    date: String,
    simulated: Option<&'a str>,
    facts: Vec<(&'static str, String)>,
    hash: &'a str,
    summary: String,
    warnings: Vec<&'a LedgerRow>,
    rows: Vec<Row>,
    left_out: usize,
    account: Option<account::Values>,
    risk: Vec<[String; 4]>,
    risk_rows: usize,
    cost: Vec<(&'static str, String)>,
    limits: Vec<[String; 3]>,
    more_limits: usize,
    unexplained: Option<String>,
    solve: String,
    notes: Vec<&'a LedgerRow>,
    sources: Vec<[String; 4]>,
}

#[derive(Serialize)]
struct Row {
    asset: String,
    before: String,
    target: String,
    change: String,
    side: &'static str,
    price: String,
}

/// Writes a decision as one HTML page.
///
/// # Errors
/// As [`html`](crate::html).
pub fn decision_html(decision: &LiveDecision) -> Result<String> {
    let mut moved: Vec<&TargetRow> =
        decision.target.iter().filter(|row| row.before != 0.0 || row.target != 0.0).collect();
    // The largest first, and of what is sold the largest.
    moved.sort_by(|a, b| b.target.total_cmp(&a.target).then(b.before.total_cmp(&a.before)));
    let warnings: Vec<&LedgerRow> = decision.warnings().collect();
    let values = Values {
        style: format!("{}{OWN_STYLE}", style()),
        study: &decision.study,
        date: decision.date.to_string(),
        simulated: decision.synthetic.then_some(SIMULATED),
        facts: facts(decision),
        hash: &decision.hash,
        summary: summary::of(decision),
        rows: moved.iter().map(|row| of_row(row)).collect(),
        left_out: decision.target.len() - moved.len(),
        account: decision.account.as_ref().map(account::values),
        risk: risk(decision),
        risk_rows: decision.risk.rows,
        cost: vec![
            ("Turnover", percent(decision.turnover)),
            ("Cost of trading", format!("{} bp", decimals(1e4 * decision.cost, 2))),
        ],
        limits: decision.limits.iter().take(LIMITS).map(limit).collect(),
        more_limits: decision.limits.len().saturating_sub(LIMITS),
        unexplained: decision.unexplained.filter(|part| *part > 1e-6).map(percent),
        solve: solve(&decision.solve),
        notes: decision.notes.iter().filter(|row| !warnings.contains(row)).collect(),
        warnings,
        sources: sources(decision),
    };
    part(PAGE, values)
}

fn facts(decision: &LiveDecision) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("For the session of", decision.date.to_string()),
        ("Prices until", decision.known.to_string()),
        (
            "From",
            match decision.held_by {
                Holder::Study => "what the study holds".to_owned(),
                Holder::Account => "what the account holds".to_owned(),
            },
        ),
    ];
    facts.extend(decision.previous.map(|on| ("Decision before", on.to_string())));
    facts.extend(decision.next_due.map(|on| ("Next decision", on.to_string())));
    facts.extend(decision.benchmark.clone().map(|name| ("Benchmark", name)));
    facts.push(("Version", format!("walkfolio {}", decision.version)));
    facts
}

fn of_row(row: &TargetRow) -> Row {
    let change = row.target - row.before;
    let sign = if change > SAME { "+" } else { "" };
    Row {
        asset: row.asset.clone(),
        before: percent(row.before),
        target: percent(row.target),
        change: if change.abs() > SAME {
            format!("{sign}{}", percent(change))
        } else {
            String::new()
        },
        side: match change {
            change if change > SAME => "more",
            change if change < -SAME => "less",
            _ => "same",
        },
        price: row.price.map_or_else(|| "–".to_owned(), |price| decimals(price, 2)),
    }
}

fn risk(decision: &LiveDecision) -> Vec<[String; 4]> {
    type Figure = fn(&ExpectedRisk) -> Option<f64>;
    let figures: [(&str, Figure); 2] = [
        ("Volatility", |risk| Some(risk.volatility)),
        ("Tracking error", |risk| risk.tracking_error),
    ];
    let line = |(name, of): (&str, Figure)| {
        let (before, after) = (&decision.risk.before, &decision.risk.after);
        let (before, after) = (before.as_ref().and_then(of), after.as_ref().and_then(of)?);
        let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), percent);
        let change = before.map(|before| after - before);
        let sign = if change.is_some_and(|change| change > 0.0) { "+" } else { "" };
        let change = change.map_or_else(String::new, |change| format!("{sign}{}", percent(change)));
        Some([name.to_owned(), shown(before), percent(after), change])
    };
    figures.into_iter().filter_map(line).collect()
}

/// A limit in words, its value and its price.
fn limit(row: &LimitRow) -> [String; 3] {
    let of = row.asset.as_ref().map_or_else(String::new, |asset| format!(" of {asset}"));
    let end = match row.end.as_str() {
        "min" => "at its minimum",
        "max" => "at its maximum",
        _ => "as it must be",
    };
    let limit = decimals(row.limit, 4);
    let limit = limit.trim_end_matches('0').trim_end_matches('.').to_owned();
    [format!("{}{of}, {end}", row.constraint), limit, scientific(row.price)]
}

fn solve(row: &LedgerRow) -> String {
    let Some(objective) = row.objective else {
        return "No optimization problem was solved.".to_owned();
    };
    let by = row.solver.as_deref().unwrap_or("a solver");
    let status = row.status.as_deref().unwrap_or("ended");
    let bound = row
        .bound
        .map_or_else(String::new, |bound| format!(", no portfolio is better than {bound:.6e}"));
    format!("Objective {objective:.6e}{bound} ({by}, {status}).")
}

fn sources(decision: &LiveDecision) -> Vec<[String; 4]> {
    let of = |source: &walkfolio_record::Source| {
        let hash = source.sha256.get(..12).unwrap_or(&source.sha256).to_owned();
        [
            source.role.clone(),
            source.name.clone(),
            source.range(),
            format!("{} rows, {hash}", count(source.rows as f64)),
        ]
    };
    decision.sources.iter().map(of).collect()
}
