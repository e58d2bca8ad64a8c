//! The prices that an account trades at, other than adjusted closes.

mod closes;
mod events;
mod inside;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkfolio_core::{Date, Market, Note, Prices, Quotes, Row, Ticker, Universe};

use crate::Result;
use crate::asked::Asked;
use crate::dialect::CsvForm;
use crate::error::QuoteError;
use crate::layout::Layout;
use crate::loaded::SourceRecord;
use crate::quality::Cleaning;
use crate::read::{Found, found_all};
use crate::series::{Basis, Series};
use closes::{Stated, Traded, traded, unadjusted};
use events::Events;
use inside::{Far, Inside};

/// Returns that differ by more are not of the same prices.
const APART: f64 = 0.005;

/// A price within a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// The first price.
    Open,
    /// The volume-weighted average price.
    Vwap,
}

impl Within {
    /// The name of its column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Vwap => "vwap",
        }
    }
}

/// What closes contain that an account values its shares at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuoteBasis {
    /// Splits and dividends: the prices of the market.
    Adjusted,
    /// Nothing: closes as traded, with dividends and splits as events.
    Unadjusted {
        /// Closes as traded, where the price files have others.
        closes: Option<PathBuf>,
        /// Dividends and splits, where the files of the closes do not have them.
        events: Option<PathBuf>,
    },
}

/// The prices that an account trades at.
///
/// # Examples
/// See [`load_quotes`].
#[derive(Debug, Clone, PartialEq)]
pub struct QuoteRequest {
    /// The price files of the market.
    pub prices: Vec<PathBuf>,
    /// The requested tickers.
    pub tickers: Vec<Ticker>,
    /// What closes contain.
    pub basis: QuoteBasis,
    /// The price within a session, and its file where it is no column of the closes'.
    pub within: Option<(Within, Option<PathBuf>)>,
    /// The layout of the price files.
    pub layout: Option<Layout>,
    /// How cells of CSV files are written.
    pub csv: CsvForm,
}

/// Quotes and where they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedQuotes {
    /// The quotes, on the sessions of the market.
    pub quotes: Quotes,
    /// The files besides those of the market.
    pub records: Vec<SourceRecord>,
    /// What an account must know of them.
    pub notes: Vec<Note>,
}

/// Reads closes as traded with dividends and splits, and prices within a session.
///
/// Closes that contain splits, next to the splits, are brought back to what was traded. Dividends that no file states
/// are told by the two closes: `d = C' - C A' / A` with the adjusted closes `A` of the market, to 0.005 % of the price.
/// An event on a day without a session is one of the next. A session without a close has the one before.
///
/// # Errors
/// [`QuoteError`] for closes that are adjusted, a missing close, a column that no file has, or closes that part by
/// more than a dividend; those of a file.
/// # Examples
/// ```
/// use walkfolio_core::{Ticker, Universe};
/// use walkfolio_data::{CsvForm, FileRequest, QuoteBasis, QuoteRequest, load, load_quotes};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-X.csv");
/// let text = "date,close,dividends,stock splits\n2024-01-02,100,0,0\n2024-01-03,49,1,2\n";
/// std::fs::write(&path, text.replace("stock splits", "split_coefficient").replace("dividends", "dividend_amount"))?;
/// let loaded = load(&FileRequest::new(path.clone(), Universe::new(["X"])?))?;
/// let request = QuoteRequest {
///     prices: vec![path],
///     tickers: vec![Ticker::new("X")?],
///     basis: QuoteBasis::Unadjusted { closes: None, events: None },
///     within: None,
///     layout: None,
///     csv: CsvForm::default(),
/// };
/// let found = load_quotes(&request, &loaded.market)?.quotes;
/// assert_eq!((found.close(0, 0), found.close(1, 0)), (Some(100.0), Some(49.0)));
/// let event = found.event(1, 0).unwrap();
/// assert_eq!((event.split, event.dividend), (2.0, 1.0));
/// // (2 x 49 + 1) / 100
/// assert!((loaded.market.returns().value(1, 0).unwrap() + 0.01).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn load_quotes(request: &QuoteRequest, market: &Market) -> Result<LoadedQuotes> {
    let mut loading =
        Loading { request, market, records: Vec::new(), notes: Vec::new(), read: BTreeMap::new() };
    let quotes = match &request.basis {
        QuoteBasis::Adjusted => Quotes::adjusted(market),
        QuoteBasis::Unadjusted { closes, events } => {
            loading.unadjusted(closes.as_deref(), events.as_deref())?
        }
    };
    let quotes = match &request.within {
        None => quotes,
        Some((within, file)) => loading.within(quotes, *within, file.as_deref())?,
    };
    let Loading { records, notes, .. } = loading;
    Ok(LoadedQuotes { quotes, records, notes })
}

