//! The verdict on a run in plain words: a function of its figures that cannot contradict them.
//!
//! Every finding is drawn from figures alone and carries its tone; the gravest stand first, and the
//! verdict is as good as its worst finding. A word in favour needs every figure on its side: a mean,
//! an information ratio and a compounded return that agree in sign, and an interval that leaves out
//! zero.

use serde::Serialize;
use walkfolio::inference::bootstrap::Interval;

use crate::Result;
use crate::format::{counted, decimals, percent};
use crate::page::part;

const TEMPLATE: &str = include_str!("../templates/verdict.html");

/// A study tracks closely up to this tracking error and distance a year, loosely up to the next.
const CLOSE: f64 = 0.02;
const LOOSE: f64 = 0.05;
/// A fall from the peak that few holders sit through.
const DEEP: f64 = -0.50;
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
    /// Warnings in the ledger.
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
    /// That of the worst finding.
    pub tone: Tone,
    /// The verdict in two words.
    pub label: &'static str,
    /// Its reasons, the gravest first.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// The verdict of some findings: as good as the worst of them.
    pub(crate) fn of(mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| finding.tone);
        let tone = findings.first().map_or(Tone::Open, |finding| finding.tone);
        if findings.is_empty() {
            findings.push(open("too little is measured for a verdict".to_owned()));
        }
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
        evidence.warned(),
        evidence.simulated(),
    ];
    let judged = Verdict::of(found.into_iter().flatten().collect());
    if evidence.stands() && evidence.is_not_behind() {
        return judged;
    }
    let tone = judged.tone.min(Tone::Open);
    Verdict { tone, label: tone.label(), ..judged }
}

impl Tone {
    /// The verdict in a few words.
    fn label(self) -> &'static str {
        match self {
            Self::Against => "Speaks against it",
            Self::Open => "Undecided",
            Self::Favour => "Speaks for it",
        }
    }
}

