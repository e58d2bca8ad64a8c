//! What is there: coverage, gaps, prices that are not prices, prices that do not change.

use walkfolio_core::number::shown;
use walkfolio_core::{Date, Ticker};

use super::finding::{Finding, Kind, Severity, count, period};
use super::moves::Path;
use super::panel::{Column, Panel, is_price};
use super::sessions::runs;
use crate::calendar::Rhythm;

/// A session is sparse if fewer than this share of the listed assets has a price.
const SPARSE_SHARE: f64 = 0.5;
/// Assets without which a session cannot be sparse.
const SPARSE_ASSETS: usize = 5;
/// So many sessions in a row may be sparse to those who do not know the next.
const SPARSE_ROWS: usize = 5;
/// Two prices are equal to within the rounding of single precision.
const EQUAL: f64 = 1e-7;
/// So many unchanged prices in a row are never stale.
const LEAST_UNCHANGED: usize = 4;
/// So many are always: a month.
const MOST_UNCHANGED: usize = 21;
/// Rows on either side from which the usual share of unchanged prices is taken.
const STALE_WINDOW: usize = 250;
/// Stale runs that chance may give in a whole file.
const STALE_CHANCE: f64 = 1e-4;
/// Days without volume in a row from which on they are a warning.
const IDLE_RUN: usize = 5;

/// The part of a file that an asset covers.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// The asset.
    pub asset: Ticker,
    /// The first and the last date with a price, if there is one.
    pub range: Option<(Date, Date)>,
    /// Rows with a price.
    pub prices: usize,
    /// Rows without a price between the first and the last.
    pub missing: usize,
}

/// How much of a sorted panel each asset covers.
pub(crate) fn coverage(panel: &Panel) -> Vec<Coverage> {
    let one = |column: &Column| {
        let prices = column.prices.iter().flatten().count();
        let listing = listing(column);
        Coverage {
            asset: column.ticker.clone(),
            range: listing.map(|(first, last)| (panel.dates[first], panel.dates[last])),
            prices,
            missing: listing.map_or(0, |(first, last)| last + 1 - first - prices),
        }
    };
    panel.columns.iter().map(one).collect()
}

fn listing(column: &Column) -> Option<(usize, usize)> {
    let first = column.prices.iter().position(Option::is_some)?;
    let last = column.prices.iter().rposition(Option::is_some)?;
    Some((first, last))
}

/// Assets without any price: an error each.
pub(crate) fn empty(panel: &Panel) -> Vec<Finding> {
    let Some(range) = panel.range() else { return Vec::new() };
    let without = panel.columns.iter().filter(|column| listing(column).is_none());
    without
        .map(|column| {
            let message = format!("{} has no price at all", column.ticker);
            Finding::new(Kind::Coverage, Severity::Error, range, message).of(&column.ticker)
        })
        .collect()
}

/// Rows inside a listing without a price, and sessions on which most lack one.
///
/// - sparse session: fewer than half of five or more listed assets have a price: an error; the value
///   is the share that has one. Such rows count as no asset's gap.
/// - gap: a run of rows without a price between an asset's first and last: a warning; the value
///   counts the rows. An asset that left an index and came back has one.
pub(crate) fn gaps(panel: &Panel, rhythm: &Rhythm) -> Vec<Finding> {
    let sparse = sparse(panel, rhythm);
    let mut found = Vec::new();
    for (row, share) in sparse.iter().enumerate().filter_map(|(row, share)| Some((row, (*share)?)))
    {
        let date = panel.dates[row];
        let message = format!(
            "{} has prices of {:.1} % of the listed assets on {date}",
            panel.name,
            100.0 * share
        );
        let finding = Finding::new(Kind::SparseSession, Severity::Error, (date, date), message);
        found.push(finding.sized(share));
    }
    for column in &panel.columns {
        let Some((first, last)) = listing(column) else { continue };
        let exchange = rhythm.exchange_of(&column.ticker);
        let lacks = |row: &usize| column.prices[*row].is_none() && sparse[*row].is_none();
        let lacking: Vec<usize> = (first..=last)
            .filter(lacks)
            .filter(|&row| exchange.is_none_or(|own| own.is_session(panel.dates[row])))
            .collect();
        found.extend(runs(&lacking).into_iter().map(|run| gap(panel, column, run)));
    }
    found
}

