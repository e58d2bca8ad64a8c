//! What is done about findings: nothing silently.

use std::collections::{BTreeMap, BTreeSet};

use walkfolio_core::{Date, Note, Ticker};

use super::cleaning::{Cleaning, Policy};
use super::finding::{Finding, Kind, Severity, count};
use super::inspect::inspect;
use super::known::{Verdict, sparse_rows, verdicts};
use super::panel::{Column, Panel};
use super::sessions::extra_rows;

/// Prices after cleaning, and what there is to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// The prices.
    pub panel: Panel,
    /// What was found, then what was changed: asset, date, old and new value, a note each.
    pub notes: Vec<Note>,
    /// The sessions on which an asset has a price that the file lacks.
    pub filled: Vec<(Ticker, Date)>,
}

/// Applies the policies of a study to a panel whose dates increase.
///
/// What is reported looks at the whole file; what is done to a row comes from the rows up to it.
/// Interpolation takes later prices, and a reversal is known once it is over: what these change is
/// counted in a warning each. Whether a gap ends is known when it has ended: what is filled is marked,
/// so that nothing is bought in it. Wrong prices are fixed first, then returns are cut, then gaps
/// are filled.
///
/// # Errors
/// The worst finding that is a warning or an error and whose policy is [`Policy::Fail`].
/// # Examples
/// ```
/// use walkfolio_core::{Date, Ticker};
/// use walkfolio_data::quality::{Cleaning, Column, Kind, Panel, Policy, clean};
///
/// let dates = (2..6).map(|day| Date::constant(2024, 1, day)).collect();
/// let prices = vec![Some(10.0), Some(-1.0), None, Some(11.0)];
/// let panel = Panel::new("prices.csv", dates, vec![Column::new(Ticker::new("XLE")?, prices)]);
/// let fill = Policy::ForwardFill { limit_days: 5 };
/// let cleaning = Cleaning::new([(Kind::BadPrice, Policy::Mask), (Kind::Gap, fill)]);
/// let cleaned = clean(panel, &cleaning).map_err(|finding| finding.message)?;
/// assert_eq!(cleaned.panel.columns[0].prices[1..3], [Some(10.0), Some(10.0)]);
/// assert!(cleaned.notes.iter().any(|note| note.message.contains("2024-01-03")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn clean(mut panel: Panel, cleaning: &Cleaning) -> Result<Cleaned, Box<Finding>> {
    let report = inspect(&panel);
    let refused = |finding: &&Finding| {
        finding.severity > Severity::Note && cleaning.policy(finding.kind) == Policy::Fail
    };
    if let Some(finding) = report.findings.iter().find(refused) {
        return Err(Box::new(finding.clone()));
    }
    let mut notes: Vec<Note> =
        report.findings.iter().map(|finding| found(finding, cleaning)).collect();
    let dropped = drop_sessions(&mut panel, cleaning);
    let mut changes = Vec::new();
    let returns = [Kind::ReturnsNotPrices, Kind::ScaledReturns];
    if !report.findings.iter().any(|finding| returns.contains(&finding.kind)) {
        for verdict in verdicts(&panel, cleaning) {
            changes.extend(fix(&mut panel, &verdict, cleaning.policy(verdict.kind)));
        }
    }
    let dates = panel.dates.clone();
    for column in &mut panel.columns {
        changes.extend(fill_gaps(column, &dates, cleaning.policy(Kind::Gap)));
    }
    notes.extend(cleaning.rules().filter_map(|(kind, policy)| look_ahead(kind, policy, &changes)));
    notes.extend(repaired(&dropped, &changes));
    notes.extend(dropped);
    notes.extend(changes.iter().map(Change::note));
    let filled = changes.iter().filter(|change| change.fills()).map(Change::place).collect();
    Ok(Cleaned { panel, notes, filled })
}

/// The note of a finding; no warning where the study says what is done about it.
fn found(finding: &Finding, cleaning: &Cleaning) -> Note {
    match cleaning.policy(finding.kind) {
        Policy::Report | Policy::Fail => finding.note(),
        _ => Note::info(finding.message.clone()),
    }
}

