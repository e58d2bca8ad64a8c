//! Runs side by side: their measures and weights, and whether their differences are more than chance.

mod pairs;
mod side;
mod sides;

use serde::Serialize;
use walkfolio_analysis::Comparison;
use walkfolio_analysis::comparison as analysis;
use walkfolio_analysis::line::Line;
use walkfolio_record::Run;

use crate::Result;
use crate::bands::{Band, bands};
use crate::chart::Sections;
use crate::page::Page;
use crate::template::part;
use crate::wealth::WealthLines;
use pairs::Pair;
use sides::{Distance, Held, table};

pub use side::Side;

const HEAD: &str = include_str!("compare/head.html");
const BODY: &str = include_str!("compare/compare.html");
const SCRIPT: &str = include_str!("compare/compare.js");

#[derive(Serialize)]
struct Head<'a> {
    sides: Vec<Fact<'a>>,
    warnings: &'a [String],
    simulated: Option<&'a str>,
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
    let runs: Vec<&Run> = sides.iter().map(|side| side.run).collect();
    let Some((found, first)) = Comparison::of(&runs).zip(sides.first()) else {
        return written(String::new(), Sections::default(), &());
    };
    let held = found.weights.as_ref().map(Held::of);
    let pairs: Vec<Pair<'_>> = sides
        .iter()
        .skip(1)
        .zip(&found.pairs)
        .map(|(other, found)| Pair { first: first.name, name: other.name, found })
        .collect();
    let data = Data {
        study: "comparison",
        names: sides.iter().map(|side| side.name).collect(),
        benchmark: found.benchmark.as_deref(),
        lines: found.growth.iter().map(walk).collect(),
        beside: found.benchmark_growth.as_ref().map(walk),
        relative: found.pairs.iter().map(|pair| walk(&pair.relative)).collect(),
        regimes: bands(&first.run.manifest),
        distances: found.pairs.iter().map(|pair| Distance::of(&pair.distance)).collect(),
        held: held.clone(),
    };
    let head = Head {
        sides: sides.iter().map(fact).collect(),
        warnings,
        simulated: sides.iter().find_map(|side| side.run.manifest.simulated()),
    };
    let body = Body {
        first: first.name,
        names: data.names.clone(),
        sentences: pairs.iter().map(Pair::sentence).collect(),
        pairs: pairs.iter().flat_map(Pair::rows).collect(),
        table: table(sides, found.periods_per_year),
        distances: data.distances.iter().any(|found| !found.is_empty()),
        held,
        benchmark: found.benchmark.as_deref(),
    };
    let sections =
        Sections { html: vec![part(BODY, body)?], scripts: vec![SCRIPT], ..Sections::default() };
    written(part(HEAD, head)?, sections, &data)
}

fn written(head: String, sections: Sections, data: &impl Serialize) -> Result<String> {
    Page { title: "Comparison", head, sections, foot: String::new(), data }.html()
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

fn walk(found: &analysis::Walk) -> Walk {
    let WealthLines { value, drawdown } = WealthLines::of(&found.wealth);
    Walk { dates: found.dates.iter().map(ToString::to_string).collect(), value, drawdown }
}