fn gap(panel: &Panel, column: &Column, (first, last): (usize, usize)) -> Finding {
    let span = (panel.dates[first], panel.dates[last]);
    let rows = last - first + 1;
    let when = period(span.0, span.1);
    let message = format!("{} lacks {} {when}", column.ticker, count(rows, "price"));
    let finding = Finding::new(Kind::Gap, Severity::Warning, span, message);
    finding.of(&column.ticker).sized(rows as f64)
}

/// The share of listed assets with a price, on rows where it is too small.
fn sparse(panel: &Panel, rhythm: &Rhythm) -> Vec<Option<f64>> {
    if matches!(rhythm, Rhythm::Joined(_)) {
        // On most rows some exchange is closed.
        return vec![None; panel.dates.len()];
    }
    let listings: Vec<_> = panel.columns.iter().map(listing).collect();
    let share = |row: usize| {
        let listed = panel.columns.iter().zip(&listings).filter_map(|(column, listing)| {
            let (first, last) = (*listing)?;
            (first..=last).contains(&row).then(|| column.prices[row].is_some())
        });
        let (priced, all) =
            listed.fold((0, 0), |(priced, all), price| (priced + usize::from(price), all + 1));
        let share = priced as f64 / all.max(1) as f64;
        (all >= SPARSE_ASSETS && share < SPARSE_SHARE).then_some(share)
    };
    (0..panel.dates.len()).map(share).collect()
}

/// Prices that are zero, negative or not finite: one error a run; the value is the first of them.
pub(crate) fn bad_prices(panel: &Panel) -> Vec<Finding> {
    panel.columns.iter().flat_map(|column| bad_column(panel, column)).collect()
}

fn bad_column(panel: &Panel, column: &Column) -> Vec<Finding> {
    let bad = |row: &usize| column.prices[*row].is_some_and(|price| !is_price(price));
    let rows: Vec<usize> = (0..column.prices.len()).filter(bad).collect();
    let finding = |(first, last): (usize, usize)| {
        let span = (panel.dates[first], panel.dates[last]);
        let value = column.prices[first].unwrap_or_default();
        let rows = match last - first + 1 {
            1 => String::new(),
            rows => format!(", the first of {rows} rows,"),
        };
        let message = format!(
            "{} has price {}{rows} {}; a price must be positive and finite",
            column.ticker,
            shown(value),
            period(span.0, span.1)
        );
        let finding = Finding::new(Kind::BadPrice, Severity::Error, span, message);
        finding.of(&column.ticker).sized(value)
    };
    runs(&rows).into_iter().map(finding).collect()
}

/// Runs of equal prices that chance does not explain.
///
/// With the share `p` of unchanged prices in the 250 rows on either side, a run of `k` unchanged
/// prices is stale if `N p^k < 0.0001`, `N` all prices of the file, and `k >= 4`, or if `k >= 21`:
/// a Treasury fund may not move for weeks, a share may not. A warning; the value is `k`.
pub(crate) fn stale(panel: &Panel, column: &Column, path: &Path, all: usize) -> Vec<Finding> {
    let unchanged = path.unchanged();
    let stale = |run: &(usize, usize)| is_stale(path.prices.len(), &unchanged, *run, all);
    let found = runs(&unchanged).into_iter().filter(stale);
    found.map(|run| stale_run(panel, column, path, run)).collect()
}

/// The rows on which a price is stale by the rows up to it: by the rule of [`stale`], its run so far
/// being too long for the usual share of unchanged prices in the 250 rows before.
pub(crate) fn known_stale(path: &Path, all: &[usize]) -> Vec<usize> {
    let unchanged = path.unchanged();
    let known = |(first, last): (usize, usize)| {
        let unchanged = &unchanged;
        let stale = move |place: &usize| {
            is_stale(place + 1, unchanged, (first, *place), all[path.rows[*place]])
        };
        (first..=last).filter(stale).map(|place| path.rows[place])
    };
    runs(&unchanged).into_iter().flat_map(known).collect()
}

/// The prices up to each row that can be prices.
pub(crate) fn known_prices(panel: &Panel) -> Vec<usize> {
    let mut all = 0;
    let valid = |row: usize| {
        let priced = |column: &&Column| column.prices[row].is_some_and(is_price);
        all += panel.columns.iter().filter(priced).count();
        all
    };
    (0..panel.dates.len()).map(valid).collect()
}