/// What was changed, in one line with counts.
fn repaired(dropped: &[Note], changes: &[Change]) -> Option<Note> {
    let mut parts = Vec::new();
    if !dropped.is_empty() {
        parts.push(format!("{} dropped", count(dropped.len(), "session")));
    }
    let mut kinds: Vec<(Kind, usize, BTreeSet<&str>)> = Vec::new();
    for change in changes {
        let asset = change.asset.as_str();
        match kinds.iter_mut().find(|(kind, ..)| *kind == change.kind) {
            Some((_, rows, assets)) => {
                *rows += 1;
                assets.insert(asset);
            }
            None => kinds.push((change.kind, 1, BTreeSet::from([asset]))),
        }
    }
    parts.extend(kinds.into_iter().map(|(kind, rows, assets)| {
        let (rows, assets) = (count(rows, "price"), count(assets.len(), "asset"));
        format!("{rows} of {assets} changed as {}", kind.as_str())
    }));
    (!parts.is_empty()).then(|| Note::warning(format!("data cleaned: {}", parts.join(", "))))
}

/// Removes the sessions whose policy says so, each by what is known on it; a date of the exchange's
/// calendar is never an extra one.
fn drop_sessions(panel: &mut Panel, cleaning: &Cleaning) -> Vec<Note> {
    let drops = |kind: Kind| cleaning.policy(kind) == Policy::Drop;
    let mut dropped: BTreeMap<usize, Kind> = BTreeMap::new();
    if drops(Kind::SparseSession) {
        dropped.extend(sparse_rows(panel).into_iter().map(|row| (row, Kind::SparseSession)));
    }
    if drops(Kind::ExtraSession) {
        dropped.extend(extra_rows(panel).into_iter().map(|row| (row, Kind::ExtraSession)));
    }
    let note = |(row, kind): (&usize, &Kind)| {
        Note::info(format!("session {} dropped as {}", panel.dates[*row], kind.as_str()))
    };
    let notes: Vec<Note> = dropped.iter().map(note).collect();
    if !dropped.is_empty() {
        let keep: Vec<usize> =
            (0..panel.dates.len()).filter(|row| !dropped.contains_key(row)).collect();
        *panel = panel.picked(&keep);
    }
    notes
}

/// The warning of a policy that changed prices by later rows.
fn look_ahead(kind: Kind, policy: Policy, changes: &[Change]) -> Option<Note> {
    if !policy.looks_ahead(kind) {
        return None;
    }
    let count = changes.iter().filter(|change| change.kind == kind).count();
    let prices = if count == 1 { "price is" } else { "prices are" };
    (count > 0).then(|| {
        Note::warning(format!(
            "{}: {count} {prices} changed by later rows; a decision in between looks ahead",
            policy.of(kind)
        ))
    })
}

/// A value that is no longer what the file says.
struct Change {
    asset: Ticker,
    date: Date,
    what: &'static str,
    kind: Kind,
    old: Option<f64>,
    new: Option<f64>,
}

impl Change {
    /// Whether a price was put where the file has none, or none that can be believed.
    fn fills(&self) -> bool {
        self.what == "price" && self.new.is_some()
    }

    fn place(&self) -> (Ticker, Date) {
        (self.asset.clone(), self.date)
    }

    fn note(&self) -> Note {
        let value = |value: Option<f64>| value.map_or("none".to_owned(), |value| value.to_string());
        Note::info(format!(
            "{} {} on {} changed from {} to {} as {}",
            self.asset,
            self.what,
            self.date,
            value(self.old),
            value(self.new),
            self.kind.as_str()
        ))
    }
}

/// Applies a policy to the rows of a verdict.
fn fix(panel: &mut Panel, verdict: &Verdict, policy: Policy) -> Vec<Change> {
    let Panel { dates, columns, .. } = panel;
    let (column, rows) = (&mut columns[verdict.column], verdict.rows.clone());
    if let Policy::Winsorize { limit } = policy {
        return winsorize(column, dates, rows.start, limit).into_iter().collect();
    }
    let before = column.prices[rows.clone()].to_vec();
    column.prices[rows.clone()].fill(None);
    match policy {
        Policy::ForwardFill { limit_days } => {
            forward_fill(&mut column.prices, rows.clone(), limit_days as usize);
        }
        Policy::Interpolate => interpolate(&mut column.prices, rows.clone()),
        _ => {}
    }
    differences(column, dates, (rows.start, &before), verdict.kind)
}

