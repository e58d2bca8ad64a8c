//! The figures that matter, at the top of a page.

use serde::Serialize;

use crate::Result;
use crate::cards::Card;
use crate::chart::{Chart, Drawn, RunChart};
use crate::model_words::assessment;
use crate::page::part;
use crate::summary::Summary;

const TEMPLATE: &str = include_str!("figures.html");
/// The section.
pub(crate) const CHART: RunChart = Chart { id: "figures", title: "", script: "", draw };

#[derive(Serialize)]
struct Figures<'a> {
    cards: &'a [Card],
    certain: bool,
    assessment: Option<String>,
}

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let figures = Figures {
        certain: summary.cards.iter().any(|card| card.interval.is_some()),
        cards: &summary.cards,
        assessment: summary.found.model.as_ref().map(assessment),
    };
    Ok(Drawn::section(part(TEMPLATE, figures)?))
}
