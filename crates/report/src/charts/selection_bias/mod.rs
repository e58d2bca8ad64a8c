//! How much of a grid's best may be due to selection bias, in words and in one chart.

use serde::Serialize;
use walkfolio_analysis::Unit;
use walkfolio_analysis::axes::Axes;
use walkfolio_analysis::format::{count, decimals, ends, percent, short};
use walkfolio_analysis::selection::{
    DEFLATED_ENOUGH as ENOUGH, OVERFITTING_ALLOWED as SOUND, sentence,
};
use walkfolio_record::{Deflated, Overfitting, SelectionBias};

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::template::part;

const TEMPLATE: &str = include_str!("selection_bias.html");

/// The section.
pub(crate) const CHART: GridChart = Chart {
    id: "selection_bias",
    title: "Selection bias",
    script: include_str!("selection_bias.js"),
    draw,
};

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    // What tracks is judged by its tracking error.
    let found = summary.grid.selection_bias.as_ref().filter(|found| found.tracking.is_none());
    Drawn::of(found, |found| {
        let html = section(found, &summary.axes)?;
        Drawn::section(html).with("selection_bias", &charts(found))
    })
}

/// What tossing a coin gives.
const EVEN: f64 = 0.5;

/// What the chart is drawn from: by cell the ratio and the ends of its interval.
#[derive(Serialize)]
struct Charts {
    ratios: Vec<Option<[Option<f64>; 3]>>,
    best: usize,
    expected: Option<f64>,
    effective: Option<f64>,
    trials: String,
    independent: Option<String>,
}

#[derive(Debug, Serialize, PartialEq)]
struct Row {
    figure: &'static str,
    value: String,
    meaning: String,
}

/// What the chart is drawn from.
fn charts(bias: &SelectionBias) -> Charts {
    let line = |found: Option<Deflated>| found.and_then(|found| short(found.expected_maximum));
    Charts {
        ratios: bias
            .sharpe_ratios
            .iter()
            .map(|found| found.map(|found| [found.value, found.low, found.high].map(thousandth)))
            .collect(),
        best: bias.best,
        expected: line(bias.deflated),
        effective: line(bias.deflated_effective),
        trials: count(bias.trials as f64),
        independent: bias.deflated_effective.map(|found| decimals(found.trials, 1)),
    }
}

/// Three decimals are what the page shows of a ratio.
fn thousandth(value: f64) -> Option<f64> {
    short((1e3 * value).round() / 1e3)
}

/// Writes the section.
fn section(bias: &SelectionBias, axes: &Axes<'_>) -> Result<String> {
    let mut rows =
        vec![Row { figure: "Trials", value: count(bias.trials as f64), meaning: trials(bias) }];
    rows.push(best(bias, axes));
    rows.extend(bias.deflated.map(all_trials).into_iter().flatten());
    rows.extend(bias.deflated_effective.map(independent_trials));
    rows.extend(bias.overfitting.iter().flat_map(overfitted));
    let values = serde_json::json!({
        "sentence": sentence(bias),
        "rows": rows,
        "expected": bias.deflated.is_some(),
    });
    part(TEMPLATE, values)
}

fn trials(bias: &SelectionBias) -> String {
    let left_out = match bias.left_out {
        0 => String::new(),
        1 => " One that failed or ended early is left out.".to_owned(),
        more => format!(" {} that failed or ended early are left out.", count(more as f64)),
    };
    format!(
        "Backtests compared over the {} sessions that all of them have, {} to {}. The best of many backtests is biased upwards by its selection.{left_out}",
        count(bias.sessions as f64),
        bias.first,
        bias.last
    )
}

