//! Downloads: vendors' series and factor files into a [`snapshot`](crate::snapshot).
//!
//! Every ticker is one job; a few run at a time. What is there already is kept: only the sessions
//! after it are asked for, with an overlap that is compared. Where the overlap differs (a dividend
//! or a split changes every adjusted close before it) the whole history is fetched again, and every
//! changed close is reported.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};
use walkfolio_core::{Date, Ticker};

pub use crate::Error;
use crate::Result;
use crate::series::Series;
use crate::snapshot::{Addition, Content, Snapshot};

mod backoff;
mod http;
mod source;
mod update;

pub use backoff::Backoff;
pub use http::Limits;
pub use source::Vendor;
pub use update::{Outcome, Revision};

use http::Client;

/// What to fetch, from where and into which folder.
#[derive(Debug, Clone)]
pub struct FetchRequest {
    /// Who supplies it.
    pub vendor: Vendor,
    /// The address in place of the vendor's own, without a slash at its end.
    pub base_url: Option<String>,
    /// The tickers; [`Vendor::French`] needs none.
    pub tickers: Vec<Ticker>,
    /// The snapshot's folder; it is made if it does not exist.
    pub into: PathBuf,
    /// The first session to ask for where nothing is there yet.
    pub first: Option<Date>,
    /// Limits of every request.
    pub limits: Limits,
    /// Requests at a time.
    pub parallel: usize,
}

/// What became of a ticker.
#[derive(Debug)]
pub struct Fetched {
    /// The ticker, or the name of a factor file.
    pub name: Ticker,
    /// What is new, or why it could not be fetched.
    pub outcome: Result<Outcome>,
}

impl Fetched {
    /// What became of it, for programs: `name` with `added`, `rows`, `last`, `again` and `revisions`, or with `error`.
    pub fn json(&self) -> Value {
        let name = self.name.to_string();
        match &self.outcome {
            Ok(Outcome { added, rows, last, revisions, again }) => {
                let revision =
                    |r: &Revision| json!({ "date": r.date, "before": r.before, "after": r.after });
                let revisions: Vec<Value> = revisions.iter().map(revision).collect();
                json!({
                    "name": name, "added": added, "rows": rows, "last": last, "again": again,
                    "revisions": revisions,
                })
            }
            Err(error) => json!({ "name": name, "error": error.to_string() }),
        }
    }
}

/// Watches a fetch.
pub trait FetchObserver: Sync {
    /// A ticker's request begins.
    fn begin(&self, _name: &Ticker) {}
    /// A ticker is done.
    fn done(&self, _name: &Ticker, _outcome: Result<&Outcome, &Error>) {}
    /// Whether to stop.
    fn cancelled(&self) -> bool {
        false
    }
}

/// Fetches every ticker and writes what came, in one update of the snapshot.
///
/// # Shape and units
/// One result a ticker, in the order of the request. A ticker that fails does not hinder the others.
/// # Errors
/// [`Error::Io`] and [`Error::Manifest`] of the snapshot's folder; errors of a ticker are in its
/// result.
pub fn fetch(request: &FetchRequest, observer: &dyn FetchObserver) -> Result<Vec<Fetched>> {
    let mut snapshot = Snapshot::open_or_new(&request.into)?;
    let names = request.vendor.names(&request.tickers)?;
    let client = Client::new(request.limits);
    let job = Job { request, client: &client, snapshot: &snapshot, observer };
    let results = job.all(&names);
    let mut additions = Vec::new();
    let mut fetched = Vec::with_capacity(results.len());
    for (name, result) in names.into_iter().zip(results) {
        let outcome = result.map(|(outcome, content)| {
            let (source, fetched) = (request.vendor.as_str().to_owned(), Timestamp::now());
            additions.extend(content.map(|content| Addition { source, fetched, content }));
            outcome
        });
        fetched.push(Fetched { name, outcome });
    }
    if !additions.is_empty() {
        snapshot.update(additions)?;
    }
    Ok(fetched)
}

type Done = Result<(Outcome, Option<Content>)>;

