//! The assessment of a grid: what failed, and whether its best backtest passes the tests of
//! selection bias.

use walkfolio_record::{CellStatus, GridRun, SIMULATED};

use super::evidence::data_errors;
use super::finding::{Assessment, Figure, Finding, Tone, range};
use super::run::{CLOSE, LOOSE};
use crate::axes::Axes;
use crate::format::{counted, decimals, percent};
use crate::selection;
use crate::solves::unproven;
use crate::target::targets;

/// Judges a grid, the gravest finding first.
pub(crate) fn assess_grid(grid: &GridRun, axes: &Axes<'_>) -> Assessment {
    Evidence::of(grid, axes).assess()
}

/// Everything that the assessment of a grid is drawn from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// Backtests of the grid.
    pub cells: usize,
    /// Those that could not be run.
    pub failed: usize,
    /// Those that were not run.
    pub not_run: usize,
    /// Those that lost everything.
    pub ruined: usize,
    /// Those whose compounded return is negative.
    pub lost: usize,
    /// How many of how many that were measured meet every target, where there are targets.
    pub on_target: Option<(usize, usize)>,
    /// Of a study that tracks: its benchmark, the smallest tracking error with its interval, and the sentence
    /// that says which backtest has it.
    pub tracking: Option<(String, Figure, String)>,
    /// The best by its Sharpe ratio: its settings, the ratio and its interval.
    pub best: Option<(String, f64, (f64, f64))>,
    /// Whether the best passes the tests of selection bias, and the sentence that says so.
    pub selection_bias: Option<(bool, String)>,
    /// Solves whose answer is not proven to be the best.
    pub unproven: usize,
    /// What is wrong with the data beyond doubt.
    pub data_errors: usize,
    /// Warnings in the ledger.
    pub warnings: usize,
    /// Fallbacks in the ledger.
    pub fallbacks: usize,
    /// Whether its prices are simulated.
    pub synthetic: bool,
}

impl Evidence {
    /// Gathers what a grid has to say.
    pub(crate) fn of(grid: &GridRun, axes: &Axes<'_>) -> Self {
        let ended = |status| grid.cells.iter().filter(|cell| cell.status == status).count();
        let events = |kind: &str| grid.ledger.iter().filter(|(_, row)| row.kind == kind).count();
        let measured = || grid.cells.iter().filter_map(|cell| cell.measures.as_ref());
        let lost = measured().filter(|set| set.full.get("annual_return").is_some_and(|r| r < 0.0));
        let goals = measured().map(|set| targets(&grid.manifest, &set.full));
        let (mut met, mut judged) = (0, 0);
        for goals in goals.filter(|goals| !goals.is_empty()) {
            judged += 1;
            met += usize::from(goals.iter().all(|goal| goal.met == Some(true)));
        }
        let best = grid.selection_bias.as_ref().and_then(|found| {
            let ratio = (*found.sharpe_ratios.get(found.best)?)?;
            Some((axes.cell(found.best), ratio.value, (ratio.low, ratio.high)))
        });
        let bias = grid.selection_bias.as_ref();
        let tracking = bias.and_then(|found| found.tracking.as_ref()).and_then(|choice| {
            let error = choice.tracking_errors.get(choice.best).copied().flatten()?;
            let figure = Figure::between(error.value, Some((error.low, error.high)))?;
            let sentence = selection::tracking_sentence(choice, &axes.cell(choice.best));
            Some((grid.manifest.benchmark.clone()?, figure, sentence))
        });
        Self {
            tracking,
            cells: grid.cells.len(),
            failed: ended(CellStatus::Failed),
            not_run: ended(CellStatus::NotRun),
            ruined: ended(CellStatus::Ruined),
            lost: lost.count(),
            on_target: (judged > 0).then_some((met, judged)),
            best,
            selection_bias: grid
                .selection_bias
                .as_ref()
                .map(|found| (selection::passes(found), selection::sentence(found))),
            unproven: unproven(grid.ledger.iter().map(|(_, row)| row)),
            data_errors: data_errors(grid.data_report.as_ref()),
            warnings: events("warning"),
            fallbacks: events("fallback"),
            synthetic: grid.manifest.synthetic,
        }
    }

