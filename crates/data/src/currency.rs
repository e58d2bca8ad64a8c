//! Prices in one currency.

use std::collections::BTreeMap;
use std::path::PathBuf;

use walkfolio_core::{Date, Note, Ticker};

use crate::asked::Asked;
use crate::dialect::CsvForm;
use crate::horizon::Horizon;
use crate::loaded::SourceRecord;
use crate::price_file::PriceFile;
use crate::quality::Cleaning;
use crate::read::{read, tickers};
use crate::table::{Table, Values};
use crate::{Error, Result};

/// In which currency prices are, and the rates that make one of them.
///
/// # Units
/// Rates are units of the base per unit of a foreign currency: 1.27 for `GBPUSD` with the base USD. Prices in
/// `GBp` or `GBX` are pence, hundredths of a pound.
/// # Timing
/// A price is converted at the last rate up to its day, never at a later one.
/// # Examples
/// ```
/// use walkfolio_core::{Ticker, Universe};
/// use walkfolio_data::{Currency, FileRequest, load};
///
/// let folder = std::env::temp_dir();
/// let (prices, rates) = (folder.join("walkfolio-doc-fx-p.csv"), folder.join("walkfolio-doc-fx-r.csv"));
/// std::fs::write(&prices, "date,VOD.L\n2024-01-02,70\n2024-01-03,71\n")?;
/// std::fs::write(&rates, "date,GBPUSD\n2024-01-02,1.25\n2024-01-03,1.5\n")?;
/// let assets = [(Ticker::new("VOD.L")?, "GBp".to_owned())].into();
/// let currency = Currency { base: "USD".to_owned(), assets, rates, max_age: 5 };
/// let request = FileRequest::new(prices, Universe::new(["VOD.L"])?);
/// let loaded = load(&FileRequest { currency: Some(currency), ..request })?;
/// assert!((loaded.market.prices().value(1, 0).unwrap() - 1.065).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Currency {
    /// The ISO 4217 code of the currency that all prices are converted to.
    pub base: String,
    /// The currency of tickers whose prices are not in the base.
    pub assets: BTreeMap<Ticker, String>,
    /// A file of rates in any layout of prices, one column a currency: `GBPUSD`, `GBPUSD=X` or `GBP`.
    pub rates: PathBuf,
    /// The most days that a rate may be older than a price.
    pub max_age: u32,
}

/// A currency and how many of its units a price has: `GBp` is a hundredth of `GBP`.
fn unit(code: &str) -> (&str, f64) {
    match code {
        "GBp" | "GBX" => ("GBP", 100.0),
        code => (code, 1.0),
    }
}

/// The rates of a file, read for some currencies.
pub(crate) struct Rates<'a> {
    currency: &'a Currency,
    /// The currencies, in the order of the table's columns.
    codes: Vec<&'a str>,
    file: PriceFile,
    /// Prices that an older rate converted, and the largest age in days.
    older: (usize, i32),
}

impl<'a> Rates<'a> {
    /// Reads the rates that the currencies of a study need.
    pub(crate) fn read(currency: &'a Currency, horizon: Option<&Horizon>) -> Result<Self> {
        let mut codes: Vec<&str> = currency.assets.values().map(|code| unit(code).0).collect();
        codes.retain(|code| *code != currency.base);
        codes.sort_unstable();
        codes.dedup();
        let base = &currency.base;
        let csv = &CsvForm::default();
        let known = tickers(&currency.rates, None, csv)?;
        let column = |code: &&str| {
            let names = [format!("{code}{base}"), format!("{code}{base}=X"), (*code).to_owned()];
            names.iter().find_map(|name| known.iter().find(|own| own.as_str() == name)).cloned()
        };
        let missing: Vec<String> = codes
            .iter()
            .filter(|code| column(code).is_none())
            .map(|code| format!("{code}{base}"))
            .collect();
        let file = currency.rates.display().to_string();
        if !missing.is_empty() {
            let found = known.iter().map(ToString::to_string).collect();
            return Err(Error::NoPair { file, missing, found });
        }
        let wanted: Vec<Ticker> = codes.iter().filter_map(column).collect();
        let (layout, cleaning) = (None, &Cleaning::default());
        let (role, wanted) = ("rates", &wanted[..]);
        let asked =
            Asked { role, wanted, layout, csv, cleaning, events: false, bars: false, horizon };
        let file = read(&currency.rates, asked)?;
        Ok(Self { currency, codes, file, older: (0, 0) })
    }

