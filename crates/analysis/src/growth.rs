//! What became of a first investment, and how far it was below its highest value so far.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::ReturnRow;

use crate::line::Line;

/// What the initial trade invests, in dollars.
const START: f64 = 100.0;

/// Growth of $100 by date.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::growth::{Growth, Wealth};
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let found = Growth::of(&run.returns);
/// // The portfolio returns 1 % on the first session, the benchmark 2 %.
/// let first = |wealth: &Wealth| wealth.value[0].unwrap();
/// assert!((first(&found.portfolio) - 101.0).abs() < 1e-12);
/// assert!((first(found.benchmark.as_ref().unwrap()) - 102.0).abs() < 1e-12);
/// assert_eq!(found.portfolio.longest_underwater(), 1);
/// assert!((found.relative.unwrap()[0].unwrap() - 1.01 / 1.02).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Growth {
    /// The sessions.
    pub dates: Vec<Date>,
    /// The portfolio after costs.
    pub portfolio: Wealth,
    /// The benchmark, where there is one.
    pub benchmark: Option<Wealth>,
    /// `prod((1 + r_p) / (1 + r_b))` over the sessions of both so far: above 1 while the portfolio is ahead.
    pub relative: Option<Line>,
}

/// The value of $100 and its drawdown, one entry a session.
///
/// # Units
/// `value` in dollars at the end of the session; `drawdown = value / peak - 1` as a fraction, 0 or
/// negative, the peak over all values so far and the first $100.
/// # Examples
/// See [`Wealth::of`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wealth {
    /// `100 prod(1 + r)`.
    pub value: Line,
    /// `value / max(value so far) - 1`.
    pub drawdown: Line,
    /// Sessions since the value was last at its highest; 0 where it is.
    pub underwater: Vec<usize>,
}

impl Wealth {
    /// The wealth that returns lead to; a missing return leaves a gap and the value where it was.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_analysis::growth::Wealth;
    ///
    /// let wealth = Wealth::of([Some(-0.5), Some(1.0)].into_iter());
    /// assert_eq!(wealth.value, [Some(50.0), Some(100.0)]);
    /// assert_eq!(wealth.drawdown, [Some(-0.5), Some(0.0)]);
    /// ```
    pub fn of(returns: impl Iterator<Item = Option<f64>>) -> Self {
        let (mut level, mut peak) = (START, START);
        let mut found = Self { value: Vec::new(), drawdown: Vec::new(), underwater: Vec::new() };
        let mut below = 0;
        for earned in returns {
            level *= 1.0 + earned.unwrap_or(0.0);
            peak = peak.max(level);
            below = if level < peak { below + 1 } else { 0 };
            found.underwater.push(below);
            found.value.push(earned.map(|_| level));
            found.drawdown.push(earned.map(|_| level / peak - 1.0));
        }
        found
    }

    /// The longest time below the highest value, in sessions.
    pub fn longest_underwater(&self) -> usize {
        self.underwater.iter().max().copied().unwrap_or(0)
    }

    /// The last value that is known, in dollars.
    pub fn last(&self) -> Option<f64> {
        self.value.iter().rev().find_map(|value| *value)
    }
}

impl Growth {
    /// The growth of a portfolio and, where there is one, of its benchmark.
    pub fn of(returns: &[ReturnRow]) -> Self {
        let compared = returns.iter().any(|row| row.benchmark.is_some());
        Self {
            dates: returns.iter().map(|row| row.date).collect(),
            portfolio: Wealth::of(returns.iter().map(|row| Some(row.portfolio))),
            benchmark: compared.then(|| Wealth::of(returns.iter().map(|row| row.benchmark))),
            relative: compared.then(|| relative(returns)),
        }
    }
}

/// The wealth of the portfolio for each unit of the benchmark's, none once either is wiped out.
fn relative(returns: &[ReturnRow]) -> Line {
    let mut level = Some(1.0);
    let ratio = |row: &ReturnRow| {
        let benchmark = row.benchmark?;
        let whole = row.portfolio > -1.0 && benchmark > -1.0;
        level =
            level.filter(|_| whole).map(|level| level * (1.0 + row.portfolio) / (1.0 + benchmark));
        level
    };
    returns.iter().map(ratio).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawdown_counts_from_the_starting_value() {
        let wealth = Wealth::of([Some(-0.5), Some(1.0), Some(0.5)].into_iter());
        assert_eq!(wealth.value, [Some(50.0), Some(100.0), Some(150.0)]);
        assert_eq!(wealth.drawdown, [Some(-0.5), Some(0.0), Some(0.0)]);
        assert_eq!(
            (wealth.underwater.as_slice(), wealth.longest_underwater()),
            (&[1, 0, 0][..], 1)
        );
    }

    #[test]
    fn a_missing_return_is_a_gap() {
        let wealth = Wealth::of([Some(0.5), None, Some(0.0)].into_iter());
        assert_eq!(wealth.value, [Some(150.0), None, Some(150.0)]);
        assert_eq!(wealth.last(), Some(150.0));
    }
}
