//! Which session follows the data.

use jiff::ToSpan;
use walkfolio_core::calendar::Exchange;
use walkfolio_core::{Date, Market};

use crate::calendar::{Calendar, Rhythm};

/// The sessions of a market, those after its data too.
///
/// A market of days follows the calendar of its exchange; of several exchanges the first that opens; a file
/// of no known calendar its weekdays, or all days where it has prices on weekends. Rows of weeks are a week
/// apart, rows of months, quarters and years end with them.
///
/// # Examples
/// ```
/// use walkfolio_core::{Date, Market, Prices, Universe, calendar::Exchange};
/// use walkfolio_data::Sessions;
///
/// let (first, last) = (Date::constant(2024, 1, 2), Date::constant(2024, 5, 24));
/// let dates = Exchange::Xnys.sessions(first, last);
/// let prices = vec![vec![Some(50.0); dates.len()]];
/// let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, prices)?)?;
/// let sessions = Sessions::of(&market, None);
/// // After a Friday comes Memorial Day, which is no session.
/// assert_eq!(sessions.after(last), Date::constant(2024, 5, 28));
/// assert!(!sessions.is_session(Date::constant(2024, 5, 27)));
/// // 28, 29, 30 and 31 May.
/// assert_eq!(sessions.between(last, Date::constant(2024, 6, 1)), 4);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Sessions {
    rhythm: Rhythm,
    /// Whether the data have prices on Saturdays or Sundays.
    weekends: bool,
}

impl Sessions {
    /// The sessions of a market, by the calendar that is stated or else by its dates.
    pub fn of(market: &Market, stated: Option<Calendar>) -> Self {
        let (dates, prices) = (market.dates(), market.prices());
        let rhythm = Rhythm::of(dates, stated, || {
            market.universe().tickers().iter().enumerate().map(|(asset, ticker)| {
                let priced = prices.listing(asset).map(|row| dates[row]);
                (ticker.clone(), priced.collect())
            })
        });
        Self { rhythm, weekends: dates.iter().any(|date| is_weekend(*date)) }
    }

    /// The first session after a date.
    pub fn after(&self, date: Date) -> Date {
        match &self.rhythm {
            Rhythm::Exchange(exchange) | Rhythm::Unknown(exchange) => self.next(*exchange, date),
            Rhythm::Joined(parts) => {
                let next = parts.iter().map(|(exchange, _)| self.next(*exchange, date)).min();
                next.unwrap_or_else(|| self.weekday(date))
            }
            Rhythm::Slower(step) => period_after(date, *step),
            Rhythm::File => self.weekday(date),
        }
    }

    /// How many sessions are after one date and before another.
    pub fn between(&self, after: Date, before: Date) -> usize {
        let mut count = 0;
        let mut session = self.after(after);
        while session < before {
            count += 1;
            session = self.after(session);
        }
        count
    }

    /// Whether a date after the data is a session; of rows slower than days each is one.
    pub fn is_session(&self, date: Date) -> bool {
        let slower = matches!(self.rhythm, Rhythm::Slower(_));
        slower || date.yesterday().is_ok_and(|before| self.after(before) == date)
    }

    fn next(&self, exchange: Exchange, date: Date) -> Date {
        let known = exchange.known();
        let mut next = date;
        // No exchange is closed for a month.
        for _ in 0..31 {
            next = tomorrow(next);
            if known.contains(&next) && exchange.is_session(next) {
                return next;
            }
        }
        self.weekday(date)
    }

    /// The next day that is no weekend, unless the data have prices there.
    fn weekday(&self, date: Date) -> Date {
        let mut next = tomorrow(date);
        while !self.weekends && is_weekend(next) {
            next = tomorrow(next);
        }
        next
    }
}

fn tomorrow(date: Date) -> Date {
    date.saturating_add(1.day())
}

fn is_weekend(date: Date) -> bool {
    date.weekday().to_monday_zero_offset() >= 5
}

/// The last day of the period after a date, of rows that are so many days apart.
fn period_after(date: Date, step: i32) -> Date {
    let months = match step {
        28..=31 => 1,
        89..=92 => 3,
        181..=184 => 6,
        365..=366 => 12,
        _ => return date.saturating_add(step.days()),
    };
    date.first_of_month().saturating_add(months.months()).last_of_month()
}

#[cfg(test)]
mod tests {
    use walkfolio_core::{Prices, Universe};

    use super::*;

    fn sessions(dates: Vec<Date>, stated: Option<Calendar>) -> Sessions {
        let prices = vec![vec![Some(50.0); dates.len()]];
        let prices = Prices::new(dates, Universe::new(["A"]).unwrap(), prices).unwrap();
        Sessions::of(&Market::new(prices).unwrap(), stated)
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn slower_rows_end_with_their_period() {
        let months: Vec<Date> = (1..=12).map(|month| day(&format!("2024-{month:02}-28"))).collect();
        let monthly = sessions(months.clone(), None);
        assert_eq!(monthly.after(day("2024-12-28")), day("2025-01-31"));
        let quarters = months.into_iter().step_by(3).collect();
        assert_eq!(sessions(quarters, None).after(day("2024-10-28")), day("2025-01-31"));
        let weeks =
            (0..20).map(|week| day("2024-01-05").saturating_add((7 * week).days())).collect();
        assert_eq!(sessions(weeks, None).after(day("2024-05-17")), day("2024-05-24"));
    }

    #[test]
    fn a_file_of_its_own_calendar_has_weekdays_or_all_days() {
        let days: Vec<Date> = (1..=12).map(|of| day(&format!("2024-03-{of:02}"))).collect();
        let friday = day("2024-03-15");
        assert_eq!(sessions(days, Some(Calendar::File)).after(friday), day("2024-03-16"));
        let days = [4, 5, 6].map(|of| day(&format!("2024-03-{of:02}"))).to_vec();
        let file = sessions(days, Some(Calendar::File));
        assert_eq!((file.after(friday), file.between(friday, friday)), (day("2024-03-18"), 0));
    }
}
