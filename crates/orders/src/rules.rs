//! How an account may be traded.

use walkfolio_core::TradingCost;

/// The smallest number of shares that can be traded, of which every position is a multiple.
///
/// # Examples
/// ```
/// use walkfolio_orders::Lot;
///
/// assert_eq!((Lot::WHOLE.shares(), Lot::of(100.0).shares()), (1.0, 100.0));
/// assert!(Lot::FRACTIONAL.shares() < 1e-3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lot(f64);

impl Lot {
    /// One share.
    pub const WHOLE: Self = Self(1.0);
    /// A ten-thousandth of a share, as brokers have it that trade fractions.
    pub const FRACTIONAL: Self = Self(1e-4);
    /// Any fraction of a share: nothing is rounded.
    pub const ANY: Self = Self(0.0);

    /// So many shares.
    pub fn of(shares: f64) -> Self {
        Self(shares)
    }

    /// In shares.
    pub fn shares(self) -> f64 {
        self.0
    }
}

/// How an account is traded.
///
/// # Shape and units
/// `rate` and `band` are fractions of what is traded and of equity, `min_value` and `v` are in the account's currency.
/// # Examples
/// See [`Account::trade`](crate::Account::trade).
#[derive(Debug, Clone, PartialEq)]
pub struct TradeRules {
    /// The lot of every asset without one of its own; [`Lot::ANY`] only where no asset has one.
    pub lot: Lot,
    /// Lots of single assets, by their index.
    pub lots: Vec<(usize, Lot)>,
    /// What trading costs: the fraction of the traded value, per side.
    pub rate: f64,
    /// What trades cost besides by their impact on prices, by asset: a trade of the value `v` so many times `v^1.5`. Empty
    /// where trades move no price.
    pub impact: Vec<f64>,
    /// A trade of a smaller value is not made.
    pub min_value: f64,
    /// A weight that is no further from its target is left alone.
    pub band: f64,
    /// Bands of single assets, by their index.
    pub bands: Vec<(usize, f64)>,
    /// Assets of which no more is bought, by their index.
    pub no_buy: Vec<usize>,
    /// Nodes after which the search for the best whole shares ends.
    pub nodes: u64,
}

impl TradeRules {
    /// Nodes for each of many accounts: a bound is then stated more often than a proof.
    pub const MANY: u64 = 2_000;

    /// Whole shares, every trade made, at a rate.
    pub fn whole(rate: f64) -> Self {
        Self {
            lot: Lot::WHOLE,
            lots: Vec::new(),
            rate,
            impact: Vec::new(),
            min_value: 0.0,
            band: 0.0,
            bands: Vec::new(),
            no_buy: Vec::new(),
            nodes: 2_000_000,
        }
    }

    /// Fractions of shares, every trade made, at a rate.
    pub fn fractional(rate: f64) -> Self {
        Self { lot: Lot::FRACTIONAL, ..Self::whole(rate) }
    }

    /// What a trade of an asset costs that is worth so much.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_orders::TradeRules;
    ///
    /// // 10 basis points, and for the second asset 0.00002 v^1.5.
    /// let rules = TradeRules { impact: vec![0.0, 2e-5], ..TradeRules::whole(0.001) };
    /// assert_eq!((rules.cost(0, 10_000.0), rules.cost(1, 10_000.0)), (10.0, 30.0));
    /// ```
    pub fn cost(&self, asset: usize, value: f64) -> f64 {
        let impact = self.impact.get(asset).copied().unwrap_or(0.0);
        TradingCost { linear: self.rate, impact }.of(value)
    }

    /// Whether nothing is rounded.
    pub(crate) fn is_exact(&self) -> bool {
        self.lot == Lot::ANY && self.lots.is_empty()
    }

    pub(crate) fn lot_of(&self, asset: usize) -> f64 {
        let own = self.lots.iter().find(|(at, _)| *at == asset);
        own.map_or(self.lot, |(_, lot)| *lot).shares()
    }

    pub(crate) fn band_of(&self, asset: usize) -> f64 {
        self.bands.iter().find(|(at, _)| *at == asset).map_or(self.band, |(_, band)| *band)
    }
}
