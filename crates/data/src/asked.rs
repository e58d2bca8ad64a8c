//! What is asked of a file of prices.

use walkfolio_core::Ticker;

use crate::dialect::CsvForm;
use crate::horizon::Horizon;
use crate::layout::Layout;
use crate::quality::Cleaning;

/// What is read, and for what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) role: &'static str,
    pub(crate) wanted: &'a [Ticker],
    pub(crate) layout: Option<Layout>,
    /// What a study states of its CSV files.
    pub(crate) csv: &'a CsvForm,
    /// What a study says of rows out of order.
    pub(crate) cleaning: &'a Cleaning,
    /// Whether volumes and events are asked for besides prices.
    pub(crate) events: bool,
    /// Whether prices within a session are asked for besides closes.
    pub(crate) bars: bool,
    /// What is known of the file.
    pub(crate) horizon: Option<&'a Horizon>,
}

impl<'a> Asked<'a> {
    /// The tickers once each: a benchmark may be one of the assets.
    pub(crate) fn distinct(self) -> impl Iterator<Item = &'a Ticker> {
        let once = move |(at, ticker): &(usize, &Ticker)| !self.wanted[..*at].contains(ticker);
        self.wanted.iter().enumerate().filter(once).map(|(_, ticker)| ticker)
    }
}
