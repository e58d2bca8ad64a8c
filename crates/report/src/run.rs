//! The page of one backtest: one part for each section, and the data of its charts.

use serde::Serialize;
use walkfolio_analysis::Findings;
use walkfolio_analysis::calendar::Calendar;
use walkfolio_record::Run;

use crate::Result;
use crate::cards::Card;
use crate::foot::foot;
use crate::head::{head, size};
use crate::inclusion::Inclusion;
use crate::ledger::{Alerts, Ledger, Searched};
use crate::measures::table;
use crate::page::{Page, part, shown};
use crate::period::range;
use crate::series::{Band, Series, bands};
use crate::solves::{Holdings, Solves};
use crate::summary::Summary;
use crate::weights::{Trades, Weights};
use crate::{
    active_risk, allocation, attribution, calendar, data_report, distribution, indicators, model,
    rolling, survivors, targets, verdict,
};

const FIGURES: &str = include_str!("../templates/figures.html");
const GROWTH: &str = include_str!("../templates/growth.html");
const WEIGHTS: &str = include_str!("../templates/weights.html");
const TRADES: &str = include_str!("../templates/trades.html");
const MEASURES: &str = include_str!("../templates/measures.html");
const LEDGER: &str = include_str!("../templates/ledger.html");
const SCRIPTS: [&str; 7] = [
    include_str!("../templates/run.js"),
    include_str!("../templates/rolling.js"),
    include_str!("../templates/attribution.js"),
    include_str!("../templates/ledger.js"),
    include_str!("../templates/distribution.js"),
    include_str!("../templates/model.js"),
    include_str!("../templates/risk.js"),
];

#[derive(Serialize)]
struct Figures<'a> {
    cards: &'a [Card],
    certain: bool,
    verdict: Option<String>,
}

#[derive(Serialize)]
struct Growth<'a> {
    benchmark: Option<&'a str>,
    regimes: &'a [Band],
    sentence: Option<String>,
    reason: Option<String>,
}

#[derive(Serialize)]
struct Held<'a> {
    long_only: bool,
    some: bool,
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
    distribution: Option<distribution::Charts<'a>>,
    rolling: Option<rolling::Charts>,
    calendar: &'a Calendar,
    attribution: Option<attribution::Charts>,
    holdings: Holdings,
    solves: Option<Solves>,
    ledger: Option<Searched<'a>>,
}

/// Writes the report of a backtest as one HTML page that needs nothing beside it.
///
/// # Errors
/// [`Error::Template`](crate::Error::Template) or [`Error::Data`](crate::Error::Data) if the page
/// cannot be put together, [`Error::NoPlotting`](crate::Error::NoPlotting) if the plotting library
/// has another form than expected.
pub fn html(run: &Run) -> Result<String> {
    page(&Summary::of(run, &Findings::of(run)))
}

/// The page of a run that is summed up already.
pub(crate) fn page(summary: &Summary<'_>) -> Result<String> {
    let data = data(summary.run, summary.found);
    let sections = sections(summary, &data)?;
    let title = &summary.run.manifest.study;
    Page { title, parts: &sections, data: &data, scripts: &SCRIPTS }.html()
}

fn data<'a>(run: &'a Run, found: &'a Findings) -> Data<'a> {
    Data {
        study: &run.manifest.study,
        benchmark: run.manifest.benchmark.as_deref(),
        series: Series::of(&found.growth),
        regimes: bands(&run.manifest),
        weights: Weights::of(run),
        inclusion: Inclusion::of(run),
        trades: Trades::of(run),
        model: found.model.as_ref().map(model::charts),
        risk: found.active_risk.as_ref().map(|found| active_risk::charts(run, found)),
        distribution: found.distribution.as_ref().map(distribution::charts),
        rolling: found.rolling.as_ref().map(rolling::Charts::of),
        calendar: &found.calendar,
        attribution: found.attribution.as_ref().map(attribution::charts),
        holdings: Holdings::of(&found.holdings),
        solves: Solves::of(run),
        ledger: Searched::of(&run.ledger),
    }
}

/// The sections from top to bottom: what failed, what it amounts to, how it came about.
fn sections(summary: &Summary<'_>, data: &Data<'_>) -> Result<Vec<String>> {
    let Summary { run, found, cards } = summary;
    let (manifest, year) = (&run.manifest, found.periods_per_year);
    let alerts = Alerts::of(run.ledger.iter().map(|row| (None, row)));
    let figures = Figures {
        certain: cards.iter().any(|card| card.interval.is_some()),
        cards,
        verdict: found.model.as_ref().map(model::verdict),
    };
    let judged = run.classifier.as_ref().zip(found.model.as_ref());
    let ledger = Ledger::of(&run.ledger, found.solves.as_ref());
    Ok(vec![
        head(manifest, size(manifest), alerts)?,
        verdict::section(&found.assessment)?,
        part(FIGURES, figures)?,
        targets::section(&found.targets)?,
        survivors::section(manifest)?,
        part(GROWTH, growth(run, data))?,
        indicators::section(run, found)?,
        shown(data.rolling.as_ref(), |found| found.section(data.benchmark))?,
        calendar::section(data.calendar, data.benchmark)?,
        shown(found.distribution.as_ref(), |one| distribution::section(one, &range(found.full())))?,
        part(WEIGHTS, held(data))?,
        shown(judged, |(run, model)| model::section(run, model))?,
        shown(found.active_risk.as_ref(), |found| active_risk::section(run, found))?,
        shown(found.attribution.as_ref(), |one| attribution::section(one, &found.periods, year))?,
        part(TRADES, serde_json::json!({ "charged": data.trades.are_charged() }))?,
        part(MEASURES, serde_json::json!({ "table": table(run, found) }))?,
        part(LEDGER, serde_json::json!({ "ledger": ledger }))?,
        shown(run.data_report.as_ref(), data_report::section)?,
        foot(manifest)?,
    ])
}

fn growth<'a>(run: &Run, data: &'a Data<'_>) -> Growth<'a> {
    let benchmark = data.benchmark;
    let sentence = data.series.sentence(&run.manifest.study, benchmark);
    Growth { benchmark, regimes: &data.regimes, sentence, reason: allocation::reason(run) }
}

fn held<'a>(data: &'a Data<'_>) -> Held<'a> {
    let included = |map: &'a Inclusion| Included { rule: &map.rule, left_out: map.left_out };
    Held {
        long_only: data.weights.is_long_only(),
        some: data.weights.are_some(),
        inclusion: data.inclusion.as_ref().map(included),
    }
}
