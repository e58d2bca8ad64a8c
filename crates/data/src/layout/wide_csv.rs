//! Wide CSV: a column of dates, then one column a ticker.

use csv::StringRecord;
use walkfolio_core::Ticker;

use crate::csv_file::{damaged, is_missing, line_of, reader};
use crate::table::{DATE_RULE, Table, Values, locate, parse_date};
use crate::{Error, Result};

/// Reads the requested columns of a text; all others may hold anything.
pub(super) fn read(file: &str, text: &str, wanted: &[Ticker]) -> Result<Table> {
    let mut reader = reader(text);
    let header = reader.headers().map_err(|error| damaged(file, &error))?.clone();
    let names: Vec<&str> = header.iter().collect();
    check_date_column(file, &names)?;
    let places = locate(file, &names, wanted)?;
    // Columns that grow would take up to twice their size.
    let rows = text.bytes().filter(|byte| *byte == b'\n').count();
    let mut table = Table {
        dates: Vec::with_capacity(rows),
        lines: Vec::with_capacity(rows),
        columns: wanted.iter().map(|_| Values::with_capacity(rows)).collect(),
    };
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| damaged(file, &error))? {
        let row = Row { file, line: line_of(text, &record), record: &record };
        row.check_width(names.len())?;
        table.dates.push(row.date()?);
        table.lines.push(row.line);
        for ((column, &place), ticker) in table.columns.iter_mut().zip(&places).zip(wanted) {
            column.push(row.price(place, ticker)?);
        }
    }
    Ok(table)
}

fn check_date_column(file: &str, names: &[&str]) -> Result<()> {
    match names.first() {
        Some(first) if first.is_empty() || first.eq_ignore_ascii_case("date") => Ok(()),
        first => Err(Error::NoDateColumn {
            file: file.to_owned(),
            found: format!("its first column is {:?}", first.unwrap_or(&"")),
        }),
    }
}

/// A line of the file, with what its errors must name.
struct Row<'a> {
    file: &'a str,
    line: usize,
    record: &'a StringRecord,
}

impl Row<'_> {
    fn check_width(&self, expected: usize) -> Result<()> {
        let found = self.record.len();
        if found == expected {
            return Ok(());
        }
        Err(Error::RaggedRow { file: self.file.to_owned(), line: self.line, expected, found })
    }

    fn date(&self) -> Result<walkfolio_core::Date> {
        let text = &self.record[0];
        parse_date(text).ok_or_else(|| Error::BadDate {
            file: self.file.to_owned(),
            line: self.line,
            value: text.to_owned(),
            rule: DATE_RULE,
        })
    }

    fn price(&self, place: usize, ticker: &Ticker) -> Result<Option<f64>> {
        let text = &self.record[place];
        if is_missing(text) {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| Error::BadCell {
            file: self.file.to_owned(),
            line: self.line,
            column: ticker.to_string(),
            value: text.to_owned(),
            rule: "a price must be a number, or empty where the asset is not listed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            "date,SPY\n2024-01-02,49.01M\n",
            "date,SPY\n01/02/2024,1\n",
            "date,SPY\n2024-01-02,1,2\n",
            "date,SPY,SPY\n2024-01-02,1,2\n",
            "Data,SPY\n2024-01-02,1\n",
            "date;SPY\n2024-01-02;1\n",
            "date,spy\n2024-01-02,1\n",
        ]
        .iter()
        .map(|text| read("prices.csv", text, &tickers(&["SPY"])).unwrap_err())
        .map(|error| format!("{error}\n  hint: {}", error.hint().unwrap()))
        .collect();
        insta::assert_snapshot!(messages.join("\n"), @r#"
        prices.csv line 3, column SPY, has "1.2.3"; a price must be a number, or empty where the asset is not listed
          hint: write plain numbers with a decimal point: no thousands separators, units or signs of currency
        prices.csv line 2, column SPY, has "49.01M"; a price must be a number, or empty where the asset is not listed
          hint: write plain numbers with a decimal point: no thousands separators, units or signs of currency
        prices.csv line 2 has date "01/02/2024"; a date must be a day written 2024-03-28 or 20240328
          hint: write dates as 2024-03-28, without a time of day
        prices.csv line 2 has 3 cells; the header has 2
          hint: give every line one cell a column, empty where unlisted
        prices.csv has two columns named SPY, in places 2 and 3
          hint: keep one of the two columns, or rename one
        prices.csv has no date column: its first column is "Data"
          hint: name the column of dates `date`; in a CSV file put it first and separate cells by commas
        prices.csv has no date column: its first column is "date;SPY"
          hint: name the column of dates `date`; in a CSV file put it first and separate cells by commas
        asset SPY is not in prices.csv
          hint: did you mean spy?
        "#);
    }
}
