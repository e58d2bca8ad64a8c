//! The pages of one run.

use std::path::Path;

use hyper::StatusCode;
use walkfolio::report::served::{Bar, Fact, Link, Notice, Said, encoded, with_bar};
use walkfolio::{Kind, Manifest, Status, UnderWay, read_manifest, report};

use super::reply::{self, Reply};
use super::site::Site;
use super::{place, words};
use crate::failure::Failure;
use crate::folder;

/// The report of a run, made from its tables; of a run that has none yet, how far it has come or why it failed.
pub fn page(site: &Site, name: &str) -> Result<Reply, Failure> {
    let path = place::run(&site.folder, name)?;
    let manifest = match read_manifest(&path) {
        Ok(manifest) => manifest,
        Err(error) => return damaged(name, &error.into()),
    };
    if matches!(manifest.status, Status::Running | Status::Failed) {
        return unfinished(site, name, (&path, &manifest));
    }
    let made = site.kept(&path, "report", || {
        let (html, cells) = if manifest.kind == Kind::Grid {
            (report::grid_html(&*site.grid(&path)?), Some("cell/".to_owned()))
        } else {
            (report::html(&folder::backtest(&path)?), None)
        };
        let mut more = vec![Link::new("files", "Files")];
        if cells.is_some() {
            more.insert(0, Link::new("cells", "Table of its backtests"));
        }
        complete(html, &Bar { links: words::trail(), here: name.to_owned(), more, cells })
    });
    made.map_or_else(|failure| damaged(name, &failure), |html| Ok(reply::report(html)))
}

/// A report under a bar.
pub fn complete(html: report::Result<String>, bar: &Bar) -> Result<String, Failure> {
    html.and_then(|html| with_bar(&html, bar))
        .map_err(|error| Failure::plain(error.to_string(), None))
}

/// A run whose folder does not hold what it should.
fn damaged(name: &str, failure: &Failure) -> Result<Reply, Failure> {
    let said = failure.said().iter();
    let said = said.map(|(message, hint)| Said { message: message.clone(), hint: hint.clone() });
    let notice = Notice {
        title: name,
        trail: &words::trail(),
        status: Some("damaged"),
        said: said.collect(),
        links: vec![Link::new("files", "Files of its folder")],
        ..Notice::default()
    };
    shown(StatusCode::UNPROCESSABLE_ENTITY, &notice)
}

fn shown(status: StatusCode, notice: &Notice<'_>) -> Result<Reply, Failure> {
    let html = notice.html().map_err(|error| Failure::plain(error.to_string(), None))?;
    Ok(reply::page(status, html))
}

/// A run that is under way, was killed, or failed.
fn unfinished(
    site: &Site,
    name: &str,
    (path, manifest): (&Path, &Manifest),
) -> Result<Reply, Failure> {
    let under_way = UnderWay::read(path);
    let (status, note) = match &under_way {
        Some(run) => words::state(run),
        None => (manifest.status.as_str(), String::new()),
    };
    let said = match (&manifest.error, note.as_str()) {
        (Some(error), _) => vec![Said {
            message: error.clone(),
            hint: Some("fix its study and run it again".to_owned()),
        }],
        (None, "") => Vec::new(),
        (None, note) => vec![Said { message: note.to_owned(), hint: None }],
    };
    let notice = Notice {
        title: name,
        trail: &words::trail(),
        status: Some(status),
        said,
        progress: under_way.as_ref().and_then(words::progress),
        version: Some(site.live()?.version()),
        facts: facts(manifest),
        links: vec![Link::new("files", "Files of its folder")],
    };
    shown(StatusCode::OK, &notice)
}

fn facts(manifest: &Manifest) -> Vec<Fact> {
    let mut facts = vec![
        Fact { name: "Study", text: manifest.study.clone() },
        Fact {
            name: "Began",
            text: manifest.started.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        },
        Fact { name: "Data", text: manifest.data_label() },
    ];
    if let Some(benchmark) = &manifest.benchmark {
        facts.push(Fact { name: "Benchmark", text: benchmark.clone() });
    }
    facts.push(Fact { name: "Version", text: format!("walkfolio {}", manifest.version) });
    facts
}

/// The files of a run, to be saved.
pub fn files(site: &Site, name: &str) -> Result<Reply, Failure> {
    let path = place::run(&site.folder, name)?;
    let link = |(file, bytes): &(String, u64)| {
        Link::new(format!("file/{}", encoded(file)), format!("{file}, {}", size(*bytes)))
    };
    let mut trail = words::trail();
    trail.push(Link::new(words::address(name, ""), name));
    let notice = Notice {
        title: "Files",
        trail: &trail,
        links: place::files(&path).iter().map(link).collect(),
        ..Notice::default()
    };
    shown(StatusCode::OK, &notice)
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{} KB", bytes / 1000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// One of them. It is saved and never shown: a page that somebody else has written may hold any script.
pub fn file(site: &Site, name: &str, file: &str) -> Result<Reply, Failure> {
    let path = place::run(&site.folder, name)?;
    Ok(reply::file(file, place::file(&path, file)?))
}
