//! Tax lots of an account: what its sales realize, and a cap on it.

use std::collections::BTreeMap;

use walkfolio_core::{Date, Note, Weights};
use walkfolio_data::Quantity;
use walkfolio_optimize::{Mandate, Optimizer, Precision};
use walkfolio_orders::{LotMethod, Plan, Sale, Side, TaxLot, WASH_SALE_DAYS, sell};
use walkfolio_record::{GainsRow, SoldLotRow};

use super::account::LiveAccount;
use super::live::Live;
use super::tax_input::TaxInput;
use crate::{Error, Result};

/// Shares of lots and holdings that differ by a larger part are told.
const UNLIKE: f64 = 1e-3;
/// Halvings in which the share of a lot is found that meets a cap.
const HALVINGS: usize = 30;

/// Lots by universe index.
pub(super) struct Lots<'a> {
    input: &'a TaxInput,
    by_asset: BTreeMap<usize, Vec<TaxLot>>,
    /// Assets sold at a loss within the window before the session: they are not bought.
    pub washed: Vec<(usize, Date)>,
    on: Date,
}

impl<'a> Lots<'a> {
    /// The lots that are known before the session.
    ///
    /// # Errors
    /// [`Error::Account`] for a lot without a date or a cost, one of a later day, or a sale in the window without a price.
    pub fn of(live: &Live<'_>, input: &'a TaxInput) -> Result<Self> {
        let on = live.date();
        let mut lots = Self { input, by_asset: BTreeMap::new(), washed: Vec::new(), on };
        for position in &input.lots.positions {
            let Some(asset) = live.asset(&position.ticker) else { continue };
            let Quantity::Shares(shares) = position.held else {
                return Err(lot_error(&position.ticker, position.line, "has no number of shares"));
            };
            let Some(acquired) = position.acquired else {
                return Err(lot_error(&position.ticker, position.line, "has no date"));
            };
            let Some(cost) = position.cost_basis else {
                return Err(lot_error(&position.ticker, position.line, "has no cost basis"));
            };
            if acquired > on {
                let what = format!("is of {acquired}, and it is decided for {on}");
                return Err(lot_error(&position.ticker, position.line, &what));
            }
            if shares < 0.0 {
                let days = acquired.until(on).map_or(i32::MAX, |span| span.get_days());
                if days > WASH_SALE_DAYS {
                    continue;
                }
                let Some(price) = position.price else {
                    let what = "was sold, and has no price that says whether at a loss";
                    return Err(lot_error(&position.ticker, position.line, what));
                };
                if -shares * price < cost.abs() {
                    lots.washed.push((asset, acquired));
                }
                continue;
            }
            let price = if shares == 0.0 { 0.0 } else { cost / shares };
            lots.by_asset.entry(asset).or_default().push(TaxLot { acquired, shares, price });
        }
        Ok(lots)
    }

    fn sale(&self, asset: usize, shares: f64, price: f64) -> Sale {
        let none = Vec::new();
        let own = self.by_asset.get(&asset).unwrap_or(&none);
        sell(own, shares, price, (self.on, 0.0), self.input.method)
    }

