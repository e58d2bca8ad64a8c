//! What the cells of a whole file say of the forms in which they are written.

use std::collections::{BTreeMap, HashMap};

use csv::StringRecord;
use jiff::civil::Weekday;
use walkfolio_core::Date;

use super::day::{Day, Parts, Stamp, Zone};
use super::forms::{Dates, Forms};
use super::keys::{DateOrder, Decimal, Delimiter};
use super::number::{is_missing, number};
use super::sheet::{Sheet, Uses};
use super::utc::Weekends;
use crate::error::FormError;
use crate::{Error, Result};

/// A cell that tells something.
#[derive(Debug, Clone)]
struct Cell {
    line: usize,
    column: usize,
    text: String,
}

/// What was seen.
#[derive(Debug)]
pub(super) struct Evidence {
    numbers: Vec<Numbers>,
    parts: Orders,
    /// The first day and the first month without one.
    days: Option<Cell>,
    months: Option<Cell>,
    dates: Dates,
    sample: Option<String>,
    /// By the time of day in UTC, the weekdays of its rows in each order of day, month and year, and the
    /// first cell.
    utc: BTreeMap<u32, ([Weekends; 3], Cell)>,
    timed: bool,
    /// The first line of those below the last date, if nothing among them may be data.
    tail: Option<usize>,
}

/// The numbers of a column.
#[derive(Debug, Default, Clone)]
struct Numbers {
    /// The first cells that the decimal point, the decimal comma cannot read, and the other can.
    not_point: Option<Cell>,
    not_comma: Option<Cell>,
    /// The first cell that they read to different values.
    both: Option<Cell>,
    comma_seen: bool,
}

/// Dates of three numbers.
#[derive(Debug, Default)]
struct Orders {
    first: Option<Cell>,
    /// The first cell that is no date in an order.
    excluded: [Option<Cell>; 3],
    /// Saturdays and Sundays in each.
    weekends: [usize; 3],
    /// The first cell that day and month first read to different days.
    differs: Option<(Cell, Parts)>,
}

impl Evidence {
    /// Reads every cell of a sheet once.
    pub(super) fn of(sheet: &Sheet<'_>, uses: &Uses) -> Result<Self> {
        let dates = match Dates::stated(sheet.stated) {
            Some(stated) => stated,
            None if uses.epoch => Dates::AnyEpoch,
            None => Dates::Any,
        };
        let mut evidence = Self {
            numbers: vec![Numbers::default(); sheet.names.len()],
            parts: Orders::default(),
            days: None,
            months: None,
            dates,
            sample: None,
            utc: BTreeMap::new(),
            timed: false,
            tail: None,
        };
        let mut rows = sheet.rows(&Forms::PLAIN)?;
        let mut data_below = false;
        while rows.next()? {
            if evidence.row(&rows.record, rows.line, uses) {
                (evidence.tail, data_below) = (None, false);
            } else if !data_below && is_footnote(&rows.record) {
                evidence.tail.get_or_insert(rows.line);
            } else {
                (evidence.tail, data_below) = (None, true);
            }
        }
        Ok(evidence)
    }

    /// Takes in a row; whether it has a date.
    fn row(&mut self, record: &StringRecord, line: usize, uses: &Uses) -> bool {
        let mut dated = false;
        for &column in &uses.dates {
            let Some(text) = record.get(column).filter(|text| !text.is_empty()) else { continue };
            let cell = || Cell { line, column, text: text.to_owned() };
            if let Some(stamp) = self.dates.stamp(text) {
                dated = true;
                self.sample.get_or_insert_with(|| text.to_owned());
                self.date(stamp, cell);
            }
        }
        self.timed |= uses.time.is_some();
        for (column, text) in record.iter().enumerate().take(self.numbers.len()) {
            if !uses.dates.contains(&column) && !is_missing(text) {
                self.numbers[column].take(text, || Cell { line, column, text: text.to_owned() });
            }
        }
        dated
    }

    fn date(&mut self, stamp: Stamp, cell: impl Fn() -> Cell) {
        match stamp.day {
            Day::Known(_) => drop(self.days.get_or_insert_with(&cell)),
            Day::Month(_) => drop(self.months.get_or_insert_with(&cell)),
            Day::Parts(parts) => {
                self.days.get_or_insert_with(&cell);
                self.parts.take(parts, &cell);
            }
        }
        let Some(time) = stamp.time else { return };
        self.timed = true;
        if time.zone != Zone::Utc || time.second == 0 {
            return;
        }
        let days = match stamp.day {
            Day::Known(date) => [Some(date); 3],
            Day::Parts(parts) => DateOrder::ALL.map(|order| parts.day(order)),
            Day::Month(_) => return,
        };
        let (own, _) = self.utc.entry(time.second).or_insert_with(|| (Default::default(), cell()));
        for (own, day) in own.iter_mut().zip(days) {
            if let Some(day) = day {
                own.take(day);
            }
        }
    }

