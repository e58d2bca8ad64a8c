//! Tables with a header row of fields and one of tickers, CSV or Parquet.

use schemars::JsonSchema;
use walkfolio_core::Ticker;

use super::multi_parquet;
use super::price_layout::{Contents, Fit, Head, Input, PriceLayout};
use super::record::{self, Header};
use crate::dialect::{Sheet, is_date, is_date_name, is_value};
use crate::series::ticker;
use crate::source::Content;
use crate::{Error, Result};

/// Two or three header rows, of fields and of tickers in either order, as yfinance and pandas write.
#[derive(JsonSchema)]
pub(crate) struct MultiHeader;

impl PriceLayout for MultiHeader {
    const WORD: &'static str = "multi_header";

    fn recognizes(head: &Head<'_>) -> Option<Fit> {
        Stacked::find(&head.header.names, &head.below).map(|_| Fit::Certain)
    }

    fn read(input: &Input<'_>) -> Result<Contents> {
        let file = input.file;
        match input.content {
            Content::Parquet => {
                let stacked = Stacked::find(&input.names()?, &[]).ok_or_else(|| none(file))?;
                let headers = stacked.headers(file, input.wanted)?;
                Ok(Contents::Series(multi_parquet::read(file, input.data, &headers, input.bars)?, Vec::new()))
            }
            Content::Text => {
                let text = input.text()?;
                let sheet = Sheet::open(file, &text, input.csv)?;
                let stacked = Stacked::find(&sheet.names, &sheet.below(2)?);
                let stacked = stacked.ok_or_else(|| none(file))?;
                let headers = stacked.headers(file, input.wanted)?;
                let (series, notes) = record::read(input, &sheet.skipping(stacked.more), &headers)?;
                Ok(Contents::Series(series, notes))
            }
            _ => Err(input.wrong_kind()),
        }
    }
}

fn none(file: &str) -> Error {
    let found = "it has no header row of fields with one of tickers".to_owned();
    Error::NoDateColumn { file: file.to_owned(), found }
}

/// The field and the ticker of each column but that of the dates.
#[derive(Debug)]
struct Stacked {
    fields: Vec<String>,
    tickers: Vec<String>,
    date: usize,
    /// Rows of the header below its first.
    more: usize,
    yfinance: bool,
}

impl Stacked {
    /// `below` are the rows below the first one; a Parquet file has the names `('Close', 'SPY')`.
    fn find(names: &[String], below: &[Vec<String>]) -> Option<Self> {
        if names.iter().any(|name| name.starts_with("('")) {
            return Self::of_tuples(names);
        }
        let second = below.first().filter(|row| row.len() == names.len() && row.len() > 1)?;
        // Tickers may be numbers, but a row of data has a date.
        if is_value(&second[0]) || second.iter().any(|cell| is_date(cell)) {
            return None;
        }
        let (fields, tickers) = match (are_fields(&names[1..]), are_fields(&second[1..])) {
            (true, _) => (filled(names, second), filled(second, names)),
            (false, true) => (second.clone(), filled(names, second)),
            (false, false) => return None,
        };
        if tickers[1..].iter().all(String::is_empty) {
            return None;
        }
        let index = |row: &Vec<String>| {
            (is_date_name(&row[0]) || row[0].is_empty()) && row[1..].iter().all(String::is_empty)
        };
        let yfinance = ["Price", "Ticker"].contains(&names[0].as_str());
        let more = if below.get(1).is_some_and(index) { 2 } else { 1 };
        Some(Self { fields, tickers, date: 0, more, yfinance })
    }

    fn of_tuples(names: &[String]) -> Option<Self> {
        let pair = |name: &String| -> Option<(String, String)> {
            let inner = name.strip_prefix('(')?.strip_suffix(')')?;
            let (a, b) = inner.split_once(", ")?;
            let bare = |text: &str| text.trim_matches(['\'', '"']).to_owned();
            Some((bare(a), bare(b)))
        };
        let pairs: Vec<Option<(String, String)>> = names.iter().map(pair).collect();
        let is_date = |at: &usize| match &pairs[*at] {
            None => is_date_name(&names[*at]),
            Some((a, b)) => is_date_name(a) && b.is_empty(),
        };
        let date = (0..names.len()).find(is_date)?;
        let side = |own: fn(&(String, String)) -> &String| -> Vec<String> {
            let name = |pair: &Option<(String, String)>| pair.as_ref().map_or_else(String::new, |pair| own(pair).clone());
            pairs.iter().map(name).collect()
        };
        let (first, second) = (side(|pair| &pair.0), side(|pair| &pair.1));
        let bare = |row: &[String]| -> Vec<String> {
            (0..row.len()).filter(|at| *at != date).map(|at| row[at].clone()).collect()
        };
        let (fields, tickers) =
            if are_fields(&bare(&first)) { (first, second) } else { (second, first) };
        are_fields(&bare(&fields)).then_some(Self { fields, tickers, date, more: 0, yfinance: true })
    }

    /// The columns of each ticker, as if they were a file of their own: of the requested ones if the
    /// file has them all.
    fn headers(&self, file: &str, wanted: &[Ticker]) -> Result<Vec<(Ticker, Header)>> {
        let mut names: Vec<&str> = Vec::new();
        for (at, name) in self.tickers.iter().enumerate() {
            if at != self.date && !name.is_empty() && !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        if !wanted.is_empty() && wanted.iter().all(|ticker| names.contains(&ticker.as_str())) {
            names.retain(|name| wanted.iter().any(|ticker| ticker.as_str() == *name));
        }
        let header = |name: &str| {
            let own = |at: usize| self.tickers[at] == name && at != self.date;
            let field = |at: usize| if own(at) { self.fields[at].clone() } else { String::new() };
            let mut columns: Vec<String> = (0..self.fields.len()).map(field).collect();
            "date".clone_into(&mut columns[self.date]);
            let header = Header::find(&columns).checked(file)?;
            Ok((ticker(file, name)?, if self.yfinance { header.of_yfinance() } else { header }))
        };
        names.into_iter().map(header).collect()
    }
}

/// Whether names are those of the fields of a price record, a price among them.
fn are_fields(names: &[String]) -> bool {
    let named: Vec<String> = names.iter().filter(|name| !name.is_empty()).cloned().collect();
    let header = Header::find(&named);
    !named.is_empty() && header.is_priced() && header.strange == 0
}

/// A row in which merged cells have left blanks, over the columns of which the other row says something.
fn filled(row: &[String], other: &[String]) -> Vec<String> {
    let mut last = String::new();
    let mut own = |(at, cell): (usize, &String)| {
        if !cell.is_empty() && at > 0 {
            last.clone_from(cell);
        }
        if cell.is_empty() && other[at].is_empty() { String::new() } else { last.clone() }
    };
    row.iter().enumerate().map(&mut own).collect()
}
