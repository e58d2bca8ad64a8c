//! What a run lost: beside its benchmark's loss, where it has one.

use walkfolio_record::WIPED_OUT;

use super::evidence::Evidence;
use super::finding::{FEW, Finding, against, open, remark};
use crate::format::{decimals, percent};
use crate::sample::MINIMUM_SESSIONS;

/// A loss a year is clearly worse than the benchmark's from this far on.
const WORSE: f64 = 0.02;
/// A fall from the peak that few holders sit through.
const DEEP: f64 = -0.50;
/// Such a fall is clearly worse than the benchmark's from this far on.
const DEEPER: f64 = 0.05;
/// A fall from the peak after which little is left, whatever others lost.
const NEAR_WIPEOUT: f64 = -0.90;

impl Evidence {
    pub(super) fn end(&self) -> Option<Finding> {
        if let Some(date) = &self.ruined {
            return Some(against(format!("wipeout on {date}: {WIPED_OUT}")));
        }
        let status = self.cut_off.as_ref()?;
        Some(against(format!("the run is not complete ({status}): its figures cover a part of it")))
    }

    /// The loss, judged beside the benchmark's: it counts only where it is clearly worse.
    pub(super) fn money(&self) -> Option<Finding> {
        let lost = self.annual_return.filter(|annual| *annual < 0.0)?;
        let (own, rest) = (percent(-lost), self.although());
        let Some(beside) = self.benchmark_return.filter(|_| self.benchmark.is_some()) else {
            let text = format!("the portfolio lost {own} a year, compounded{rest}");
            return Some(if self.is_short() { open(text + FEW) } else { against(text) });
        };
        let verb = if beside < 0.0 { "" } else { "earned " };
        let text = format!(
            "the portfolio lost {own} a year, its benchmark {verb}{}, both compounded{rest}",
            percent(beside.abs())
        );
        Some(if self.is_short() {
            open(text + FEW)
        } else if lost < beside - WORSE {
            against(text)
        } else {
            open(text)
        })
    }

    /// Whether there are too few returns for any interval.
    fn is_short(&self) -> bool {
        self.returns < MINIMUM_SESSIONS
    }

    /// Why a loss may not show in the mean.
    fn although(&self) -> String {
        let ratio = self.sharpe_ratio.filter(|ratio| ratio.value > 0.0);
        ratio.map_or(String::new(), |ratio| {
            let ratio = decimals(ratio.value, 2);
            format!(", although its Sharpe ratio is {ratio}: volatility reduces compounded returns")
        })
    }

    /// A deep fall, judged beside the benchmark's; a near wipeout counts whatever the benchmark did.
    pub(super) fn drawdown(&self) -> Option<Finding> {
        let worst = self.max_drawdown.filter(|worst| *worst <= DEEP && self.ruined.is_none())?;
        let beside = self.benchmark_drawdown.filter(|_| self.benchmark.is_some());
        let ruin = if self.is_wrecked() { "it came close to a wipeout: " } else { "" };
        let other = beside.map_or(String::new(), |b| format!(", its benchmark {}", percent(-b)));
        let text = format!("{ruin}the largest drawdown was {}{other}", percent(-worst));
        let alike = beside.is_some_and(|beside| worst >= beside - DEEPER);
        Some(if alike && !self.is_wrecked() { remark(text) } else { against(text) })
    }

    /// Whether it came to a wipeout (equity at or below zero) or close to one: what it earned is then no sample of anything.
    pub(super) fn is_wrecked(&self) -> bool {
        self.ruined.is_some() || self.max_drawdown.is_some_and(|worst| worst < NEAR_WIPEOUT)
    }

    /// Whether something is left that a word in favour could be said of.
    pub(super) fn stands(&self) -> bool {
        self.ruined.is_none() && self.annual_return.is_none_or(|annual| annual >= 0.0)
    }
}
