//! Proof from outside that no decision looks ahead: files that end with it, and files that go on
//! otherwise.
//!
//! [`audit`](crate::audit()) perturbs a market; what was done to its prices before is not seen there.
//! Here files are read, split, cleaned and filled again with what a decision knows.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use walkfolio_backtest::Observer;
use walkfolio_core::{Decision, Interrupt, Market, Policy, Row, Selection, View, Weights};
use walkfolio_data::quality::{Cleaning, Policy as Clean};
use walkfolio_data::{FileRequest, Horizon, Later, Loaded, Role};
use walkfolio_study::{Study, StudyPolicy};

use crate::Result;
use crate::audit::{Leak, difference};
use crate::backtest::decision_rows;
use crate::load::{data_folder, known_market, request};
use crate::spread::spread;

/// Decisions that are attacked at most.
const MOST: usize = 24;

/// What an attack on the files found.
///
/// # Examples
/// See [`audit_files`].
#[derive(Debug, Clone, PartialEq)]
pub struct FileAudit {
    /// How many decisions were made again from changed files.
    pub attacked: usize,
    /// The first that came out differently.
    pub leak: Option<Leak>,
    /// Why a decision could not be made from changed files, if there is one.
    pub skipped: Option<String>,
    /// Whether all chosen decisions were looked at.
    pub complete: bool,
}

/// What became of an attacked decision.
enum Outcome {
    Same,
    Differs(Leak),
    Unread(String),
}

/// Attacks the files of a study after at most 24 of its decisions, spread over all: rows after the last
/// session that a decision knows are removed, and then perturbed; the decision must keep its bits.
///
/// All files are attacked together ([`Role::ALL`]); the first that changes the decision alone is named. Nothing is held before a decision, there and here.
///
/// # Errors
/// As [`market`](crate::market) and [`run`](crate::run()).
/// # Examples
/// ```
/// use std::path::Path;
/// use walkfolio_backtest::Silent;
/// use walkfolio_study::Study;
///
/// // The sample market has no files: nothing is attacked.
/// let study = Study::load(Path::new("../../studies/mtum-all-eleven.toml"), &[])?;
/// let loaded = walkfolio_run::market(&study, None)?;
/// let audit = walkfolio_run::audit_files(&study, &loaded, None, &Silent)?;
/// assert_eq!((audit.attacked, audit.leak), (0, None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn audit_files(
    study: &Study,
    loaded: &Loaded,
    data: Option<&Path>,
    observer: &dyn Observer,
) -> Result<FileAudit> {
    let none = FileAudit { attacked: 0, leak: None, skipped: None, complete: true };
    let Some(folder) = data_folder(study, data) else { return Ok(none) };
    let study = &study.on(&loaded.market)?;
    let market = period(study, &loaded.market)?;
    let rows = decision_rows(study, &market, &StudyPolicy::new(study)?, &mut Vec::new())?;
    let rows: Vec<Row> = spread(rows.len(), MOST).into_iter().map(|at| rows[at]).collect();
    let request = request(study, &folder)?;
    let request = FileRequest { cleaning: without_refusals(&request.cleaning), ..request };
    let interrupt = observer.interrupt();
    let attack = Attack { study, market: &market, folder: &folder, request: &request, interrupt };
    observer.begin(rows.len());
    let stopped = AtomicBool::new(false);
    let outcomes: Vec<Outcome> = rows
        .par_iter()
        .map(|&row| {
            if observer.cancelled() {
                stopped.store(true, Ordering::Relaxed);
                return Ok(Outcome::Same);
            }
            let outcome = attack.decision(row);
            if observer.interrupt().is_raised() {
                stopped.store(true, Ordering::Relaxed);
                return Ok(Outcome::Same);
            }
            observer.decided();
            outcome
        })
        .collect::<Result<_>>()?;
    let mut found = FileAudit { complete: !stopped.into_inner(), ..none };
    for outcome in outcomes {
        match outcome {
            Outcome::Unread(why) => found.skipped = found.skipped.or(Some(why)),
            Outcome::Differs(leak) => found.leak = found.leak.or(Some(leak)),
            Outcome::Same => found.attacked += 1,
        }
    }
    Ok(found)
}

