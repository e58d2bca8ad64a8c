//! A run beside its benchmark and beside cash.

use super::evidence::Evidence;
use super::finding::{FEW, Figure, Finding, Sign, against, favour, open, range, remark};
use crate::format::{decimals, percent};

/// What is said of returns that do not vary.
const SAME: &str = "the return above cash is the same in every period: a Sharpe ratio is not defined, and nothing can be tested";

impl Evidence {
    /// The return beside the benchmark's: mean, compounded and by the information ratio.
    pub(super) fn against_benchmark(&self) -> Option<Finding> {
        let (name, excess) = (self.benchmark.as_ref()?, self.excess_return?);
        let ratio = self.information_ratio?;
        if self.is_wrecked() {
            return Some(self.mean_of_a_wreck(name, excess.value));
        }
        let evidence =
            format!("information ratio {}{}", decimals(ratio.value, 2), range(&ratio, false));
        let by = percent(excess.value.abs());
        // What tracks closely is not asked to earn more.
        let unsure = if self.tracks_closely() { remark } else { open };
        Some(match (self.direction(), ratio.sign(), excess.sign()) {
            (Some(true), Sign::Above, Sign::Above) if self.stands() => favour(format!(
                "the portfolio earned {by} a year more than {name}{}, a significant difference: {evidence}",
                self.means()
            )),
            (Some(false), Sign::Below, _) => against(format!(
                "the portfolio earned {by} a year less than {name}{}, a significant difference: {evidence}",
                self.means()
            )),
            (Some(true), ..) if self.stands() => unsure(format!(
                "the portfolio was {by} a year ahead of {name}{}, which is not significant: {evidence}{}",
                self.means(),
                doubt(&ratio, &excess)
            )),
            (Some(false), ..) => unsure(format!(
                "the portfolio was {by} a year behind {name}{}, which is not significant: {evidence}{}",
                self.means(),
                doubt(&ratio, &excess)
            )),
            _ => unsure(format!(
                "the portfolio’s mean return is {} {} {name}’s a year{}: {evidence}{}",
                by,
                if excess.value < 0.0 { "below" } else { "above" },
                self.compounded(),
                doubt(&ratio, &excess),
            )),
        })
    }

    /// The mean beside the benchmark's after ruin or near it, where no interval means anything.
    fn mean_of_a_wreck(&self, name: &str, excess: f64) -> Finding {
        let side = if excess < 0.0 { "below" } else { "above" };
        let by = percent(excess.abs());
        let text = format!(
            "the portfolio’s mean return is {by} {side} {name}’s a year{}",
            self.compounded()
        );
        let behind = self.direction() == Some(false) && !self.tracks_closely();
        if behind { against(text) } else { remark(text) }
    }

    /// Whether every figure says ahead (`true`) or behind; `None` where they disagree.
    fn direction(&self) -> Option<bool> {
        let known = self.known();
        if known.iter().all(|value| *value > 0.0) {
            Some(true)
        } else if known.iter().all(|value| *value < 0.0) {
            Some(false)
        } else {
            None
        }
    }

    /// Every figure that says on which side of its benchmark it is.
    fn known(&self) -> Vec<f64> {
        let compounded = self.annual_return.zip(self.benchmark_return).map(|(own, b)| own - b);
        let figures =
            [self.excess_return.map(|f| f.value), self.information_ratio.map(|f| f.value)];
        figures.into_iter().chain([compounded]).flatten().collect()
    }

    /// Whether no figure has it behind its benchmark; one that tracks closely may be equal to it.
    pub(super) fn is_not_behind(&self) -> bool {
        if self.tracks_closely() {
            return self.known().iter().all(|value| *value >= 0.0);
        }
        self.direction() == Some(true)
    }

    /// Why no word in favour is said where nothing else speaks against it.
    pub(super) fn withheld(&self) -> Finding {
        let beside = self.benchmark.as_deref().unwrap_or("its benchmark");
        open(format!(
            "a positive assessment needs every figure on the right side of {beside}, and not all are"
        ))
    }

    /// That a difference is one of arithmetic means, with that of the compounded returns.
    fn means(&self) -> String {
        let compounded = self.compounded();
        if compounded.is_empty() {
            return " (arithmetic)".to_owned();
        }
        format!(" (arithmetic{compounded})")
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

    pub(super) fn costs(&self) -> Option<Finding> {
        let (name, free) = (self.benchmark.as_ref()?, self.excess_without_costs?);
        let excess = self.excess_return?.value;
        (free > 0.0 && excess <= 0.0).then(|| {
            let (free, left) = (percent(free), percent(excess));
            let tell = if self.tracks_closely() { remark } else { against };
            tell(format!(
                "costs decide: the excess return over {name} is {free} a year gross of costs, {left} net, both arithmetic"
            ))
        })
    }

    /// That trading was free.
    pub(super) fn free_of_costs(&self) -> Option<Finding> {
        self.free_of_costs.clone().map(remark)
    }

    /// The return beside cash, where tracking is not the aim.
    pub(super) fn sharpe(&self) -> Option<Finding> {
        if self.constant && !self.tracks && !self.is_wrecked() {
            return Some(open(SAME.to_owned()));
        }
        let ratio = self.sharpe_ratio.filter(|_| !self.tracks && !self.is_wrecked())?;
        let figure = format!("Sharpe ratio {}{}", decimals(ratio.value, 2), range(&ratio, false));
        Some(match ratio.sign() {
            Sign::Above if self.stands() && self.is_not_behind() => favour(format!(
                "the portfolio earned more than cash, a significant difference: {figure}"
            )),
            Sign::Above => open(format!("the portfolio’s return is above that of cash: {figure}")),
            Sign::Below => against(format!(
                "the portfolio earned less than cash, a significant difference: {figure}"
            )),
            Sign::Unknown => open(format!(
                "the return is not significantly different from cash: {figure}{}",
                doubt(&ratio, &ratio)
            )),
        })
    }

    /// The Sharpe ratio beside the benchmark's, where tracking is not the aim.
    pub(super) fn sharpe_beside(&self) -> Option<Finding> {
        let (name, found) = (self.benchmark.as_ref()?, self.sharpe_difference?);
        if self.tracks || self.is_wrecked() {
            return None;
        }
        let figure = format!("difference {}{}", decimals(found.value, 2), range(&found, false));
        Some(match found.sign() {
            Sign::Above if self.stands() && self.is_not_behind() => {
                favour(format!("the portfolio’s Sharpe ratio is better than {name}’s: {figure}"))
            }
            Sign::Above => {
                open(format!("the portfolio’s Sharpe ratio is above {name}’s: {figure}"))
            }
            Sign::Below => {
                against(format!("the portfolio’s Sharpe ratio is worse than {name}’s: {figure}"))
            }
            Sign::Unknown => open(format!(
                "the Sharpe ratios of the portfolio and {name} are not significantly different: {figure}{}",
                doubt(&found, &found)
            )),
        })
    }
}

/// Why a figure proves nothing.
fn doubt(figure: &Figure, other: &Figure) -> &'static str {
    let known = figure.interval.is_some() && other.interval.is_some();
    let includes = |figure: &Figure| figure.sign() == Sign::Unknown;
    match (known, includes(figure) || includes(other)) {
        (false, _) => FEW,
        (true, true) => ", which includes zero",
        (true, false) => "",
    }
}
