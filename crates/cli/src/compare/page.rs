//! The page of a comparison.

use std::path::Path;

use walkfolio::report::Side;

use super::column::Column;
use crate::failure::Failure;

/// Writes the page whole; into a folder as `compare.html`.
pub fn write(columns: &[Column], warnings: &[String], out: &Path) -> Result<(), Failure> {
    let sides: Vec<Side<'_>> = columns
        .iter()
        .map(|column| Side { name: &column.name, place: &column.folder, run: &column.run })
        .collect();
    let html = walkfolio::report::compare_html(&sides, warnings)
        .map_err(|error| Failure::plain(error.to_string(), None))?;
    let path = if out.is_dir() { out.join("compare.html") } else { out.to_path_buf() };
    walkfolio::write_file(&path, html.as_ref()).map_err(|error| {
        Failure::plain(format!("{} cannot be written: {error}", path.display()), None)
    })
}
