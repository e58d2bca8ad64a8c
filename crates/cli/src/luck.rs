//! The selection bias of the best cell of a grid, in a few lines.

use walkfolio::{Deflated, SelectionBias};

use crate::layout::{Side, lines};

/// The lines; empty where there is nothing to say.
pub fn summary(luck: Option<&SelectionBias>) -> String {
    let Some(luck) = luck else { return String::new() };
    let mut rows = vec![vec![
        format!("Selection bias, {} trials", luck.trials),
        String::new(),
        format!("net of costs, {} to {}", luck.first, luck.last),
    ]];
    let mut row = |what: &str, value: String, meaning: String| {
        rows.push(vec![what.to_owned(), value, meaning]);
    };
    if let Some(best) = luck.sharpe_ratios.get(luck.best).copied().flatten() {
        let interval = format!("95 % interval {:.2} to {:.2}", best.low, best.high);
        row("best Sharpe ratio", format!("{:.2}", best.value), interval);
    }
    let mut deflated = |what: &str, found: Option<Deflated>| {
        let Some(found) = found else { return };
        let meaning = format!(
            "probability to beat the best of {:.0} without skill ({:.2})",
            found.trials, found.expected_maximum
        );
        row(what, format!("{:.0} %", 100.0 * found.probability), meaning);
    };
    deflated("deflated", luck.deflated);
    deflated("deflated, independent", luck.deflated_effective);
    if let Some(split) = &luck.overfitting {
        let meaning =
            format!("of {} splits: best in one half, below the median in the other", split.splits);
        row("overfitting", format!("{:.0} %", 100.0 * split.probability), meaning);
    }
    if !luck.winners.is_empty() {
        let apart = luck.winners.iter().filter(|w| w.runner_up.is_some_and(|r| r.distinguishable));
        let meaning =
            format!("of {} best by period differ from the second best", luck.winners.len());
        row("significant", apart.count().to_string(), meaning);
    }
    let text = lines(&rows, &[Side::Left, Side::Right, Side::Left]).join("\n");
    format!("\n{text}\n")
}
