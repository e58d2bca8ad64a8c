//! The page of one backtest: one part for each section, and the data of its charts.

use serde::Serialize;
use walkfolio::Run;

use crate::Result;
use crate::active_risk::{self, ActiveRisk};
use crate::foot::foot;
use crate::head::{head, size};
use crate::inclusion::Inclusion;
use crate::ledger::{Alerts, Ledger};
use crate::measures::{Card, cards, table};
use crate::model::{self, Judged};
use crate::page::{Page, part};
use crate::series::{Band, Series, bands};
use crate::targets;
use crate::weights::{Trades, Weights};

const FIGURES: &str = include_str!("../templates/figures.html");
const GROWTH: &str = include_str!("../templates/growth.html");
const WEIGHTS: &str = include_str!("../templates/weights.html");
const TRADES: &str = include_str!("../templates/trades.html");
const MEASURES: &str = include_str!("../templates/measures.html");
const LEDGER: &str = include_str!("../templates/ledger.html");
const SCRIPTS: [&str; 3] = [
    include_str!("../templates/run.js"),
    include_str!("../templates/model.js"),
    include_str!("../templates/risk.js"),
];

#[derive(Serialize)]
struct Figures {
    cards: Vec<Card>,
    verdict: Option<String>,
}

#[derive(Serialize)]
struct Growth<'a> {
    benchmark: Option<&'a str>,
    regimes: &'a [Band],
}

#[derive(Serialize)]
struct Held<'a> {
    long_only: bool,
    inclusion: Option<Included<'a>>,
}

#[derive(Serialize)]
struct Included<'a> {
    rule: &'a str,
    left_out: usize,
}

#[derive(Serialize)]
struct Data<'a> {
    study: &'a str,
    benchmark: Option<&'a str>,
    series: Series,
    regimes: Vec<Band>,
    weights: Weights,
    inclusion: Option<Inclusion>,
    trades: Trades,
    model: Option<model::Charts>,
    risk: Option<active_risk::Charts>,
}

/// Writes the report of a backtest as one HTML page that needs nothing beside it.
///
/// # Errors
/// [`Error::Template`](crate::Error::Template) or [`Error::Data`](crate::Error::Data) if the page
/// cannot be put together, [`Error::NoPlotting`](crate::Error::NoPlotting) if the plotting library
/// has another form than expected.
pub fn html(run: &Run) -> Result<String> {
    let manifest = &run.manifest;
    let judged = Judged::of(run);
    let risk = ActiveRisk::of(run);
    let data = Data {
        study: &manifest.study,
        benchmark: manifest.benchmark.as_deref(),
        series: Series::of(&run.returns),
        regimes: bands(manifest),
        weights: Weights::of(run),
        inclusion: Inclusion::of(run),
        trades: Trades::of(run),
        model: judged.as_ref().map(Judged::charts),
        risk: risk.as_ref().map(ActiveRisk::charts),
    };
    let alerts = Alerts::of(run.ledger.iter().map(|row| (None, row)));
    let verdict = judged.as_ref().map(Judged::verdict);
    let parts = [
        head(manifest, size(manifest), alerts)?,
        part(FIGURES, Figures { cards: cards(run), verdict })?,
        targets::section(run)?,
        part(GROWTH, Growth { benchmark: data.benchmark, regimes: &data.regimes })?,
        part(WEIGHTS, held(&data))?,
        judged.map_or_else(|| Ok(String::new()), |judged| judged.section())?,
        risk.map_or_else(|| Ok(String::new()), |risk| risk.section())?,
        part(TRADES, serde_json::json!({ "charged": data.trades.are_charged() }))?,
        part(MEASURES, serde_json::json!({ "table": table(run) }))?,
        part(LEDGER, serde_json::json!({ "ledger": Ledger::of(&run.ledger) }))?,
        foot(manifest)?,
    ];
    Page { title: &manifest.study, parts: &parts, data: &data, scripts: &SCRIPTS }.html()
}

fn held<'a>(data: &'a Data<'_>) -> Held<'a> {
    let included = |map: &'a Inclusion| Included { rule: &map.rule, left_out: map.left_out };
    Held {
        long_only: data.weights.is_long_only(),
        inclusion: data.inclusion.as_ref().map(included),
    }
}
