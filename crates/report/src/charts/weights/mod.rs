//! Weights over time, holdings, and the probabilities of inclusion.

mod holdings;
mod inclusion;

use serde::Serialize;
use walkfolio_analysis::format::short;
use walkfolio_analysis::grouped::Grouped;
use walkfolio_analysis::line::{Line, evenly};
use walkfolio_analysis::weights::WeightsOverTime;
use walkfolio_record::Run;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;
use holdings::Holdings;
use inclusion::Inclusion;

const TEMPLATE: &str = include_str!("weights.html");
/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "weights", title: "Weights", script: include_str!("weights.js"), draw };

/// Decisions that are drawn; of more, evenly some.
const DRAWN: usize = 1500;

#[derive(Serialize)]
struct Held<'a> {
    long_only: bool,
    some: bool,
    constant: Option<String>,
    inclusion: Option<Included<'a>>,
}

#[derive(Serialize)]
struct Included<'a> {
    rule: &'a str,
    left_out: usize,
}

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let weights = Weights::of(summary.run, &summary.found.weights);
    if weights.dates.is_empty() {
        return Ok(Drawn::default());
    }
    let inclusion = Inclusion::of(summary.run);
    let holdings = Holdings::of(&summary.found.holdings);
    let held = Held {
        constant: holdings.constant(),
        long_only: weights.long_only,
        some: weights.some,
        inclusion: inclusion
            .as_ref()
            .map(|map| Included { rule: &map.rule, left_out: map.left_out }),
    };
    Drawn::section(part(TEMPLATE, held)?)
        .with("weights", &weights)?
        .with("inclusion", &inclusion)?
        .with("holdings", &holdings)
}

/// The weights of the largest assets over time.
#[derive(Debug, Serialize)]
struct Weights {
    dates: Vec<String>,
    assets: Vec<Holding>,
    long_only: bool,
    end: Option<String>,
    #[serde(skip)]
    some: bool,
}

#[derive(Debug, Serialize)]
struct Holding {
    name: String,
    weights: Line,
}

impl Weights {
    /// The weights of a run, as they are drawn.
    fn of(run: &Run, found: &WeightsOverTime) -> Self {
        let drawn = evenly(found.dates.len(), DRAWN);
        let line = |weights: &[f64]| -> Line {
            drawn.iter().map(|&place| weights.get(place).copied().and_then(short)).collect()
        };
        let Grouped { names, lines, others } = &found.assets;
        let own = names.iter().zip(lines);
        let others = others.iter().map(|others| Holding {
            name: format!("{} others, net", others.count),
            weights: line(&others.sum),
        });
        Self {
            dates: drawn.iter().map(|&place| found.dates[place].to_string()).collect(),
            assets: own
                .map(|(name, weights)| Holding { name: name.clone(), weights: line(weights) })
                .chain(others)
                .collect(),
            some: drawn.len() < found.dates.len(),
            long_only: found.long_only,
            end: run.manifest.last.map(|date| date.to_string()),
        }
    }
}
