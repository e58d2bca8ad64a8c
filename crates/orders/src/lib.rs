//! A target and an account to orders.
//!
//! [`Account::trade`] turns weights into shares: what is to be bought and sold, at which cost, and what cash is
//! left. Shares are whole where the broker has no others: of all portfolios of whole lots that the cash pays for
//! [`round`](mod@round) takes the one that is worth most by the study's own objective.
//!
//! ```
//! use walkfolio_orders::{Account, Goal, TradeRules};
//!
//! // 1,000 in cash into two assets at 30 and 70.
//! let account = Account { shares: vec![0.0, 0.0], cash: 1_000.0 };
//! let goal = Goal::of_weights(vec![0.5, 0.5]);
//! let plan = account.trade(&[30.0, 70.0], &goal, &TradeRules::whole(0.0))?;
//! assert_eq!(plan.shares, [17.0, 7.0]); // 510 and 490: nearer to half of each than 480 and 490
//! assert_eq!((plan.orders.len(), plan.cash), (2, 0.0));
//! # Ok::<(), walkfolio_orders::Error>(())
//! ```

mod account;
mod error;
mod exact;
mod goal;
mod grid;
mod improve;
mod lots;
mod plan;
pub mod round;
mod rules;
mod search;

pub use account::Account;
pub use error::{Error, Result};
pub use goal::Goal;
pub use lots::{LotMethod, Sale, SoldLot, TaxLot, TaxRates, WASH_SALE_DAYS, sell};
pub use plan::{Order, Plan, Side};
pub use round::{Rounding, Status};
pub use rules::{Lot, TradeRules};
