//! How the solves of a run ended, and how far their solutions may be from the optimum.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::LedgerRow;

/// How a run's solves ended.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::solves::Solves;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let found = Solves::of(&run.ledger).unwrap();
/// // Two solves; the second stopped at a limit with 4 % found and 3 % proven.
/// assert_eq!((found.solves, found.ended.len()), (2, 2));
/// assert!((found.worst.unwrap().gap - 0.25).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Solves {
    /// Number of solves.
    pub solves: usize,
    /// By solver and status, how many.
    pub ended: Vec<Ended>,
    /// The largest relative gap.
    pub worst: Option<WorstGap>,
}

/// Solves that one solver ended in one way.
///
/// # Examples
/// See [`Solves`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// The solver.
    pub solver: Option<String>,
    /// How they ended.
    pub status: Option<String>,
    /// How many.
    pub solves: usize,
}

/// The solve whose solution may be farthest from the optimum.
///
/// # Examples
/// See [`Solves`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WorstGap {
    /// Its relative gap, a fraction of its objective.
    pub gap: f64,
    /// Its decision.
    pub date: Option<Date>,
}

impl Solves {
    /// The solves of a ledger; `None` where nothing was solved.
    pub fn of(rows: &[LedgerRow]) -> Option<Self> {
        let solves: Vec<&LedgerRow> = rows.iter().filter(|row| row.kind == "solve").collect();
        let mut counts: BTreeMap<(Option<&str>, Option<&str>), usize> = BTreeMap::new();
        for row in &solves {
            *counts.entry((row.solver.as_deref(), row.status.as_deref())).or_default() += 1;
        }
        let ended = counts.into_iter().map(|((solver, status), solves)| Ended {
            solver: solver.map(str::to_owned),
            status: status.map(str::to_owned),
            solves,
        });
        let gaps = solves
            .iter()
            .filter_map(|row| relative_gap(row).map(|gap| WorstGap { gap, date: row.date }));
        let worst = gaps.max_by(|a, b| a.gap.total_cmp(&b.gap));
        (!solves.is_empty()).then(|| Self { solves: solves.len(), ended: ended.collect(), worst })
    }
}

/// How far a solution may be from the optimum, as a part of its own objective:
/// `|objective - bound| / |objective|`; `None` where the objective is 0 or one of them is not known.
///
/// # Examples
/// ```
/// use walkfolio_analysis::solves::relative_gap;
/// use walkfolio_record::LedgerRow;
///
/// let solve = LedgerRow {
///     date: None,
///     kind: "solve".to_owned(),
///     solver: Some("kernel".to_owned()),
///     status: Some("limit".to_owned()),
///     objective: Some(4.0),
///     bound: Some(3.0),
///     gap: Some(0.25),
///     message: String::new(),
/// };
/// assert_eq!(relative_gap(&solve), Some(0.25));
/// ```
pub fn relative_gap(row: &LedgerRow) -> Option<f64> {
    let (objective, bound) = (row.objective?, row.bound?);
    let gap = (objective - bound).abs() / objective.abs();
    (objective != 0.0).then_some(gap).filter(|gap| gap.is_finite())
}

/// Solves that gave a solution and stopped before they could prove it optimal.
///
/// # Examples
/// ```
/// use walkfolio_analysis::solves::unproven;
///
/// assert_eq!(unproven([].iter()), 0);
/// ```
pub fn unproven<'a>(rows: impl Iterator<Item = &'a LedgerRow>) -> usize {
    let stopped = |row: &&LedgerRow| row.status.as_deref() == Some("limit");
    rows.filter(|row| row.kind == "solve" && row.objective.is_some()).filter(stopped).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solve(objective: Option<f64>, bound: Option<f64>) -> LedgerRow {
        LedgerRow {
            date: None,
            kind: "solve".to_owned(),
            solver: Some("kernel".to_owned()),
            status: Some("limit".to_owned()),
            objective,
            bound,
            gap: Some(3.8e-4),
            message: String::new(),
        }
    }

    #[test]
    fn a_gap_is_a_part_of_the_objective_itself() {
        let row = solve(Some(4e-4), Some(2e-5));
        assert!((relative_gap(&row).unwrap() - 0.95).abs() < 1e-12);
        let least = relative_gap(&solve(Some(-4e-4), Some(-5e-4))).unwrap();
        assert!((least - 0.25).abs() < 1e-12);
        let found = Solves::of(&[row]).unwrap();
        assert_eq!((found.solves, found.ended[0].solves), (1, 1));
    }

    #[test]
    fn an_objective_of_zero_has_no_gap() {
        for row in [solve(Some(0.0), Some(-1.0)), solve(Some(1.0), None), solve(None, Some(1.0))] {
            assert_eq!(relative_gap(&row), None);
        }
        assert_eq!(Solves::of(&[]), None);
    }
}
