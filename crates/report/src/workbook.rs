//! The workbook: weights, trades, returns, measures and ledger as sheets with native dates, formats,
//! frozen headings and charts.
//!
//! Numbers are those of the run's tables to the last bit. Text is only ever written as text, so that
//! no name or note becomes a formula. There is no clock in the bytes.

mod account;
mod charts;
mod frontier;
mod regimes;
mod robustness;
mod sheet;
mod sources;
mod validation;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use walkfolio_analysis::axes::Axes;
use walkfolio_analysis::measure::definition;
use walkfolio_analysis::part::words;
use walkfolio_analysis::solves::relative_gap;
use walkfolio_analysis::{Definition, Unit, definitions};
use walkfolio_analysis::{Findings, GridFindings};
use walkfolio_record::{GridRun, LedgerRow, Manifest, MeasureTable, Run};

use crate::Result;
use crate::grid;
use crate::head::{facts, size};
use crate::summary::Summary;
use sheet::{ASSETS, Kind, ROWS, Sheet};

/// Assets of a chart of weights; more could not be told apart.
const STACKED: usize = 20;

/// The workbook of a backtest: the overview and the charts print on a page each.
pub(crate) fn of_run(summary: &Summary<'_>) -> Result<Vec<u8>> {
    let run = summary.run;
    let mut book = begin(&run.manifest)?;
    overview(&mut book, summary)?;
    drawn(&mut book, run)?;
    measures(&mut book, summary)?;
    returns(&mut book, run, summary.found)?;
    weights(&mut book, run)?;
    trades(&mut book, run)?;
    if let Some(own) = &run.account {
        account::sheet(&mut book, own)?;
    }
    if !run.frontier.is_empty() {
        frontier::sheet(&mut book, run)?;
    }
    if let Some(found) = &run.attribution {
        sources::sheets(&mut book, found)?;
    }
    if let Some(found) = &run.robustness {
        robustness::sheets(&mut book, found)?;
    }
    if let Some(found) = &summary.found.regimes {
        regimes::by_state(&mut book, found)?;
        regimes::by_session(&mut book, run)?;
    }
    ledger(&mut book, run.ledger.iter().map(|row| (None, row)))?;
    Ok(book.save_to_buffer()?)
}

/// The workbook of a grid: every measure of every backtest, and the ledger.
pub(crate) fn of_grid(found: &GridRun, figures: &GridFindings) -> Result<Vec<u8>> {
    let mut book = begin(&found.manifest)?;
    let mut sheet = Sheet::new(&mut book, "Overview")?;
    sheet.heading(&[("What", 22.0), ("", 90.0)])?;
    for (what, value) in facts(&found.manifest, grid::size(found)) {
        sheet.row().text(what)?.text(&value)?;
    }
    sheet.row().text("Assessment")?.text(&figures.assessment.label)?;
    let (first, others) = figures.assessment.sentences();
    for finding in std::iter::once(first).chain(others) {
        sheet.row().text("")?.text(&finding.text)?;
    }
    cells(&mut book, found)?;
    let bias = found.selection_bias.as_ref();
    if let Some(found) = bias.and_then(|bias| bias.cross_validation.as_ref()) {
        validation::sheet(&mut book, found)?;
    }
    let rows = found.ledger.iter().map(|(cell, row)| (*cell, row));
    ledger(&mut book, rows.filter(|(_, row)| row.kind != "solve"))?;
    Ok(book.save_to_buffer()?)
}

/// A workbook without a clock.
fn begin(manifest: &Manifest) -> Result<Workbook> {
    let mut book = Workbook::new();
    let properties = DocProperties::new()
        .set_title(&manifest.study)
        .set_subject(manifest.data_label())
        .set_comment(&manifest.hash)
        .set_author(format!("walkfolio {}", manifest.version))
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    book.set_properties(&properties);
    Ok(book)
}

/// The assessment, the five figures and what was run.
fn overview(book: &mut Workbook, summary: &Summary<'_>) -> Result<()> {
    let manifest = &summary.run.manifest;
    let mut sheet = Sheet::new(book, "Overview")?;
    sheet.heading(&[
        ("What", 40.0),
        ("Value", 16.0),
        ("95 % from", 12.0),
        ("95 % to", 12.0),
        ("Formula", 60.0),
    ])?;
    for (what, value) in facts(manifest, size(manifest)) {
        sheet.row().text(what)?.text(&value)?;
    }
    if let Some(simulated) = manifest.simulated() {
        sheet.row().text("SYNTHETIC DATA")?.text(simulated)?;
    }
    sheet.row();
    sheet.row().text("Assessment")?.text(&summary.found.assessment.label)?;
    let (first, others) = summary.found.assessment.sentences();
    for finding in std::iter::once(first).chain(others) {
        sheet.row().text("")?.text(&finding.text)?;
    }
    sheet.row();
    for card in &summary.cards {
        let unit = definition(card.key).map_or(Unit::Number, |found| found.unit);
        let value = summary.run.measures.full.get(card.key);
        sheet
            .row()
            .text(card.label)?
            .number(Kind::of(unit), value)?
            .number(Kind::of(unit), card.ends.map(|ends| ends.0))?
            .number(Kind::of(unit), card.ends.map(|ends| ends.1))?
            .text(&card.formula)?;
    }
    sheet.one_page();
    Ok(())
}

