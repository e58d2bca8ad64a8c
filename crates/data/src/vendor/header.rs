//! What the columns of a price record are called.

use super::{Basis, Layout};
use crate::{Error, Result};

/// Names of a field, in lower case.
struct Field {
    what: &'static str,
    names: &'static [&'static str],
}

const DATE: Field = Field { what: "date", names: &["date", "data", "datetime", "timestamp"] };
const TIME: Field = Field { what: "time", names: &["time"] };
const TICKER: Field =
    Field { what: "ticker", names: &["ticker", "symbol", "name", "asset", "permno"] };
const CLOSE: Field = Field {
    what: "close",
    names: &["close", "price", "last", "close/last", "zamkniecie", "zamknięcie"],
};
const ADJUSTED: Field = Field {
    what: "adjusted close",
    names: &[
        "adj close",
        "adj. close",
        "adj_close",
        "adjclose",
        "adjusted_close",
        "adjusted close",
    ],
};
const VOLUME: Field = Field { what: "volume", names: &["volume", "vol", "vol.", "wolumen"] };
const DIVIDEND: Field =
    Field { what: "dividend", names: &["dividends", "dividend", "dividend_amount"] };
const SPLIT: Field =
    Field { what: "split", names: &["stock splits", "splits", "split", "split_coefficient"] };

const DELISTING: Field =
    Field { what: "delisting return", names: &["delisting_return", "delisting return", "dlret"] };

/// Fields of a price record that are not used.
const UNUSED: [&str; 14] = [
    "",
    "open",
    "high",
    "low",
    "otwarcie",
    "najwyzszy",
    "najwyższy",
    "najnizszy",
    "najniższy",
    "change %",
    "openint",
    "per",
    "repaired?",
    "capital gains",
];

/// The places of a price record's fields.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    /// The names as they stand in the file.
    pub(super) names: Vec<String>,
    pub(super) date: Option<usize>,
    pub(super) time: Option<usize>,
    pub(super) ticker: Option<usize>,
    pub(super) close: Option<usize>,
    pub(super) adjusted: Option<usize>,
    pub(super) volume: Option<usize>,
    pub(super) dividend: Option<usize>,
    pub(super) split: Option<usize>,
    pub(super) delisting: Option<usize>,
    /// Names of columns that are no field of a price record.
    strange: usize,
}

impl Header {
    /// Finds each field.
    ///
    /// # Errors
    /// [`Error::AmbiguousHeader`] if two columns could be one field of a table that is not wide.
    pub(crate) fn read(file: &str, names: &[&str]) -> Result<Self> {
        let plain: Vec<String> = names.iter().map(|name| plain(name)).collect();
        let lookup = Lookup { file, names, plain: &plain };
        let header = Self {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            date: lookup.first(&DATE),
            time: lookup.first(&TIME),
            ticker: lookup.first(&TICKER),
            close: lookup.first(&CLOSE),
            adjusted: lookup.first(&ADJUSTED),
            volume: lookup.first(&VOLUME),
            dividend: lookup.first(&DIVIDEND),
            split: lookup.first(&SPLIT),
            delisting: lookup.first(&DELISTING),
            strange: plain.iter().filter(|name| is_strange(name)).count(),
        };
        if header.layout() != Layout::Wide {
            let fields =
                [&DATE, &TICKER, &CLOSE, &ADJUSTED, &VOLUME, &DIVIDEND, &SPLIT, &DELISTING];
            for field in fields {
                lookup.unique(field)?;
            }
        }
        Ok(header)
    }

    /// Which layout the names tell.
    ///
    /// Tickers such as OPEN, LOW or VOL may head columns of a wide table: it has no column of
    /// closes, or has columns that are no field of a record.
    pub(crate) fn layout(&self) -> Layout {
        let priced = self.close.is_some() || self.adjusted.is_some();
        match (priced, self.ticker, self.strange) {
            (true, Some(_), _) => Layout::Long,
            (true, None, 0) => Layout::OneTicker,
            _ => Layout::Wide,
        }
    }

