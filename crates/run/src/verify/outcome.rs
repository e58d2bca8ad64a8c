//! Whether returns and measures are those of the stated decisions.

use walkfolio_backtest::{Step, simulate};
use walkfolio_core::{Date, Market};

use crate::Result;
use crate::measured::measures;
use crate::outcome::Prepared;
use walkfolio_record::{MeasureSet, MeasureTable, ReturnRow, Run};
use walkfolio_study::Study;

/// Returns that differ by more than this are not the same.
const SAME_RETURN: f64 = 1e-12;
/// Measures may differ by this, relative: they are written as decimal numbers.
const SAME_MEASURE: f64 = 1e-9;

/// What of a run's returns and measures does not follow from its decisions.
///
/// Runs that were stopped are not looked at: they were measured on what was done by then.
pub(super) fn outcome(
    study: &Study,
    run: &Run,
    prepared: &Prepared,
    steps: &[Step],
) -> Result<Vec<(Date, String)>> {
    let market = &prepared.market;
    let mut faults = Vec::new();
    let (Some(first), Some(last)) = (run.manifest.first, run.manifest.last) else {
        return Ok(faults);
    };
    if steps.len() != run.manifest.decisions {
        let message = format!(
            "{} decisions are stated, the run made {}",
            steps.len(),
            run.manifest.decisions
        );
        faults.push((first, message));
    }
    let end = market.dates().partition_point(|date| *date <= last);
    if run.manifest.ruined.is_some() || end < market.rows() || steps.is_empty() {
        return Ok(faults);
    }
    let simulation = simulate(market, steps, study.config().execution(), market.rows())?;
    if simulation.net.len() != run.returns.len() {
        let message = format!(
            "{} sessions are stated, there are {}",
            run.returns.len(),
            simulation.net.len()
        );
        faults.push((first, message));
        return Ok(faults);
    }
    for (index, row) in run.returns.iter().enumerate() {
        let session = market.dates()[simulation.rows.start + index];
        if row.date != session {
            faults.push((row.date, format!("the session is {session} in the data")));
        }
        let again = [
            ("portfolio", row.portfolio, simulation.net[index]),
            ("gross", row.gross, simulation.gross[index]),
            ("turnover", row.turnover, simulation.turnover[index]),
            ("cost", row.cost, simulation.cost[index]),
        ];
        let differs = |(_, a, b): &&(&str, f64, f64)| (a - b).abs() > SAME_RETURN;
        if let Some((what, stated, made)) = again.iter().find(differs) {
            faults.push((row.date, format!("{what} is {stated}, the decisions give {made}")));
        }
    }
    faults.extend(benchmark(market, &run.returns, simulation.rows.start));
    let measures = measures(study, market, &simulation, &mut Vec::new());
    let names = |set: &MeasureSet| -> Vec<String> {
        set.regimes.iter().map(|(name, _)| name.clone()).collect()
    };
    if names(&run.measures) != names(&measures) {
        faults.push((last, "the regimes are not those of the study".to_owned()));
    }
    let regimes = run.measures.regimes.iter().zip(&measures.regimes);
    let tables = regimes.map(|((name, a), (_, b))| (name.as_str(), a, b));
    for (name, stated, made) in
        std::iter::once(("full", &run.measures.full, &measures.full)).chain(tables)
    {
        faults.extend(table(name, stated, made).map(|message| (last, message)));
    }
    Ok(faults)
}

fn benchmark(market: &Market, rows: &[ReturnRow], start: usize) -> Option<(Date, String)> {
    let own = |row: usize| market.benchmark().and_then(|benchmark| benchmark.value(row));
    let differs = |(index, row): (usize, &ReturnRow)| {
        let made = own(start + index);
        (row.benchmark != made).then(|| (row.date, "the benchmark's return differs".to_owned()))
    };
    rows.iter().enumerate().find_map(differs)
}

fn table(name: &str, stated: &MeasureTable, made: &MeasureTable) -> Option<String> {
    made.iter().find_map(|(key, made)| {
        let stated = stated.get(key);
        let same = match (stated, made) {
            (Some(a), Some(b)) => (a - b).abs() <= SAME_MEASURE * (1.0 + b.abs()),
            (a, b) => a.is_some() == b.is_some(),
        };
        (!same).then(|| format!("{name}.{key} is {stated:?}, the decisions give {made:?}"))
    })
}