    /// The forms that alone remain.
    pub(super) fn settle(self, sheet: &Sheet<'_>, uses: &Uses) -> Result<Forms> {
        let decimal = match sheet.stated.decimal {
            Some(stated) => stated,
            None => self.decimal(sheet, uses)?,
        };
        let dates = match self.dates {
            Dates::Any => {
                let order = self.order(sheet)?;
                Dates::Written { order, months: self.days.is_none() && self.months.is_some() }
            }
            ref other => other.clone(),
        };
        let next_day = self.next_days(sheet.file, &dates)?;
        let (end, sample) = (self.tail.unwrap_or(usize::MAX), self.sample);
        let forms = Forms { decimal: Some(decimal), dates, next_day, end, sample };
        if self.timed {
            check_daily(sheet, uses, &forms)?;
        }
        Ok(forms)
    }

    /// The decimal separator of the columns that are read, or else of all.
    fn decimal(&self, sheet: &Sheet<'_>, uses: &Uses) -> Result<Decimal> {
        let used: Vec<&Numbers> =
            uses.numbers.iter().filter_map(|at| self.numbers.get(*at)).collect();
        let first = |own: fn(&Numbers) -> &Option<Cell>, of: &[&Numbers]| {
            of.iter().filter_map(|numbers| own(numbers).clone()).min_by_key(|cell| cell.line)
        };
        let (not_point, not_comma) =
            (first(|own| &own.not_point, &used), first(|own| &own.not_comma, &used));
        match (not_point, not_comma) {
            (Some(comma), Some(point)) => {
                let cells = [point, comma].map(|cell| (cell.line, cell.text));
                return Err(form_error(sheet.file, FormError::Decimals { cells }));
            }
            (Some(_), None) => return Ok(Decimal::Comma),
            (None, Some(_)) => return Ok(Decimal::Point),
            (None, None) => {}
        }
        // Without quotes a comma divides cells.
        let commas = used.iter().any(|own| own.comma_seen);
        let comma_divides = sheet.shape.delimiter == Delimiter::Comma;
        let Some(cell) = first(|own| &own.both, &used).filter(|_| commas || !comma_divides) else {
            return Ok(Decimal::Point);
        };
        // Columns that are not read may show it.
        let all: Vec<&Numbers> = self.numbers.iter().collect();
        let shown = [first(|own| &own.not_point, &all), first(|own| &own.not_comma, &all)];
        match shown {
            [Some(_), None] => Ok(Decimal::Comma),
            [None, Some(_)] => Ok(Decimal::Point),
            _ => {
                let readings = [Decimal::Point, Decimal::Comma]
                    .map(|decimal| number(&cell.text, decimal).unwrap_or_default());
                let column = sheet.names.get(cell.column).cloned().unwrap_or_default();
                let (line, value) = (cell.line, cell.text);
                Err(form_error(sheet.file, FormError::Decimal { line, column, value, readings }))
            }
        }
    }

    /// The order of day, month and year.
    fn order(&self, sheet: &Sheet<'_>) -> Result<Option<DateOrder>> {
        let parts = &self.parts;
        if parts.first.is_none() {
            return Ok(None);
        }
        if let Some(stated) = sheet.stated.date_order {
            return Ok(Some(stated));
        }
        let mut left: Vec<usize> = (0..3).filter(|at| parts.excluded[*at].is_none()).collect();
        if left.contains(&2) && left.len() > 1 {
            // Two digits may be a year or a day; prices are of working days.
            let working = |at: &usize| parts.weekends[*at] == 0;
            match (working(&2), left.iter().any(|at| *at != 2 && working(at))) {
                (true, false) => left.retain(|at| *at == 2),
                (false, true) => left.retain(|at| *at != 2),
                _ => {}
            }
        }
        match (left.as_slice(), &parts.differs) {
            ([only], _) => Ok(Some(DateOrder::ALL[*only])),
            ([], _) => Err(parts.contradiction(sheet.file)),
            ([first, ..], None) => Ok(Some(DateOrder::ALL[*first])),
            (left, Some((cell, own))) => {
                let orders = left.iter().map(|at| DateOrder::ALL[*at]);
                let readings = orders.filter_map(|order| {
                    Some(format!("{} as {} ({})", own.day(order)?, order.pattern(), order.word()))
                });
                let (line, value) = (cell.line, cell.text.clone());
                let readings = readings.collect();
                Err(form_error(sheet.file, FormError::DateOrder { line, value, readings }))
            }
        }
    }

