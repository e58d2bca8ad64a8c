//! The table of runs.

use std::collections::BTreeMap;

use hyper::StatusCode;
use walkfolio::StoreError;
use walkfolio::UnderWay;
use walkfolio::analysis::format::{counted, measure};
use walkfolio::catalogue::{Entry, FilterError, Listed, LiveCatalogue, Query};
use walkfolio::measures::definitions;
use walkfolio::report::served::{Column, Filter, Page, Row, Table};

use super::reply::{self, Reply, failed};
use super::request::Asked;
use super::site::Site;
use super::words;
use crate::failure::Failure;
use crate::runs::{label, shown, unit};

/// Rows of a page.
const ROWS: usize = 200;
/// What the filter shows while it is empty.
const EXAMPLE: &str = "te < 8% and holdings <= 6";

/// The page; of a filter that cannot be understood without rows, but with what is wrong.
pub fn page(site: &Site, asked: &Asked) -> Reply {
    let made = site.live().and_then(|live| {
        let listed = live.runs(&query(asked, None));
        match listed {
            Ok(listed) => Ok((StatusCode::OK, table(site, asked, (&live, &listed), None)?)),
            Err(StoreError::Filter(fault)) => {
                let none = live.runs(&Query { limit: Some(0), ..Query::default() })?;
                let html = table(site, asked, (&live, &none), Some(&fault))?;
                Ok((StatusCode::BAD_REQUEST, html))
            }
            Err(error) => Err(error.into()),
        }
    });
    match made {
        Ok((status, html)) => reply::page(status, html),
        Err(failure) => failed(StatusCode::INTERNAL_SERVER_ERROR, &failure),
    }
}

/// What an address asks for.
pub fn query(asked: &Asked, order: Option<&str>) -> Query {
    Query {
        filter: asked.value("filter").map(str::to_owned),
        sort: asked.value("sort").or(order).map(str::to_owned),
        limit: Some(ROWS),
        skip: (number(asked) - 1) * ROWS,
    }
}

/// Which page is asked for, from 1 on.
fn number(asked: &Asked) -> usize {
    asked.value("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, 1_000_000)
}

/// Which rows a page shows of those that a filter leaves; of one that cannot be understood, none.
pub fn shown_rows(asked: &Asked, (listed, fault): (&Listed, Option<&FilterError>)) -> Page {
    Page {
        number: number(asked),
        rows: ROWS,
        matching: if fault.is_some() { 0 } else { listed.matching },
        total: listed.total,
    }
}

/// What was asked for, and what is wrong with it.
pub fn filter<'a>(
    asked: &'a Asked,
    (listed, fault): (&'a Listed, Option<&'a FilterError>),
    example: &'a str,
) -> Filter<'a> {
    let marked = |fault: &'a FilterError| {
        let (text, span) = (&fault.text, &fault.span);
        Some([text.get(..span.start)?, text.get(span.clone())?, text.get(span.end..)?])
    };
    Filter {
        filter: asked.value("filter").unwrap_or_default(),
        sort: asked.value("sort").unwrap_or_default(),
        sorted: listed.sorted.as_deref().unwrap_or_default(),
        example,
        fault: fault.and_then(marked),
        message: fault.map_or("", |fault| &fault.message),
        hint: fault.and_then(|fault| fault.hint.as_deref()),
    }
}

/// The column of a measure.
pub fn column(key: &str) -> Column {
    let last = key.rsplit('.').next().unwrap_or(key);
    let known = definitions().iter().find(|definition| definition.key == last);
    Column {
        key: Some(key.to_owned()),
        label: label(key),
        title: known.map_or_else(|| key.to_owned(), |known| format!("{} ({key})", known.label)),
        number: true,
    }
}

fn table(
    site: &Site,
    asked: &Asked,
    (live, listed): (&LiveCatalogue, &Listed),
    fault: Option<&FilterError>,
) -> Result<String, Failure> {
    let measures = shown(listed);
    let word = |key: &str, label: &str, title: &str| Column {
        key: Some(key.to_owned()),
        label: label.to_owned(),
        title: title.to_owned(),
        number: false,
    };
    let mut columns = vec![
        word("study", "study", "name of the study"),
        word("created", "created", "when it began (UTC)"),
        word("first", "period", "first and last session of the returns"),
    ];
    columns.extend(measures.iter().map(|key| column(key)));
    let under_way: BTreeMap<String, UnderWay> = UnderWay::in_folder(&site.folder)?
        .into_iter()
        .map(|run| (run.folder.clone(), run))
        .collect();
    let mut rows: Vec<Row> =
        listed.runs.iter().map(|entry| row(entry, &measures, &under_way)).collect();
    if asked.value("filter").is_none() && number(asked) == 1 {
        rows.extend(damaged(live));
    }
    let table = Table {
        title: "Runs",
        place: &site.shown,
        trail: &[],
        filter: filter(asked, (listed, fault), EXAMPLE),
        page: shown_rows(asked, (listed, fault)),
        columns: &columns,
        rows: &rows,
        chosen: true,
        version: Some(live.version()),
        empty: match (fault, listed.total) {
            (Some(_), _) => "The filter cannot be understood.",
            (None, 0) => "There are no runs yet: walkfolio run STUDY makes one.",
            (None, _) if listed.matching > 0 => "There is no such page.",
            (None, _) => "No run matches.",
        },
    };
    table.html().map_err(|error| Failure::plain(error.to_string(), None))
}

fn row(entry: &Entry, measures: &[String], under_way: &BTreeMap<String, UnderWay>) -> Row {
    let now = under_way.get(&entry.folder);
    let ended = entry.status != "running";
    let (status, note) = match now {
        Some(run) if !ended => words::state(run),
        Some(run) => (entry.status.as_str(), replacing(run)),
        None if entry.kind == "grid" && ended => {
            (entry.status.as_str(), counted(entry.cells, "backtest"))
        }
        None => (entry.status.as_str(), String::new()),
    };
    let day = entry.created.get(..16).unwrap_or(&entry.created).replace('T', " ");
    let period = entry.first.zip(entry.last);
    let period = period.map_or_else(String::new, |(first, last)| format!("{first} to {last}"));
    let figures = measures.iter().map(|key| measure(unit(key), entry.measure(key)));
    Row {
        name: entry.folder.clone(),
        href: words::address(&entry.folder, ""),
        comparable: entry.kind == "run" && ["complete", "interrupted"].contains(&status),
        status: status.to_owned(),
        note,
        progress: now.and_then(words::progress),
        cells: [entry.study.clone(), day, period].into_iter().chain(figures).collect(),
    }
}

/// What is said of a run whose replacement is being made.
fn replacing(run: &UnderWay) -> String {
    format!("its replacement is {}", words::state(run).0)
}

/// A row for each folder that cannot be read as a run.
fn damaged(live: &LiveCatalogue) -> Vec<Row> {
    let row = |found: walkfolio::catalogue::Unreadable| Row {
        href: words::address(&found.folder, "files"),
        name: found.folder,
        status: "damaged".to_owned(),
        note: found.reason,
        ..Row::default()
    };
    live.unreadable().into_iter().map(row).collect()
}
