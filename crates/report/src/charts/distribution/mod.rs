//! The distribution of a portfolio's returns versus the normal distribution fitted to it.

use serde::Serialize;
use walkfolio_analysis::distribution::{CRITICAL, Distribution, Quantile, SHOWN};
use walkfolio_analysis::format::{count, counted, decimals, percent, short};
use walkfolio_analysis::line::Line;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::period::range;
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("distribution.html");

/// The section.
pub(crate) const CHART: RunChart = Chart {
    id: "distribution",
    title: "Distribution",
    script: include_str!("distribution.js"),
    draw,
};

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.distribution.as_ref(), |found| {
        let html = section(summary, found)?;
        Drawn::section(html).with("distribution", &charts(found))
    })
}

/// Points of the quantile plot that are drawn one by one at either end.
const TAIL: usize = 100;
/// Points between the ends.
const MIDDLE: usize = 200;

/// What the two charts are drawn from.
#[derive(Debug, Serialize)]
struct Charts<'a> {
    low: f64,
    width: f64,
    counts: &'a [usize],
    observations: usize,
    mean: f64,
    deviation: f64,
    picture: f64,
    normal: Line,
    observed: Line,
}

/// Writes the section.
fn section(summary: &Summary<'_>, found: &Distribution) -> Result<String> {
    let periods = summary.periods().to_lowercase();
    let values = serde_json::json!({
        "range": range(summary.found.full()),
        "frequency": summary.frequency(),
        "periods": periods,
        "costs": summary.is_backtest(),
        "sentence": sentence(found),
        "tails": tails(found, periods.trim_end_matches('s')),
        "outside": outside(found, periods.trim_end_matches('s')),
        "bins": count(found.histogram.counts.len() as f64),
    });
    part(TEMPLATE, values)
}

/// What the charts are drawn from.
fn charts(found: &Distribution) -> Charts<'_> {
    let points = found.quantiles.len();
    let step = (points.saturating_sub(2 * TAIL) / MIDDLE).max(1);
    let kept =
        |place: &usize| *place < TAIL || place + TAIL >= points || place.is_multiple_of(step);
    let drawn: Vec<usize> = (0..points).filter(kept).collect();
    let values = |of: fn(&Quantile) -> f64| {
        drawn.iter().map(|&at| short(of(&found.quantiles[at]))).collect()
    };
    Charts {
        low: found.histogram.low,
        width: found.histogram.width,
        counts: &found.histogram.counts,
        observations: found.observations,
        mean: found.mean,
        deviation: found.standard_deviation,
        picture: SHOWN,
        normal: values(|pair| pair.normal),
        observed: values(|pair| pair.observed),
    }
}

fn sentence(found: &Distribution) -> String {
    let digits = if found.jarque_bera < 100.0 { 2 } else { 0 };
    let statistic = format!(
        "The Jarque-Bera statistic of {} returns is {}; normal returns exceed {} once in twenty samples",
        count(found.observations as f64),
        decimals(found.jarque_bera, digits),
        decimals(CRITICAL, 2),
    );
    let shape = format!(
        "skewness {}, excess kurtosis {}",
        decimals(found.skewness, 2),
        decimals(found.excess_kurtosis, 2)
    );
    if found.normality_rejected {
        format!("The returns are not normally distributed. {statistic} ({shape}).")
    } else {
        format!("The returns may be normally distributed. {statistic} ({shape}).")
    }
}

/// How often returns were far out, beside how often normal ones are.
fn tails(found: &Distribution, period: &str) -> String {
    let far = match found.far {
        0 => "None of them lies".to_owned(),
        1 => "One of them lies".to_owned(),
        far => format!("{} of them lie", count(far as f64)),
    };
    format!(
        "{far} more than three standard deviations of {} from the mean, where the normal distribution expects {}; the worst {period} is {} deviations below it, the best {} above.",
        percent(found.standard_deviation),
        decimals(found.far_expected, usize::from(found.far_expected < 10.0)),
        decimals(-found.worst, 1),
        decimals(found.best, 1),
    )
}

/// What the histogram leaves out.
fn outside(found: &Distribution, period: &str) -> Option<String> {
    let verbs = if found.outside == 1 { "does not fit" } else { "do not fit" };
    let stands = if found.outside == 1 { "stands" } else { "stand" };
    (found.outside > 0).then(|| {
        format!(
            "{} farther out than six deviations {verbs} into this picture and {stands} in the other.",
            counted(found.outside, period)
        )
    })
}

#[cfg(test)]
mod tests;
