//! A line of links above a page that is complete in itself.

use serde_json::json;

use super::link::Link;
use crate::Result;
use crate::template::part;

/// What a server adds to a report.
#[derive(Debug, Clone, Default)]
pub struct Bar {
    /// The way back, from the outermost in.
    pub links: Vec<Link>,
    /// What the page itself is called.
    pub here: String,
    /// What else there is of it.
    pub more: Vec<Link>,
    /// Where the backtests of a grid are, with their number behind it: `cell/`.
    pub cells: Option<String>,
}

/// A report with a bar above it.
///
/// # Errors
/// As [`html`](crate::html()).
/// # Examples
/// ```
/// use walkfolio_report::served::{Bar, Link, with_bar};
///
/// let bar = Bar { links: vec![Link::new("/", "Runs")], here: "<mine>".to_owned(), ..Bar::default() };
/// let page = with_bar("<html><body>\n<p>text</p></body></html>", &bar)?;
/// assert!(page.contains("<a href=\"&#x2f;\">Runs</a>") && page.contains("&lt;mine&gt;"));
/// # Ok::<(), walkfolio_report::Error>(())
/// ```
pub fn with_bar(page: &str, bar: &Bar) -> Result<String> {
    let Bar { links, here, more, cells } = bar;
    let values = json!({ "links": links, "here": here, "more": more, "cells": cells });
    Ok(page.replacen("<body>", &part(include_str!("bar.html"), values)?, 1))
}
