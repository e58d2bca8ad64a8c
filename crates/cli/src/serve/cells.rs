//! The backtests of a grid: their table, and the tear sheet of one.

use hyper::StatusCode;
use serde_json::Value;
use walkfolio::analysis::format::measure;
use walkfolio::catalogue::{Catalogue, Entry, FilterError, Listed, Query};
use walkfolio::report::served::{Bar, Column, Link, Row, Table};
use walkfolio::report::tearsheet_html;
use walkfolio::{Cell, CellStatus, Findings, GridRun, StoreError, Swept, cell_run};

use super::reply::{self, Reply};
use super::request::Asked;
use super::site::Site;
use super::table::{column, filter, query, shown_rows};
use super::{place, run, words};
use crate::failure::Failure;
use crate::runs::{shown, unit};

/// What a cell is numbered by.
const CELL: &str = "cell";

/// The table of a grid's backtests, in the language of the table of runs: swept keys with numbers are keys, too.
pub fn table(site: &Site, name: &str, asked: &Asked) -> Result<Reply, Failure> {
    let path = place::run(&site.folder, name)?;
    let grid = site.grid(&path)?;
    let catalogue = Catalogue::of(&entries(&grid))?;
    match catalogue.runs(&query(asked, Some(CELL))) {
        Ok(listed) => written(name, asked, (&grid, &listed), None)
            .map(|html| reply::page(StatusCode::OK, html)),
        Err(StoreError::Filter(fault)) => {
            let none = catalogue.runs(&Query { limit: Some(0), ..Query::default() })?;
            let html = written(name, asked, (&grid, &none), Some(&fault))?;
            Ok(reply::page(StatusCode::BAD_REQUEST, html))
        }
        Err(error) => Err(error.into()),
    }
}

/// A cell as a row of a catalogue.
fn entries(grid: &GridRun) -> Vec<Entry> {
    let manifest = &grid.manifest;
    let keys = grid.measure_keys();
    let entry = |(at, cell): (usize, &Cell)| {
        let measured = keys.iter().filter_map(|key| Some((key.clone(), cell.measure(key)?)));
        let swept = grid.keys.iter().zip(&cell.settings);
        let swept = swept.filter_map(|(key, value)| Some((key.clone(), value.as_f64()?)));
        let mut measures: Vec<(String, f64)> = measured.chain(swept).collect();
        measures.push((CELL.to_owned(), (at + 1) as f64));
        measures.sort_by(|a, b| a.0.cmp(&b.0));
        measures.dedup_by(|a, b| a.0 == b.0);
        Entry {
            folder: (at + 1).to_string(),
            study: manifest.study.clone(),
            status: cell.status.as_str().to_owned(),
            kind: "run".to_owned(),
            created: String::new(),
            version: manifest.version.clone(),
            study_hash: String::new(),
            data_hash: String::new(),
            vintage: None,
            synthetic: manifest.synthetic,
            first: cell.sessions.first().copied(),
            last: cell.sessions.last().copied(),
            cells: 1,
            decisions: None,
            measures,
        }
    };
    grid.cells.iter().enumerate().map(entry).collect()
}

fn written(
    name: &str,
    asked: &Asked,
    (grid, listed): (&GridRun, &Listed),
    fault: Option<&FilterError>,
) -> Result<String, Failure> {
    let setting = |key: &String| Column {
        key: listed.runs.iter().any(|cell| cell.measure(key).is_some()).then(|| key.clone()),
        label: key.clone(),
        title: format!("swept key {key}"),
        number: grid.cells.iter().all(|cell| setting(grid, cell, key).is_none_or(Value::is_number)),
    };
    let is_setting = |key: &String| key == CELL || grid.keys.contains(key);
    let measures: Vec<String> = shown(listed).into_iter().filter(|key| !is_setting(key)).collect();
    let mut columns: Vec<Column> = grid.keys.iter().map(setting).collect();
    columns.extend(measures.iter().map(|key| column(key)));
    let rows: Vec<Row> =
        listed.runs.iter().filter_map(|entry| row(grid, entry, &measures)).collect();
    let mut trail = words::trail();
    trail.push(Link::new(words::address(name, ""), name));
    let example = grid.keys.first().map(|key| format!("te < 8% and {key} <= 6"));
    let table = Table {
        title: "Backtests",
        place: &format!("{}, in {name}", grid.manifest.study),
        trail: &trail,
        filter: filter(asked, (listed, fault), example.as_deref().unwrap_or_default()),
        page: shown_rows(asked, (listed, fault)),
        columns: &columns,
        rows: &rows,
        chosen: false,
        version: None,
        empty: if fault.is_some() {
            "The filter cannot be understood."
        } else {
            "No backtest matches."
        },
    };
    table.html().map_err(|error| Failure::plain(error.to_string(), None))
}

/// The value of a swept key in a cell.
fn setting<'a>(grid: &GridRun, cell: &'a Cell, key: &str) -> Option<&'a Value> {
    grid.keys.iter().position(|known| known == key).and_then(|at| cell.settings.get(at))
}

fn row(grid: &GridRun, entry: &Entry, measures: &[String]) -> Option<Row> {
    let at = entry.folder.parse::<usize>().ok()?.checked_sub(1)?;
    let cell = grid.cells.get(at)?;
    let all = |key: usize| grid.cells.iter().filter_map(move |cell| cell.settings.get(key));
    let settings = cell.settings.iter().enumerate();
    let settings = settings.map(|(key, value)| Swept::label(value, &all(key).collect::<Vec<_>>()));
    let figures = measures.iter().map(|key| measure(unit(key), entry.measure(key)));
    Some(Row {
        name: entry.folder.clone(),
        href: cell.measures.as_ref().map_or_else(String::new, |_| format!("cell/{}", entry.folder)),
        status: cell.status.as_str().to_owned(),
        note: cell.message.clone().unwrap_or_default(),
        cells: settings.chain(figures).collect(),
        ..Row::default()
    })
}

/// The tear sheet of one backtest, from the returns and measures in the grid's folder.
pub fn page(site: &Site, name: &str, number: &str) -> Result<Reply, Failure> {
    let path = place::run(&site.folder, name)?;
    let wrong = || Failure::plain(format!("there is no cell `{number}`"), None);
    let cell: usize = number.parse().map_err(|_| wrong())?;
    let html = site.kept(&path, &format!("cell {cell}"), || {
        let grid = site.grid(&path)?;
        let found = cell_run(&grid, cell)?;
        let mut links = words::trail();
        links.push(Link::new(words::address(name, ""), name));
        links.push(Link::new(words::address(name, "cells"), "Table of its backtests"));
        let bar = Bar { links, here: heading(&grid, cell), ..Bar::default() };
        run::complete(tearsheet_html(&found, &Findings::of(&found)), &bar)
    })?;
    Ok(reply::report(html))
}

/// The number of a cell and its settings.
fn heading(grid: &GridRun, cell: usize) -> String {
    let found = &grid.cells[cell - 1];
    let settings = grid.keys.iter().zip(&found.settings);
    let settings: Vec<String> =
        settings.map(|(key, value)| format!("{key} {}", Swept::text(value))).collect();
    let ruined = if found.status == CellStatus::Ruined { ", wiped out" } else { "" };
    format!("Cell {cell}: {}{ruined}", settings.join(", "))
}
