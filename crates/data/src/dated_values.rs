//! Values by date and name, long or wide, CSV or Parquet: forecasts, weights, capitalizations.

use std::path::Path;

use walkfolio_core::{Date, Note};

use crate::cells;
use crate::dialect::{self, CsvForm, Sheet, Uses};
use crate::layout::date_place;
use crate::loaded::SourceRecord;
use crate::parquet_file::{Cells, Days, damaged, open, value_places};
use crate::source::{Accepts, Content, Data, Source};
use crate::{Error, Result};

/// The columns of a long file that name what a value is of.
const NAMES: [&str; 4] = ["asset", "ticker", "symbol", "name"];

const RULE: &str = "a value must be a number, or empty where it is not known";

/// What is read, and for what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) role: &'static str,
    /// What the column of values of a long file may be called, in lower case.
    pub(crate) columns: &'a [&'a str],
    pub(crate) csv: &'a CsvForm,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DatedValue {
    pub(crate) date: Date,
    pub(crate) name: String,
    pub(crate) value: f64,
}

/// The values of a file, in its order.
#[derive(Debug)]
pub(crate) struct DatedValues {
    /// The path as given.
    pub(crate) file: String,
    pub(crate) values: Vec<DatedValue>,
    pub(crate) notes: Vec<Note>,
    pub(crate) record: SourceRecord,
}

impl Values<'_> {
    /// Reads a file: a row a date and name, where it has a column of names, else a column a name.
    ///
    /// # Errors
    /// Those of the file, a missing column, a cell that is not a number, [`Error::NoSignal`] without any value.
    pub(crate) fn read(self, path: &Path) -> Result<DatedValues> {
        let kinds = &[Content::Text, Content::Parquet];
        let accepts = Accepts { role: self.role, kinds, described: "CSV, Excel or Parquet" };
        let source = Source::read(path, accepts)?;
        let file = source.file.clone();
        let (values, notes, format) = if source.content == Content::Parquet {
            let (values, format) = self.of_parquet(&file, &source.data)?;
            (values, Vec::new(), format)
        } else {
            let text = source.text()?;
            let sheet = Sheet::open(&file, &text, self.csv)?;
            if sheet.names.iter().any(|name| is_name(name)) {
                let (values, notes) = self.of_long(&file, &text)?;
                (values, notes, "long CSV")
            } else {
                let (values, notes) = of_wide(&file, &sheet)?;
                (values, notes, "wide CSV")
            }
        };
        let dates = || values.iter().map(|value| value.date);
        let (first, last) = (dates().min(), dates().max());
        if first.is_none() {
            return Err(Error::NoSignal { file });
        }
        let record = SourceRecord {
            role: self.role,
            name: source.name,
            format,
            sha256: source.sha256,
            rows: values.len(),
            first,
            last,
            vintage: None,
        };
        Ok(DatedValues { file, values, notes, record })
    }

    fn of_long(self, file: &str, text: &str) -> Result<(Vec<DatedValue>, Vec<Note>)> {
        cells::read(file, text, self.csv, |cells| {
            cells.require(&["date"])?;
            let name = NAMES.iter().find(|name| cells.has(name)).copied().unwrap_or(NAMES[0]);
            let Some(column) = self.columns.iter().find(|column| cells.has(column)) else {
                cells.require(&self.columns[..1])?;
                return Ok(Vec::new());
            };
            let mut values = Vec::new();
            while cells.next()? {
                let date = cells.date()?;
                if let Some(value) = cells.number(column)? {
                    values.push(DatedValue { date, name: cells.text(name).to_owned(), value });
                }
            }
            Ok(values)
        })
    }

    fn of_parquet(self, file: &str, data: &Data) -> Result<(Vec<DatedValue>, &'static str)> {
        let stored = open(file, data)?;
        let names: Vec<String> = stored.names().map(str::to_owned).collect();
        let texts: Vec<&str> = names.iter().map(String::as_str).collect();
        let no_date = || {
            let found = "none of its columns is named date".to_owned();
            Error::NoDateColumn { file: file.to_owned(), found }
        };
        let at = date_place(&texts).ok_or_else(no_date)?;
        let days = Days::of(file, &stored, at)?;
        let mut columns = Columns { file, stored: &stored, dates: Vec::new() };
        columns.dates = columns.each(at, |cells, before| cells.dates(before, &days))?;
        if let Some(name) = names.iter().position(|name| is_name(name)) {
            let value = self
                .columns
                .iter()
                .find_map(|column| names.iter().position(|name| name.eq_ignore_ascii_case(column)));
            let column = || self.columns[0].to_owned();
            let value = value.ok_or_else(|| Error::NoColumn {
                file: file.to_owned(),
                column: column(),
                found: names.clone(),
            })?;
            let tickers = |cells: Cells<'_>, _| {
                cells.tickers().map(|all| all.into_iter().map(str::to_owned).collect())
            };
            let of = columns.each(name, tickers)?;
            let value = columns.each(value, |cells, _| cells.prices())?;
            let all = columns.dates.iter().zip(of).zip(value);
            let some = all.filter_map(|((&date, name), value)| {
                Some(DatedValue { date, name, value: value? })
            });
            return Ok((some.collect(), "long Parquet"));
        }
        let mut values = Vec::new();
        for place in value_places(file, &stored, Some(at))? {
            let own = columns.each(place, |cells, _| cells.prices())?;
            values.extend(columns.dates.iter().zip(own).filter_map(|(&date, value)| {
                Some(DatedValue { date, name: names[place].clone(), value: value? })
            }));
        }
        Ok((values, "wide Parquet"))
    }
}

