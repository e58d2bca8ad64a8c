//! The verdict on a run in plain words: a function of its figures that cannot contradict them.
//!
//! Every finding is drawn from figures alone and carries its tone; the gravest stand first, and the
//! verdict is as good as its worst finding. A word in favour needs every figure on its side: a mean,
//! an information ratio and a compounded return that agree in sign, and an interval that leaves out
//! zero. Remarks are told and decide nothing.

mod beside;
mod loss;

use serde::Serialize;
use walkfolio::inference::bootstrap::Interval;

use crate::Result;
use crate::format::{counted, decimals, percent};
use crate::page::part;

const TEMPLATE: &str = include_str!("../templates/verdict.html");

/// A study tracks closely up to this tracking error and distance a year, loosely up to the next.
const CLOSE: f64 = 0.02;
const LOOSE: f64 = 0.05;
/// Missed targets that are named.
const NAMED: usize = 3;

/// A finite figure and the ends of its 95 % interval, where it has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figure {
    value: f64,
    interval: Option<(f64, f64)>,
}

impl Figure {
    /// A figure; `None` if it is not finite. An interval that is not one is left out.
    pub(crate) fn of(value: Option<f64>, interval: Option<Interval>) -> Option<Self> {
        Self::between(value?, interval.map(|found| (found.low, found.high)))
    }

    fn between(value: f64, interval: Option<(f64, f64)>) -> Option<Self> {
        let whole = |ends: &(f64, f64)| ends.0.is_finite() && ends.1.is_finite();
        let interval = interval.filter(|ends| whole(ends) && ends.0 <= ends.1);
        value.is_finite().then_some(Self { value, interval })
    }

    /// Whether the interval lies above zero, below it, or cannot tell.
    fn sign(&self) -> Sign {
        match self.interval {
            Some((low, _)) if low > 0.0 && self.value > 0.0 => Sign::Above,
            Some((_, high)) if high < 0.0 && self.value < 0.0 => Sign::Below,
            _ => Sign::Unknown,
        }
    }
}

/// On which side of zero a figure is beyond chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Above,
    Below,
    Unknown,
}

/// What a study set out to reach.
#[derive(Debug, Clone, Default)]
pub(crate) struct Goals {
    /// How many were reached.
    pub met: usize,
    /// The labels of those that were not.
    pub missed: Vec<String>,
    /// How many cannot be judged.
    pub open: usize,
}

/// Everything that a verdict is drawn from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// The benchmark's name.
    pub benchmark: Option<String>,
    /// Whether the study was to track it.
    pub tracks: bool,
    /// The session on which equity was gone.
    pub ruined: Option<String>,
    /// How the run ended, if not as it should.
    pub cut_off: Option<String>,
    /// Whether its prices are simulated.
    pub synthetic: bool,
    /// The study's targets.
    pub goals: Goals,
    /// Decisions that another rule had to make.
    pub fallbacks: usize,
    /// Solves whose answer is not proven to be the best.
    pub unproven: usize,
    /// What is wrong with the data beyond doubt.
    pub data_errors: usize,
    /// Whether the study makes prices of later ones.
    pub looks_ahead: bool,
    /// Warnings in the ledger, those of what is counted above among them.
    pub warnings: usize,
    /// Whether the classifier foresees more than rules without a model.
    pub model_earns: Option<bool>,
    /// A year.
    pub tracking_error: Option<Figure>,
    /// A year.
    pub information_ratio: Option<Figure>,
    /// Arithmetic, above the benchmark, a year.
    pub excess_return: Option<Figure>,
    /// The same if trading were free.
    pub excess_without_costs: Option<f64>,
    /// Geometric, a year.
    pub annual_return: Option<f64>,
    /// The benchmark's, geometric, a year.
    pub benchmark_return: Option<f64>,
    /// A year.
    pub sharpe_ratio: Option<Figure>,
    /// The Sharpe ratio less the benchmark's.
    pub sharpe_difference: Option<Figure>,
    /// Negative.
    pub max_drawdown: Option<f64>,
    /// The benchmark's, negative.
    pub benchmark_drawdown: Option<f64>,
}

/// How a finding speaks; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tone {
    /// Against the run.
    Against,
    /// Neither way.
    Open,
    /// In favour of it.
    Favour,
    /// Worth knowing, and no reason for any verdict.
    Remark,
}

/// One sentence of a verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Finding {
    /// How it speaks.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// What to make of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Verdict {
    /// That of the worst finding, remarks left aside.
    pub tone: Tone,
    /// The verdict in two words.
    pub label: &'static str,
    /// Its reasons, the gravest first.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// The verdict of some findings: as good as the worst of them that is no remark.
    pub(crate) fn of(mut findings: Vec<Finding>) -> Self {
        if findings.iter().all(|finding| finding.tone == Tone::Remark) {
            findings.push(open("too little is measured for a verdict".to_owned()));
        }
        findings.sort_by_key(|finding| finding.tone);
        let tone = findings.first().map_or(Tone::Open, |finding| finding.tone);
        Self { tone, label: tone.label(), findings }
    }

    /// The gravest finding and the others, each as the start of a sentence.
    pub(crate) fn told(&self) -> (Finding, Vec<Finding>) {
        let capital = |finding: &Finding| {
            let mut letters = finding.text.chars();
            let first = letters.next().map(|letter| letter.to_uppercase().to_string());
            let text = format!("{}{}", first.unwrap_or_default(), letters.as_str());
            Finding { tone: finding.tone, text }
        };
        let mut findings: Vec<Finding> = self.findings.iter().map(capital).collect();
        (findings.remove(0), findings)
    }

    /// Writes the section: the gravest finding beside the label, the others below it.
    pub(crate) fn section(&self) -> Result<String> {
        let (first, findings) = self.told();
        let values = serde_json::json!({
            "tone": self.tone, "label": self.label, "first": first, "findings": findings,
        });
        part(TEMPLATE, values)
    }
}

