//! The data report of a study.

use std::path::{Path, PathBuf};

use walkfolio_data::quality::{DataReport, Panel, inspect};
use walkfolio_data::read_request;

use crate::Result;
use crate::load::{market, placed, request};
use walkfolio_study::{SourceSpec, Study};

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

/// The folder that the study's files are read from, if it reads any.
fn data_folder(study: &Study, data: Option<&Path>) -> Option<PathBuf> {
    match (data, study.config().source()) {
        (Some(folder), _) => Some(folder.to_path_buf()),
        (None, SourceSpec::Csv { dir, .. } | SourceSpec::Parquet { dir, .. }) => {
            Some(study.folder().join(dir.as_deref().unwrap_or("")))
        }
        (None, SourceSpec::Sample { .. }) => None,
    }
}
