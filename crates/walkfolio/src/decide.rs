//! A decision for the next session, and its files.

use std::fmt::Write;
use std::path::Path;

use walkfolio_backtest::Observer;
use walkfolio_core::Ticker;
use walkfolio_data::Loaded;
use walkfolio_record::{LiveDecision, OrderRow, Status, TargetRow};
use walkfolio_report as report;
use walkfolio_run::{Ask, Live, PastCheck};
use walkfolio_store::{Bundle, read_run};

use crate::Study;
use crate::to_folder::Reason;

/// The file that says what was decided, and that its folder is whole.
pub const DECISION: &str = "decision.json";

impl Study {
    /// Puts the study before a session: by default the next one after the data.
    ///
    /// # Errors
    /// As [`Live::open`].
    /// # Examples
    /// ```
    /// use walkfolio::prelude::*;
    /// use walkfolio::Ask;
    ///
    /// let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
    /// let loaded = study.market(None)?;
    /// let on = "2025-06-02".parse().ok();
    /// let decided = study.live(&loaded, Ask { on, ..Ask::default() })?.decide(None, &Silent)?;
    /// let run = study.run(&loaded, &Silent)?;
    /// // The bits of the backtest's decision.
    /// let of_run = run.decisions.iter().filter(|row| Some(row.date) == on).map(|row| row.weight);
    /// assert!(of_run.eq(decided.target.values().iter().copied()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn live<'a>(&self, loaded: &'a Loaded, ask: Ask) -> walkfolio_run::Result<Live<'a>> {
        Live::open(self, loaded, ask)
    }

    /// Whether the decisions of the run in a folder come out the same, each made from the past before it
    /// alone; `data` is the folder of its files, if they are no longer where they were.
    ///
    /// # Errors
    /// If the run is not complete or was made with other data; as [`Live::decide`].
    /// # Examples
    /// ```
    /// use walkfolio::prelude::*;
    /// # let place = tempfile::tempdir()?;
    /// # let folder = place.path().join("run");
    ///
    /// let last = ["walk_forward.last=2019-12-31".to_owned()];
    /// let study = Study::load("../../studies/mtum-all-eleven.toml", &last)?;
    /// study.to_folder(&folder).bulk().run()?;
    /// let found = study.check_decisions(&folder, None, &Silent)?;
    /// assert_eq!((found.decisions, found.differences.len()), (7, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check_decisions(
        &self,
        run: &Path,
        data: Option<&Path>,
        observer: &dyn Observer,
    ) -> Result<PastCheck, Reason> {
        let run = read_run(run)?;
        if run.manifest.status != Status::Complete {
            return Err(walkfolio_run::Error::Unfinished.into());
        }
        let loaded = self.market(data)?;
        Ok(walkfolio_run::check_past(self, &run, &loaded, observer)?)
    }
}

/// The files of a decision: `decision.json`, `target.csv` with weights to the last digit, `report.html`, and
/// `orders.csv` where an account has some to place.
///
/// # Errors
/// If the page cannot be written.
pub fn decision_files(decision: &LiveDecision) -> Result<Vec<(String, Vec<u8>)>, Reason> {
    let json = serde_json::to_string_pretty(decision)
        .map_err(|error| walkfolio_store::Error::file("write", DECISION, &error))?;
    let mut files = vec![
        (DECISION.to_owned(), format!("{json}\n").into_bytes()),
        ("target.csv".to_owned(), target_csv(&decision.target).into_bytes()),
        ("report.html".to_owned(), report::decision_html(decision)?.into_bytes()),
    ];
    if let Some(account) = &decision.account {
        files.push(("orders.csv".to_owned(), orders_csv(&account.orders).into_bytes()));
    }
    Ok(files)
}

/// Writes the files of a decision into a folder as a whole: they are there, or those of the decision before.
///
/// # Errors
/// If the folder has other files and no decision, or cannot be written.
/// # Examples
/// ```
/// use walkfolio::prelude::*;
/// use walkfolio::{Ask, write_decision};
/// # let place = tempfile::tempdir()?;
/// # let folder = place.path().join("today");
///
/// let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
/// let loaded = study.market(None)?;
/// let ask = Ask { force: true, ..Ask::default() };
/// let decided = study.live(&loaded, ask)?.decide(None, &Silent)?;
/// write_decision(&folder, &decided.record)?;
/// assert!(std::fs::read_to_string(folder.join("target.csv"))?.starts_with("asset,weight\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_decision(folder: &Path, decision: &LiveDecision) -> Result<(), Reason> {
    Ok(Bundle::named(DECISION).write(folder, &decision_files(decision)?)?)
}

/// Weights that read back to the same bits.
fn target_csv(rows: &[TargetRow]) -> String {
    let mut text = "asset,weight\n".to_owned();
    for row in rows.iter().filter(|row| row.target != 0.0) {
        let _ = writeln!(text, "{},{}", quoted(&row.asset), row.target);
    }
    text
}

/// Orders as a broker's upload has them.
fn orders_csv(orders: &[OrderRow]) -> String {
    let mut text = "asset,side,shares,price,value,cost\n".to_owned();
    for OrderRow { asset, side, shares, price, value, cost } in orders {
        let _ = writeln!(text, "{},{side},{shares},{price},{value},{cost}", quoted(asset));
    }
    text
}

/// A name as a cell of CSV.
pub(crate) fn quoted(name: &str) -> String {
    let plain = |c: char| !matches!(c, ',' | '"' | '\n' | '\r');
    debug_assert!(name.chars().count() <= Ticker::LONGEST);
    if name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}
