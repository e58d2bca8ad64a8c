//! The CSV of FRED, the data of the Federal Reserve Bank of St. Louis.

use schemars::JsonSchema;

use super::price_layout::{Contents, Fit, Head, Input, PriceLayout};
use crate::dialect::{self, Forms, Rows, Sheet, Uses};
use crate::series::{Basis, Series, ticker};
use crate::source::Content;
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
        let sheet = Sheet::open(file, &text, input.csv)?;
        if sheet.names.len() < 2 {
            return Err(Error::NoPriceColumn { file: file.to_owned(), header: sheet.names });
        }
        let numbers = (1..sheet.names.len()).collect();
        let uses = Uses { dates: vec![0], numbers, ..Uses::default() };
        let (series, notes) = dialect::read(&sheet, &uses, |forms| series(&sheet, forms))?;
        Ok(Contents::Series(series, notes))
    }
}

fn series(sheet: &Sheet<'_>, forms: &Forms) -> Result<Vec<Series>> {
    let file = sheet.file;
    let empty = |name: &String| Ok(Series::empty(ticker(file, name)?, Basis::Unstated, "FRED CSV"));
    let mut series: Vec<Series> = sheet.names[1..].iter().map(empty).collect::<Result<_>>()?;
    let mut rows = sheet.rows(forms)?;
    while rows.next()? {
        push(&rows, forms, &mut series)?;
    }
    series.into_iter().map(|own| own.settle(file)).collect()
}

/// Adds a row to every series.
fn push(rows: &Rows<'_>, forms: &Forms, series: &mut [Series]) -> Result<()> {
    rows.check_width()?;
    let date = rows.date(forms, 0)?;
    for (at, own) in series.iter_mut().enumerate() {
        let rule = "a value must be a number, or a dot where there is none";
        own.close.push(rows.number(forms, (at + 1, own.ticker.as_str()), rule)?);
        own.dates.push(date);
        own.lines.push(rows.line);
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
        assert_eq!((series[1].close.get(1), series[1].format), (Some(37_715.04), "FRED CSV"));
        let text = "observation_date,SP500\n2024-01-02,closed\n";
        let error = parse("x.csv", text.as_bytes(), None, &Ticker::new("X").unwrap()).unwrap_err();
        insta::assert_snapshot!(error, @r#"x.csv line 2, column SP500, has "closed"; a value must be a number, or a dot where there is none"#);
    }
}
