//! The CSV of FRED, the data of the Federal Reserve Bank of St. Louis.

use csv::StringRecord;
use schemars::JsonSchema;

use super::price_layout::{Contents, Fit, Head, Input, PriceLayout};
use crate::csv_file::{damaged, is_missing, line_of, reader};
use crate::series::{Basis, Series, ticker};
use crate::source::Content;
use crate::table::{DATE_RULE, parse_date};
use crate::{Error, Result};

/// Downloads of FRED: `observation_date`, then a column a series; a dot is a missing value.
#[derive(JsonSchema)]
pub(crate) struct Fred;

impl PriceLayout for Fred {
    const WORD: &'static str = "fred";

    fn recognizes(head: &Head<'_>) -> Option<Fit> {
        let first = head.header.names.first();
        first.is_some_and(|name| name == "observation_date").then_some(Fit::Certain)
    }

    fn read(input: &Input<'_>) -> Result<Contents> {
        if input.content != Content::Text {
            return Err(input.wrong_kind());
        }
        let (file, text) = (input.file, input.text()?);
        let names = input.names()?;
        if names.len() < 2 {
            return Err(Error::NoPriceColumn { file: file.to_owned(), header: names });
        }
        let empty = |name: &String| Ok(Series::empty(ticker(file, name)?, Basis::Unstated, "FRED CSV"));
        let mut series: Vec<Series> = names[1..].iter().map(empty).collect::<Result<_>>()?;
        let mut reader = reader(&text);
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| damaged(file, &error))? {
            push(file, line_of(&text, &record), &record, &mut series)?;
        }
        Ok(Contents::Series(
            series.into_iter().map(|own| own.settle(file)).collect::<Result<_>>()?,
        ))
    }
}

/// Adds a row to every series.
fn push(file: &str, line: usize, record: &StringRecord, series: &mut [Series]) -> Result<()> {
    let (expected, found) = (series.len() + 1, record.len());
    if found != expected {
        return Err(Error::RaggedRow { file: file.to_owned(), line, expected, found });
    }
    let text = &record[0];
    let date = parse_date(text).ok_or_else(|| Error::BadDate {
        file: file.to_owned(),
        line,
        value: text.to_owned(),
        rule: DATE_RULE,
    })?;
    for (own, text) in series.iter_mut().zip(record.iter().skip(1)) {
        let value = if text == "." || is_missing(text) {
            None
        } else {
            Some(text.parse().map_err(|_| Error::BadCell {
                file: file.to_owned(),
                line,
                column: own.ticker.to_string(),
                value: text.to_owned(),
                rule: "a value must be a number, or a dot where there is none",
            })?)
        };
        own.dates.push(date);
        own.lines.push(line);
        own.close.push(value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use walkfolio_core::Ticker;

    use crate::layout::parse;

    #[test]
    fn a_dot_is_a_holiday_and_the_column_names_the_series() {
        let text = "observation_date,SP500,DJIA\n2024-01-01,.,.\n2024-01-02,4742.83,37715.04\n";
        let series = parse("x.csv", text.as_bytes(), None, &Ticker::new("X").unwrap()).unwrap();
        let tickers: Vec<&str> = series.iter().map(|own| own.ticker.as_str()).collect();
        assert_eq!(tickers, ["SP500", "DJIA"]);
        assert_eq!(series[0].close, [None, Some(4742.83)]);
        assert_eq!((series[1].close[1], series[1].format), (Some(37_715.04), "FRED CSV"));
        let text = "observation_date,SP500\n2024-01-02,n.a.\n";
        let error = parse("x.csv", text.as_bytes(), None, &Ticker::new("X").unwrap()).unwrap_err();
        insta::assert_snapshot!(error, @r#"x.csv line 2, column SP500, has "n.a."; a value must be a number, or a dot where there is none"#);
    }
}
