//! What must be read together with a run's figures, a sentence each.

use walkfolio_record::{LedgerRow, ReturnRow, Run};
use walkfolio_stats::measures::performance::annual_return;

use crate::active_risk::ActiveRisk;
use crate::format::{counted, percent};
use crate::solves::unproven;
use crate::stated;

/// The costs that a run without costs is shown at, in basis points per side.
const BPS: f64 = 5.0;
/// How the note of a raised maximum weight ends its reason.
const RAISED: &str = "cannot sum to 1; it is raised to";

/// What must be read together with a run's figures, the most important first: how far the realized
/// tracking error is from what was expected, that trading was free, maximum weights that were raised, and
/// solves without proof.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::caveats;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let found = caveats(&run);
/// assert_eq!(found[0], "tracking error: 4.00\u{202f}% expected at the decisions (mean), 5.00\u{202f}% realized");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn caveats(run: &Run) -> Vec<String> {
    let found = [expected_error(run), free_of_costs(run), raised(run), without_proof(run)];
    found.into_iter().flatten().collect()
}

/// The tracking error expected by the decisions, and what came of it, where the study tracks.
fn expected_error(run: &Run) -> Option<String> {
    let risk = ActiveRisk::of(run).filter(|_| stated::tracks(&run.manifest))?;
    let (expected, realized) = (percent(risk.expected_mean), percent(risk.realized_full?));
    Some(format!(
        "tracking error: {expected} expected at the decisions (mean), {realized} realized"
    ))
}

/// That costs are 0, with the annual return at [`BPS`].
pub(crate) fn free_of_costs(run: &Run) -> Option<String> {
    let trades = run.returns.iter().any(|row| row.turnover > 0.0);
    if run.manifest.resolved.costs.any() || !trades {
        return None;
    }
    let periods = stated::periods_per_year(&run.manifest);
    // Both sides of the turnover pay; the initial trade has none where it is not charged.
    let net = |row: &ReturnRow| {
        let cost = BPS * 1e-4 * 2.0 * row.turnover;
        if row.gross <= -1.0 { -1.0 } else { (1.0 + row.gross) * (1.0 - cost) - 1.0 }
    };
    let charged: Vec<f64> = run.returns.iter().map(net).collect();
    let (charged, free) =
        (annual_return(&charged, periods)?, run.measures.full.get("annual_return")?);
    Some(format!(
        "costs are 0: at {BPS} bp per side the compounded annual return is {}, not {}",
        percent(charged),
        percent(free)
    ))
}

/// How many decisions raised their maximum weight.
fn raised(run: &Run) -> Option<String> {
    let number = run.ledger.iter().filter(|row| is_raise(row)).count();
    (number > 0).then(|| {
        format!(
            "bounds.max was raised in {number} of {}",
            counted(run.manifest.decisions, "decision")
        )
    })
}

fn is_raise(row: &LedgerRow) -> bool {
    row.kind == "note" && row.message.starts_with("bounds.max ") && row.message.contains(RAISED)
}

/// How many solves have no proof.
fn without_proof(run: &Run) -> Option<String> {
    let number = unproven(run.ledger.iter());
    let solves = run.ledger.iter().filter(|row| row.kind == "solve").count();
    (number > 0).then(|| {
        format!("{number} of {} ended without proof of optimality", counted(solves, "solve"))
    })
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    fn example() -> Run {
        serde_json::from_reader(File::open("tests/example/run.json").unwrap()).unwrap()
    }

    #[test]
    fn free_trading_is_shown_with_what_it_would_cost() {
        let mut run = example();
        run.measures.full = [("annual_return".to_owned(), Some(0.0))].into_iter().collect();
        // Nothing is traded: no cost could change that.
        assert_eq!(free_of_costs(&run), None);
        run.returns.iter_mut().for_each(|row| row.gross = 0.0);
        run.returns[1].turnover = 1.0;
        // All is sold and bought again: 10 bp in 128 sessions, 0.999^(252 / 128) - 1 a year.
        let text = free_of_costs(&run).unwrap();
        let end = format!("annual return is {}, not {}", percent(-0.001_968), percent(0.0));
        assert!(text.ends_with(&end), "{text}");
        run.manifest.resolved.costs.per_side_bps = 1.0;
        assert_eq!(free_of_costs(&run), None);
    }

    #[test]
    fn raised_maximum_weights_and_missing_proofs_are_counted() {
        let mut run = example();
        let found = caveats(&run);
        assert_eq!(found[1..], ["1 of 2 solves ended without proof of optimality"]);
        let mut note = run.ledger[0].clone();
        note.kind = "note".to_owned();
        note.message =
            "bounds.max 0.3 over 2 assets cannot sum to 1; it is raised to 0.5000".to_owned();
        run.ledger.push(note);
        assert_eq!(caveats(&run)[1], "bounds.max was raised in 1 of 2 decisions");
    }
}
