//! Values of assets by the day on which they became known, from a user's CSV.

use std::collections::BTreeMap;
use std::path::PathBuf;

use walkfolio_core::{Date, Note, Signal, SignalKind, Universe};

use crate::cells::{self, Cells};
use crate::dated_values::DatedValue;
use crate::dialect::CsvForm;
use crate::horizon::Horizon;
use crate::loaded::SourceRecord;
use crate::source::{Accepts, Content, Source};
use crate::{Error, Result};

/// A file of a signal.
#[derive(Debug, Clone)]
pub struct SignalRequest {
    /// The name under which a feature finds it.
    pub name: String,
    /// What it is, which decides how constituents are summed.
    pub kind: SignalKind,
    /// The file.
    pub path: PathBuf,
    /// How its cells are written, where the file does not show it.
    pub csv: CsvForm,
    /// For an audit: what is known of the file.
    pub horizon: Option<Horizon>,
}

/// A signal and where it comes from.
#[derive(Debug, Clone)]
pub struct LoadedSignal {
    /// The signal.
    pub signal: Signal,
    /// Its file.
    pub record: SourceRecord,
    /// What the reader must know.
    pub notes: Vec<Note>,
}

/// Reads a signal for the assets of a universe.
///
/// Two layouts are known by their header: `date, asset, value`, and
/// `date, asset, constituent, weight, ...` with the columns of the kind (`market_cap`; `pe`;
/// `actual_eps` and `estimated_eps`), summed over the constituents of an asset and day. Where a
/// constituent has no value the weights of the others are scaled up to the sum of all. The date is
/// the day on which a value became known; other assets are passed over.
///
/// # Errors
/// Those of a text file, a missing column, a cell that is not a number, two values of one asset on a
/// day, each with file and line.
/// # Examples
/// ```
/// use walkfolio_core::{SignalKind, Universe};
/// use walkfolio_data::{CsvForm, SignalRequest, read_signal};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-pe.csv");
/// std::fs::write(&path, "date,asset,value\n2024-01-31,XLE,11.5\n2024-02-29,XLE,\n")?;
/// let (kind, csv) = (SignalKind::PriceEarnings, CsvForm::default());
/// let request = SignalRequest { name: "pe".into(), kind, path, csv, horizon: None };
/// let loaded = read_signal(&request, &Universe::new(["XLE"])?)?;
/// assert_eq!(loaded.record.rows, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_signal(request: &SignalRequest, universe: &Universe) -> Result<LoadedSignal> {
    let accepts = Accepts { role: "signals", kinds: &[Content::Text], described: "CSV" };
    let source = Source::read(&request.path, accepts)?;
    let (sha256, file) = (source.sha256.clone(), source.file.clone());
    let text = source.text()?;
    let (mut read, inferred) = cells::read(&file, &text, &request.csv, |cells| {
        if cells.has("constituent") {
            of_constituents(cells, request.kind, universe)
        } else {
            of_values(cells, universe)
        }
    })?;
    read.notes.extend(inferred);
    let record = SourceRecord {
        role: "signal",
        name: source.name,
        format: "long CSV",
        sha256,
        rows: 0,
        first: None,
        last: None,
        vintage: None,
    };
    let about = (universe, request.horizon.as_ref());
    settled(&request.name, read.records, ((file, record), read.notes), about)
}

/// A signal of the records that an audit leaves of a file, with the record of the file completed.
///
/// # Errors
/// [`Error::NoSignal`] if none is left, [`Error::Market`] for two values of one asset on a day.
pub(crate) fn settled(
    name: &str,
    mut records: Vec<Vec<(Date, f64)>>,
    ((file, record), mut notes): ((String, SourceRecord), Vec<Note>),
    (universe, horizon): (&Universe, Option<&Horizon>),
) -> Result<LoadedSignal> {
    if let Some(horizon) = horizon {
        for (at, records) in records.iter_mut().enumerate() {
            records.retain(|(date, _)| horizon.keeps(*date));
            for (date, value) in records {
                *value = horizon.value(*date, at, *value);
            }
        }
    }
    let rows: usize = records.iter().map(Vec::len).sum();
    let dates = || records.iter().flatten().map(|(date, _)| *date);
    let (first, last) = (dates().min(), dates().max());
    if first.is_none() {
        return Err(Error::NoSignal { file });
    }
    for (ticker, records) in universe.tickers().iter().zip(&records) {
        if records.is_empty() {
            let message = format!("{} has no {name} of {ticker}", record.name);
            notes.push(Note::warning(message));
        }
    }
    let signal = Signal::new(name, records).map_err(|source| Error::Market { file, source })?;
    Ok(LoadedSignal { signal, record: SourceRecord { rows, first, last, ..record }, notes })
}

