//! Yahoo's chart service, version 8: `{"chart": {"result": [..], "error": null}}`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use walkfolio_core::{Date, Ticker};

use super::price_layout::{Contents, Fit, Head, Input, PriceLayout};
use crate::series::{Basis, Dividend, Series, Split};
use crate::source::Content;
use crate::{Error, Result};

/// Responses of Yahoo's chart service.
#[derive(JsonSchema)]
pub(crate) struct YahooChart;

impl PriceLayout for YahooChart {
    const WORD: &'static str = "yahoo_chart";

    fn recognizes(head: &Head<'_>) -> Option<Fit> {
        (head.content == Content::Json).then_some(Fit::Certain)
    }

    fn read(input: &Input<'_>) -> Result<Contents> {
        if input.content != Content::Json {
            return Err(input.wrong_kind());
        }
        Ok(Contents::Series(vec![parse(input.file, &input.text()?, input.named, input.bars)?], Vec::new()))
    }
}

#[derive(Deserialize)]
struct Body {
    #[serde(alias = "finance")]
    chart: Chart,
}

#[derive(Deserialize)]
struct Chart {
    result: Option<Vec<Outcome>>,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    code: Option<String>,
    description: Option<String>,
}

#[derive(Deserialize)]
struct Outcome {
    meta: Meta,
    #[serde(default)]
    timestamp: Vec<Option<i64>>,
    #[serde(default)]
    events: Events,
    indicators: Indicators,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    currency: Option<String>,
    symbol: String,
    #[serde(default)]
    #[serde(rename = "gmtoffset")]
    offset: i64,
    data_granularity: Option<String>,
    regular_market_time: Option<i64>,
    current_trading_period: Option<Periods>,
}

#[derive(Deserialize)]
struct Periods {
    regular: Period,
}

