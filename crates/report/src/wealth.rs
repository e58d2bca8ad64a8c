//! Lines to as many digits as are drawn.

use serde::Serialize;
use walkfolio_analysis::format::short;
use walkfolio_analysis::growth::Wealth;
use walkfolio_analysis::line::Line;

/// What is drawn of a growth: six digits of every value.
#[derive(Debug, Serialize, PartialEq)]
pub(crate) struct WealthLines {
    pub value: Line,
    pub drawdown: Line,
}

impl WealthLines {
    /// The lines of a growth.
    pub(crate) fn of(wealth: &Wealth) -> Self {
        Self { value: shortened(&wealth.value), drawdown: shortened(&wealth.drawdown) }
    }
}

/// A line to six digits.
pub(crate) fn shortened(line: &[Option<f64>]) -> Line {
    line.iter().map(|value| value.and_then(short)).collect()
}
