//! A small CSV of users: cells by the name of their column.

use std::collections::BTreeMap;

use walkfolio_core::{Date, Note};

use crate::dialect::{self, CsvForm, Forms, Rows, Sheet, Uses, is_date_name, is_missing};
use crate::{Error, Result};

/// Reads a file with `body`, in the forms that it is written in; what a study states of its price
/// files decides only what is open.
pub(crate) fn read<T>(
    file: &str,
    text: &str,
    stated: &CsvForm,
    body: impl Fn(&mut Cells<'_>) -> Result<T>,
) -> Result<(T, Vec<Note>)> {
    match of_form(file, text, &CsvForm::default(), &body) {
        Err(Error::Form { .. }) if *stated != CsvForm::default() => {
            of_form(file, text, stated, &body)
        }
        read => read,
    }
}

fn of_form<T>(
    file: &str,
    text: &str,
    form: &CsvForm,
    body: impl Fn(&mut Cells<'_>) -> Result<T>,
) -> Result<(T, Vec<Note>)> {
    let sheet = Sheet::open(file, text, form)?;
    let places = places(&sheet)?;
    let is_text = |name: &str| {
        ["asset", "ticker", "tickers", "constituent", "symbol", "name", "sector", "view"]
            .contains(&name)
    };
    let is_day = |name: &str| ["date", "start", "end", "until"].contains(&name);
    let of = |keep: &dyn Fn(&str) -> bool| -> Vec<usize> {
        places.iter().filter(|(name, _)| keep(name)).map(|(_, place)| *place).collect()
    };
    let numbers = of(&|name| !is_text(name) && !is_day(name));
    let ticker = of(&|name| ["asset", "ticker", "symbol", "view"].contains(&name)).first().copied();
    let uses = Uses { dates: of(&is_day), numbers, ticker, ..Uses::default() };
    dialect::read(&sheet, &uses, |forms| {
        body(&mut Cells { file, rows: sheet.rows(forms)?, forms, line: 1, places: &places })
    })
}

/// The columns by their names in lower case; that of the dates is `date`, whatever it is called.
fn places(sheet: &Sheet<'_>) -> Result<BTreeMap<String, usize>> {
    let mut places = BTreeMap::new();
    for (place, name) in sheet.names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        let name = name.to_lowercase();
        if let Some(first) = places.insert(name.clone(), place) {
            let (file, column) = (sheet.file.to_owned(), name);
            let (first, second) = (first + 1, place + 1);
            return Err(Error::DuplicateColumn { file, column, first, second });
        }
    }
    let other = places.iter().find(|(name, _)| is_date_name(name)).map(|(_, place)| *place);
    if let (false, Some(place)) = (places.contains_key("date"), other) {
        places.insert("date".to_owned(), place);
    }
    Ok(places)
}

/// The lines of a file, their cells by the name of the column.
pub(crate) struct Cells<'a> {
    pub(crate) file: &'a str,
    rows: Rows<'a>,
    forms: &'a Forms,
    pub(crate) line: usize,
    places: &'a BTreeMap<String, usize>,
}

impl Cells<'_> {
    pub(crate) fn require(&self, columns: &[&str]) -> Result<()> {
        let lacking = columns.iter().find(|column| !self.places.contains_key(**column));
        lacking.map_or(Ok(()), |column| {
            Err(Error::NoColumn {
                file: self.file.to_owned(),
                column: (*column).to_owned(),
                found: self.places.keys().cloned().collect(),
            })
        })
    }

    pub(crate) fn next(&mut self) -> Result<bool> {
        let more = self.rows.next()?;
        if more {
            self.line = self.rows.line;
            self.rows.check_width()?;
        }
        Ok(more)
    }

    pub(crate) fn text(&self, column: &str) -> &str {
        let place = self.places.get(column);
        place.and_then(|&place| self.rows.record.get(place)).unwrap_or_default()
    }

    pub(crate) fn has(&self, column: &str) -> bool {
        self.places.contains_key(column)
    }

    /// The day of a column; none where the cell is empty.
    pub(crate) fn day(&self, column: &str) -> Result<Option<Date>> {
        let value = self.text(column);
        if is_missing(value) {
            return Ok(None);
        }
        self.forms.date(value).map(Some).ok_or_else(|| self.bad_date(value))
    }

    /// The day of the column `date`.
    pub(crate) fn date(&self) -> Result<Date> {
        self.day("date")?.ok_or_else(|| self.bad_date(self.text("date")))
    }

    pub(crate) fn bad_date(&self, value: &str) -> Error {
        self.rows.bad_date(value)
    }

    pub(crate) fn number(&self, column: &str) -> Result<Option<f64>> {
        let value = self.text(column);
        if is_missing(value) {
            return Ok(None);
        }
        let number = self.forms.number(value).filter(|number| number.is_finite());
        let rule = "a value must be a number, or empty where it is not known";
        number.map(Some).ok_or_else(|| self.bad_cell(column, value, rule))
    }

    pub(crate) fn bad_cell(&self, column: &str, value: &str, rule: &'static str) -> Error {
        self.rows.bad_cell(column, value, rule)
    }
}
