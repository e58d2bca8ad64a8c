//! Figures with intervals, and what is said of them.

use serde::Serialize;

use crate::format::{decimals, percent};
use crate::intervals::Interval;

/// A finite figure and the ends of its 95 % interval, where it has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figure {
    pub(super) value: f64,
    pub(super) interval: Option<(f64, f64)>,
}

impl Figure {
    /// A figure; `None` if it is not finite. An interval that is not one is left out.
    pub(crate) fn of(value: Option<f64>, interval: Option<Interval>) -> Option<Self> {
        Self::between(value?, interval.map(|found| (found.low, found.high)))
    }

    pub(super) fn between(value: f64, interval: Option<(f64, f64)>) -> Option<Self> {
        let whole = |ends: &(f64, f64)| ends.0.is_finite() && ends.1.is_finite();
        let interval = interval.filter(|ends| whole(ends) && ends.0 <= ends.1);
        value.is_finite().then_some(Self { value, interval })
    }

    /// Whether the interval lies above zero, below it, or cannot tell.
    pub(super) fn sign(&self) -> Sign {
        match self.interval {
            Some((low, _)) if low > 0.0 && self.value > 0.0 => Sign::Above,
            Some((_, high)) if high < 0.0 && self.value < 0.0 => Sign::Below,
            _ => Sign::Unknown,
        }
    }
}

/// Why a figure without an interval proves nothing.
pub(super) const FEW: &str = ", from too few returns to know";

/// On which side of zero a figure is beyond chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Above,
    Below,
    Unknown,
}

/// What a finding says of the run; the most severe first.
///
/// # Examples
/// See [`Assessment`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Against the run.
    Against,
    /// Neither way.
    Open,
    /// In favour of it.
    Favour,
    /// Worth knowing, and no reason for an assessment.
    Remark,
}

/// One sentence of an assessment.
///
/// # Examples
/// See [`Assessment`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// What it says of the run.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// The assessment of a run.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::{Findings, assessment::Tone};
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let assessment = Findings::of(&run).assessment;
/// // The target of 4 % is missed.
/// assert_eq!((assessment.tone, &assessment.findings[0].text[..20]), (Tone::Against, "1 of 1 target missed"));
/// let (first, others) = assessment.sentences();
/// assert_eq!((first.tone, others.len()), (Tone::Against, assessment.findings.len() - 1));
/// // The sentence is of what the study is for, and says the figure.
/// let start = "The portfolio tracks M loosely: tracking error 5.00\u{202f}% a year";
/// assert!(assessment.sentence.contains(start) || assessment.sentence.starts_with("The "));
/// assert_eq!(assessment.others().len(), assessment.findings.len() - 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// That of the worst finding, remarks left aside.
    pub tone: Tone,
    /// The assessment in a few words that say what it is of.
    pub label: String,
    /// The assessment in one sentence without its full stop: what it is of, and the figure that decides it.
    pub sentence: String,
    /// Its reasons, the most severe first.
    pub findings: Vec<Finding>,
}

impl Assessment {
    /// The assessment of some findings: as good as the worst of them that is not a remark, `label`
    /// its words for a tone.
    pub(crate) fn of(mut findings: Vec<Finding>, label: impl Fn(Tone) -> String) -> Self {
        if findings.iter().all(|finding| finding.tone == Tone::Remark) {
            findings.push(open("too little is measured for an assessment".to_owned()));
        }
        findings.sort_by_key(|finding| finding.tone);
        let tone = findings.first().map_or(Tone::Open, |finding| finding.tone);
        let label = label(tone);
        let sentence = match deciding(&label, &findings) {
            (finding, true) => capital(&finding.text),
            (finding, false) => format!("{label}: {}", finding.text),
        };
        Self { tone, label, sentence, findings }
    }

    /// The findings that are not in the sentence, each as the start of a sentence.
    pub fn others(&self) -> Vec<Finding> {
        let (told, _) = deciding(&self.label, &self.findings);
        let others = self.findings.iter().filter(|finding| *finding != told);
        others.map(|one| Finding { tone: one.tone, text: capital(&one.text) }).collect()
    }

    /// The most severe finding and the others, each as the start of a sentence.
    pub fn sentences(&self) -> (Finding, Vec<Finding>) {
        let begun = |one: &Finding| Finding { tone: one.tone, text: capital(&one.text) };
        let mut findings: Vec<Finding> = self.findings.iter().map(begun).collect();
        (findings.remove(0), findings)
    }
}

/// The finding that the label is of, which says it with its figure; else the most severe.
fn deciding<'a>(label: &str, findings: &'a [Finding]) -> (&'a Finding, bool) {
    let says = |finding: &&Finding| capital(&finding.text).starts_with(label);
    findings.iter().find(says).map_or((&findings[0], false), |finding| (finding, true))
}

/// A text as the start of a sentence.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// ` (95 % interval 1.00 to 2.00)`, or that there is none.
pub(super) fn range(figure: &Figure, of_percent: bool) -> String {
    let Some((low, high)) = figure.interval else { return " (no interval)".to_owned() };
    let text = |value: f64| if of_percent { percent(value) } else { decimals(value, 2) };
    format!(" (95\u{202f}% interval {} to {})", text(low), text(high))
}

pub(super) fn against(text: String) -> Finding {
    Finding { tone: Tone::Against, text }
}

pub(super) fn open(text: String) -> Finding {
    Finding { tone: Tone::Open, text }
}

pub(super) fn favour(text: String) -> Finding {
    Finding { tone: Tone::Favour, text }
}

pub(super) fn remark(text: String) -> Finding {
    Finding { tone: Tone::Remark, text }
}
