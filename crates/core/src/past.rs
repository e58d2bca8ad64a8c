//! What is known before a decision.

use std::sync::Arc;

use crate::prices::clip;
use crate::{
    Benchmark, BenchmarkHoldings, Date, Error, FactorWindow, Listing, Market, Matrix, Result, Row,
    StatedView, Universe,
};

/// What an asset must have in order to be held.
/// # Examples
/// ```
/// use walkfolio_core::Need;
///
/// // A year of returns, and a price at the month-end 13 months before the last.
/// let need = Need { rows: 252, history_months: Some(13) };
/// assert_eq!(Need::default(), Need { rows: 0, history_months: None });
/// # assert_ne!(need, Need::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Need {
    /// Returns on each of the last so many rows.
    pub rows: usize,
    /// A month-end price so many months before the last month-end.
    pub history_months: Option<u32>,
}

impl Need {
    /// Both: what an asset must have in order to meet either.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::Need;
    ///
    /// let year = Need { rows: 252, history_months: None };
    /// let both = year.and(Need { rows: 60, history_months: Some(13) });
    /// assert_eq!(both, Need { rows: 252, history_months: Some(13) });
    /// ```
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            rows: self.rows.max(other.rows),
            history_months: self.history_months.max(other.history_months),
        }
    }
}

impl Market {
    /// Rows `0..t`: what is known when deciding at row `t`. Row `t` itself is not in it.
    ///
    /// # Errors
    /// [`Error::RowOutside`] unless `t` is a row of the market.
    pub fn before(&self, t: Row) -> Result<Past<'_>> {
        if t >= self.rows() {
            return Err(Error::RowOutside { row: t, rows: self.rows() });
        }
        Ok(Past::new(self, t))
    }
}

/// The rows of a market before a decision.
///
/// It is the only thing that a policy is given, and no method reaches the decision's row or a
/// later one. Listings are cut at the decision as well: an asset's later end is not known.
/// # Timing
/// Made by [`Market::before`]: the decision at row `t` knows rows `0..t`, the last of them the close
/// before. Windows are oldest first and end with that close.
/// # Errors
/// A window that is not full is an error with the asset that lacks rows, never a shorter window.
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// # let dates = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
/// # let universe = Universe::new(["XLE", "XLF"])?;
/// # let columns = vec![
/// #     [50.0, 55.0, 44.0, 44.0].map(Some).to_vec(),
/// #     vec![None, Some(20.0), Some(25.0), Some(25.0)],
/// # ];
/// # let prices = Prices::new(dates, universe, columns)?;
/// let market = Market::new(prices)?;
/// let past = market.before(3)?;
/// assert_eq!(past.rows(), 3);
/// // The returns of XLE up to the close before the decision: 10 %, -20 %.
/// let window = past.returns(&[0], 2)?;
/// assert!((window[(0, 0)] - 0.1).abs() < 1e-15 && (window[(1, 0)] + 0.2).abs() < 1e-15);
/// assert_eq!(past.price(3, 0), None);
/// // XLF has one return only.
/// assert_eq!(past.eligible(Need { rows: 2, history_months: None }), [0]);
/// assert!(past.returns(&[1], 2).is_err());
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    pub(crate) market: &'a Market,
    t: Row,
}

impl<'a> Past<'a> {
    pub(crate) fn new(market: &'a Market, t: Row) -> Self {
        Self { market, t }
    }

    /// Number of known rows; the decision is made for this row.
    pub fn rows(&self) -> usize {
        self.t
    }

    /// What was known at an earlier decision.
    ///
    /// # Errors
    /// [`Error::RowOutside`] if the row is later than this past.
    pub fn before(&self, row: Row) -> Result<Self> {
        if row > self.t {
            return Err(Error::RowOutside { row, rows: self.t + 1 });
        }
        Ok(Self { market: self.market, t: row })
    }

