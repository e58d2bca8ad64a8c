//! Tax lots: which shares a sale takes, what it realizes, and the wash sales among it.

use walkfolio_core::Date;

/// Shares bought at one time.
///
/// # Shape and units
/// `price` is what a share cost, in the account's currency.
/// # Examples
/// See [`sell`].
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
/// See [`sell`].
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
/// See [`sell`].
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

/// Which lots a sale of some shares takes.
///
/// A loss does not count for as many shares as other lots of the asset were bought with in the 30 days before the
/// sale and are not sold with it; `bought` are shares bought, or to be bought, on the day of the sale or within 30
/// days after.
///
/// # Source
/// 26 U.S.C. § 1091 (wash sales), § 1222 (more than one year).
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
    let recent = |lot: &TaxLot| days(lot.acquired, on) <= WASH_SALE_DAYS;
    let replaced: f64 =
        bought + lots.iter().filter(|lot| recent(lot)).map(|lot| lot.shares).sum::<f64>();
    let mut order: Vec<usize> = (0..lots.len()).filter(|&at| lots[at].shares > 0.0).collect();
    let of = |at: usize| (lots[at].acquired, at);
    match method {
        LotMethod::Fifo => order.sort_by_key(|&at| of(at)),
        LotMethod::HighestCost => {
            order.sort_by(|&a, &b| lots[b].price.total_cmp(&lots[a].price).then(of(a).cmp(&of(b))));
        }
        LotMethod::MinimumTax(rates) => {
            // A loss that is a wash sale saves nothing.
            let tax = |at: usize| {
                let gain = price - lots[at].price;
                let washed =
                    gain < 0.0 && replaced > if recent(&lots[at]) { lots[at].shares } else { 0.0 };
                let rate =
                    if is_long(lots[at].acquired, on) { rates.long_term } else { rates.short_term };
                if washed { 0.0 } else { rate * gain }
            };
            order.sort_by(|&a, &b| tax(a).total_cmp(&tax(b)).then(of(a).cmp(&of(b))));
        }
    }
    let mut sale = taken(lots, &order, shares, (price, on));
    disallow(&mut sale, lots, bought, on);
    sale
}

/// Takes shares of the lots in an order.
fn taken(lots: &[TaxLot], order: &[usize], shares: f64, (price, on): (f64, Date)) -> Sale {
    let mut sale = Sale { lots: Vec::new(), without_lot: shares };
    for &at in order {
        let own = sale.without_lot.min(lots[at].shares);
        if own <= 0.0 {
            break;
        }
        sale.without_lot -= own;
        let gain = own * (price - lots[at].price);
        let long_term = is_long(lots[at].acquired, on);
        sale.lots.push(SoldLot { lot: at, shares: own, gain, disallowed: 0.0, long_term });
    }
    if sale.without_lot < 1e-9 {
        sale.without_lot = 0.0;
    }
    sale
}

/// Losses do not count for as many shares as were bought close to the sale, the oldest lots first.
fn disallow(sale: &mut Sale, lots: &[TaxLot], bought: f64, on: Date) {
    let left = |at: usize, sale: &Sale| {
        let sold: f64 = sale.lots.iter().filter(|own| own.lot == at).map(|own| own.shares).sum();
        lots[at].shares - sold
    };
    let recent = (0..lots.len()).filter(|&at| days(lots[at].acquired, on) <= WASH_SALE_DAYS);
    let mut replaced = bought + recent.map(|at| left(at, sale)).sum::<f64>();
    let mut losses: Vec<usize> =
        (0..sale.lots.len()).filter(|&at| sale.lots[at].gain < 0.0).collect();
    losses.sort_by_key(|&at| lots[sale.lots[at].lot].acquired);
    for at in losses {
        let own = &mut sale.lots[at];
        let shares = own.shares.min(replaced);
        own.disallowed = own.gain * shares / own.shares;
        replaced -= shares;
    }
}

/// Days from one date to another; negative the other way.
fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// Held for more than a year: sold after the day a year after the purchase.
fn is_long(acquired: Date, sold: Date) -> bool {
    sold > year_after(acquired)
}