/// The charts on a page of their own, where they cover nothing.
fn drawn(book: &mut Workbook, run: &Run) -> Result<()> {
    let rows = run.returns.len();
    let mut all =
        vec![charts::growth(rows, run.manifest.benchmark.is_some()), charts::drawdown(rows)];
    let assets = run.manifest.assets.len();
    if assets <= STACKED && !run.decisions.is_empty() {
        let long_only = run.decisions.iter().all(|row| row.weight >= -1e-9);
        let decisions = run.decisions.chunk_by(|a, b| a.date == b.date).count();
        all.push(charts::weights(decisions, assets, long_only));
    }
    let mut sheet = Sheet::new(book, "Charts")?;
    sheet.charts(&all)
}

/// Every measure of every period, of the run, without costs and of the benchmark.
fn measures(book: &mut Workbook, summary: &Summary<'_>) -> Result<()> {
    let mut columns: Vec<(String, &MeasureTable)> = Vec::new();
    for period in &summary.found.periods {
        columns.push((period.name().to_owned(), &period.own));
        let free = period.without_costs.as_ref();
        columns.extend(free.map(|t| (format!("{}, gross of costs", period.name()), t)));
        let benchmark = period.benchmark.as_ref();
        columns.extend(benchmark.map(|t| (format!("{}, benchmark", period.name()), t)));
    }
    let mut sheet = Sheet::new(book, "Measures")?;
    let mut headings = vec![("Measure", 40.0), ("Key", 26.0)];
    headings.extend(columns.iter().map(|(name, _)| (name.as_str(), 16.0)));
    headings.extend([("Formula", 60.0), ("Source", 34.0)]);
    sheet.heading(&headings)?;
    for definition in definitions() {
        sheet.row().text(definition.label)?.text(definition.key)?;
        for (_, table) in &columns {
            sheet.number(Kind::of(definition.unit), table.get(definition.key))?;
        }
        let parts = columns.iter().filter_map(|(name, table)| {
            Some(format!("{name}: {}", words(table.sample(definition.key)?)))
        });
        let mut formula = definition.formula_for(summary.found.periods_per_year);
        formula.extend(parts.map(|part| format!("; {part}")));
        sheet.text(&formula)?.text(definition.source)?;
    }
    sheet.freeze(1, 2)
}

/// A row a session, with growth and drawdown for the charts.
fn returns(book: &mut Workbook, run: &Run, found: &Findings) -> Result<()> {
    let mut sheet = Sheet::new(book, "Returns")?;
    sheet.heading(&[
        ("Date", 12.0),
        ("Portfolio", 11.0),
        ("Gross", 11.0),
        ("Benchmark", 11.0),
        ("Cash", 11.0),
        ("Turnover", 11.0),
        ("Cost", 11.0),
        ("Growth of 100", 14.0),
        ("Benchmark of 100", 16.0),
        ("Drawdown", 11.0),
    ])?;
    let benchmark = found.growth.benchmark.as_ref();
    for (at, row) in run.returns.iter().enumerate().take(ROWS) {
        sheet.row().date(row.date)?.number(Kind::Fine, Some(row.portfolio))?;
        for value in [Some(row.gross), row.benchmark, row.cash, Some(row.turnover), Some(row.cost)]
        {
            sheet.number(Kind::Fine, value)?;
        }
        sheet.number(Kind::Number, found.growth.portfolio.value[at])?;
        sheet.number(Kind::Number, benchmark.and_then(|growth| growth.value[at]))?;
        sheet.number(Kind::Percent, found.growth.portfolio.drawdown[at])?;
    }
    sheet.filter()?;
    sheet.freeze(1, 1)
}

