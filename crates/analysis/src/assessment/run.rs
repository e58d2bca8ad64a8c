//! What went wrong in a run, what it set out to reach, and how closely it tracks.

use walkfolio_record::SIMULATED;

use super::evidence::{Evidence, Goals};
use super::finding::{Finding, Tone, against, favour, open, range, remark};
use crate::format::{counted, percent};

/// A study tracks closely up to this tracking error and distance a year, loosely up to the next.
pub(super) const CLOSE: f64 = 0.02;
pub(super) const LOOSE: f64 = 0.05;
/// Missed targets that are named.
const NAMED: usize = 3;

impl Evidence {
    /// The assessment in a few words: of how the portfolio tracks where that was asked, else of the
    /// strategy.
    pub(super) fn label(&self, tone: Tone) -> String {
        let tracked = self.benchmark.as_ref().filter(|_| self.tracks);
        let off = self.tracking().is_some_and(|finding| finding.tone == Tone::Against);
        match (tone, tracked) {
            (Tone::Against, Some(name)) if off => format!("The portfolio does not track {name}"),
            (Tone::Against, _) => "The evidence is against the strategy".to_owned(),
            (Tone::Open | Tone::Remark, _) => "The evidence is inconclusive".to_owned(),
            (Tone::Favour, Some(name)) => format!("The portfolio tracks {name}"),
            (Tone::Favour, None) => "The evidence supports the strategy".to_owned(),
        }
    }

    pub(super) fn targets(&self) -> Option<Finding> {
        let Goals { met, missed, open: unknown } = &self.goals;
        let all = met + missed.len() + unknown;
        if all == 0 {
            return None;
        }
        if missed.is_empty() {
            return (*unknown == 0 && self.stands())
                .then(|| favour(format!("every target is met ({met} of {all})")));
        }
        let named: Vec<&str> = missed.iter().take(NAMED).map(String::as_str).collect();
        let more = missed.len() - named.len();
        let rest = if more > 0 { format!("; {more} more") } else { String::new() };
        let names = named.join("; ");
        Some(against(format!(
            "{} of {} missed: {names}{rest}",
            missed.len(),
            counted(all, "target")
        )))
    }

    pub(super) fn fell_back(&self) -> Option<Finding> {
        let number = self.fallbacks;
        (number > 0).then(|| {
            let words = counted(number, "fallback");
            against(format!(
                "{words}: where a decision could not be made as the study asks, a fallback rule made it"
            ))
        })
    }

    pub(super) fn tracking(&self) -> Option<Finding> {
        let (name, error) =
            (self.benchmark.as_ref().filter(|_| self.tracks)?, self.tracking_error?);
        let figure =
            format!("tracking error {} a year{}", percent(error.value), range(&error, true));
        Some(if self.tracks_closely() {
            favour(format!("the portfolio tracks {name} closely: {figure}"))
        } else if error.value <= LOOSE && self.distance() <= LOOSE {
            open(format!("the portfolio tracks {name} loosely: {figure}"))
        } else if error.interval.is_none() {
            open(format!("too few returns tell whether the portfolio tracks {name}: {figure}"))
        } else {
            against(format!("the portfolio does not track {name}: {figure}"))
        })
    }

    /// Whether it was to track its benchmark and does: what it earned beside it is then no aim.
    pub(super) fn tracks_closely(&self) -> bool {
        let asked = self.tracks && self.benchmark.is_some() && self.ruined.is_none();
        self.tracking_error.filter(|_| asked).is_some_and(|error| {
            let most = error.interval.map_or(error.value, |(_, high)| high.max(error.value));
            error.value >= 0.0 && most <= CLOSE && self.distance() <= CLOSE
        })
    }

    /// How far its mean return is from the benchmark's, a year.
    pub(super) fn distance(&self) -> f64 {
        self.excess_return.map_or(0.0, |excess| excess.value.abs())
    }

    pub(super) fn model(&self) -> Option<Finding> {
        (self.model_earns == Some(false)).then(|| {
            let text = "the classifier does not add value: rules without a model predict more";
            against(text.to_owned())
        })
    }

    pub(super) fn not_proven(&self) -> Option<Finding> {
        let solves = counted(self.unproven, "solve");
        (self.unproven > 0).then(|| open(format!("{solves} ended without proof of optimality")))
    }

    pub(super) fn faulty_data(&self) -> Option<Finding> {
        let faults = counted(self.data_errors, "error");
        (self.data_errors > 0).then(|| open(format!("the data check found {faults}")))
    }

    pub(super) fn cleaned_ahead(&self) -> Option<Finding> {
        (!self.looks_ahead.is_empty()).then(|| against(self.looks_ahead.join("; ")))
    }

    /// Old signals decide as if nothing had happened since.
    pub(super) fn old_signals(&self) -> Option<Finding> {
        (!self.stale_signals.is_empty()).then(|| open(self.stale_signals.join("; ")))
    }

    /// Warnings are listed; those that decide have findings of their own.
    pub(super) fn warned(&self) -> Option<Finding> {
        (self.warnings > 0)
            .then(|| remark(format!("{} in the ledger", counted(self.warnings, "warning"))))
    }

    pub(super) fn simulated(&self) -> Option<Finding> {
        self.synthetic.then(|| open(SIMULATED.to_owned()))
    }
}