/// The same day a year later; of a leap day the last of February.
fn year_after(date: Date) -> Date {
    let year = date.year().saturating_add(1);
    Date::new(year, date.month(), date.day())
        .or_else(|_| Date::new(year, date.month(), date.day() - 1))
        .unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn lot(acquired: &str, shares: f64, price: f64) -> TaxLot {
        TaxLot { acquired: day(acquired), shares, price }
    }

    const RATES: TaxRates = TaxRates { short_term: 0.37, long_term: 0.20 };

    /// Three lots of 100 shares at 40, 60 and 55; the price is 50.
    fn lots() -> [TaxLot; 3] {
        [
            lot("2022-01-10", 100.0, 40.0),
            lot("2023-02-10", 100.0, 60.0),
            lot("2024-03-15", 100.0, 55.0),
        ]
    }

    fn sold(method: LotMethod, shares: f64) -> Sale {
        sell(&lots(), shares, 50.0, (day("2024-07-01"), 0.0), method)
    }

    #[test]
    fn each_method_takes_its_lots() {
        let taken =
            |sale: &Sale| sale.lots.iter().map(|own| (own.lot, own.shares)).collect::<Vec<_>>();
        // By hand: FIFO 100 at 40 and 50 at 60: 1000 - 500.
        let fifo = sold(LotMethod::Fifo, 150.0);
        assert_eq!(
            (taken(&fifo), fifo.realized(), fifo.long_term()),
            (vec![(0, 100.0), (1, 50.0)], 500.0, 500.0)
        );
        // Highest cost: 100 at 60 and 50 at 55: -1000 - 250, the second short-term.
        let highest = sold(LotMethod::HighestCost, 150.0);
        assert_eq!((taken(&highest), highest.realized()), (vec![(1, 100.0), (2, 50.0)], -1_250.0));
        assert_eq!(highest.long_term(), -1_000.0);
        // Minimum tax, a share: -10 at 20 % is -2, -5 at 37 % is -1.85, +10 at 20 % is 2.
        let least = sold(LotMethod::MinimumTax(RATES), 250.0);
        assert_eq!(taken(&least), [(1, 100.0), (2, 100.0), (0, 50.0)]);
        // -1000 and +500 long-term, -500 short-term: 0.2 * -500 + 0.37 * -500.
        assert!((least.tax(RATES) + 285.0).abs() < 1e-9);
        let more = sold(LotMethod::Fifo, 310.0);
        assert_eq!(more.without_lot, 10.0);
    }

    #[test]
    fn minimum_tax_is_the_least_that_enumeration_of_orders_finds() {
        let lots = [
            lot("2023-06-30", 7.0, 48.0),
            lot("2023-07-02", 5.0, 44.0),
            lot("2022-05-05", 6.0, 61.0),
            lot("2024-01-05", 4.0, 39.0),
        ];
        let on = day("2024-07-01");
        for shares in 1..=22 {
            let shares = f64::from(shares);
            let least =
                sell(&lots, shares, 50.0, (on, 0.0), LotMethod::MinimumTax(RATES)).tax(RATES);
            for order in permutations(4) {
                let sale = taken(&lots, &order, shares, (50.0, on));
                assert!(least <= sale.tax(RATES) + 1e-9, "{shares} {order:?}");
            }
        }
    }

    fn permutations(n: usize) -> Vec<Vec<usize>> {
        if n == 0 {
            return vec![Vec::new()];
        }
        let shorter = permutations(n - 1);
        let put = |at: usize| {
            shorter.iter().map(move |own| {
                let mut own = own.clone();
                own.insert(at, n - 1);
                own
            })
        };
        (0..n).flat_map(put).collect()
    }

    #[test]
    fn a_year_and_a_day_is_long_term() {
        let term = |acquired: &str, sold: &str| is_long(day(acquired), day(sold));
        assert!(!term("2023-07-01", "2024-07-01"));
        assert!(term("2023-07-01", "2024-07-02"));
        assert!(!term("2024-02-29", "2025-02-28"));
        assert!(term("2024-02-29", "2025-03-01"));
    }

    #[test]
    fn a_loss_that_is_bought_back_does_not_count() {
        // 100 bought at 60 two years ago, 40 bought at 52 twelve days ago; 100 are sold at 50.
        let lots = [lot("2022-01-10", 100.0, 60.0), lot("2024-06-19", 40.0, 52.0)];
        let on = day("2024-07-01");
        let sale = sell(&lots, 100.0, 50.0, (on, 0.0), LotMethod::Fifo);
        // 40 of the 100 shares are replaced: 400 of 1000 do not count.
        assert_eq!((sale.disallowed(), sale.realized()), (-400.0, -600.0));
        // All are sold: nothing replaces them.
        let sale = sell(&lots, 140.0, 50.0, (on, 0.0), LotMethod::Fifo);
        assert_eq!((sale.disallowed(), sale.realized()), (0.0, -1_080.0));
        // 31 days are too long ago, 30 are not.
        let bought = |acquired: &str| {
            let lots = [lots[0], lot(acquired, 40.0, 52.0)];
            sell(&lots, 100.0, 50.0, (on, 0.0), LotMethod::Fifo).disallowed()
        };
        assert_eq!((bought("2024-05-31"), bought("2024-06-01")), (0.0, -400.0));
        // Bought back later: for as many shares.
        let sale = sell(&lots[..1], 50.0, 50.0, (on, 20.0), LotMethod::HighestCost);
        assert_eq!((sale.disallowed(), sale.realized()), (-200.0, -300.0));
        // A gain counts whatever is bought.
        let sale = sell(&lots[..1], 50.0, 70.0, (on, 20.0), LotMethod::HighestCost);
        assert_eq!((sale.disallowed(), sale.realized()), (0.0, 500.0));
    }

    #[test]
    fn minimum_tax_knows_that_a_wash_sale_saves_nothing() {
        // The loss of the old lot would be washed by the new one; the gain of the third is small.
        let lots = [
            lot("2022-01-10", 10.0, 80.0),
            lot("2024-06-19", 20.0, 50.0),
            lot("2022-02-01", 10.0, 49.0),
        ];
        let sale = sell(&lots, 10.0, 50.0, (day("2024-07-01"), 0.0), LotMethod::MinimumTax(RATES));
        assert_eq!(sale.tax(RATES), 0.0);
    }
}
