//! What the regimes of a run were worth knowing: measures by state, how states follow each other and last,
//! and whether regimes agree.
//!
//! The state of a session is the one that was known at the close before it.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{MeasureTable, RegimeRow, ReturnRow, Run};
use walkfolio_stats::Covered;
use walkfolio_stats::measures::{Record, measure};

use crate::stated;

/// Measures of sessions that need not follow each other: none of them depends on a path.
const KEYS: [&str; 11] = [
    "mean_return_annual",
    "volatility",
    "sharpe_ratio",
    "sortino_ratio",
    "excess_return_annual",
    "tracking_error",
    "information_ratio",
    "beta",
    "min_return",
    "max_return",
    "cvar_95",
];
/// Those of the benchmark as a portfolio of its own.
const BENCHMARK_KEYS: [&str; 3] = ["mean_return_annual", "volatility", "sharpe_ratio"];

/// The regimes of a run.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::regimes::Regimes;
/// use walkfolio_record::Run;
///
/// // This run has no regimes.
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// assert_eq!(Regimes::of(&run), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Regimes {
    /// In the order of the study.
    pub regimes: Vec<RegimeFindings>,
    /// Of each pair of them, the first before the second.
    pub agreement: Vec<Agreement>,
}

/// One regime.
///
/// # Examples
/// See [`Regimes`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RegimeFindings {
    /// Its name.
    pub name: String,
    /// The figure that decides, where it has one.
    pub value: Option<&'static str>,
    /// Sessions before which it was not defined.
    pub undefined: usize,
    /// Its states, in their order.
    pub states: Vec<StateFindings>,
    /// Row `i`: how often a session of state `i` was followed by one of each state.
    pub transitions: Vec<Vec<usize>>,
    /// Times in one state, in order.
    pub spells: Vec<RegimeSpell>,
}

/// The sessions of one state.
///
/// # Examples
/// See [`Regimes`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StateFindings {
    /// Its name.
    pub state: String,
    /// How many there are.
    pub sessions: usize,
    /// Their share of the sessions at which the regime is defined.
    pub share: f64,
    /// The portfolio's measures over them, after costs, as if they followed each other; none without a session.
    pub own: Option<MeasureTable>,
    /// Those of the benchmark over the same sessions, if it has all of them.
    pub benchmark: Option<MeasureTable>,
    /// The standard error of the portfolio's mean return, a fraction a year, for independent returns.
    pub standard_error: Option<f64>,
    /// Turnover (one-way) of the trades on them, a fraction of equity.
    pub turnover: f64,
    /// Row of the transition matrix: the probability of each state at the next session, where one follows.
    pub next: Vec<Option<f64>>,
    /// How often it was entered, the first time included.
    pub spells: usize,
    /// Sessions that it lasted on average.
    pub mean_dwell: Option<f64>,
    /// Sessions that it lasted at most.
    pub longest_dwell: usize,
}

/// A time in one state.
///
/// # Examples
/// See [`Regimes`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegimeSpell {
    /// The place of the state among those of the regime.
    pub state: usize,
    /// Its first session.
    pub first: Date,
    /// Its last session.
    pub last: Date,
    /// How many sessions it has.
    pub sessions: usize,
}

/// Two regimes next to each other, over the sessions at which both are defined.
///
/// # Examples
/// See [`Regimes`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// The places of the two.
    pub pair: [usize; 2],
    /// Sessions by the state of the first (rows) and of the second (columns).
    pub sessions: Vec<Vec<usize>>,
    /// The share of sessions at which both are in their first state or both in their last: states are ordered
    /// from calm to turbulent, from bull to bear.
    pub same_end: Option<f64>,
    /// Cramér's V: 0 where one says nothing of the other, 1 where it says everything. None where one of them
    /// is always in the same state.
    pub cramers_v: Option<f64>,
}

/// The sessions of one regime: date, place of the state and the session's returns.
struct Known<'a> {
    date: Date,
    state: Option<usize>,
    returns: &'a ReturnRow,
}

impl Regimes {
    /// Of a run; `None` if its study has no regimes.
    pub fn of(run: &Run) -> Option<Self> {
        if run.regimes.is_empty() {
            return None;
        }
        let periods = stated::periods_per_year(&run.manifest);
        let by_date: BTreeMap<Date, &ReturnRow> =
            run.returns.iter().map(|row| (row.date, row)).collect();
        let stated = &run.manifest.resolved.regime;
        let known: Vec<Vec<Known<'_>>> = (stated.iter())
            .map(|regime| known(&run.regimes, (regime.name(), regime.states()), &by_date))
            .collect();
        let regimes = stated.iter().zip(&known).map(|(regime, known)| {
            let names = regime.states();
            let (spells, transitions) = (spells(known), transitions(known, names.len()));
            let states = names.iter().enumerate();
            let states = states.map(|(state, name)| {
                findings((state, name), known, (&spells, &transitions[state]), periods)
            });
            RegimeFindings {
                name: regime.name().to_owned(),
                value: regime.value(),
                undefined: known.iter().filter(|one| one.state.is_none()).count(),
                states: states.collect(),
                transitions,
                spells,
            }
        });
        let regimes: Vec<RegimeFindings> = regimes.collect();
        let pairs = (0..known.len()).flat_map(|b| (0..b).map(move |a| [a, b]));
        let agreement = pairs.map(|pair| {
            let counts = pair.map(|at| regimes[at].states.len());
            Agreement::of(pair, counts, [&known[pair[0]], &known[pair[1]]])
        });
        Some(Self { agreement: agreement.collect(), regimes })
    }
}

