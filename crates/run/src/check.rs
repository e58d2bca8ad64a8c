//! The data report of a study.

use std::path::Path;

use walkfolio_data::quality::{DataReport, Panel, inspect};
use walkfolio_data::read_request;

use crate::Result;
use crate::load::{data_folder, market, placed, request};
use walkfolio_study::Study;

/// What the detectors say of the columns that the study reads, before anything is cleaned.
///
/// # Errors
/// As [`market`](crate::market) for files that cannot be read; wrong prices are findings.
pub fn check(study: &Study, data: Option<&Path>) -> Result<DataReport> {
    let panel = match data_folder(study, data) {
        Some(folder) => {
            let mut request = request(study, &folder)?;
            // An index of the assets has no prices that could be wrong.
            request.benchmark.take_if(|_| study.config().spec().market.index.is_some());
            read_request(&request).map_err(|error| placed(study, error))?
        }
        None => Panel::of_market("the sample market", &market(study, None)?.market),
    };
    Ok(inspect(&panel))
}