    /// What the sales of a plan realize.
    pub fn gains(&self, live: &Live<'_>, plan: &Plan) -> GainsRow {
        let tickers = live.market().universe().tickers();
        let mut rows = Vec::new();
        let (mut realized, mut long_term, mut disallowed, mut tax) = (0.0, 0.0, 0.0, 0.0);
        let mut without_lot = Vec::new();
        for order in plan.orders.iter().filter(|order| order.side == Side::Sell) {
            let sale = self.sale(order.asset, order.shares, order.price);
            realized += sale.realized();
            long_term += sale.long_term();
            disallowed += sale.disallowed();
            tax += self.input.rates.map_or(0.0, |rates| sale.tax(rates));
            if sale.without_lot > 0.0 {
                without_lot.push(tickers[order.asset].to_string());
            }
            let own = self.by_asset.get(&order.asset);
            for sold in &sale.lots {
                let lot = own.and_then(|own| own.get(sold.lot));
                rows.push(SoldLotRow {
                    asset: tickers[order.asset].to_string(),
                    acquired: lot.map(|lot| lot.acquired),
                    shares: sold.shares,
                    cost: sold.shares * lot.map_or(0.0, |lot| lot.price),
                    proceeds: sold.shares * order.price,
                    gain: sold.gain,
                    disallowed: sold.disallowed,
                    long_term: sold.long_term,
                });
            }
        }
        let method = match self.input.method {
            LotMethod::HighestCost => "highest_cost",
            LotMethod::Fifo => "fifo",
            LotMethod::MinimumTax(_) => "minimum_tax",
        };
        GainsRow {
            method: method.to_owned(),
            realized,
            long_term,
            disallowed,
            tax: self.input.rates.map(|_| tax),
            max: self.input.max_gains,
            lots: rows,
            without_lot,
        }
    }

    /// What the reader must know of wash sales and lots.
    pub fn notes(&self, live: &Live<'_>, (account, gains): (&LiveAccount, &GainsRow)) -> Vec<Note> {
        let tickers = live.market().universe().tickers();
        let mut notes = self.unlike(live, account);
        for (asset, date) in &self.washed {
            notes.push(Note::warning(format!(
                "{} was sold at a loss on {date}: it is not bought within {WASH_SALE_DAYS} days, which would make that a wash sale",
                tickers[*asset]
            )));
        }
        let mut lost: Vec<&str> =
            gains.lots.iter().filter(|row| row.gain < 0.0).map(|row| row.asset.as_str()).collect();
        lost.dedup();
        if !lost.is_empty() {
            notes.push(Note::info(format!(
                "sold at a loss: {}; bought within {WASH_SALE_DAYS} days after {} the loss does not count",
                lost.join(", "),
                self.on
            )));
        }
        if gains.disallowed < 0.0 {
            notes.push(Note::warning(format!(
                "{:.2} of losses do not count: as many shares were bought in the {WASH_SALE_DAYS} days before",
                -gains.disallowed
            )));
        }
        if !gains.without_lot.is_empty() {
            notes.push(Note::warning(format!(
                "sold without a lot, their gain is not known: {}",
                gains.without_lot.join(", ")
            )));
        }
        notes
    }

    /// Lots that are not the shares of the account.
    fn unlike(&self, live: &Live<'_>, account: &LiveAccount) -> Vec<Note> {
        let tickers = live.market().universe().tickers();
        let of = |(asset, lots): (&usize, &Vec<TaxLot>)| {
            let (all, held) =
                (lots.iter().map(|lot| lot.shares).sum::<f64>(), account.account.shares[*asset]);
            ((all - held).abs() > UNLIKE * held.abs().max(1.0)).then(|| {
                let ticker = &tickers[*asset];
                Note::warning(format!(
                    "the lots of {ticker} have {all} shares, the account holds {held}: gains and wash sales are those of the lots"
                ))
            })
        };
        self.by_asset.iter().filter_map(of).collect()
    }