    /// Converts the columns of some tickers.
    pub(crate) fn convert<'t>(
        &mut self,
        table: &mut Table,
        columns: impl Iterator<Item = &'t Ticker>,
    ) -> Result<()> {
        for (at, ticker) in columns.enumerate() {
            let Some(code) = self.currency.assets.get(ticker) else { continue };
            let (code, parts) = unit(code);
            let own = std::mem::take(&mut table.columns[at]);
            let mut converted = Values::with_capacity(own.len());
            for (date, price) in table.dates.iter().zip(own.iter()) {
                let rate = price.map(|_| self.rate(code, *date)).transpose()?;
                converted.push(price.zip(rate).map(|(price, rate)| price * rate / parts));
            }
            table.columns[at] = converted;
        }
        Ok(())
    }

    /// The last rate of a currency up to a day.
    fn rate(&mut self, code: &str, date: Date) -> Result<f64> {
        let Some(column) = self.codes.iter().position(|own| *own == code) else { return Ok(1.0) };
        let table = &self.file.table;
        let end = table.dates.partition_point(|own| *own <= date);
        let found = (0..end).rev().find_map(|row| Some((row, table.columns[column].get(row)?)));
        let age =
            |row: usize| table.dates[row].until(date).map_or(i32::MAX, |span| span.get_days());
        let most = i32::try_from(self.currency.max_age).unwrap_or(i32::MAX);
        match found {
            Some((row, rate)) if age(row) <= most && rate > 0.0 => {
                let age = age(row);
                if age > 0 {
                    self.older = (self.older.0 + 1, self.older.1.max(age));
                }
                Ok(rate)
            }
            found => Err(Error::NoRateOf {
                file: self.file.file.clone(),
                pair: format!("{code}{}", self.currency.base),
                date,
                last: found.map(|(row, _)| table.dates[row]),
                days: self.currency.max_age,
            }),
        }
    }

    /// Where the rates come from, and what there is to say of them.
    pub(crate) fn records(self) -> (Vec<SourceRecord>, Vec<Note>) {
        let mut notes = self.file.notes;
        let (count, age) = self.older;
        if count > 0 {
            let prices = if count == 1 { "price is" } else { "prices are" };
            notes.push(Note::warning(format!(
                "{count} {prices} converted to {} at the rate of an earlier day, at most {age} {} before",
                self.currency.base,
                if age == 1 { "day" } else { "days" }
            )));
        }
        (self.file.records, notes)
    }
}

#[cfg(test)]
mod tests {
    use walkfolio_core::Universe;

    use super::*;
    use crate::{FileRequest, Horizon, Later, Loaded, Role, load};

    fn loaded(name: &str, rates: &str, horizon: Option<Horizon>) -> Result<Loaded> {
        let folder = std::env::temp_dir();
        let path = |end: &str| folder.join(format!("walkfolio-currency-{name}-{end}.csv"));
        let prices = "date,A,P,U\n2024-01-02,10,200,1\n2024-01-03,11,210,2\n2024-01-04,12,220,3\n";
        std::fs::write(path("p"), prices).unwrap();
        std::fs::write(path("r"), rates).unwrap();
        let ticker = |name| Ticker::new(name).unwrap();
        let assets = [(ticker("A"), "EUR".to_owned()), (ticker("P"), "GBX".to_owned())].into();
        let currency = Currency { base: "USD".to_owned(), assets, rates: path("r"), max_age: 1 };
        let request = FileRequest::new(path("p"), Universe::new(["A", "P", "U"]).unwrap());
        load(&FileRequest { currency: Some(currency), horizon, ..request })
    }

    const RATES: &str =
        "date,EUR,GBPUSD\n2024-01-02,1.1,1.25\n2024-01-03,,1.5\n2024-01-04,1.2,1.5\n";

    #[test]
    fn prices_are_those_of_the_base() {
        let found = loaded("all", RATES, None).unwrap();
        let value = |row, asset| found.market.prices().value(row, asset).unwrap();
        // The euro of 3 January is that of the day before.
        for (row, expected) in
            [[11.0, 2.5, 1.0], [12.1, 3.15, 2.0], [14.4, 3.3, 3.0]].iter().enumerate()
        {
            for (asset, expected) in expected.iter().enumerate() {
                assert!((value(row, asset) - expected).abs() < 1e-12, "{row} {asset}");
            }
        }
        let notes: Vec<&str> = found.notes.iter().map(|note| note.message.as_str()).collect();
        let older =
            "1 price is converted to USD at the rate of an earlier day, at most 1 day before";
        assert!(notes.contains(&older), "{notes:?}");
        assert_eq!(found.sources[1].role, "rates");
    }

    #[test]
    fn what_lacks_a_rate_is_named() {
        let old = "date,EUR,GBP\n2024-01-02,1.1,1.25\n2024-01-03,,1.5\n2024-01-04,,1.5\n";
        let messages = [
            loaded("pair", "date,USDEUR,GBP\n2024-01-02,1,1\n", None).unwrap_err(),
            loaded("old", old, None).unwrap_err(),
            loaded("late", "date,EUR,GBP\n2024-01-03,1,1\n", None).unwrap_err(),
        ];
        let folder = std::env::temp_dir().join("walkfolio-currency-").display().to_string();
        let messages = messages.map(|error| {
            format!("{error}\n  hint: {}", error.hint().unwrap_or_default()).replace(&folder, "")
        });
        insta::assert_snapshot!(messages.join("\n"), @"
        pair-r.csv has no rates of EURUSD; it has GBP, USDEUR
          hint: add a column GBPUSD or GBP for the currency GBP and the base USD: units of the base per unit of the currency
        old-r.csv has no rate of EURUSD for 2024-01-04: the last before is that of 2024-01-02, and a rate holds for 1 day at most
          hint: supply the rates of these days
        late-r.csv has no rate of EURUSD for 2024-01-02: it begins later
          hint: supply the rates of these days
        ");
    }

    #[test]
    fn rates_are_known_up_to_the_horizon() {
        let day = |day| Date::constant(2024, 1, day);
        let horizon = Horizon {
            known: day(2),
            decision: day(3),
            later: Later::Perturbed,
            only: Some(Role::Rates),
        };
        let whole = loaded("whole", RATES, None).unwrap().market;
        let cut = loaded("cut", RATES, Some(horizon)).unwrap().market;
        assert_eq!(cut.prices().value(0, 1), whole.prices().value(0, 1));
        assert_ne!(cut.prices().value(1, 1), whole.prices().value(1, 1));
        assert_eq!(cut.prices().value(1, 2), whole.prices().value(1, 2));
    }
}
