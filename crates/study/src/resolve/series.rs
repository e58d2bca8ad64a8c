//! Series next to the prices.

use std::collections::BTreeMap;
use std::path::PathBuf;

use walkfolio_core::Ticker;
use walkfolio_core::number::shown;
use walkfolio_data::{Blend, Currency, Per, RiskFree};

use super::Faults;
use crate::spec::{BenchmarkSpec, PerSpec, RiskFreeSpec, Spec};

/// Weights sum to 1 up to what decimals leave.
const NEAR: f64 = 1e-9;

impl Faults<'_> {
    /// The name of the benchmark, and what it is made of if it is a blend.
    pub fn benchmark(&mut self, spec: &Spec) -> (Option<Ticker>, Option<Blend>) {
        let Some(own) = &spec.market.benchmark else { return (None, None) };
        let mut tickers = Vec::new();
        for name in own.tickers() {
            match Ticker::new(name) {
                Ok(ticker) => tickers.push(ticker),
                Err(error) => {
                    let hint = error.hint().unwrap_or_default();
                    self.push("market.benchmark", error.to_string(), &hint);
                }
            }
        }
        let BenchmarkSpec::Blend { weights, rebalanced } = own else {
            return (tickers.pop(), None);
        };
        let sum: f64 = weights.values().sum();
        if weights.is_empty() {
            let hint = "write { SPY = 0.6, AGG = 0.4 }";
            self.push("market.benchmark", "has no parts", hint);
        } else if (sum - 1.0).abs() > NEAR {
            let message = format!("has weights that sum to {sum:.6}, not to 1");
            self.push("market.benchmark", message, "weights are fractions: 0.6 is 60 %");
        }
        for (name, weight) in weights.iter().filter(|(_, weight)| **weight <= 0.0) {
            let path = format!("market.benchmark.{name}");
            self.push(&path, format!("must be above 0, found {}", shown(*weight)), "remove it");
        }
        let parts = tickers.into_iter().zip(weights.values().copied()).collect();
        let blend = Blend::new(parts, *rebalanced);
        (Some(blend.name()), Some(blend))
    }

    /// The currencies of prices.
    pub fn currency(&mut self, spec: &Spec) -> Option<Currency> {
        let own = spec.market.currency.as_ref()?;
        if spec.market.files.is_none() {
            let hint = "remove it, or add files = { prices = \"prices.csv\" }";
            self.push("market.currency", "is for prices of files, and none is named", hint);
        }
        let is_code = |code: &str| {
            code.len() == 3 && (code.bytes().all(|c| c.is_ascii_uppercase()) || code == "GBp")
        };
        let code = |faults: &mut Self, path: &str, code: &str, allowed: bool| {
            if !allowed {
                let message = format!("\"{code}\" is not a currency");
                faults.push(path, message, "use a code of three letters: USD, EUR, GBP, GBp");
            }
        };
        let base = &own.base;
        code(self, "market.currency.base", base, is_code(base) && base != "GBp" && base != "GBX");
        let benchmark = spec.market.benchmark.as_ref().map(BenchmarkSpec::tickers);
        let benchmark = benchmark.unwrap_or_default();
        let mut assets = BTreeMap::new();
        for (name, currency) in &own.assets {
            let path = format!("market.currency.assets.{name}");
            code(self, &path, currency, is_code(currency));
            let is_read = spec.market.takes_all()
                || spec.market.assets.contains(name)
                || benchmark.contains(&name.as_str());
            match Ticker::new(name) {
                Ok(ticker) if is_read => {
                    assets.insert(ticker, currency.clone());
                }
                _ => {
                    let hint = "name an asset of market.assets, or the benchmark";
                    self.push(&path, format!("{name} is not an asset of the study"), hint);
                }
            }
        }
        let (rates, max_age) = (PathBuf::from(&own.rates), own.max_age.unwrap_or(5));
        Some(Currency { base: base.clone(), assets, rates, max_age })
    }

    /// The risk-free rate: a constant, or a file with its unit.
    pub fn risk_free(&mut self, spec: &Spec) -> Option<RiskFree> {
        let own = spec.market.risk_free.as_ref()?;
        let per = match own.per {
            PerSpec::Year => Per::Year,
            PerSpec::Period => Per::Period,
        };
        match (&own.rate, &own.file) {
            (Some(_), None) => self.constant_rate(own, per),
            (None, Some(file)) => {
                let Some(unit) = own.unit else {
                    let hint = "add unit = \"percent\" (1 is one percent) or \"fraction\"";
                    self.push("market.risk_free.unit", "is missing: the file needs it", hint);
                    return None;
                };
                let (path, column) = (PathBuf::from(file), own.column.clone());
                Some(RiskFree::File { path, column, unit, per })
            }
            (None, None) | (Some(_), Some(_)) => {
                let hint = "write { rate = \"2.5%\", per = \"year\" }, or { file = \"rf.csv\", unit = \"percent\", per = \"year\" }";
                self.push("market.risk_free", "needs either a rate or a file", hint);
                None
            }
        }
    }

    fn constant_rate(&mut self, own: &RiskFreeSpec, per: Per) -> Option<RiskFree> {
        for (key, is_set) in [("unit", own.unit.is_some()), ("column", own.column.is_some())] {
            if is_set {
                let path = format!("market.risk_free.{key}");
                self.push(&path, "is for a file, and the rate is a constant", "remove it");
            }
        }
        let text = own.rate.as_ref()?;
        let path = "market.risk_free.rate";
        let Some(rate) = text.fraction() else {
            let message = format!("must be a number with a percent sign, found {}", text.0);
            self.push(path, message, "two and a half percent are \"2.5%\"");
            return None;
        };
        if !(-0.5..=1.0).contains(&rate) {
            let message = format!("must be between -50% and 100%, found {}", text.0);
            self.push(path, message, "two and a half percent are \"2.5%\"");
        }
        Some(RiskFree::Constant(rate, per))
    }
}