/// Values by universe index; those of other names are passed over.
pub(crate) fn by_asset(values: &[DatedValue], universe: &Universe) -> Vec<Vec<(Date, f64)>> {
    let mut records = vec![Vec::new(); universe.len()];
    for own in values {
        if let Some(asset) = universe.position(&own.name) {
            records[asset].push((own.date, own.value));
        }
    }
    records
}

/// Records by universe index.
struct Read {
    records: Vec<Vec<(Date, f64)>>,
    notes: Vec<Note>,
}

fn of_values(cells: &mut Cells<'_>, universe: &Universe) -> Result<Read> {
    cells.require(&["date", "asset", "value"])?;
    let mut records = vec![Vec::new(); universe.len()];
    while cells.next()? {
        let Some(asset) = universe.position(cells.text("asset")) else { continue };
        let date = cells.date()?;
        if let Some(value) = cells.number("value")? {
            records[asset].push((date, value));
        }
    }
    Ok(Read { records, notes: Vec::new() })
}

/// Weighted sums of one asset and day.
#[derive(Default)]
struct Sums {
    weights: f64,
    present: f64,
    values: f64,
}

fn of_constituents(cells: &mut Cells<'_>, kind: SignalKind, universe: &Universe) -> Result<Read> {
    let own: &[&str] = match kind {
        SignalKind::LogDollarVolume => &["value"],
        SignalKind::MarketCap => &["market_cap"],
        SignalKind::PriceEarnings => &["pe"],
        SignalKind::EarningsSurprise => &["actual_eps", "estimated_eps"],
    };
    cells.require(&["date", "asset", "weight"])?;
    cells.require(own)?;
    let mut sums: BTreeMap<(usize, Date), Sums> = BTreeMap::new();
    let mut missing = 0_usize;
    while cells.next()? {
        let Some(asset) = universe.position(cells.text("asset")) else { continue };
        let date = cells.date()?;
        let Some(weight) = cells.number("weight")? else { continue };
        let value = match kind {
            SignalKind::EarningsSurprise => {
                surprise(cells.number("actual_eps")?, cells.number("estimated_eps")?)
            }
            _ => cells.number(own[0])?,
        };
        let sum = sums.entry((asset, date)).or_default();
        sum.weights += weight;
        match value {
            Some(value) => {
                sum.present += weight;
                sum.values += weight * value;
            }
            None => missing += 1,
        }
    }
    let mut records = vec![Vec::new(); universe.len()];
    for ((asset, date), sum) in sums {
        if sum.present != 0.0 {
            // With every value there, this is the sum itself, to the bit.
            let scale = if sum.present == sum.weights { 1.0 } else { sum.weights / sum.present };
            records[asset].push((date, sum.values * scale));
        }
    }
    let note = format!(
        "{missing} constituents without a value are left out of their sums; the weights of the others are scaled up"
    );
    let notes = if missing > 0 { vec![Note::info(note)] } else { Vec::new() };
    Ok(Read { records, notes })
}