    /// What the closes of such a record contain.
    ///
    /// Split coefficients stand beside raw closes. Beside an adjusted close, Yahoo's close contains
    /// the splits. yfinance leaves the adjusted close away when the close is adjusted itself, and
    /// Stooq's is.
    pub(super) fn basis(&self) -> Basis {
        let named = |place: Option<usize>, name: &str| {
            place.is_some_and(|place| plain(&self.names[place]) == name)
        };
        if named(self.split, "split_coefficient") {
            Basis::Raw
        } else if self.adjusted.is_some() {
            Basis::SplitAdjusted
        } else if named(self.split, "stock splits") || self.is_stooq() {
            Basis::TotalReturn
        } else {
            Basis::Unstated
        }
    }

    /// How the file is called in a run's record.
    pub(super) fn format(&self) -> &'static str {
        let has = |name: &str| self.names.iter().any(|own| plain(own) == name);
        if self.is_stooq() {
            "Stooq CSV"
        } else if has("split_coefficient") {
            "Alpha Vantage CSV"
        } else if has("vol.") && has("change %") {
            "investing.com CSV"
        } else if self.ticker.is_some() {
            "long CSV"
        } else {
            "one-ticker CSV"
        }
    }

    /// The places that are read.
    pub(super) fn used(&self) -> [Option<usize>; 8] {
        let Self { date, ticker, close, adjusted, volume, dividend, split, delisting, .. } = self;
        [*date, *ticker, *close, *adjusted, *volume, *dividend, *split, *delisting]
    }

    fn is_stooq(&self) -> bool {
        self.names.iter().any(|name| name == "<PER>" || name.eq_ignore_ascii_case("zamkniecie"))
    }

    /// The column of dates, and that there is one of prices.
    ///
    /// # Errors
    /// [`Error::NoDateColumn`] or [`Error::NoPriceColumn`], with the header.
    pub(super) fn date_column(&self, file: &str) -> Result<usize> {
        if self.close.is_none() && self.adjusted.is_none() {
            let (file, header) = (file.to_owned(), self.names.clone());
            return Err(Error::NoPriceColumn { file, header });
        }
        self.date.ok_or_else(|| Error::NoDateColumn {
            file: file.to_owned(),
            found: format!("its columns are {}", self.names.join(", ")),
        })
    }
}

struct Lookup<'a> {
    file: &'a str,
    names: &'a [&'a str],
    plain: &'a [String],
}

impl Lookup<'_> {
    fn places(&self, field: &Field) -> Vec<usize> {
        let is = |place: &usize| field.names.contains(&self.plain[*place].as_str());
        (0..self.plain.len()).filter(is).collect()
    }

    fn first(&self, field: &Field) -> Option<usize> {
        self.places(field).first().copied()
    }

    fn unique(&self, field: &Field) -> Result<()> {
        let places = self.places(field);
        if places.len() < 2 {
            return Ok(());
        }
        Err(Error::AmbiguousHeader {
            file: self.file.to_owned(),
            what: field.what,
            candidates: places.iter().map(|&place| self.names[place].to_owned()).collect(),
            header: self.names.iter().map(|&name| name.to_owned()).collect(),
        })
    }
}

/// A name in lower case, without the angle brackets of Stooq's bulk files.
fn plain(name: &str) -> String {
    name.trim().trim_start_matches('<').trim_end_matches('>').to_lowercase()
}

fn is_strange(name: &str) -> bool {
    let fields = [DATE, TIME, TICKER, CLOSE, ADJUSTED, VOLUME, DIVIDEND, SPLIT, DELISTING];
    !UNUSED.contains(&name) && !fields.iter().any(|field| field.names.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(names: &[&str]) -> Layout {
        Header::read("x.csv", names).unwrap().layout()
    }

    #[test]
    fn the_names_tell_the_layout_whatever_their_case() {
        assert_eq!(layout(&["DATE", "Open", "CLOSE"]), Layout::OneTicker);
        assert_eq!(layout(&["date", "Symbol", "Adj_Close"]), Layout::Long);
        assert_eq!(layout(&["date", "SPY", "QQQ"]), Layout::Wide);
        // Opendoor, Lowe's and a fund: tickers, not fields.
        assert_eq!(layout(&["date", "OPEN", "LOW"]), Layout::Wide);
        assert_eq!(layout(&["date", "OPEN", "LAST", "SPY"]), Layout::Wide);
    }

    #[test]
    fn two_candidates_are_shown_with_the_header() {
        let error = Header::read("x.csv", &["Date", "Close", "Price", "Volume"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "x.csv has more than one column for the close: Close, Price; its header is Date, Close, Price, Volume"
        );
    }
}
