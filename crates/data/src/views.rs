//! A user's views of the market by date.

use std::collections::BTreeMap;
use std::path::PathBuf;

use walkfolio_core::{Date, Dated, Note, StatedView, Ticker, Universe};

use crate::cells::{self, Cells};
use crate::dialect::CsvForm;
use crate::horizon::{Horizon, Role};
use crate::loaded::SourceRecord;
use crate::source::{Accepts, Content, Source};
use crate::{Error, Result};

/// A file of views.
#[derive(Debug, Clone)]
pub struct ViewsRequest {
    /// The name of the views in the market.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// How its cells are written, where the file does not show it.
    pub csv: CsvForm,
    /// For an audit: what is known of the file.
    pub horizon: Option<Horizon>,
}

/// Views and where they come from.
#[derive(Debug, Clone)]
pub struct LoadedViews {
    /// The views.
    pub views: Dated<StatedView>,
    /// Their file.
    pub record: SourceRecord,
    /// What the reader must know.
    pub notes: Vec<Note>,
}

/// Reads views: `date, view, return`, and `confidence` and `until` if there are any.
///
/// A view is a sum of assets with weights, such as `XLK - XLF` or `0.5 XLK + 0.5 SMH - SPY`; spaces are between its parts.
/// The return is a fraction a year, and empty where the view is withdrawn; the confidence is 0.5 where it is not stated.
///
/// # Errors
/// Those of a text file; a view that is no such sum, or of an unknown asset, a confidence that is no share, each with file
/// and line. A header alone is no view.
/// # Examples
/// ```
/// use walkfolio_core::Universe;
/// use walkfolio_data::{CsvForm, ViewsRequest, read_views};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-views.csv");
/// std::fs::write(&path, "date,view,return,confidence\n2024-01-31,XLE - XLF,0.02,0.6\n")?;
/// let request = ViewsRequest { name: "views".into(), path, csv: CsvForm::default(), horizon: None };
/// let loaded = read_views(&request, &Universe::new(["XLE", "XLF"])?)?;
/// let (_, view) = &loaded.views.records()[0];
/// assert_eq!((view.assets["XLF"], view.expected), (-1.0, Some(0.02)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_views(request: &ViewsRequest, universe: &Universe) -> Result<LoadedViews> {
    let accepts = Accepts { role: "views", kinds: &[Content::Text], described: "CSV or Excel" };
    let source = Source::read(&request.path, accepts)?;
    let (sha256, file) = (source.sha256.clone(), source.file.clone());
    // At an earlier day a market may not have all assets yet.
    let known = request.horizon.is_none().then_some(universe);
    let text = source.text()?;
    let (mut records, notes) =
        cells::read(&file, &text, &request.csv, |cells| of_rows(cells, universe, known))?;
    if let Some(horizon) = Horizon::of(request.horizon.as_ref(), Role::Views) {
        records.retain(|(date, _)| horizon.keeps(*date));
        for (at, (date, view)) in records.iter_mut().enumerate() {
            view.expected = view.expected.map(|value| horizon.value(*date, at, value));
            for weight in view.assets.values_mut() {
                *weight = horizon.value(*date, at, *weight);
            }
        }
    }
    let dates = || records.iter().map(|(date, _)| *date);
    let record = SourceRecord {
        role: "views",
        name: source.name,
        format: "CSV of views",
        sha256,
        rows: records.len(),
        first: dates().min(),
        last: dates().max(),
        vintage: None,
    };
    Ok(LoadedViews { views: Dated::new(request.name.as_str(), records), record, notes })
}

fn of_rows(
    cells: &mut Cells<'_>,
    universe: &Universe,
    known: Option<&Universe>,
) -> Result<Vec<(Date, StatedView)>> {
    cells.require(&["date", "view", "return"])?;
    let mut records = Vec::new();
    while cells.next()? {
        let date = cells.date()?;
        let text = cells.text("view");
        let rule = "a view is a sum of assets such as XLK - XLF or 0.5 XLK + 0.5 SMH - SPY";
        let assets = combination(text, |name| universe.position(name).is_some());
        let assets = assets.ok_or_else(|| cells.bad_cell("view", text, rule))?;
        if let Some(universe) = known
            && let Some(name) = assets.keys().find(|name| universe.position(name).is_none())
        {
            return Err(unknown(cells, name, universe));
        }
        let confidence = cells.number("confidence")?.unwrap_or(0.5);
        if !(0.0..=1.0).contains(&confidence) {
            let rule = "a confidence is a share from 0 to 1: 80 % is 0.8";
            return Err(cells.bad_cell("confidence", cells.text("confidence"), rule));
        }
        let expected = cells.number("return")?;
        let until = cells.day("until")?;
        records.push((date, StatedView { assets, expected, confidence, until }));
    }
    Ok(records)
}

