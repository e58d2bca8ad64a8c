//! Tax lots, and what the sale of parts of them realizes.

use walkfolio_core::Date;

/// Shares bought at one time.
///
/// # Shape and units
/// `price` is what a share cost, in the account's currency.
/// # Examples
/// See [`sell`](super::sell).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TaxLot {
    /// When they were bought.
    pub acquired: Date,
    /// How many are left.
    pub shares: f64,
    /// What each cost.
    pub price: f64,
}

/// The order in which a sale takes lots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LotMethod {
    /// Those that cost most first: the least gain.
    HighestCost,
    /// The oldest first.
    Fifo,
    /// Those with the least tax first, at the rates of [`TaxRates`]: a wash sale's loss saves nothing.
    MinimumTax(TaxRates),
}

/// The tax on a gain; a loss saves as much.
///
/// # Examples
/// See [`sell`](super::sell).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TaxRates {
    /// Of shares held for a year or less, a fraction.
    pub short_term: f64,
    /// Of shares held for longer.
    pub long_term: f64,
}

/// What a sale takes of one lot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SoldLot {
    /// Which lot, by its place in the list.
    pub lot: usize,
    /// How many shares of it.
    pub shares: f64,
    /// What is realized: the shares times the price of the sale less that of the lot.
    pub gain: f64,
    /// What of a loss does not count, as the shares were bought back: at most 0.
    pub disallowed: f64,
    /// Whether they were held for more than a year.
    pub long_term: bool,
}

/// What a sale realizes.
///
/// # Examples
/// See [`sell`](super::sell).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sale {
    /// What it takes of each lot, in the order of the method.
    pub lots: Vec<SoldLot>,
    /// Shares that no lot has.
    pub without_lot: f64,
}

impl Sale {
    /// What is realized and counts: gains, and losses that are no wash sales.
    pub fn realized(&self) -> f64 {
        self.lots.iter().map(|own| own.gain - own.disallowed).sum()
    }

    /// The part of it on shares held for more than a year.
    pub fn long_term(&self) -> f64 {
        let long = self.lots.iter().filter(|own| own.long_term);
        long.map(|own| own.gain - own.disallowed).sum()
    }

    /// The losses of wash sales, which do not count: at most 0.
    pub fn disallowed(&self) -> f64 {
        self.lots.iter().map(|own| own.disallowed).sum()
    }

    /// The tax on it.
    pub fn tax(&self, rates: TaxRates) -> f64 {
        rates.long_term * self.long_term() + rates.short_term * (self.realized() - self.long_term())
    }
}

/// Days before and after a sale at a loss in which buying the same makes it a wash sale.
pub const WASH_SALE_DAYS: i32 = 30;

/// How many shares an order of lots takes of each.
pub(super) fn in_order(lots: &[TaxLot], order: &[usize], shares: f64) -> Vec<(usize, f64)> {
    let mut left = shares;
    let mut parts = Vec::new();
    for &at in order {
        let own = left.min(lots[at].shares);
        if own <= 0.0 {
            break;
        }
        left -= own;
        parts.push((at, own));
    }
    parts
}

/// What the sale of parts of some lots realizes.
pub(super) fn sold(
    (lots, parts): (&[TaxLot], &[(usize, f64)]),
    shares: f64,
    (price, on, bought): (f64, Date, f64),
) -> Sale {
    let taken: f64 = parts.iter().map(|(_, own)| own).sum();
    let without_lot = if shares - taken < 1e-9 { 0.0 } else { shares - taken };
    let of = |&(lot, shares): &(usize, f64)| SoldLot {
        lot,
        shares,
        gain: shares * (price - lots[lot].price),
        disallowed: 0.0,
        long_term: is_long(lots[lot].acquired, on),
    };
    let mut sale = Sale { lots: parts.iter().map(of).collect(), without_lot };
    disallow(&mut sale, lots, bought, on);
    sale
}

/// Losses do not count for as many shares as were bought close to the sale in other lots: the oldest loss first, by the
/// oldest of what replaces it.
fn disallow(sale: &mut Sale, lots: &[TaxLot], bought: f64, on: Date) {
    let sold = |at: usize| -> f64 {
        sale.lots.iter().filter(|own| own.lot == at).map(|own| own.shares).sum()
    };
    let mut recent: Vec<(usize, f64)> = (0..lots.len())
        .filter(|&at| is_recent(lots[at].acquired, on))
        .map(|at| (at, lots[at].shares - sold(at)))
        .collect();
    recent.sort_by_key(|&(at, _)| (lots[at].acquired, at));
    let mut later = bought;
    let mut losses: Vec<usize> =
        (0..sale.lots.len()).filter(|&at| sale.lots[at].gain < 0.0).collect();
    losses.sort_by_key(|&at| (lots[sale.lots[at].lot].acquired, sale.lots[at].lot));
    for at in losses {
        let own = &mut sale.lots[at];
        let mut open = own.shares;
        let others = recent.iter_mut().filter(|(lot, _)| *lot != own.lot).map(|(_, left)| left);
        for left in others.chain(std::iter::once(&mut later)) {
            let replaced = open.min(*left);
            *left -= replaced;
            open -= replaced;
        }
        own.disallowed = own.gain * (own.shares - open) / own.shares;
    }
}

/// Whether a lot was bought so shortly before a sale that it replaces what is sold.
pub(super) fn is_recent(acquired: Date, on: Date) -> bool {
    days(acquired, on) <= WASH_SALE_DAYS
}

/// Days from one date to another; negative the other way.
fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// Held for more than a year: sold after the day a year after the purchase; what was bought on the last day of a month, in
/// a later month (Rev. Rul. 66-7).
pub(super) fn is_long(acquired: Date, sold: Date) -> bool {
    let after = year_after(acquired);
    let is_last = acquired == acquired.last_of_month();
    sold > if is_last { after.last_of_month() } else { after }
}

/// The same day a year later; of a leap day the last of February.
fn year_after(date: Date) -> Date {
    let year = date.year().saturating_add(1);
    Date::new(year, date.month(), date.day())
        .or_else(|_| Date::new(year, date.month(), date.day() - 1))
        .unwrap_or(Date::MAX)
}