/// Fills the rows without a price between the first and the last one.
fn fill_gaps(column: &mut Column, dates: &[Date], policy: Policy) -> Vec<Change> {
    let first = column.prices.iter().position(Option::is_some);
    let last = column.prices.iter().rposition(Option::is_some);
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let before = column.prices.clone();
    match policy {
        Policy::ForwardFill { limit_days } => {
            forward_fill(&mut column.prices, first..last, limit_days as usize);
        }
        Policy::Interpolate => interpolate(&mut column.prices, first..last),
        _ => return Vec::new(),
    }
    differences(column, dates, (0, &before), Kind::Gap)
}

fn forward_fill(prices: &mut [Option<f64>], rows: std::ops::Range<usize>, limit_days: usize) {
    let mut used = 0;
    for row in rows {
        if prices[row].is_some() {
            used = 0;
        } else if let Some(before) = row.checked_sub(1) {
            used += 1;
            if used <= limit_days {
                prices[row] = prices[before];
            }
        }
    }
}

fn interpolate(prices: &mut [Option<f64>], rows: std::ops::Range<usize>) {
    for row in rows {
        let Some(before) = row.checked_sub(1).and_then(|before| prices[before]) else { continue };
        let next = (row + 1..prices.len()).find_map(|next| Some((next, prices[next]?)));
        let (None, Some((next, after))) = (prices[row], next) else { continue };
        let step = libm::log(after / before) / (next - row + 1) as f64;
        prices[row] = Some(before * libm::exp(step));
    }
}

/// Cuts the return of a row at `limit`, by scaling the prices from it on: those before it keep their
/// bits.
fn winsorize(column: &mut Column, dates: &[Date], row: usize, limit: f64) -> Option<Change> {
    let from = column.prices[..row].iter().rev().find_map(|price| *price)?;
    let old = column.prices[row]? / from - 1.0;
    let new = old.clamp(-limit, limit);
    if old == new {
        return None;
    }
    let scale = (1.0 + new) / (1.0 + old);
    for price in &mut column.prices[row..] {
        *price = price.map(|price| price * scale);
    }
    Some(Change {
        asset: column.ticker.clone(),
        date: dates[row],
        what: "return",
        kind: Kind::Jump,
        old: Some(old),
        new: Some(new),
    })
}

