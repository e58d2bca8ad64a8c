//! Runs side by side.

use hyper::StatusCode;
use walkfolio::report::served::{Bar, Link, Notice, Said, encoded};
use walkfolio::report::{Side, compare_html};

use super::reply::{self, Reply};
use super::request::Asked;
use super::site::Site;
use super::{place, run, words};
use crate::compare::column::Column;
use crate::compare::names::name;
use crate::compare::unlike;
use crate::failure::Failure;

/// Runs of one comparison: each is read whole.
const MOST: usize = 24;

/// The page that `walkfolio compare --out` writes; runs on other data first say so.
pub fn page(site: &Site, asked: &Asked) -> Reply {
    let names: Vec<&str> = asked.values("run").collect();
    let made = read(site, &names).and_then(|columns| {
        let mut warnings = unlike::differences(&columns);
        if !warnings.is_empty() && asked.value("force").is_none() {
            return unlike_runs(&names, warnings);
        }
        warnings.extend(columns.iter().filter_map(Column::interrupted));
        let sides: Vec<Side<'_>> = columns
            .iter()
            .map(|column| Side { name: &column.name, place: &column.folder, run: &column.run })
            .collect();
        let bar = Bar { links: words::trail(), here: "Comparison".to_owned(), ..Bar::default() };
        let html = run::complete(compare_html(&sides, &warnings), &bar)?;
        Ok(reply::report(html.into()))
    });
    made.unwrap_or_else(|failure| reply::failed(StatusCode::CONFLICT, &failure))
}

/// Reads every run, and says of every folder what is wrong with it.
fn read(site: &Site, names: &[&str]) -> Result<Vec<Column>, Failure> {
    if names.len() < 2 || names.len() > MOST {
        let hint = format!("choose 2 to {MOST} runs in the table");
        let what = format!("a comparison is of two runs or more; {} chosen", names.len());
        return Err(Failure::plain(what, Some(hint)));
    }
    let read =
        |name: &&str| place::run(&site.folder, name).and_then(|path| Column::read(&path, None));
    let (mut columns, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        match read(name) {
            Ok(column) => columns.push(column),
            Err(failure) => failures.push(failure),
        }
    }
    if !failures.is_empty() {
        return Err(Failure::all(&failures));
    }
    name(&mut columns);
    for (column, name) in columns.iter_mut().zip(names) {
        (*name).clone_into(&mut column.folder);
    }
    Ok(columns)
}

/// Why the runs are not compared, and a link that does it all the same.
fn unlike_runs(names: &[&str], differences: Vec<String>) -> Result<Reply, Failure> {
    let said = differences.into_iter().map(|message| Said { message, hint: None });
    let runs: Vec<String> = names.iter().map(|name| format!("run={}", encoded(name))).collect();
    let all_the_same = format!("/compare?{}&force=yes", runs.join("&"));
    let notice = Notice {
        title: "Not alike",
        trail: &words::trail(),
        said: said.collect(),
        links: vec![Link::new(all_the_same, "Compare them all the same")],
        ..Notice::default()
    };
    let html = notice.html().map_err(|error| Failure::plain(error.to_string(), None))?;
    Ok(reply::page(StatusCode::CONFLICT, html))
}