    /// The known rows as a market of their own, in which past decisions can be tried.
    ///
    /// Nothing of this decision's row or a later one is in it; a signal that is published later is
    /// not either.
    pub fn to_market(&self) -> Market {
        let mut market = self.market.slice(&(0..self.t));
        if let Some(own) = self.constituents() {
            market.constituents = Some(Arc::new(own.to_market()));
        }
        if let Some(members) = &mut market.members {
            Arc::make_mut(members).falsify_after(self.dates().last().copied());
        }
        if let Some(last) = self.dates().last() {
            market.signals.iter_mut().for_each(|signal| signal.end_at(*last));
            market.views.iter_mut().for_each(|views| views.end_at(*last));
            market.benchmark_holdings.iter_mut().for_each(|holdings| holdings.end_at(*last));
        }
        market
    }

    /// The latest value of a signal for an asset that is known at the last session.
    ///
    /// # Errors
    /// [`Error::Absent`] if the market has no signal of this name.
    pub fn signal(&self, name: &str, asset: usize) -> Result<Option<f64>> {
        Ok(self.dated_signal(name, asset)?.map(|(_, value)| value))
    }

    /// As [`Past::signal`], with the day on which the value became known.
    ///
    /// # Errors
    /// As [`Past::signal`].
    pub fn dated_signal(&self, name: &str, asset: usize) -> Result<Option<(Date, f64)>> {
        let signal = self.market.signals.iter().find(|signal| signal.name() == name);
        let signal = signal
            .ok_or(Error::Absent { what: "a signal", needed_by: "a feature of the study" })?;
        Ok(self.dates().last().and_then(|last| signal.known(asset, *last)))
    }