/// Judges a run by its figures.
pub(crate) fn verdict(evidence: &Evidence) -> Verdict {
    let found = [
        evidence.end(),
        evidence.targets(),
        evidence.fell_back(),
        evidence.tracking(),
        evidence.money(),
        evidence.drawdown(),
        evidence.against_benchmark(),
        evidence.costs(),
        evidence.sharpe(),
        evidence.sharpe_beside(),
        evidence.model(),
        evidence.not_proven(),
        evidence.faulty_data(),
        evidence.interpolated(),
        evidence.warned(),
        evidence.simulated(),
    ];
    let mut found: Vec<Finding> = found.into_iter().flatten().collect();
    let favoured = evidence.stands() && evidence.is_not_behind();
    if !favoured && !found.iter().any(|finding| finding.tone < Tone::Favour) {
        found.push(evidence.withheld());
    }
    Verdict::of(found)
}

impl Tone {
    /// The verdict in a few words.
    fn label(self) -> &'static str {
        match self {
            Self::Against => "Speaks against it",
            Self::Open | Self::Remark => "Undecided",
            Self::Favour => "Speaks for it",
        }
    }
}

impl Evidence {
    fn targets(&self) -> Option<Finding> {
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

    fn fell_back(&self) -> Option<Finding> {
        let number = self.fallbacks;
        (number > 0).then(|| {
            let words = counted(number, "fallback");
            against(format!(
                "{words}: where a decision could not be made as asked, another rule made it"
            ))
        })
    }

    fn tracking(&self) -> Option<Finding> {
        let (name, error) =
            (self.benchmark.as_ref().filter(|_| self.tracks)?, self.tracking_error?);
        let figure =
            format!("tracking error {} a year{}", percent(error.value), range(&error, true));
        Some(if self.tracks_closely() {
            favour(format!("it tracks {name} closely: {figure}"))
        } else if error.value <= LOOSE && self.distance() <= LOOSE {
            open(format!("it tracks {name} loosely: {figure}"))
        } else {
            against(format!("it does not track {name}: {figure}"))
        })
    }

    /// Whether it was to track its benchmark and does: what it earned beside it is then no aim.
    fn tracks_closely(&self) -> bool {
        let asked = self.tracks && self.benchmark.is_some() && self.ruined.is_none();
        self.tracking_error.filter(|_| asked).is_some_and(|error| {
            let most = error.interval.map_or(error.value, |(_, high)| high.max(error.value));
            error.value >= 0.0 && most <= CLOSE && self.distance() <= CLOSE
        })
    }

    /// How far its mean return is from the benchmark's, a year.
    fn distance(&self) -> f64 {
        self.excess_return.map_or(0.0, |excess| excess.value.abs())
    }

    fn model(&self) -> Option<Finding> {
        (self.model_earns == Some(false)).then(|| {
            let text = "the classifier does not earn its place: rules without a model foresee more";
            against(text.to_owned())
        })
    }

    fn not_proven(&self) -> Option<Finding> {
        let solves = counted(self.unproven, "solve");
        (self.unproven > 0)
            .then(|| open(format!("{solves} ended without proof that the answer is the best")))
    }

    fn faulty_data(&self) -> Option<Finding> {
        let faults = counted(self.data_errors, "error");
        (self.data_errors > 0).then(|| open(format!("the report on the data counts {faults}")))
    }

    fn interpolated(&self) -> Option<Finding> {
        let text = "[clean] interpolates: prices are made of later ones, and decisions look ahead";
        self.looks_ahead.then(|| against(text.to_owned()))
    }

    /// Warnings are listed; those that decide have findings of their own.
    fn warned(&self) -> Option<Finding> {
        (self.warnings > 0)
            .then(|| remark(format!("{} in the ledger", counted(self.warnings, "warning"))))
    }

    fn simulated(&self) -> Option<Finding> {
        self.synthetic.then(|| {
            open("the prices are simulated: nothing here is said about any real fund".to_owned())
        })
    }
}

/// ` (95 % interval 1.00 to 2.00)`, or that there is none.
fn range(figure: &Figure, of_percent: bool) -> String {
    let Some((low, high)) = figure.interval else { return " (no interval)".to_owned() };
    let text = |value: f64| if of_percent { percent(value) } else { decimals(value, 2) };
    format!(" (95\u{202f}% interval {} to {})", text(low), text(high))
}

fn against(text: String) -> Finding {
    Finding { tone: Tone::Against, text }
}

fn open(text: String) -> Finding {
    Finding { tone: Tone::Open, text }
}

fn favour(text: String) -> Finding {
    Finding { tone: Tone::Favour, text }
}

fn remark(text: String) -> Finding {
    Finding { tone: Tone::Remark, text }
}

#[cfg(test)]
mod tests;
