//! Sessions of exchanges, by rule.

use std::fmt;
use std::ops::RangeInclusive;

use crate::Date;
use rule::Rules;

mod rule;
mod xetr;
mod xhkg;
mod xlon;
mod xnys;
mod xpar;
mod xtks;

pub use rule::{Closure, LAST};
pub use xnys::{FIRST, SPECIAL_CLOSURES, is_early_close, is_session, sessions};

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

    fn rules(self) -> &'static Rules {
        match self {
            Self::Xnys => &xnys::RULES,
            Self::Xlon => &xlon::RULES,
            Self::Xetr => &xetr::RULES,
            Self::Xpar => &xpar::RULES,
            Self::Xtks => &xtks::RULES,
            Self::Xhkg => &xhkg::RULES,
            Self::AllDays => &rule::ALL_DAYS,
        }
    }

    /// Its market identifier code (ISO 10383), or `24/7`.
    pub fn word(self) -> &'static str {
        self.rules().word
    }

    /// The exchange of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|exchange| exchange.word() == word)
    }

    /// The dates for which its rules hold, exactly up to today; later holidays follow today's rules.
    pub fn known(self) -> RangeInclusive<Date> {
        let (first, last) = self.rules().known;
        first..=last
    }

    /// Whether it trades on a date, which is one of those that are [`known`](Self::known).
    pub fn is_session(self, date: Date) -> bool {
        (self.rules().is_session)(date)
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
        rule::sessions(first, last, self.rules().is_session)
    }
}

impl fmt::Display for Exchange {
    /// The name in messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rules().name)
    }
}