    /// The records of a signal for an asset that are of the last `rows` sessions.
    ///
    /// # Errors
    /// [`Error::Absent`] if the market has no signal of this name, [`Error::TooShort`] if there are fewer sessions.
    pub(crate) fn signal_within(
        &self,
        name: &'static str,
        asset: usize,
        rows: usize,
    ) -> Result<&'a [(Date, f64)]> {
        let signal = self.market.signals.iter().find(|signal| signal.name() == name);
        let needed_by = "the impact of trades on prices";
        let signal = signal.ok_or(Error::Absent { what: name, needed_by })?;
        let (dates, date) = (self.dates(), self.decision_date());
        let Some((first, last)) =
            self.t.checked_sub(rows).map(|from| (dates[from], dates[self.t - 1]))
        else {
            let what = name.to_owned();
            return Err(Error::TooShort { what, date, needed: rows, found: self.t });
        };
        let records = signal.records(asset);
        let start = records.partition_point(|(date, _)| *date < first);
        let end = records.partition_point(|(date, _)| *date <= last);
        Ok(&records[start..end.max(start)])
    }

    /// The views of a name that are known at the last session, in order of their dates.
    ///
    /// # Errors
    /// [`Error::Absent`] if the market has no views of this name.
    pub fn views(&self, name: &str) -> Result<&'a [(Date, StatedView)]> {
        let views = self.market.views.iter().find(|views| views.name() == name);
        let views = views
            .ok_or(Error::Absent { what: "a file of views", needed_by: "expected returns" })?;
        Ok(self.dates().last().map_or(&[], |last| views.known(*last)))
    }

    /// What is known of the names that the benchmark is made of, if the market has prices of them.
    pub fn constituents(&self) -> Option<Self> {
        let market = self.market.constituents.as_deref()?;
        Some(Self { market, t: self.t })
    }

    /// The newest holdings of the benchmark that are known at the last session, with their day.
    pub fn benchmark_holdings(&self) -> Option<(Date, &'a BenchmarkHoldings)> {
        let holdings = self.market.benchmark_holdings.as_ref()?;
        let (date, newest) = holdings.known(*self.dates().last()?).last()?;
        Some((*date, newest))
    }

    /// The known sessions.
    pub fn dates(&self) -> &'a [Date] {
        &self.market.dates()[..self.t]
    }

    /// The session the decision is for. The calendar is public; its prices are not known.
    pub fn decision_date(&self) -> Date {
        self.market.dates()[self.t]
    }

    /// All assets, listed or not.
    pub fn universe(&self) -> &'a Universe {
        self.market.universe()
    }

    /// The known rows on which an asset has a price.
    pub fn listing(&self, asset: usize) -> Listing {
        clip(&self.market.prices.listings[asset], &(0..self.t))
    }

    /// The price of an asset on a known row, if it was listed.
    pub fn price(&self, row: Row, asset: usize) -> Option<f64> {
        (row < self.t).then(|| self.market.prices.value(row, asset)).flatten()
    }

    /// How many returns of an asset are known without a gap up to the last session; 0 if it has
    /// ended.
    pub fn returns_known(&self, asset: usize) -> usize {
        let listing = &self.market.returns.listings[asset];
        if listing.end < self.t { 0 } else { self.t.saturating_sub(listing.start) }
    }

    /// How many returns of the benchmark are known up to the last session; 0 without one.
    pub fn benchmark_returns_known(&self) -> usize {
        let listing = self.market.benchmark.as_ref().map_or(0..0, Benchmark::listing);
        if listing.end < self.t { 0 } else { self.t.saturating_sub(listing.start) }
    }

    /// The benchmark's price on a known row, if it was listed.
    pub fn benchmark_price(&self, row: Row) -> Option<f64> {
        let benchmark = self.market.benchmark.as_ref()?;
        (row < self.t).then(|| benchmark.prices.value(row, 0)).flatten()
    }

    /// Whether an asset has all returns of the last `rows` rows.
    pub fn has_returns(&self, asset: usize, rows: usize) -> bool {
        let listing = &self.market.returns.listings[asset];
        rows <= self.t && listing.start <= self.t - rows && listing.end >= self.t
    }

    /// Whether an asset belongs to the index at the last session; true where there is no index.
    pub fn is_member(&self, asset: usize) -> bool {
        let Some(members) = &self.market.members else { return true };
        self.dates().last().is_some_and(|last| members.is_member(asset, *last))
    }

    /// The assets that meet a need, in the order of their names, so that the order in which a study
    /// lists them decides nothing: with every return of the window, members of the index if there is
    /// one, and with a price at the last session that was not filled in.
    pub fn eligible(&self, need: Need) -> Vec<usize> {
        self.eligible_since(
            need.rows,
            need.history_months.map(|months| self.month_end_before(months)),
        )
    }

    /// As [`Past::eligible`], with the row at which an asset must have had a price, if a study asks
    /// for one: `Some(None)` is a month-end that is not known, and no asset has a price there.
    pub fn eligible_since(&self, rows: usize, history: Option<Option<Row>>) -> Vec<usize> {
        let traded = |asset: usize| self.t > 0 && self.market.is_traded(self.t - 1, asset);
        self.listed(rows, |asset| {
            let priced = |row: Row| self.price(row, asset).is_some();
            traded(asset) && history.is_none_or(|row| row.is_some_and(priced))
        })
    }

    /// The assets that meet a need but for the price of the last session, which was filled in: they are
    /// [eligible](Past::eligible) again once they are traded.
    pub fn untraded(&self, need: Need) -> Vec<usize> {
        if self.market.filled.is_empty() || self.t == 0 {
            return Vec::new();
        }
        let history = need.history_months.map(|months| self.month_end_before(months));
        // What meets the need is listed on the last session.
        self.listed(need.rows, |asset| {
            let priced = |row: Row| self.price(row, asset).is_some();
            !self.market.is_traded(self.t - 1, asset)
                && history.is_none_or(|row| row.is_some_and(priced))
        })
    }

    /// The members with every return of a window that are `fit`, in the order of their names.
    fn listed(&self, rows: usize, fit: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut listed: Vec<usize> = (0..self.universe().len())
            .filter(|&asset| self.has_returns(asset, rows.max(1)) && self.is_member(asset))
            .filter(|&asset| fit(asset))
            .collect();
        let tickers = self.universe().tickers();
        listed.sort_by(|&a, &b| tickers[a].cmp(&tickers[b]));
        listed
    }

    /// The row of the month-end `months` before the last month-end that is known.
    pub fn month_end_before(&self, months: u32) -> Option<Row> {
        let dates = self.dates();
        let last_before = |date: Date| dates.partition_point(|own| *own < date).checked_sub(1);
        let last = last_before(self.decision_date().first_of_month())?;
        let back = |months: u32| jiff::Span::new().try_months(months);
        let wanted = dates[last].first_of_month().checked_sub(back(months).ok()?).ok()?;
        let row = last_before(wanted.checked_add(back(1).ok()?).ok()?)?;
        (dates[row].first_of_month() == wanted).then_some(row)
    }

    /// Returns of some assets over the last `rows` rows, oldest first.
    ///
    /// # Shape and units
    /// `rows x assets.len()`, fractions.
    /// # Errors
    /// [`Error::EmptyWindow`] for 0 rows, [`Error::TooShort`] with the asset that lacks returns.
    pub fn returns(&self, assets: &[usize], rows: usize) -> Result<Matrix> {
        if rows == 0 {
            return Err(Error::EmptyWindow { what: "a window of returns", rows, least: 1 });
        }
        if let Some(&asset) = assets.iter().find(|&&asset| !self.has_returns(asset, rows)) {
            let listing = &self.market.returns.listings[asset];
            return Err(self.lacking(self.universe().tickers()[asset].as_str(), listing, rows));
        }
        let mut values = Vec::with_capacity(rows * assets.len());
        for row in self.t - rows..self.t {
            let from = self.market.returns.rows(row..row + 1);
            values.extend(assets.iter().map(|&asset| from[asset]));
        }
        Ok(Matrix::from_rows(rows, assets.len(), values))
    }

    /// The benchmark's returns over the last `rows` rows, oldest first.
    ///
    /// # Errors
    /// [`Error::Absent`] without a benchmark, [`Error::TooShort`] if it lacks rows.
    pub fn benchmark(&self, rows: usize) -> Result<&'a [f64]> {
        let benchmark = self
            .market
            .benchmark
            .as_ref()
            .ok_or(Error::Absent { what: "a benchmark", needed_by: "the objective" })?;
        let listing = benchmark.listing();
        if rows > self.t || listing.start > self.t - rows || listing.end < self.t {
            return Err(self.lacking(benchmark.ticker.as_str(), &listing, rows));
        }
        Ok(benchmark.returns.rows(self.t - rows..self.t))
    }

    /// The benchmark's place among the assets, if it is one of them.
    pub fn benchmark_asset(&self) -> Option<usize> {
        let benchmark = self.market.benchmark.as_ref()?;
        self.universe().position(benchmark.ticker.as_str())
    }

    /// The benchmark's name.
    pub fn benchmark_name(&self) -> Option<&'a str> {
        self.market.benchmark.as_ref().map(|benchmark| benchmark.ticker.as_str())
    }

    /// The names of the factors, in the order of their columns; none without factors.
    pub fn factor_names(&self) -> Option<&'a [String]> {
        self.market.factors.as_ref().map(|factors| &factors.names[..])
    }

    /// Factor returns over the last `rows` rows, oldest first.
    ///
    /// # Errors
    /// [`Error::Absent`] without factors, [`Error::TooShort`] if they lack rows.
    pub fn factors(&self, rows: usize) -> Result<FactorWindow<'a>> {
        let factors = self
            .market
            .factors
            .as_ref()
            .ok_or(Error::Absent { what: "factor returns", needed_by: "the factor model" })?;
        let listing = &factors.listing;
        if rows > self.t || listing.start > self.t - rows || listing.end < self.t {
            return Err(self.lacking("the factor table", listing, rows));
        }
        let k = factors.names.len();
        Ok(FactorWindow {
            k,
            market: factors.market_column(),
            values: &factors.values.values()[(self.t - rows) * k..self.t * k],
            risk_free: &factors.risk_free[self.t - rows..self.t],
        })
    }

    /// Why a series does not fill a window: it has ended, or it has too few rows.
    fn lacking(&self, what: &str, listing: &Listing, needed: usize) -> Error {
        let (what, date) = (what.to_owned(), self.decision_date());
        let known = clip(listing, &(0..self.t));
        if known.end < self.t && !known.is_empty() {
            return Error::Ended { what, last: self.market.dates()[known.end - 1], date };
        }
        Error::TooShort { what, date, needed, found: known.len() }
    }
}

#[cfg(test)]
mod tests;