fn best(bias: &SelectionBias, axes: &Axes<'_>) -> Row {
    let found = bias.sharpe_ratios.get(bias.best).copied().flatten();
    let value = found.map_or(String::new(), |found| decimals(found.value, 3));
    let interval = found.map_or(String::new(), |found| {
        format!(" Its 95\u{202f}% interval is {}.", ends(Unit::Ratio, found.low, found.high))
    });
    Row {
        figure: "Sharpe ratio of the best",
        value,
        meaning: format!(
            "{}, a year, after costs.{interval} An interval of one backtest knows nothing of the others that it was picked from.",
            axes.cell(bias.best)
        ),
    }
}

fn all_trials(found: Deflated) -> [Row; 2] {
    let expected = Row {
        figure: "Expected maximum without skill",
        value: decimals(found.expected_maximum, 3),
        meaning: format!(
            "What the best of {} independent trials is expected to have without skill, if their ratios have the variance of these.",
            count(found.trials)
        ),
    };
    let deflated = Row {
        figure: "Deflated Sharpe ratio",
        value: decimals(found.probability, 3),
        meaning: format!(
            "The probability that the true ratio of the best is above that maximum: {}.",
            deflated_words(found.probability)
        ),
    };
    [expected, deflated]
}

fn deflated_words(probability: f64) -> String {
    if probability >= ENOUGH {
        format!("at least {}, selection bias does not explain it", decimals(ENOUGH, 2))
    } else if probability > EVEN {
        format!(
            "more likely than not, but less than the {} that is usually required",
            decimals(ENOUGH, 2)
        )
    } else {
        "not above one half: selection bias explains as much or more".to_owned()
    }
}

fn independent_trials(found: Deflated) -> Row {
    Row {
        figure: "The same, effective trials",
        value: decimals(found.probability, 3),
        meaning: format!(
            "The backtests are alike: by their average correlation they are worth {} independent trials, whose best would have {}. {}.",
            decimals(found.trials, 1),
            decimals(found.expected_maximum, 3),
            capital(&deflated_words(found.probability))
        ),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn overfitted(found: &Overfitting) -> Vec<Row> {
    let words = if found.probability >= EVEN {
        "no better than a random choice: choosing the best here is overfitting"
    } else if found.probability >= SOUND {
        "better than a random choice, whose share is one half, but more than the one in twenty that is allowed"
    } else {
        "fewer than one in twenty: what is best in one half tends to be good in the other"
    };
    let mut rows = vec![
        Row {
            figure: "Probability of backtest overfitting",
            value: percent(found.probability),
            meaning: format!(
                "Share of {} splits in which the backtest that is best in one half of the sessions is not above the median in the other: {words}.",
                count(found.splits as f64)
            ),
        },
        Row {
            figure: "Probability of loss",
            value: percent(found.probability_of_loss),
            meaning: "Share of the splits in which the chosen backtest has a negative Sharpe ratio in the other half.".to_owned(),
        },
    ];
    if let Some(slope) = found.degradation {
        let words = if slope < 0.0 {
            "the better it looks in sample, the worse it does out of sample"
        } else if slope < 1.0 {
            "what it gains in sample is kept only in part"
        } else {
            "what it gains in sample is kept"
        };
        rows.push(Row {
            figure: "Degradation",
            value: decimals(slope, 3),
            meaning: format!("Sharpe ratio of the chosen out of sample for a unit of it in sample, a slope over the splits: {words}. Where most splits choose the same backtest it tends to \u{2212}1 by construction: what one half has more of, the other has less of."),
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_thresholds() {
        assert!(deflated_words(0.95).starts_with("at least 0.95"));
        assert!(deflated_words(0.949).contains("less than the 0.95"));
        assert!(deflated_words(0.5).starts_with("not above one half"));
        let pbo = |probability| {
            let found = Overfitting {
                probability,
                probability_of_loss: 0.1,
                splits: 12_870,
                degradation: Some(-0.3),
            };
            overfitted(&found).swap_remove(0).meaning
        };
        assert!(pbo(0.04).contains("fewer than one in twenty"));
        assert!(pbo(0.05).contains("better than a random choice"));
        assert!(pbo(0.5).contains("no better than a random choice"));
    }
}
