//! Which page an address is.

use hyper::StatusCode;
use hyper::http::request::Parts;
use serde_json::json;
use walkfolio::UnderWay;
use walkfolio::report::served::{self, Said};

use super::reply::{Reply, failed, moved, refused, text};
use super::request::{Asked, read};
use super::site::Site;
use super::{cells, run, sides, table, words};
use crate::failure::Failure;

/// Answers a request.
pub fn answer(site: &Site, head: &Parts) -> Reply {
    match read(head, &site.hosts) {
        Ok(asked) => page(site, &asked),
        Err((status, message)) => refused(status, vec![Said { message, hint: None }]),
    }
}

fn page(site: &Site, asked: &Asked) -> Reply {
    let parts: Vec<&str> = asked.path.iter().map(String::as_str).collect();
    let made = match parts.as_slice() {
        [""] => return table::page(site, asked),
        ["style.css"] => Ok(text("text/css; charset=utf-8", served::style())),
        ["served.js"] => Ok(text("text/javascript; charset=utf-8", served::SCRIPT)),
        ["state"] => state(site),
        ["compare"] => return sides::page(site, asked),
        ["run", name] => Ok(moved(&words::address(name, ""))),
        ["run", name, ""] => run::page(site, name),
        ["run", name, "cells"] => cells::table(site, name, asked),
        ["run", name, "cell", number] => cells::page(site, name, number),
        ["run", name, "files"] => run::files(site, name),
        ["run", name, "file", file] => run::file(site, name, file),
        _ => Err(Failure::plain("there is no such page".to_owned(), None)),
    };
    made.unwrap_or_else(|failure| failed(StatusCode::NOT_FOUND, &failure))
}

/// What changes while a page is open.
fn state(site: &Site) -> Result<Reply, Failure> {
    let version = site.live()?.version();
    let running: Vec<_> = UnderWay::in_folder(&site.folder)?
        .iter()
        .filter_map(|run| Some((&run.folder, words::progress(run)?)))
        .map(|(name, at)| {
            json!({ "name": name, "done": at.done, "total": at.total, "text": at.text })
        })
        .collect();
    let state = json!({ "version": version, "running": running });
    Ok(text("application/json", state.to_string()))
}
