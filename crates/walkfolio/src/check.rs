//! The data report of a study.

use std::path::{Path, PathBuf};

use walkfolio_data::quality::{DataReport, Panel, inspect, read_request};

use crate::Result;
use crate::study::{SourceSpec, Study};

impl Study {
    /// What the detectors say of the columns that the study reads, before anything is cleaned.
    ///
    /// # Errors
    /// As [`Study::market`] for files that cannot be read; faults of prices are findings.
    pub fn check(&self, data: Option<&Path>) -> Result<DataReport> {
        let panel = match self.data_folder(data) {
            Some(folder) => {
                let (mut request, layout) = self.request(&folder)?;
                // An index of the assets has no prices that could be at fault.
                request.benchmark.take_if(|_| self.config().spec().market.index.is_some());
                read_request(&request, layout).map_err(|error| self.placed(error))?
            }
            None => Panel::of_market("the sample market", &self.market(None)?.market),
        };
        Ok(inspect(&panel))
    }

    /// The folder that the study's files are read from, if it reads any.
    fn data_folder(&self, data: Option<&Path>) -> Option<PathBuf> {
        match (data, self.config().source()) {
            (Some(folder), _) => Some(folder.to_path_buf()),
            (None, SourceSpec::Csv { dir, .. } | SourceSpec::Parquet { dir, .. }) => {
                Some(self.folder().join(dir.as_deref().unwrap_or("")))
            }
            (None, SourceSpec::Sample { .. }) => None,
        }
    }
}
