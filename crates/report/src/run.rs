//! The page of one backtest: one part for each section, and the data of its charts.

use serde::Serialize;
use walkfolio::Run;

use crate::Result;
use crate::active_risk::{self, ActiveRisk};
use crate::attribution::{self, Attribution};
use crate::calendar::Calendar;
use crate::cards::Card;
use crate::distribution::{self, Distribution};
use crate::foot::foot;
use crate::head::{head, size};
use crate::inclusion::Inclusion;
use crate::ledger::{Alerts, Ledger, Searched};
use crate::measures::table;
use crate::model::{self, Judged};
use crate::page::{Page, part};
use crate::rolling;
use crate::series::{Band, Series, bands};
use crate::solves::{Holdings, Solves};
use crate::summary::Summary;
use crate::weights::{Trades, Weights};
use crate::{allocation, data_report, indicators, survivors, targets};

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
    distribution: Option<distribution::Charts>,
    rolling: Option<rolling::Charts>,
    calendar: Calendar,
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
    page(&Summary::of(run))
}

/// What more than one part of a page is made from.
struct Parts<'a> {
    risk: Option<ActiveRisk<'a>>,
    distribution: Option<Distribution>,
    attributed: Option<Attribution<'a>>,
}

/// The page of a run that is summed up already.
pub(crate) fn page(summary: &Summary<'_>) -> Result<String> {
    let (run, full) = (summary.run, &summary.periods[0]);
    let parts = Parts {
        risk: ActiveRisk::of(run),
        distribution: Distribution::of(full),
        attributed: Attribution::of(run, full, summary.a_year),
    };
    let data = data(summary, &parts);
    let sections = sections(summary, &parts, &data)?;
    let title = &run.manifest.study;
    Page { title, parts: &sections, data: &data, scripts: &SCRIPTS }.html()
}

fn data<'a>(summary: &Summary<'a>, parts: &Parts<'_>) -> Data<'a> {
    let (run, full) = (summary.run, &summary.periods[0]);
    Data {
        study: &run.manifest.study,
        benchmark: run.manifest.benchmark.as_deref(),
        series: Series::of(&run.returns),
        regimes: bands(&run.manifest),
        weights: Weights::of(run),
        inclusion: Inclusion::of(run),
        trades: Trades::of(run),
        model: summary.judged.as_ref().map(Judged::charts),
        risk: parts.risk.as_ref().map(ActiveRisk::charts),
        distribution: parts.distribution.as_ref().map(Distribution::charts),
        rolling: rolling::charts(full, summary.a_year),
        calendar: Calendar::of(&run.returns),
        attribution: parts.attributed.as_ref().map(Attribution::charts),
        holdings: Holdings::of(run),
        solves: Solves::of(run),
        ledger: Searched::of(&run.ledger),
    }
}

/// The sections from top to bottom: what failed, what it amounts to, how it came about.
fn sections(summary: &Summary<'_>, found: &Parts<'_>, data: &Data<'_>) -> Result<Vec<String>> {
    let Summary { run, a_year, periods, certain, cards, verdict, judged } = summary;
    let manifest = &run.manifest;
    let alerts = Alerts::of(run.ledger.iter().map(|row| (None, row)));
    let figures = Figures {
        certain: cards.iter().any(|card| card.interval.is_some()),
        cards,
        verdict: judged.as_ref().map(Judged::verdict),
    };
    Ok(vec![
        head(manifest, size(manifest), alerts)?,
        verdict.section()?,
        part(FIGURES, figures)?,
        targets::section(run)?,
        survivors::section(manifest)?,
        part(GROWTH, growth(run, data))?,
        indicators::section(run, periods, certain, *a_year)?,
        shown(data.rolling.as_ref(), |found| found.section(data.benchmark))?,
        data.calendar.section(data.benchmark)?,
        shown(found.distribution.as_ref(), Distribution::section)?,
        part(WEIGHTS, held(data))?,
        shown(judged.as_ref(), Judged::section)?,
        shown(found.risk.as_ref(), ActiveRisk::section)?,
        shown(found.attributed.as_ref(), |found| found.section(periods))?,
        part(TRADES, serde_json::json!({ "charged": data.trades.are_charged() }))?,
        part(MEASURES, serde_json::json!({ "table": table(run, periods, *a_year) }))?,
        part(LEDGER, serde_json::json!({ "ledger": Ledger::of(&run.ledger) }))?,
        shown(run.data_report.as_ref(), data_report::section)?,
        foot(manifest)?,
    ])
}

/// The section of what is there; nothing of what is not.
fn shown<T>(found: Option<T>, section: impl FnOnce(T) -> Result<String>) -> Result<String> {
    found.map_or_else(|| Ok(String::new()), section)
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
