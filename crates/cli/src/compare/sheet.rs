//! The table of a comparison.

use walkfolio::measures::{Better, Definition, definitions};
use walkfolio::{Quality, TargetResult};

use super::column::Column;
use crate::classifier::score;
use crate::{layout, table};

/// Measures of a comparison in addition to those of a summary, each with the one that it follows.
const EXTRA: [(&str, &str); 3] = [
    ("r_squared", "alpha_annual"),
    ("turnover_annual", "cost_annual"),
    ("holdings_mean", "effective_holdings"),
];

/// Takes a score from a quality.
type Take = fn(&Quality) -> Option<f64>;

/// Scores of a classifier, and which of two is better.
const SCORES: [(&str, Take, Better); 10] = [
    ("AUC", |q| q.scores.auc, Better::Higher),
    ("AUC, same label as last month", |q| q.auc_same_label, Better::Neither),
    ("AUC, current weight", |q| q.auc_current_weight, Better::Neither),
    ("AUC, cross-validated", |q| q.cv_auc, Better::Higher),
    ("Accuracy", |q| Some(q.scores.accuracy), Better::Higher),
    ("Precision", |q| q.scores.precision, Better::Higher),
    ("Recall", |q| q.scores.recall, Better::Higher),
    ("F1", |q| q.scores.f1, Better::Higher),
    ("Log loss", |q| Some(q.scores.log_loss), Better::Lower),
    ("Brier score", |q| Some(q.scores.brier), Better::Lower),
];

const STAR: &str = " *";
const NO_STAR: &str = "  ";

/// Orders the columns by a measure, the best first; where neither is better, the smallest first.
pub fn sort(columns: &mut [Column], key: &str) {
    let better = definition(key).map(|definition| definition.better);
    columns.sort_by(|a, b| match (a.measures.get(key), b.measures.get(key)) {
        (Some(a), Some(b)) if better == Some(Better::Higher) => b.total_cmp(&a),
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    });
}

/// Measures, classifiers and shared targets, one column a run.
pub fn sheet(columns: &[Column], all: bool, width: usize) -> String {
    let mut rows = vec![row("", columns.iter().map(|column| column.name.clone()))];
    rows.extend(measures(columns, all));
    rows.extend(classifiers(columns));
    rows.extend(shared_targets(columns));
    let starred = rows.iter().flatten().any(|cell| cell.ends_with(STAR));
    let note = if starred { "\n* best value of the row" } else { "" };
    format!("{}{note}", layout::table(&rows, width)).trim_end().to_owned()
}

fn measures(columns: &[Column], all: bool) -> Vec<Vec<String>> {
    let line = |definition: &Definition| {
        let values = columns.iter().map(|column| column.measures.get(definition.key));
        let show = |value| definition.unit.show(value);
        figures(definition.label, &values.collect::<Vec<_>>(), show, definition.better)
    };
    if all {
        return definitions().iter().map(line).collect();
    }
    let known = |d: &&Definition| columns.iter().any(|c| c.measures.get(d.key).is_some());
    keys(columns).into_iter().filter_map(definition).filter(known).map(line).collect()
}

/// The measures of the runs' summaries and the extra ones, each once.
fn keys(columns: &[Column]) -> Vec<&'static str> {
    let mut keys: Vec<&str> = Vec::new();
    let extra =
        |key: &'static str| EXTRA.iter().filter(move |(own, _)| *own == key).map(|(_, key)| *key);
    let summaries = columns.iter().flat_map(|column| table::keys(&column.manifest));
    let with_extra = summaries.flat_map(|key| std::iter::once(*key).chain(extra(key)));
    for key in with_extra.chain(EXTRA.map(|(_, key)| key)) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

fn definition(key: &str) -> Option<&'static Definition> {
    definitions().iter().find(|definition| definition.key == key)
}

/// The classifiers, with a heading; nothing where no run has one.
fn classifiers(columns: &[Column]) -> Vec<Vec<String>> {
    if columns.iter().all(|column| column.quality.is_none()) {
        return Vec::new();
    }
    let of = |take: Take| {
        let values = columns.iter().map(|column| column.quality.as_ref().and_then(take));
        values.collect::<Vec<Option<f64>>>()
    };
    let earns = columns.iter().map(|column| match column.quality.as_ref() {
        Some(quality) => match quality.adds_value() {
            Some(true) => "yes".to_owned(),
            Some(false) => "no".to_owned(),
            None => "unknown".to_owned(),
        },
        None => "–".to_owned(),
    });
    let scores =
        SCORES.iter().map(|(label, take, better)| figures(label, &of(*take), score, *better));
    heading("Classifier").into_iter().chain(scores).chain([row("Adds value", earns)]).collect()
}

/// The targets that all runs have, with a heading; nothing where they share none.
fn shared_targets(columns: &[Column]) -> Vec<Vec<String>> {
    let same = |a: &TargetResult, b: &TargetResult| {
        (&a.measure, a.min, a.max) == (&b.measure, b.min, b.max)
    };
    let line = |target: &TargetResult| {
        let found = columns.iter().map(|c| c.targets.iter().find(|other| same(target, other)));
        let words = found.map(|target| Some(target?.word().to_owned()));
        let words: Option<Vec<String>> = words.collect();
        Some(row(&format!("{}, {}", target.label, target.range()), words?.into_iter()))
    };
    let lines: Vec<Vec<String>> = columns[0].targets.iter().filter_map(line).collect();
    if lines.is_empty() { lines } else { heading("Targets").into_iter().chain(lines).collect() }
}

fn heading(text: &str) -> [Vec<String>; 2] {
    [vec![String::new()], vec![text.to_owned()]]
}

/// A row without stars, in line with those that may have some.
fn row(label: &str, cells: impl Iterator<Item = String>) -> Vec<String> {
    std::iter::once(label.to_owned()).chain(cells.map(|cell| cell + NO_STAR)).collect()
}

/// A row of values, the best with a star unless all look equally good.
fn figures(
    label: &str,
    values: &[Option<f64>],
    show: impl Fn(Option<f64>) -> String,
    better: Better,
) -> Vec<String> {
    let known = || values.iter().copied().flatten();
    let (least, most) = (known().reduce(f64::min), known().reduce(f64::max));
    let best = match better {
        Better::Lower => least,
        Better::Higher => most,
        Better::Neither => None,
    };
    let differ = show(least) != show(most);
    let best = best.filter(|_| differ).map(|best| show(Some(best)));
    let cell = |value: &Option<f64>| {
        let shown = show(*value);
        let star = if best.as_ref() == Some(&shown) { STAR } else { NO_STAR };
        shown + star
    };
    std::iter::once(label.to_owned()).chain(values.iter().map(cell)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_better_value_has_a_star() {
        let cells =
            |values: [Option<f64>; 3], better| figures("", &values, score, better)[1..].join("|");
        let values = [Some(0.1), None, Some(0.2)];
        assert_eq!(cells(values, Better::Lower), "0.100 *|–  |0.200  ");
        assert_eq!(cells(values, Better::Higher), "0.100  |–  |0.200 *");
        assert_eq!(cells(values, Better::Neither), "0.100  |–  |0.200  ");
        assert_eq!(cells([Some(0.1), None, Some(0.1)], Better::Lower), "0.100  |–  |0.100  ");
        assert_eq!(cells([None, None, Some(0.1)], Better::Lower), "–  |–  |0.100  ");
        let close = [Some(0.1001), Some(0.1), Some(0.2)];
        assert_eq!(cells(close, Better::Lower), "0.100 *|0.100 *|0.200  ");
    }
}