/// The sessions of a regime by its name, in their order.
fn known<'a>(
    rows: &[RegimeRow],
    (name, states): (&str, &[&str]),
    by_date: &BTreeMap<Date, &'a ReturnRow>,
) -> Vec<Known<'a>> {
    let own = rows.iter().filter(|row| row.regime == name);
    let place = |state: &String| states.iter().position(|known| known == state);
    own.filter_map(|row| {
        let returns = *by_date.get(&row.date)?;
        Some(Known { date: row.date, state: row.state.as_ref().and_then(place), returns })
    })
    .collect()
}

fn spells(known: &[Known<'_>]) -> Vec<RegimeSpell> {
    let same = known.chunk_by(|a, b| a.state == b.state);
    same.filter_map(|rows| {
        let (first, last) = (rows.first()?, rows.last()?);
        let (state, sessions) = (first.state?, rows.len());
        Some(RegimeSpell { state, first: first.date, last: last.date, sessions })
    })
    .collect()
}

fn transitions(known: &[Known<'_>], states: usize) -> Vec<Vec<usize>> {
    let mut counts = vec![vec![0; states]; states];
    for pair in known.windows(2) {
        if let (Some(from), Some(to)) = (pair[0].state, pair[1].state) {
            counts[from][to] += 1;
        }
    }
    counts
}

fn findings(
    (state, name): (usize, &str),
    known: &[Known<'_>],
    (spells, transitions): (&[RegimeSpell], &[usize]),
    periods: f64,
) -> StateFindings {
    let rows: Vec<&ReturnRow> =
        known.iter().filter(|one| one.state == Some(state)).map(|one| one.returns).collect();
    let defined = known.iter().filter(|one| one.state.is_some()).count();
    let own = spells.iter().filter(|spell| spell.state == state);
    let lasted: Vec<usize> = own.map(|spell| spell.sessions).collect();
    let leaving: usize = transitions.iter().sum();
    let sessions = rows.len();
    let own = measures(&rows, |row| Some(row.portfolio), periods, &KEYS);
    let volatility = own.as_ref().and_then(|own| own.get("volatility"));
    StateFindings {
        state: name.to_owned(),
        sessions,
        share: if defined == 0 { 0.0 } else { sessions as f64 / defined as f64 },
        standard_error: volatility.map(|v| v * (periods / sessions as f64).sqrt()),
        own,
        benchmark: measures(&rows, |row| row.benchmark, periods, &BENCHMARK_KEYS),
        turnover: rows.iter().map(|row| row.turnover).sum(),
        next: transitions
            .iter()
            .map(|count| (leaving > 0).then(|| *count as f64 / leaving as f64))
            .collect(),
        spells: lasted.len(),
        mean_dwell: (!lasted.is_empty()).then(|| sessions as f64 / lasted.len() as f64),
        longest_dwell: lasted.iter().copied().max().unwrap_or(0),
    }
}

/// Some measures of some sessions; none without a session or if one lacks its return.
fn measures(
    rows: &[&ReturnRow],
    of: impl Fn(&ReturnRow) -> Option<f64>,
    periods: f64,
    keys: &[&str],
) -> Option<MeasureTable> {
    let returns: Vec<f64> = rows.iter().map(|row| of(row)).collect::<Option<_>>()?;
    let dates: Vec<Date> = rows.iter().map(|row| row.date).collect();
    if dates.is_empty() {
        return None;
    }
    // Without a rate the excess is the return itself; a series that nobody has is not one of no sessions.
    let known = |of: fn(&ReturnRow) -> Option<f64>| {
        let values: Vec<Option<f64>> = rows.iter().map(|row| of(row)).collect();
        values.iter().any(Option::is_some).then(|| Covered::of(values)).flatten()
    };
    let record = Record {
        benchmark: known(|row| row.benchmark),
        cash: known(|row| row.cash),
        periods_per_year: periods,
        ..Record::new(&dates, &returns)
    };
    let found = measure(&record);
    Some(keys.iter().map(|key| ((*key).to_owned(), found.get(key))).collect())
}

impl Agreement {
    fn of(pair: [usize; 2], [rows, columns]: [usize; 2], known: [&[Known<'_>]; 2]) -> Self {
        let other: BTreeMap<Date, usize> =
            known[1].iter().filter_map(|one| Some((one.date, one.state?))).collect();
        let mut sessions = vec![vec![0; columns]; rows];
        for one in known[0] {
            if let (Some(a), Some(b)) = (one.state, other.get(&one.date)) {
                sessions[a][*b] += 1;
            }
        }
        let all: usize = sessions.iter().flatten().sum();
        let ends = sessions[0][0] + sessions[rows - 1][columns - 1];
        let same_end = (all > 0).then(|| ends as f64 / all as f64);
        let cramers_v = cramers_v(&sessions, all as f64);
        Self { pair, sessions, same_end, cramers_v }
    }
}

/// `sqrt(chi^2 / (n (min(r, c) - 1)))` over the rows and columns that have a session.
///
/// Source: Cramér (1946), Mathematical Methods of Statistics, section 21.9.
fn cramers_v(sessions: &[Vec<usize>], all: f64) -> Option<f64> {
    let rows: Vec<f64> = sessions.iter().map(|row| row.iter().sum::<usize>() as f64).collect();
    let column = |at: usize| sessions.iter().map(|row| row[at]).sum::<usize>() as f64;
    let columns: Vec<f64> = (0..sessions[0].len()).map(column).collect();
    let there = |sums: &[f64]| sums.iter().filter(|sum| **sum > 0.0).count();
    let freedom = there(&rows).min(there(&columns)).checked_sub(1).filter(|f| *f > 0)?;
    let mut chi = 0.0;
    for (row, row_sum) in sessions.iter().zip(&rows) {
        for (found, column_sum) in row.iter().zip(&columns) {
            let expected = row_sum * column_sum / all;
            if expected > 0.0 {
                chi += (*found as f64 - expected) * (*found as f64 - expected) / expected;
            }
        }
    }
    Some((chi / (all * freedom as f64)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn returns(count: i8) -> Vec<ReturnRow> {
        let row = |day: i8| ReturnRow {
            date: Date::constant(2024, 1, day),
            portfolio: if day % 2 == 0 { 0.02 } else { -0.01 },
            gross: 0.0,
            benchmark: Some(0.001 * f64::from(day)),
            cash: None,
            turnover: 0.1,
            cost: 0.0,
        };
        (1..=count).map(row).collect()
    }

    fn known<'a>(returns: &'a [ReturnRow], states: &[Option<usize>]) -> Vec<Known<'a>> {
        let pairs = returns.iter().zip(states);
        pairs.map(|(returns, state)| Known { date: returns.date, state: *state, returns }).collect()
    }

    #[test]
    fn states_are_counted_and_measured_by_hand() {
        let returns = returns(7);
        let states = [None, Some(0), Some(0), Some(1), Some(0), Some(1), Some(1)];
        let known = known(&returns, &states);
        let (spells, counts) = (spells(&known), transitions(&known, 2));
        assert_eq!(counts, [[1, 2], [1, 1]]);
        let lengths: Vec<(usize, usize)> = spells.iter().map(|s| (s.state, s.sessions)).collect();
        assert_eq!(lengths, [(0, 2), (1, 1), (0, 1), (1, 2)]);
        let calm = findings((0, "calm"), &known, (&spells, &counts[0]), 252.0);
        assert_eq!((calm.sessions, calm.share, calm.spells), (3, 0.5, 2));
        assert_eq!((calm.mean_dwell, calm.longest_dwell), (Some(1.5), 2));
        assert_eq!(calm.next, [Some(1.0 / 3.0), Some(2.0 / 3.0)]);
        // Returns of 2 %, -1 % and -1 %: no mean, and a standard deviation of sqrt(3) %.
        let own = calm.own.unwrap();
        assert!(own.get("mean_return_annual").unwrap().abs() < 1e-15);
        assert!(own.get("sharpe_ratio").unwrap().abs() < 1e-12);
        assert!((own.get("volatility").unwrap() - 0.01 * (3.0f64 * 252.0).sqrt()).abs() < 1e-12);
        assert!((calm.standard_error.unwrap() - 2.52).abs() < 1e-12);
        assert!((calm.turnover - 0.3).abs() < 1e-15);
        let none = findings((2, "never"), &known, (&spells, &[0, 0, 0]), 252.0);
        assert_eq!((none.own, none.mean_dwell, none.next), (None, None, vec![None; 3]));
    }

    #[test]
    fn agreement_by_hand() {
        let returns = returns(6);
        let of = |states: [usize; 6]| known(&returns, &states.map(Some));
        let (a, same) = (of([0, 0, 0, 1, 1, 1]), of([0, 0, 0, 2, 2, 2]));
        let found = Agreement::of([0, 1], [2, 3], [&a, &same]);
        assert_eq!(found.sessions, [[3, 0, 0], [0, 0, 3]]);
        assert_eq!((found.same_end, found.cramers_v), (Some(1.0), Some(1.0)));
        // Half of each: one says nothing of the other.
        let returns = self::returns(4);
        let of = |states: [usize; 4]| known(&returns, &states.map(Some));
        let (a, b) = (of([0, 0, 1, 1]), of([0, 1, 0, 1]));
        let found = Agreement::of([0, 1], [2, 2], [&a, &b]);
        assert_eq!((found.same_end, found.cramers_v), (Some(0.5), Some(0.0)));
        let always = Agreement::of([0, 1], [2, 2], [&a, &of([0; 4])]);
        assert_eq!(always.cramers_v, None);
    }
}
