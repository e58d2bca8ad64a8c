//! What a study decides for the next session.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pyo3::prelude::*;
use serde_json::json;
use walkfolio::{Ask, Date};
use walkfolio_core::{Universe, Weights};

use crate::failure::Failure;
use crate::study::Study;
use crate::work::work;

/// A date of Python.
pub fn date(text: Option<&str>) -> Result<Option<Date>, Failure> {
    let parsed = text.map(str::parse).transpose();
    parsed.map_err(|error| Failure::new("DataError", format!("not a date: {error}"), None))
}

/// What is held, by universe index.
fn held(universe: &Universe, holdings: &BTreeMap<String, f64>) -> Result<Weights, Failure> {
    let mut weights = vec![0.0; universe.len()];
    for (name, weight) in holdings {
        let Some(asset) = universe.position(name) else {
            let known: Vec<String> = universe.tickers().iter().map(ToString::to_string).collect();
            let hint = Some(format!("one of: {}", known.join(", ")));
            return Err(Failure::new(
                "DataError",
                format!("{name} is held and is not an asset"),
                hint,
            ));
        };
        weights[asset] = *weight;
    }
    Ok(Weights::new(weights)?)
}

/// The decision for a session, by default the next one after the data, as JSON; where none is due, when the next is.
#[pyfunction]
#[pyo3(signature = (study, data, on=None, today=None, max_age=None, force=false, holdings=None))]
#[expect(clippy::too_many_arguments, reason = "each has its name in Python")]
fn decide(
    py: Python<'_>,
    study: &Study,
    data: Option<PathBuf>,
    on: Option<&str>,
    today: Option<&str>,
    max_age: Option<usize>,
    force: bool,
    holdings: Option<BTreeMap<String, f64>>,
) -> PyResult<String> {
    let study = &study.inner;
    work(py, None, |progress| {
        let loaded = study.market(data.as_deref())?;
        let max_age = max_age.unwrap_or(Ask::default().max_age);
        let ask = Ask { on: date(on)?, today: date(today)?, max_age, force };
        let live = study.live(&loaded, ask)?;
        if !live.is_due() && !force {
            let next = live.next_due().map(|date| date.to_string());
            return Ok(json!({ "date": live.date().to_string(), "due": false, "next_due": next })
                .to_string());
        }
        let held =
            holdings.map(|holdings| held(live.market().universe(), &holdings)).transpose()?;
        let decided = live.decide(held.as_ref(), progress)?;
        Ok::<_, Failure>(json!(decided.record).to_string())
    })
}

/// The function of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(decide, module)?)
}
