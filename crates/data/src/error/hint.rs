//! What the user can do about each error.

use super::Error;

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Io { source, .. } => walkfolio_core::io::hint(source.kind())?,
            Self::EmptyFile { .. } | Self::NoRows { .. } => "download the file again",
            Self::NotWhatNamed { hint, .. } | Self::WrongKind { hint, .. } => hint,
            Self::NotUtf8 { .. } => "save the file as UTF-8",
            Self::NulByte { .. } => "save the file as UTF-8; UTF-16 has a NUL with each letter",
            Self::LongLine { .. } => "check that its lines end; a table has one row a line",
            Self::NoDateColumn { .. } => "name the column of dates `date`",
            Self::NoColumn { column, .. } if column == "view" || column == "return" => {
                "write `date, view, return, confidence`, such as `2024-01-31, XLK - XLF, 0.02, 0.6`"
            }
            Self::NoColumn { column, .. } if column == "forecast" => {
                "write `date, asset, forecast`, or a column of dates and one for each asset"
            }
            Self::NoColumn { column, .. } if column == "loading" => {
                "write `date, asset, loading`, or a column of dates and one for each asset"
            }
            Self::NoColumn { column, .. } if column == "amount" => {
                "write `date, amount`, such as `2024-03-01, -500` for a withdrawal"
            }
            Self::NoColumn { column, .. } if column == "dividend" || column == "split" => {
                "write `date, ticker, dividend, split`, such as `2024-03-15, XLK, 0.31, 1`"
            }
            Self::NoColumn { .. } => {
                "write `date, asset, value`, or `date, asset, constituent, weight, market_cap, pe, actual_eps, estimated_eps`; members of an index as `date, ticker` or `ticker, start, end`"
            }
            Self::NoIndex { .. } => {
                "check the days of the members' file, and whether one asset alone makes the index"
            }
            Self::BadHoldings { .. } => {
                "write one row a day and name, with the names of the constituents (or of the assets) and weights in any unit"
            }
            Self::NoHoldings { .. } => {
                "write `ticker, shares`, or export the positions of Interactive Brokers, Schwab or Fidelity as CSV"
            }
            Self::NoSignal { .. } => "name the assets as the prices do",
            Self::DuplicateColumn { .. } => "keep one of the two columns, or rename one",
            Self::RaggedRow { .. } => "give every line one cell a column, empty where unlisted",
            Self::BadDate { value, .. } if value.parse::<f64>().is_ok() => {
                "state csv.date_format in the study's [market]: \"excel\", \"epoch\" or \"epoch_ms\""
            }
            Self::BadDate { .. } => "write dates as 2024-03-28",
            Self::BadCell { column, .. } if column == "view" => {
                "put spaces around + and -, and a number before an asset"
            }
            Self::BadCell { column, .. } if column == "confidence" => {
                "1 holds exactly, 0 is no view"
            }
            Self::BadCell { .. } => "write plain numbers such as 1234.5, or leave the cell empty",
            Self::ColumnType { .. } => "store prices as floats and dates as dates, then try again",
            Self::Damaged { .. } => "write or download the file again",
            Self::Members { .. } => "unpack it and name the one file that holds the daily factors",
            Self::Sheets { .. } => "keep one sheet with the prices, or save it as CSV",
            Self::TooLarge { .. } => "check where the file comes from",
            Self::NoSessions { .. } => "check the ticker and the dates that were asked for",
            Self::RecordColumn { .. } => "ask for the ticker that the file is named after",
            Self::TickerSpellings { .. } => "keep one of the two series, or rename one",
            Self::AmbiguousHeader { .. } => "keep one of them, or rename the others",
            Self::NoPriceColumn { .. } => {
                "name the column of closes `close` or `adj close`; a wide table has one column a ticker"
            }
            Self::Form { source, .. } => source.hint(),
            Self::Intraday { .. } | Self::NotDailyBars { .. } => "export daily rows, one a session",
            Self::NotPrices { .. } => {
                "supply prices; returns cannot be turned back without their first price and unit"
            }
            Self::NoTimestamps { .. } | Self::Changed { .. } => "download it again",
            Self::Refused { .. } => {
                "check the ticker and the dates; vendors refuse too many requests for a while"
            }
            Self::OtherTicker { .. } => "ask for the ticker that the vendor uses",
            Self::BadEvent { .. } => "check the event against another source",
            Self::Steps(source) => return Some(source.hint()),
            Self::TwoFiles { .. } => "keep one of the two files",
            Self::TickerTwice { .. } => {
                "take its column out of one of the files, or rename it there"
            }
            Self::Manifest { .. } => "make the snapshot again",
            Self::Fetch { .. } => {
                "check the network and the address; a later call goes on where this one stopped"
            }
            Self::Factors(error) => error.hint(),
            Self::Quotes(error) => error.hint(),
            Self::NoPair { .. } => {
                "add a column GBPUSD or GBP for the currency GBP and the base USD: units of the base per unit of the currency"
            }
            Self::NoRateOf { .. } => "supply the rates of these days",
            Self::NoBlend { .. } => "supply prices of the parts for the same period",
            Self::Faulty { finding, .. } => finding.hint(),
            Self::Market { source, .. } | Self::Core(source) => return source.hint(),
        };
        Some(text.to_owned())
    }
}
