//! Prices and factors from vendors into a snapshot.

use std::path::PathBuf;
use std::time::Duration;

use pyo3::prelude::*;
use serde_json::Value;
use walkfolio::fetch::{Backoff, FetchObserver, FetchRequest, Limits, Vendor, fetch as fetch_all};
use walkfolio::{Date, Observer, Ticker};
use walkfolio_core::Error;

use crate::failure::Failure;
use crate::progress::Progress;
use crate::study::Study;
use crate::work::work;

/// Watches a fetch as work of Python: a ticker is a step, and Ctrl-C ends it.
struct Watch<'a>(&'a Progress);

impl FetchObserver for Watch<'_> {
    fn done(&self, _: &Ticker, _: Result<&walkfolio::fetch::Outcome, &walkfolio::fetch::Error>) {
        self.0.decided();
    }

    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

/// Fetches tickers into a snapshot and says what became of each, as JSON; `limits` are the seconds of a request, the
/// tries of one, and how many go at a time.
#[pyfunction]
#[pyo3(signature = (vendor, tickers, into, first, base_url, limits, callback=None))]
#[expect(clippy::too_many_arguments, reason = "each has its name in Python")]
fn fetch(
    py: Python<'_>,
    vendor: &str,
    tickers: Vec<String>,
    into: PathBuf,
    first: Option<&str>,
    base_url: Option<String>,
    limits: (f64, u32, usize),
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let (time_out, tries, parallel) = limits;
    work(py, callback, |progress| {
        let vendor = vendor_of(vendor)?;
        let named = tickers.iter().map(|name| Ticker::new(name)).collect::<Result<Vec<_>, Error>>();
        let first = first.map(str::parse::<Date>).transpose();
        let request = FetchRequest {
            vendor,
            base_url: base_url.or_else(|| std::env::var(vendor.variable()).ok()),
            tickers: named?,
            into,
            first: first.map_err(|error| Failure::new("DataError", error.to_string(), None))?,
            limits: Limits {
                time_out: Duration::from_secs_f64(time_out),
                backoff: Backoff { tries, ..Backoff::default() },
                ..Limits::default()
            },
            parallel,
        };
        progress.begin(request.tickers.len());
        let fetched = fetch_all(&request, &Watch(progress)).map_err(walkfolio::Error::from)?;
        let all: Vec<Value> = fetched.iter().map(walkfolio::fetch::Fetched::json).collect();
        Ok::<_, Failure>(Value::from(all).to_string())
    })
}

fn vendor_of(name: &str) -> Result<Vendor, Failure> {
    let all = [Vendor::Yahoo, Vendor::Stooq, Vendor::French];
    let found = all.into_iter().find(|vendor| vendor.as_str() == name);
    found.ok_or_else(|| {
        let hint = format!("one of: {}", all.map(Vendor::as_str).join(", "));
        Failure::new("DataError", format!("no vendor {name}"), Some(hint))
    })
}

/// The tickers whose prices a study needs, and whether it needs factors.
#[pyfunction]
fn needs(study: &Study) -> (Vec<String>, bool) {
    let study = &study.inner;
    let tickers = study.quoted().iter().map(ToString::to_string).collect();
    (tickers, study.config().spec().market.factors.is_some())
}

/// The functions of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(fetch, module)?)?;
    module.add_function(wrap_pyfunction!(needs, module)?)
}