    /// Judges the grid; the gravest finding first.
    pub(crate) fn assess(&self) -> Assessment {
        let of = |number: usize| format!("{number} of {}", counted(self.cells, "backtest"));
        let mut all = Vec::new();
        let mut say = |tone, text: String| all.push(Finding { tone, text });
        if self.failed + self.not_run > 0 {
            say(Tone::Against, format!("{} could not be run", of(self.failed + self.not_run)));
        }
        if self.ruined > 0 {
            say(Tone::Against, format!("{} ended in a wipeout", of(self.ruined)));
        }
        if self.lost > 0 {
            let tone = if 2 * self.lost > self.cells { Tone::Against } else { Tone::Open };
            say(tone, format!("{} lost money, compounded", of(self.lost)));
        }
        if let Some((met, judged)) = self.on_target {
            let backtests = counted(judged, "backtest");
            match met {
                0 => say(Tone::Against, format!("none of {backtests} meets all targets")),
                _ => say(Tone::Open, format!("{met} of {backtests} meet all targets")),
            }
        }
        if self.fallbacks > 0 {
            say(Tone::Against, format!("{} in the ledger", counted(self.fallbacks, "fallback")));
        }
        match &self.tracking {
            Some(found) => judge_tracking(found, &mut say),
            None => self.judge_best(&mut say),
        }
        if self.unproven > 0 {
            let solves = counted(self.unproven, "solve");
            say(Tone::Open, format!("{solves} ended without proof of optimality"));
        }
        if self.data_errors > 0 {
            let errors = counted(self.data_errors, "error");
            say(Tone::Open, format!("the data check found {errors}"));
        }
        if self.warnings > 0 {
            say(Tone::Remark, format!("{} in the ledger", counted(self.warnings, "warning")));
        }
        if self.synthetic {
            say(Tone::Open, SIMULATED.to_owned());
        }
        Assessment::of(all, |tone| self.label(tone))
    }

    /// The assessment in a few words: of how the best tracks where that was asked, else of the grid.
    fn label(&self, tone: Tone) -> String {
        let tracked = self.tracking.as_ref();
        let off = tracked.is_some_and(|(_, error, _)| tracks(error) == Tone::Against);
        match (tone, tracked) {
            (Tone::Against, Some((name, ..))) if off => format!("No backtest tracks {name}"),
            (Tone::Against, _) => "The evidence is against this grid".to_owned(),
            (Tone::Open | Tone::Remark, _) => "The evidence is inconclusive".to_owned(),
            (Tone::Favour, Some((name, ..))) => format!("The best backtest tracks {name}"),
            (Tone::Favour, None) => "The evidence supports the best backtest".to_owned(),
        }
    }

    /// The best backtest: in favour only of one that earned more than cash and stands up.
    fn judge_best(&self, say: &mut impl FnMut(Tone, String)) {
        let Some((name, ratio, (low, high))) = &self.best else { return };
        let name = if name.is_empty() { String::new() } else { format!(", {name}") };
        let figure = format!(
            "Sharpe ratio {} (95\u{202f}% interval {} to {}{}){name}",
            decimals(*ratio, 2),
            decimals(*low, 2),
            decimals(*high, 2),
            if *low <= 0.0 && *high >= 0.0 { ", which includes zero" } else { "" },
        );
        if *ratio <= 0.0 {
            say(Tone::Against, format!("no backtest earned more than cash: the best has {figure}"));
            return;
        }
        let best = format!("the best has {figure}");
        match &self.selection_bias {
            Some((true, text)) if *low > 0.0 => {
                say(Tone::Favour, lowered(text));
                say(Tone::Remark, best);
            }
            Some((true, _)) | None => say(Tone::Open, best),
            Some((false, text)) => {
                say(Tone::Open, best);
                say(Tone::Against, lowered(text));
            }
        }
    }
}

