//! What a reader of the figures must know.

use walkfolio_core::Note;

use super::concentration::holdings;
use super::list::definitions;
use super::needs::Needs;
use super::period::Period;
use super::record::Record;
use super::tail::CornishFisher;

/// Adds what is missing from a record and how its figures were taken.
pub(super) fn annotate(record: &Record<'_>, period: &Period<'_>, notes: &mut Vec<Note>) {
    gaps(record, notes);
    covers(record, period, notes);
    conventions(record, notes);
}

fn gaps(record: &Record<'_>, notes: &mut Vec<Note>) {
    let rows = record.portfolio.len();
    if record.dates.len() != rows {
        let dates = record.dates.len();
        notes.push(Note::warning(format!(
            "there are {dates} dates for {rows} returns: monthly measures are left out"
        )));
    }
    if rows < 2 {
        let sessions = if rows == 1 { "1 session" } else { "no session" };
        notes.push(Note::warning(format!(
            "the period has {sessions}: measures that need two are left out"
        )));
    }
    if let Some(date) = record.wiped_out {
        notes
            .push(Note::warning(format!("equity fell to zero on {date}; the backtest ends there")));
    }
}

/// Which series cover a part of the period only, and what is measured on that part.
fn covers(record: &Record<'_>, period: &Period<'_>, notes: &mut Vec<Note>) {
    let cash = period.cash.is_some().then(|| period.rows(Needs::Cash));
    let market = period.market_excess.is_some().then(|| period.rows(Needs::Market));
    let benchmark = period.benchmark.is_some().then(|| period.rows(Needs::Benchmark));
    // The rate comes with the factors where nobody gives another one.
    let one_file = cash.is_some() && cash == market;
    let parts: [(&str, &[Needs], _); 3] = [
        ("the benchmark covers", &[Needs::Benchmark], benchmark),
        ("the factors cover", if one_file { FACTORS } else { &[Needs::Market] }, market),
        ("the risk-free rate covers", &[Needs::Cash], cash.filter(|_| !one_file)),
    ];
    let (Some(first), Some(last)) = (record.dates.first(), record.dates.last()) else { return };
    let sessions = period.portfolio.len();
    for (series, needs, rows) in parts {
        let Some(rows) = rows.filter(|rows| rows.len() < sessions) else { continue };
        let measures = measured_by(needs);
        let ends = record.dates.get(rows.clone()).and_then(|own| Some((own.first()?, own.last()?)));
        notes.push(Note::warning(match ends {
            Some((from, to)) => format!(
                "{series} {from} to {to}, the returns run from {first} to {last}: {measures} are \
                 measured on the common {} of {sessions} rows",
                rows.len()
            ),
            None => format!("{series} no session of {first} to {last}: {measures} are left out"),
        }));
    }
}

/// What the factors of a file are needed for: its rate, and the market.
const FACTORS: &[Needs] = &[Needs::Cash, Needs::Market];

/// The first three measures that need a series.
fn measured_by(needs: &[Needs]) -> String {
    let all: Vec<&str> =
        definitions().iter().filter(|d| needs.contains(&d.needs)).map(|d| d.label).collect();
    let more = if all.len() > 3 { ", ..." } else { "" };
    format!("{}{more}", all[..all.len().min(3)].join(", "))
}

fn conventions(record: &Record<'_>, notes: &mut Vec<Note>) {
    if record.cash.is_none() {
        notes.push(Note::info("no cash series: r_f = 0"));
    }
    let empty = record.rebalances.iter().filter(|r| holdings(r.target) == 0).count();
    if empty > 0 {
        notes.push(Note::info(format!(
            "effective_holdings leaves out {empty} of {} decisions: nothing was held",
            record.rebalances.len()
        )));
    }
    if let Some(fisher) = CornishFisher::of(record.portfolio).filter(|fisher| !fisher.is_valid()) {
        let (skewness, kurtosis) = (fisher.skewness, fisher.excess_kurtosis);
        notes.push(Note::info(format!(
            "modified_var_95 is left out: skewness {skewness:.2} and excess kurtosis \
             {kurtosis:.2} lie outside the domain of the Cornish-Fisher expansion"
        )));
    }
}
