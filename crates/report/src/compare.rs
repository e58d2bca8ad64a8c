//! Runs side by side: their measures and weights, and whether their differences are more than chance.

mod pairs;
mod sides;

use serde::Serialize;
use walkfolio::{Manifest, Run};

use crate::Result;
use crate::page::{Page, part};
use crate::series::{Band, Growth, Line, bands};
use pairs::Pair;
use sides::{Distance, Held, table};

const HEAD: &str = include_str!("../templates/compare_head.html");
const BODY: &str = include_str!("../templates/compare.html");
const SCRIPTS: [&str; 1] = [include_str!("../templates/compare.js")];

/// A run in a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What stands above its figures.
    pub name: &'a str,
    /// Where it is kept, or another word that tells it from runs of the same name.
    pub place: &'a str,
    /// The run.
    pub run: &'a Run,
}

#[derive(Serialize)]
struct Head<'a> {
    sides: Vec<Fact<'a>>,
    warnings: &'a [String],
    synthetic: bool,
}

#[derive(Serialize)]
struct Fact<'a> {
    name: &'a str,
    study: &'a str,
    place: &'a str,
    dates: String,
    data: String,
    hash: &'a str,
}

#[derive(Serialize)]
struct Body<'a> {
    first: &'a str,
    names: Vec<&'a str>,
    sentences: Vec<String>,
    pairs: Vec<pairs::Row>,
    table: sides::Table,
    held: Option<Held>,
    distances: bool,
    benchmark: Option<&'a str>,
}

#[derive(Serialize)]
struct Data<'a> {
    study: &'static str,
    names: Vec<&'a str>,
    benchmark: Option<&'a str>,
    lines: Vec<Walk>,
    beside: Option<Walk>,
    relative: Vec<Walk>,
    regimes: Vec<Band>,
    distances: Vec<Distance>,
    held: Option<Held>,
}

/// Growth by date.
#[derive(Serialize)]
struct Walk {
    dates: Vec<String>,
    value: Line,
    drawdown: Line,
}

/// Writes the comparison of two or more runs as one HTML page that needs nothing beside it; the
/// others are set beside the first.
///
/// `warnings` say what speaks against comparing them, such as unlike data.
///
/// # Errors
/// As [`html`](crate::html).
pub fn compare_html(sides: &[Side<'_>], warnings: &[String]) -> Result<String> {
    let Some((first, others)) = sides.split_first() else {
        return Page { title: "Comparison", parts: &[], data: &(), scripts: &[] }.html();
    };
    let benchmark = common(sides, |manifest| manifest.benchmark.as_deref());
    let pairs: Vec<Pair<'_>> = others.iter().map(|other| Pair::of(first, other)).collect();
    let held = Held::of(sides);
    let data = Data {
        study: "comparison",
        names: sides.iter().map(|side| side.name).collect(),
        benchmark,
        lines: sides.iter().map(|side| walk(side.run)).collect(),
        beside: benchmark.and_then(|_| beside(first.run)),
        relative: pairs.iter().map(Pair::relative).collect(),
        regimes: bands(&first.run.manifest),
        distances: others.iter().map(|other| Distance::of(first.run, other.run)).collect(),
        held: held.clone(),
    };
    let head = Head {
        sides: sides.iter().map(fact).collect(),
        warnings,
        synthetic: sides.iter().any(|side| side.run.manifest.synthetic),
    };
    let body = Body {
        first: first.name,
        names: data.names.clone(),
        sentences: pairs.iter().map(Pair::sentence).collect(),
        pairs: pairs.iter().flat_map(Pair::rows).collect(),
        table: table(sides),
        distances: data.distances.iter().any(|found| !found.is_empty()),
        held,
        benchmark,
    };
    let parts = [part(HEAD, head)?, part(BODY, body)?];
    Page { title: "Comparison", parts: &parts, data: &data, scripts: &SCRIPTS }.html()
}

fn fact<'a>(side: &Side<'a>) -> Fact<'a> {
    let manifest = &side.run.manifest;
    let dates = manifest.first.zip(manifest.last);
    Fact {
        name: side.name,
        study: &manifest.study,
        place: side.place,
        dates: dates.map_or_else(String::new, |(first, last)| format!("{first} to {last}")),
        data: manifest.data_label(),
        hash: &manifest.hash,
    }
}

/// What all runs have alike, if they do.
fn common<'a>(sides: &[Side<'a>], of: impl Fn(&'a Manifest) -> Option<&'a str>) -> Option<&'a str> {
    let first = of(&sides.first()?.run.manifest)?;
    sides.iter().all(|side| of(&side.run.manifest) == Some(first)).then_some(first)
}

fn walk(run: &Run) -> Walk {
    grown(run.returns.iter().map(|row| (row.date.to_string(), Some(row.portfolio))).collect())
}

fn beside(run: &Run) -> Option<Walk> {
    let rows = run.returns.iter().map(|row| (row.date.to_string(), row.benchmark));
    run.returns.iter().any(|row| row.benchmark.is_some()).then(|| grown(rows.collect()))
}

fn grown(rows: Vec<(String, Option<f64>)>) -> Walk {
    let growth = Growth::of(rows.iter().map(|(_, earned)| *earned));
    let (value, drawdown) = growth.lines();
    Walk { dates: rows.into_iter().map(|(date, _)| date).collect(), value, drawdown }
}
