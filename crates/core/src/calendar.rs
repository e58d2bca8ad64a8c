//! Sessions of exchanges, by rule.

use std::fmt;
use std::ops::RangeInclusive;

use jiff::ToSpan;

use crate::Date;

mod rule;
mod xetr;
mod xhkg;
mod xlon;
mod xnys;
mod xpar;
mod xtks;

pub use rule::Closure;
pub use xnys::{FIRST, LAST, SPECIAL_CLOSURES, is_early_close, is_session, sessions};

/// An exchange whose sessions are known by rule.
///
/// # Examples
/// ```
/// use walkfolio_core::{Date, calendar::Exchange};
///
/// let boxing_day = Date::constant(2024, 12, 26);
/// assert!(Exchange::Xnys.is_session(boxing_day));
/// assert!(!Exchange::Xlon.is_session(boxing_day));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exchange {
    /// New York, NYSE and Nasdaq.
    Xnys,
    /// London.
    Xlon,
    /// Frankfurt, Xetra.
    Xetr,
    /// Paris, Euronext.
    Xpar,
    /// Tokyo.
    Xtks,
    /// Hong Kong.
    Xhkg,
    /// A market that never closes, such as those of crypto-currencies.
    AllDays,
}

impl Exchange {
    /// All of them, the one that more files follow first.
    pub const ALL: [Self; 7] =
        [Self::Xnys, Self::Xlon, Self::Xetr, Self::Xpar, Self::Xtks, Self::Xhkg, Self::AllDays];

    /// Its market identifier code (ISO 10383), or `24/7`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Xnys => "XNYS",
            Self::Xlon => "XLON",
            Self::Xetr => "XETR",
            Self::Xpar => "XPAR",
            Self::Xtks => "XTKS",
            Self::Xhkg => "XHKG",
            Self::AllDays => "24/7",
        }
    }

    /// The exchange of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|exchange| exchange.word() == word)
    }

    /// The dates for which its rules hold, exactly up to today; later holidays follow today's rules.
    pub fn known(self) -> RangeInclusive<Date> {
        let from_2000 = Date::constant(2000, 1, 1);
        match self {
            Self::Xnys => FIRST..=LAST,
            Self::Xlon | Self::Xetr | Self::Xpar => from_2000..=LAST,
            Self::Xtks => from_2000..=Date::constant(2099, 12, 31),
            Self::Xhkg => from_2000..=Date::constant(2050, 12, 31),
            Self::AllDays => Date::MIN..=Date::MAX,
        }
    }

    /// Whether it trades on a date, which is one of those that are [`known`](Self::known).
    pub fn is_session(self, date: Date) -> bool {
        match self {
            Self::Xnys => is_session(date),
            Self::Xlon => xlon::is_session(date),
            Self::Xetr => xetr::is_session(date),
            Self::Xpar => xpar::is_session(date),
            Self::Xtks => xtks::is_session(date),
            Self::Xhkg => xhkg::is_session(date),
            Self::AllDays => true,
        }
    }

    /// The sessions from `first` to `last`, both included.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::{Date, calendar::Exchange};
    ///
    /// let (first, last) = (Date::constant(2024, 1, 1), Date::constant(2024, 1, 5));
    /// assert_eq!(Exchange::Xtks.sessions(first, last), [last.yesterday()?, last]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sessions(self, first: Date, last: Date) -> Vec<Date> {
        let days = first.series(1.day()).take_while(|&date| date <= last);
        days.filter(|&date| self.is_session(date)).collect()
    }
}

impl fmt::Display for Exchange {
    /// The name in messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Xnys => "NYSE",
            Self::Xlon => "London",
            Self::Xetr => "Xetra",
            Self::Xpar => "Paris",
            Self::Xtks => "Tokyo",
            Self::Xhkg => "Hong Kong",
            Self::AllDays => "24/7",
        })
    }
}