/// The prices that are no longer what they were from a row on.
fn differences(
    column: &Column,
    dates: &[Date],
    (first, before): (usize, &[Option<f64>]),
    kind: Kind,
) -> Vec<Change> {
    let pairs = (first..).zip(before).filter(|(row, old)| **old != column.prices[*row]);
    let change = |(row, old): (usize, &Option<f64>)| Change {
        asset: column.ticker.clone(),
        date: dates[row],
        what: "price",
        kind,
        old: *old,
        new: column.prices[row],
    };
    pairs.map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A price that moves a little every day, with what a test does to it.
    fn cleaned(
        change: impl Fn(&mut Vec<Option<f64>>),
        rules: &[(Kind, Policy)],
    ) -> (Panel, String) {
        let dates = walkfolio_core::calendar::sessions(
            Date::constant(2024, 1, 2),
            Date::constant(2024, 3, 28),
        );
        let wave = |row: usize| Some(100.0 + f64::from(u8::try_from(row * 7 % 5).unwrap()));
        let mut prices: Vec<Option<f64>> = (0..dates.len()).map(wave).collect();
        change(&mut prices);
        let column = Column::new(Ticker::new("XLE").unwrap(), prices);
        let panel = Panel::new("prices.csv", dates, vec![column]);
        let cleaned = clean(panel, &Cleaning::new(rules.iter().copied())).unwrap();
        let lines = cleaned.notes.iter().map(|note| note.message.as_str());
        (cleaned.panel, lines.collect::<Vec<&str>>().join("\n"))
    }

    #[test]
    fn a_price_is_dropped_and_the_hole_is_filled_from_the_past() {
        let fill = Policy::ForwardFill { limit_days: 2 };
        let rules = [(Kind::UnitError, Policy::Mask), (Kind::Gap, fill)];
        let (panel, notes) = cleaned(|prices| prices[30] = Some(10_000.0), &rules);
        assert_eq!(panel.columns[0].prices[30], panel.columns[0].prices[29]);
        insta::assert_snapshot!(notes, @"
        XLE is 100 times what it was, on 2024-02-14: a change of unit
        data cleaned: 1 price of 1 asset changed as unit_error, 1 price of 1 asset changed as gap
        XLE price on 2024-02-14 changed from 10000 to none as unit_error
        XLE price on 2024-02-14 changed from none to 103 as gap
        ");
    }

    #[test]
    fn a_fill_ends_at_its_limit() {
        let rules = [(Kind::Gap, Policy::ForwardFill { limit_days: 2 })];
        let (panel, _) = cleaned(|prices| prices[30..34].fill(None), &rules);
        let prices = &panel.columns[0].prices;
        assert_eq!(prices[30..34], [prices[29], prices[29], None, None]);
    }

    #[test]
    fn a_line_looks_ahead_and_says_so() {
        let (panel, notes) =
            cleaned(|prices| prices[30] = None, &[(Kind::Gap, Policy::Interpolate)]);
        let prices = &panel.columns[0].prices;
        let middle = (prices[29].unwrap() * prices[31].unwrap()).sqrt();
        assert!((prices[30].unwrap() - middle).abs() < 1e-9);
        assert!(
            notes.contains("clean.gap = interpolate: 1 price is changed by later rows"),
            "{notes}"
        );
    }

    #[test]
    fn a_jump_is_cut_and_other_returns_keep_their_size() {
        let up = |prices: &mut Vec<Option<f64>>| {
            for price in &mut prices[30..] {
                *price = price.map(|price| 1.6 * price);
            }
        };
        let (panel, notes) = cleaned(up, &[(Kind::Jump, Policy::Winsorize { limit: 0.25 })]);
        let prices = &panel.columns[0].prices;
        let returns = |row: usize| prices[row].unwrap() / prices[row - 1].unwrap() - 1.0;
        assert!((returns(30) - 0.25).abs() < 1e-12);
        assert!(returns(29).abs() < 0.05 && returns(31).abs() < 0.05);
        assert!(notes.contains("XLE return on 2024-02-14 changed from"), "{notes}");
    }

    #[test]
    fn only_days_without_volume_are_masked() {
        let dates: Vec<Date> = (2..8).map(|day| Date::constant(2024, 1, day)).collect();
        let prices = vec![Some(10.0), Some(10.5), Some(11.0), Some(10.5), Some(10.0), Some(10.5)];
        let mut column = Column::new(Ticker::new("XLE").unwrap(), prices);
        column.volumes = Some([5.0, 0.0, 5.0, 0.0, 0.0, 5.0].map(Some).to_vec());
        let panel = Panel::new("prices.csv", dates, vec![column]);
        let after = |policy: Policy| {
            let cleaning = Cleaning::new([(Kind::ZeroVolume, policy)]);
            clean(panel.clone(), &cleaning).unwrap().panel.columns[0].prices.clone()
        };
        assert_eq!(after(Policy::Mask), [Some(10.0), None, Some(11.0), None, None, Some(10.5)]);
        let filled = after(Policy::ForwardFill { limit_days: 1 });
        assert_eq!(filled, [Some(10.0), Some(10.0), Some(11.0), Some(11.0), None, Some(10.5)]);
    }

    #[test]
    fn a_finding_may_refuse_the_file() {
        let dates = vec![Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
        let column = Column::new(Ticker::new("XLE").unwrap(), vec![Some(1.0), Some(0.0)]);
        let panel = Panel::new("prices.csv", dates, vec![column]);
        let cleaning = Cleaning::new([(Kind::BadPrice, Policy::Fail)]);
        assert_eq!(clean(panel, &cleaning).unwrap_err().kind, Kind::BadPrice);
    }
}
