//! The tracking error, with what is known of the benchmark's reviews.

use walkfolio_estimate::{AdHoc, Prior, ReviewAware, Reviews, Tilt};

use super::Faults;
use crate::config::Tracking;
use crate::spec::{AdHocSpec, AlsoSpec, ObjectiveSpec, PriorSpec, ReviewSpec, Spec};

const OBJECTIVE: &str = "allocate.objective";

impl Faults<'_> {
    pub(super) fn tracking(&mut self, spec: &Spec) -> Option<Tracking> {
        let ObjectiveSpec::TrackingError {
            window_days,
            shortest_days,
            half_life_days,
            stay_near,
            review,
        } = &spec.allocate.objective
        else {
            return None;
        };
        self.window(&format!("{OBJECTIVE}.window_days"), *window_days, 1, "the objective");
        if spec.market.benchmark.is_none() {
            let hint = "add benchmark = \"...\" to [market]";
            self.push(OBJECTIVE, "tracks a benchmark, and there is none", hint);
        }
        self.shortest(*window_days, *shortest_days, review.is_some());
        if let Some(half) = half_life_days {
            let hint = "63 is a quarter of a year";
            self.above_zero(&format!("{OBJECTIVE}.half_life_days"), *half, hint);
        }
        self.at_least_zero(&format!("{OBJECTIVE}.stay_near"), stay_near.unwrap_or(0.0));
        Some(Tracking {
            window: *window_days as usize,
            shortest: shortest_days.unwrap_or(*window_days) as usize,
            half_life: *half_life_days,
            stay_near: stay_near.unwrap_or(0.0),
            review: match review {
                None => None,
                Some(review) => {
                    Some(self.review(spec, review, *window_days as usize, *half_life_days)?)
                }
            },
        })
    }

    /// A rule about reviews needs them to be known.
    pub(super) fn also(&mut self, spec: &Spec) {
        let known = matches!(
            &spec.allocate.objective,
            ObjectiveSpec::TrackingError { review: Some(_), .. }
        );
        if spec.walk_forward.also == Some(AlsoSpec::Reviews) && !known {
            let hint = "add [allocate.objective.review], or remove `also`";
            self.push("walk_forward.also", "decides at reviews, and none are described", hint);
        }
    }

    fn shortest(&mut self, window: u32, shortest: Option<u32>, reviews: bool) {
        let Some(shortest) = shortest else { return };
        let path = format!("{OBJECTIVE}.shortest_days");
        if !reviews {
            let hint = "remove it, or add [allocate.objective.review]";
            self.push(&path, "shrinks the window of a study with reviews only", hint);
        }
        if shortest > window || shortest == 0 {
            let message = format!("must be from 1 to window_days = {window}, found {shortest}");
            self.push(&path, message, "");
        }
    }

    fn review(
        &mut self,
        spec: &Spec,
        review: &ReviewSpec,
        window_rows: usize,
        half_life: Option<f64>,
    ) -> Option<ReviewAware> {
        let base = format!("{OBJECTIVE}.review");
        if review.months.is_empty() && review.ad_hoc.is_none() {
            self.push(&format!("{base}.months"), "names no review", "write [5, 11]");
        }
        if !(0.0..=1.0).contains(&review.stale) {
            let message = format!("must be between 0 and 1, found {}", review.stale);
            self.push(&format!("{base}.stale"), message, "1 leaves older returns alone");
        }
        if let Some(tilt) = &review.tilt {
            self.above_zero(&format!("{base}.tilt.decay_days"), tilt.decay_days, "");
        }
        let months = self.months(&format!("{base}.months"), &review.months);
        let ad_hoc = match &review.ad_hoc {
            None => None,
            Some(rule) => Some(self.ad_hoc(spec, rule)?),
        };
        Some(ReviewAware {
            window_rows,
            half_life,
            reviews: Reviews { months, ad_hoc },
            stale: review.stale,
            prior: review.prior.as_ref().map(|prior| self.prior(spec, prior)),
            tilt: review
                .tilt
                .as_ref()
                .map(|tilt| Tilt { strength: tilt.strength, decay_rows: tilt.decay_days }),
        })
    }

    fn months(&mut self, path: &str, months: &[u32]) -> Vec<i8> {
        let found = months.iter().filter_map(|&month| {
            let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month));
            if month.is_none() {
                self.push(path, "a month is a number from 1 to 12", "5 is May");
            }
            month
        });
        found.collect()
    }

    fn ad_hoc(&mut self, spec: &Spec, rule: &AdHocSpec) -> Option<AdHoc> {
        let base = format!("{OBJECTIVE}.review.ad_hoc");
        let mut assets = Vec::new();
        for (index, name) in rule.assets.iter().enumerate() {
            match spec.market.assets.iter().position(|asset| asset == name) {
                Some(asset) => assets.push(asset),
                None => self.unknown_asset(&format!("{base}.assets[{index}]"), name, spec),
            }
        }
        if rule.assets.is_empty() {
            self.push(&format!("{base}.assets"), "names no asset", "name some of market.assets");
        }
        self.window(&format!("{base}.volatility_days"), rule.volatility_days, 2, "a volatility");
        if !(0.0..=1.0).contains(&rule.quantile) {
            let message = format!("must be between 0 and 1, found {}", rule.quantile);
            self.push(&format!("{base}.quantile"), message, "0.95 is the largest twentieth");
        }
        let quiet_months = self.months(&format!("{base}.quiet_months"), &rule.quiet_months);
        (!assets.is_empty()).then_some(AdHoc {
            assets,
            volatility_rows: rule.volatility_days as usize,
            quantile: rule.quantile,
            least_changes: rule.least_changes as usize,
            since: rule.since,
            quiet_months,
        })
    }

    fn prior(&mut self, spec: &Spec, prior: &PriorSpec) -> Prior {
        let base = format!("{OBJECTIVE}.review.prior");
        self.above_zero(&format!("{base}.rows"), prior.rows, "remove `prior` to do without");
        self.above_zero(&format!("{base}.half_life_days"), prior.half_life_days, "");
        self.above_zero(&format!("{base}.clip"), prior.clip, "");
        for (name, weight) in &prior.base {
            let path = format!("{base}.base.{name}");
            self.at_least_zero(&path, *weight);
            if !spec.market.assets.contains(name) {
                self.unknown_asset(&path, name, spec);
            }
        }
        let weight = |name: &String| prior.base.get(name).copied().unwrap_or(1.0);
        Prior {
            rows: prior.rows,
            half_life: prior.half_life_days,
            base: spec.market.assets.iter().map(weight).collect(),
            clip: prior.clip,
        }
    }

    fn unknown_asset(&mut self, path: &str, name: &str, spec: &Spec) {
        let hint = format!("one of: {}", spec.market.assets.join(", "));
        self.push(path, format!("{name} is not one of market.assets"), &hint);
    }
}