/// How closely a tracking error is one of tracking; as of a run, by the upper end of its interval.
fn tracks(error: &Figure) -> Tone {
    let most = error.interval.map_or(error.value, |(_, high)| high.max(error.value));
    if most <= CLOSE {
        Tone::Favour
    } else if error.value <= LOOSE {
        Tone::Open
    } else {
        Tone::Against
    }
}

/// The smallest tracking error, and which others cannot be told from it.
fn judge_tracking(
    (name, error, sentence): &(String, Figure, String),
    say: &mut impl FnMut(Tone, String),
) {
    let figure = format!("tracking error {} a year{}", percent(error.value), range(error, true));
    let tone = tracks(error);
    let text = match tone {
        Tone::Favour => format!("the best backtest tracks {name} closely: {figure}"),
        Tone::Open | Tone::Remark => format!("the best backtest tracks {name} loosely: {figure}"),
        Tone::Against => format!("no backtest tracks {name}: the best has {figure}"),
    };
    say(tone, text);
    say(Tone::Remark, lowered(sentence));
}

/// A sentence as a finding: without its capital and its full stop.
fn lowered(sentence: &str) -> String {
    let mut letters = sentence.trim_end_matches('.').chars();
    let first = letters.next().map_or_else(String::new, |first| first.to_lowercase().to_string());
    format!("{first}{}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_best_that_fails_the_tests_or_is_below_cash_is_not_praised(
            ratio in -2.0..2.0f64, below in 0.0..2.0f64, above in 0.0..2.0f64, passes: bool,
            [failed, ruined, fallbacks] in prop::array::uniform3(0..3usize), calm: bool,
        ) {
            let quiet = |number: usize| if calm { 0 } else { number };
            let evidence = Evidence {
                cells: 10,
                failed: quiet(failed),
                ruined: quiet(ruined),
                fallbacks: quiet(fallbacks),
                best: Some(("S(40, 60)".to_owned(), ratio, (ratio - below, ratio + above))),
                selection_bias: Some((passes, format!("The best {}.", if passes { "passes" } else { "may be due to selection bias" }))),
                ..Evidence::default()
            };
            let found = evidence.assess();
            let texts: Vec<&str> = found.findings.iter().map(|one| one.text.as_str()).collect();
            let text = texts.join(". ");
            let praised = text.contains("passes");
            prop_assert_eq!(praised, passes && ratio > 0.0 && ratio - below > 0.0, "{}", text);
            let wrong = quiet(failed + ruined + fallbacks) > 0 || ratio <= 0.0 || !passes;
            prop_assert_eq!(found.tone == Tone::Against, wrong, "{}", text);
            if ratio - below <= 0.0 && ratio + above >= 0.0 {
                prop_assert!(text.contains("includes zero"), "{}", text);
            }
        }

        #[test]
        fn a_grid_that_tracks_is_judged_by_its_tracking_error(
            error in 0.001..0.2f64, below in 0.0..0.001f64, above in 0.0..0.05f64, ratio in -2.0..2.0f64,
        ) {
            let figure = Figure::between(error, Some((error - below, error + above)));
            let evidence = Evidence {
                cells: 10,
                tracking: figure.map(|figure| ("M".to_owned(), figure, "The smallest is it.".to_owned())),
                best: Some(("a 1".to_owned(), ratio, (ratio - 0.1, ratio + 0.1))),
                selection_bias: Some((false, "The best may be due to selection bias.".to_owned())),
                ..Evidence::default()
            };
            let found = evidence.assess();
            let text: Vec<&str> = found.findings.iter().map(|one| one.text.as_str()).collect();
            prop_assert!(text.iter().all(|text| !text.contains("Sharpe") && !text.contains("selection bias")));
            prop_assert!(found.sentence.contains(&percent(error)), "{}", found.sentence);
            let says = (found.sentence.contains("No backtest tracks"), found.sentence.contains("closely"));
            prop_assert_eq!(says, (error > LOOSE, error + above <= CLOSE), "{}", found.sentence);
        }
    }
}
