//! Wide CSV: a column of dates, and one column a ticker.

use walkfolio_core::{Note, Ticker};

use crate::dialect::{self, Forms, PRICE_RULE, Sheet, Uses};
use crate::table::{Table, Values, locate};
use crate::{Error, Result};

/// Reads the requested columns of a text; all others may hold anything.
pub(super) fn read(sheet: &Sheet<'_>, wanted: &[Ticker]) -> Result<(Table, Vec<Note>)> {
    let file = sheet.file;
    let names: Vec<&str> = sheet.names.iter().map(String::as_str).collect();
    let date = sheet.date_column()?.ok_or_else(|| Error::NoDateColumn {
        file: file.to_owned(),
        found: format!("its first column is {:?}", names.first().unwrap_or(&"")),
    })?;
    let places = locate(file, &names, wanted)?;
    let uses = Uses { dates: vec![date], numbers: places.clone(), ..Uses::default() };
    let columns = Columns { date, places: &places, wanted };
    dialect::read(sheet, &uses, |forms| columns.read(sheet, forms))
}

/// The columns that are read.
struct Columns<'a> {
    date: usize,
    places: &'a [usize],
    wanted: &'a [Ticker],
}

impl Columns<'_> {
    fn read(&self, sheet: &Sheet<'_>, forms: &Forms) -> Result<Table> {
        // Columns that grow would take up to twice their size.
        let lines = sheet.lines();
        let mut table = Table {
            dates: Vec::with_capacity(lines),
            lines: Vec::with_capacity(lines),
            columns: self.wanted.iter().map(|_| Values::with_capacity(lines)).collect(),
        };
        let mut rows = sheet.rows(forms)?;
        while rows.next()? {
            rows.check_width()?;
            table.dates.push(rows.date(forms, self.date)?);
            table.lines.push(rows.line);
            for ((column, &place), ticker) in
                table.columns.iter_mut().zip(self.places).zip(self.wanted)
            {
                column.push(rows.number(forms, (place, ticker.as_str()), PRICE_RULE)?);
            }
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::CsvForm;

    fn read(file: &str, text: &str, wanted: &[Ticker]) -> Result<Table> {
        super::read(&Sheet::open(file, text, &CsvForm::default())?, wanted).map(|(table, _)| table)
    }

    fn tickers(names: &[&str]) -> Vec<Ticker> {
        names.iter().map(|name| Ticker::new(name).unwrap()).collect()
    }

    #[test]
    fn columns_are_taken_by_name_in_the_order_asked_for() {
        let text = "\"\",QQQ, SPY ,junk\n20240102,1.5,,x\n\n2024-01-03,NaN,2e2,y\n";
        let table = read("prices.csv", text, &tickers(&["SPY", "QQQ"])).unwrap();
        assert_eq!(table.columns, [vec![None, Some(200.0)], vec![Some(1.5), None]]);
        assert_eq!(table.lines, [2, 4]);
        let table = read("prices.csv", &text.replace('\n', "\r\n"), &tickers(&["SPY"])).unwrap();
        assert_eq!(table.lines, [2, 4]);
    }

    #[test]
    fn each_error_names_its_place() {
        let messages: Vec<String> = [
            "date,SPY\n2024-01-02,1\n2024-01-03,1.2.3\n",
            "date,SPY\n2024-01-02,closed\n",
            "date,SPY\n01/02/2024,1\n",
            "date,SPY\n2024-01-02,1,2\n",
            "date,SPY,SPY\n2024-01-02,1,2\n",
            "Week,SPY\n2024-01-02,1\n",
            "week;SPY\n2024-01-02;1\n",
            "date,spy\n2024-01-02,1\n",
        ]
        .iter()
        .map(|text| read("prices.csv", text, &tickers(&["SPY"])).unwrap_err())
        .map(|error| format!("{error}\n  hint: {}", error.hint().unwrap()))
        .collect();
        insta::assert_snapshot!(messages.join("\n"), @r#"
        prices.csv line 3, column SPY, has "1.2.3"; a price must be a number, or empty where the asset is not listed
          hint: write plain numbers such as 1234.5, or leave the cell empty
        prices.csv line 2, column SPY, has "closed"; a price must be a number, or empty where the asset is not listed
          hint: write plain numbers such as 1234.5, or leave the cell empty
        prices.csv line 2 has date "01/02/2024", and no date of the file shows its order: it is 2024-02-01 as day/month/year (day_first), or 2024-01-02 as month/day/year (month_first)
          hint: state csv.date_order in the study's [market], such as csv = { date_order = "day_first" }, or write dates as 2024-03-28
        prices.csv line 2 has 3 cells; the header has 2
          hint: give every line one cell a column, empty where unlisted
        prices.csv has two columns named SPY, in places 2 and 3
          hint: keep one of the two columns, or rename one
        prices.csv has no date column: its first column is "Week"
          hint: name the column of dates `date`
        prices.csv has no date column: its first column is "week"
          hint: name the column of dates `date`
        asset SPY is not in prices.csv
          hint: did you mean spy?
        "#);
    }
}
