//! One decision for many accounts, into a folder.

use std::path::Path;
use std::time::{Duration, Instant};

use walkfolio_backtest::Observer;
use walkfolio_data::AccountBook;
use walkfolio_record::{AccountDone, AccountsDecision};
use walkfolio_run::{Live, Terms};
use walkfolio_store::{AccountParts, AccountTables, Bundle};

use crate::to_folder::Reason;

/// The file that says what was decided for many accounts, and that its folder is whole.
pub const ACCOUNTS: &str = "accounts.json";
/// Results are written to the disk when these are older.
const KEPT: Duration = Duration::from_secs(2);

/// What was decided for many accounts.
///
/// # Examples
/// See [`decide_accounts`].
#[derive(Debug, Clone, PartialEq)]
pub struct DecidedAccounts {
    /// As it is written.
    pub decision: AccountsDecision,
    /// The first accounts that failed: their names, why, and what to do about it.
    pub failures: Vec<(String, String, String)>,
}

/// Decides for all accounts of a book and writes `accounts.parquet`, `orders.parquet` and `accounts.json` to a folder.
///
/// Results go to the disk as they are made, next to the folder. What a kill has interrupted is taken up by the same
/// call, and the files are the same to the byte.
///
/// # Errors
/// As [`Live::accounts`]; if the folder has other files and no `accounts.json`, or cannot be written.
/// # Examples
/// ```
/// use walkfolio::prelude::*;
/// use walkfolio::orders::{LotMethod, TradeRules};
/// use walkfolio::{AccountBook, Ask, Terms, decide_accounts};
/// # let place = tempfile::tempdir()?;
/// # let (folder, path) = (place.path().join("today"), |name: &str| place.path().join(name));
///
/// std::fs::write(path("accounts.csv"), "account,cash,exclude\nA,10000,\nB,0,XLE\nC,0,SPY\n")?;
/// std::fs::write(path("positions.csv"), "account,ticker,shares\nB,XLE,50\nC,XLE,10\n")?;
/// let book = AccountBook::read(&path("accounts.csv"), &path("positions.csv"))?;
///
/// let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
/// let loaded = study.market(None)?;
/// let live = study.live(&loaded, Ask { force: true, ..Ask::default() })?;
/// let terms = Terms {
///     rules: TradeRules::whole(0.0),
///     band_risk: None,
///     method: LotMethod::HighestCost,
///     rates: None,
///     quotes: Vec::new(),
/// };
/// let done = decide_accounts(&live, (&book, &terms), &folder, &Silent)?;
/// // A and B trade; C excludes what is none of the study's assets.
/// assert_eq!((done.decision.trades, done.decision.failed), (2, 1));
/// assert!(done.failures[0].1.starts_with("SPY of exclude"));
/// assert!(folder.join("orders.parquet").is_file());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decide_accounts(
    live: &Live<'_>,
    (book, terms): (&AccountBook, &Terms),
    out: &Path,
    observer: &dyn Observer,
) -> Result<DecidedAccounts, Reason> {
    let bundle = Bundle::named(ACCOUNTS);
    bundle.check(out)?;
    let parts = AccountParts::open(out, &live.accounts_identity(book, terms))?;
    let next = parts.done();
    let mut saver = Saver { parts, next, kept: Vec::new(), since: Instant::now() };
    let decided = live.accounts((book, terms), next, observer, |block| {
        saver.kept.extend(block);
        Ok(saver.save(KEPT)?)
    });
    // Also what was made before it was interrupted.
    saver.save(Duration::ZERO)?;
    let decided = decided?;
    let AccountTables {
        accounts,
        orders,
        trades,
        failed,
        order_count,
        equity,
        traded,
        cost,
        failures,
    } = saver.parts.tables()?;
    let decision =
        AccountsDecision { trades, failed, orders: order_count, equity, traded, cost, ..decided };
    let json = serde_json::to_string_pretty(&decision)
        .map_err(|error| walkfolio_store::Error::file("write", ACCOUNTS, &error))?;
    let files = [
        ("accounts.parquet".to_owned(), accounts),
        ("orders.parquet".to_owned(), orders),
        (ACCOUNTS.to_owned(), format!("{json}\n").into_bytes()),
    ];
    bundle.write(out, &files)?;
    saver.parts.remove()?;
    Ok(DecidedAccounts { decision, failures })
}

/// Results that are not on the disk yet.
struct Saver {
    parts: AccountParts,
    /// The first of them.
    next: usize,
    kept: Vec<AccountDone>,
    since: Instant,
}

impl Saver {
    /// Writes whole groups, and what is older than a time.
    fn save(&mut self, age: Duration) -> walkfolio_store::Result<()> {
        while self.kept.len() >= AccountParts::room(self.next) {
            self.part(AccountParts::room(self.next))?;
        }
        if !self.kept.is_empty() && self.since.elapsed() >= age {
            self.part(self.kept.len())?;
        }
        Ok(())
    }

    fn part(&mut self, count: usize) -> walkfolio_store::Result<()> {
        let rest = self.kept.split_off(count);
        self.parts.save(self.next, &self.kept)?;
        self.next += count;
        self.kept = rest;
        self.since = Instant::now();
        Ok(())
    }
}