/// A perturbed file may hold what a study refuses: that is not the question here.
fn without_refusals(cleaning: &Cleaning) -> Cleaning {
    Cleaning::new(cleaning.rules().filter(|(_, policy)| *policy != Clean::Fail))
}

fn period(study: &Study, market: &Market) -> Result<Market> {
    let config = study.config();
    Ok(market.between(config.spec().market.first, config.schedule().last)?)
}

struct Attack<'a> {
    study: &'a Study,
    market: &'a Market,
    folder: &'a Path,
    request: &'a FileRequest,
    interrupt: Interrupt,
}

impl Attack<'_> {
    /// Makes a decision again from files without the rows after it, and with others.
    fn decision(&self, row: Row) -> Result<Outcome> {
        let dates = self.market.dates();
        let (known, decision) = (dates[row - 1], dates[row]);
        let honest = self.decide(self.market, row)?;
        for later in [Later::Removed, Later::Perturbed] {
            let horizon = Horizon { known, decision, later, only: None };
            let what = match self.again(horizon, &honest) {
                Ok(None) => continue,
                Ok(Some(what)) => what,
                Err(error) => return Ok(Outcome::Unread(format!("{decision}: {error}"))),
            };
            let alone = Role::ALL.into_iter().find_map(|role| {
                let what = self.again(Horizon { only: Some(role), ..horizon }, &honest).ok()??;
                Some((role.as_str(), what))
            });
            let (file, what) = alone.unwrap_or(("the files together", what));
            let how = match later {
                Later::Removed => "removed from",
                Later::Perturbed => "perturbed in",
            };
            let what = format!("with the rows after {known} {how} {file}, {what}");
            return Ok(Outcome::Differs(Leak { date: decision, what }));
        }
        Ok(Outcome::Same)
    }

    /// What is different in a decision that is made from files with a horizon.
    fn again(&self, horizon: Horizon, honest: &Decision) -> Result<Option<String>> {
        let market = known_market(self.study, (self.folder, self.request), horizon)?;
        let market = period(self.study, &market)?;
        let Some(row) = market.row_on_or_after(horizon.decision) else {
            return Ok(Some(format!("the session {} is gone", horizon.decision)));
        };
        Ok(match self.decide(&market, row) {
            Ok(again) => difference(self.market, honest, &over(self.market, &market, again)?),
            Err(error) => Some(format!("the decision failed: {error}")),
        })
    }

    /// A decision of a policy that has seen nothing else.
    fn decide(&self, market: &Market, row: Row) -> Result<Decision> {
        let policy = StudyPolicy::interruptible(self.study, self.interrupt.clone())?;
        let none = Weights::none(market.universe().len());
        let past = market.before(row)?;
        let view = View::new(policy.memory(), &none);
        Ok(policy.decide(&past, view).map_err(walkfolio_backtest::Error::from)?)
    }
}

/// A decision by the assets of the whole market: a shorter one may not have them all yet.
fn over(whole: &Market, known: &Market, decision: Decision) -> Result<Decision> {
    let places: Vec<Option<usize>> = whole
        .universe()
        .tickers()
        .iter()
        .map(|ticker| known.universe().position(ticker.as_str()))
        .collect();
    let of = |values: &[f64]| -> Vec<f64> {
        places.iter().map(|place| place.map_or(0.0, |place| values[place])).collect()
    };
    let all: Vec<usize> = (0..places.len()).collect();
    let target = Weights::scatter(places.len(), &all, &of(decision.target.values()))?;
    let selection = decision.selection.map(|own| Selection {
        selected: places.iter().map(|at| at.is_some_and(|at| own.selected[at])).collect(),
        probability: own
            .probability
            .map(|all| places.iter().map(|at| at.and_then(|at| all[at])).collect()),
    });
    Ok(Decision { target, selection, ..decision })
}
