//! The page of one backtest.

use serde::Serialize;
use walkfolio::Run;

use crate::Result;
use crate::foot::foot;
use crate::head::{head, size};
use crate::ledger::{Alerts, Ledger};
use crate::measures::{Card, Table, cards, table};
use crate::page::{Page, part};
use crate::series::{Band, Series, bands};
use crate::weights::{Trades, Weights};

const TEMPLATE: &str = include_str!("../templates/run.html");
const SCRIPT: &str = include_str!("../templates/run.js");

#[derive(Serialize)]
struct Body<'a> {
    cards: Vec<Card>,
    benchmark: Option<&'a str>,
    regimes: &'a [Band],
    long_only: bool,
    charged: bool,
    table: Table,
    ledger: Ledger,
}

#[derive(Serialize)]
struct Data<'a> {
    study: &'a str,
    benchmark: Option<&'a str>,
    series: Series,
    regimes: Vec<Band>,
    weights: Weights,
    trades: Trades,
}

/// Writes the report of a backtest as one HTML page that needs nothing beside it.
///
/// # Errors
/// [`Error::Template`](crate::Error::Template) or [`Error::Data`](crate::Error::Data) if the page
/// cannot be put together, [`Error::NoPlotting`](crate::Error::NoPlotting) if the plotting library
/// has another form than expected.
pub fn html(run: &Run) -> Result<String> {
    let manifest = &run.manifest;
    let benchmark = manifest.benchmark.as_deref();
    let data = Data {
        study: &manifest.study,
        benchmark,
        series: Series::of(&run.returns),
        regimes: bands(manifest),
        weights: Weights::of(run),
        trades: Trades::of(run),
    };
    let body = Body {
        cards: cards(run),
        benchmark,
        regimes: &data.regimes,
        long_only: data.weights.is_long_only(),
        charged: data.trades.are_charged(),
        table: table(run),
        ledger: Ledger::of(&run.ledger),
    };
    let head = head(manifest, size(manifest), Alerts::of(run.ledger.iter()))?;
    let parts = [head, part(TEMPLATE, body)?, foot(manifest)?];
    Page { title: &manifest.study, parts: &parts, data: &data, script: SCRIPT }.html()
}