/// The sessions that are sparse by the rows before them: of five or more assets with a price on the
/// last session that is not sparse, fewer than half have one. After five such sessions in a row
/// the assets have ended.
pub(crate) fn known_sparse(panel: &Panel) -> Vec<usize> {
    let (mut found, mut usual) = (Vec::new(), Vec::<usize>::new());
    let mut sparse = 0;
    for row in 0..panel.dates.len() {
        let priced = |at: &usize| panel.columns[*at].prices[row].is_some();
        let left = usual.iter().filter(|at| priced(at)).count();
        let share = left as f64 / usual.len().max(1) as f64;
        if usual.len() >= SPARSE_ASSETS && share < SPARSE_SHARE && sparse < SPARSE_ROWS {
            found.push(row);
            sparse += 1;
        } else {
            usual = (0..panel.columns.len()).filter(priced).collect();
            sparse = 0;
        }
    }
    found
}

/// The prices of a file that can be prices.
pub(crate) fn valid_prices(panel: &Panel) -> usize {
    let valid =
        |column: &Column| column.prices.iter().filter(|price| price.is_some_and(is_price)).count();
    panel.columns.iter().map(valid).sum()
}

impl Path {
    /// The places whose price is that of the place before.
    fn unchanged(&self) -> Vec<usize> {
        let same =
            |place: &usize| (self.prices[*place] / self.prices[*place - 1] - 1.0).abs() <= EQUAL;
        (1..self.prices.len()).filter(same).collect()
    }
}

fn is_stale(n: usize, unchanged: &[usize], (first, last): (usize, usize), all: usize) -> bool {
    let length = last - first + 1;
    if length < LEAST_UNCHANGED {
        return false;
    }
    if length >= MOST_UNCHANGED {
        return true;
    }
    let (from, to) = (first.saturating_sub(STALE_WINDOW).max(1), (last + STALE_WINDOW).min(n));
    let below = |limit: usize| unchanged.partition_point(|&place| place < limit);
    let others = (below(to) - below(from)).saturating_sub(length);
    let usual = (others + 1) as f64 / ((to - from).saturating_sub(length) + 2) as f64;
    let expected = libm::log(all as f64) + length as f64 * libm::log(usual);
    expected < libm::log(STALE_CHANCE)
}

fn stale_run(
    panel: &Panel,
    column: &Column,
    path: &Path,
    (first, last): (usize, usize),
) -> Finding {
    // The price before the first unchanged one is part of the run, but not wrong.
    let span = (panel.dates[path.rows[first]], panel.dates[path.rows[last]]);
    let rows = last - first + 1;
    let message = format!(
        "{} stays at {} for {} {}",
        column.ticker,
        path.prices[first],
        count(rows, "row"),
        period(span.0, span.1)
    );
    let finding = Finding::new(Kind::StalePrice, Severity::Warning, span, message);
    finding.of(&column.ticker).sized(rows as f64)
}

/// The rows with a price and no volume.
pub(crate) fn idle_rows(column: &Column) -> Vec<usize> {
    let Some(volumes) = &column.volumes else { return Vec::new() };
    let idle = |row: &usize| volumes[*row] == Some(0.0) && column.prices[*row].is_some();
    (0..column.prices.len()).filter(idle).collect()
}

/// Days with a price and no volume: one finding an asset.
///
/// A note; a warning if five or more rows follow each other. The value counts the rows.
pub(crate) fn idle(panel: &Panel) -> Vec<Finding> {
    let asset = |column: &Column| {
        let rows = idle_rows(column);
        let span = (panel.dates[*rows.first()?], panel.dates[*rows.last()?]);
        let longest = runs(&rows).iter().map(|(first, last)| last - first + 1).max().unwrap_or(0);
        let severity = if longest >= IDLE_RUN { Severity::Warning } else { Severity::Note };
        let message = format!(
            "{} has no volume on {} {}, at most {longest} together",
            column.ticker,
            count(rows.len(), "row"),
            period(span.0, span.1)
        );
        let finding = Finding::new(Kind::ZeroVolume, severity, span, message);
        Some(finding.of(&column.ticker).sized(rows.len() as f64))
    };
    panel.columns.iter().filter_map(asset).collect()
}
