//! Reading a sheet in the forms that it is written in.

use walkfolio_core::Note;

use super::evidence::Evidence;
use super::forms::Forms;
use super::keys::{CsvForm, Delimiter};
use super::sheet::{Sheet, Uses};
use crate::{Error, Result};

/// Reads with plain forms, or else with those that the whole file shows; notes say which.
pub(crate) fn read<T>(
    sheet: &Sheet<'_>,
    uses: &Uses,
    body: impl Fn(&Forms) -> Result<T>,
) -> Result<(T, Vec<Note>)> {
    if may_be_plain(sheet, uses) {
        match body(&Forms::PLAIN) {
            Err(
                Error::BadDate { .. }
                | Error::BadCell { .. }
                | Error::RaggedRow { .. }
                | Error::Intraday { .. },
            ) => {}
            done => return done.map(|read| (read, notes(sheet, None))),
        }
    }
    let forms = Evidence::of(sheet, uses)?.settle(sheet, uses)?;
    Ok((body(&forms)?, notes(sheet, Some(&forms))))
}

fn may_be_plain(sheet: &Sheet<'_>, uses: &Uses) -> bool {
    let CsvForm { decimal, date_format, .. } = sheet.stated;
    let semicolon = sheet.shape.delimiter == Delimiter::Semicolon;
    decimal.is_none() && date_format.is_none() && !semicolon && !uses.epoch
}

/// What was inferred, in one line.
fn notes(sheet: &Sheet<'_>, forms: Option<&Forms>) -> Vec<Note> {
    let mut said = Vec::new();
    if sheet.shape.delimiter != Delimiter::Comma {
        said.push(format!("cells between {}", sheet.shape.delimiter.name()));
    }
    if sheet.shape.preamble {
        said.push(format!("header in line {}", sheet.shape.above + 1));
    }
    said.extend(forms.into_iter().flat_map(Forms::said));
    let name = std::path::Path::new(sheet.file).file_name().unwrap_or_default();
    let note = || Note::info(format!("{}: {}", name.display(), said.join(", ")));
    (!said.is_empty()).then(note).into_iter().collect()
}
