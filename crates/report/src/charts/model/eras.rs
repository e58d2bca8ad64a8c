//! The parameters of the trees over time: what a search changed, and when.

use serde::Serialize;
use walkfolio_analysis::format::count;
use walkfolio_record::ClassifierRow;

use super::numbers::number;

/// Decisions in a row with equal parameters.
#[derive(Debug, Serialize, PartialEq)]
pub(super) struct Era {
    first: String,
    decisions: String,
    cv_auc: String,
    values: Vec<Value>,
}

#[derive(Debug, Serialize, PartialEq)]
struct Value {
    text: String,
    changed: bool,
}

/// All eras of a run.
#[derive(Debug, Serialize, PartialEq)]
pub(super) struct Eras {
    /// The parameters that never change, in words.
    fixed: Option<String>,
    names: Vec<String>,
    rows: Vec<Era>,
}

impl Eras {
    /// The eras of some decisions, in order.
    pub(super) fn of(rows: &[ClassifierRow]) -> Self {
        let eras: Vec<&[ClassifierRow]> =
            rows.chunk_by(|a, b| a.parameters == b.parameters).collect();
        let all: Vec<Vec<(&str, &str)>> = eras.iter().map(|era| settings(era)).collect();
        let first = all.first().map_or(&[][..], Vec::as_slice);
        let moves = |place: &usize| all.iter().any(|era| era.get(*place) != first.get(*place));
        let (moving, fixed): (Vec<usize>, Vec<usize>) = (0..first.len()).partition(moves);
        let fixed: Vec<String> =
            fixed.into_iter().map(|place| [first[place].0, first[place].1].join(" ")).collect();
        let era = |(place, era): (usize, &&[ClassifierRow])| Era {
            first: era[0].date.to_string(),
            decisions: count(era.len() as f64),
            cv_auc: number(era[0].cv_auc),
            values: values(&all, place, &moving),
        };
        Self {
            fixed: (!fixed.is_empty()).then(|| fixed.join(", ")),
            names: moving.iter().map(|place| first[*place].0.to_owned()).collect(),
            rows: match eras.len() {
                0 | 1 => Vec::new(),
                _ => eras.iter().enumerate().map(era).collect(),
            },
        }
    }
}

/// Some settings of an era, marked where they differ from those before.
fn values(all: &[Vec<(&str, &str)>], era: usize, places: &[usize]) -> Vec<Value> {
    let text = |era: usize, place: usize| all[era].get(place).map_or("", |(_, text)| *text);
    let value = |&place: &usize| Value {
        text: text(era, place).to_owned(),
        changed: era > 0 && text(era - 1, place) != text(era, place),
    };
    places.iter().map(value).collect()
}

/// `name value, name value` as pairs.
fn settings(era: &[ClassifierRow]) -> Vec<(&str, &str)> {
    let pairs = era[0].parameters.split(", ");
    pairs.map(|pair| pair.split_once(' ').unwrap_or((pair, ""))).collect()
}
