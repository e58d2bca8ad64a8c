//! The page of a comparison.

use std::path::Path;

use walkfolio_report::Side;

use super::Column;
use crate::failure::Failure;

/// Writes the page beside its name and renames it; into a folder as `compare.html`.
pub fn write(columns: &[Column], warnings: &[String], out: &Path) -> Result<(), Failure> {
    let sides: Vec<Side<'_>> = columns
        .iter()
        .map(|column| Side { name: &column.name, place: &column.folder, run: &column.run })
        .collect();
    let html = walkfolio_report::compare_html(&sides, warnings)
        .map_err(|error| Failure::plain(error.to_string(), None))?;
    let path = if out.is_dir() { out.join("compare.html") } else { out.to_path_buf() };
    let mut beside = path.clone().into_os_string();
    beside.push(".partial");
    let written = std::fs::write(&beside, html).and_then(|()| std::fs::rename(&beside, &path));
    written.map_err(|error| {
        // What is half-written must not stay; the first error matters more.
        let _ = std::fs::remove_file(&beside);
        Failure::plain(format!("{} cannot be written: {error}", path.display()), None)
    })
}