struct Job<'a> {
    request: &'a FetchRequest,
    client: &'a Client,
    snapshot: &'a Snapshot,
    observer: &'a dyn FetchObserver,
}

impl Job<'_> {
    /// Runs the jobs, `parallel` at a time.
    fn all(&self, names: &[Ticker]) -> Vec<Done> {
        let next = AtomicUsize::new(0);
        let results: Vec<Mutex<Option<Done>>> = names.iter().map(|_| Mutex::new(None)).collect();
        let work = || {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(name) = names.get(at) else { break };
                self.observer.begin(name);
                let done = self.one(name);
                self.observer.done(name, done.as_ref().map(|(outcome, _)| outcome));
                if let Ok(mut slot) = results[at].lock() {
                    *slot = Some(done);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..self.request.parallel.clamp(1, names.len().max(1)) {
                scope.spawn(work);
            }
        });
        // Every slot was filled before its thread ended.
        let slots = results.into_iter().map(|slot| slot.into_inner().ok().flatten());
        slots
            .zip(names)
            .map(|(done, name)| {
                done.unwrap_or_else(|| {
                    let (url, reason) = (name.to_string(), "its thread ended".to_owned());
                    Err(Error::Fetch { url, tries: 0, reason })
                })
            })
            .collect()
    }

    fn one(&self, name: &Ticker) -> Done {
        if self.request.vendor == Vendor::French {
            return self.factors(name);
        }
        let old = match self.snapshot.entries().get(name.as_str()) {
            // Another vendor's series is replaced, not continued: it adjusts in another way.
            Some(entry) if entry.source == self.request.vendor.as_str() => {
                Some(self.snapshot.series(name)?.1)
            }
            _ => None,
        };
        let Some(old) = old else {
            let new = self.get(name, self.request.first)?;
            let outcome = outcome(&new, new.dates.len());
            return Ok((outcome, Some(Content::Prices(Box::new(new)))));
        };
        let rows = old.dates.len();
        let overlap = old.dates[rows.saturating_sub(update::OVERLAP)];
        let new = self.get(name, Some(overlap))?;
        if update::agree(&old, &new) {
            let joined = update::append(old, &new);
            let added = joined.dates.len() - rows;
            let outcome = outcome(&joined, added);
            return Ok((outcome, (added > 0).then_some(Content::Prices(Box::new(joined)))));
        }
        let new = self.get(name, Some(old.dates[0]))?;
        let fresh = new.dates.iter().filter(|date| old.dates.binary_search(date).is_err());
        let outcome = Outcome {
            revisions: update::revisions(&old, &new),
            again: true,
            ..outcome(&new, fresh.count())
        };
        Ok((outcome, Some(Content::Prices(Box::new(new)))))
    }

    fn factors(&self, name: &Ticker) -> Done {
        let url = self.url(name, None);
        let bytes = self.client.get(&url, &|| self.observer.cancelled())?;
        let content = source::factors(&url, name, bytes)?;
        let Content::Factors { span: (rows, _, last), .. } = &content else {
            return Err(Error::NoRows { file: url });
        };
        let had = self.snapshot.entries().get(name.as_str()).map_or(0, |entry| entry.rows);
        let (rows, last) = (*rows, *last);
        let outcome = Outcome { added: rows.saturating_sub(had), rows, last, ..Outcome::default() };
        Ok((outcome, Some(content)))
    }

    fn get(&self, name: &Ticker, first: Option<Date>) -> Result<Series> {
        let url = self.url(name, first);
        let body = self.client.get(&url, &|| self.observer.cancelled())?;
        self.request.vendor.series(&url, &body, name)
    }

    fn url(&self, name: &Ticker, first: Option<Date>) -> String {
        let vendor = self.request.vendor;
        let base = self.request.base_url.as_deref().unwrap_or_else(|| vendor.base_url());
        vendor.url(base, name, first)
    }
}

fn outcome(series: &Series, added: usize) -> Outcome {
    let last = series.dates.last().copied().unwrap_or_default();
    Outcome { added, rows: series.dates.len(), last, ..Outcome::default() }
}
