//! What can be wrong with a market, a universe or a window.

use crate::number::{decimals, shown};
use crate::{Date, Infeasibility, Ticker};

/// The result of an operation of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A fault in the data or in what was asked of it.
///
/// The message states what, where, the rule and the value; [`Error::hint`] states the remedy.
/// # Examples
/// ```
/// use walkfolio_core::Universe;
///
/// let error = Universe::new(["SPY", "SPY"]).unwrap_err();
/// assert_eq!(error.to_string(), "SPY is listed twice among the assets, at positions 1 and 2");
/// assert_eq!(error.hint().as_deref(), Some("name each asset once"));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A ticker is empty, too long or holds a character that no exchange uses.
    #[error("ticker {text:?} is not valid: {rule}")]
    BadTicker {
        /// The text as given.
        text: String,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// Two assets share a name.
    #[error("{ticker} is listed twice among the assets, at positions {first} and {second}")]
    DuplicateTicker {
        /// The shared name.
        ticker: Ticker,
        /// Position of the first, counted from 1.
        first: usize,
        /// Position of the second, counted from 1.
        second: usize,
    },
    /// There is nothing to work with.
    #[error("{what} is empty")]
    Empty {
        /// What is empty.
        what: &'static str,
    },
    /// Two tables that must have the same size do not.
    #[error("{what} has {found} {unit}, expected {expected}")]
    Shape {
        /// The table.
        what: String,
        /// What is counted.
        unit: &'static str,
        /// How many there must be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A date occurs twice.
    #[error("date {date} occurs twice, in rows {first} and {second}")]
    DuplicateDate {
        /// The date.
        date: Date,
        /// First row with it, counted from 1.
        first: usize,
        /// Second row with it, counted from 1.
        second: usize,
    },
    /// An asset has two values on one day.
    #[error("{what} has two values of one asset on {date}")]
    DoubleValue {
        /// The table.
        what: String,
        /// The day.
        date: Date,
    },
    /// A stay in an index contradicts itself or another one.
    #[error("the membership of {asset} from {date} is not valid: {rule}")]
    BadSpell {
        /// The asset.
        asset: Ticker,
        /// The first day of the stay.
        date: Date,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// What an asset earns after its last close is no return.
    #[error(
        "{asset} has a delisting return of {}; it must be a number of at least -1 (all is lost)", shown(*value)
    )]
    BadDelistingReturn {
        /// The asset.
        asset: Ticker,
        /// The value found, as a fraction.
        value: f64,
    },
    /// A dividend or a split that cannot be.
    #[error("{asset} has a {what} of {} on {date}; it must be {}", shown(*value), if *what == "dividend" { "at least 0" } else { "above 0" })]
    BadShareEvent {
        /// The asset.
        asset: Ticker,
        /// The ex-date.
        date: Date,
        /// `split ratio` or `dividend`.
        what: &'static str,
        /// The value found.
        value: f64,
    },
    /// A date is earlier than the one before it.
    #[error("date {date} in row {row} follows the later date {previous}; dates must increase")]
    UnsortedDates {
        /// The date out of order.
        date: Date,
        /// The date before it.
        previous: Date,
        /// Its row, counted from 1.
        row: usize,
    },
    /// A price is zero, negative, infinite or not a number.
    #[error("{asset} has price {} on {date}; a price must be a positive, finite number", shown(*value))]
    BadPrice {
        /// The asset.
        asset: Ticker,
        /// The session.
        date: Date,
        /// The value found.
        value: f64,
    },
    /// An asset has no price at all.
    #[error("{asset} has no price at all between {first} and {last}")]
    NoPrices {
        /// The asset.
        asset: Ticker,
        /// First date of the table.
        first: Date,
        /// Last date of the table.
        last: Date,
    },
    /// A price is missing between an asset's first and last.
    #[error("{asset} has no price on {date}, inside its listing from {first} to {last}")]
    MissingPrice {
        /// The asset.
        asset: Ticker,
        /// The session without a price.
        date: Date,
        /// First date with a price.
        first: Date,
        /// Last date with a price.
        last: Date,
    },
    /// A one-session return no sound price series has.
    #[error(
        "{asset} returns {} % on {date} (price {} to {}); more than 300 % in one session is taken as a fault of the file", decimals(value * 100.0, 1), shown(*from), shown(*to)
    )]
    ImplausibleReturn {
        /// The asset.
        asset: Ticker,
        /// The session.
        date: Date,
        /// The simple return as a fraction.
        value: f64,
        /// The price before.
        from: f64,
        /// The price on the date.
        to: f64,
    },
    /// An asset that was asked for is not there.
    #[error("asset {asset} is not in {place}")]
    UnknownAsset {
        /// The asset.
        asset: Ticker,
        /// Where it was looked for.
        place: String,
        /// The names that are there.
        known: Vec<Ticker>,
    },
    /// A value of a series is not a finite number.
    #[error("{what} is {} on {date}; it must be a finite number", shown(*value))]
    NotFinite {
        /// The series.
        what: String,
        /// The session.
        date: Date,
        /// The value found.
        value: f64,
    },
    /// The benchmark shares too few sessions with the assets.
    #[error(
        "benchmark {benchmark} (from {first} to {last}) has no session in common with the assets (from {assets_first} to {assets_last})"
    )]
    NoOverlap {
        /// The benchmark.
        benchmark: Ticker,
        /// Its first date.
        first: Date,
        /// Its last date.
        last: Date,
        /// First date of the assets.
        assets_first: Date,
        /// Last date of the assets.
        assets_last: Date,
    },
    /// A date lies outside the data.
    #[error("the {which} date {date} lies outside the data, which runs from {first} to {last}")]
    DateOutside {
        /// Which bound of a period it is: `first` or `last`.
        which: &'static str,
        /// The date.
        date: Date,
        /// First date of the data.
        first: Date,
        /// Last date of the data.
        last: Date,
    },
    /// A series that was asked for is not part of the market.
    #[error("{needed_by} needs {what}, and the market has none")]
    Absent {
        /// What is not there.
        what: &'static str,
        /// Who needs it.
        needed_by: &'static str,
    },
    /// A window reaches further back than the data does.
    #[error("{what} has {found} returns before {date}, the window needs {needed}")]
    TooShort {
        /// The asset or series.
        what: String,
        /// The decision.
        date: Date,
        /// Rows needed.
        needed: usize,
        /// Rows there are.
        found: usize,
    },
    /// A series ended before the decision.
    #[error("{what} ends on {last}, before the decision of {date}")]
    Ended {
        /// The asset or series.
        what: String,
        /// Its last date.
        last: Date,
        /// The decision.
        date: Date,
    },
    /// A window of no rows.
    #[error("a window of {rows} rows holds nothing; {what} needs at least {least}")]
    EmptyWindow {
        /// The window.
        what: &'static str,
        /// Rows asked for.
        rows: usize,
        /// The least that makes sense.
        least: usize,
    },
    /// No asset can be held.
    #[error("no asset is eligible at the decision of {date}: {reason}")]
    NoneEligible {
        /// The decision.
        date: Date,
        /// What all of them lack.
        reason: String,
    },
    /// A row beyond the end of the market.
    #[error("row {row} lies beyond the market's {rows} rows")]
    RowOutside {
        /// The row.
        row: usize,
        /// How many there are.
        rows: usize,
    },
    /// A weight is infinite or not a number.
    #[error("the weight of asset {index} is {}; weights must be finite numbers", shown(*value))]
    BadWeight {
        /// Index in the universe.
        index: usize,
        /// The value found.
        value: f64,
    },
    /// A matrix that must be a covariance is not.
    #[error("{what} is not a covariance: {rule}")]
    NotACovariance {
        /// The matrix.
        what: &'static str,
        /// The rule it breaks.
        rule: String,
    },
    /// A policy asked for holdings and did not declare that its decisions depend on them.
    #[error("the policy asks for what is held, and its memory does not say so")]
    UndeclaredHoldings,
    /// A decision was given up in the middle: its interrupt was raised.
    #[error("the decision was interrupted")]
    Interrupted,
    /// A number that no trading cost has.
    #[error("the {what} of a trading cost is {}; it must be {rule}", shown(*found))]
    InvalidCost {
        /// Which number.
        what: &'static str,
        /// The rule it breaks.
        rule: &'static str,
        /// The value found.
        found: f64,
    },
    /// An asset whose trades have an impact on its price, and of which nothing was traded.
    #[error(
        "{asset} has no traded value in the {sessions} sessions before {date}, and the impact of its trades depends on one"
    )]
    NoTradedValue {
        /// The asset.
        asset: Ticker,
        /// The session that trades or decides.
        date: Date,
        /// Sessions looked at.
        sessions: usize,
    },
    /// No portfolio satisfies the constraints of a decision.
    #[error("{message}")]
    Infeasible {
        /// What conflicts, in the policy's words.
        message: String,
        /// The remedy, in the policy's words.
        hint: Option<String>,
        /// The same as data.
        conflict: Box<Infeasibility>,
    },
    /// A policy could not decide.
    #[error("{message}")]
    Policy {
        /// What went wrong, in the policy's words.
        message: String,
        /// The remedy, in the policy's words.
        hint: Option<String>,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::BadTicker { .. } => {
                "write the name as the exchange does, with at most 64 characters"
            }
            Self::DuplicateTicker { .. } => "name each asset once",
            Self::DuplicateDate { .. } => "keep one row a date",
            Self::DoubleValue { .. } => "keep one value an asset and day",
            Self::UnsortedDates { .. } => "sort the file by date, oldest first",
            Self::BadPrice { .. } => {
                "correct the cell, or leave it empty where the asset was not listed"
            }
            Self::BadShareEvent { .. } => "correct the event in its file",
            Self::NoPrices { .. } => "remove the asset, or supply its prices",
            Self::MissingPrice { .. } => {
                "fill in the price of that session, or let `[clean]` fill the gap or drop the session; an asset may start late and end early, but not pause"
            }
            Self::ImplausibleReturn { .. } => {
                "check the two prices: a missed split, a change of unit (pence, percent) or a swapped column"
            }
            Self::UnknownAsset { asset, known, .. } => return Some(known_names(asset, known)),
            Self::NoOverlap { .. } => "supply benchmark and assets for the same period",
            Self::DateOutside { .. } => "choose a date inside the data, or supply a longer file",
            Self::TooShort { .. } => "start later, shorten the window, or supply earlier data",
            Self::Ended { .. } => "end earlier (walk_forward.last), or supply later data",
            Self::Empty { what: "the list of assets" } => {
                "name at least one: assets = [\"SPY\", \"GLD\"]"
            }
            Self::EmptyWindow { .. } => "give the window more rows",
            Self::NoneEligible { .. } => "start later, shorten the windows, or supply earlier data",
            Self::UndeclaredHoldings => "return Memory::Holdings from Policy::memory",
            Self::NoTradedValue { .. } => {
                "supply its volumes, leave out the asset, or look at more sessions"
            }
            Self::InvalidCost { what: "volume a day", .. } => {
                "leave out the asset, or supply its volume"
            }
            Self::Policy { hint, .. } | Self::Infeasible { hint, .. } => return hint.clone(),
            _ => return None,
        };
        Some(text.to_owned())
    }
}

fn known_names(asset: &Ticker, known: &[Ticker]) -> String {
    let same = known.iter().find(|name| name.as_str().eq_ignore_ascii_case(asset.as_str()));
    if let Some(name) = same {
        return format!("did you mean {name}?");
    }
    let shown: Vec<&str> = known.iter().take(20).map(Ticker::as_str).collect();
    let more = known.len().saturating_sub(shown.len());
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    let near = known.iter().find(|name| one_letter_more(name.as_str(), asset.as_str()));
    let near = near.map_or_else(String::new, |name| format!("did you mean {name}? "));
    format!("{near}it has {}{tail}", shown.join(", "))
}

/// Whether one of two names has one letter more than the other.
fn one_letter_more(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let (short, long) = (short.as_bytes(), long.as_bytes());
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    long.len() == short.len() + 1 && short.len() > 1 && short[same..] == long[same + 1..]
}
