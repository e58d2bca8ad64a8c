//! The sheets of regimes: measures by state, and the state of each session.

use rust_xlsxwriter::Workbook;
use walkfolio_analysis::regimes::{RegimeFindings, Regimes, StateFindings};
use walkfolio_record::Run;

use super::sheet::{Kind, ROWS, Sheet};
use crate::Result;

/// A row a state of each regime.
pub(super) fn by_state(book: &mut Workbook, found: &Regimes) -> Result<()> {
    let most = found.regimes.iter().map(|regime| regime.states.len()).max().unwrap_or(0);
    let next: Vec<String> = (1..=most).map(|state| format!("Next: state {state}")).collect();
    let mut headings = vec![
        ("Regime", 16.0),
        ("State", 16.0),
        ("Sessions", 10.0),
        ("Share", 10.0),
        ("Mean return", 12.0),
        ("Standard error", 14.0),
        ("Volatility", 12.0),
        ("Sharpe ratio", 12.0),
        ("Benchmark's mean", 16.0),
        ("Tracking error", 14.0),
        ("Turnover", 10.0),
        ("Times", 8.0),
        ("Mean sessions", 14.0),
        ("Most sessions", 14.0),
    ];
    headings.extend(next.iter().map(|name| (name.as_str(), 14.0)));
    let mut sheet = Sheet::new(book, "Regimes")?;
    sheet.heading(&headings)?;
    for regime in &found.regimes {
        for state in &regime.states {
            row(&mut sheet, regime, state)?;
        }
    }
    sheet.filter()?;
    sheet.freeze(1, 2)
}

fn row(sheet: &mut Sheet<'_>, regime: &RegimeFindings, found: &StateFindings) -> Result<()> {
    let own = |key: &str| found.own.as_ref().and_then(|own| own.get(key));
    let benchmark = found.benchmark.as_ref().and_then(|table| table.get("mean_return_annual"));
    sheet.row().text(&regime.name)?.text(&found.state)?;
    sheet.number(Kind::Count, Some(found.sessions as f64))?;
    let percents =
        [Some(found.share), own("mean_return_annual"), found.standard_error, own("volatility")];
    for value in percents {
        sheet.number(Kind::Percent, value)?;
    }
    sheet.number(Kind::Number, own("sharpe_ratio"))?;
    for value in [benchmark, own("tracking_error"), Some(found.turnover)] {
        sheet.number(Kind::Percent, value)?;
    }
    sheet.number(Kind::Count, Some(found.spells as f64))?.number(Kind::Number, found.mean_dwell)?;
    sheet.number(Kind::Count, Some(found.longest_dwell as f64))?;
    for value in &found.next {
        sheet.number(Kind::Percent, *value)?;
    }
    Ok(())
}

/// A row a session and regime, as `regimes.parquet` has them.
pub(super) fn by_session(book: &mut Workbook, run: &Run) -> Result<()> {
    let mut sheet = Sheet::new(book, "States")?;
    sheet.heading(&[
        ("Date", 12.0),
        ("Known", 12.0),
        ("Regime", 16.0),
        ("State", 16.0),
        ("Value", 14.0),
        ("Probability", 12.0),
    ])?;
    for one in run.regimes.iter().take(ROWS) {
        let state = one.state.as_deref();
        sheet.row().date(one.date)?.date(one.known)?.text(&one.regime)?;
        sheet.text(state.unwrap_or(""))?.number(Kind::General, one.value)?;
        let probability = state.and_then(|state| one.probabilities.get(state).copied());
        sheet.number(Kind::Percent, probability)?;
    }
    sheet.filter()?;
    sheet.freeze(1, 1)
}
