//! What an account may do, and what it is charged.

use walkfolio_core::Date;
use walkfolio_orders::TradeRules;

/// The price of a trade.
///
/// # Examples
/// See [`AccountRules::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// The close after which the decision is executed.
    Close,
    /// The price within that session that the quotes state: its open, or its volume-weighted average.
    Within,
}

/// What a broker charges for an order besides costs in proportion to its value.
///
/// # Shape and units
/// Currency.
/// # Examples
/// ```
/// use walkfolio_backtest::Commission;
///
/// let commission = Commission { per_share: 0.005, minimum: 1.0 };
/// assert_eq!((commission.of(-100.0), commission.of(1_000.0), commission.of(0.0)), (1.0, 5.0, 0.0));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Commission {
    /// Of each share.
    pub per_share: f64,
    /// The least of an order.
    pub minimum: f64,
}

impl Commission {
    /// What an order of so many shares is charged, bought or sold.
    pub fn of(&self, shares: f64) -> f64 {
        if shares == 0.0 { 0.0 } else { (self.per_share * shares.abs()).max(self.minimum) }
    }
}

/// The equity that positions must be backed by: fractions of the value of all long and short positions.
///
/// # Examples
/// See [`AccountRules::new`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// After a trade: positions of a decision are scaled down to what equity allows.
    pub initial: f64,
    /// At every close: below it all positions are reduced until equity covers `initial` again.
    pub maintenance: f64,
}

/// What cash earns and borrowing costs over the interval of each session's return.
///
/// # Shape and units
/// One fraction for each row of the market; that of row `t` is for the time from the close of `t - 1` to that of `t`.
/// # Examples
/// See [`AccountRules::new`].
#[derive(Debug, Clone, PartialEq)]
pub struct Financing {
    /// Earned on cash beyond the proceeds of short sales.
    pub cash: Vec<f64>,
    /// Paid on borrowed cash.
    pub borrow: Vec<f64>,
    /// Earned on the proceeds of short sales, which are held as collateral for the shares.
    pub rebate: Vec<f64>,
    /// Paid on the value of borrowed shares.
    pub fee: Vec<f64>,
}

impl Financing {
    /// Nothing is earned or paid.
    pub fn none(rows: usize) -> Self {
        let none = || vec![0.0; rows];
        Self { cash: none(), borrow: none(), rebate: none(), fee: none() }
    }
}

/// A cash account.
///
/// # Shape and units
/// Money is in the currency of the prices.
/// # Examples
/// See [`AccountRules::new`].
#[derive(Debug, Clone, PartialEq)]
pub struct AccountRules {
    /// Cash before the first trade.
    pub capital: f64,
    /// Lots, the smallest trade and bands; its rate is that of the execution.
    pub trading: TradeRules,
    /// The price of a trade.
    pub fill: Fill,
    /// What an order is charged besides.
    pub commission: Commission,
    /// What positions must be backed by, if anything.
    pub margin: Option<Margin>,
    /// Interest and fees.
    pub financing: Financing,
    /// What is paid in, and out where it is negative, at the close of the first session on or after its day.
    pub flows: Vec<(Date, f64)>,
}

impl AccountRules {
    /// An account of any fraction of shares, without financing, margin, commissions and flows, for a market of so
    /// many rows.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_backtest::{AccountRules, Commission, Fill, Margin};
    /// use walkfolio_orders::TradeRules;
    ///
    /// let account = AccountRules {
    ///     trading: TradeRules::whole(0.0),
    ///     commission: Commission { per_share: 0.005, minimum: 1.0 },
    ///     margin: Some(Margin { initial: 0.5, maintenance: 0.25 }),
    ///     ..AccountRules::new(1e6, 250)
    /// };
    /// assert_eq!((account.fill, account.financing.cash.len()), (Fill::Close, 250));
    /// ```
    pub fn new(capital: f64, rows: usize) -> Self {
        Self {
            capital,
            trading: TradeRules { lot: walkfolio_orders::Lot::ANY, ..TradeRules::whole(0.0) },
            fill: Fill::Close,
            commission: Commission::default(),
            margin: None,
            financing: Financing::none(rows),
            flows: Vec::new(),
        }
    }
}
