//! What can be wrong with a file.

use std::path::PathBuf;

use walkfolio_core::number::shown;
use walkfolio_core::{Date, Ticker};

mod factors;
mod form;
mod hint;
mod quotes;
mod steps;
mod tries;

pub use factors::FactorError;
pub use form::FormError;
pub use quotes::QuoteError;
pub use steps::StepsError;
use tries::tries_made;

/// The result of an operation of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What is wrong with a file, or with what was asked of it.
///
/// The message states what, where, the rule and the value; [`Error::hint`] says what to do.
/// `file` is the path as it was given; lines and rows count from 1, the header included.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    #[error("{} cannot be read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file of no bytes, or of blanks only.
    #[error("{file} is empty")]
    EmptyFile {
        /// The file.
        file: String,
    },
    /// The content is of another kind than the file's extension says.
    #[error("{file} is not what its name says: it holds {found}")]
    NotWhatNamed {
        /// The file.
        file: String,
        /// The kind of its content.
        found: &'static str,
        /// What to do about this kind.
        hint: &'static str,
    },
    /// The content is of a kind that cannot be used here.
    #[error("{file} holds {found}; {role} are read from {accepted}")]
    WrongKind {
        /// The file.
        file: String,
        /// The kind of its content.
        found: &'static str,
        /// What the file was to supply.
        role: &'static str,
        /// The kinds that can be used.
        accepted: &'static str,
        /// What to do about this kind.
        hint: &'static str,
    },
    /// A text in another encoding.
    #[error("{file} line {line} is not UTF-8: it has byte {byte:#04X}{}", in_latin_1(*byte))]
    NotUtf8 {
        /// The file.
        file: String,
        /// The first line that is not.
        line: usize,
        /// The first byte that is not.
        byte: u8,
    },
    /// A text with a zero byte, which no text has.
    #[error("{file} line {line} has a NUL byte: it is not text in UTF-8")]
    NulByte {
        /// The file.
        file: String,
        /// The first line that has one.
        line: usize,
    },
    /// A line longer than any table of prices has.
    #[error("{file} line {line} has more than {limit} bytes")]
    LongLine {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// The limit.
        limit: usize,
    },
    /// A table without dates.
    #[error("{file} has no date column: {found}")]
    NoDateColumn {
        /// The file.
        file: String,
        /// What it has instead.
        found: String,
    },
    /// Two columns of a requested name.
    #[error("{file} has two columns named {column}, in places {first} and {second}")]
    DuplicateColumn {
        /// The file.
        file: String,
        /// The name.
        column: String,
        /// Position of the first, counted from 1.
        first: usize,
        /// Position of the second, counted from 1.
        second: usize,
    },
    /// A table without a column that is needed.
    #[error("{file} has no column {column}; it has {}", found.join(", "))]
    NoColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The columns there are.
        found: Vec<String>,
    },
    /// An index of the assets that cannot be made.
    #[error("the index {index} cannot be made of the assets: {reason}")]
    NoIndex {
        /// Its name.
        index: Ticker,
        /// Why not.
        reason: String,
    },
    /// A file of signals without a value of any asset that was asked for.
    #[error("{file} has no value of any asset")]
    NoSignal {
        /// The file.
        file: String,
    },
    /// Holdings of a benchmark that cannot be.
    #[error("{file} has holdings of {date} that cannot be: {reason}")]
    BadHoldings {
        /// The file.
        file: String,
        /// The day of the holdings.
        date: Date,
        /// Why not.
        reason: String,
    },
    /// A line with more or fewer cells than the header.
    #[error("{file} line {line} has {found} cells; the header has {expected}")]
    RaggedRow {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// Cells of the header.
        expected: usize,
        /// Cells of the line.
        found: usize,
    },
    /// A text that is not a date.
    #[error("{file} line {line} has date {value:?}; a date must be {rule}")]
    BadDate {
        /// The file.
        file: String,
        /// The line, or the row of a Parquet file.
        line: usize,
        /// The text found.
        value: String,
        /// What it must be.
        rule: &'static str,
    },
    /// A cell that is not a number.
    #[error("{file} line {line}, column {column}, has {value:?}; {rule}")]
    BadCell {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// The column's name.
        column: String,
        /// The text found.
        value: String,
        /// What it must be.
        rule: &'static str,
    },
    /// A file of holdings or quotes without a header that says what is what.
    #[error("{file} has no line with the columns `ticker` and `shares`, `value` or `weight`")]
    NoHoldings {
        /// The file.
        file: String,
    },
    /// A Parquet column of a type that holds neither prices nor dates.
    #[error("{file} column {column} has type {found}; {rule}")]
    ColumnType {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// What it must be.
        rule: &'static str,
    },
    /// A CSV or Parquet file whose structure is broken.
    #[error("{file} is damaged: {reason}")]
    Damaged {
        /// The file.
        file: String,
        /// What its reader says.
        reason: String,
    },
    /// An archive that does not hold exactly one file.
    #[error("{file} holds {found} files; an archive of factor returns holds one")]
    Members {
        /// The archive.
        file: String,
        /// How many there are.
        found: usize,
    },
    /// A workbook without a table, or with several.
    #[error(
        "{file} has {} sheets with a table{}{}; prices are read from one",
        found.len(),
        if found.is_empty() { "" } else { ": " },
        found.join(", ")
    )]
    Sheets {
        /// The workbook.
        file: String,
        /// The sheets that hold tables.
        found: Vec<String>,
    },
    /// A file, or what an archive unpacks to, is larger than its kind ever is.
    #[error("{file} holds more than {limit_mib} MiB")]
    TooLarge {
        /// The file.
        file: String,
        /// The limit.
        limit_mib: u64,
    },
    /// A factor file that ends with its header.
    #[error("{file} has no row below its header line")]
    NoRows {
        /// The file.
        file: String,
    },
    /// A file of factor returns that cannot be used.
    #[error(transparent)]
    Factors(#[from] FactorError),
    /// What an account trades at.
    #[error(transparent)]
    Quotes(#[from] QuoteError),
    /// A file of exchange rates without a currency.
    #[error("{file} has no rates of {}; it has {}", missing.join(", "), found.join(", "))]
    NoPair {
        /// The file.
        file: String,
        /// The pairs, units of the second per unit of the first.
        missing: Vec<String>,
        /// Its columns.
        found: Vec<String>,
    },
    /// A price without an exchange rate.
    #[error(
        "{file} has no rate of {pair} for {date}: {}", last.map_or_else(|| "it begins later".to_owned(), |last| format!("the last before is that of {last}, and a rate holds for {days} {} at most", if *days == 1 { "day" } else { "days" }))
    )]
    NoRateOf {
        /// The file.
        file: String,
        /// The pair.
        pair: String,
        /// The session.
        date: walkfolio_core::Date,
        /// The last day that has one.
        last: Option<walkfolio_core::Date>,
        /// How old a rate may be.
        days: u32,
    },
    /// A blend whose parts are never there together.
    #[error("the parts of {blend} have no two sessions in common")]
    NoBlend {
        /// Its name.
        blend: walkfolio_core::Ticker,
    },
    /// A response without a session.
    #[error("{file} holds no session")]
    NoSessions {
        /// The file, or the address.
        file: String,
    },
    /// An asset that is called like a column of a price record.
    #[error("{file} holds the price record of one ticker, and {column} is a column of it")]
    RecordColumn {
        /// The file.
        file: String,
        /// The column that was asked for as an asset.
        column: Ticker,
    },
    /// Two names of a file that mean one ticker.
    #[error("{file} has {} and {}, and both mean {ticker}", names[0], names[1])]
    TickerSpellings {
        /// The file.
        file: String,
        /// What both mean.
        ticker: Ticker,
        /// As the file writes them.
        names: [String; 2],
    },
    /// Two columns for one field of a price record.
    #[error(
        "{file} has more than one column for the {what}: {}; its header is {}",
        candidates.join(", "),
        header.join(", ")
    )]
    AmbiguousHeader {
        /// The file.
        file: String,
        /// The field.
        what: &'static str,
        /// The columns that could be it.
        candidates: Vec<String>,
        /// The whole header.
        header: Vec<String>,
    },
    /// A table of one ticker or of many without closes.
    #[error("{file} has no column of closes; its header is {}", header.join(", "))]
    NoPriceColumn {
        /// The file.
        file: String,
        /// The whole header.
        header: Vec<String>,
    },
    /// Dates or numbers whose form is not clear.
    #[error("{file} {source}")]
    Form {
        /// The file.
        file: String,
        /// What is not clear.
        source: FormError,
    },
    /// Rows of less than a session.
    #[error("{file} line {line} has a time of day, {value:?}: it holds intraday rows")]
    Intraday {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// The date and time found.
        value: String,
    },
    /// A response with bars of another length than a session.
    #[error("{file} holds bars of {found}; sessions are read from bars of 1d")]
    NotDailyBars {
        /// The file.
        file: String,
        /// The length it states.
        found: String,
    },
    /// Returns in the place of prices.
    #[error(
        "{file} column {column} changes its sign {changes} times in {rows} values: it holds returns, not prices"
    )]
    NotPrices {
        /// The file.
        file: String,
        /// The column, or the ticker.
        column: String,
        /// Changes of sign.
        changes: usize,
        /// Values that are not zero.
        rows: usize,
    },
    /// A response with values and without their dates.
    #[error("{file} has {quotes} closes and no timestamps")]
    NoTimestamps {
        /// The file.
        file: String,
        /// Closes without a date.
        quotes: usize,
    },
    /// A response that states an error of the vendor.
    #[error("{file} is a refusal of the vendor: {reason}")]
    Refused {
        /// The file, or the address.
        file: String,
        /// What the vendor says.
        reason: String,
    },
    /// A response about another ticker than the one asked for.
    #[error("{file} holds {found}, not {asked}")]
    OtherTicker {
        /// The file, or the address.
        file: String,
        /// What was asked for.
        asked: Ticker,
        /// What it holds.
        found: String,
    },
    /// A split or dividend that no price can bear.
    #[error("{file} gives {ticker} a {what} of {} on {date}, after a close of {}", shown(*value), shown(*close))]
    BadEvent {
        /// The file.
        file: String,
        /// The asset.
        ticker: Ticker,
        /// The ex-date.
        date: Date,
        /// `split ratio` or `dividend`.
        what: &'static str,
        /// Its value.
        value: f64,
        /// The last close before it.
        close: f64,
    },
    /// Files with too few sessions, or with those of another frequency.
    #[error(transparent)]
    Steps(#[from] StepsError),
    /// Two files of a folder for one ticker.
    #[error("{folder} has two files for {ticker}: {first} and {second}")]
    TwoFiles {
        /// The folder.
        folder: String,
        /// The ticker.
        ticker: Ticker,
        /// One file's name.
        first: String,
        /// The other's.
        second: String,
    },
    /// A ticker in two files of prices that are joined.
    #[error("{ticker} is in {first} and in {second}")]
    TickerTwice {
        /// The ticker.
        ticker: Ticker,
        /// One file.
        first: String,
        /// The other one.
        second: String,
    },
    /// A snapshot whose manifest cannot be used.
    #[error("{file} is not a manifest of a snapshot: {reason}")]
    Manifest {
        /// The manifest.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file of a snapshot that is not the one its manifest names.
    #[error("{file} has SHA-256 {found}; the manifest of the snapshot says {expected}")]
    Changed {
        /// The file.
        file: String,
        /// The hash in the manifest.
        expected: String,
        /// The hash of the file.
        found: String,
    },
    /// A download that failed.
    #[error("{url} cannot be fetched ({}): {reason}", tries_made(*tries))]
    Fetch {
        /// The address.
        url: String,
        /// How often it was tried.
        tries: u32,
        /// Why the last try failed.
        reason: String,
    },
    /// An error that the market's own types found.
    #[error("{file}: {source}")]
    Market {
        /// The file.
        file: String,
        /// The error.
        source: walkfolio_core::Error,
    },
    /// A finding of the data check that is not allowed.
    #[error("{file} is refused for {}: {}", finding.kind.as_str(), finding.message)]
    Faulty {
        /// The file.
        file: String,
        /// What was found.
        finding: Box<crate::quality::Finding>,
    },
    /// An error of a market that comes from no file.
    #[error(transparent)]
    Core(#[from] walkfolio_core::Error),
}

/// What a byte above ASCII means in the encoding that most such files have.
fn in_latin_1(byte: u8) -> String {
    let letter = char::from(byte);
    // Below there are control characters.
    if byte > 0xA0 { format!(", {letter:?} in Latin-1") } else { String::new() }
}
