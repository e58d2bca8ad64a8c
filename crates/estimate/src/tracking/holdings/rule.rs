//! The holdings of a momentum index by its own rule.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past, Row, SignalKind, month_end_rows};

use super::super::basket::{Basket, held_market};
use super::super::review_aware::{
    quantile_of_sorted, standardized, weekly_log_returns, weeks_until,
};

/// The rule of a momentum index over the names of `market.files.constituents`, or over the assets without that file.
///
/// At each review, from prices up to the month-end before it: with `m6` and `m12` the returns of six and twelve months and
/// `s` the standard deviation of at most 156 weekly log returns, `z` is the mean of the z-scores of `m6 / s` and `m12 / s`,
/// standardized again; the score is `1 + z` above 0 and `1 / (1 - z)` below. The index takes the names with the largest
/// scores, members first within a buffer, weighs them by score times capitalization under a cap, and drifts until the next
/// review. The capitalization is the last one that was published, moved with the price since.
///
/// Source: MSCI (2021), Momentum Indexes Methodology; sectors, corporate events and the turnover limits of ad hoc reviews
/// are left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(
    description = "The rule of a momentum index over the names of `market.files.constituents`, or over the assets without that file: at each review the names with the largest risk-adjusted momentum, weighed by score times capitalization."
)]
pub struct ByRule {
    /// How many names it holds.
    ///
    /// Unit: names.
    pub names: u32,
    /// Names that rank this part of `names` beyond it stay if they are members, and as many before it are taken whoever
    /// is a member.
    ///
    /// Unit: share of `names`.
    pub buffer: f64,
    /// The largest weight of a name; what is above it is spread over the others in proportion.
    ///
    /// Unit: fraction.
    pub cap: f64,
    /// Scores beyond this count as this.
    ///
    /// Unit: standard deviations.
    pub clip: f64,
    /// Weekly returns that a name must have.
    ///
    /// Unit: weeks.
    pub least_weeks: u32,
    /// A name without a published capitalization counts as one at this quantile of the known ones; without it such names
    /// are left out.
    ///
    /// Unit: probability.
    ///
    /// Example: `unpublished = 0.25`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpublished: Option<f64>,
}

impl Default for ByRule {
    fn default() -> Self {
        Self { names: 125, buffer: 0.5, cap: 0.05, clip: 3.0, least_weeks: 52, unpublished: None }
    }
}

/// A name at a review.
struct Candidate {
    name: usize,
    score: f64,
    capitalization: f64,
}

impl ByRule {
    pub(super) fn validate(&self, faults: &mut Faults) {
        faults.at_least("names", self.names, 1);
        faults.fraction("buffer", self.buffer, "0.5 is half of names");
        faults.fraction("cap", self.cap, "0.05 is five percent");
        if self.cap > 0.0 && self.cap * f64::from(self.names) < 1.0 {
            let message =
                format!("{} names of at most {} each cannot sum to 1", self.names, self.cap);
            faults.push("cap", message, "raise it, or names");
        }
        faults.above_zero("cap", self.cap, "");
        faults.above_zero("clip", self.clip, "");
        faults.at_least("least_weeks", self.least_weeks, 2);
        if let Some(quantile) = self.unpublished {
            faults.fraction("unpublished", quantile, "0.25 is the lower quartile");
        }
    }

    /// What the index holds at the last known row, by its reviews at some rows; none before the first review at which there
    /// are enough names.
    ///
    /// # Timing
    /// A review at row `k` reads prices up to the month-end before `k`, capitalizations known at `k`, and who is listed at
    /// `k`.
    pub(super) fn basket(&self, past: &Past<'_>, reviews: &[Row]) -> Option<Basket> {
        let market = held_market(past);
        let mut members: Vec<usize> = Vec::new();
        let mut newest = None;
        for &row in reviews {
            let Ok(then) = market.before(row + 1) else { continue };
            let Some(candidates) = self.candidates(&then) else { continue };
            let chosen = self.chosen(&candidates, &members);
            members = chosen.iter().map(|one| one.name).collect();
            newest = Some((row, self.weights(&chosen)));
        }
        let (row, weights) = newest?;
        Basket::drifted(&market, (market.dates()[row], row), weights, 1.0)
    }