/// A row a decision, a column an asset.
fn weights(book: &mut Workbook, run: &Run) -> Result<()> {
    let assets: Vec<&str> = run.manifest.assets.iter().take(ASSETS).map(String::as_str).collect();
    let mut sheet = Sheet::new(book, "Weights")?;
    let headings: Vec<(&str, f64)> =
        [("Date", 12.0)].into_iter().chain(assets.iter().map(|asset| (*asset, 9.0))).collect();
    sheet.heading(&headings)?;
    for rows in run.decisions.chunk_by(|a, b| a.date == b.date).take(ROWS) {
        sheet.row().date(rows[0].date)?;
        for (place, asset) in assets.iter().enumerate() {
            let at = rows.get(place).filter(|row| row.asset == *asset);
            let row = at.or_else(|| rows.iter().find(|row| row.asset == *asset));
            sheet.number(Kind::Percent, row.map(|row| row.weight))?;
        }
    }
    sheet.freeze(1, 1)
}

/// A row for each asset that a decision traded.
fn trades(book: &mut Workbook, run: &Run) -> Result<()> {
    let mut sheet = Sheet::new(book, "Trades")?;
    sheet.heading(&[
        ("Date", 12.0),
        ("Traded", 12.0),
        ("Asset", 14.0),
        ("Before", 11.0),
        ("After", 11.0),
        ("Trade", 11.0),
    ])?;
    let traded = run.decisions.iter().filter(|row| row.weight != row.drifted);
    for row in traded.take(ROWS) {
        sheet.row().date(row.date)?.date(row.traded)?.text(&row.asset)?;
        for value in [row.drifted, row.weight, row.weight - row.drifted] {
            sheet.number(Kind::Percent, Some(value))?;
        }
    }
    sheet.filter()?;
    sheet.freeze(1, 1)
}

/// The events; of a grid with the backtest that each belongs to.
fn ledger<'a>(
    book: &mut Workbook,
    rows: impl Iterator<Item = (Option<usize>, &'a LedgerRow)>,
) -> Result<()> {
    let mut sheet = Sheet::new(book, "Ledger")?;
    sheet.heading(&[
        ("Date", 12.0),
        ("Backtest", 10.0),
        ("Kind", 10.0),
        ("Message", 90.0),
        ("Solver", 12.0),
        ("Status", 12.0),
        ("Objective", 14.0),
        ("Bound", 14.0),
        ("Relative gap", 12.0),
    ])?;
    for (cell, row) in rows.take(ROWS) {
        sheet.row();
        match row.date {
            Some(date) => sheet.date(date)?,
            None => sheet.text("whole run")?,
        };
        sheet.number(Kind::Count, cell.map(|cell| (cell + 1) as f64))?.text(&row.kind)?;
        sheet.text(&row.message)?;
        sheet.text(row.solver.as_deref().unwrap_or(""))?;
        sheet.text(row.status.as_deref().unwrap_or(""))?;
        sheet.number(Kind::General, row.objective)?.number(Kind::General, row.bound)?;
        sheet.number(Kind::Small, relative_gap(row))?;
    }
    sheet.filter()?;
    sheet.freeze(1, 0)
}

/// A row a backtest: its settings, how it ended, and every measure of every period.
fn cells(book: &mut Workbook, found: &GridRun) -> Result<()> {
    let axes = Axes::of(found);
    let keys = found.measure_keys();
    let unit = |key: &String| {
        let own = key.rsplit('.').next().unwrap_or(key);
        definition(own).map_or(Unit::Number, |found: &Definition| found.unit)
    };
    let mut sheet = Sheet::new(book, "Backtests")?;
    let mut headings: Vec<(&str, f64)> = vec![("Backtest", 10.0)];
    headings.extend(found.keys.iter().map(|key| (key.as_str(), 18.0)));
    headings.extend([("status", 10.0), ("message", 20.0), ("first decision", 14.0)]);
    headings.extend(keys.iter().take(ASSETS).map(|key| (key.as_str(), 14.0)));
    sheet.heading(&headings)?;
    for (index, cell) in found.cells.iter().enumerate().take(ROWS) {
        sheet.row().number(Kind::Count, Some((index + 1) as f64))?;
        for (at, value) in cell.settings.iter().enumerate() {
            match value.as_f64() {
                Some(number) => sheet.number(Kind::General, Some(number))?,
                None => sheet.text(&axes.keys[at].values[axes.cells[index][at]])?,
            };
        }
        sheet.text(cell.status.as_str())?.text(cell.message.as_deref().unwrap_or(""))?;
        match cell.first {
            Some(date) => sheet.date(date)?,
            None => sheet.text("")?,
        };
        for key in keys.iter().take(ASSETS) {
            sheet.number(Kind::of(unit(key)), cell.measure(key))?;
        }
    }
    sheet.filter()?;
    sheet.freeze(1, 1 + found.keys.len())
}
