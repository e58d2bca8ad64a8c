//! What `[account]` says that cannot be.

use walkfolio_core::number::shown;

use super::Faults;
use crate::spec::{AccountPrices, AccountSpec, BandsSpec, DriftSpec, ExecutionPrice, Spec};

impl Faults<'_> {
    /// The account.
    pub fn account(&mut self, spec: &Spec) {
        let Some(account) = &spec.account else { return };
        if !(account.capital.is_finite() && account.capital > 0.0) {
            let message = format!("must be above 0, found {}", shown(account.capital));
            self.push("account.capital", message, "1000000 is a million");
        }
        for (key, value) in [
            ("minimum_commission", account.minimum_commission),
            ("per_share", account.per_share),
            ("min_trade", account.min_trade),
        ] {
            self.at_least_zero(&format!("account.{key}"), value);
        }
        self.account_prices(spec, account);
        self.account_rates(spec, account);
        self.margin(account);
        if let Some(at) = spec.period.iter().position(|period| period.name == "account") {
            let message = "\"account\" is the account of the study, whose measures begin with it";
            self.push(&format!("period[{at}].name"), message, "give the period another name");
        }
        self.bands(spec, account);
        if spec.walk_forward.drift == DriftSpec::ConstantWeights {
            let message =
                "restores weights at every close at no cost, and an account pays for its trades";
            self.push("walk_forward.drift", message, "remove it, or remove [account]");
        }
    }

    fn account_prices(&mut self, spec: &Spec, account: &AccountSpec) {
        let unadjusted = account.prices == AccountPrices::Unadjusted;
        for (key, file) in [("closes", &account.closes), ("events", &account.events)] {
            if file.is_some() && !unadjusted {
                let message = "is of unadjusted closes, and account.prices is \"adjusted\"";
                let hint = "add prices = \"unadjusted\" to [account]";
                self.push(&format!("account.{key}"), message, hint);
            }
        }
        let within = [
            ("opens", &account.opens, ExecutionPrice::Open),
            ("vwap", &account.vwap, ExecutionPrice::Vwap),
        ];
        for (key, file, execution) in within {
            if file.is_some() && account.execution != execution {
                let word = if execution == ExecutionPrice::Open { "open" } else { "vwap" };
                let message = format!("is not read: account.execution is not \"{word}\"");
                let hint = format!("add execution = \"{word}\" to [account], or remove it");
                self.push(&format!("account.{key}"), message, &hint);
            }
        }
        if account.execution != ExecutionPrice::Close && spec.walk_forward.execution_lag == 0 {
            let message = "trades within the last session before the decision, whose close the decision knows";
            let hint = "set walk_forward.execution_lag = 1: the next session's";
            self.push("account.execution", message, hint);
        }
        if (unadjusted || account.execution != ExecutionPrice::Close) && spec.market.files.is_none()
        {
            let key = if unadjusted { "account.prices" } else { "account.execution" };
            let message = "needs files: the sample market has adjusted closes alone";
            self.push(key, message, "add files = { prices = \"prices.csv\" } to [market]");
        }
        if unadjusted && spec.market.currency.is_some() {
            let message = "is not converted: dividends of several currencies are not known in one";
            let hint =
                "remove it, adjusted closes are the default, or supply prices in one currency";
            self.push("account.prices", message, hint);
        }
    }

    fn account_rates(&mut self, spec: &Spec, account: &AccountSpec) {
        let has_risk_free = spec.market.risk_free.is_some() || spec.market.factors.is_some();
        for (key, rate) in account.rates() {
            let path = format!("account.{key}");
            match rate.parts() {
                None => {
                    let message = format!("{:?} is not a rate", rate.0);
                    let hint = "write \"2.5%\", \"risk_free\" or \"risk_free + 0.5%\"";
                    self.push(&path, message, hint);
                }
                Some((true, _)) if !has_risk_free => {
                    let message = "is over the risk-free rate, and there is none";
                    let hint = "add risk_free = { rate = \"2.5%\", per = \"year\" } to [market]";
                    self.push(&path, message, hint);
                }
                Some((_, number)) if !(-0.5..=10.0).contains(&number) => {
                    let message = format!("must be between -50% and 1000%, found {:?}", rate.0);
                    self.push(&path, message, "");
                }
                Some(_) => {}
            }
        }
    }

    fn margin(&mut self, account: &AccountSpec) {
        let (initial, maintenance) = match (account.initial_margin, account.maintenance_margin) {
            (None, None) => return,
            (Some(initial), Some(maintenance)) => (initial, maintenance),
            (Some(_), None) => {
                let hint = "add maintenance_margin = 0.25";
                self.push("account.initial_margin", "needs account.maintenance_margin", hint);
                return;
            }
            (None, Some(_)) => {
                let hint = "add initial_margin = 0.5";
                self.push("account.maintenance_margin", "needs account.initial_margin", hint);
                return;
            }
        };
        for (key, value) in [("initial_margin", initial), ("maintenance_margin", maintenance)] {
            if !(value > 0.0 && value <= 10.0) {
                let message = format!("must be above 0 and at most 10, found {}", shown(value));
                self.push(&format!("account.{key}"), message, "0.5 is half of the positions");
            }
        }
        if maintenance > initial {
            let message = format!("{maintenance} is above account.initial_margin = {initial}");
            self.push("account.maintenance_margin", message, "swap the two");
        }
    }

    fn bands(&mut self, spec: &Spec, account: &AccountSpec) {
        let bands = match &account.bands {
            None => return,
            Some(BandsSpec::All(band)) => vec![("account.bands".to_owned(), *band)],
            Some(BandsSpec::ByAsset(bands)) => {
                for name in bands.keys().filter(|_| !spec.market.takes_all()) {
                    if !spec.market.assets.contains(name) {
                        let hint = format!("one of: {}", spec.market.assets.join(", "));
                        let path = format!("account.bands.{name}");
                        self.push(&path, format!("{name} is not one of market.assets"), &hint);
                    }
                }
                let path = |name: &String| format!("account.bands.{name}");
                bands.iter().map(|(name, band)| (path(name), *band)).collect()
            }
        };
        for (path, band) in bands {
            if !(0.0..1.0).contains(&band) {
                let message = format!("must be between 0 and 1, found {}", shown(band));
                self.push(&path, message, "0.01 is one percent of equity");
            }
        }
    }
}

impl AccountSpec {
    /// What decides which files are read: the same for two accounts on the same data.
    pub fn files(&self) -> impl PartialEq + use<> {
        let Self { prices, closes, events, execution, opens, vwap, flows, .. } = self.clone();
        (prices, closes, events, execution, opens, vwap, flows)
    }

    /// The rates by their keys.
    pub fn rates(&self) -> [(&'static str, &crate::spec::FinancingRate); 4] {
        [
            ("cash_rate", &self.cash_rate),
            ("borrow_rate", &self.borrow_rate),
            ("short_fee", &self.short_fee),
            ("short_rebate", &self.short_rebate),
        ]
    }
}
