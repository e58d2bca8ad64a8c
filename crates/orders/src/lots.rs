//! Tax lots: which shares a sale takes, what it realizes, and the wash sales among it.

mod least;
mod lot;

use walkfolio_core::Date;

use least::least_taxed;
pub use lot::{LotMethod, Sale, SoldLot, TaxLot, TaxRates, WASH_SALE_DAYS};
use lot::{in_order, sold};

/// Which lots a sale of some shares takes.
///
/// A loss does not count for as many shares as other lots of the asset were bought with in the 30 days before the
/// sale and are not sold with it; what is left of the same lot replaces nothing. `bought` are shares bought, or to be
/// bought, on the day of the sale or within 30 days after.
///
/// # Source
/// 26 U.S.C. § 1091 (wash sales), 26 CFR § 1.1091-1 (in the order of purchase), Rev. Rul. 56-602 (a part of one lot),
/// 26 U.S.C. § 1222 (more than one year).
/// # Examples
/// ```
/// use walkfolio_core::Date;
/// use walkfolio_orders::{LotMethod, TaxLot, TaxRates, sell};
///
/// let day = |text: &str| text.parse::<Date>().unwrap();
/// let lots = [
///     TaxLot { acquired: day("2020-03-02"), shares: 10.0, price: 50.0 },
///     TaxLot { acquired: day("2024-03-01"), shares: 10.0, price: 90.0 },
/// ];
/// let sale = |method| sell(&lots, 10.0, 80.0, (day("2024-07-01"), 0.0), method);
/// assert_eq!(sale(LotMethod::Fifo).realized(), 300.0); // ten times 80 - 50
/// assert_eq!(sale(LotMethod::HighestCost).realized(), -100.0);
/// let rates = TaxRates { short_term: 0.4, long_term: 0.2 };
/// // The loss saves 40.
/// assert_eq!(sale(LotMethod::MinimumTax(rates)).tax(rates), -40.0);
/// ```
pub fn sell(
    lots: &[TaxLot],
    shares: f64,
    price: f64,
    (on, bought): (Date, f64),
    method: LotMethod,
) -> Sale {
    let mut order: Vec<usize> = (0..lots.len()).filter(|&at| lots[at].shares > 0.0).collect();
    order.sort_by_key(|&at| (lots[at].acquired, at));
    match method {
        LotMethod::Fifo => {}
        LotMethod::HighestCost => {
            order.sort_by(|&a, &b| lots[b].price.total_cmp(&lots[a].price));
        }
        LotMethod::MinimumTax(rates) => {
            return least_taxed((lots, &order), shares, (price, on, bought), rates);
        }
    }
    sold((lots, &in_order(lots, &order, shares)), shares, (price, on, bought))
}

#[cfg(test)]
mod tests;
