//! The distribution of a portfolio's returns beside the normal distribution fitted to it.

use serde::Serialize;
use walkfolio::inference::normal_fit::{Bins, NormalFit, normal_fit};

use crate::Result;
use crate::format::{count, counted, decimals, percent, short};
use crate::page::part;
use crate::period::Period;
use crate::series::Line;

const TEMPLATE: &str = include_str!("../templates/distribution.html");
/// Fewer sessions have no shape to speak of.
const LEAST_SESSIONS: usize = 60;
/// Points of the quantile plot that are drawn one by one at either end.
const TAIL: usize = 100;
/// Points between the ends.
const MIDDLE: usize = 200;
/// The 5 % quantile of a chi-squared variable with two degrees of freedom, `-2 ln 0.05`.
const CRITICAL: f64 = 5.991;
/// Deviations from the mean beyond which a normal return is rare, and how rare: `2 Phi(-3)`.
const FAR: f64 = 3.0;
const FAR_SHARE: f64 = 0.002_699_796;

/// Deviations from the mean that the histogram shows; the quantiles show all.
const PICTURE: f64 = 6.0;

/// What the two charts are drawn from.
#[derive(Debug, Serialize)]
pub(crate) struct Charts {
    low: f64,
    width: f64,
    counts: Vec<usize>,
    observations: usize,
    mean: f64,
    deviation: f64,
    picture: f64,
    normal: Line,
    observed: Line,
}

/// A fit, and the returns it is of.
pub(crate) struct Distribution {
    fit: NormalFit,
    far: usize,
    worst: f64,
    best: f64,
    outside: usize,
    range: String,
}

impl Distribution {
    /// Of the returns of a period; `None` where there are too few or they do not vary.
    pub(crate) fn of(period: &Period<'_>) -> Option<Self> {
        let returns: Vec<f64> = period.rows.iter().map(|row| row.portfolio).collect();
        if returns.len() < LEAST_SESSIONS {
            return None;
        }
        let fit = normal_fit(&returns, Bins::Automatic)?;
        let distance = |r: &f64| (r - fit.mean) / fit.standard_deviation;
        Some(Self {
            far: returns.iter().filter(|r| distance(r).abs() > FAR).count(),
            worst: returns.iter().map(distance).fold(0.0, f64::min),
            best: returns.iter().map(distance).fold(0.0, f64::max),
            outside: returns.iter().filter(|r| distance(r).abs() > PICTURE).count(),
            range: period.range.clone(),
            fit,
        })
    }

    /// Writes the section.
    pub(crate) fn section(&self) -> Result<String> {
        let values = serde_json::json!({
            "range": self.range,
            "sentence": self.sentence(),
            "tails": self.tails(),
            "outside": (self.outside > 0).then(|| counted(self.outside, "session")),
            "bins": count(self.fit.histogram.counts.len() as f64),
        });
        part(TEMPLATE, values)
    }

    /// What the charts are drawn from.
    pub(crate) fn charts(&self) -> Charts {
        let fit = &self.fit;
        let points = fit.quantiles.len();
        let step = (points.saturating_sub(2 * TAIL) / MIDDLE).max(1);
        let kept =
            |place: &usize| *place < TAIL || place + TAIL >= points || place.is_multiple_of(step);
        let drawn: Vec<usize> = (0..points).filter(kept).collect();
        let values = |of: &dyn Fn(usize) -> f64| drawn.iter().map(|&at| short(of(at))).collect();
        Charts {
            low: fit.histogram.low,
            width: fit.histogram.width,
            counts: fit.histogram.counts.clone(),
            observations: fit.observations,
            mean: fit.mean,
            deviation: fit.standard_deviation,
            picture: PICTURE,
            normal: values(&|at| fit.quantiles[at].normal),
            observed: values(&|at| fit.quantiles[at].observed),
        }
    }

    fn sentence(&self) -> String {
        let fit = &self.fit;
        let digits = if fit.jarque_bera < 100.0 { 2 } else { 0 };
        let statistic = format!(
            "The Jarque-Bera statistic of {} returns is {}; normal returns exceed {} once in twenty samples",
            count(fit.observations as f64),
            decimals(fit.jarque_bera, digits),
            decimals(CRITICAL, 2),
        );
        let shape = format!(
            "skewness {}, excess kurtosis {}",
            decimals(fit.skewness, 2),
            decimals(fit.excess_kurtosis, 2)
        );
        if fit.jarque_bera > CRITICAL {
            format!("The returns are not normally distributed. {statistic} ({shape}).")
        } else {
            format!("The returns may be normally distributed. {statistic} ({shape}).")
        }
    }

    /// How often returns were far out, beside how often normal ones are.
    fn tails(&self) -> String {
        let fit = &self.fit;
        let expected = FAR_SHARE * fit.observations as f64;
        format!(
            "{} of them lie more than three standard deviations of {} from the mean, where the normal distribution expects {}; the worst session is {} deviations below it, the best {} above.",
            count(self.far as f64),
            percent(fit.standard_deviation),
            decimals(expected, usize::from(expected < 10.0)),
            decimals(-self.worst, 1),
            decimals(self.best, 1),
        )
    }
}