    /// The target that realizes no more than a cap: lots that gain most for what they are worth stay, and the study's
    /// problem is solved again with these as least weights. None where the target itself does.
    ///
    /// # Errors
    /// [`Error::Account`] where even a target that sells none of these does not.
    pub fn capped(
        &self,
        start: &Optimizer,
        (target, mandate): (&Weights, Option<&Mandate>),
        (assets, account): (&[usize], &LiveAccount),
        cap: f64,
    ) -> Result<Option<(Weights, Mandate)>> {
        let equity = account.account.equity(&account.prices);
        let realized = |target: &Weights| self.realized(target, account, equity);
        if realized(target) <= cap {
            return Ok(None);
        }
        let Some(mandate) = mandate else {
            let why = "a fallback made the target, or allocate.volatility_target scaled it: it has no limits";
            return Err(no_cap(why.to_owned()));
        };
        let at = |kept: &dyn Fn(f64) -> f64| {
            let target = self.solved((start, mandate), (assets, account, equity), kept)?;
            (realized(&target.0) <= cap).then_some(target)
        };
        // What a lot gains for what it is worth, the least first.
        let mut ratios: Vec<f64> = assets
            .iter()
            .flat_map(|asset| {
                let price = account.prices[*asset];
                self.by_asset
                    .get(asset)
                    .into_iter()
                    .flatten()
                    .map(move |lot| 1.0 - lot.price / price)
            })
            .collect();
        ratios.sort_by(f64::total_cmp);
        ratios.dedup();
        let above = |limit: f64| move |ratio: f64| f64::from(u8::from(ratio > limit));
        // The most lots that may be sold.
        let (mut low, mut high) = (0, ratios.len());
        let mut best = at(&above(f64::NEG_INFINITY));
        while low < high {
            let middle = low + (high - low) / 2;
            match at(&above(ratios[middle])) {
                Some(found) => {
                    best = Some(found);
                    low = middle + 1;
                }
                None => high = middle,
            }
        }
        // And the part of the next one.
        if let (Some(_), Some(&next)) = (&best, ratios.get(low)) {
            let (mut sold, mut not) = (0.0, 1.0);
            for _ in 0..HALVINGS {
                let part = 0.5 * (sold + not);
                let kept = |ratio: f64| {
                    if ratio == next { 1.0 - part } else { f64::from(u8::from(ratio > next)) }
                };
                match at(&kept) {
                    Some(found) => {
                        best = Some(found);
                        sold = part;
                    }
                    None => not = part,
                }
            }
        }
        best.map(Some)
            .ok_or_else(|| no_cap(format!("{cap} of realized gains are exceeded whatever is kept")))
    }

    /// What selling down to a target realizes.
    fn realized(&self, target: &Weights, account: &LiveAccount, equity: f64) -> f64 {
        let of = |asset: usize| {
            let (held, price) = (account.account.shares[asset], account.prices[asset]);
            let sold = held - target.values()[asset] * equity / price;
            if sold > 0.0 {
                self.sale(asset, sold.min(held.max(0.0)), price).realized()
            } else {
                0.0
            }
        };
        (0..target.values().len()).map(of).sum()
    }

    /// The study's portfolio with a part of each lot, by its gain, as a least weight.
    fn solved(
        &self,
        (start, mandate): (&Optimizer, &Mandate),
        (assets, account, equity): (&[usize], &LiveAccount, f64),
        kept: &dyn Fn(f64) -> f64,
    ) -> Option<(Weights, Mandate)> {
        let constraints = mandate.constraints();
        let (mut min, mut max) = (constraints.min().to_vec(), constraints.max().to_vec());
        for (at, asset) in assets.iter().enumerate() {
            let price = account.prices[*asset];
            let lots = self.by_asset.get(asset).into_iter().flatten();
            let shares: f64 = lots.map(|lot| kept(1.0 - lot.price / price) * lot.shares).sum();
            let least = shares.min(account.account.shares[*asset]) * price / equity;
            min[at] = min[at].max(least);
            max[at] = max[at].max(min[at]);
        }
        let bounded = mandate.constraints().clone().with_bounds(min, max).ok()?;
        let narrowed = mandate.clone().with_constraints(bounded).ok()?;
        let solved = start.fork().solve(&narrowed, Precision::Full).ok()?;
        let target = Weights::scatter(account.prices.len(), assets, &solved.weights).ok()?;
        Some((target, narrowed))
    }
}

fn lot_error(ticker: &str, line: usize, what: &str) -> Error {
    Error::Account {
        what: format!("the lot of {ticker} in line {line} {what}"),
        hint: "a file of lots has the columns ticker, shares, cost_basis and date, of sales also price".to_owned(),
    }
}

fn no_cap(what: String) -> Error {
    let hint =
        "raise the cap (--max-gains, or max_gains of the account), or leave it out".to_owned();
    Error::Account { what, hint }
}