    /// The times of day in UTC that are midnights of an exchange east of Greenwich.
    fn next_days(&self, file: &str, dates: &Dates) -> Result<Vec<u32>> {
        let order = match dates {
            Dates::Written { order: Some(order), .. } => *order,
            _ => DateOrder::ALL[0],
        };
        let at = DateOrder::ALL.iter().position(|own| *own == order).unwrap_or_default();
        let mut next = Vec::new();
        for (second, (days, cell)) in &self.utc {
            let shown = days[at].is_next_day(*second).ok_or_else(|| {
                let (line, value) = (cell.line, cell.text.clone());
                form_error(file, FormError::Utc { line, value })
            })?;
            next.extend(shown.then_some(*second));
        }
        Ok(next)
    }
}

impl Numbers {
    fn take(&mut self, text: &str, cell: impl Fn() -> Cell) {
        self.comma_seen |= text.contains(',');
        // Without a separator both are the same.
        if !text.contains([',', '.']) || (self.not_point.is_some() && self.not_comma.is_some()) {
            return;
        }
        let point = number(text, Decimal::Point);
        if point.is_some() && self.not_comma.is_some() {
            return;
        }
        match (point, number(text, Decimal::Comma)) {
            (Some(_), None) => self.not_comma = Some(cell()),
            (None, Some(_)) if self.not_point.is_none() => self.not_point = Some(cell()),
            (Some(point), Some(comma)) if point.to_bits() != comma.to_bits() => {
                self.both.get_or_insert_with(cell);
            }
            _ => {}
        }
    }
}

impl Orders {
    fn take(&mut self, parts: Parts, cell: impl Fn() -> Cell) {
        self.first.get_or_insert_with(&cell);
        let days = DateOrder::ALL.map(|order| parts.day(order));
        for (at, day) in days.iter().enumerate() {
            match day {
                None => drop(self.excluded[at].get_or_insert_with(&cell)),
                Some(day) => self.weekends[at] += usize::from(is_weekend(*day)),
            }
        }
        if days[0] != days[1] || days[2].is_some_and(|day| days[0] != Some(day)) {
            self.differs.get_or_insert_with(|| (cell(), parts));
        }
    }

    /// Two cells that exclude each other, or one that is no date at all.
    fn contradiction(&self, file: &str) -> Error {
        let cell = |at: usize| self.excluded[at].clone().map(|cell| (cell.line, cell.text));
        match (cell(0), cell(1)) {
            // What the day cannot come first in has the month first.
            (Some(month_first), Some(day_first)) if month_first.0 != day_first.0 => {
                form_error(file, FormError::DateOrders { day_first, month_first })
            }
            (Some((line, value)), _) | (None, Some((line, value))) => {
                Error::BadDate { file: file.to_owned(), line, value, rule: crate::table::DATE_RULE }
            }
            (None, None) => Error::NoRows { file: file.to_owned() },
        }
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// A line of words below a table.
fn is_footnote(record: &StringRecord) -> bool {
    let first = record.iter().find(|cell| !cell.is_empty()).unwrap_or_default();
    let words = first.chars().next().is_some_and(|c| !c.is_ascii_digit() && c != '-' && c != '+');
    words && record.iter().all(|cell| number(cell, Decimal::Point).is_none())
}

/// Refuses two rows of one day, and of one ticker, at different times.
fn check_daily(sheet: &Sheet<'_>, uses: &Uses, forms: &Forms) -> Result<()> {
    let mut last: HashMap<String, (Date, String)> = HashMap::new();
    let Some(&place) = uses.dates.first() else { return Ok(()) };
    let mut rows = sheet.rows(forms)?;
    while rows.next()? {
        let cell = |at: usize| rows.record.get(at).unwrap_or_default();
        let Some(date) = forms.date(cell(place)) else { continue };
        let time = uses
            .time
            .map_or_else(|| cell(place).to_owned(), |at| format!("{} {}", cell(place), cell(at)));
        let ticker = uses.ticker.map_or("", cell);
        match last.get_mut(ticker) {
            Some((day, before)) if *day == date && *before != time => {
                let (file, line) = (sheet.file.to_owned(), rows.line);
                return Err(Error::Intraday { file, line, value: time });
            }
            Some(own) => *own = (date, time),
            None => drop(last.insert(ticker.to_owned(), (date, time))),
        }
    }
    Ok(())
}

fn form_error(file: &str, source: FormError) -> Error {
    Error::Form { file: file.to_owned(), source }
}