#[derive(Deserialize)]
struct Period {
    start: i64,
    end: i64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Events {
    dividends: BTreeMap<String, Paid>,
    splits: BTreeMap<String, Parts>,
}

#[derive(Deserialize)]
struct Paid {
    amount: f64,
    date: i64,
    currency: Option<String>,
}

#[derive(Deserialize)]
struct Parts {
    date: i64,
    numerator: f64,
    denominator: f64,
}

#[derive(Deserialize)]
struct Indicators {
    #[serde(default)]
    quote: Vec<Quote>,
    #[serde(default)]
    adjclose: Vec<Adjusted>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Quote {
    open: Vec<Option<f64>>,
    close: Vec<Option<f64>>,
    volume: Vec<Option<f64>>,
}

#[derive(Deserialize)]
struct Adjusted {
    #[serde(default)]
    adjclose: Vec<Option<f64>>,
}

/// Reads a response; `ticker` is what was asked for.
///
/// A timestamp is the opening of a session or the midnight that begins it, in UTC; its date is the
/// exchange's own, by `gmtoffset`. That is the offset of today: seen from winter a summer's
/// midnight stands at 23:00 of the day before, which is taken for what it is. A close of a session
/// that was not over is none. Pence, cents and agorot become pounds, rand and shekels.
fn parse(file: &str, text: &str, ticker: &Ticker, bars: bool) -> Result<Series> {
    let body: Body = serde_json::from_str(text).map_err(|error| damaged(file, &error))?;
    if let Some(refusal) = body.chart.error {
        let parts = [refusal.code, refusal.description];
        let reason = parts.into_iter().flatten().collect::<Vec<_>>().join(": ");
        return Err(Error::Refused { file: file.to_owned(), reason });
    }
    let outcome = body.chart.result.unwrap_or_default().into_iter().next();
    let outcome = outcome.ok_or_else(|| Error::NoSessions { file: file.to_owned() })?;
    check(file, &outcome, ticker)?;
    build(file, &outcome, bars)?.settle(file)
}

fn damaged(file: &str, reason: &dyn std::fmt::Display) -> Error {
    Error::Damaged { file: file.to_owned(), reason: reason.to_string() }
}

fn check(file: &str, outcome: &Outcome, ticker: &Ticker) -> Result<()> {
    let file = file.to_owned();
    let found = &outcome.meta.symbol;
    if !found.eq_ignore_ascii_case(ticker.as_str()) {
        return Err(Error::OtherTicker { file, asked: ticker.clone(), found: found.clone() });
    }
    if let Some(found) = outcome.meta.data_granularity.as_ref().filter(|bars| *bars != "1d") {
        return Err(Error::NotDailyBars { file, found: found.clone() });
    }
    let quotes = outcome.indicators.quote.first().map_or(0, |quote| quote.close.len());
    if outcome.timestamp.is_empty() {
        return Err(if quotes > 0 {
            Error::NoTimestamps { file, quotes }
        } else {
            Error::NoSessions { file }
        });
    }
    let adjusted = outcome.indicators.adjclose.first().map_or(quotes, |own| own.adjclose.len());
    let rows = outcome.timestamp.len();
    if quotes != rows || adjusted != rows {
        let reason = format!("{rows} timestamps, {quotes} closes and {adjusted} adjusted closes");
        return Err(damaged(&file, &reason));
    }
    Ok(())
}

fn build(file: &str, outcome: &Outcome, bars: bool) -> Result<Series> {
    let clock = Clock { file, meta: &outcome.meta };
    let (currency, unit) = unit(outcome.meta.currency.as_deref());
    let quote = outcome.indicators.quote.first();
    let closes = quote.map(|quote| quote.close.as_slice()).unwrap_or_default();
    let adjusted = outcome.indicators.adjclose.first().map(|own| own.adjclose.as_slice());
    let volumes = quote.map(|quote| quote.volume.as_slice()).unwrap_or_default();
    let mut dates: Vec<Date> = Vec::with_capacity(closes.len());
    let mut rows: Vec<usize> = Vec::with_capacity(closes.len());
    for (row, stamp) in outcome.timestamp.iter().enumerate() {
        let stamp =
            stamp.ok_or_else(|| damaged(file, &format!("timestamp {} is null", row + 1)))?;
        let date = clock.date(stamp)?;
        // While a session is open Yahoo adds it a second time, at the time of the last trade.
        if dates.last() == Some(&date) && Some(stamp) == outcome.meta.regular_market_time {
            rows.pop();
            dates.pop();
        }
        dates.push(date);
        rows.push(row);
    }
    let open = clock.open_session()?;
    let take = |values: &[Option<f64>], unit: f64| -> Vec<Option<f64>> {
        let cell = |(&row, date): (&usize, &Date)| {
            values.get(row).copied().flatten().filter(|_| Some(*date) != open).map(|v| v / unit)
        };
        rows.iter().zip(&dates).map(cell).collect()
    };
    Ok(Series {
        ticker: Ticker::new(&outcome.meta.symbol)?,
        close: take(closes, unit).into_iter().collect(),
        basis: Basis::SplitAdjusted,
        adjusted: adjusted.map(|values| take(values, unit)),
        volume: Some(take(volumes, 1.0)),
        open: quote.filter(|own| bars && own.open.len() == own.close.len()).map(|own| take(&own.open, unit)),
        vwap: None,
        dividends: dividends(&clock, &outcome.events, (currency.as_deref(), unit))?,
        splits: splits(&clock, &outcome.events)?,
        delistings: Vec::new(),
        currency,
        format: "Yahoo chart JSON",
        lines: rows.iter().map(|row| row + 1).collect(),
        dates,
    })
}

/// The currency of prices, and how many of the quoted units make one of it.
fn unit(quoted: Option<&str>) -> (Option<String>, f64) {
    let (code, unit) = match quoted {
        Some("GBp" | "GBX") => ("GBP", 100.0),
        Some("ZAc") => ("ZAR", 100.0),
        Some("ILA") => ("ILS", 100.0),
        Some(code) => (code, 1.0),
        None => return (None, 1.0),
    };
    (Some(code.to_owned()), unit)
}

/// Amounts in the unit of the closes; an event that names the whole currency is in it already.
fn dividends(
    clock: &Clock<'_>,
    events: &Events,
    (currency, unit): (Option<&str>, f64),
) -> Result<Vec<Dividend>> {
    let dividend = |paid: &Paid| {
        let whole = paid.currency.is_some() && paid.currency.as_deref() == currency;
        let amount = if whole { paid.amount } else { paid.amount / unit };
        Ok(Dividend { date: clock.date(paid.date)?, amount })
    };
    events.dividends.values().map(dividend).collect()
}

fn splits(clock: &Clock<'_>, events: &Events) -> Result<Vec<Split>> {
    let split = |parts: &Parts| {
        Ok(Split { date: clock.date(parts.date)?, ratio: parts.numerator / parts.denominator })
    };
    events.splits.values().map(split).collect()
}

/// The exchange's clock.
struct Clock<'a> {
    file: &'a str,
    meta: &'a Meta,
}

impl Clock<'_> {
    fn date(&self, stamp: i64) -> Result<Date> {
        const DAY: i64 = 86_400;
        const LAST_HOUR: i64 = 23 * 3_600;
        let local = stamp.saturating_add(self.meta.offset);
        // Today's row is stamped with the true time of its last trade.
        let live = Some(stamp) == self.meta.regular_market_time;
        let winter = !live && local.rem_euclid(DAY) == LAST_HOUR;
        let days = local.div_euclid(DAY) + i64::from(winter);
        i32::try_from(days)
            .ok()
            .and_then(|days| jiff::Span::new().try_days(days).ok())
            .and_then(|span| Date::constant(1970, 1, 1).checked_add(span).ok())
            .ok_or_else(|| damaged(self.file, &format!("{stamp} is not a timestamp")))
    }

    /// The session that was not over when the response was made.
    fn open_session(&self) -> Result<Option<Date>> {
        let period = self.meta.current_trading_period.as_ref().map(|periods| &periods.regular);
        let (Some(period), Some(now)) = (period, self.meta.regular_market_time) else {
            return Ok(None);
        };
        // A period without length is that of a fund, which is priced once a day.
        if period.start < period.end && (period.start..period.end).contains(&now) {
            return self.date(period.start).map(Some);
        }
        Ok(None)
    }
}