impl Evidence {
    fn end(&self) -> Option<Finding> {
        if let Some(date) = &self.ruined {
            return Some(against(format!("equity was gone on {date}: everything was lost")));
        }
        let status = self.cut_off.as_ref()?;
        Some(against(format!(
            "the run did not reach its end ({status}): its figures are of a part"
        )))
    }

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
        let most = error.interval.map_or(error.value, |(_, high)| high.max(error.value));
        let away = self.excess_return.map_or(0.0, |excess| excess.value.abs());
        let figure =
            format!("tracking error {} a year{}", percent(error.value), range(&error, true));
        Some(if error.value >= 0.0 && most <= CLOSE && away <= CLOSE && self.ruined.is_none() {
            favour(format!("it tracks {name} closely: {figure}"))
        } else if error.value <= LOOSE && away <= LOOSE {
            open(format!("it tracks {name} loosely: {figure}"))
        } else {
            against(format!("it does not track {name}: {figure}"))
        })
    }

    fn money(&self) -> Option<Finding> {
        let lost = self.annual_return.filter(|annual| *annual < 0.0)?;
        let ratio = self.sharpe_ratio.filter(|ratio| ratio.value > 0.0);
        let rest = ratio.map_or(String::new(), |ratio| {
            let ratio = decimals(ratio.value, 2);
            format!(", although its Sharpe ratio is {ratio}: swings eat compounded returns")
        });
        Some(against(format!("it lost money: {} a year, compounded{rest}", percent(lost))))
    }

    fn drawdown(&self) -> Option<Finding> {
        let worst = self.max_drawdown.filter(|worst| *worst <= DEEP && self.ruined.is_none())?;
        Some(against(format!("at its worst it was {} below its peak", percent(-worst))))
    }

    /// The return beside the benchmark's: mean, compounded and by the information ratio.
    fn against_benchmark(&self) -> Option<Finding> {
        let (name, excess) = (self.benchmark.as_ref()?, self.excess_return?);
        let ratio = self.information_ratio?;
        let evidence =
            format!("information ratio {}{}", decimals(ratio.value, 2), range(&ratio, false));
        let by = percent(excess.value.abs());
        Some(match (self.direction(), ratio.sign(), excess.sign()) {
            (Some(true), Sign::Above, Sign::Above) if self.stands() => favour(format!(
                "it earned {by} a year more than {name}, beyond what chance explains: {evidence}"
            )),
            (Some(false), Sign::Below, _) => against(format!(
                "it earned {by} a year less than {name}, beyond what chance explains: {evidence}"
            )),
            (Some(true), ..) if self.stands() => open(format!(
                "it was {by} a year ahead of {name}, which chance can explain: {evidence}{}",
                doubt(&ratio, &excess)
            )),
            (Some(false), ..) => open(format!(
                "it was {by} a year behind {name}, which chance can explain: {evidence}{}",
                doubt(&ratio, &excess)
            )),
            _ => open(format!(
                "its mean return is {} {} {name}’s a year{}: {evidence}{}",
                by,
                if excess.value < 0.0 { "below" } else { "above" },
                self.compounded(),
                doubt(&ratio, &excess),
            )),
        })
    }

    /// Whether every figure says ahead (`true`) or behind; `None` where they disagree.
    fn direction(&self) -> Option<bool> {
        let compounded = self.annual_return.zip(self.benchmark_return).map(|(own, b)| own - b);
        let figures =
            [self.excess_return.map(|f| f.value), self.information_ratio.map(|f| f.value)];
        let known: Vec<f64> = figures.into_iter().chain([compounded]).flatten().collect();
        if known.iter().all(|value| *value > 0.0) {
            Some(true)
        } else if known.iter().all(|value| *value < 0.0) {
            Some(false)
        } else {
            None
        }
    }

    fn compounded(&self) -> String {
        match self.annual_return.zip(self.benchmark_return) {
            Some((own, beside)) => {
                let side = if own < beside { "below" } else { "above" };
                format!(", compounded {} {side}", percent((own - beside).abs()))
            }
            None => String::new(),
        }
    }

    fn costs(&self) -> Option<Finding> {
        let (name, free) = (self.benchmark.as_ref()?, self.excess_without_costs?);
        let excess = self.excess_return?.value;
        (free > 0.0 && excess <= 0.0).then(|| {
            let (free, left) = (percent(free), percent(excess));
            against(format!(
                "costs decide: above {name} were {free} a year if trading were free, {left} are left"
            ))
        })
    }

    /// The return beside cash, where tracking is not the aim.
    fn sharpe(&self) -> Option<Finding> {
        let ratio = self.sharpe_ratio.filter(|_| !self.tracks)?;
        let figure = format!("Sharpe ratio {}{}", decimals(ratio.value, 2), range(&ratio, false));
        Some(match ratio.sign() {
            Sign::Above if self.stands() && self.is_not_behind() => {
                favour(format!("it earned more than cash, beyond what chance explains: {figure}"))
            }
            Sign::Above => open(format!("its return is above that of cash: {figure}")),
            Sign::Below => {
                against(format!("it earned less than cash, beyond what chance explains: {figure}"))
            }
            Sign::Unknown => {
                open(format!("chance can explain its return: {figure}{}", doubt(&ratio, &ratio)))
            }
        })
    }

    /// The Sharpe ratio beside the benchmark's, where tracking is not the aim.
    fn sharpe_beside(&self) -> Option<Finding> {
        let (name, found) = (self.benchmark.as_ref()?, self.sharpe_difference?);
        if self.tracks {
            return None;
        }
        let figure = format!("difference {}{}", decimals(found.value, 2), range(&found, false));
        Some(match found.sign() {
            Sign::Above if self.stands() && self.is_not_behind() => {
                favour(format!("its Sharpe ratio is better than {name}’s: {figure}"))
            }
            Sign::Above => open(format!("its Sharpe ratio is above {name}’s: {figure}")),
            Sign::Below => against(format!("its Sharpe ratio is worse than {name}’s: {figure}")),
            Sign::Unknown => open(format!(
                "its Sharpe ratio and {name}’s cannot be told apart: {figure}{}",
                doubt(&found, &found)
            )),
        })
    }

    fn model(&self) -> Option<Finding> {
        (self.model_earns == Some(false)).then(|| {
            let text = "the classifier does not earn its place: rules without a model foresee more";
            against(text.to_owned())
        })
    }

    fn warned(&self) -> Option<Finding> {
        (self.warnings > 0)
            .then(|| open(format!("{} in the ledger", counted(self.warnings, "warning"))))
    }

    fn simulated(&self) -> Option<Finding> {
        self.synthetic.then(|| {
            open("the prices are simulated: nothing here is said about any real fund".to_owned())
        })
    }

    /// Whether something is left that a word in favour could be said of.
    fn stands(&self) -> bool {
        self.ruined.is_none() && self.annual_return.is_none_or(|annual| annual >= 0.0)
    }

    /// Whether no figure has it behind its benchmark.
    fn is_not_behind(&self) -> bool {
        self.direction() == Some(true)
    }
}

/// ` (95 % interval 1.00 to 2.00)`, or that there is none.
fn range(figure: &Figure, of_percent: bool) -> String {
    let Some((low, high)) = figure.interval else { return " (no interval)".to_owned() };
    let text = |value: f64| if of_percent { percent(value) } else { decimals(value, 2) };
    format!(" (95\u{202f}% interval {} to {})", text(low), text(high))
}

/// Why a figure proves nothing.
fn doubt(figure: &Figure, other: &Figure) -> &'static str {
    let known = figure.interval.is_some() && other.interval.is_some();
    let includes = |figure: &Figure| figure.sign() == Sign::Unknown;
    match (known, includes(figure) || includes(other)) {
        (false, _) => ", from too few sessions to know",
        (true, true) => ", which includes zero",
        (true, false) => "",
    }
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

#[cfg(test)]
mod tests;