fn is_name(column: &str) -> bool {
    NAMES.iter().any(|name| column.eq_ignore_ascii_case(name))
}

fn of_wide(file: &str, sheet: &Sheet<'_>) -> Result<(Vec<DatedValue>, Vec<Note>)> {
    let at = sheet.date_column()?.ok_or_else(|| Error::NoDateColumn {
        file: file.to_owned(),
        found: "none of its columns is named date".to_owned(),
    })?;
    let numbers = sheet.value_columns(Some(at))?;
    let uses = Uses { dates: vec![at], numbers: numbers.clone(), ..Uses::default() };
    dialect::read(sheet, &uses, |forms| {
        let mut rows = sheet.rows(forms)?;
        let mut values = Vec::new();
        while rows.next()? {
            rows.check_width()?;
            let date = rows.date(forms, at)?;
            for &place in &numbers {
                let name = &sheet.names[place];
                if let Some(value) = rows.number(forms, (place, name), RULE)? {
                    values.push(DatedValue { date, name: name.clone(), value });
                }
            }
        }
        Ok(values)
    })
}

/// The columns of a Parquet file, read one after the other.
struct Columns<'a> {
    file: &'a str,
    stored: &'a walkfolio_columns::Table<Data>,
    dates: Vec<Date>,
}

impl Columns<'_> {
    /// All values of a column; `read` is told how many came before.
    fn each<T>(
        &self,
        place: usize,
        read: impl Fn(Cells<'_>, usize) -> Result<Vec<T>>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        for piece in self.stored.pieces(&[place]) {
            for column in piece.map_err(|error| damaged(self.file, &error))? {
                all.extend(read(Cells { file: self.file, column: &column }, all.len())?);
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use walkfolio_columns::Column;

    use super::*;

    fn read(folder: &Path, name: &str, bytes: &[u8]) -> Result<DatedValues> {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        let csv = CsvForm::default();
        Values { role: "forecasts", columns: &["forecast", "value"], csv: &csv }.read(&path)
    }

    fn shown(read: &DatedValues) -> Vec<String> {
        let one = |own: &DatedValue| format!("{} {} {}", own.date, own.name, own.value);
        let mut all: Vec<String> = read.values.iter().map(one).collect();
        all.sort();
        all
    }

    #[test]
    fn long_and_wide_files_of_both_kinds_say_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let expected = ["2024-01-31 XLE 0.1", "2024-01-31 XLF 0.2", "2024-02-29 XLE -0.3"];
        let long = "Date,Ticker,Forecast\n2024-01-31,XLE,0.1\n2024-01-31,XLF,0.2\n2024-02-29,XLE,-0.3\n2024-02-29,XLF,\n";
        let wide = "date,XLE,XLF\n2024-01-31,0.1,0.2\n2024-02-29,-0.3,\n";
        let german = "Datum;XLE;XLF\n31.01.2024;0,1;0,2\n29.02.2024;-0,3;\n";
        for (name, text) in [("long.csv", long), ("wide.csv", wide), ("german.csv", german)] {
            let found = read(folder.path(), name, text.as_bytes()).unwrap();
            assert_eq!(shown(&found), expected, "{name}");
            assert_eq!(found.record.rows, 3);
        }
        let day = |month, day| Some(Date::constant(2024, month, day));
        let (first, last) = (day(1, 31), day(2, 29));
        let wide = [
            Column::dates("date", [first, last]),
            Column::numbers("XLE", vec![Some(0.1), Some(-0.3)]),
            Column::numbers("XLF", vec![Some(0.2), None]),
        ];
        let long = [
            Column::dates("date", [first, first, last]),
            Column::texts("asset", ["XLE", "XLF", "XLE"].map(Some)),
            Column::numbers("value", vec![Some(0.1), Some(0.2), Some(-0.3)]),
        ];
        for (name, columns) in [("wide.parquet", &wide), ("long.parquet", &long)] {
            let bytes = walkfolio_columns::write(columns, "x").unwrap();
            let found = read(folder.path(), name, &bytes).unwrap();
            assert_eq!(shown(&found), expected, "{name}");
        }
    }

    #[test]
    fn what_is_not_a_value_is_refused_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let cases = [
            ("date,XLE\n2024-01-31,high\n", "line 2, column XLE, has \"high\""),
            ("date,asset,weight\n2024-01-31,XLE,1\n", "has no column forecast"),
            ("date,XLE\n2024-01-31,\n", "has no value of any asset"),
            ("day_of_reading,XLE\nx,1\n", "date"),
        ];
        for (text, expected) in cases {
            let error = read(folder.path(), "x.csv", text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
