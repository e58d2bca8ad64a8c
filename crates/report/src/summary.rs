//! What a page, an executive report and a workbook say alike.

use walkfolio_analysis::Findings;
use walkfolio_record::Run;

use crate::cards::{Card, cards};
use crate::foot::Studied;

/// A run with its findings and the figures that matter.
pub(crate) struct Summary<'a> {
    /// The run itself.
    pub run: &'a Run,
    /// Its figures.
    pub found: &'a Findings,
    /// The five figures that matter, in words.
    pub cards: Vec<Card>,
}

impl<'a> Summary<'a> {
    /// Whether it is a backtest: a series from elsewhere has no decisions and no costs of ours.
    pub(crate) fn is_backtest(&self) -> bool {
        self.run.manifest.decisions > 0 || !self.run.decisions.is_empty()
    }

    /// Whether a study made it.
    pub(crate) fn studied(&self) -> Studied {
        if self.is_backtest() { Studied::Yes } else { Studied::No }
    }

    /// What a period of its returns is called, at the start of a sentence.
    pub(crate) fn periods(&self) -> &'static str {
        match self.found.periods_per_year {
            year if year >= 200.0 => "Sessions",
            52.0 => "Weeks",
            12.0 => "Months",
            4.0 => "Quarters",
            1.0 => "Years",
            _ => "Periods",
        }
    }

    /// How often its returns are, as an adjective.
    pub(crate) fn frequency(&self) -> &'static str {
        match self.periods() {
            "Sessions" => "daily",
            "Weeks" => "weekly",
            "Months" => "monthly",
            "Quarters" => "quarterly",
            "Years" => "annual",
            _ => "single",
        }
    }

    /// Sums up a run and its findings.
    pub(crate) fn of(run: &'a Run, found: &'a Findings) -> Self {
        Self { run, found, cards: cards(run, found) }
    }
}