    /// The names that can be ranked at the last known row, the largest score first; none where they are too few.
    fn candidates(&self, then: &Past<'_>) -> Option<Vec<Candidate>> {
        let row = then.rows().checked_sub(1)?;
        let ends = month_end_rows(then.dates(), then.decision_date());
        let before: Vec<Row> = ends.into_iter().filter(|&end| end < row).collect();
        let k = before.len().checked_sub(1).filter(|k| *k >= 12)?;
        let weeks = weeks_until(then, before[k]);
        let mut found = Vec::new();
        let (mut six, mut twelve) = (Vec::new(), Vec::new());
        for (name, capitalization) in self.capitalizations(then, row) {
            let price = |months: usize| then.price(before[k - months], name);
            let (Some(last), Some(half), Some(year)) = (price(0), price(6), price(12)) else {
                continue;
            };
            let returns = weekly_log_returns(then, name, &weeks);
            let risk = super::super::review_aware::standard_deviation(&returns, 1);
            let Some(risk) = risk.filter(|risk| *risk > 0.0) else { continue };
            if returns.len() < self.least_weeks as usize {
                continue;
            }
            six.push((last / half - 1.0) / risk);
            twelve.push((last / year - 1.0) / risk);
            found.push(Candidate { name, score: 0.0, capitalization });
        }
        if found.len() < self.names as usize {
            return None;
        }
        let clipped = |values: &[f64]| -> Vec<f64> {
            standardized(values).iter().map(|z| z.clamp(-self.clip, self.clip)).collect()
        };
        let mean: Vec<f64> =
            clipped(&six).iter().zip(clipped(&twelve)).map(|(a, b)| (a + b) / 2.0).collect();
        for (one, z) in found.iter_mut().zip(clipped(&mean)) {
            one.score = if z > 0.0 { 1.0 + z } else { 1.0 / (1.0 - z) };
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        Some(found)
    }

    /// The capitalizations of the names with a price at a row.
    fn capitalizations(&self, then: &Past<'_>, row: Row) -> Vec<(usize, f64)> {
        let listed = (0..then.universe().len()).filter(|&name| then.price(row, name).is_some());
        let published = |name: usize| -> Option<f64> {
            let (date, value) =
                then.dated_signal(SignalKind::MarketCap.name(), name).ok().flatten()?;
            let at = then.dates().partition_point(|own| *own <= date).checked_sub(1)?;
            Some(value * then.price(row, name)? / then.price(at, name)?)
        };
        let all: Vec<(usize, Option<f64>)> =
            listed.map(|name| (name, published(name).filter(|value| *value > 0.0))).collect();
        let mut known: Vec<f64> = all.iter().filter_map(|(_, value)| *value).collect();
        known.sort_by(f64::total_cmp);
        let other = self.unpublished.filter(|_| !known.is_empty());
        let other = other.map(|quantile| quantile_of_sorted(&known, quantile));
        all.into_iter().filter_map(|(name, value)| Some((name, value.or(other)?))).collect()
    }

    /// The names of the index: the best, then its members within the buffer, then the next best.
    fn chosen<'a>(&self, ranked: &'a [Candidate], members: &[usize]) -> Vec<&'a Candidate> {
        let names = self.names as usize;
        // Fractions of a few hundred names.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let part = |share: f64| ((names as f64 * share) as usize).min(ranked.len());
        let (always, until) = (part(1.0 - self.buffer), part(1.0 + self.buffer));
        let mut chosen: Vec<&Candidate> = ranked[..always].iter().collect();
        let stays = |one: &&Candidate| members.contains(&one.name);
        let room = names - chosen.len();
        chosen.extend(ranked[always..until].iter().filter(stays).take(room));
        let taken: Vec<usize> = chosen.iter().map(|one| one.name).collect();
        let next = ranked.iter().filter(|one| !taken.contains(&one.name));
        let room = names - chosen.len();
        chosen.extend(next.take(room));
        chosen
    }

    /// Score times capitalization, under the cap.
    fn weights(&self, chosen: &[&Candidate]) -> Vec<(usize, f64)> {
        let raw: Vec<f64> = chosen.iter().map(|one| one.score * one.capitalization).collect();
        let sum: f64 = raw.iter().sum();
        let mut weights: Vec<f64> = raw.iter().map(|value| value / sum).collect();
        // Each round puts a name at the cap, or none is above it.
        for _ in 0..weights.len() {
            let above: f64 = weights.iter().filter(|w| **w > self.cap).map(|w| w - self.cap).sum();
            if above <= 1e-15 {
                break;
            }
            let free: f64 = weights.iter().filter(|w| **w < self.cap).sum();
            for weight in &mut weights {
                if *weight >= self.cap {
                    *weight = self.cap;
                } else {
                    *weight += above * *weight / free;
                }
            }
        }
        chosen.iter().map(|one| one.name).zip(weights).collect()
    }
}
