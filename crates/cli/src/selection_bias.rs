//! The selection bias of the best cell of a grid, in a few lines.

use walkfolio::{Deflated, SelectionBias};

use crate::layout::{Side, lines};

/// How many trials count: whole where all do, "about 1.4 independent trials" where they are alike.
fn trials(count: f64) -> String {
    match count {
        whole if whole.fract() == 0.0 => format!("{whole:.0}"),
        part => format!("about {part:.1} independent trials"),
    }
}

/// The lines; empty where there is nothing to say.
pub fn summary(bias: Option<&SelectionBias>) -> String {
    let Some(bias) = bias else { return String::new() };
    let mut rows = vec![vec![
        format!("Selection bias, {} trials", bias.trials),
        String::new(),
        format!("net of costs, {} to {}", bias.first, bias.last),
    ]];
    let mut row = |what: &str, value: String, meaning: String| {
        rows.push(vec![what.to_owned(), value, meaning]);
    };
    if let Some(best) = bias.sharpe_ratios.get(bias.best).copied().flatten() {
        let interval = format!("95 % interval {:.2} to {:.2}", best.low, best.high);
        row("best Sharpe ratio", format!("{:.2}", best.value), interval);
    }
    let mut deflated = |what: &str, found: Option<Deflated>| {
        let Some(found) = found else { return };
        let meaning = format!(
            "probability to beat the best of {} without skill ({:.2})",
            trials(found.trials),
            found.expected_maximum
        );
        row(what, format!("{:.0} %", 100.0 * found.probability), meaning);
    };
    deflated("deflated", bias.deflated);
    deflated("deflated, independent", bias.deflated_effective);
    if let Some(split) = &bias.overfitting {
        let meaning =
            format!("of {} splits: best in one half, below the median in the other", split.splits);
        row("overfitting", format!("{:.0} %", 100.0 * split.probability), meaning);
    }
    if !bias.winners.is_empty() {
        let apart = bias.winners.iter().filter(|w| w.runner_up.is_some_and(|r| r.distinguishable));
        let meaning =
            format!("of {} best by period differ from the second best", bias.winners.len());
        row("significant", apart.count().to_string(), meaning);
    }
    let text = lines(&rows, &[Side::Left, Side::Right, Side::Left]).join("\n");
    format!("\n{text}\n")
}