struct Loading<'a> {
    request: &'a QuoteRequest,
    market: &'a Market,
    records: Vec<SourceRecord>,
    notes: Vec<Note>,
    /// The series of the closes by ticker, each with its file.
    read: BTreeMap<Ticker, (String, Series)>,
}

impl Loading<'_> {
    /// Closes as traded, and events.
    fn unadjusted(&mut self, closes: Option<&Path>, own: Option<&Path>) -> Result<Quotes> {
        let (paths, role) = match closes {
            Some(path) => (vec![path.to_path_buf()], "closes"),
            None => (self.request.prices.clone(), "prices"),
        };
        self.read = self.series(&paths, role)?;
        if closes.is_some() {
            // Whoever names closes as traded says what they are.
            let silent = [Basis::Unstated, Basis::TotalReturn];
            let stated = self.read.values_mut().filter(|(_, own)| silent.contains(&own.basis));
            stated.for_each(|(_, own)| own.basis = Basis::Raw);
        }
        self.check_basis()?;
        let mut stated: Option<Events> = None;
        if let Some(path) = own {
            let (events, record, notes) = events::read(path, &self.request.csv)?;
            self.records.push(record);
            self.notes.extend(notes);
            stated = Some(events);
        }
        let (mut columns, mut events) = (Vec::new(), Vec::new());
        let (mut carried, mut implied) = (0, 0);
        for asset in 0..self.market.universe().len() {
            let Traded { closes, events: own, carried: more, implied: found } =
                self.traded(asset, stated.as_ref())?;
            columns.push(closes);
            events.push(own);
            carried += more;
            implied += found;
        }
        self.note_filled(carried, implied);
        let closes = self.prices(columns)?;
        let quotes = Quotes::new(closes, events)?;
        self.notes.extend(apart(&quotes, self.market));
        Ok(quotes)
    }

    fn traded(&self, asset: usize, events: Option<&Events>) -> Result<Traded> {
        let (file, series) = self.of(asset)?;
        let own = events.and_then(|all| all.get(&series.ticker));
        let is_stated = events.is_some() || !series.dividends.is_empty();
        let stated = if is_stated { Stated::Yes } else { Stated::Implied };
        let mut series = series.clone();
        if let Some((dividends, splits)) = own {
            // Of what both files state on a day that of the events holds.
            series.dividends.retain(|known| dividends.iter().all(|own| own.date != known.date));
            series.splits.retain(|known| splits.iter().all(|own| own.date != known.date));
            series.dividends.extend(dividends);
            series.splits.extend(splits);
        }
        Ok(traded((file, &series), (self.market, asset), stated)?)
    }

    /// Prices within a session, in the shares and the adjustment of the closes.
    fn within(&mut self, quotes: Quotes, within: Within, file: Option<&Path>) -> Result<Quotes> {
        let alone = file.is_some();
        let read = match file {
            Some(path) => self.series(&[path.to_path_buf()], within.as_str())?,
            None if self.read.is_empty() => {
                let prices = self.request.prices.clone();
                self.series(&prices, "prices")?
            }
            None => std::mem::take(&mut self.read),
        };
        self.read = read;
        if !alone {
            self.check_column(within)?;
        }
        let (mut columns, mut missing, mut far) = (Vec::new(), 0, 0);
        let mut worst: Option<Far> = None;
        for asset in 0..self.market.universe().len() {
            let mut column = vec![None; self.market.rows()];
            for row in self.market.prices().listing(asset) {
                let close = quotes.close(row, asset);
                let own = self.price_within(row, asset, (within, alone), close);
                missing += usize::from(own.is_none());
                column[row] = own.or(close);
            }
            let own = Inside::of(&column, &quotes, asset);
            if own.is_of_another_unit() {
                return Err(self.other_unit(asset, within, &own)?.into());
            }
            worst = worst.into_iter().chain(own.worst).max_by(|a, b| a.by.total_cmp(&b.by));
            far += own.far;
            columns.push(column);
        }
        let told = worst.map(|worst| self.note_far(within, (far, &worst)));
        self.notes.extend(told);
        if missing > 0 {
            let word = within.as_str();
            self.notes.push(Note::warning(format!(
                "{missing} prices of {word} are missing: a trade on such a session is made at its close"
            )));
        }
        Ok(quotes.with_traded(self.prices(columns)?)?)
    }

    fn other_unit(&self, asset: usize, within: Within, own: &Inside) -> Result<QuoteError> {
        let (file, series) = self.of(asset)?;
        let (file, asset) = (file.to_owned(), series.ticker.to_string());
        Ok(QuoteError::OtherUnit { file, column: within.as_str(), asset, times: own.median })
    }

    /// Prices within a session that are far from its close.
    fn note_far(&self, within: Within, (far, worst): (usize, &Far)) -> Note {
        let (word, date) = (within.as_str(), self.market.dates()[worst.row]);
        let asset = &self.market.universe().tickers()[worst.asset];
        Note::warning(format!(
            "{far} prices of {word} are less than half or more than twice the close of their session: that of {asset} on {date} is {} times its close",
            worst.times
        ))
    }

    fn price_within(
        &self,
        row: Row,
        asset: usize,
        (within, alone): (Within, bool),
        close: Option<f64>,
    ) -> Option<f64> {
        let (_, series) = self.of(asset).ok()?;
        let at = series.dates.binary_search(&self.market.dates()[row]).ok()?;
        let price = if alone {
            // A file of its own is in the shares of the closes.
            series.close[at]? * unadjusted(series, series.dates[at])
        } else {
            let own = match within {
                Within::Open => &series.open,
                Within::Vwap => &series.vwap,
            };
            own.as_ref()?[at]? * close? / series.close[at]?
        };
        (price.is_finite() && price > 0.0).then_some(price)
    }

    /// Every requested series of some files.
    fn series(
        &mut self,
        paths: &[PathBuf],
        role: &'static str,
    ) -> Result<BTreeMap<Ticker, (String, Series)>> {
        let QuoteRequest { tickers, csv, within, .. } = self.request;
        // Another file may have another layout.
        let layout = self.request.layout.filter(|_| role == "prices");
        let cleaning = &Cleaning::default();
        let bars = within.is_some();
        let asked = Asked {
            role,
            wanted: tickers,
            layout,
            csv,
            cleaning,
            events: true,
            bars,
            horizon: None,
        };
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let mut all = BTreeMap::new();
        for (wanted, mut read) in found_all(&paths, asked)? {
            let file = read.file.clone();
            match std::mem::replace(&mut read.found, Found::Series(Vec::new())) {
                Found::Series(series) => {
                    all.extend(series.into_iter().map(|own| (own.1.ticker.clone(), own)));
                }
                Found::Table(table) => {
                    for (ticker, column) in wanted.iter().zip(&table.columns) {
                        let series = Series {
                            dates: table.dates.clone(),
                            lines: table.lines.clone(),
                            close: column.iter().collect(),
                            ..Series::empty(ticker.clone(), Basis::Unstated, "wide")
                        };
                        all.insert(ticker.clone(), (file.clone(), series.settle(&file)?));
                    }
                    let record = read.table_record(role, table.dates.iter().copied());
                    read.records.extend(record);
                }
            }
            // The records of the market's own files are there already.
            if role != "prices" {
                self.records.append(&mut read.records);
                self.notes.append(&mut read.notes);
            }
        }
        Ok(all)
    }

    /// The series of an asset: its own name's, or that before `_2` where a long gap divides it.
    fn of(&self, asset: usize) -> Result<(&str, &Series)> {
        let name = &self.market.universe().tickers()[asset];
        let whole = || {
            let (base, _) = name.as_str().rsplit_once('_')?;
            self.read.iter().find(|(ticker, _)| ticker.as_str() == base)
        };
        let own = self.read.get(name).or_else(|| whole().map(|(_, own)| own));
        let unknown = || walkfolio_core::Error::UnknownAsset {
            asset: name.clone(),
            place: "the closes of the account".to_owned(),
            known: self.read.keys().cloned().collect(),
        };
        let (file, series) = own.ok_or_else(unknown)?;
        Ok((file, series))
    }

    /// Closes must be as traded, or contain splits that are known.
    fn check_basis(&self) -> Result<()> {
        let known = [Basis::Raw, Basis::SplitAdjusted];
        let bad: Vec<&(String, Series)> =
            self.read.values().filter(|(_, own)| !known.contains(&own.basis)).collect();
        let Some((file, first)) = bad.first() else { return Ok(()) };
        let why = match first.basis {
            Basis::TotalReturn => "they contain splits and dividends",
            _ => "it does not say whether they contain splits and dividends",
        };
        let assets = bad.iter().map(|(_, own)| &own.ticker);
        Err(QuoteError::Adjusted { file: file.clone(), assets: some(assets), why }.into())
    }

    fn check_column(&self, within: Within) -> Result<()> {
        let has = |own: &Series| match within {
            Within::Open => own.open.is_some(),
            Within::Vwap => own.vwap.is_some(),
        };
        let bad: Vec<&(String, Series)> = self.read.values().filter(|(_, own)| !has(own)).collect();
        let Some((file, _)) = bad.first() else { return Ok(()) };
        let assets = some(bad.iter().map(|(_, own)| &own.ticker));
        Err(QuoteError::NoColumn { file: file.clone(), column: within.as_str(), assets }.into())
    }

    fn prices(&self, columns: Vec<Vec<Option<f64>>>) -> Result<Prices> {
        let universe = Universe::from_tickers(self.market.universe().tickers().to_vec())?;
        Ok(Prices::new(self.market.dates().to_vec(), universe, columns)?)
    }

    fn note_filled(&mut self, carried: usize, implied: usize) {
        if carried > 0 {
            self.notes.push(Note::warning(format!(
                "{carried} unadjusted closes are missing: the close before is carried on"
            )));
        }
        if implied > 0 {
            self.notes.push(Note::info(format!(
                "no file states dividends: {implied} of at least 0.005 % of the price are what the adjusted closes have beyond the unadjusted ones"
            )));
        }
    }
}