/// `(actual - estimated) / |estimated| * 100`; missing where the estimate is zero.
fn surprise(actual: Option<f64>, estimated: Option<f64>) -> Option<f64> {
    let (actual, estimated) = (actual?, estimated?);
    (estimated != 0.0).then(|| (actual - estimated) / estimated.abs() * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, kind: SignalKind, content: &str) -> Result<LoadedSignal> {
        let path = std::env::temp_dir().join(format!("walkfolio-signal-{name}.csv"));
        std::fs::write(&path, content).unwrap();
        let request = SignalRequest {
            name: name.to_owned(),
            kind,
            path,
            csv: CsvForm::default(),
            horizon: None,
        };
        read_signal(&request, &Universe::new(["XLE", "XLF"]).unwrap())
    }

    fn records(loaded: &LoadedSignal, universe: &[&str]) -> Vec<(String, Option<f64>)> {
        use walkfolio_core::{Market, Prices};
        let dates: Vec<Date> = (1..=4).map(|day| Date::constant(2024, 2, day)).collect();
        let prices = vec![vec![Some(1.0); 4]; universe.len()];
        let prices = Prices::new(dates, Universe::new(universe).unwrap(), prices).unwrap();
        let market = Market::new(prices).unwrap().with_signal(loaded.signal.clone()).unwrap();
        let past = market.before(3).unwrap();
        let value = |(asset, name): (usize, &&str)| {
            ((*name).to_owned(), past.signal(loaded.signal.name(), asset).unwrap())
        };
        universe.iter().enumerate().map(value).collect()
    }

    #[test]
    fn constituents_are_summed_and_missing_ones_scaled_up() {
        let text = "date,asset,constituent,weight,market_cap,pe,actual_eps,estimated_eps\n\
            2024-02-01,XLE,XOM,0.6,400,10,2.2,2.0\n\
            2024-02-01,XLE,CVX,0.4,300,,1.0,-2.0\n\
            2024-02-01,XLF,JPM,1,500,12,1,0\n\
            2024-02-01,ZZZ,AAA,1,1,1,1,1\n";
        let names = ["XLE", "XLF"];
        let value = |name: &str, kind| records(&read(name, kind, text).unwrap(), &names);
        let caps = value("caps", SignalKind::MarketCap);
        assert_eq!(caps, [("XLE".to_owned(), Some(360.0)), ("XLF".to_owned(), Some(500.0))]);
        // CVX has no ratio: XOM counts for both.
        assert_eq!(value("pe", SignalKind::PriceEarnings)[0].1, Some(10.0));
        // 0.6 * 10 + 0.4 * 150; an estimate of zero has no surprise.
        let surprise = value("eps", SignalKind::EarningsSurprise);
        assert!((surprise[0].1.unwrap() - 66.0).abs() < 1e-12);
        assert_eq!(surprise[1].1, None);
    }

    #[test]
    fn each_error_names_its_place() {
        let cases = [
            ("a", SignalKind::LogDollarVolume, "date,asset\n2024-01-02,XLE\n"),
            ("b", SignalKind::LogDollarVolume, "date,asset,value\n2024-01-02,XLE,1e3x\n"),
            ("c", SignalKind::LogDollarVolume, "date,asset,value\n1/2/2024,XLE,1\n"),
            ("d", SignalKind::LogDollarVolume, "date,asset,value\n2024-01-02,ABC,1\n"),
            ("e", SignalKind::PriceEarnings, "date,asset,constituent,weight\n2024-01-02,XLE,A,1\n"),
            (
                "f",
                SignalKind::LogDollarVolume,
                "date,asset,value\n2024-01-02,XLE,1\n2024-01-02,XLE,2\n",
            ),
        ];
        let messages: Vec<String> = cases
            .iter()
            .map(|(name, kind, text)| read(name, *kind, text).unwrap_err())
            .map(|error| {
                let text = format!("{error}\n  hint: {}", error.hint().unwrap_or_default());
                text.replace(&std::env::temp_dir().display().to_string(), "")
            })
            .collect();
        insta::assert_snapshot!(messages.join("\n"), @r#"
        /walkfolio-signal-a.csv has no column value; it has asset, date
          hint: write `date, asset, value`, or `date, asset, constituent, weight, market_cap, pe, actual_eps, estimated_eps`; members of an index as `date, ticker` or `ticker, start, end`
        /walkfolio-signal-b.csv line 2, column value, has "1e3x"; a value must be a number, or empty where it is not known
          hint: write plain numbers such as 1234.5, or leave the cell empty
        /walkfolio-signal-c.csv line 2 has date "1/2/2024", and no date of the file shows its order: it is 2024-02-01 as day/month/year (day_first), or 2024-01-02 as month/day/year (month_first)
          hint: state csv.date_order in the study's [market], such as csv = { date_order = "day_first" }, or write dates as 2024-03-28
        /walkfolio-signal-d.csv has no value of any asset
          hint: name the assets as the prices do
        /walkfolio-signal-e.csv has no column pe; it has asset, constituent, date, weight
          hint: write `date, asset, value`, or `date, asset, constituent, weight, market_cap, pe, actual_eps, estimated_eps`; members of an index as `date, ticker` or `ticker, start, end`
        /walkfolio-signal-f.csv: f has two values of one asset on 2024-01-02
          hint: keep one value an asset and day
        "#);
    }
}