fn unknown(cells: &Cells<'_>, name: &str, universe: &Universe) -> Error {
    let place = format!("the assets, which {} line {} has a view of", cells.file, cells.line);
    let known = universe.tickers().to_vec();
    match Ticker::new(name) {
        Ok(asset) => walkfolio_core::Error::UnknownAsset { asset, place, known }.into(),
        Err(source) => Error::Market { file: cells.file.to_owned(), source },
    }
}

/// The assets of a sum with their weights; none if it is no sum.
fn combination(text: &str, is_name: impl Fn(&str) -> bool) -> Option<BTreeMap<String, f64>> {
    let text = text.replace('*', " ");
    let mut found = BTreeMap::new();
    let (mut sign, mut size, mut open) = (1.0, None, true);
    for part in text.split_whitespace() {
        let number = part.parse::<f64>().ok().filter(|value| value.is_finite() && !is_name(part));
        match (part, number) {
            ("+" | "-", _) => {
                if size.is_some() || (open && !found.is_empty()) {
                    return None;
                }
                sign = if part == "-" { -1.0 } else { 1.0 };
                open = true;
            }
            (_, Some(_)) if !open || size.is_some() => return None,
            (_, Some(number)) => size = Some(number),
            _ if !open => return None,
            _ => {
                let (turned, name) = match part.strip_prefix('-') {
                    Some(name) if !is_name(part) => (-1.0, name),
                    _ => (1.0, part),
                };
                let weight = turned * sign * size.take().unwrap_or(1.0);
                if found.insert(name.to_owned(), weight).is_some() {
                    return None;
                }
                (sign, open) = (1.0, false);
            }
        }
    }
    (!found.is_empty() && size.is_none() && !open).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(text: &str) -> Option<Vec<(String, f64)>> {
        combination(text, |name| name == "7203").map(|found| found.into_iter().collect())
    }

    fn pairs<const N: usize>(all: [(&str, f64); N]) -> Vec<(String, f64)> {
        all.map(|(name, weight)| (name.to_owned(), weight)).to_vec()
    }

    #[test]
    fn sums_of_assets_are_read() {
        assert_eq!(sum("XLK"), Some(pairs([("XLK", 1.0)])));
        assert_eq!(sum("XLK - BRK-B"), Some(pairs([("BRK-B", -1.0), ("XLK", 1.0)])));
        assert_eq!(sum("0.5 A + 0.5*B - C"), Some(pairs([("A", 0.5), ("B", 0.5), ("C", -1.0)])));
        assert_eq!(sum("-XLF + XLK"), Some(pairs([("XLF", -1.0), ("XLK", 1.0)])));
        assert_eq!(sum("2 7203"), Some(pairs([("7203", 2.0)])));
        for text in ["", "A B", "A -", "0.5", "A + + B", "A - A", "0.5 0.5 A", "2 - A"] {
            assert_eq!(sum(text), None, "{text}");
        }
    }

    fn read(text: &str) -> Result<LoadedViews> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("views.csv");
        std::fs::write(&path, text).unwrap();
        let request =
            ViewsRequest { name: "v".into(), path, csv: CsvForm::default(), horizon: None };
        read_views(&request, &Universe::new(["XLE", "XLF"]).unwrap())
    }

    #[test]
    fn a_header_alone_is_no_view() {
        let found = read("date,view,return\n").unwrap();
        assert!(found.views.records().is_empty());
        assert_eq!((found.record.rows, found.record.first), (0, None));
        assert!(read("date,view\n").unwrap_err().to_string().contains("has no column return"));
    }

    #[test]
    fn each_bad_row_is_refused_with_its_place() {
        let cases = [
            ("XLE - XLF,0.02,80", "line 2, column confidence, has \"80\"; a confidence is a share"),
            ("XLE less XLF,0.02,1", "line 2, column view, has \"XLE less XLF\"; a view is a sum"),
            ("XLE - GLD,0.02,1", "GLD is not"),
            ("XLE,much,1", "line 2, column return, has \"much\""),
        ];
        for (row, expected) in cases {
            let text = format!("date,view,return,confidence\n2024-01-31,{row}\n");
            let error = read(&text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_row_without_a_return_withdraws_a_view() {
        let text = "date,view,return,until\n2024-03-01,XLE,,\n2024-01-31,XLE,0.02,2024-06-30\n";
        let views = read(text).unwrap().views;
        let shown: Vec<_> = views.records().iter().map(|(_, view)| view.expected).collect();
        assert_eq!(shown, [Some(0.02), None]);
        assert_eq!(views.records()[0].1.until, Some(Date::constant(2024, 6, 30)));
        assert_eq!(views.records()[0].1.confidence, 0.5);
    }
}