/// Two returns of a session that are not of the same prices.
struct Apart {
    by: f64,
    date: Date,
    asset: usize,
    own: f64,
    adjusted: f64,
}

/// Whether closes with their events have the returns of the adjusted closes.
fn apart(quotes: &Quotes, market: &Market) -> Option<Note> {
    let (mut count, mut worst) = (0_usize, None::<Apart>);
    for asset in 0..market.universe().len() {
        for row in market.returns().listing(asset) {
            let event = quotes.event(row, asset);
            let (split, dividend) = event.map_or((1.0, 0.0), |own| (own.split, own.dividend));
            let closes = quotes.close(row, asset).zip(quotes.close(row - 1, asset));
            let Some(((close, before), adjusted)) = closes.zip(market.returns().value(row, asset))
            else {
                continue;
            };
            let own = (split * close + dividend) / before - 1.0;
            let by = (own - adjusted).abs();
            count += usize::from(by > APART);
            if by > worst.as_ref().map_or(APART, |worst| worst.by) {
                worst = Some(Apart { by, date: market.dates()[row], asset, own, adjusted });
            }
        }
    }
    worst.map(|Apart { date, asset, own, adjusted, .. }| {
        Note::warning(format!(
            "{count} returns of the unadjusted closes with their dividends and splits differ by more than 0.5 % from those of the adjusted closes: {} on {date} has {:+.2} % and {:+.2} %; an event is missing, or a price was corrected in one of them",
            market.universe().tickers()[asset],
            100.0 * own,
            100.0 * adjusted
        ))
    })
}

fn some<'a>(tickers: impl Iterator<Item = &'a Ticker>) -> String {
    const SHOWN: usize = 5;
    let names: Vec<String> = tickers.map(ToString::to_string).collect();
    let more = names.len().saturating_sub(SHOWN);
    let shown = names[..names.len() - more].join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

#[cfg(test)]
mod tests;
